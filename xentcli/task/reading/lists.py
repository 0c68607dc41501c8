"""Lists of scores: which columns of lists may hold scores, how long their lists are, and whether they sum to 1.

Floor 3. Told by the first rows.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from xentcli.files.arrays import floats, lists
from xentcli.files.table import ReadAs, Table
from xentcli.record import Record
from xentcli.task.first_rows import first_rows
from xentcli.task.reading.candidates import Columns, list_columns
from xentcli.task.reading.group_facts import is_ranking
from xentcli.task.reading.model import LabelSource, ScoreSource
from xentcli.task.reading.names import name_of
from xentcli.task.reading.sample import Cells, kind_of
from xentcli.task.roles import ScoreForm
from xentcli.task.values import as_text

_LOOK = 1_000
_MOSTLY = 0.9


class ListFacts(Record):
    """What the lists of a column hold.

    Attributes:
        size: the most frequent length, 0 where there is no list.
        sums_to_one: whether most lists of that length do, or the exponentials of numbers at most 0.
        texts: rows by word, of lists of words.
        matrix: shape (rows, size), the lists of that length; None for words.
    """

    size: int
    sums_to_one: bool
    texts: dict[str, int]
    matrix: npt.NDArray[np.float64] | None


def list_facts(table: Table, column: str, rows: int = _LOOK) -> ListFacts:
    """Return the facts of a column of lists."""
    words = kind_of(table[column].type) is Cells.TAGS
    lengths: Counter[int] = Counter()
    texts: Counter[str] = Counter()
    pieces: list[npt.NDArray[np.float64]] = []
    for batch in first_rows(table, {column: ReadAs.NATIVE}, rows):
        cells = lists(batch.column(0))
        held = np.arange(len(cells.lengths)) if cells.null is None else np.flatnonzero(~cells.null)
        lengths.update(cells.lengths[held].tolist())
        if words:
            texts.update(as_text(tag) for cell in batch.column(0).to_pylist() for tag in cell or ())
            continue
        size = _most_frequent(lengths)
        same = held[cells.lengths[held] == size]
        if size and len(same):
            values = floats(cells.values, column).astype(np.float64)
            pieces.append(values[cells.starts[same][:, None] + np.arange(size)])
    size = _most_frequent(lengths)
    kept = [piece for piece in pieces if piece.shape[1] == size]
    matrix = np.concatenate(kept) if kept else None
    return ListFacts(size, matrix is not None and _to_one(matrix), dict(texts), matrix)


def _most_frequent(lengths: Counter[int]) -> int:
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def _to_one(matrix: npt.NDArray[np.float64]) -> bool:
    with np.errstate(over="ignore", invalid="ignore"):
        logs = bool((matrix <= 1e-6).all() and (matrix < -1e-6).any())
        total = (np.exp(matrix) if logs else matrix).sum(axis=1)
        inside = logs or bool((matrix >= -1e-6).all())
        return inside and bool(np.count_nonzero(np.abs(total - 1.0) <= 1e-2) >= _MOSTLY * len(matrix))


def list_scores(columns: Columns, labels: LabelSource) -> Iterator[tuple[ScoreSource, ListFacts]]:
    """Yield the list columns that may hold scores, with what their rows are."""
    own = set(labels.columns)
    free = [name for name in columns.of_scores() if name not in own]
    found = list_columns(columns, free)
    for name in found:
        facts = list_facts(columns.table, name)
        said = name_of(name)
        words = said.score or said.predicted
        if facts.size and not is_ranking(facts.matrix) and (words or facts.sums_to_one or len(free) == 1):
            yield (
                ScoreSource(
                    (name,), ScoreForm.LIST, affix=name, words=words, sums=facts.sums_to_one, derived=said.derived
                ),
                facts,
            )
