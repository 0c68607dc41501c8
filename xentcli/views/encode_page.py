"""The page of `xent encode`: what was read, what was written, and where the class order is kept.

Floor 8. Formats a finished result; computes nothing.
"""

from collections.abc import Iterator

from xentcli.phrases import counted
from xentcli.results import Encoded, LabelRows, Written
from xentcli.terms import Encoding
from xentcli.views import numbers
from xentcli.views.page import Block, Bullets, Facts, Heading, Page, Sentence

SHOWN = 12


def encode_page(found: Encoded) -> Page:
    """Return the page."""
    return Page(tuple(_blocks(found)))


def _blocks(found: Encoded) -> Iterator[Block]:
    yield Heading(found.output.path or found.source.path)
    yield Sentence(_what(found), strong=True)
    yield Facts(tuple(_facts(found)))
    because = (*found.because, *found.source.notes)
    if because:
        yield Sentence(f"How {found.source.path} was read:")
        yield Bullets(because)


def _what(found: Encoded) -> str:
    task = found.task
    kind = task.kind.value if task.kind is not None else ""
    written = task.encoding.value if isinstance(task.encoding, Encoding) else ""
    rows = numbers.counted(found.source.rows, "row")
    return f"{rows} of {found.source.path} ({kind}, {written}) are now {found.to.value}."


def _facts(found: Encoded) -> Iterator[tuple[str, str]]:
    output = found.output
    if output.path is not None:
        yield "file", f"{output.path} ({output.format})"
    yield "labels", f"{_columns(output)}, {output.dtype}, shape {_shape(output.shape)}"
    if output.id is not None:
        yield "ids", f"column {output.id}"
    yield "rows", _rows(found.rows)
    yield numbers.counted(len(found.classes), "class"), _listed(found.classes)
    if found.positive is not None and found.to not in {Encoding.ONE_HOT, Encoding.CLASS_NAMES}:
        yield "positive", f"{found.positive} (--positive overrides)"
    if output.classes_in is not None:
        yield "class order", f"kept in {output.classes_in}"


def _rows(rows: LabelRows) -> str:
    parts = [f"{numbers.count(rows.written)} of {numbers.count(rows.read)} written"]
    if rows.missing_label:
        parts.append(f"{numbers.count(rows.missing_label)} without a label, left empty")
    if rows.bad:
        parts.append(f"{numbers.count(rows.bad)} bad and skipped")
    return ", ".join(parts)


def _columns(output: Written) -> str:
    noun = "column" if len(output.columns) == 1 else counted(len(output.columns), "column")
    return f"{noun} {_listed(output.columns)}"


def _listed(names: tuple[str, ...]) -> str:
    more = f", ... ({len(names):,} in all)" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(str(size) for size in shape)}{',' if len(shape) == 1 else ''})"
