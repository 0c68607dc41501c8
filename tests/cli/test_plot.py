"""`xent plot`: one figure, on stdout or in files, whose names say in which form."""

import json
import shutil
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent.parent.parent / "sample_data"


@pytest.fixture
def preds(tmp_path):
    return Path(shutil.copy(SAMPLE / "preds_binary.csv", tmp_path / "preds.csv"))


def test_svg_goes_to_stdout(xent, preds):
    run = xent("plot", "roc", preds)
    assert run.status == 0
    assert run.out.startswith("<svg ")
    assert run.err == ""


def test_the_suffix_tells_the_form(xent, preds, tmp_path):
    svg, vega = tmp_path / "roc.svg", tmp_path / "roc.vl.json"
    run = xent("plot", "roc", preds, "-o", svg, "-o", vega)
    assert (run.status, run.out) == (0, "")
    assert svg.read_text().startswith("<svg ")
    assert json.loads(vega.read_text())["$schema"].endswith("vega-lite/v5.json")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("rok",), "there is no figure 'rok'\nhelp: did you mean roc?"),
        (("roc", "-o", "a.pdf"), "-o a.pdf: figures are written as .svg, .png, .vl.json, .json"),
        (("slices",), "there is no figure slices of this score"),
    ],
)
def test_what_cannot_be_drawn_is_status_2(xent, preds, words, says):
    run = xent("plot", words[0], preds, *words[1:])
    assert (run.status, run.out) == (2, "")
    assert says in run.err


def test_an_input_is_never_written_over(xent, tmp_path):
    path = tmp_path / "preds.json"
    path.write_text('[{"label": 0, "score": 0.2}, {"label": 1, "score": 0.7}]')
    before = path.read_bytes()
    run = xent("plot", "scores", path, "-o", path)
    assert run.status == 2
    assert "would overwrite an input" in run.err
    assert path.read_bytes() == before


def test_slices_are_drawn_by_a_column(xent, tmp_path):
    path = shutil.copy(SAMPLE / "preds_main.parquet", tmp_path)
    run = xent("plot", "slices", path, "--by", "ink")
    assert run.status == 0
    assert "Loss by ink" in run.out


@pytest.mark.parametrize("name", ["old.svg", "old.vl.json", "old.png"])
def test_a_run_that_fails_leaves_what_stood_in_the_place_of_its_figure(xent, preds, tmp_path, name):
    path = tmp_path / name
    path.write_text("a figure")
    assert xent("plot", "roc", tmp_path / "absent.csv", "-o", path).status == 2
    assert xent("plot", "slices", preds, "-o", path).status == 2
    assert path.read_text() == "a figure"
