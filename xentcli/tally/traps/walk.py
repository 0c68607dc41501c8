"""Walk: whether rows fit their neighbours' labels better than their own, from some row on.

Floor 4. The walk goes a step up with every pair of neighbouring rows of which only the shifted labels agree, and one
down where only the rows' own do. Where labels and scores part at some row, it falls before that row and rises after
it: the row is where the walk is lowest. The lowest point of two walks, one after the other, is that of either, so the
whole is the same however rows were cut, and it takes no more memory than a few numbers.
"""

from collections.abc import Sequence

import numpy as np

from xentcli.arrays import Indices, Integers, Mask
from xentcli.record import Record
from xentcli.tally.counts import Words, bits

_WORD = 64
_BYTES = _WORD // 8


class PairCounts(Record):
    """Pairs of neighbouring rows.

    Attributes:
        pairs: how many.
        in_place: of those, pairs whose prediction is the label of its own row.
        shifted: pairs whose prediction is the label of the other row.
        both: pairs of which both hold.
    """

    pairs: int = 0
    in_place: int = 0
    shifted: int = 0
    both: int = 0

    @property
    def height(self) -> int:
        """How far the walk has risen."""
        return self.shifted - self.in_place

    @property
    def only_in_place(self) -> int:
        """Pairs that agree in place, but not shifted."""
        return self.in_place - self.both

    @property
    def only_shifted(self) -> int:
        """Pairs that agree shifted, but not in place."""
        return self.shifted - self.both

    def __add__(self, more: "PairCounts") -> "PairCounts":
        """Return the counts of these pairs and of others."""
        return PairCounts(
            self.pairs + more.pairs,
            self.in_place + more.in_place,
            self.shifted + more.shifted,
            self.both + more.both,
        )

    def __sub__(self, less: "PairCounts") -> "PairCounts":
        """Return the counts of these pairs without some of them."""
        return PairCounts(
            self.pairs - less.pairs,
            self.in_place - less.in_place,
            self.shifted - less.shifted,
            self.both - less.both,
        )


class Walk(Record):
    """A walk over consecutive pairs.

    Attributes:
        whole: all pairs.
        fall: those before the lowest point, the first of several as low.
        turn: where the second row of the last of these stands, as (part, row in the part); None if there are none.
    """

    whole: PairCounts = PairCounts()
    fall: PairCounts = PairCounts()
    turn: tuple[int, int] | None = None

    @property
    def rise(self) -> PairCounts:
        """The pairs after the lowest point."""
        return self.whole - self.fall

    def then(self, more: "Walk") -> "Walk":
        """Return this walk with another one after it."""
        whole = self.whole + more.whole
        if self.whole.height + more.fall.height < self.fall.height:
            return Walk(whole, self.whole + more.fall, more.turn)
        return Walk(whole, self.fall, self.turn)


def walk(in_place: Mask, shifted: Mask, part: int, second: Sequence[int] | Indices) -> Walk:
    """Return the walk over some pairs of neighbours in a part.

    Args:
        in_place: shape (n,), whether the prediction is the label of its own row.
        shifted: shape (n,), whether it is that of the other row of the pair.
        part: the part's ordinal.
        second: n, where the second rows of the pairs stand in it.
    """
    steps = _Steps(bits(in_place[None, :])[0], bits(shifted[None, :])[0])
    cut = steps.lowest()
    turn = None if cut == 0 else (part, int(second[cut - 1]))
    return Walk(steps.counts(len(in_place)), steps.counts(cut), turn)


def single_step(in_place: bool, shifted: bool, turn: tuple[int, int]) -> Walk:
    """Return the walk over one pair, whose second row stands at `turn`."""
    pair = PairCounts(1, int(in_place), int(shifted), int(in_place and shifted))
    return Walk(pair, pair, turn) if pair.height < 0 else Walk(pair)


class _Steps(Record):
    """The pairs of a walk as bits, 64 a word.

    Attributes:
        falls: pairs that agree in place.
        rises: pairs that agree shifted.
    """

    falls: Words
    rises: Words

    def counts(self, pairs: int) -> PairCounts:
        """Return the counts of the first pairs."""
        whole, rest = divmod(pairs, _WORD)
        falls, rises = self.falls[:whole], self.rises[:whole]
        counted = [int(np.bitwise_count(one).sum(dtype=np.int64)) for one in (falls, rises, falls & rises)]
        if rest:
            left, mask = (int(self.falls[whole]), int(self.rises[whole])), (1 << rest) - 1
            for at, word in enumerate((*left, left[0] & left[1])):
                counted[at] += (word & mask).bit_count()
        return PairCounts(pairs, *counted)

    def lowest(self) -> int:
        """Return after how many steps the walk is lowest for the first time.

        Adding up every step costs more than all else here: steps are counted by words, and only words in which the walk
        may be lower than where they begin are looked at step by step.
        """
        falls, rises = self.falls, self.rises
        heights = np.zeros(len(falls) + 1, dtype=np.int64)
        np.cumsum(_ones(rises) - _ones(falls), out=heights[1:])
        lowest = int(heights.argmin())
        reach = heights[:-1] - _ones(falls & ~rises)
        reach[:lowest] -= 1  # as low is enough before the lowest known point, for the first of all is wanted
        doubtful = np.flatnonzero(reach < heights[lowest])
        if len(doubtful) == 0:
            return lowest * _WORD
        steps = np.cumsum(_bits(rises[doubtful]) - _bits(falls[doubtful]), axis=1, dtype=np.int8)
        least = heights[doubtful] + steps.min(axis=1)
        word = int(least.argmin())
        after = int(doubtful[word]) * _WORD + int(steps[word].argmin()) + 1
        if (int(least[word]), after) < (int(heights[lowest]), lowest * _WORD):
            return after
        return lowest * _WORD


def _ones(words: Words) -> Integers:
    return np.bitwise_count(words).astype(np.int64)


def _bits(words: Words) -> np.ndarray[tuple[int, int], np.dtype[np.int8]]:
    return np.unpackbits(words.view(np.uint8).reshape(-1, _BYTES), axis=1, bitorder="little").view(np.int8)
