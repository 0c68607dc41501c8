"""Slices: the loss and the accuracy of groups of rows, by the values of some columns.

Floor 4. A mergeable part of every Tally. Groups are numbered as they are met, so numbers differ between threads:
merging goes by the values.
"""

import numpy as np
import pyarrow as pa

from xentcli.arrays import Floats, Indices, Integers, Mask
from xentcli.errors import UsageError
from xentcli.files.arrays import is_list, nulls, view
from xentcli.files.batches import refuse_long_cells
from xentcli.record import MutableRecord, field
from xentcli.tally.counts import grouped
from xentcli.tally.exact import ExactSums
from xentcli.task.values import as_text

MOST = 1_000
"""More groups than this are no slices."""

Values = tuple[str | None, ...]
"""The values of a group, one a column; None for an empty cell."""

_SUMS = ("loss", "loss_square")
_WEIGHTED = ("weight", "weight_loss", "weight_hit", "square", "square_loss", "square_loss_square", "square_hit")


class Slices(MutableRecord):
    """The sums of the groups of one slicing.

    Attributes:
        columns: whose values tell the groups.
        weighted: whether rows have weights.
        groups: the number of each group.
        rows: shape (MOST,), scored rows by group.
        hits: shape (MOST,), those that are right.
        sums: exact sums by name: of the loss and its square; with weights w also of w, w l, w h, w^2, w^2 l, w^2 l^2
            and w^2 h.
    """

    columns: tuple[str, ...]
    weighted: bool = False
    groups: dict[Values, int] = field(default_factory=dict)
    rows: Integers = field(default_factory=lambda: np.zeros(MOST, dtype=np.int64))
    hits: Integers = field(default_factory=lambda: np.zeros(MOST, dtype=np.int64))
    sums: dict[str, ExactSums] = field(init=False)

    def __post_init__(self) -> None:
        """Start with all sums 0."""
        self.sums = {name: ExactSums(MOST) for name in (_WEIGHTED if self.weighted else _SUMS)}

    def code(self, batch: pa.RecordBatch) -> Indices:
        """Return the group of each row of a batch, shape (n,).

        Raises:
            UsageError: there are too many groups, or a column holds lists.
        """
        coded = [_coded(batch.column(batch.schema.get_field_index(name)), name) for name in self.columns]
        at, values = coded[0]
        held = [(value,) for value in values]
        for other, more in coded[1:]:
            at = at * len(more) + other
            distinct, at = np.unique(at, return_inverse=True)
            pairs = [divmod(one, len(more)) for one in distinct.tolist()]
            held = [(*held[left], more[right]) for left, right in pairs]
        occurring = np.bincount(at, minlength=len(held)) > 0
        numbers = [self._number(one) if used else 0 for one, used in zip(held, occurring.tolist(), strict=True)]
        return np.asarray(numbers, dtype=np.intp)[at]

    def _number(self, values: Values) -> int:
        found = self.groups.setdefault(values, len(self.groups))
        if found >= MOST:
            named = "+".join(self.columns)
            raise UsageError(
                f"{named} makes more than {MOST:,} groups",
                option="by",
                help="slice by a column of few values, such as a country or a source",
            )
        return found

    def add(self, groups: Indices, loss: Floats, hit: Mask, weights: Floats | None) -> None:
        """Add rows by group, loss, whether they are right, and weight; each of shape (n,)."""
        self.rows += np.bincount(groups, minlength=MOST)
        self.hits += np.bincount(groups[hit], minlength=MOST)
        by_group = grouped(groups, MOST)
        if weights is None:
            self.sums["loss"].add(loss, by_group)
            self.sums["loss_square"].add(loss * loss, by_group)
            return
        square = weights * weights
        each = (weights, weights * loss, weights * hit, square, square * loss, square * (loss * loss), square * hit)
        for name, values in zip(_WEIGHTED, each, strict=True):
            self.sums[name].add(values, by_group)

    def merge(self, other: "Slices") -> None:
        """Add another one's groups to these."""
        at = np.array([self._number(values) for values in other.groups], dtype=np.intp)
        count = len(at)
        self.rows[at] += other.rows[:count]
        self.hits[at] += other.hits[:count]
        for name, sums in self.sums.items():
            sums.merge_into(other.sums[name], at)


def _coded(array: pa.Array, name: str) -> tuple[Indices, list[str | None]]:
    """Return the code of each cell, shape (n,), and the value of each code."""
    if is_list(array.type):
        raise UsageError(f"{name} holds lists", option="by", help="slice by a column of plain cells")
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    held = encoded.dictionary.to_pylist()
    at = view(encoded.indices).astype(np.intp)
    missing = nulls(encoded.indices)
    if missing is not None:
        at[missing] = len(held)
    # A dictionary may itself hold nulls or NaN, or a value twice.
    texts = [None if value is None or value != value else as_text(value) for value in held]  # noqa: PLR0124
    refuse_long_cells(texts, name)
    return at, [*texts, None]
