"""The pieces for pipelines: the GitHub action and the jobs that the guide to checks shows do what they promise."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from documents import PAGES, ROOT

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
JOBS = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGES["docs/guides/check.md"], re.DOTALL)]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SAMPLES = ROOT / "sample_data"


@pytest.fixture
def runner(tmp_path):
    """A machine with Python and xent on its path: runs a script and returns its status and output."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, words in (("python", ""), ("xent", " -m xentcli")):
        tool = folder / name
        tool.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)}{words} "$@"\n', encoding="utf-8")
        tool.chmod(0o755)

    def run(script, where, **more):
        env = {
            **os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
            "RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "output"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), **more,
        }  # fmt: skip
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=where,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def check_step(**inputs):
    """Return the script of the action's check and its environment, inputs filled in."""
    step = ACTION["runs"]["steps"][1]
    given = {name: one["default"] for name, one in ACTION["inputs"].items()} | inputs
    env = {
        name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: given[found.group(1)], text)
        for name, text in step["env"].items()
    }
    return step["run"], env


def outputs_of(folder):
    """Return what the last run told the runner."""
    return dict(line.split("=", 1) for line in (folder / "output").read_text(encoding="utf-8").splitlines())


def test_the_action_has_its_inputs_and_never_puts_one_into_a_script():
    assert {"predictions", "baseline", "config", "version"} <= set(ACTION["inputs"])
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]


def test_the_action_annotates_writes_the_summary_and_passes_the_verdict_on(runner, tmp_path):
    script, env = check_step(
        predictions=str(SAMPLES / "preds_next.parquet"),
        baseline=str(SAMPLES / "preds_main.parquet"),
        arguments="--min\naccuracy=0.99\n--max-regression\nloss=0",
    )
    done = runner(script, tmp_path, **env)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("failed: 1 of 2 checks")
    assert [line.split(",")[0] for line in done.stdout.splitlines() if line.startswith("::")] == [
        "::error title=xent%3A failed min accuracy::min accuracy: accuracy 0.9489 is below min 0.99"
    ]
    assert "min accuracy" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    outputs = outputs_of(tmp_path)
    assert json.loads(Path(outputs["report"]).read_text(encoding="utf-8"))["passed"] is False
    assert "<testsuites" in Path(outputs["junit"]).read_text(encoding="utf-8")


def test_the_action_goes_by_the_configuration_without_inputs(runner):
    script, env = check_step()
    done = runner(script, SAMPLES, **env)
    assert done.returncode == 0, done.stderr


def test_the_action_takes_inputs_as_data(runner, tmp_path):
    script, env = check_step(predictions="$(touch hacked); `touch hacked`", arguments="--min\naccuracy=0.9")
    done = runner(script, tmp_path, **env)
    assert done.returncode == 2
    assert "no such file" in done.stderr
    assert not (tmp_path / "hacked").exists()


def test_the_action_tells_of_an_error(runner, tmp_path):
    script, env = check_step(predictions="nowhere.parquet", arguments="--min\naccuracy=0.9")
    assert runner(script, tmp_path, **env).returncode == 2
    assert json.loads(Path(outputs_of(tmp_path)["report"]).read_text(encoding="utf-8"))["schema"] == "xent.error/1"


def test_two_uses_of_the_action_in_one_job_keep_their_reports_apart(runner, tmp_path):
    found = []
    for least, status in (("0.99", 1), ("0.5", 0)):
        script, env = check_step(predictions=str(SAMPLES / "preds_next.parquet"), arguments=f"--min\naccuracy={least}")
        assert runner(script, tmp_path, **env).returncode == status
        found.append(outputs_of(tmp_path))
    passed = [json.loads(Path(one["report"]).read_text(encoding="utf-8"))["passed"] for one in found]
    assert passed == [False, True]
    assert len({one["junit"] for one in found}) == 2


@pytest.mark.parametrize("name", ["typer", "numpy", "xentcli"])
def test_no_module_of_the_repository_stands_in_for_one_of_the_action(runner, tmp_path, name):
    (tmp_path / f"{name}.py").write_text("raise SystemExit(0)\n", encoding="utf-8")
    script, env = check_step(predictions=str(SAMPLES / "preds_next.parquet"), arguments="--min\naccuracy=0.99")
    done = runner(script, tmp_path, **env)
    assert done.returncode == 1, done.stderr


@pytest.mark.parametrize(
    ("text", "annotation"),
    [
        ("predictions = 'p.csv'\n\nlable = 'y'\n", "::error file=xent.toml,line=3,title=xent::"),
        ("predictions = 'p.csv'\nscale = 'logit'\n[checks.a]\nmetric = 'loss'\nmax = 1\n",
         "::error file=xent.toml,line=2,title=xent::xent.toml, line 2: scale 'logit' is none of "),
        ("predictions = 'nowhere.csv'\n[checks.a]\nmetric = 'loss'\nmax = 1\n",
         "::error file=nowhere.csv,title=xent::nowhere.csv: no such file%0A  named by predictions in xent.toml, line"),
    ],
)  # fmt: skip
def test_the_action_annotates_what_keeps_it_from_judging(runner, tmp_path, text, annotation):
    (tmp_path / "p.csv").write_text("label,p_a,p_b\na,0.6,0.4\nb,0.3,0.7\n", encoding="utf-8")
    (tmp_path / "xent.toml").write_text(text, encoding="utf-8")
    script, env = check_step()
    done = runner(script, tmp_path, **env)
    assert done.returncode == 2
    assert done.stdout.startswith(annotation)
    assert done.stdout.count("\n") == 1


def step_of_the_job_for_github():
    """Return the step of the guide's job that uses the action."""
    return next(step for step in JOBS[0]["jobs"]["model"]["steps"] if "xent" in step["uses"])


def test_the_job_for_github_uses_the_action_of_this_repository():
    home = PROJECT["urls"]["Repository"].removeprefix("https://github.com/")
    assert step_of_the_job_for_github()["uses"] == f"{home}@main"


def test_the_job_for_github_passes_with_the_models_of_the_samples(runner, tmp_path):
    inputs = step_of_the_job_for_github()["with"]
    assert set(inputs) <= set(ACTION["inputs"])
    for name, sample in (("predictions", "preds_next.parquet"), ("baseline", "preds_main.parquet")):
        given = tmp_path / inputs[name]
        given.parent.mkdir(parents=True)
        given.symlink_to(SAMPLES / sample)
    script, env = check_step(**inputs)
    done = runner(script, tmp_path, **env)
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.startswith("passed: 2 of 2 checks")


@pytest.mark.parametrize(("version", "wanted"), [("", "/the/action"), ("0.1.0", "xentcli==0.1.0")])
def test_the_action_installs_its_own_source_unless_a_version_is_named(runner, tmp_path, version, wanted):
    (tmp_path / "python.py").write_text("import sys; print(sys.argv[-1])\n", encoding="utf-8")
    script = ACTION["runs"]["steps"][0]["run"].replace("python -m pip", "python python.py")
    done = runner(script, tmp_path, VERSION=version, SOURCE="/the/action")
    assert done.stdout.strip() == wanted


def test_the_job_for_gitlab_writes_the_reports_that_it_names(runner, tmp_path):
    job = JOBS[1]["xent"]
    for one in SAMPLES.glob("preds_*.parquet"):
        (tmp_path / one.name).symlink_to(one)
    (tmp_path / "xent.toml").write_text((SAMPLES / "xent.toml").read_text(encoding="utf-8"), encoding="utf-8")
    done = runner(job["script"][1], tmp_path)
    assert done.returncode == 0, done.stderr
    reports = job["artifacts"]["reports"]
    assert "<testsuites" in (tmp_path / reports["junit"]).read_text(encoding="utf-8")
    assert json.loads((tmp_path / reports["codequality"]).read_text(encoding="utf-8"))
