"""Refused forms: text files whose lines are no answers of one row each: CoNLL, TREC's and YOLO's.

Floor 2. Each test is of many facts at once, so that a table of numbers or words is never taken for one.
"""

import re
from collections.abc import Sequence
from pathlib import PurePath

from xentcli.files.text.numbers import number

Refusal = tuple[str, str]
"""What the file is, and what to do."""

_AS_TABLE = "to read the lines as the rows of a table all the same, name what stands between cells: --separator ' '"
_BIO = re.compile(r"O|[BIESLUM]-\S+")
_WIDEST = 64
_EDGE = 0.01
"""How far a box of YOLO may stand out of its image, of the image's size; annotators draw beyond the edge."""

_BEIR = ("query-id", "corpus-id", "score")
_GRADES = range(-2, 11)
_SENTENCE_ENDS = frozenset(".?!。")


def refusal(lines: Sequence[str], name: str) -> Refusal | None:
    """Return what some lines of a file are, and what to do; None where they may be a table.

    Args:
        lines: from the start of the file, blank ones too.
        name: of the file.
    """
    rows = [line.split() for line in lines if line.strip()]
    return _conll(lines) or _trec(rows, name) or _yolo(rows)


def _conll(lines: Sequence[str]) -> Refusal | None:
    """Tell a token a line, with a blank line behind each sentence."""
    groups = _sentences(lines)
    rows = [row for group in groups for row in group]
    widths = {len(row) for row in rows}
    if len(groups) < 2 or len(widths) != 1 or not 2 <= min(widths) <= _WIDEST:
        return None
    columns = list(zip(*rows, strict=True))
    tagged = any("O" in column and all(_BIO.fullmatch(cell) for cell in column) for column in columns[1:])
    ends = sum(group[-1][0] in _SENTENCE_ENDS for group in groups)
    if not (tagged or _is_universal(groups) or 2 * ends >= len(groups)):
        return None
    return (
        "holds a token a line and a blank line behind each sentence (CoNLL): a tag for each token, no answer a row",
        f"score taggers by entity, as seqeval does; {_AS_TABLE}",
    )


def _sentences(lines: Sequence[str]) -> list[list[list[str]]]:
    """Return the cells of each token of each group between blank lines; comments and document marks are left out."""
    tabs = any("\t" in line for line in lines)
    groups: list[list[list[str]]] = [[]]
    for line in lines:
        if not line.strip():
            groups.append([])
        elif not line.startswith(("# ", "-DOCSTART-")):
            groups[-1].append(line.split("\t") if tabs else line.split())
    return [group for group in groups if group]


def _is_universal(groups: Sequence[Sequence[Sequence[str]]]) -> bool:
    """Whether groups are sentences of Universal Dependencies: ten cells a token, which are counted from 1."""
    return all(len(group[0]) == 10 and group[0][0].partition("-")[0] == "1" for group in groups)


def _trec(rows: Sequence[Sequence[str]], name: str) -> Refusal | None:
    """Tell judgements of documents for queries (qrels), and runs of a search engine."""
    if tuple(rows[0]) == _BEIR:
        return _qrels("query, document, grade")
    if all(len(row) == 6 and row[1].upper() == "Q0" for row in rows):
        return (
            "is a run of TREC (query Q0 document rank score run): a ranking of documents for each query, no classes",
            "score rankings with trec_eval or ranx",
        )
    if not all(len(row) == 4 and row[1] in {"0", "Q0"} and _is_grade(row[3]) for row in rows):
        return None
    if not ("qrel" in PurePath(name).name.casefold() or _are_judgements(rows)):
        return None
    return _qrels("query 0 document grade")


def _qrels(columns: str) -> Refusal:
    return (
        f"holds relevance judgements (qrels: {columns}): they belong to rankings, not to a classifier",
        f"score rankings with trec_eval or ranx; {_AS_TABLE} --no-header",
    )


def _are_judgements(rows: Sequence[Sequence[str]]) -> bool:
    """Whether each pair of query and document stands once, queries come back, and documents have names."""
    pairs, queries = {(row[0], row[2]) for row in rows}, {row[0] for row in rows}
    return len(pairs) == len(rows) > len(queries) and any(number(row[2]) is None for row in rows)


def _is_grade(cell: str) -> bool:
    value = number(cell)
    return value is not None and value in _GRADES


def _yolo(rows: Sequence[Sequence[str]]) -> Refusal | None:
    """Tell boxes in an image: class, centre x and y, width and height, as shares of the image's size."""
    boxes = [_box(row) for row in rows]
    if None in boxes or not all(any("." in cell for cell in row[1:]) for row in rows):
        return None
    totals = [sum(box) for box in boxes if box is not None]
    if all(abs(total - 1.0) < _EDGE for total in totals):
        return None  # a label and four probabilities
    return (
        "holds a box a line, as YOLO writes the objects of one image (class x y width height): no answer a row",
        f"score detections with a detection metric such as mAP; {_AS_TABLE} --no-header",
    )


def _box(row: Sequence[str]) -> tuple[float, ...] | None:
    """Return centre and size of a box that lies in its image; a sixth cell is the detector's confidence."""
    if len(row) not in {5, 6} or not row[0].isdigit():
        return None
    numbers = [number(cell) for cell in row[1:]]
    shares = [one for one in numbers if one is not None and 0.0 <= one <= 1.0]
    if len(shares) < len(row) - 1:
        return None
    inside = all(
        size > 0.0 and centre - size / 2 >= -_EDGE and centre + size / 2 <= 1.0 + _EDGE
        for centre, size in zip(shares[:2], shares[2:4], strict=True)
    )
    return tuple(shares[:4]) if inside else None
