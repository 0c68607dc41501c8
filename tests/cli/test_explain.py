"""`xent explain`: the list of pages, a page, and what there is no page on."""

import pytest

import xentcli
from xentcli.lessons import pages
from xentcli.rules.registry import RULES


def test_without_a_topic_every_code_is_listed(xent):
    ran = xent("explain")
    assert ran.status == 0
    for rule in RULES:
        assert rule.code in ran.out
        assert rule.summary in ran.out


def test_without_a_topic_every_lesson_is_listed_before_the_codes(xent):
    ran = xent("explain")
    assert ran.out.startswith("Lessons\n")
    for one in pages.lessons():
        assert ran.out.index(f"  {one.name} ") < ran.out.index(one.summary) < ran.out.index("XE101")


@pytest.mark.parametrize("name", pages.NAMES)
def test_every_lesson_has_a_page_in_every_form(xent, name):
    ran = xent("explain", name)
    assert ran.status == 0
    assert ran.out == pages.lesson(name).markdown == xentcli.explain(name).markdown
    assert xent("explain", name.replace("-", " ").title(), "-f", "markdown").out == ran.out
    document = xent("explain", name, "-f", "json").document()
    assert (document["topic"], document["title"]) == (name, pages.lesson(name).title)
    assert document["markdown"] == ran.out
    assert xent("explain", name, "-f", "concise").out == f"{name}: {pages.lesson(name).title}\n"


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_every_code_has_a_page_in_every_form(xent, rule):
    ran = xent("explain", rule.code)
    assert ran.status == 0
    assert ran.out.startswith(f"# {rule.code} {rule.name}\n")
    assert ran.out.rstrip().endswith("```")
    assert xent("explain", rule.name.upper(), "-f", "markdown").out == ran.out
    document = xent("explain", rule.code.lower(), "-f", "json").document()
    assert (document["topic"], document["title"]) == (rule.code, rule.name)
    assert document["markdown"] == xentcli.explain(rule.code).markdown == ran.out


def test_the_list_is_a_document_too(xent):
    listed = xent("explain", "-f", "json").document()["topics"]
    assert [one["topic"] for one in listed] == [*pages.NAMES, *(rule.code for rule in RULES)]
    assert xent("explain", "-f", "concise").out.count("\n") == len(listed)


def test_an_unknown_code_is_refused_with_the_closest(xent):
    ran = xent("explain", "XE11")
    assert ran.status == 2
    assert "no page on 'XE11'" in ran.err
    assert "did you mean" in ran.err
    assert "xent explain lists all pages" in xent("explain", "quux").err


@pytest.mark.parametrize(
    ("asked", "closest"),
    [
        ("cross-entrpy", "cross-entropy"),
        ("Softlabels", "soft-labels"),
        ("multi-class-imbalance", "class-imbalance"),
        ("one-based-index", "one-based-indices"),
    ],
)
def test_what_is_misspelt_is_answered_with_the_closest_lesson_code_or_name(xent, asked, closest):
    ran = xent("explain", asked)
    assert (ran.status, ran.out) == (2, "")
    assert f"did you mean {closest}?" in ran.err


def test_a_terminal_draws_a_lesson(xent):
    ran = xent("explain", "cross-entropy", "--color", "always")
    assert "\x1b[" in ran.out
    assert "Why the log." in ran.out
    assert "```" not in ran.out


def test_a_terminal_draws_the_page(xent):
    ran = xent("explain", "XE103", "--color", "always")
    assert "\x1b[" in ran.out
    assert "Why it bites." in ran.out
    assert "**" not in ran.out.replace("2 ** -52", "")
