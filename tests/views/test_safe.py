"""Text from files is data: shown, never obeyed, in every output format."""

import io
import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from xentcli.errors import InputError, Place
from xentcli.views import concise, console, error, markdown, plain, safe
from xentcli.views import json as json_view
from xentcli.views.inspect_page import inspect_page
from xentcli.views.page import Bullets, Code, Facts, Grid, Heading, Page, Sentence
from xentcli.views.score_page import score_page

NASTY = (
    "\x1b[31mred\x1b[0m", "\x9b31m", "a\nb", "\r\x08\x7f", "\u202eevil\u2066", "[bold]x[/bold]",
    "[link=http://x.y]z[/link]",
    "<script>alert(1)</script>", "a|b", "`x`", "![i](http://x.y)", "@everyone", "#1", "::error file=x::y", "\udcff",
    "&amp;", "\ufeffzero\u200bwidth", "\u2028line", ":tada:", "$x$", "--", "1. x", "猫", "e\u0301", "\U000e0041tag",
    "    four",
)  # fmt: skip
FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def page(text):
    return Page(
        (
            Heading(text), Sentence(text), Sentence(text, strong=True), Bullets((text,)), Facts(((text, text),)),
            Grid((text, "n"), ((text, "1"),), numeric=(1,), more=text), Code(text),
        )
    )  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_no_view_lets_a_name_through_that_a_terminal_obeys(name, made):
    texts = [
        plain.render(page(name)),
        console.render(page(name), width=80, colour=False),
        console.render(page(name), width=20, colour=False, ascii_only=True),
        markdown.render(page(name)),
        concise.score(made["scored"]((name, "b"))),
        concise.inspect(made["inspected"]((name, "b"))),
        json_view.render(made["inspected"]((name, "b")).to_dict()),
        json_view.render(made["scored"]((name, "b")).to_dict()),
        plain.render(score_page(made["scored"]((name, "b")))),
        plain.render(inspect_page(made["inspected"]((name, "b"), columns=(name,)))),
        error.render(InputError(name, place=Place(name, 1, 2, name), details=(name,), help=name)),
    ]
    for text in texts:
        assert not FORBIDDEN.search(text), text
        assert text.endswith("\n")


@pytest.mark.parametrize("name", NASTY)
def test_a_name_takes_one_line_only(name):
    assert plain.render(Page((Sentence(name),))).count("\n") == 1
    assert error.render(InputError(name)).count("\n") == 1


@pytest.mark.parametrize("name", NASTY)
def test_colour_codes_are_the_consoles_own(name):
    coloured = console.render(page(name), width=80, colour=True)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    assert bare != coloured
    assert not FORBIDDEN.search(bare)


def test_markup_of_the_console_is_shown_as_it_stands():
    assert (
        console.render(Page((Sentence("[bold]x[/bold] :tada:"),)), width=80, colour=True) == "[bold]x[/bold] :tada:\n"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cat", "cat"),
        ("a\tb\r\n", "a\\tb\\r\\n"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202e", "\\u202e"),
        ("\udcff", "\\udcff"),
        ("\U000e0041", "\\U000e0041"),
        ("नमस्\u200dते 猫 é", "नमस्\u200dते 猫 é"),
    ],
)
def test_what_would_be_obeyed_becomes_an_escape(text, shown):
    assert safe.printable(text) == shown


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("around", ["{}", "x {} y", "x{}y"])
def test_markdown_renders_to_the_very_text(name, around):
    text = around.format(name)
    html = (
        MarkdownIt("commonmark")
        .enable("table")
        .enable("strikethrough")
        .render(markdown.render(Page((Sentence(text),))))
    )
    seen = html.replace("<!-- -->", "").removeprefix("<p>").removesuffix("</p>\n")
    expected = safe.printable(text).strip()
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        expected = expected.replace(character, entity)
    assert seen == expected


@given(st.text(st.characters(codec="utf-8"), max_size=12))
def test_markdown_of_any_text_holds_no_tag_and_no_structure(text):
    html = MarkdownIt("commonmark").enable("table").render(safe.markdown(text))
    bare = html.replace("<!-- -->", "")
    assert set(re.findall(r"<[^>]*>", bare)) <= {"<p>", "</p>"}


@given(st.text(max_size=20))
def test_printable_text_is_seen_in_full_and_settles(text):
    shown = safe.printable(text)
    assert not any(unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} for one in shown)
    assert safe.printable(shown) == shown


@given(st.text(st.characters(), max_size=20))
def test_json_keeps_every_name_exactly_whatever_it_holds(text):
    for ascii_only in (False, True):
        held = json_view.render({"name": text}, ascii_only=ascii_only)
        assert json.loads(held) == {"name": text}
        assert not FORBIDDEN.search(held)
    assert held.isascii()


def test_a_mention_and_a_reference_are_broken_up():
    assert safe.markdown("@me #12 GH-3 a_b _c_") == "@<!-- -->me #<!-- -->12 GH<!-- -->-3 a_b \\_c\\_"
    assert safe.markdown("0.25 -0.25 - x 1.5 1. x") == "0.25 -0.25 - x 1.5 1. x"


def test_code_with_fences_in_it_stays_in_its_fence():
    held = markdown.render(Page((Code("x = '````'\n```\nend"),)))
    html = MarkdownIt("commonmark").render(held)
    assert html.count("<code") == 1
    assert "<h1>" not in html
    assert html.endswith("end\n</code></pre>\n")


def test_a_lone_surrogate_can_be_written_anywhere():
    for text in (plain.render(page("\udcff")), json_view.render({"a": "\udcff"})):
        io.TextIOWrapper(io.BytesIO(), encoding="utf-8").write(text)
