"""Which model is better comes first, then both scores side by side, then where they differ."""

import judged
import pytest
from conftest import validated

from xentcli.record import replace
from xentcli.views import concise, plain
from xentcli.views import json as json_view
from xentcli.views.compare_page import compare_page
from xentcli.views.page import Grid


def text(report, **options):
    return plain.render(compare_page(report, **options))


def test_the_sentence_comes_first_and_errors_before_the_numbers(made):
    shown = text(judged.compared(made["scored"](), b=(judged.ERROR, judged.WARNING)))
    order = [
        "Too close to call", "Errors in A: preds.csv", "Errors in B: new.csv", "paired by id", "9,990 compared",
        "about 182,000 would tell", "metric  ", "accuracy, brier: exact McNemar", "lower loss", "A right", "Classes,",
        "By country", "Rows that differ most", "Warnings in B: new.csv",
    ]  # fmt: skip
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    assert shown.startswith("Too close to call")


def test_classes_are_listed_from_the_worst_for_b_with_corrected_p_values(made):
    shown = text(judged.compared(made["scored"]()))
    at = [shown.index(f"\n  {name} ") for name in ("eel", "dog", "cat")]
    assert at == sorted(at)
    assert "+0.2  0.030 " in shown
    assert "0.0040\n" in shown
    assert "corrected by Holm's method" in shown


def test_p_values_that_are_not_corrected_do_not_say_so(made):
    group = replace(judged.group("cat", 5), accuracy=judged.difference())
    shown = text(judged.compared(made["scored"](), per_class=(group,), slices=()))
    assert "0.0008\n" in shown
    assert "Holm" not in shown


def test_decisions_have_no_losses(made):
    shown = text(judged.decisions(made["scored"]()))
    assert "loss" not in shown
    assert "recall: A" in shown
    assert "would tell" not in shown


def test_many_classes_show_the_worst_twenty_and_the_rest_on_demand(made):
    groups = tuple(judged.group(f"c{at}", 9, at / 100) for at in range(25))
    report = judged.compared(made["scored"](), per_class=groups, slices=groups)
    short = text(report)
    assert "c24" in short
    assert "c4 " not in short
    assert "5 more classes: --full shows them" in short
    assert "5 more groups: --full shows them" in short
    assert "more" not in text(report, everything=True)


def test_metrics_without_a_difference_are_shown_on_demand(made):
    report = judged.compared(
        made["scored"](metrics={"mcc": 0.8, "f1_macro": 0.9, "roc_auc_bounds": (0.1, 0.2), "x": (1, 2)})
    )
    assert "mcc" not in text(report)
    full = text(report, everything=True)
    assert "Other metrics, each over all rows of its file\n  metric          A          B\n  mcc        0.8000" in full
    assert "roc_auc_bounds" not in full
    alike = judged.compared(made["scored"](metrics={"f1_macro": 0.9}))
    assert "Other metrics" not in text(alike, everything=True)


def test_rows_that_differ_most_are_named_by_one_row_where_both_files_are_in_order(made):
    row = judged.DifferentRow(3, 3, None, None, None, None, 0.5, 0.25, -0.25)
    shown = text(judged.compared(made["scored"](), worst=(row,)))
    assert "  row  loss: A       B  B - A\n    3   0.5000  0.2500  -0.25\n" in shown


def test_the_concise_form_is_one_line(made):
    line = concise.compare(judged.compared(made["scored"]()))
    assert line.startswith("preds.csv new.csv: inconclusive loss=-0.00223 [-0.0123, +0.0079] p=0.67 accuracy=+0.0122")
    assert line.endswith("paired=9990 only_a=3 only_b=0 not_scored=12 errors_a=XE208\n")
    assert "balanced_accuracy=undefined paired" in line


@pytest.mark.parametrize("build", [judged.compared, judged.decisions])
def test_the_document_is_as_its_schema_says(made, build):
    report = build(made["scored"]())
    document = validated(json_view.render(report.to_dict()))
    assert list(document["difference"]) == list(report.comparison.difference)
    assert list(report.to_frame()["metric"]) == list(report.comparison.difference)


def test_every_table_has_as_many_cells_as_titles(made):
    for block in compare_page(judged.compared(made["scored"]()), everything=True).blocks:
        if isinstance(block, Grid):
            assert {len(row) for row in block.rows} == {len(block.columns)}
