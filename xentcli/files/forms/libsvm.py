"""LibSVM: the label first, then features as `index:value`; several labels stand with commas between them.

Floor 2. Also SVMlight's `qid:3` behind the label, and comments behind `#`.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import IO

import pyarrow as pa

from xentcli.errors import Place, UnreadableError
from xentcli.files.blob import Blob
from xentcli.files.format import Format
from xentcli.files.forms.line_table import Cells, line_table, lines_of_file
from xentcli.files.table import Table

_COMMENT = "#"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_ROW = re.compile(
    rf"(?P<label>{_NUMBER}(?:,{_NUMBER})*)?(?:\s+|^)(?:qid:(?P<query>\d+)\s+)?"
    rf"(?P<features>(?:\d+:(?:{_NUMBER}|[-+]?(?:nan|inf))\s*)*)"
)


def is_libsvm(lines: Sequence[str]) -> bool:
    """Whether lines are LibSVM's: most have features, whose indices ascend, behind a label."""
    rows = [row for row in (_bare(line) for line in lines) if row]
    found = [_ROW.fullmatch(f"{row} ") for row in rows]
    featured = [one for one in found if one is not None and one["features"]]
    labelled = [one for one in featured if one["label"]]
    if None in found or 2 * len(labelled) < len(rows):
        return False
    return all(_ascend(one["features"]) for one in featured)


def _bare(line: str) -> str:
    """Return a line without its comment and the blanks around."""
    return line.partition(_COMMENT)[0].strip()


def _ascend(features: str) -> bool:
    indices = [int(one.partition(":")[0]) for one in features.split()]
    return all(one < other for one, other in pairwise(indices))


def open_libsvm(blob: Blob, form: Format, opened: Callable[[], IO[bytes]], notes: tuple[str, ...]) -> Table:
    """Return the table of a LibSVM file: `label` or, where a row has several, `labels`, and `features` as text.

    Raises:
        UnreadableError: a line is none of LibSVM's.
    """
    lines, said = lines_of_file(blob, opened, _COMMENT)
    rows, several, queries = 0, False, False
    for at, line in lines.rows():
        found = _ROW.fullmatch(f"{_bare(line)} ")
        if found is None:
            raise UnreadableError(
                "is no row of LibSVM (label index:value ...), as the lines before it are",
                place=Place(blob.name, at),
                help="mend the line; or name the separator, as with --separator ' ', to read a table",
            )
        rows += 1
        several |= "," in (found["label"] or "") or not found["label"]
        queries |= found["query"] is not None
    label = {"labels": pa.list_(pa.string())} if several else {"label": pa.string()}
    types = {**label, **({"qid": pa.string()} if queries else {}), "features": pa.string()}
    what = "labels with commas between them" if several else "the label"
    note = f"LibSVM: {what}, then features as index:value, which are kept as text"
    return line_table(lines, form, _several if several else _single, types, rows, (*notes, *said, note))


def _single(line: str) -> Cells:
    found = _ROW.fullmatch(f"{_bare(line)} ")
    assert found is not None  # noqa: S101  the first pass looked at every line
    return {"label": found["label"], "qid": found["query"], "features": found["features"].strip() or None}


def _several(line: str) -> Cells:
    cells = dict(_single(line))
    label = cells.pop("label")
    return {**cells, "labels": label.split(",") if label else []}
