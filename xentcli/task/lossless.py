"""Lossless: rows that a target encoding cannot say are counted, so that none is changed in silence.

Floor 3. Counts over the batches of a table, with the first rows of each kind; the refusal names them all.
"""

import numpy as np
import numpy.typing as npt

from xentcli.errors import BadRowsError, Place
from xentcli.record import MutableRecord, field
from xentcli.task.canonical import Labels
from xentcli.task.encoding import HOT, Target
from xentcli.task.model import Encoding
from xentcli.words import counted
from xentcli.arrays import Mask

FIRST_ROWS = 5



class Kept(MutableRecord):
    """Rows of one kind: how many, and the first of them, from 1."""

    rows: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, mask: Mask, start: int) -> None:
        """Add the rows of a batch that starts at row `start`, from 0."""
        found = np.flatnonzero(mask)
        self.rows += len(found)
        self.first += (start + 1 + found[: FIRST_ROWS - len(self.first)]).tolist()

    @property
    def shown(self) -> str:
        """The first rows as a sentence shows them."""
        more = ", ..." if self.rows > len(self.first) else ""
        return ", ".join(str(row) for row in self.first) + more


class Losses(MutableRecord):
    """What a target encoding would lose of a table.

    Attributes:
        target: the target.
        array: whether it becomes an array, which cannot say that a cell is missing.
        skip: whether wrong rows are left out, so that they lose nothing in silence.
        rows: seen.
        missing: rows without a label.
        wrong: rows whose cells the reading does not cover.
        several: rows with several labels, where the target takes one.
        none: rows without any, likewise.
        open: rows that leave some labels open, where the target cannot.
        holes: rows that are missing or open, in an array.
    """

    target: Target
    array: bool = False
    skip: bool = False
    rows: int = 0
    missing: int = 0
    wrong: Kept = field(default_factory=Kept)
    several: Kept = field(default_factory=Kept)
    none: Kept = field(default_factory=Kept)
    open: Kept = field(default_factory=Kept)
    holes: Kept = field(default_factory=Kept)

    def add(self, labels: Labels) -> None:
        """Count the rows of the next batch."""
        self.wrong.add(labels.wrong, self.rows)
        open_ = np.zeros(len(labels.missing), dtype=np.bool_)
        if labels.unknown is not None:
            open_ = np.asarray(labels.unknown.any(axis=0)) & ~labels.missing
        good = ~labels.missing & ~labels.wrong
        multiple = self.target.encoding in {Encoding.MULTI_HOT, Encoding.TAG_LISTS}
        if labels.hot is not None and not multiple:
            number = np.count_nonzero(labels.hot, axis=0)
            self.several.add(good & (number > 1), self.rows)
            self.none.add(good & (number == 0) & ~open_, self.rows)
        if self.target.encoding is not Encoding.MULTI_HOT:
            self.open.add(open_ & good, self.rows)
        if self.array and self.target.encoding is not Encoding.CLASS_NAMES:
            self.holes.add(labels.missing | open_, self.rows)
        self.missing += int(np.count_nonzero(labels.missing))
        self.rows += len(labels.missing)

    @property
    def lossless(self) -> bool:
        """Whether nothing would be lost so far."""
        if self.wrong.rows and not self.skip:
            return False
        return not any(one.rows for one in (self.several, self.none, self.open, self.holes))

    def refusal(self, place: Place, fault: str) -> BadRowsError:
        """Return the error that names what would be lost.

        Args:
            place: the file.
            fault: what is the matter with wrong rows.
        """
        name = self.target.encoding.value
        if self.wrong.rows:
            return self._error(place, name, ((self.wrong, fault),), "--task and --encoding say how they are meant")
        kinds = (
            (self.several, "hold several labels"), (self.none, "hold none"), (self.open, "leave some labels open"),
        )  # fmt: skip
        if any(one.rows for one, _ in kinds):
            to = "multi-hot" if self.open.rows else "multi-hot or --to tag-lists"
            return self._error(place, name, kinds, f"--to {to} keeps them as they are")
        what = "leave labels open" if self.holes.rows > self.missing else "have no label"
        words = f"an array of {name}"
        return self._error(place, words, ((self.holes, f"{what}, and an array cannot say so"),), _NO_NULL)

    def _error(
        self,
        place: Place,
        name: str,
        kinds: tuple[tuple[Kept, str], ...],
        help: str,  # noqa: A002  of errors
    ) -> BadRowsError:
        found = [(one, words) for one, words in kinds if one.rows]
        first, words = found[0]
        said = [f"{first.rows:,} of {counted(self.rows, 'row')} {words} (first rows: {first.shown})"]
        said += [f"{one.rows:,} {words} (first rows: {one.shown})" for one, words in found[1:]]
        return BadRowsError(f"cannot be written as {name}: {', '.join(said)}", place=place, help=help)


_NO_NULL = "write .parquet or .csv, where a cell can be empty"


def shape_of(target: Target, rows: int) -> tuple[int, ...]:
    """Return the shape of all label columns together."""
    return (rows, len(target.columns)) if target.encoding in HOT else (rows,)
