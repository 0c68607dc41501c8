"""The lessons: complete, true in every number and command, and readable on a terminal of 80 columns."""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from xentcli.cli import main
from xentcli.errors import ExitStatus
from xentcli.lessons import pages
from xentcli.rules.registry import RULES

ROOT = Path(__file__).parent.parent.parent
LESSONS = pages.lessons()
EVERY = pytest.mark.parametrize("lesson", LESSONS, ids=pages.NAMES)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHOWN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(lesson, language):
    return [text for found, text in BLOCK.findall(lesson.markdown) if found == language]


SCREENS = [
    (lesson.name, *text.removeprefix("$ ").replace("\\\n", "").split("\n", 1))
    for lesson in LESSONS
    for text in blocks(lesson, "console")
]


def test_every_file_is_listed_once():
    assert sorted(path.stem for path in (ROOT / "xentcli" / "lessons").glob("*.md")) == sorted(pages.NAMES)


@EVERY
def test_a_lesson_opens_with_its_title_and_a_sentence(lesson):
    first, blank, sentence = lesson.markdown.split("\n")[:3]
    assert first == f"# {lesson.title}"
    assert blank == ""
    assert sentence[0].isupper()
    assert 40 <= len(lesson.summary) <= 120
    assert not re.search(r"[`*_|.]", lesson.summary)


def test_titles_and_summaries_are_unique():
    assert len({one.title for one in LESSONS}) == len({one.summary for one in LESSONS}) == len(LESSONS)


@EVERY
def test_a_lesson_is_short_and_fits_a_terminal(lesson):
    lines = lesson.markdown.splitlines()
    assert 60 <= len(lines) <= 120
    assert max(map(len, lines)) <= 80
    inside = [line for text in blocks(lesson, "python") + blocks(lesson, "console") for line in text.splitlines()]
    assert max(map(len, inside)) <= 78


@EVERY
def test_a_lesson_is_plain_text(lesson):
    assert lesson.markdown.isascii()
    assert lesson.markdown.endswith("\n")
    assert all(line == line.rstrip() for line in lesson.markdown.splitlines())
    assert {language for language, _ in BLOCK.findall(lesson.markdown)} <= {"python", "console"}


@EVERY
def test_the_worked_numbers_of_a_lesson_are_what_python_computes(lesson):
    text = "\n".join(blocks(lesson, "python"))
    example = doctest.DocTestParser().get_doctest(text, {}, lesson.name, None, 0)
    assert len(example.examples) >= 5
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0


@pytest.mark.parametrize(
    ("command", "screen"), [one[1:] for one in SCREENS], ids=[f"{one[0]}: {one[1]}" for one in SCREENS]
)
def test_a_command_of_a_lesson_prints_what_is_shown(command, screen, capsys, monkeypatch, tmp_path):
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    monkeypatch.chdir(tmp_path)
    assert main.main([*shlex.split(command)[1:], "--isolated"]) == ExitStatus.OK
    printed = capsys.readouterr().out
    assert doctest.OutputChecker().check_output(screen, printed, SHOWN), printed


@EVERY
def test_a_lesson_has_commands_to_try_and_none_that_no_test_runs(lesson):
    screens = blocks(lesson, "console")
    assert screens
    assert all(re.match(r"\$ xent (score|inspect|encode|compare|check) sample_data/", text) for text in screens)
    elsewhere = BLOCK.sub("", lesson.markdown)
    assert not re.search(r"\bxent (score|inspect|encode|explain|check|compare)\b", elsewhere)


@EVERY
def test_a_lesson_ends_with_links_that_resolve(lesson):
    last = lesson.markdown.rstrip().split("\n\n")[-1]
    assert last.startswith("**See also.** ")
    links = re.findall(r"`([^`]+)`", last)
    assert len(links) == len(set(links)) >= 3
    assert lesson.name not in links
    assert set(links) <= {*pages.NAMES, *(rule.code for rule in RULES)}


@EVERY
def test_a_lesson_names_no_code_that_there_is_not(lesson):
    assert set(re.findall(r"XE\d+", lesson.markdown)) <= {rule.code for rule in RULES}


def test_every_lesson_is_led_to_by_another():
    led = {link for one in LESSONS for link in re.findall(r"`([^`]+)`", one.markdown.rstrip().split("\n\n")[-1])}
    assert set(pages.NAMES) <= led


@pytest.mark.parametrize("asked", ["soft-labels", "Soft-Labels", "soft labels", "soft_labels", " soft-labels "])
def test_a_lesson_is_found_however_its_name_is_written(asked):
    assert pages.lesson(asked).title == "Soft labels"


@pytest.mark.parametrize("asked", ["", "../rules/rule", "__init__", "soft", "XE101"])
def test_what_is_no_lesson_is_none(asked):
    assert pages.lesson(asked) is None


@pytest.mark.parametrize(
    ("words", "status"), [(["accuracy"], 0), (["XE204"], 0), (["ties"], 2), (["rows-off-one"], 0), ([], 0)]
)
def test_the_manual_is_shown_without_waiting_for_numpy(words, status):
    code = (
        f"import sys; from xentcli.cli.main import main; status = main(['explain', *{words}]);"
        " sys.exit(status + 10 * bool({'numpy', 'pyarrow', 'rich'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, bool(ran.stdout)) == (status, status == 0)


def test_the_lesson_on_comparing_names_the_commands_that_do_it():
    commands = [command.split()[:2] for name, command, _ in SCREENS if name == "comparing-models"]
    assert commands == [["xent", "compare"], ["xent", "check"]]
