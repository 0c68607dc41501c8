"""Line forms: fastText's and LibSVM's files, each line of which is a row that a rule parses.

Floor 2.

Line tables: files whose every line is a row of its own, parsed by a rule instead of a separator. One pass decides
what holds for the whole file and counts its rows; later passes follow. Blank lines are no rows. Memory holds a
batch of lines at a time.

fastText: lines of text of which every word that starts with `__label__` is a label. Also what `fasttext predict`
and `predict-prob` print: a label, or a label and its probability.

LibSVM: the label first, then features as `index:value`; several labels stand with commas between them. Also
SVMlight's `qid:3` behind the label, and comments behind `#`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import IO, Any

import pyarrow as pa

from xentcli.errors import Place, UnreadableError
from xentcli.files.blob import Blob
from xentcli.files.format import Format
from xentcli.files.streams import BROKEN, broken
from xentcli.files.table import Column, ReadAs, Table
from xentcli.files.text.lines import text_lines
from xentcli.files.text.numbers import number
from xentcli.record import Record

BATCH_ROWS = 1 << 14

Cells = Mapping[str, Any]
"""The cells of a row by column; a column that is not there is empty."""


class RowLines(Record):
    """The lines of a file that are rows.

    Attributes:
        name: of the file.
        opened: returns a stream of its bytes, from the start.
        encoding: of these.
        comment: what begins a comment that goes to the end of its line; None where nothing does.
    """

    name: str
    opened: Callable[[], IO[bytes]]
    encoding: str
    comment: str | None = None

    def rows(self) -> Iterator[tuple[int, str]]:
        """Yield (line from 1, its text without the end) of every line that is not blank, nor a comment alone."""
        try:
            for at, line in enumerate(text_lines(self.opened, self.encoding, errors="strict"), start=1):
                plain = line.rstrip("\r\n").removeprefix("\ufeff")
                said = plain if self.comment is None else plain.partition(self.comment)[0]
                if said.strip():
                    yield at, plain
        except BROKEN as error:
            raise broken(self.name, error) from error

    def lines_of(self, rows: tuple[int, ...]) -> dict[int, int]:
        """Return the line of each of some rows, both from 1."""
        wanted = set(rows)
        numbered = enumerate(islice(self.rows(), max(wanted, default=0)), start=1)
        return {row: line for row, (line, _) in numbered if row in wanted}


def lines_of_file(
    blob: Blob, opened: Callable[[], IO[bytes]], comment: str | None = None
) -> tuple[RowLines, tuple[str, ...]]:
    """Return the lines of a file: UTF-8, else Latin-1 with a note that says so."""
    lines = RowLines(blob.name, opened, "utf-8", comment)
    try:
        for _ in lines.rows():
            pass
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        lines = RowLines(blob.name, opened, "latin-1", comment)
        return lines, (f"not UTF-8 (byte 0x{byte:02x}): read as Latin-1",)
    return lines, ()


class LinePart(Record):
    """All rows of a file, parsed line by line."""

    lines: RowLines
    parse: Callable[[str], Cells]
    types: Mapping[str, pa.DataType]
    rows: int

    def read(self, columns: Mapping[str, ReadAs]) -> Iterator[pa.RecordBatch]:
        """See `Part.read`."""
        rows = self.lines.rows()
        while held := [self.parse(line) for _, line in islice(rows, BATCH_ROWS)]:
            arrays = [self._array([cells.get(name) for cells in held], name, how) for name, how in columns.items()]
            yield pa.RecordBatch.from_arrays(arrays, names=list(columns))

    def _array(self, cells: list[Any], name: str, how: ReadAs) -> pa.Array:
        kind = self.types[name]
        if how is ReadAs.NUMBER and pa.types.is_string(kind):
            from xentcli.files.text.numbers import number  # noqa: PLC0415  labels are mostly read as they stand

            return pa.array([None if cell is None else number(cell) for cell in cells], type=pa.float64())
        return pa.array(cells, type=kind)


def line_table(
    lines: RowLines,
    form: Format,
    parse: Callable[[str], Cells],
    types: Mapping[str, pa.DataType],
    rows: int,
    notes: tuple[str, ...],
) -> Table:
    """Return the table of a file whose lines are rows."""
    columns = tuple(Column(name, kind) for name, kind in types.items())
    return Table(lines.name, form, columns, (LinePart(lines, parse, types, rows),), rows, notes, lines.lines_of)


PREFIX = "__label__"

_ENOUGH = 0.9
"""Share of lines with a label from which on a file is fastText's: a line may have none."""

_LABELS = re.compile(rf"(?:^|(?<=\s)){PREFIX}(\S+)")


def is_fasttext(lines: Sequence[str]) -> bool:
    """Whether lines are fastText's; cells after commas that hold such labels are those of a table."""
    found = [_LABELS.findall(line) for line in lines]
    held = [labels for labels in found if labels]
    in_cells = all("," in labels[0] for labels in held)
    return bool(found[0]) and len(held) >= _ENOUGH * len(lines) and not in_cells


def open_fasttext(blob: Blob, form: Format, opened: Callable[[], IO[bytes]], notes: tuple[str, ...]) -> Table:
    """Return the table of a fastText file: `label` or, where a line has several, `labels`, and `text`.

    Raises:
        UnreadableError: it holds several labels a line with a probability each.
    """
    lines, said = lines_of_file(blob, opened)
    rows = most = ranked = several = texts = 0
    for _, line in lines.rows():
        labels, text = _parsed(line)
        rows += 1
        most = max(most, len(labels))
        texts += bool(text)
        ranked += bool(labels) and _are_scores(text, len(labels))
        several += len(labels) > 1
    if ranked == rows and several:
        raise UnreadableError(
            "holds several labels a line, each with its probability, as fasttext predict-prob prints them:"
            " the labels that it leaves out have no score",
            place=Place(blob.name),
            help="print the probabilities of all labels into a column each, or the first label alone (k = 1)",
        )
    if ranked == rows:
        types = {"predicted": pa.string(), "confidence": pa.float64()}
        note = "fastText's output: a predicted label and its probability a line"
        return line_table(lines, form, _predicted, types, rows, (*notes, *said, note))
    text_type = {"text": pa.string()} if texts else {}
    if most > 1:
        note = f"fastText: up to {most} labels a line, as words that start with {PREFIX}"
        types = {"labels": pa.list_(pa.string()), **text_type}
        return line_table(lines, form, _with_labels, types, rows, (*notes, *said, note))
    note = f"fastText: a label a line, as a word that starts with {PREFIX}"
    return line_table(lines, form, _with_label, {"label": pa.string(), **text_type}, rows, (*notes, *said, note))


def _parsed(line: str) -> tuple[tuple[str, ...], str]:
    """Return the different labels of a line, in their order, and its text."""
    labels = tuple(dict.fromkeys(_LABELS.findall(line)))
    return labels, " ".join(_LABELS.sub("", line).split())


def _are_scores(text: str, labels: int) -> bool:
    numbers = [number(word) for word in text.split()]
    return len(numbers) == labels and all(one is not None and 0.0 <= one <= 1.001 for one in numbers)


def _with_label(line: str) -> Cells:
    labels, text = _parsed(line)
    return {"label": labels[0] if labels else None, "text": text or None}


def _with_labels(line: str) -> Cells:
    labels, text = _parsed(line)
    return {"labels": list(labels) or None, "text": text or None}


def _predicted(line: str) -> Cells:
    labels, text = _parsed(line)
    return {"predicted": labels[0], "confidence": number(text)}


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
    return line_table(lines, form, _several if several else _featured, types, rows, (*notes, *said, note))


def _featured(line: str) -> Cells:
    found = _ROW.fullmatch(f"{_bare(line)} ")
    assert found is not None  # noqa: S101  the first pass looked at every line
    return {"label": found["label"], "qid": found["query"], "features": found["features"].strip() or None}


def _several(line: str) -> Cells:
    cells = dict(_featured(line))
    label = cells.pop("label")
    return {**cells, "labels": label.split(",") if label else []}
