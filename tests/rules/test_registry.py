"""The registry: every rule is complete, unique, and its page tells the truth."""

import doctest
import re

import pytest

from xentcli.rules.pages import pages, rule_page
from xentcli.rules.registry import RULES
from xentcli.rules.rule import Level

IDS = [rule.code for rule in RULES]


def test_codes_and_names_are_unique_and_in_order():
    assert sorted(set(IDS)) == IDS
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_is_complete(rule):
    assert re.fullmatch(r"XE[1-4]\d\d", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.levels
    assert set(rule.levels) <= set(Level)
    assert rule.summary


def test_every_rule_has_its_page_with_its_own_words():
    assert [one.code for one in pages()] == IDS
    for rule, page in zip(RULES, pages(), strict=True):
        for field in ("code", "name", "levels", "summary", "explanation"):
            assert getattr(page, field) == getattr(rule, field)
        assert rule_page(rule.code.lower()) == page
        assert rule_page(f" {rule.name.upper()} ") == page


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_page_says_what_why_how_seen_and_how_to_mend(rule):
    text = rule_page(rule.code).markdown
    assert text.startswith(f"# {rule.code} {rule.name}\n")
    for part in ("**Why it bites.**", "**How it is seen.**", "**Mend it.**"):
        assert part in text
    assert max(len(line) for line in text.splitlines()) <= 120


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.code[:3] in {"XE2", "XE3"}], ids=lambda one: one.code)
def test_a_page_on_scores_mends_them_in_keras_pytorch_and_scikit_learn(rule):
    mend = rule.explanation.partition("**Mend it.**")[2].partition("```")[0]
    for framework in ("Keras", "PyTorch", "scikit-learn"):
        assert framework in mend


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_the_worked_example_of_a_page_gives_the_numbers_it_shows(rule):
    example = doctest.DocTestParser().get_doctest(rule.explanation, {}, rule.code, None, 0)
    assert example.examples
    assert doctest.DocTestRunner(verbose=False).run(example).failed == 0


def test_an_unknown_code_is_none():
    assert rule_page("XE999") is None
    assert rule_page("") is None
