"""A figure by itself: SVG that needs no page, PNG, Vega-Lite, and what is said where there is none."""

import json
import sys
from pathlib import Path

import pytest
from lxml import etree

import xentcli
from xentcli.errors import UsageError
from xentcli.options.forms import Plot
from xentcli.views.figures import picture
from xentcli.views.figures.score_figures import score_figures

SAMPLE = Path(__file__).parent.parent.parent.parent / "sample_data"
SVG = "{http://www.w3.org/2000/svg}"
NAMED = [one for one in Plot if one is not Plot.SLICES]


@pytest.fixture(scope="module")
def binary():
    return xentcli.score(SAMPLE / "preds_binary.csv")


def test_every_figure_of_a_score_has_a_word(binary):
    known = {name for names in picture._NAMES.values() for name in names}
    sliced = xentcli.score(SAMPLE / "preds_main.parquet", by="ink")
    found = {one.name for report in (binary, sliced) for one in score_figures(report.score)}
    assert found == known
    assert set(picture._NAMES) == set(Plot)


@pytest.mark.parametrize("plot", NAMED)
def test_svg_stands_alone(binary, plot):
    text = binary.plot(plot.value).to_svg()
    root = etree.fromstring(text.encode())
    assert root.tag == f"{SVG}svg"
    assert "var(" not in text
    assert "href" not in text
    assert root.find(f"{SVG}style") is not None
    names = {one.get("id") for one in root.iter() if one.get("id")}
    assert set(root.get("aria-labelledby").split()) <= names
    assert sum(one.tag == f"{SVG}svg" for one in root.iter()) == 2


@pytest.mark.parametrize("plot", NAMED)
def test_the_legend_names_every_series_where_there_are_several(binary, plot):
    held = binary.plot(plot.value)
    texts = {"".join(one.itertext()) for one in etree.fromstring(held.to_svg().encode()).findall(f"{SVG}text")}
    series = {one.name for one in held.figure.series}
    assert (series <= texts) is (len(series) > 1)
    assert held.figure.title in texts


def test_png_is_a_picture_of_twice_the_size(binary):
    pytest.importorskip("resvg_py")
    try:
        content = binary.plot("roc").to_png()
    except UsageError as error:
        pytest.skip(error.message)  # no font is installed
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20], "big") == 880


def test_png_without_its_package_names_the_extra(binary, monkeypatch):
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError, match="extra `png`") as caught:
        binary.plot("roc").to_png()
    assert "xentcli[png]" in caught.value.help


def test_png_without_a_font_is_refused(binary, monkeypatch):
    class Blind:
        @staticmethod
        def svg_to_bytes(**_):
            return b"the same whatever is written"

    monkeypatch.setitem(sys.modules, "resvg_py", Blind)
    with pytest.raises(UsageError, match="needs a font"):
        binary.plot("roc").to_png()


def test_vega_lite_holds_the_numbers(binary):
    held = binary.plot("roc")
    curve = binary.score.curves
    values = [one["x"] for layer in held.to_vega_lite()["layer"] for one in layer["data"]["values"] if "x" in one]
    assert set(curve.false_positive_rate) <= set(values)
    assert json.loads(held.to_json()) == json.loads(json.dumps(held.to_vega_lite()))


def test_a_notebook_shows_it_and_repr_says_what_is_seen(binary):
    held = binary.plot("reliability")
    assert held._repr_svg_() == held.to_svg()
    assert repr(held) == f"<Picture reliability: {held.figure.sentence}>"


def test_what_a_score_lacks_is_told_with_what_it_has():
    report = xentcli.score(SAMPLE / "preds_digits.csv")
    with pytest.raises(UsageError, match="no figure roc") as caught:
        report.plot("roc")
    assert "confusion" in caught.value.help
    assert "roc" not in caught.value.help
    with pytest.raises(UsageError, match="no figure 'rocs'"):
        report.plot("rocs")


def test_of_several_outputs_none_is_chosen():
    with pytest.raises(UsageError, match="is 2 figures here"):
        xentcli.score(SAMPLE / "preds_outputs.csv").plot("classes")


def test_hostile_names_are_text():
    rows = {"label": ["<script>", "b&\x1b[31m"] * 20, "pred": ["<script>", "<script>"] * 20}
    text = xentcli.score(rows).plot("classes").to_svg()
    assert "<script>" not in text
    assert "\x1b" not in text
    etree.fromstring(text.encode())
