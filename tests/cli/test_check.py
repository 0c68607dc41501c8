"""`xent check` as a pipeline sees it: its status, its streams, its files, its configuration."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from conftest import ROOT, validated
from two_models import decisions, predictions, saved, taken, without, worse

TOOL = [sys.executable, "-m", "xentcli", "check"]
A = predictions(1, rows=300)
GOOD = ("--min", "accuracy=0.1")
BAD = ("--min", "accuracy=0.99")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder of its own that holds a.csv and b.csv, and is the root of a repository."""
    (tmp_path / ".git").mkdir()
    saved(A, tmp_path / "a.csv")
    saved(predictions(2, rows=300), tmp_path / "b.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def checks(ran):
    """Return the checks of the one model of a JSON report."""
    (model,) = ran.document()["models"]
    return model["checks"]


# Statuses


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["a.csv", *GOOD], 0),
        (["a.csv", *BAD], 1),
        (["a.csv", *GOOD, *("--max", "loss=0.0001")], 1),
        (["a.csv", *BAD, "--exit-zero"], 0),
        (["a.csv", "--max-regression", "loss=0.5", "--baseline", "b.csv"], 0),
        (["a.csv", "--max-regression", "loss=0", "--baseline", "a.csv"], 0),
        (["a.csv"], 2),
        ([], 2),
        (GOOD, 2),
        (["nofile.csv", *GOOD], 2),
        (["nofile.csv", *GOOD, "--exit-zero"], 2),
        (["a.csv", *GOOD, "--baseline", "nofile.csv", "--max-regression", "loss=1"], 2),
        (["a.csv", *GOOD, "--baseline", "b.csv"], 2),
        (["a.csv", "--max-regression", "loss=1"], 2),
        (["a.csv", "--min", "accuracy"], 2),
        (["a.csv", "--min", "accuracy=high"], 2),
        (["a.csv", "--min", "acuracy=0.5"], 2),
        (["a.csv", "--max-regression", "ece=0.5", "--baseline", "b.csv"], 2),
        (["a.csv", *GOOD, "--mni", "loss=1"], 2),
        (["a.csv", *GOOD, "--model", "x"], 2),
        (["a.csv", *GOOD, "--task", "binray"], 2),
        (["a.csv", *GOOD, "-f", "yaml"], 2),
        (["a.csv", *GOOD, "-o", "pdf=x"], 2),
    ],
)
@pytest.mark.usefixtures("folder")
def test_the_status_says_what_came_of_it(xent, arguments, status):
    ran = xent("check", *arguments)
    assert ran.status == status, ran.err
    assert ran.err.startswith("error: ") == (status == 2)
    assert (ran.out == "") == (status == 2)


def test_the_process_ends_with_the_status(folder):
    for more, status in ((GOOD, 0), (BAD, 1), ((), 2)):
        ran = subprocess.run([*TOOL, "a.csv", *more], cwd=folder, env=environment(), check=False, capture_output=True)
        assert ran.returncode == status


def environment():
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


@pytest.mark.parametrize(
    ("how", "status"), [("", 0), ('inconclusive = "fail"', 1), ('inconclusive = "pass"', 0), ('level = "warn"', 0)]
)
def test_what_cannot_be_told_fails_only_if_it_is_to(xent, folder, how, status):
    text = f'predictions = "b.csv"\nbaseline = "a.csv"\n[checks.r]\nmetric = "loss"\nmax-regression = 0.0\n{how}\n'
    written(folder / "xent.toml", text)
    ran = xent("check", "-f", "json", isolated=False)
    assert ran.status == status
    (check,) = checks(ran)
    expected = {'inconclusive = "fail"': "failed", 'inconclusive = "pass"': "passed"}.get(how, "inconclusive")
    assert check["outcome"] == expected
    assert "300 paired rows resolve" in check["message"]


def test_a_limit_at_level_warn_does_not_fail(xent, folder):
    written(
        folder / "xent.toml", 'predictions = "a.csv"\n[checks.a]\nmetric = "accuracy"\nmin = 0.99\nlevel = "warn"\n'
    )
    ran = xent("check", "-f", "json", isolated=False)
    assert (ran.status, checks(ran)[0]["outcome"], ran.document()["passed"]) == (0, "warned", True)


def test_a_finding_at_level_error_fails_unless_it_is_ignored(xent, folder):
    rows = predictions(1, rows=300)
    rows["p_cat"][:3] = np.nan
    saved(rows, folder / "holes.csv")
    arguments = ("check", "holes.csv", *GOOD, "--skip-bad-rows", "-f", "json")
    ran = xent(*arguments)
    found = [one["code"] for one in ran.document()["models"][0]["findings"] if one["level"] == "error"]
    assert (ran.status, ran.document()["passed"], found) == (1, False, ["XE208"])
    ran = xent(*arguments, "--ignore", "XE208")
    assert (ran.status, ran.document()["passed"]) == (0, True)
    written(folder / "xent.toml", 'ignore = ["XE208"]\n')
    assert xent(*arguments, isolated=False).status == 0


def test_a_finding_that_no_check_asks_for_is_shown_where_it_fails(xent, folder):
    rows = predictions(1, rows=300)
    rows["p_cat"][:3] = np.nan
    saved(rows, folder / "holes.csv")
    ran = xent("check", "holes.csv", *GOOD, "--skip-bad-rows")
    assert ran.status == 1
    assert ran.out.startswith("failed")
    assert "XE208" in ran.out


# Inputs that cannot be judged


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({name: values[:0] for name, values in A.items()}, "rows"),
        (A | {"label": [None] * 300}, "label"),
    ],
)
def test_without_a_row_to_score_nothing_is_judged(xent, folder, columns, message):
    path = saved(columns, folder / "empty.parquet")
    ran = xent("check", path, *GOOD, "-o", "out.json", "-o", "out.xml")
    assert ran.status == 2
    assert message in ran.err
    assert validated(Path("out.json").read_text())["schema"] == "xent.error/1"
    assert ET.parse("out.xml").getroot().get("errors") == "1"  # noqa: S314  our own output


def test_every_report_that_was_asked_for_tells_of_the_error(xent, folder):
    old = {name: written(folder / name, "green") for name in ("r.json", "r.xml", "r.md", "r.txt", "gl", "gh")}
    ran = xent("check", "nofile.csv", *GOOD, "-f", "junit", *(word for name in ("r.json", "r.xml", "r.md", "r.txt",
               "gitlab=gl", "github=gh") for word in ("-o", name)))  # fmt: skip
    assert (ran.status, ran.out) == (2, "")
    for path in old.values():
        assert "nofile.csv" in path.read_text(), path
    assert json.loads((folder / "gl").read_text())[0]["severity"] == "blocker"
    assert (folder / "gh").read_text().startswith("::error")


def test_a_baseline_of_other_classes_is_no_baseline(xent, folder):
    saved(predictions(1, rows=300, classes=("cat", "dog", "fox")), folder / "fox.csv")
    ran = xent("check", "a.csv", "--baseline", "fox.csv", "--max-regression", "loss=1")
    assert ran.status == 2
    assert "a.csv: has other classes than fox.csv: 'fox' only in fox.csv; 'eel' only in a.csv" in ran.err


def test_a_baseline_of_another_length_is_not_paired_by_row(xent, folder):
    saved(without(predictions(1, rows=299), "id"), folder / "short.csv")
    saved(without(A, "id"), folder / "long.csv")
    ran = xent("check", "long.csv", "--baseline", "short.csv", "--max-regression", "loss=1")
    assert ran.status == 2
    assert "long.csv: has 300 rows, but short.csv has 299" in ran.err
    assert "--id COLUMN" in ran.err


def test_pairing_by_row_is_said(xent, folder):
    saved(without(A, "id"), folder / "bare.csv")
    ran = xent("check", "bare.csv", "--baseline", "bare.csv", "--max-regression", "loss=0")
    assert ran.status == 0
    assert re.search(r"paired +by row\n", ran.out)


def test_stdin_is_read_once(xent, folder, monkeypatch):
    del folder, monkeypatch
    ran = xent("check", "-", "--baseline", "-", "--max-regression", "loss=1")
    assert (ran.status, ran.err.splitlines()[0]) == (2, "error: stdin (-) can be read once")
    ran = xent("check", "a.csv", "--baseline", "b.csv", "--labels", "-", "--max-regression", "loss=1")
    assert (ran.status, ran.err.splitlines()[0]) == (2, "error: stdin (-) can be read once")


@pytest.mark.parametrize("which", ["predictions", "baseline"])
def test_either_side_may_come_from_stdin(folder, which):
    named = ["-", "--baseline", "a.csv"] if which == "predictions" else ["b.csv", "--baseline", "-"]
    text = (folder / ("b.csv" if which == "predictions" else "a.csv")).read_bytes()
    command = [*TOOL, *named, "--max-regression", "loss=0.5", "--input-format", "csv", "-f", "json"]
    ran = subprocess.run(command, input=text, cwd=folder, env=environment(), check=False, capture_output=True)
    assert (ran.returncode, ran.stderr) == (0, b"")
    (model,) = validated(ran.stdout.decode())["models"]
    assert model["pairing"] == "paired by the column id, which both have"


# Streams


@pytest.mark.parametrize("form", ["full", "concise", "json", "markdown", "junit", "github", "gitlab"])
@pytest.mark.parametrize(("limit", "status"), [(GOOD, 0), (BAD, 1)])
def test_a_reader_that_goes_away_does_not_change_the_verdict(folder, form, limit, status):
    script = '"$@" | head -c 1 >/dev/null; echo "${PIPESTATUS[0]}"'
    command = ["bash", "-c", script, "bash", *TOOL, "a.csv", *limit, "-f", form]
    ran = subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == (f"{status}\n", "")


@pytest.mark.parametrize(("limit", "status"), [(GOOD, 0), (BAD, 1)])
def test_a_closed_stdout_does_not_change_the_verdict(folder, limit, status):
    command = ["bash", "-c", 'exec "$@" >&-', "bash", *TOOL, "a.csv", *limit, "-o", "out.json"]
    ran = subprocess.run(command, cwd=folder, env=environment(), check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (status, "")
    assert validated((folder / "out.json").read_text())["passed"] == (status == 0)


def test_several_reports_are_written_at_once(xent, folder):
    names = ("r.json", "r.xml", "r.md", "r.txt", "concise=c", "github=gh", "gitlab=gl")
    ran = xent("check", "a.csv", *BAD, "-f", "concise", *(word for name in names for word in ("-o", name)))
    assert ran.status == 1
    assert ran.out == (folder / "c").read_text()
    assert validated((folder / "r.json").read_text())["passed"] is False
    assert ET.parse("r.xml").getroot().get("failures") == "1"  # noqa: S314  our own output
    assert len(json.loads((folder / "gl").read_text())) == 1
    assert (folder / "gh").read_text().startswith("::")
    assert "min accuracy" in (folder / "r.md").read_text()
    assert "min accuracy" in (folder / "r.txt").read_text()


@pytest.mark.parametrize("over", ["a.csv", "b.csv", "xent.toml"])
@pytest.mark.parametrize("by", ["flags", "file"])
def test_no_report_is_written_over_what_is_read(xent, folder, over, by):
    text = 'predictions = "a.csv"\nbaseline = "b.csv"\n[checks.l]\nmetric = "loss"\nmax-regression = 1\n'
    written(folder / "xent.toml", text)
    before = {name: (folder / name).read_text() for name in ("a.csv", "b.csv", "xent.toml")}
    named = ["a.csv", "--baseline", "b.csv"] if by == "flags" else []
    ran = xent("check", *named, "-o", over, "-o", "b.csv", "-o", "r.json", isolated=False)
    assert (ran.status, ran.err.splitlines()[0]) == (2, f"error: -o {over} would overwrite an input")
    assert {name: (folder / name).read_text() for name in before} == before
    assert validated((folder / "r.json").read_text())["error"]["kind"] == "OverwriteError"


# Configuration


def test_the_closest_file_upwards_judges_and_paths_are_relative_to_it(xent, folder, monkeypatch):
    written(folder / "xent.toml", 'predictions = "a.csv"\n[checks.a]\nmetric = "accuracy"\nmin = 0.99\n')
    deep = folder / "src" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    ran = xent("check", "-f", "json", isolated=False)
    assert ran.status == 1
    document = ran.document()
    assert Path(document["config"]).resolve() == folder / "xent.toml"
    (check,) = document["models"][0]["checks"]
    assert check["place"]["line"] == 4
    written(folder / "src" / "xent.toml", 'predictions = "../b.csv"\n[checks.a]\nmetric = "accuracy"\nmin = 0.1\n')
    ran = xent("check", "-f", "json", isolated=False)
    assert ran.status == 0
    assert Path(ran.document()["models"][0]["score"]["source"]["path"]).resolve() == folder / "b.csv"


def test_a_table_of_pyproject_judges_likewise(xent, folder):
    text = '[tool.xent]\npredictions = "a.csv"\n[tool.xent.checks.a]\nmetric = "loss"\nmax = 0.1\n'
    written(folder / "pyproject.toml", text)
    ran = xent("check", "-f", "json", isolated=False)
    assert (ran.status, checks(ran)[0]["place"]) == (1, {"path": "pyproject.toml", "line": 5})
    assert xent("check", "a.csv").status == 2  # isolated: nothing is checked


def test_config_names_the_file(xent, folder):
    other = written(
        folder / "ci" / "strict.toml", 'predictions = "../a.csv"\nchecks.a = { metric = "loss", max = 0.0 }\n'
    )
    assert xent("check", "--config", other, isolated=False).status == 1
    ran = xent("check", "--config", other)
    assert (ran.status, ran.err.splitlines()[0]) == (2, "error: --config and --isolated contradict each other")
    assert xent("check", "--config", "nofile.toml", isolated=False).status == 2


def test_flags_come_before_the_file(xent, folder):
    written(folder / "xent.toml", 'predictions = "a.csv"\n[checks.a]\nmetric = "accuracy"\nmin = 0.99\n')
    ran = xent("check", *GOOD, "-f", "json", isolated=False)
    assert (ran.status, [one["name"] for one in checks(ran)]) == (0, ["a"])
    assert checks(ran)[0]["limit"] == {"min": 0.1}
    ran = xent("check", "b.csv", "--max", "loss=5", "-f", "json", isolated=False)
    assert [one["name"] for one in checks(ran)] == ["a", "max loss"]
    assert ran.document()["models"][0]["score"]["source"]["path"] == "b.csv"


def test_a_flag_changes_the_value_of_a_check_and_not_its_level_as_its_help_says(xent, folder):
    text = 'predictions = "a.csv"\n[checks.a]\nmetric = "loss"\nmax = 9\nlevel = "warn"\n'
    written(folder / "xent.toml", text)
    ran = xent("check", "--max", "loss=0.001", "-f", "json", isolated=False)
    (check,) = checks(ran)
    assert (ran.status, check["outcome"], check["limit"]) == (0, "warned", {"max": 0.001})
    helped = " ".join(xent("check", "--help", isolated=False).out.split())
    assert helped.count("A check of the file takes the value and keeps its level.") == 3


@pytest.mark.parametrize(
    ("text", "line", "help_"),
    [
        ('[checks.a]\nmetric = "acuracy"\nmin = 0.1', 2, "did you mean 'accuracy'?"),
        ('[checks.a]\nmetric = "recall"\nby = "class"\nmin = 0.1\noverrides = { ele = 0.2 }', 5, "did you mean 'eel'?"),
        ('[checks.a]\nmetric = "accuracy"\nmin = 0.1\nby = "lable"', 4, "did you mean 'label'?"),
        ('[checks.a]\nmetric = "accuracy"\nmni = 0.1', 3, "did you mean 'min'?"),
        ('[checks.a]\nmetric = "loss"\nmax-regression = 0.1', 3, "name one: --baseline FILE, or the key baseline"),
        ('[check.a]\nmetric = "loss"\nmax = 0.1', 1, "did you mean 'checks'?"),
    ],
)
def test_what_does_not_exist_is_told_with_its_line(xent, folder, text, line, help_):
    written(folder / "xent.toml", text + "\n")
    ran = xent("check", "a.csv", isolated=False)
    assert ran.status == 2
    assert ran.err.startswith(f"error: xent.toml, line {line}: ")
    assert help_ in ran.err


def test_an_unknown_code_is_told(xent, folder):
    del folder
    ran = xent("check", "a.csv", *GOOD, "--ignore", "XE999")
    assert (ran.status, "XE999" in ran.err) == (2, True)


MODELS = """
baseline = "a.csv"
checks.r = { metric = "loss", max-regression = 0.5 }
[models.small]
predictions = "a.csv"
[models.big]
predictions = "b.csv"
checks.a = { metric = "accuracy", min = 0.99 }
"""


def test_several_models_are_judged_and_one_that_fails_fails(xent, folder):
    written(folder / "xent.toml", MODELS)
    ran = xent("check", "-f", "json", isolated=False)
    document = ran.document()
    assert (ran.status, document["passed"]) == (1, False)
    assert [(one["name"], one["passed"], len(one["checks"])) for one in document["models"]] == [
        ("small", True, 1), ("big", False, 2),
    ]  # fmt: skip
    assert xent("check", "--model", "small", isolated=False).status == 0
    assert xent("check", "--model", "big", isolated=False).status == 1
    twice = xent("check", "--model", "big", "--model", "small", "--model", "big", "-f", "json", isolated=False)
    assert [one["name"] for one in twice.document()["models"]] == ["big", "small"]
    assert xent("check", "b.csv", "--model", "small", isolated=False).status == 0


def test_a_model_that_is_unknown_or_unclear_is_refused(xent, folder):
    written(folder / "xent.toml", MODELS)
    ran = xent("check", "--model", "smal", isolated=False)
    assert (ran.status, ran.err) == (2, "error: --model smal: there is no such model\nhelp: did you mean 'small'?\n")
    ran = xent("check", "b.csv", isolated=False)
    assert (ran.status, ran.err.splitlines()[0]) == (
        2, "error: files are named, and xent.toml has 2 models: small, big",
    )  # fmt: skip


def test_a_model_without_predictions_or_limits_is_refused(xent, folder):
    written(folder / "xent.toml", "[models.small]\nid = 'id'\nchecks.a = { metric = 'loss', max = 1 }\n")
    ran = xent("check", isolated=False)
    assert ran.status == 2
    assert "model 'small' has no predictions" in ran.err
    written(folder / "xent.toml", "[models.small]\npredictions = 'a.csv'\n")
    ran = xent("check", isolated=False)
    assert ran.err.splitlines()[0] == "error: nothing is checked of model 'small': there is no limit"


def test_limits_without_predictions_are_refused(xent, folder):
    written(folder / "xent.toml", "checks.a = { metric = 'loss', max = 1 }\n")
    ran = xent("check", isolated=False)
    assert (ran.status, ran.err.splitlines()[0]) == (2, "error: there are no predictions to check")


def test_groups_that_are_all_too_small_leave_nothing_to_check(xent, folder):
    written(folder / "xent.toml", "[checks.a]\nmetric = 'recall'\nby = 'class'\nmin = 0.1\nmin-count = 1000\n")
    ran = xent("check", "a.csv", isolated=False)
    assert (ran.status, ran.err.splitlines()[0]) == (
        2, "error: nothing is checked: every group has fewer rows than its min-count",
    )  # fmt: skip


# A first configuration


INPUTS = {
    "binary": predictions(1, classes=("no", "yes")),
    "multiclass": A,
    "decisions": decisions(A),
    "multilabel": {
        "y_x": np.arange(90) % 2, "y_z": np.arange(90) % 3 // 2,
        "p_x": np.linspace(0.1, 0.9, 90), "p_z": np.linspace(0.9, 0.2, 90),
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", INPUTS)
def test_the_first_configuration_is_kept_by_what_it_was_written_from(xent, folder, kind):
    saved(INPUTS[kind], folder / "out.parquet")
    ran = xent("check", "out.parquet", "--init")
    assert (ran.status, ran.out) == (0, "wrote xent.toml: limits where out.parquet stands today; xent check reads it\n")
    ran = xent("check", "-f", "json", isolated=False)
    assert ran.status == 0
    assert {one["outcome"] for one in checks(ran)} == {"passed"}
    assert {one["metric"] for one in checks(ran)} == {"accuracy"} | ({"loss"} if kind != "decisions" else set())


def test_the_first_configuration_overwrites_nothing(xent, folder):
    written(folder / "xent.toml", "# mine\n")
    ran = xent("check", "a.csv", "--init")
    assert (ran.status, ran.err.splitlines()[0]) == (2, "error: xent.toml is there already")
    assert (folder / "xent.toml").read_text() == "# mine\n"


def test_the_first_configuration_keeps_the_options_and_its_own_folder(xent, folder):
    saved({"id": A["id"], "label": A["label"]}, folder / "labels.csv")
    saved(without(A, "label"), folder / "scores.csv")
    (folder / "ci").mkdir()
    ran = xent("check", "scores.csv", "--labels", "labels.csv", "--confidence-level", "0.9", "--init",
               "--config", "ci/limits.toml", isolated=False)  # fmt: skip
    assert ran.status == 0
    held = tomllib.loads((folder / "ci" / "limits.toml").read_text())
    assert (held["predictions"], held["labels"], held["confidence-level"]) == ("../scores.csv", "../labels.csv", 0.9)
    assert xent("check", "--config", "ci/limits.toml", isolated=False).status == 0


@pytest.mark.parametrize(
    "more",
    [
        (),
        ("a.csv", *GOOD),
        ("a.csv", "--baseline", "b.csv"),
        ("a.csv", "-o", "x.json"),
        ("a.csv", "--show-config"),
        ("a.csv", "-f", "json"),
    ],
)
def test_the_first_configuration_takes_only_what_says_how_files_are_read(xent, folder, more):
    ran = xent("check", "--init", *more)
    assert ran.status == 2
    assert ran.err.startswith("error: --init writes limits from predictions")
    assert not (folder / "xent.toml").exists()


@pytest.mark.parametrize("name", ["pyproject.toml", "ci/pyproject.toml"])
def test_the_first_configuration_is_no_projects_file_whose_table_alone_would_be_read(xent, folder, name):
    (folder / "ci").mkdir()
    ran = xent("check", "a.csv", "--init", "--config", name, isolated=False)
    assert ran.status == 2
    assert ran.err.startswith(f"error: --init writes a whole file, and of {name} only the table [tool.xent]")
    assert f"help: let it write {name.replace('pyproject', 'xent')}, and " in ran.err
    assert not (folder / name).exists()


@pytest.mark.usefixtures("folder")
def test_the_first_configuration_that_cannot_be_written_is_told(xent):
    ran = xent("check", "a.csv", "--init", "--config", "no/xent.toml", isolated=False)
    told = "error: no/xent.toml: cannot be written: its folder does not exist"
    assert (ran.status, ran.err.splitlines()[0]) == (2, told)


# What holds


@pytest.mark.parametrize("form", ["full", "concise", "json", "markdown"])
def test_the_configuration_is_shown_with_where_each_value_came_from(xent, folder, form):
    written(folder / "xent.toml", 'predictions = "a.csv"\nthreshold = 0.4\n[checks.a]\nmetric = "loss"\nmax = 2\n')
    ran = xent("check", "--show-config", "--max", "loss=1", "--id", "id", "-f", form, isolated=False)
    assert ran.status == 0
    if form == "json":
        document = ran.document()
        (model,) = document["models"]
        held = {one["key"]: (one["value"], one["source"]) for one in model["values"]}
        assert (document["config"], model["name"]) == ("xent.toml", "default")
        assert held["predictions"] == ('["a.csv"]', "xent.toml:1")
        assert held["threshold"] == ("0.4", "xent.toml:2")
        assert held["id"] == ('"id"', "--id")
        assert held["checks.a.max"] == ("1.0", "--max")
        assert held["confidence-level"] == ("0.95", "default")
        assert held["baseline"] == (None, "default")
        return
    for part in ("xent.toml:1", "xent.toml:2", "--id", "--max", "default"):
        assert part in ran.out.replace("\\", "")
    if form == "concise":
        assert "threshold = 0.4  # xent.toml:2\n" in ran.out


@pytest.mark.parametrize("form", ["full", "concise", "markdown"])
def test_what_nobody_set_and_the_data_decide_is_shown_with_full_alone(xent, folder, form):
    written(folder / "xent.toml", 'label = "label"\n[checks.a]\nmetric = "loss"\nmax = 2\n')
    brief = xent("check", "a.csv", "--show-config", "-f", form, isolated=False).out
    whole = xent("check", "a.csv", "--show-config", "-f", form, "--full", isolated=False).out
    for part in ("predictions", "label", "threshold", "checks.a.max", "checks.a.level"):
        assert part in brief
    assert whole.count("by the data") == 19
    assert "half of the machine" in whole
    assert ("20 more keys that nobody set: --full shows them" in brief) == (form != "concise")
    assert "by the data" not in brief


def test_the_configuration_of_every_model_is_shown(xent, folder):
    written(folder / "xent.toml", MODELS)
    document = xent("check", "--show-config", "-f", "json", isolated=False).document()
    assert [one["name"] for one in document["models"]] == ["small", "big"]
    ran = xent("check", "--show-config", "-f", "concise", isolated=False)
    assert 'big: predictions = ["b.csv"]  # xent.toml:7\n' in ran.out


def test_without_a_file_the_defaults_are_shown(xent, folder):
    document = xent("check", "--show-config", "-f", "json", "-o", "shown.json").document()
    assert document["config"] is None
    assert validated((folder / "shown.json").read_text()) == document


@pytest.mark.parametrize("asked", [("-f", "junit"), ("-f", "gitlab"), ("-o", "x.xml"), ("-o", "github=x")])
def test_forms_of_verdicts_do_not_show_the_configuration(xent, folder, asked):
    ran = xent("check", "--show-config", *asked)
    assert (ran.status, ran.err.startswith("error: --show-config has no form ")) == (2, True)
    del folder


# Regressions


def regression(xent, folder, rows, **options):
    saved(predictions(1, rows=rows), folder / "before.csv")
    saved(predictions(2, rows=rows, **options), folder / "after.csv")
    return xent("check", "after.csv", "--baseline", "before.csv", "--max-regression", "loss=0.01", "-f", "json")


def test_a_real_regression_fails_with_many_rows(xent, folder):
    ran = regression(xent, folder, 6000, skill=0.8)
    (check,) = checks(ran)
    assert (ran.status, check["outcome"]) == (1, "failed")
    assert check["baseline"]["interval"][0] > 0.01


def test_the_same_regression_is_inconclusive_with_few_rows_and_says_what_they_resolve(xent, folder):
    ran = regression(xent, folder, 60, skill=0.8)
    (check,) = checks(ran)
    assert (ran.status, check["outcome"]) == (0, "inconclusive")
    assert f"resolve {check['baseline']['resolvable']:.4g} and cannot tell" in check["message"]
    assert "more than the margin 0.01" in check["message"]


@pytest.mark.parametrize("order", ["same", "another"])
def test_identical_files_pass_without_a_margin(xent, folder, order):
    other = A if order == "same" else taken(A, np.random.default_rng(1).permutation(300))
    saved(other, folder / "other.parquet")
    metrics = ("loss", "accuracy", "brier", "f1_macro")
    asked = [word for name in metrics for word in ("--max-regression", f"{name}=0")]
    ran = xent("check", "a.csv", "--baseline", "other.parquet", *asked, "-f", "json")
    assert ran.status == 0
    assert {one["outcome"] for one in checks(ran)} == {"passed"}
    assert ran.document()["models"][0]["pairing"] == "paired by the column id, which both have"


def test_a_share_of_the_baseline_is_a_margin(xent, folder):
    saved(worse(A, 0.5), folder / "worse.csv")
    for share, status in (("5%", 1), ("500%", 0)):
        ran = xent("check", "worse.csv", "--baseline", "a.csv", "--max-regression", f"loss={share}", "-f", "json")
        assert ran.status == status
        (check,) = checks(ran)
        assert check["limit"]["max_regression"] == pytest.approx(check["baseline"]["value"] * float(share[:-1]) / 100)


def test_a_stored_score_is_a_weaker_baseline(xent, folder):
    assert xent("score", "a.csv", "-f", "json", "-o", "before.json").status == 0
    ran = xent("check", "a.csv", "--baseline", "before.json", "--max-regression", "loss=0")
    assert ran.status == 0
    assert "inconclusive" in ran.out
    assert "not paired" in ran.out
    assert (folder / "before.json").exists()
