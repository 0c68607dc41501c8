"""Edges: rows that stand on an edge of the scale or of a decision, for the rules that speak of them.

Floor 4. A mergeable part of every Tally with scores. Only rows that are there are looked at twice, so that clean
rows cost a minimum and a maximum.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from xentcli.tally.blocks import Block
from xentcli.tally.facts import FirstRows
from xentcli.tally.scored import ScoredRows
from xentcli.tally.scored_labels import ScoredLabels

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def _remember(first: FirstRows, block: Block, at: Indices) -> None:
    """Add the rows of a block that stand at some places."""
    if len(at):
        mask = np.zeros(block.size, dtype=np.bool_)
        mask[at] = True
        first.add(mask, *block.at, block.rows)


@dataclass
class Edges:
    """Rows on an edge, and the first of them.

    Attributes:
        impossible: rows that give what happened (multi-label: for some label) the probability 0.
        certain: rows that give what happened (multi-label: for every label) the probability 1.
        tied: rows where another decision was as good.
        tied_right: of those, rows that are right.
        tied_true: of those, rows whose true class has the top score.
        bare: multi-label rows that are given no label.
        bare_held: of those, rows that have one.
        bare_right: of those without a label, rows where that is right.
        bare_best: of those without a label, rows where their best label alone would be right.
    """

    impossible: FirstRows = field(default_factory=FirstRows)
    certain: int = 0
    tied: FirstRows = field(default_factory=FirstRows)
    tied_right: int = 0
    tied_true: int = 0
    bare: FirstRows = field(default_factory=FirstRows)
    bare_held: int = 0
    bare_right: int = 0
    bare_best: int = 0

    def add(self, block: Block, rows: ScoredRows) -> None:
        """Add rows with one label each."""
        if rows.losses.probability is not None and block.targets is None:
            self._add_chances(block, rows.losses.probability)
        if rows.tied is not None:
            at = np.flatnonzero(rows.tied)
            _remember(self.tied, block, at)
            true, top = rows.labels[at], rows.leaders.arg[at].astype(np.intp)
            self.tied_right += int(np.count_nonzero(true == rows.predicted[at]))
            scores = block.scores if block.class_major else block.scores.T
            self.tied_true += int(np.count_nonzero(scores[true, at] == scores[top, at]))

    def add_labels(self, block: Block, rows: ScoredLabels) -> None:
        """Add rows with any number of labels."""
        if rows.probability is not None and rows.targets is None and len(rows.probability):
            self._add_chances(block, rows.probability)
        if rows.raised == 0:
            self._add_bare(block, rows)

    def _add_chances(self, block: Block, chance: Floats) -> None:
        """Add rows by the probability of what happened, shape (n,) or (labels, n)."""
        if float(chance.min()) <= 0.0:
            impossible = chance <= 0.0
            _remember(
                self.impossible, block, np.flatnonzero(impossible.any(axis=0) if chance.ndim == 2 else impossible)
            )
        if float(chance.max()) >= 1.0:
            certain = chance >= 1.0
            self.certain += int(np.count_nonzero(certain.all(axis=0) if chance.ndim == 2 else certain))

    def _add_bare(self, block: Block, rows: ScoredLabels) -> None:
        at = np.flatnonzero(~rows.above.any(axis=0))
        if len(at) == 0:
            return
        _remember(self.bare, block, at)
        scores = block.scores[:, at].T if block.class_major else block.scores[at]
        held = np.count_nonzero(rows.hot[:, at], axis=0)
        best = rows.hot[scores.argmax(axis=1), at]
        self.bare_held += int(np.count_nonzero(held))
        self.bare_right += int(np.count_nonzero(held == 0))
        self.bare_best += int(np.count_nonzero(best & (held == 1)))

    def merge(self, other: "Edges") -> None:
        """Add another one's rows to these."""
        for first, more in ((self.impossible, other.impossible), (self.tied, other.tied), (self.bare, other.bare)):
            first.merge(more)
        self.certain += other.certain
        self.tied_right += other.tied_right
        self.tied_true += other.tied_true
        self.bare_held += other.bare_held
        self.bare_right += other.bare_right
        self.bare_best += other.bare_best
