"""The verdict comes first, then what failed and why; every check is in the table with the digits that tell."""

import judged
import pytest
from conftest import validated

from xentcli.gate.model import Bounds, Outcome
from xentcli.record import replace
from xentcli.verdicts import CheckReport
from xentcli.views import check_words, concise, console, github, gitlab, junit, markdown, plain
from xentcli.views import json as json_view
from xentcli.views.check_page import check_page
from xentcli.views.page import Facts, Grid


def text(report, **options):
    return plain.render(check_page(report, **options))


def one(made, *checks, findings=()):
    """Return a verdict on one model."""
    return CheckReport((judged.judged(made["scored"](), checks=checks, findings=findings),))


@pytest.mark.parametrize(
    ("outcomes", "findings", "expected"),
    [
        (["passed"] * 7, (), "passed: 7 of 7 checks"),
        (["passed"], (), "passed: 1 of 1 check"),
        (["failed", "failed", "warned", "inconclusive", *["passed"] * 5], (),
         "failed: 2 of 9 checks, 1 warned, 1 inconclusive"),
        (["warned", "passed"], (), "passed: none of 2 checks failed, 1 warned"),
        (["passed"], (judged.ERROR,), "failed: 0 of 1 check, 1 finding is an error"),
        (["passed"], (judged.ERROR, judged.ERROR), "failed: 0 of 1 check, 2 findings are errors"),
        (["passed"], (judged.WARNING, judged.NOTE), "passed: 1 of 1 check"),
    ],
)  # fmt: skip
def test_the_verdict_counts_what_came_of_the_checks(made, outcomes, findings, expected):
    report = one(made, *(judged.check(outcome=Outcome(word)) for word in outcomes), findings=findings)
    assert text(report).splitlines()[0] == expected
    assert concise.check(report).splitlines()[-1] == expected
    assert markdown.render(check_page(report)).startswith(f"**{expected}**\n")


def test_several_models_are_counted_and_those_that_failed_come_first(made):
    shown = text(judged.several(made["scored"]()))
    assert shown.startswith("failed: 1 of 4 checks, 1 of 2 models failed, 1 finding is an error\n")
    assert shown.index("\nbig: preds.csv\n") < shown.index("\nsmall: preds.csv\n")
    good = judged.several(made["scored"]()).models[0]
    both = CheckReport((good, replace(good, name="other")))
    assert text(both).startswith("passed: 4 of 4 checks, 2 models\n")


def test_what_failed_comes_first_then_errors_then_doubts_then_the_table(made):
    shown = text(judged.failed(made["scored"]()))
    order = [
        "failed: 2 of 7", "failed  accuracy:", "failed  recall[eel]:", "error XE208", "--ignore XE208", "warned  ",
        "inconclusive  no", "outcome  ", "baselines/main.parquet", "paired by id", "not judged", "warning XE308",
        "1 note",
    ]  # fmt: skip
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    assert "(xent.toml, line 20)" in shown
    assert "help: mend what writes the scores" in shown


def test_a_passed_run_is_short(made):
    shown = text(judged.passed(made["scored"]()))
    assert len(shown.splitlines()) <= 14
    assert "error" not in shown


def test_notes_and_every_small_group_are_shown_on_demand(made):
    short, full = (text(judged.failed(made["scored"]()), everything=everything) for everything in (False, True))
    assert "XE401" not in short
    assert "note XE401" in full
    assert "i, j and 2 more." in short
    assert "i, j, k, (empty)." in full


@pytest.mark.parametrize("everything", [False, True])
def test_of_many_groups_those_not_passed_and_the_ten_closest_are_shown(made, everything):
    page = check_page(judged.many(made["scored"](), missed=3), everything=everything)
    [grid] = [block for block in page.blocks if isinstance(block, Grid)]
    if everything:
        assert (len(grid.rows), grid.more) == (1001, "")
        return
    assert [row[1] for row in grid.rows] == [
        *(f"recall[c{at}]" for at in range(3)), "accuracy", *(f"recall[c{at}]" for at in range(3, 13)),
    ]  # fmt: skip
    assert grid.more == "987 passed groups farther from the limit: --full shows them"


def test_very_many_failures_are_told_in_the_table_alone_after_the_first(made):
    page = check_page(judged.many(made["scored"](), missed=100))
    messages = next(block for block in page.blocks if isinstance(block, Facts))
    assert len(messages.rows) == 21
    assert messages.rows[-1] == ("", "and 80 more, see the table")
    [grid] = [block for block in page.blocks if isinstance(block, Grid)]
    assert sum(row[0] == "failed" for row in grid.rows) == 100


def test_groups_of_a_limit_are_listed_from_the_worst(made):
    report = one(made, judged.recall("a", 0.5), judged.recall("b", 0.3), judged.recall("c", None), judged.check())
    lines = concise.check(report).splitlines()
    assert [line.split()[2] for line in lines[:-1]] == ["recall[c]", "recall[b]", "recall[a]", "accuracy"]


@pytest.mark.parametrize(
    ("made_check", "expected"),
    [
        (judged.recall(), "failed recall[eel] 0.47 < min 0.55"),
        (judged.recall("cat", 0.7, Outcome.PASSED, 0.7), "passed recall[cat] 0.7 >= min 0.7"),
        (judged.recall(number=None), "failed recall[eel] undefined, min 0.55"),
        (judged.recall(number=0.5499999), "failed recall[eel] 0.5499999 < min 0.55"),
        (judged.check(value=0.9000000001), "passed accuracy 0.9000000001 >= min 0.9"),
        (judged.check(value=0.4, limit=Bounds(max=0.3)), "passed accuracy 0.4 > max 0.3"),
        (judged.check(limit=Bounds(0.9, 1.0)), "passed accuracy 0.9012 >= min 0.9, 0.9012 <= max 1"),
        (judged.check(limit=Bounds(0.89, bound="interval")), "passed accuracy 0.9012, interval to 0.8951 >= min 0.89"),
        (judged.check(limit=Bounds(max=0.9, bound="interval")), "passed accuracy 0.9012, interval to 0.907 > max 0.9"),
        (judged.check("worse", baseline=judged.REGRESSION, limit=Bounds(max_regression=0.01)),
         "passed worse worse by 0.00223 [-0.001230, 0.01269] not told from max-regression 0.01"),
        (judged.check(baseline=replace(judged.REGRESSION, worsening=None), limit=Bounds(max_regression=0.01)),
         "passed accuracy no difference from the baseline"),
        (judged.check(baseline=replace(judged.REGRESSION, interval=(0.02, 0.03)), limit=Bounds(max_regression=0.01)),
         "passed accuracy worse by 0.00223 [0.02000, 0.03000] > max-regression 0.01"),
    ],
)  # fmt: skip
def test_a_concise_line_tells_on_which_side_of_its_limit_a_value_is(made, made_check, expected):
    assert concise.check(one(made, made_check)).splitlines()[0] == f"preds.csv: {expected}"


def test_concise_lines_name_the_model_where_there_are_several_and_tell_errors(made):
    lines = concise.check(judged.several(made["scored"]())).splitlines()
    assert lines[0] == "preds.csv: small: passed accuracy 0.9012 >= min 0.9"
    assert lines[4] == "preds.csv: big: error XE208 bad-scores: 3 of 9,993 rows were skipped"


def test_a_group_is_named_once_where_its_limit_is_named_after_it():
    group = judged.Group("country", "DE")
    assert check_words.label(judged.check("country", group=group)) == "country[DE]"
    assert check_words.label(judged.check("floor", group=group)) == "floor[country=DE]"
    assert check_words.label(judged.check("floor", group=judged.Group("class", None))) == "floor[(empty)]"


@pytest.mark.parametrize("build", [judged.failed, judged.passed, judged.several, judged.many])
def test_the_document_is_as_its_schema_says(made, build):
    report = build(made["scored"]())
    document = validated(json_view.render(report.to_dict()))
    assert document["passed"] is report.passed


def test_the_limit_of_the_document_holds_what_was_set_only(made):
    document = validated(json_view.render(judged.failed(made["scored"]()).to_dict()))
    limits = [one["limit"] for one in document["models"][0]["checks"]]
    assert limits[:3] == [{"max": 0.45}, {"min": 0.9, "bound": "interval"}, {"max_regression": 0.01}]


def test_the_configuration_that_judged_is_named(made):
    report = replace(one(made, judged.check()), place="../xent.toml")
    assert "  config     ../xent.toml\n" in text(report)
    assert "config " not in text(replace(report, place=None))


def test_an_error_that_follows_from_another_one_still_fails_and_says_what_from(made):
    folded = replace(judged.ERROR, code="XE305", name="unseen-labels", because_of="XE208")
    report = one(made, judged.check(), findings=(judged.ERROR, folded))
    said = f"follows from XE208: {folded.message}"
    drawn = console.render(check_page(report), width=100, colour=False)
    assert not report.passed
    for page in (text(report), drawn):
        assert "error XE208" in page
        assert "error XE305" not in page
        assert "\n  XE305 follows from XE208\n" in page
    assert text(report).startswith("failed: 0 of 1 check, 2 findings are errors\n")
    assert f"XE305 unseen-labels: {said}" in github.check(report)
    assert f"XE305 unseen-labels: {said}" in gitlab.check(report)
    assert f'message="{said}"' in junit.check(report)
    assert f"error XE305 unseen-labels: {said}" in concise.check(report)
