"""Rule XE311: labels and scores that part at some row, because a row was lost on one side.

Floor 6.
"""

from collections.abc import Callable, Iterator
from math import ceil, exp, log, sqrt

from xentcli.phrases import counted, rates
from xentcli.record import Record
from xentcli.rules.chance import LOG_LEVEL, log_more, log_tail
from xentcli.rules.facts import MIN_ROWS, ScoreFacts
from xentcli.rules.order.pairing import AT_CHANCE, agreement_by_chance, misaligned
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.rules.wording import by_rows
from xentcli.tally.traps.shifts import NeighbourWalks, walks_apart
from xentcli.tally.traps.walk import PairCounts, Walk

_LOG_OWN = log(1e-3)
"""So seldom do rows before the cut fit their own labels better by chance: it keeps out models that lag behind
throughout. The search for the cut is paid for by the rows after it alone."""

_ALIKE = 0.25
"""Shifted labels must fit after the cut at least a quarter as well as the rows' own do before it, and the reverse:
where another row is lost further down, they fit up to there only."""

_LOG_MISSED = log(5e-3)
"""So seldom does the row lie beyond either end of the range that is told."""

_FURTHER = range(2, 6)
"""Shifts by more than one row, which are tried where the rows are kept."""

_TRIED = 2 * (1 + len(_FURTHER))


class Parting(Record):
    """Where labels and scores part.

    Attributes:
        rows: by how many rows they are shifted from there on.
        before: whether a prediction then belongs to a label before its own row; else to one after it.
        walk: over the pairs of rows that lie so far apart.
        row: the first row that is shifted, from 1.
    """

    rows: int
    before: bool
    walk: Walk
    row: int

    def reach(self) -> tuple[int, int]:
        """Return how many rows before and after that row the first shifted one may be instead."""
        rise, fall = self.walk.rise, self.walk.fall
        return (
            _reach(rise.only_shifted, rise.only_in_place, rise.pairs),
            _reach(fall.only_in_place, fall.only_shifted, fall.pairs),
        )

    @property
    def neighbour(self) -> str:
        """The label that a prediction belongs to."""
        side = "before" if self.before else "after"
        return f"the label of the row {side}" if self.rows == 1 else f"the label {self.rows} rows {side}"


def _reach(more: int, fewer: int, pairs: int) -> int:
    """Return how many steps a walk with this drift may look as if it had none.

    A step goes up with probability u and down with d < u. After k steps the walk is no higher than where it began with
    the probability (1 - u - d + 2 sqrt(u d))^k at most (Chernoff, Annals of Mathematical Statistics 23 (1952)), which
    is summed over all k from the answer on.
    """
    up, down = more / pairs, fewer / pairs
    rate = -log(max(1.0 - up - down + 2.0 * sqrt(up * down), 1e-12))
    return max(1, ceil((-_LOG_MISSED - log(1.0 - exp(-rate))) / rate)) if rate > 0.0 else pairs


def parting(facts: ScoreFacts) -> Parting | None:
    """Return where labels and scores part beyond chance at one in a million, None if they do nowhere.

    Labels that were joined to their scores by an id are not looked at, nor rows that are shifted from the first on.
    """
    if facts.by_id or facts.confusion is None or facts.confusion.total < MIN_ROWS or misaligned(facts) is not None:
        return None
    by_chance = agreement_by_chance(facts)
    found = (one for one in _tried(facts) if _parts(one.walk, by_chance))
    return max(found, key=lambda one: one.walk.rise.height, default=None)


def _tried(facts: ScoreFacts) -> Iterator[Parting]:
    """Yield the shift by one row, and those by a few where the rows are kept, as far as their walks turn somewhere."""
    numbered = facts.row_facts.numbered
    yield from _turned(1, facts.traps.shifts.whole(), lambda turn: numbered([turn])[0])
    rows = facts.traps.shifts.in_order(facts.row_facts.part_rows)
    if rows is not None:
        for shift in _FURTHER:
            yield from _turned(shift, walks_apart(*rows, shift), lambda turn: turn[1] + 1)


def _turned(rows: int, walks: NeighbourWalks, number: Callable[[tuple[int, int]], int]) -> Iterator[Parting]:
    for before, walk in ((True, walks.before), (False, walks.after)):
        if walk.turn is not None:
            yield Parting(rows, before, walk, number(walk.turn) + (1 if before else 1 - rows))


def _parts(walk: Walk, by_chance: float) -> bool:
    """Return whether shifted labels fit better after the cut, and the rows' own before it.

    After the cut McNemar's test speaks, and so does the number of predictions that agree with shifted labels, each at
    one in a million over all cuts, shifts and directions.
    """
    fall, rise = walk.fall, walk.rise
    if rise.pairs == 0:
        return False
    tried = log(_TRIED * walk.whole.pairs)
    if log_more(rise.only_shifted, rise.only_in_place) + tried > LOG_LEVEL:
        return False
    if log_tail(rise.shifted, rise.pairs, by_chance) + tried > LOG_LEVEL:
        return False
    if log_more(fall.only_in_place, fall.only_shifted) > _LOG_OWN:
        return False
    shares = _excess(rise.only_shifted, rise.only_in_place), _excess(fall.only_in_place, fall.only_shifted)
    return min(shares) >= _ALIKE * max(shares)


def _excess(more: int, fewer: int) -> float:
    return (more - fewer) / (more + fewer)


_LOST = {
    (True, False): "a label was lost, or a row of scores stands twice",
    (False, False): "a row of scores was lost, or a label stands twice",
    (True, True): "labels were lost, or rows of scores stand twice",
    (False, True): "rows of scores were lost, or labels stand twice",
}
"""What happened, by whether predictions belong to labels before them, and whether there are several."""


def _lost_row(facts: ScoreFacts) -> Hit | None:
    found = parting(facts)
    if found is None:
        return None
    walk, where = found.walk, found.neighbour
    fall, rise, pairs = walk.fall, walk.rise, walk.whole.pairs
    first, last = _range(facts, found)
    now, then = rates(walk.whole.in_place / pairs, (fall.in_place + rise.shifted) / pairs)
    return Hit(
        f"from about row {found.row:,} on (between {first:,} and {last:,}) labels and scores are shifted by"
        f" {counted(found.rows, 'row')}: up to there predictions agree with the labels of their own rows"
        f" ({_share(fall.in_place, fall)}; with {where}: {_share(fall.shifted, fall)}), from there on with"
        f" {where} ({_share(rise.shifted, rise)}; with their own: {_share(rise.in_place, rise)}); shifted"
        f" back, accuracy {now} -> {then}{by_rows(facts)}",
        f"{_LOST[found.before, found.rows > 1]} there: look where these rows were written, and join labels and scores"
        " by an id column (--id)",
        rise.pairs,
        (found.row,),
        level=Level.ERROR if _at_chance(rise, agreement_by_chance(facts)) else Level.WARNING,
    )


def _share(count: int, of: PairCounts) -> str:
    return f"{count / of.pairs:.4f}"


def _at_chance(rise: PairCounts, by_chance: float) -> bool:
    error = sqrt(by_chance * (1.0 - by_chance) / rise.pairs)
    return rise.in_place / rise.pairs <= by_chance + AT_CHANCE * error


def _range(facts: ScoreFacts, found: Parting) -> tuple[int, int]:
    """Return the first and the last row that may be the first shifted one."""
    sparse = facts.row_facts.read / facts.scored  # rows that are not scored are stepped over
    back, forth = (ceil(steps * sparse) for steps in found.reach())
    return max(1, found.row - back), min(facts.row_facts.read, found.row + forth)


LOST_ROW_RULES: tuple[Rule[ScoreFacts], ...] = (
    Rule(
        "XE311", "lost-row", (Level.ERROR, Level.WARNING), "predictions that fit a neighbour's label from some row on",
        _lost_row,
        """\
Up to some row labels and scores belong together; from there on one of the two sides is shifted.

**Why it bites.** Nothing looks wrong: half of the file is right, and the accuracy is that of a weaker model. A row that
failed to parse was dropped on one side only, a batch was written twice, a picture could not be opened and its label
stayed. Whoever looks at the first rows finds them in order.

**How it is seen.** A walk goes a step down with each row whose prediction is its own label and not its neighbour's, and
up where it is the reverse. Where it is lowest, labels and scores part. After that row McNemar's test and the agreement
with the neighbours' labels must be beyond chance at one in a million over all rows that it could be, both directions
and shifts by one to five rows (of more than 262,144 rows, by one); before it the rows' own labels must fit, at one in a
thousand. The range is where the row may be instead, but for 1 % of all files. A warning where labels also repeat from
row to row, so that a row's own label fits by more than chance: a model that only repeats the last label from some row
on looks the same. Rows that are not scored are stepped over, labels joined by an id are not looked at, and rows that
are shifted from the first on are XE304's. With weights rows are counted as they are.

**Mend it.** Write labels and scores in one go, or give both an id and join them: `--id`. PyTorch: append both in one
loop over the `DataLoader`; a `collate_fn` that leaves out broken samples must leave out their labels, too. Keras: take
labels from the dataset that `predict` saw, not from the list of files. scikit-learn: `dropna` on features and labels as
one frame, never on one of them.

```python
>>> from itertools import accumulate
>>> labels = [0, 1, 2, 1, 0, 2, 1, 0]
>>> predicted = [*labels[:4], *labels[5:], 2]  # of a perfect model whose fifth row was lost
>>> steps = [(p == after) - (p == own) for p, own, after in zip(predicted, labels, labels[1:])]
>>> walk = list(accumulate(steps, initial=0))
>>> walk, 1 + walk.index(min(walk))
([0, -1, -2, -3, -4, -3, -2, -1], 5)

```
""",
        explains=("XE404", "XE405", "XE406", "XE408"),
    ),
)  # fmt: skip
