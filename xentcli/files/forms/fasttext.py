"""fastText: lines of text of which every word that starts with `__label__` is a label.

Floor 2. Also what `fasttext predict` and `predict-prob` print: a label, or a label and its probability.
"""

import re
from collections.abc import Callable, Sequence
from typing import IO

import pyarrow as pa

from xentcli.errors import Place, UnreadableError
from xentcli.files.blob import Blob
from xentcli.files.format import Format
from xentcli.files.forms.line_table import Cells, line_table, lines_of_file
from xentcli.files.table import Table
from xentcli.files.text.numbers import number

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
        return line_table(lines, form, _several, types, rows, (*notes, *said, note))
    note = f"fastText: a label a line, as a word that starts with {PREFIX}"
    return line_table(lines, form, _single, {"label": pa.string(), **text_type}, rows, (*notes, *said, note))


def _parsed(line: str) -> tuple[tuple[str, ...], str]:
    """Return the different labels of a line, in their order, and its text."""
    labels = tuple(dict.fromkeys(_LABELS.findall(line)))
    return labels, " ".join(_LABELS.sub("", line).split())


def _are_scores(text: str, labels: int) -> bool:
    numbers = [number(word) for word in text.split()]
    return len(numbers) == labels and all(one is not None and 0.0 <= one <= 1.001 for one in numbers)


def _single(line: str) -> Cells:
    labels, text = _parsed(line)
    return {"label": labels[0] if labels else None, "text": text or None}


def _several(line: str) -> Cells:
    labels, text = _parsed(line)
    return {"labels": list(labels) or None, "text": text or None}


def _predicted(line: str) -> Cells:
    labels, text = _parsed(line)
    return {"predicted": labels[0], "confidence": number(text)}
