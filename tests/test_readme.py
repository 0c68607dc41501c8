"""The README and the pages of `docs/` show what the tool prints, and name every option, command and format."""

import json
import re
import shlex

import jsonschema
import numpy as np
import pytest
from conftest import SCHEMAS
from documents import ALL_TEXT, PAGES, ROOT, screen_of

import xentcli
from xentcli.cli import main
from xentcli.cli.output import _SUFFIXES
from xentcli.errors import ExitStatus
from xentcli.files.pair import SUFFIX
from xentcli.metrics import METRICS
from xentcli.task.model import Role
from xentcli.terms import Kind
from xentcli.views.github import MOST

README = PAGES["README.md"]
CHECK = PAGES["docs/guides/check.md"]
REFERENCE = PAGES["docs/reference.md"]
PLAIN = {"--help", "--version"}
"""Options whose one line of help says all there is."""

SCREENS = [
    (page, command, screen)
    for page, text in PAGES.items()
    for command, screen in re.findall(r"```console\n\$ (.+?)\n(.*?)```", text, re.DOTALL)
]
LEFT_OUT = "..."
"""A line that stands for any number of lines in a trimmed screen."""


def as_shown(screen):
    """Return a pattern of what a command prints that shows such a screen."""
    lines = screen.strip("\n").split("\n")
    return "".join("(?:.*\n)+?" if line == LEFT_OUT else f"{re.escape(line)}\n" for line in lines)


@pytest.mark.parametrize(
    ("page", "command", "screen"), SCREENS, ids=[f"{page}: {command}" for page, command, _ in SCREENS]
)
def test_a_screen_is_what_the_command_prints(page, command, screen, capsys, monkeypatch, tmp_path):
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)[1:]
    assert main.main([*words, *([] if "--config" in words else ["--isolated"])]) == ExitStatus.OK
    printed = capsys.readouterr().out.strip("\n")
    if LEFT_OUT not in screen.splitlines():
        assert printed == screen_of(page, command, screen, printed).strip("\n")
    else:
        assert re.fullmatch(as_shown(screen), f"{printed}\n"), printed


def test_there_is_a_whole_screen_of_each_main_command_in_the_guides():
    whole = [
        command.split()[1]
        for page, command, screen in SCREENS
        if page.startswith("docs/guides/") and LEFT_OUT not in screen.splitlines()
    ]
    assert set(whole) == {"inspect", "score", "encode", "compare", "check"}


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 125


def test_exactly_two_commands_install_and_run():
    commands = [line for line in README.splitlines() if line.startswith("python -m pip install ")]
    assert len(commands) == 2
    assert "xent score sample_data/" in commands[0]
    assert "pytest" in commands[1]


ASKED = re.findall(r"^\|.*\| `(xent .+)` \|$", README, re.MULTILINE)
STAND_FOR = {
    "labels.csv": "labels_names.csv",
    "preds.parquet": "preds_digits.parquet",
    "preds_soft.csv": "preds_soft.csv",
    "decisions.csv": "preds_decisions.csv",
    "y_pred.npy": "digits_y_pred.npy",
    "y_true.npy": "digits_y_true.npy",
    "main.parquet": "preds_main.parquet",
    "next.parquet": "preds_next.parquet",
}
"""The file of the samples that is put under each name of the table of tasks."""


@pytest.mark.parametrize("command", ASKED)
def test_a_command_of_the_table_of_tasks_runs(command, monkeypatch, tmp_path):
    for name, sample in STAND_FOR.items():
        (tmp_path / name).symlink_to(ROOT / "sample_data" / sample)
    if "--labels labels.csv" in command:
        labels = [f"{label}\n" for label in np.load(ROOT / "sample_data/digits_y_true.npy")]
        (tmp_path / "labels.csv").unlink()
        (tmp_path / "labels.csv").write_text("label\n" + "".join(labels), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main.main([*shlex.split(command)[1:], *([] if " explain " in command else ["--isolated"])]) == ExitStatus.OK


BLOCKS = [
    block for page in ("docs/library.md", "docs/guides/check.md")
    for block in re.findall(r"```python\n(.*?)```", PAGES[page], re.DOTALL)
]  # fmt: skip


def test_the_python_example_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    block = next(one for one in BLOCKS if "xentcli.inspect" in one)
    exec(block, {})  # noqa: S102  the page's own example
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


def test_the_configuration_that_is_shown_is_read_and_judges(tmp_path, monkeypatch, capsys):
    block = re.search(r"```toml\n(.*?)```", CHECK, re.DOTALL).group(1)
    for name in ("main", "next"):
        (tmp_path / f"preds_{name}.parquet").symlink_to(ROOT / f"sample_data/preds_{name}.parquet")
    (tmp_path / "xent.toml").write_text(block, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main.main(["check", "-f", "concise"]) == ExitStatus.OK
    assert "passed no-regression" in capsys.readouterr().out


def words_between(first, last):
    """Return the words in backticks between two texts of the guide to checks."""
    return re.findall(r"`([^`]+)`", CHECK.partition(first)[2].partition(last)[0])


def test_the_suffixes_of_reports_and_the_numbers_of_groups_are_those_there_are():
    assert sorted(words_between("The suffix tells its form:", "any other")) == sorted(_SUFFIXES)
    assert words_between("By a column there are", ";") == [key for key, one in METRICS.items() if one.by_column]
    assert words_between("; by class", ", of the labels") == [
        key for key, one in METRICS.items() if Kind.MULTICLASS in one.by_class
    ]
    assert f"shows at most {MOST} errors and {MOST} warnings" in CHECK.replace("\n", " ")


def test_every_role_of_a_column_is_listed():
    listed = re.search(r"<!-- roles -->\n(.*?)<!-- /roles -->", REFERENCE, re.DOTALL).group(1)
    assert re.findall(r"^\| `(\w+)` \|", listed, re.MULTILINE) == list(Role)


@pytest.mark.parametrize("document", ["score-1", "inspect-1"])
def test_the_columns_that_are_shown_are_as_the_schemas_say(document):
    shown = json.loads(re.search(r"```json\n(.*?)```", REFERENCE, re.DOTALL).group(1))
    schema = SCHEMAS[document]["properties"]["columns"]
    assert len(shown["columns"]) == 4
    jsonschema.Draft202012Validator(schema).validate(shown["columns"])


def test_the_name_of_a_column_of_the_labels_that_both_files_have_is_as_it_says():
    assert f"`NAME{SUFFIX}`" in REFERENCE


@pytest.mark.parametrize("status", list(ExitStatus))
def test_every_exit_status_is_listed(status):
    assert f"| {int(status)} |" in REFERENCE


def test_the_version_is_that_of_the_changelog_and_the_project():
    assert f"## [{xentcli.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f'version = "{xentcli.__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["inspect", "score", "encode", "explain", "check", "compare"])
def test_every_option_of_a_command_is_in_the_documents(command, capsys):
    with pytest.raises(SystemExit):
        main.run([command, "--help"])
    listed = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
    assert listed - {"--help"} <= set(re.findall(r"--[a-z][a-z-]+", ALL_TEXT))
