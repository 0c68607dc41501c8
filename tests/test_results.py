"""Results show themselves: in a line, as a page, as Markdown, HTML and JSON, and as a cell of a notebook."""

import json
import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import xentcli
from xentcli.errors import UsageError
from xentcli.views import plain
from xentcli.views.score_page import score_page

SAMPLE = Path(__file__).parent.parent / "sample_data"


@cache
def made(name):
    main, after = SAMPLE / "preds_main.parquet", SAMPLE / "preds_next.parquet"
    return {
        "score": lambda: xentcli.score(main),
        "outputs": lambda: xentcli.score(SAMPLE / "preds_outputs.csv"),
        "inspect": lambda: xentcli.inspect(SAMPLE / "labels_names.csv"),
        "compare": lambda: xentcli.compare(main, after),
        "check": lambda: xentcli.check(main, limits=[xentcli.Limit("accuracy", "accuracy", min=0.5)]),
        "encode": lambda: xentcli.encode(SAMPLE / "labels_names.csv", to="one-hot"),
        "explain": lambda: xentcli.explain("XE304"),
    }[name]()


EVERY = ("score", "outputs", "inspect", "compare", "check", "encode", "explain")
SHOWN = EVERY[:5]


@pytest.mark.parametrize("name", EVERY)
def test_repr_is_a_line_that_names_what_it_is(name):
    report = made(name)
    assert "\n" not in repr(report)
    assert repr(report).startswith(f"<{type(report).__name__} ")
    assert len(repr(report)) < 700


@pytest.mark.parametrize("name", EVERY)
def test_str_is_the_page_and_other_forms_are_those_of_the_command_line(name):
    report = made(name)
    assert str(report) == report.to_text()
    assert report.to_markdown() != report.to_text() or name == "explain"
    assert json.loads(report.to_json()) == json.loads(json.dumps(report.to_dict()))


def test_the_page_is_that_of_a_pipe_and_full_what_full_shows():
    report = made("score")
    assert str(report) == plain.render(score_page(report))
    assert report.to_text(full=True) == plain.render(score_page(report, everything=True))


@pytest.mark.parametrize("name", SHOWN)
def test_a_notebook_shows_the_page_of_a_browser_without_script_or_a_page_around_it(name):
    cell = made(name)._repr_html_()
    assert cell.startswith('<div class="xent-report">')
    assert cell.rstrip().endswith("</div>")
    assert not re.search(r"<(script|html|body|head|main|header|link)\b", cell)
    assert made(name).to_html().startswith("<!doctype html>")


@pytest.mark.parametrize("name", SHOWN)
def test_the_style_of_a_cell_is_nested_in_its_own_class(name):
    cell = made(name)._repr_html_()
    style = re.search(r"<style>(.*?)</style>", cell, re.DOTALL)[1]
    assert style.startswith(".xent-report {\n")
    assert style.count("{") == style.count("}")
    assert not re.search(r"^\s*(:root|html|body)\b", style, re.MULTILINE)


@pytest.mark.parametrize("name", ["encode", "explain"])
def test_what_has_no_page_for_a_browser_says_so(name):
    assert made(name)._repr_html_() is None
    with pytest.raises(UsageError, match="no page for a browser"):
        made(name).to_html()


def test_metrics_are_every_defined_number_by_its_key():
    report = made("score")
    metrics = report.metrics
    assert metrics["loss"] == report.score.loss.value
    assert metrics["accuracy"] == report.score.accuracy.value
    assert metrics["f1_macro"] == report.to_dict()["metrics"]["f1_macro"]
    assert all(isinstance(value, float) for value in metrics.values())


def test_the_module_names_what_is_public():
    assert dir(xentcli) == sorted(xentcli.__all__)


def test_hostile_names_are_text_in_a_cell_of_a_notebook():
    frame = pd.DataFrame({"label": ["<script>alert(1)</script>", "b"] * 10, "pred": ["b", "b"] * 10})
    report = xentcli.score(frame)
    assert "<script" not in report._repr_html_()
