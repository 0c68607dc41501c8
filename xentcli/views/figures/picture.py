"""Picture: one figure by itself, with its title and its legend, in the forms that papers, pages and notebooks take.

Floor 8. As SVG it has its own colours, those of light paper, and no variables; PNG is drawn from that by resvg.
"""

from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from xentcli.errors import UsageError, did_you_mean
from xentcli.options.forms import Plot
from xentcli.record import Record
from xentcli.scoring.model import Score
from xentcli.views import json
from xentcli.views.figures import svg, vega
from xentcli.views.figures.model import Figure, Mark, Series
from xentcli.views.figures.score_figures import score_figures
from xentcli.views.safe import printable
from xentcli.views.shorten import shortened

_NAMES = {
    Plot.RELIABILITY: ("reliability",), Plot.SCORES: ("scores",), Plot.ROC: ("roc",), Plot.PR: ("precision-recall",),
    Plot.CONFUSION: ("confusion",), Plot.LOSS: ("losses",), Plot.CLASSES: ("classes",), Plot.SHARES: ("shares",),
    Plot.SLICES: ("slices-loss", "slices-accuracy"),
}  # fmt: skip
"""The figures that each word stands for, the one that is taken first; tests hold that it is all of them."""

_TITLE, _MARGIN, _LEGEND = 30.0, 10.0, 22.0
_CHARACTER, _KEY, _GAP = 6.8, 24.0, 14.0
_LONGEST_TITLE = 60

_PNG_ZOOM = 2
"""Pixels for each unit of the drawing: sharp on paper and on dense screens."""

_STYLE = """
text { fill: #525d73; font-family: "Noto Sans", "DejaVu Sans", "Liberation Sans", Arial, sans-serif; font-size: 12px; }
text.head { fill: #18202e; font-size: 15px; font-weight: 700; }
text.axis { font-weight: 600; }
.paper { fill: #ffffff; }
.grid path { stroke: #dde1e9; stroke-width: 1; fill: none; }
.dot .interval { stroke-width: 2; }
.ring circle { fill: #ffffff; stroke-width: 2; }
.bar.quiet rect { fill-opacity: 0.45; }
.line path { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
.limit path { stroke-width: 2; }
.line.quiet path, .limit.quiet path { stroke-width: 1.3; stroke-dasharray: 4 4; }
.zone rect { fill: #fbe4e0; }
.cell rect { fill: #7aa7f8; }
.cell.bad rect { fill: #f3997f; }
.cell text { fill: #18202e; font-size: 11.5px; }
"""


class Picture(Record):
    """A figure of a score. A notebook shows it as SVG.

    Attributes:
        figure: what is shown.
    """

    figure: Figure

    def to_svg(self) -> str:
        """Return a file of SVG, with the title, the legend and a white ground."""
        return _alone(self.figure)

    def to_png(self) -> bytes:
        """Return a file of PNG, at two pixels for each unit of the SVG.

        Raises:
            UsageError: the package that draws it is not installed, or no font is.
        """
        try:
            import resvg_py  # noqa: PLC0415  an extra
        except ImportError as error:
            raise UsageError(
                "PNG needs the extra `png`, which is not installed",
                help="pip install 'xentcli[png]', or write .svg, which needs nothing",
            ) from error
        if resvg_py.svg_to_bytes(svg_string=_letters("x")) == resvg_py.svg_to_bytes(svg_string=_letters("")):
            raise UsageError(
                "PNG needs a font, and none was found: its texts would be missing",
                help="install one, such as DejaVu Sans, or write .svg, which takes the fonts of whoever looks at it",
            )
        return bytes(resvg_py.svg_to_bytes(svg_string=self.to_svg(), zoom=_PNG_ZOOM))

    def to_vega_lite(self) -> dict[str, Any]:
        """Return the specification of Vega-Lite, version 5, which holds its data."""
        return vega.specification(self.figure)

    def to_json(self) -> str:
        """Return that specification as text."""
        return json.render(self.to_vega_lite())

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def __repr__(self) -> str:
        """Return what is seen, in a line."""
        return f"<Picture {self.figure.name}: {self.figure.sentence}>"


def plot_named(word: str) -> Plot:
    """Return the figure that a word names.

    Raises:
        UsageError: there is none.
    """
    known = [str(one) for one in Plot]
    if word in known:
        return Plot(word)
    close = did_you_mean(word, known)
    hint = f"did you mean {close}?" if close else f"the figures are {', '.join(known)}"
    raise UsageError(f"there is no figure {word!r}", help=hint)


def picture_of(score: Score, plot: Plot) -> Picture:
    """Return the picture of a score that a word stands for.

    Raises:
        UsageError: the score has no such figure, or several.
    """
    figures = tuple(score_figures(score))
    for name in _NAMES[plot]:
        found = [one for one in figures if one.name == name]
        if len(found) > 1:
            titles = ", ".join(repr(one.title) for one in found)
            raise UsageError(
                f"{plot.value} is {len(found)} figures here: {titles}",
                help="name the columns of one output with --label and --scores, or slice by one column with --by",
            )
        if found:
            return Picture(found[0])
    held = [plot.value for plot in Plot if any(one.name in _NAMES[plot] for one in figures)]
    why = "; slices come from --by COLUMN" if plot is Plot.SLICES else ""
    raise UsageError(f"there is no figure {plot.value} of this score", help=f"it has {', '.join(held) or 'none'}{why}")


def _letters(text: str) -> str:
    """Return a drawing of a text alone."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="2" y="16">{text}</text></svg>'


def _alone(figure: Figure) -> str:
    """Return a figure as a file of SVG: its title above it, its legend below."""
    inner, height = svg.drawing(figure, "figure")
    legend = list(_placed(figure.series)) if len(figure.series) > 1 else []
    lines = 1 + max((line for _, _, line in legend), default=-1)
    whole = _TITLE + height + lines * _LEGEND + _MARGIN
    root = Element("svg", {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {svg.WIDTH:g} {whole:.0f}", "width": f"{svg.WIDTH:g}",
        "height": f"{whole:.0f}", "role": "img", "aria-labelledby": "figure-title figure-desc",
    })  # fmt: skip
    SubElement(root, "style").text = _STYLE + "".join(_toned())
    SubElement(root, "rect", {"class": "paper", "width": "100%", "height": "100%"})
    title = SubElement(root, "text", {"class": "head", "x": "12", "y": "22"})
    title.text = shortened(printable(figure.title), _LONGEST_TITLE, "…")
    for name in ("xmlns", "role", "aria-labelledby"):
        del inner.attrib[name]
    inner.attrib |= {"y": f"{_TITLE:g}", "width": f"{svg.WIDTH:g}", "height": f"{height:g}"}
    root.append(inner)
    for series, x, line in legend:
        _key(root, series, x, _TITLE + height + _LEGEND * (line + 0.5))
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _toned() -> Iterable[str]:
    for tone, colour in vega.COLOURS.items():
        yield f".dot.{tone} circle, .bar.{tone} rect {{ fill: {colour}; }}\n"
        yield f".dot.{tone} path, .ring.{tone} circle, .line.{tone} path, .limit.{tone} path {{ stroke: {colour}; }}\n"


def _placed(series: Iterable[Series]) -> Iterable[tuple[Series, float, int]]:
    """Yield the series of a legend, each with its place: how far from the left, and in which line."""
    x, line = 12.0, 0
    for one in series:
        wide = _KEY + _CHARACTER * len(printable(one.name)) + _GAP
        if x > 12.0 and x + wide > svg.WIDTH:
            x, line = 12.0, line + 1
        yield one, x, line
        x += wide


def _key(root: Element, series: Series, x: float, y: float) -> None:
    group = SubElement(root, "g", {"class": f"{series.mark} {series.tone}"})
    if series.mark in {Mark.DOT, Mark.RING}:
        SubElement(group, "circle", {"cx": f"{x + 9:g}", "cy": f"{y:g}", "r": "4.5"})
    elif series.mark in {Mark.LINE, Mark.LIMIT}:
        SubElement(group, "path", {"d": f"M{x:g} {y:g}H{x + 18:g}"})
    else:
        SubElement(group, "rect", {"x": f"{x + 2:g}", "y": f"{y - 5:g}", "width": "14", "height": "10"})
    text = SubElement(root, "text", {"x": f"{x + _KEY:g}", "y": f"{y + 4:g}"})
    text.text = printable(series.name)
