"""Findings that follow from another one: what rules declare, what is set on findings, what each report shows of it."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from xentcli.rules.causes import followers, with_causes
from xentcli.rules.pages import rule_page
from xentcli.rules.registry import RULES
from xentcli.rules.rule import Finding, Level, Rule, covers

LEVELS = {rule.code: rule.levels for rule in RULES}
EXPLAINS = {rule.code: rule.explains for rule in RULES if rule.explains}
ERROR, WARNING, NOTE = Level.ERROR, Level.WARNING, Level.NOTE


# what rules declare


@pytest.mark.parametrize("code", EXPLAINS)
def test_explained_codes_exist_and_stand_in_order(code):
    assert set(EXPLAINS[code]) <= set(LEVELS)
    assert sorted(set(EXPLAINS[code])) == list(EXPLAINS[code])


@pytest.mark.parametrize("code", EXPLAINS)
def test_no_rule_explains_itself_through_others(code):
    reached, new = set(), set(EXPLAINS[code])
    while new:
        reached |= new
        new = {one for other in new for one in EXPLAINS.get(other, ())} - reached
    assert code not in reached


@pytest.mark.parametrize("code", EXPLAINS)
def test_a_rule_can_matter_as_much_as_what_it_explains(code):
    for explained in EXPLAINS[code]:
        assert any(covers(mine, other) for mine in LEVELS[code] for other in LEVELS[explained])


@pytest.mark.parametrize("rule", RULES, ids=lambda one: one.code)
def test_a_page_says_what_its_rule_explains(rule):
    page = rule_page(rule.code)
    assert page.explains == rule.explains
    assert ("\n\nExplains XE" in page.markdown) == bool(rule.explains)
    for code in rule.explains:
        assert code in page.markdown.partition("\n\nExplains ")[2].partition("\n")[0]


# what is set on findings


def rule(code, *explains):
    return Rule(code, code.lower(), (ERROR,), "", lambda _: None, "", explains=explains)


def finding(code, level=ERROR, output=None):
    return Finding(code, code.lower(), level, "", "", 1, output=output)


CHAIN = (rule("A", "B"), rule("B", "C", "D"), rule("E", "D"))


def causes(*findings, rules=CHAIN):
    return [one.because_of for one in with_causes(findings, rules)]


def test_a_chain_is_folded_under_its_beginning():
    assert causes(finding("A"), finding("B"), finding("C")) == [None, "A", "A"]


def test_without_its_beginning_a_chain_begins_with_the_next():
    assert causes(finding("B"), finding("C")) == [None, "B"]
    assert causes(finding("A"), finding("C")) == [None, None]


def test_of_two_causes_the_first_is_named():
    assert causes(finding("B"), finding("D"), finding("E")) == [None, "B", None]
    assert causes(finding("D"), finding("E")) == ["E", None]


@pytest.mark.parametrize(("mine", "other"), [(WARNING, ERROR), (NOTE, WARNING), (NOTE, ERROR)])
def test_nothing_follows_from_what_matters_less(mine, other):
    assert causes(finding("C", other), finding("B", mine)) == [None, None]
    assert causes(finding("B", other), finding("C", mine)) == [None, "B"]
    assert causes(finding("B", mine), finding("C", mine)) == [None, "B"]


def test_an_output_explains_nothing_of_another_one():
    found = with_causes(
        (finding("B", output="color"), finding("C", output="color"), finding("C", output="shape")), CHAIN
    )
    assert [one.because_of for one in found] == [None, "B", None]
    assert followers(found[0], found) == (found[1],)


def test_what_is_said_of_the_whole_table_explains_each_output_and_not_the_reverse():
    assert causes(finding("B"), finding("C", output="color")) == [None, "B"]
    assert causes(finding("B", output="color"), finding("C")) == [None, None]


# what reports show


def swapped():
    """A good model of two classes whose scores are those of the other class."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 400)
    scores = 1 / (1 + np.exp(-(4 * labels - 2 + rng.normal(size=400))))
    return pd.DataFrame({"label": labels, "score": 1 - scores})


def shifted():
    """A good model of three classes whose labels stand one row too high."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 400)
    logits = rng.normal(size=(400, 3))
    logits[np.arange(400), labels] += 3
    odds = np.exp(2 * logits)
    scores = pd.DataFrame(odds / odds.sum(axis=1, keepdims=True), columns=["p_ant", "p_fox", "p_owl"])
    return scores.assign(label=np.roll(np.array(["ant", "fox", "owl"])[labels], -1))


PLANTED = {"XE303": (swapped, "XE404, XE405 and XE408"), "XE304": (shifted, "XE401, XE404, XE405 and XE408")}


@pytest.fixture(params=PLANTED)
def planted(request, tmp_path):
    """The path of a file, the code of what is wrong in it, and the codes of what follows from that."""
    made, following = PLANTED[request.param]
    path = tmp_path / "preds.csv"
    made().to_csv(path, index=False)
    return path, request.param, following


def titles(report):
    """Return the codes of the findings that a page shows."""
    return re.findall(r"^\**(?:error|warning|note) (XE\d+) ", report, re.MULTILINE)


@pytest.mark.parametrize("form", ["full", "markdown"])
def test_a_page_shows_the_root_and_what_follows_in_a_line(xent, planted, form):
    path, root, following = planted
    out = xent("score", path, "-f", form).out
    assert titles(out) == [root]
    assert out.count(f"{following} follow from {root}\n") == 1


def test_the_document_holds_each_finding_and_what_it_follows_from(xent, planted):
    path, root, following = planted
    found = {one["code"]: one["because_of"] for one in json.loads(xent("score", path, "-f", "json").out)["findings"]}
    assert found == {root: None} | dict.fromkeys(following.replace(" and ", ", ").split(", "), root)


def test_one_line_each_says_what_it_follows_from(xent, planted):
    path, root, _ = planted
    out = xent("score", path, "-f", "concise").out
    assert f"error {root} " in out
    assert f"warning XE405 worse-than-prior: follows from {root}: loss " in out


@pytest.mark.parametrize("ignored", [False, True])
def test_a_finding_whose_root_may_not_speak_stands_by_itself(xent, planted, ignored):
    path, root, _ = planted
    choice = ("--ignore", root) if ignored else ("--select", "XE404")
    out = xent("score", path, *choice).out
    assert titles(out)[0] == "XE404"
    assert root not in out
    document = json.loads(xent("score", path, *choice, "-f", "json").out)
    assert {one["because_of"] for one in document["findings"]} == {None}


def test_a_check_fails_for_the_root_and_its_numbers_as_before(xent, planted):
    path, root, following = planted
    ran = xent("check", path, "--min", "accuracy=0.9")
    assert (ran.status, titles(ran.out)) == (1, [root])
    assert ran.out.startswith("failed: 1 of 1 check, 1 finding is an error\n")
    assert f"{following} follow from {root}" in ran.out


def test_comparing_shows_the_roots_of_each_file(xent, planted):
    path, root, following = planted
    out = xent("compare", path, path).out
    assert titles(out) == [root, root]
    assert out.count(f"{following} follow from {root}") == 2
    assert "Warnings in" not in out
