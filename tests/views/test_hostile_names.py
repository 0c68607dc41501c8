"""No name from a file is obeyed by what reads a verdict or a comparison: terminal, runner, browser, parser."""

import json
import re
from collections import Counter

import pytest
from conftest import validated
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from judged import columns_named, compared_names, named
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from pipelines import valid_gitlab, valid_junit

from xentcli.cli import output
from xentcli.errors import InputError, Place
from xentcli.options.forms import CHECK_FORMS
from xentcli.record import replace
from xentcli.scoring.model import Estimate, Slice
from xentcli.views import concise, console, github, gitlab, html, junit, markdown, plain
from xentcli.views import json as json_view
from xentcli.views.check_page import check_page
from xentcli.views.compare_page import compare_page
from xentcli.views.inspect_page import inspect_page
from xentcli.views.safe import printable
from xentcli.views.score_page import score_page

PIECES = (
    "[bold]x[/bold]", "\x1b[31m", "\x9b31m", "<script>", "<b>", "|", "`", "```", "[x](http://y)", "![x](y)", "::error",
    "::", "::add-mask::", "\n::error::", "\r\n", "%0A", "%25", "\x00", "\x0b", "\ufffe", "\u202e", "\u2066", "\ud800",
    "]]>", "##[", "##[add-mask]x", "##vso[task.x]", "##teamcity[x", "&amp;", "-->", "</testcase>", "\u2028", '"', "'",
    "@me", "#1", "# ", "- ", "1. ", "  ", "\t", "\\", "*", "_", "~", "$", ":tada:", "\xa0", "\u3000", ",", "=", "x",
)  # fmt: skip
NAMES = st.lists(st.sampled_from(PIECES) | st.characters(), min_size=1, max_size=6).map("".join)
HIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe]")
COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
"""What GitHub's runner obeys: https://github.com/actions/runner, ActionCommand.cs; and its kin."""


def unobeyed(text):
    """Check that no terminal and no runner would obey a text."""
    assert not HIDDEN.search(text), text
    assert not COMMAND.search(text), text
    assert text.endswith("\n")
    return text


def hostile(test):
    """Run a test on names that mean harm, each of them and mixtures."""
    for piece in PIECES:
        test = example(piece)(test)
    quick = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    return quick(given(NAMES)(test))


def pages(made, name):
    """Return the pages of a name."""
    report, columns = made["scored"](("a", "b")), columns_named(name)
    return (
        check_page(named(report, name), everything=True),
        compare_page(compared_names(report, name)),
        score_page(replace(report, columns=columns), everything=True),
        inspect_page(replace(made["inspected"](), columns=columns), everything=True),
    )


@pytest.fixture(scope="module")
def usual():
    """What views draw of a plain name, by view."""
    return {}


@hostile
def test_pages_obey_no_name(made, usual, name):
    lines = usual.setdefault("lines", [plain.render(page).count("\n") for page in pages(made, "x")])
    for page, expected in zip(pages(made, name), lines, strict=True):
        assert unobeyed(plain.render(page)).count("\n") == expected
        unobeyed(console.render(page, width=80, colour=False))
        unobeyed(re.sub(r"\x1b\[[0-9;]*m", "", console.render(page, width=12, colour=True)))


@hostile
def test_markdown_keeps_the_structure_that_it_has_with_a_plain_name(made, usual, name):
    expected = usual.setdefault("tags", [tags(page) for page in pages(made, "x")])
    assert [tags(page) for page in pages(made, f"x{name}")] == expected


def tags(page):
    return drawn_tags(unobeyed(markdown.render(page)))


def drawn_tags(text):
    drawn = MarkdownIt("commonmark").enable("table").enable("strikethrough").render(text)
    return re.findall(r"<[^>]*>", drawn.replace("<!-- -->", ""))


def sheets(made, name):
    """Return the sheets of a name: a verdict, a comparison, a score whose classes and slices have it, an inspection."""
    report, columns = made["scored"]((name, f"{name}2")), columns_named(name)
    score = replace(report.score, confusion=None)  # its table has a letter for each long name
    held = (Slice(name, name, 5, Estimate(0.5, (0.4, 0.6)), Estimate(0.5, (0.4, 0.6))),)
    return (
        html.check(named(report, name)),
        compared_names(report, name).to_html(),
        replace(report, columns=columns, score=replace(score, slices=held)).to_html(),
        html.inspect(replace(made["inspected"](), columns=columns)),
        html.error(InputError(name, place=Place(name, 3, column=name), details=(name,), help=name)),
    )


def bones(sheet):
    """Return how often each element occurs, but for those that only group others by their width, and its attributes."""
    tree = lxml_html.document_fromstring(unobeyed(sheet))
    elements = [one for one in tree.iter() if isinstance(one.tag, str) and one.tag != "div"]
    return Counter(one.tag for one in elements), {name for one in elements for name in one.attrib}


@pytest.fixture
def plain_bones(made):
    """What the sheets of a plain name are made of."""
    return tuple(bones(sheet) for sheet in sheets(made, "x"))


@hostile
def test_sheets_keep_the_elements_that_they_have_with_a_plain_name(made, plain_bones, name):
    for sheet, expected in zip(sheets(made, f"x{name}"), plain_bones, strict=True):
        assert bones(sheet) == expected


@hostile
def test_concise_lines_obey_no_name(made, name):
    report = made["scored"](("a", "b"))
    text = unobeyed(concise.check(named(report, name)))
    assert text.count("\n") == concise.check(named(report, "x")).count("\n")
    assert unobeyed(concise.compare(compared_names(report, name))).count("\n") == 1


@hostile
def test_documents_keep_names_and_obey_none(made, name):
    report = made["scored"](("a", "b"))
    for ascii_only in (False, True):
        found = named(report, name).to_dict()
        held = validated(unobeyed(json_view.render(found, ascii_only=ascii_only)))
        assert held["models"][0]["checks"][0]["group"] == {"by": name, "value": name}
        held = validated(unobeyed(json_view.render(compared_names(report, name).to_dict(), ascii_only=ascii_only)))
        assert held["sentence"] == name


@hostile
def test_junit_is_valid_whatever_a_name_holds(made, name):
    text = unobeyed(junit.check(named(made["scored"](("a", "b")), name)))
    assert text.count("\n") == junit.check(named(made["scored"](("a", "b")), "x")).count("\n")
    cases = valid_junit(text).findall("testsuite/testcase")
    assert len(cases) == 14
    assert [case.find("failure").get("message") for case in cases[:3]] == [printable(name)] * 3
    failed = InputError(name, place=Place(name, 3, column=name), details=(name,), help=name)
    assert valid_junit(unobeyed(junit.error(failed))).find(".//error").get("message") == printable(name)


@hostile
def test_gitlab_entries_are_valid_whatever_a_name_holds(made, name):
    text = unobeyed(gitlab.check(named(made["scored"](("a", "b")), name)))
    entries = valid_gitlab(text)
    assert len({one["fingerprint"] for one in entries}) == len(entries) == 12
    assert not HIDDEN.search("".join(f"{one['description']}{one['check_name']}" for one in entries))
    assert len(valid_gitlab(unobeyed(gitlab.error(InputError(name, place=Place(name)))))) == 1


@hostile
def test_github_gets_the_commands_that_are_meant_and_no_others(made, name):
    text = github.check(named(made["scored"](("a", "b")), name))
    text += github.error(InputError(name, place=Place(name, 3), details=(name,)))
    lines = text.split("\n")
    assert lines.pop() == ""
    kinds = [re.match(r"::(error|warning|notice) [^:]*::", line)[1] for line in lines]
    assert kinds == ["error"] * 8 + ["warning"] * 4 + ["error"]
    assert not HIDDEN.search(text)
    assert "##[" not in text
    for line in lines:
        properties = line[2:].split("::", 1)[0].partition(" ")[2].split(",")
        assert [one.partition("=")[0] for one in properties] in (["file", "line", "title"], ["title"])


def written(folder, name):
    """Return what is written to files of an error that holds a name, by form."""
    failed = InputError(name, place=Place(f"{name}.csv", 3, column=name), details=(name, name), help=name)
    output.write_error_files(tuple(output.Request(form, str(folder / form)) for form in CHECK_FORMS), failed)
    return {form: (folder / form).read_text(encoding="utf-8") for form in CHECK_FORMS}


@hostile
def test_errors_obey_no_name_in_any_form(tmp_path, name):
    texts, plain_name = written(tmp_path, name), written(tmp_path, "x")
    assert texts.pop("github").count("\n") == 1  # its one command; see above
    for form, text in texts.items():
        assert unobeyed(text).count("\n") == plain_name[form].count("\n"), form
    assert validated(texts["json"])["error"]["message"] == name
    assert valid_junit(texts["junit"]).get("errors") == "1"
    assert len(valid_gitlab(texts["gitlab"])) == 1
    assert drawn_tags(written(tmp_path, f"x{name}")["markdown"]) == drawn_tags(plain_name["markdown"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", "\\x3a:error::x"),
        ("  ::x", "  \\x3a:x"),
        ("\u3000::x", "\u3000\\x3a:x"),
        ("a::b", "a::b"),
        ("x ##[group]y", "x #\\x23[group]y"),
        ("##vso[x]", "#\\x23vso[x]"),
        ("## title [x]", "## title [x]"),
    ],
)
def test_a_command_to_a_runner_becomes_text(text, shown):
    assert printable(text) == shown
    assert printable(shown) == shown


def test_json_keeps_a_command_as_a_value():
    held = json_view.render(["##[group]", "###[x]", "\\##[x]"])
    assert "##[" not in held
    assert json.loads(held) == ["##[group]", "###[x]", "\\##[x]"]
