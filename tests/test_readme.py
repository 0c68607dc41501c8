"""The README shows what the tool prints, and names every option, command and format."""

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
from conftest import SCHEMAS

import xentcli
from xentcli.cli import main
from xentcli.cli.output import _SUFFIXES
from xentcli.errors import ExitStatus
from xentcli.files.pair import SUFFIX
from xentcli.metrics import METRICS, MULTICLASS
from xentcli.task.model import Role
from xentcli.views.github import MOST

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PLAIN = {
    "--all", "--color", "--config", "--confidence-level", "--debug", "--exit-zero", "--header", "--help",
    "--input-format", "--isolated", "--jobs", "--no-header", "--null-values", "--output", "--output-format",
    "--encoding", "--version",
}  # fmt: skip
"""Options whose one line of help says all there is."""

SCREENS = re.findall(r"```console\n\$ (.+?)\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("command", "screen"), SCREENS, ids=[command for command, _ in SCREENS])
def test_a_screen_is_what_the_command_prints(command, screen, capsys, monkeypatch, tmp_path):
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)[1:]
    assert main.main([*words, *([] if "--config" in words else ["--isolated"])]) == ExitStatus.OK
    assert capsys.readouterr().out.strip("\n") == screen.strip("\n")


def test_there_is_a_screen_of_each_main_command():
    assert [command.split()[1] for command, _ in SCREENS] == ["inspect", "score", "score", "encode", "compare", "check"]


def test_exactly_two_commands_install_and_run():
    commands = [line for line in README.splitlines() if line.startswith("python -m pip install ")]
    assert len(commands) == 2
    assert "xent score sample_data/" in commands[0]
    assert "pytest" in commands[1]


BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_python_example_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    block = next(one for one in BLOCKS if "xentcli.inspect" in one)
    exec(block, {})  # noqa: S102  the README's own example
    shown = capsys.readouterr().out
    assert shown.startswith("0.39")
    assert shown.rstrip().endswith("multiclass sparse_categorical_cross_entropy")


def test_the_example_of_a_test_passes_and_fails_with_a_limit_that_is_not_kept(monkeypatch):
    monkeypatch.chdir(ROOT)
    block = next(one for one in BLOCKS if "assert_scores" in one)
    held = {}
    exec(block, held)  # noqa: S102  likewise
    held["test_the_model_is_good_enough"]()
    exec(block.replace("0.92", "0.99"), held)  # noqa: S102  likewise
    with pytest.raises(AssertionError, match=r"failed min accuracy 0\.9489 < min 0\.99"):
        held["test_the_model_is_good_enough"]()


def test_the_configuration_that_it_shows_is_read_and_judges(tmp_path, monkeypatch, capsys):
    block = re.search(r"```toml\n(.*?)```", README, re.DOTALL).group(1)
    for name in ("main", "next"):
        (tmp_path / f"preds_{name}.parquet").symlink_to(ROOT / f"sample_data/preds_{name}.parquet")
    (tmp_path / "xent.toml").write_text(block, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main.main(["check", "-f", "concise"]) == ExitStatus.OK
    assert "passed no-regression" in capsys.readouterr().out


def words_between(first, last):
    """Return the words in backticks between two texts of the README."""
    return re.findall(r"`([^`]+)`", README.partition(first)[2].partition(last)[0])


def test_the_suffixes_of_reports_and_the_numbers_of_groups_are_those_there_are():
    assert sorted(words_between("The suffix tells its form:", "any other")) == sorted(_SUFFIXES)
    assert words_between("By a column there are", ";") == [key for key, one in METRICS.items() if one.by_column]
    assert words_between("; by class", ", of the labels") == [
        key for key, one in METRICS.items() if MULTICLASS in one.by_class
    ]
    assert f"shows at most {MOST} errors and {MOST} warnings" in README.replace("\n", " ")


def test_every_role_of_a_column_is_listed():
    listed = re.search(r"<!-- roles -->\n(.*?)<!-- /roles -->", README, re.DOTALL).group(1)
    assert re.findall(r"^\| `(\w+)` \|", listed, re.MULTILINE) == list(Role)


@pytest.mark.parametrize("document", ["score-1", "inspect-1"])
def test_the_columns_that_it_shows_are_as_the_schemas_say(document):
    shown = json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL).group(1))
    schema = SCHEMAS[document]["properties"]["columns"]
    assert len(shown["columns"]) == 4
    jsonschema.Draft202012Validator(schema).validate(shown["columns"])


def test_the_name_of_a_column_of_the_labels_that_both_files_have_is_as_it_says():
    assert f"`NAME{SUFFIX}`" in README


@pytest.mark.parametrize("status", list(ExitStatus))
def test_every_exit_status_is_listed(status):
    assert f"| {int(status)} |" in README


def test_the_version_is_that_of_the_changelog_and_the_project():
    assert f"## [{xentcli.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f'version = "{xentcli.__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["inspect", "score", "encode", "explain", "check", "compare"])
def test_every_option_of_a_command_is_in_the_readme_or_in_its_help_alone_for_good_reason(command, capsys):
    with pytest.raises(SystemExit):
        main.run([command, "--help"])
    listed = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
    assert listed - set(re.findall(r"--[a-z][a-z-]+", README)) <= PLAIN
