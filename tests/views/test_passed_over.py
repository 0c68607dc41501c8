"""Pages end with the columns that no number comes from, and why: shortened, whole with --full, never obeyed."""

import judged
import pytest
from conftest import validated
from hypothesis import given
from hypothesis import strategies as st

from xentcli.record import replace
from xentcli.task.model import ColumnRole, Role
from xentcli.views import concise, markdown, plain
from xentcli.views import json as json_view
from xentcli.views.check_page import check_page
from xentcli.views.compare_page import compare_page
from xentcli.views.inspect_page import inspect_page
from xentcli.views.plain import cells
from xentcli.views.safe import printable
from xentcli.views.score_page import score_page
from xentcli.views.score_parts import NAMES, REASONS, WIDTH, passed_over

NUMBERS, SECOND = "numbers beside the scores", "a second model"
OPTION = ": --full shows them"


def unused(*names, because=NUMBERS):
    return tuple(ColumnRole(name, Role.UNUSED, None, because) for name in names)


LABEL = ColumnRole("y", Role.LABEL, None, "named as a label")
FEATURES = tuple(f"f{at}" for at in range(201))
REASON_WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=judged.LONGEST)
COLUMNS = st.lists(
    st.builds(
        ColumnRole, st.text(max_size=80), st.sampled_from(Role), st.none() | st.text(max_size=8),
        st.sampled_from([NUMBERS, SECOND]) | REASON_WORDS,
    ),
    max_size=60,
)  # fmt: skip


def line(*columns):
    return passed_over(columns, everything=False)


def whole(*columns):
    return passed_over(columns, everything=True)


def test_columns_of_one_reason_stand_together():
    columns = (*unused("age"), LABEL, *unused("lr_0", "lr_1", because=SECOND), *unused("income"))
    assert line(*columns) == (
        "passed over: age, income (numbers beside the scores); lr_0, lr_1 (a second model)"
    )  # fmt: skip
    assert whole(*columns) == line(*columns)


def test_a_long_list_shows_its_first_names_and_the_option_that_shows_all():
    short = line(*unused(*FEATURES))
    assert short == f"passed over: f0, f1, f2, f3 and 197 more (numbers beside the scores){OPTION}"
    assert whole(*unused(*FEATURES)) == f"passed over: {', '.join(FEATURES)} (numbers beside the scores)"


def test_many_reasons_are_counted_beyond_the_first():
    columns = [one for at in range(7) for one in unused(f"a{at}", f"b{at}", because=f"reason {at}")]
    assert line(*columns).endswith(f"a3, b3 (reason 3); 6 more for other reasons{OPTION}")
    assert whole(*columns).endswith("a6, b6 (reason 6)")


def test_a_long_name_loses_its_middle_and_is_whole_on_demand():
    name = "start" + "x" * 100 + "end"
    assert line(*unused(name)) == f"passed over: start{'x' * 14}...{'x' * 15}end (numbers beside the scores){OPTION}"
    assert whole(*unused(name)) == f"passed over: {name} (numbers beside the scores)"


@pytest.mark.parametrize("name", ["", " ", " age", "a, b", "Glucose (mg/dL)", "x); label (named as a label"])
def test_a_name_that_could_be_taken_for_several_is_quoted(name):
    assert line(*unused("age", name, "sex")) == f"passed over: age, '{name}', sex (numbers beside the scores)"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.UNUSED])
def test_a_column_that_is_used_is_not_passed_over(role):
    assert line(ColumnRole("x", role, None, "named so")) == whole(ColumnRole("x", role, None, "named so")) == ""


@given(COLUMNS)
def test_every_unused_column_is_named_where_everything_is_asked_for(columns):
    shown = whole(*columns)
    missing = [one.name for one in columns if one.role is Role.UNUSED and printable(one.name) not in shown]
    assert missing == []


@given(COLUMNS)
def test_there_is_a_line_where_a_column_is_unused_and_none_elsewhere(columns):
    expected = any(one.role is Role.UNUSED for one in columns)
    assert bool(line(*columns)) is bool(whole(*columns)) is expected


@given(COLUMNS)
def test_the_line_is_bounded_where_not_everything_is_asked_for(columns):
    group = NAMES * (WIDTH + len("'', ")) + len(" and 60 more (); ") + 2 * judged.LONGEST
    assert cells(line(*columns)) <= len("passed over: 60 more for other reasons") + REASONS * group + len(OPTION)


@given(COLUMNS)
def test_the_short_line_names_the_option_exactly_if_it_is_not_the_whole(columns):
    assert line(*columns).removesuffix(OPTION) == whole(*columns) or line(*columns).endswith(OPTION)
    assert OPTION not in whole(*columns)


@given(COLUMNS)
def test_columns_that_are_used_change_nothing(columns):
    assert line(*columns) == line(*(one for one in columns if one.role is Role.UNUSED))


def built(made, name):
    """Return how to make the page of a report whose columns are given."""
    scored = made["scored"]()
    return {
        "score": lambda columns, **full: score_page(replace(scored, columns=columns), **full),
        "inspect": lambda columns, **full: inspect_page(replace(made["inspected"](), columns=columns), **full),
        "check": lambda columns, **full: check_page(judged.passed(replace(scored, columns=columns)), **full),
        "compare": lambda columns, **full: compare_page(judged.compared(replace(scored, columns=columns)), **full),
    }[name]


EVERY = pytest.mark.parametrize("command", ["score", "inspect", "check", "compare"])


@EVERY
@pytest.mark.parametrize("everything", [False, True])
def test_every_page_ends_with_what_was_passed_over(made, command, everything):
    page = built(made, command)((LABEL, *unused("age", "income")), everything=everything)
    expected = "passed over: age, income (numbers beside the scores)"
    assert plain.render(page).splitlines()[-1].removeprefix("  - ") == expected
    assert markdown.render(page).splitlines()[-1].removeprefix("- ") == expected


@EVERY
def test_a_page_of_a_file_of_which_everything_is_used_says_nothing(made, command):
    assert "passed over" not in plain.render(built(made, command)((LABEL,), everything=True))


@EVERY
def test_a_page_shows_the_long_list_on_demand(made, command):
    build = built(made, command)
    assert "f3 and 197 more (" in plain.render(build(unused(*FEATURES)))
    assert f"passed over: {', '.join(FEATURES)} (" in plain.render(build(unused(*FEATURES), everything=True))


@pytest.mark.parametrize("command", ["score", "inspect"])
def test_the_table_of_columns_is_shown_on_demand_and_bounded(made, command):
    columns = (LABEL, ColumnRole("p_cat", Role.SCORE, "cat", "named after the class"), *unused(*FEATURES))
    build = built(made, command)
    assert "because" not in plain.render(build(columns)).split()
    full = plain.render(build(columns, everything=True))
    assert "\nColumns\n  column  role    class  because\n  y       label          named as a label\n" in full
    assert "\n  p_cat   score   cat    named after the class\n" in full
    assert "\n  f197    unused         numbers beside the scores\n  3 more columns: -f json lists all of them\n" in full


def test_two_files_that_pass_over_the_same_say_so_once(made):
    report = judged.compared(replace(made["scored"](), columns=unused("age", "income")))
    other = replace(report.b, columns=(LABEL, *unused("income", "age")))
    shown = plain.render(compare_page(replace(report, b=other)))
    assert shown.count("passed over") == 1


def test_two_files_that_pass_over_different_columns_are_told_apart(made):
    report = judged.compared(replace(made["scored"](), columns=unused("age")))
    both = plain.render(compare_page(replace(report, b=replace(report.b, columns=unused("lr_0", because=SECOND)))))
    assert "passed over in A: age (numbers beside the scores)\n" in both
    assert both.endswith("passed over in B: lr_0 (a second model)\n")
    alone = plain.render(compare_page(replace(report, b=replace(report.b, columns=(LABEL,)))))
    assert alone.endswith("passed over in A: age (numbers beside the scores)\n")


def test_each_model_of_a_check_has_its_own_line(made):
    report = judged.several(made["scored"]())
    models = tuple(
        replace(one, report=replace(one.report, columns=unused(f"only_{one.name}"))) for one in report.models
    )
    shown = plain.render(check_page(replace(report, models=models)))
    small = shown.index("passed over: only_small (")
    assert shown.index("passed over: only_big (") < shown.index("small: preds.csv") < small


def test_the_concise_forms_do_not_speak_of_it(made):
    report = made["scored"]()
    for text in (
        concise.score(report), concise.inspect(made["inspected"]()), concise.check(judged.passed(report)),
        concise.compare(judged.compared(report)),
    ):  # fmt: skip
        assert "passed over" not in text
        assert "income" not in text


@pytest.mark.parametrize("maker", ["scored", "none"])
def test_documents_hold_every_column_with_its_role(made, maker):
    report = replace(made[maker](), columns=(LABEL, *unused("age")))
    assert validated(json_view.render(report.to_dict()))["columns"] == [
        {"name": "y", "role": "label", "class": None, "because": "named as a label"},
        {"name": "age", "role": "unused", "class": None, "because": "numbers beside the scores"},
    ]


def test_documents_that_hold_scores_hold_their_columns(made):
    report = replace(made["scored"](), columns=(LABEL, *unused("age")))
    checked = validated(json_view.render(judged.passed(report).to_dict()))
    assert [one["name"] for one in checked["models"][0]["score"]["columns"]] == ["y", "age"]
    compared = validated(json_view.render(judged.compared(report).to_dict()))
    assert [one["role"] for one in compared["b"]["columns"]] == ["label", "unused"]
