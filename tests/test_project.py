"""What the project says of itself agrees: its packages, the Python versions that are tested, the commands of make."""

import re
import tomllib

import pytest
import yaml
from documents import PAGES, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
TEMPLATES = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))


def test_what_the_source_package_is_to_hold_is_there():
    named = PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert [path for path in named if not (ROOT / path.removeprefix("/")).exists()] == []


def test_the_workflow_tests_every_python_that_the_project_names():
    told = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"]))
    assert WORKFLOW["jobs"]["gate"]["strategy"]["matrix"]["python"] == told
    assert PROJECT["project"]["requires-python"] == f">={told[0]}"


def test_the_workflow_uses_the_action_on_the_samples():
    step = next(one for one in WORKFLOW["jobs"]["action"]["steps"] if one.get("uses") == "./")
    assert (ROOT / step["with"]["config"]).is_file()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_of_an_issue_is_as_the_form_wants_it(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    if path.stem == "config":
        assert form == {"blank_issues_enabled": True}
        return
    assert {"name", "description", "body"} <= set(form)
    assert all({"type", "id", "attributes"} <= set(one) for one in form["body"])


def test_every_hook_is_local_and_runs_what_setup_installs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [one["repo"] for one in hooks["repos"]] == ["local"]
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks["repos"][0]["hooks"])


def test_every_command_of_make_that_is_told_of_is_there():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"`make (\w+)`", PAGES["CONTRIBUTING.md"]))
    assert told <= targets
    assert targets == {"setup", "test", "check", "bench", "screens"}


def test_the_example_of_one_test_names_a_test_that_is_there():
    path, word = re.search(r"--no-cov (\S+) -k (\w+)`", PAGES["CONTRIBUTING.md"]).groups()
    assert word in (ROOT / path).read_text(encoding="utf-8")
