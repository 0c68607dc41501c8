"""SVG and Vega-Lite show what a figure holds: each mark once, at its place, and no name as markup."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
import vl_convert
from drawn import SCORES, made

from xentcli.views.figures import svg, vega
from xentcli.views.figures.check_figures import check_figures
from xentcli.views.figures.compare_figures import compare_figures
from xentcli.views.figures.inspect_figures import inspect_figures
from xentcli.views.figures.model import Axis, Datum, Figure, Mark, Series
from xentcli.views.figures.score_figures import score_figures

SVG = "{http://www.w3.org/2000/svg}"


def every():
    """Return one figure of each name that any result has."""
    found = [one for name in SCORES for one in score_figures(made(name).score)]
    found += [*compare_figures(made("compared").comparison), *inspect_figures(made("inspected"))]
    found += [one for check in made("judged").models[0].checks for one in check_figures(check)]
    return list({one.name: one for one in found}.values())


FIGURES = every()


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_svg_is_well_formed_and_named_for_those_who_do_not_see_it(figure):
    root = ET.fromstring(svg.render(figure, "f1"))  # noqa: S314  our own text
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "f1-title f1-desc"
    assert root.find(f"{SVG}title").text == figure.title
    assert root.find(f"{SVG}desc").text == figure.sentence
    assert not [
        one for one in root.iter() if "style" in one.attrib or any(name.startswith("on") for name in one.attrib)
    ]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_svg_draws_each_datum_once_within_the_drawing(figure):
    root = ET.fromstring(svg.render(figure, "f"))  # noqa: S314  our own text
    width, height = map(float, root.get("viewBox").split()[2:])
    groups = root.findall(f"{SVG}g")[2:]
    assert len(groups) == len(figure.series)
    for group, series in zip(groups, figure.series, strict=True):
        assert group.get("class") == f"{series.mark.value} {series.tone.value}"
        marks = [one for one in group.iter() if one.tag != f"{SVG}g" and one.find(f"{SVG}title") is not None]
        assert len(list(group.iter(f"{SVG}title"))) == (1 if series.mark is Mark.LINE else len(series.data))
        for one in marks:
            for name, most in (("cx", width), ("cy", height), ("x", width), ("y", height)):
                assert 0.0 <= float(one.get(name, 0)) <= most


def test_places_are_those_of_the_numbers():
    axis = Axis("a", (0.0, 2.0))
    data = tuple(Datum(value, value) for value in (0.0, 1.0, 2.0))
    figure = Figure("f", "t", "s.", axis, axis, (Series("d", Mark.DOT, data),))
    root = ET.fromstring(svg.render(figure, "f"))  # noqa: S314  our own text
    x, y = zip(*((float(one.get("cx")), float(one.get("cy"))) for one in root.iter(f"{SVG}circle")), strict=True)
    assert x[1] - x[0] == pytest.approx(x[2] - x[1], abs=0.11)
    assert y[0] - y[1] == pytest.approx(y[1] - y[2], abs=0.11)
    assert x[0] < x[1]
    assert y[0] > y[1]


def test_a_hostile_name_is_text():
    name = "<script>\x1b[31m\u202e&amp;"
    names = Axis(name, names=(name, name))
    data = (Series(name, Mark.DOT, (Datum(0.5, 0), Datum(0.25, 1))),)
    figure = Figure("f", name, name, Axis("a", (0.0, 1.0)), names, data, measured="x")
    text = svg.render(figure, "f")
    assert "<script" not in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", text)
    ET.fromstring(text)  # noqa: S314  our own text
    drawn = json.dumps(vega.specification(figure), ensure_ascii=False)
    assert not re.search(r"[\x00-\x1f\u202e]", drawn)
    assert len(vega.specification(figure)["layer"][0]["encoding"]["y"]["sort"]) == 2


def drawn_values(figure):
    """Return what Vega drew: the descriptions that it gives its marks."""
    found = vl_convert.vegalite_to_svg(vega.specification(figure), vl_version="5.20")
    root = ET.fromstring(found)  # noqa: S314  drawn from our own specification
    return [one.get("aria-label") for one in root.iter() if one.get("aria-roledescription") and one.get("aria-label")]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_vega_draws_every_datum(figure):
    labels = drawn_values(figure)
    marks = sum(len(series.data) for series in figure.series if series.mark is not Mark.LINE)
    lines = sum(series.mark is Mark.LINE for series in figure.series)
    intervals = sum(
        one.interval is not None for series in figure.series if series.mark is Mark.DOT for one in series.data
    )
    assert len(labels) >= marks + lines + intervals


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_vega_holds_the_numbers_of_the_figure(figure):
    held = [value for layer in vega.specification(figure)["layer"] for value in layer["data"]["values"]]
    for series in figure.series:
        for datum in series.data:
            places = (("x", figure.x, datum.x), ("y", figure.y, datum.y))
            wanted = {side: value for side, axis, value in places if not axis.names}
            if datum.interval is not None:
                wanted |= {"low": datum.interval[0], "high": datum.interval[1]}
            assert any(wanted.items() <= value.items() for value in held), (series.name, datum)
