"""Drawing a sheet: the template filled with it, under a policy that names the hashes of its style and its script.

Floor 8. The template escapes every text; what a terminal or runner would obey is written out before.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from xentcli.views.figures import svg
from xentcli.views.figures.model import Figure
from xentcli.views.figures.table import table
from xentcli.views.html.embedded import Embedded
from xentcli.views.html.model import Sheet
from xentcli.views.html.sections import runs
from xentcli.views.html.why import why
from xentcli.views.page import Facts, whereabouts
from xentcli.views.safe import printable

_FOLDER = Path(__file__).parent

_OUTER = (":root", "html", "body")
"""What a rule may be of that a notebook has once for all cells."""


def draw(sheet: Sheet, document: Embedded) -> str:
    """Return the page as text that ends in a line end."""
    style, script = (_own(name) for name in ("report.css", "report.js"))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}';"
        " base-uri 'none'; form-action 'none'"
    )
    return _template("report.html.j2").render(
        sheet=sheet, whole=True, policy=policy, style=Markup(style), script=Markup(script),  # noqa: S704  the package's own files
        document=Markup(document.text), left_out=document.left_out,  # noqa: S704  no character of it is markup
    )  # fmt: skip


def fragment(sheet: Sheet) -> str:
    """Return the part of the page that a notebook shows: without script, and with a style that reaches nothing else.

    The rules of the style are nested in the class of the one element around all.
    """
    style = _own("report.css")
    for outer in _OUTER:
        style = style.replace(f"{outer} {{", "& {")
    return _template("fragment.html.j2").render(sheet=sheet, whole=False, style=Markup(style))  # noqa: S704  likewise


def _own(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}"


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, finalize=_made_safe,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {
        "kind": lambda block: type(block).__name__, "svg": _svg, "table": table, "why": why, "groups": _groups,
        "code": _code, "where": whereabouts, "runs": runs,
    }  # fmt: skip
    return environment.get_template(name)


def _made_safe(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _svg(figure: Figure, identity: str, width: float = svg.WIDTH) -> Markup:
    return Markup(svg.render(figure, identity, width))  # noqa: S704  ElementTree escaped every text


def _groups(facts: Facts) -> list[tuple[str, list[str]]]:
    """Return names with all their lines: a line without a name goes on with the one above."""
    found: list[tuple[str, list[str]]] = []
    for name, text in facts.rows:
        if name or not found:
            found.append((name, []))
        found[-1][1].append(text)
    return found


def _code(text: str) -> Markup:
    """Return program text whose line ends stay."""
    return Markup("\n").join(printable(line) for line in text.split("\n"))
