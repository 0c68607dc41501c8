"""Assignment: which column answers for which class, so that most rows agree.

Floor 6. Pure.
"""

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Indices = npt.NDArray[np.intp]

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
