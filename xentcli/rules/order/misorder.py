"""Orders: whether the columns of the scores answer for the classes in another order than they were read in.

Floor 6. Pure functions of the confusion counts. A reading must fit better beyond chance, and in a way that no honest
weakness has: not by trading a rare class for a frequent one, and better than any relation of columns to classes would
if predictions and labels were independent.
"""

from enum import Enum, auto
from math import lgamma

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Floats, Indices, Integers
from xentcli.phrases import natural
from xentcli.record import Record
from xentcli.rules.chance import LOG_LEVEL, log_more, log_tail
from xentcli.tally.counts import DENSE_LIMIT
from xentcli.task.values import integer_of

_FAR = np.int64(1) << 62


def best_assignment(counts: Integers) -> Indices:
    """Return the column of each class, all distinct, with the largest sum of counts, shape (K,).

    Of equally good ones one that leaves more classes at their own column is taken. The Hungarian method with
    potentials, K shortest paths of K steps each on the array of columns: O(K^3). Sources: Kuhn (1955), Naval
    Research Logistics 2; the shortest-path form of Jonker and Volgenant (1987), Computing 38.

    Args:
        counts: shape (K, K), not negative; their sum times 2 K is below 2^62.
    """
    size = len(counts)
    cost = -(counts * (2 * size) + np.eye(size, dtype=np.int64))
    of_class, of_column = np.zeros(size + 1, dtype=np.int64), np.zeros(size + 1, dtype=np.int64)
    owner = np.zeros(size + 1, dtype=np.intp)  # the class (from 1) of each column (from 1); column 0 starts a path
    for start in range(1, size + 1):
        owner[0] = start
        _augment(cost, of_class, of_column, owner)
    column = np.zeros(size, dtype=np.intp)
    column[owner[1:] - 1] = np.arange(size)
    return column


def _augment(cost: Integers, of_class: Integers, of_column: Integers, owner: Indices) -> None:
    """Find a column for the class that column 0 owns, moving others along the cheapest path."""
    size = len(cost)
    slack = np.full(size + 1, _FAR)
    before = np.zeros(size + 1, dtype=np.intp)
    used = np.zeros(size + 1, dtype=np.bool_)
    at = 0
    while owner[at]:
        used[at] = True
        row = owner[at]
        reduced = cost[row - 1] - of_class[row] - of_column[1:]
        closer = ~used[1:] & (reduced < slack[1:])
        slack[1:][closer] = reduced[closer]
        before[1:][closer] = at
        free = np.where(used, _FAR, slack)
        free[0] = _FAR
        nearest = int(free.argmin())
        step = free[nearest]
        of_class[owner[used]] += step
        of_column[used] -= step
        slack[~used] -= step
        at = nearest
    while at:
        owner[at] = owner[before[at]]
        at = int(before[at])


_WORTH = 0.05
"""A reading out of all orders must agree with so much larger a share of the rows."""

_RECALL = 0.1
"""The mean recall of the classes that move, above that of a guess, must grow by so much."""

_MOST = 0.75
"""Of the classes that move so many must not lose."""


class Slip(Enum):
    """How columns came to be in another order."""

    OFF_BY_ONE = auto()
    TEXT_ORDER = auto()
    OTHER = auto()


class SparseConfusion(Record):
    """Rows by true and predicted class, those pairs that occur; each array of shape (m,)."""

    true: Indices
    predicted: Indices
    rows: Integers
    classes: int

    @property
    def total(self) -> int:
        """All rows."""
        return int(self.rows.sum())

    def dense(self) -> Integers:
        """Return the counts, shape (K, K), true classes as rows."""
        counts = np.zeros((self.classes, self.classes), dtype=np.int64)
        counts[self.true, self.predicted] = self.rows
        return counts

    def by_true(self, mask: npt.NDArray[np.bool_]) -> Floats:
        """Return the rows of some pairs by true class, shape (K,)."""
        return np.bincount(self.true[mask], self.rows[mask], self.classes).astype(np.float64)

    def by_predicted(self) -> Floats:
        """Return the rows by predicted class, shape (K,)."""
        return np.bincount(self.predicted, self.rows, self.classes).astype(np.float64)


class Misorder(Record):
    """An order of columns that fits better.

    Attributes:
        slip: how it came about.
        columns: the column that answers for each class.
        moved: how many classes with rows change their column.
        now: rows that agree as it is.
        then: rows that would.
        rows: all of them.
    """

    slip: Slip
    columns: tuple[int, ...]
    moved: int
    now: int
    then: int
    rows: int

    def names(self, classes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the class of each column."""
        found = dict(zip(self.columns, classes, strict=True))
        return tuple(found[at] for at in range(len(classes)))


def misorder(cells: SparseConfusion, names: tuple[str, ...]) -> Misorder | None:
    """Return the order that fits better than the present one, None if none does beyond chance.

    The few orders that slips leave are tried by themselves; up to 200 classes, the best of all must be far better yet.
    """
    tried = (_fit(cells, columns, slip, orders=0.0) for slip, columns in _suspects(names))
    slips = [found for found in tried if found is not None]
    best = max(slips, key=lambda found: found.then, default=None)
    return _far_better(cells, best) if 3 <= len(names) <= DENSE_LIMIT else best


def _far_better(cells: SparseConfusion, known: Misorder | None) -> Misorder | None:
    """Return the order that fits best, if far better than the known one (than the present one); else the known one."""
    counts = cells.dense()
    worth = _WORTH * cells.total + (int(np.trace(counts)) if known is None else known.then)
    if counts.max(axis=1).sum() < worth:
        return known  # not even with each class at its best column
    columns = best_assignment(counts)
    moved = int(np.count_nonzero(columns != np.arange(cells.classes)))
    orders = lgamma(cells.classes + 1) - lgamma(cells.classes - moved + 1)
    found = _fit(cells, columns, Slip.OTHER, orders=orders)
    return found if found is not None and found.then >= worth else known


def _fit(cells: SparseConfusion, columns: Indices, slip: Slip, *, orders: float) -> Misorder | None:
    """Return the order if it fits better beyond chance at 1e-6, after a correction for how many were tried.

    Three things must hold: McNemar's test on the rows that agree in one order only, even without the class that gains
    most (one column that leads too often helps one class only); more agreement than if predictions
    were independent of labels, which a model that always says one class reaches; and the classes' own recalls, each
    less the share of all rows that its column leads, so that a column that leads too often gains nothing.

    Args:
        cells: the confusion counts.
        columns: shape (K,), the column of each class.
        slip: how it came about.
        orders: the log of how many orders were tried.
    """
    moves = columns != np.arange(cells.classes)
    hit, fits = cells.predicted == cells.true, cells.predicted == columns[cells.true]
    support, old, new = cells.by_true(np.ones(len(cells.true), dtype=np.bool_)), cells.by_true(hit), cells.by_true(fits)
    held = moves & (support > 0)
    if held.sum() < 2:
        return None
    luckiest = int(np.argmax(np.where(held, new - old, -np.inf)))
    others = held & (np.arange(cells.classes) != luckiest)
    if log_more(new[others].sum(), old[others].sum()) + orders > LOG_LEVEL:
        return None
    rows, then = cells.total, int(new.sum())
    by_chance = float((support / rows * cells.by_predicted()[columns] / rows).sum())
    if log_tail(then, rows, by_chance) + orders > LOG_LEVEL:
        return None
    share = cells.by_predicted() / rows
    gain = (new - old)[held] / support[held] - (share[columns] - share)[held]
    if gain.mean() < _RECALL or (gain >= 0.0).mean() < _MOST:
        return None
    return Misorder(slip, tuple(columns.tolist()), int(held.sum()), int(old.sum()), then, rows)


def _suspects(names: tuple[str, ...]) -> list[tuple[Slip, Indices]]:
    """Return the orders that slips leave, as the column of each class."""
    place, size = np.arange(len(names)), len(names)
    found = []
    if size > 2 and all(integer_of(name) == at for at, name in enumerate(names)):
        found += [(Slip.OFF_BY_ONE, (place - 1) % size), (Slip.OFF_BY_ONE, (place + 1) % size)]
    for key in (str, natural):
        by_key = sorted(range(size), key=lambda at, key=key: key(names[at]))  # type: ignore[misc]
        columns = np.empty(size, dtype=np.intp)
        columns[by_key] = place
        if (columns != place).any() and natural_differs(names):
            found.append((Slip.TEXT_ORDER, columns))
    return found


def natural_differs(names: tuple[str, ...]) -> bool:
    """Whether the order of names by text and by their numbers differ."""
    return sorted(names) != sorted(names, key=natural)
