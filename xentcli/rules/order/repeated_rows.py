"""Rule XE314: rows that stand several times, and whether chance explains it.

Floor 6.

Repeats: sampled rows whose label and scores stand several times, and whether chance explains them. Pure functions
of sampled rows, which are kept or left out together where they hold the same numbers: a row that was sampled stands
there as often as in the file. Coarse scores, trees and few neighbours repeat honestly, so that tests ask for more.
None knows how scores are spread. If the whole file stands there twice, every row does so an even number of times;
of honest rows that are drawn one by one, a number that follows Poisson's law and is not 0 is even in less than half
of the cases, whatever its mean. If some rows stand there twice, there are pairs, but hardly triples, which rows
that meet by chance would form: the number of pairs P among n rows bounds that of triples from below by 2 P^2 / (3
n), since (sum q^2)^2 <= sum q^3 for any probabilities q (Cauchy and Schwarz). And copies have the same label: rows
that have the same scores by chance differ in it as often as rows of that confidence are wrong.
"""

from collections.abc import Iterator
from math import log, sqrt

import numpy as np
import numpy.typing as npt

from xentcli.arrays import Floats, Integers, Mask
from xentcli.phrases import counted, verb
from xentcli.record import Record
from xentcli.rules.chance import LOG_LEVEL, log_tail
from xentcli.rules.facts import MIN_ROWS, TableFacts, TaskFacts
from xentcli.rules.metrics.temperature import chances
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.tally.plan import Plan
from xentcli.tally.traps.sample import Hashes, SampledRows
from xentcli.terms import Kind

MOST_TIMES = 10
"""A file that was put together from more copies of itself is found to be one of a divisor."""

_FEW_TIMES, _MULTIPLES = 4, 1.3
"""Of counts that follow Poisson's law and are not 0, up to 1 / m are multiples of m up to 4, and less than 1.3 / m of m
up to 10, whatever their mean."""

_NEARLY_ALL = 0.98

_LEAST_COPIES, _LEAST_SHARE = 3, 0.01
"""Fewer copies widen no interval by more than half a per cent."""

_LOG_CHANCE = log(1e-4)

_FEW = 0.5
"""Copies leave hardly any triples and other labels; honest rows may leave somewhat fewer than rates of few rows say."""

_SURE = 0.95
"""Rows of this confidence may be many that are the same, and hide the others."""

_BINS = 10

_MIX = np.uint64(0x9E3779B97F4A7C15)


class Repeats(Record):
    """Rows that stand several times.

    Attributes:
        times: how often the whole file stands there; None where some rows repeat.
        copies: rows beyond the first of their kind.
        rows: how many rows were looked at.
        clusters: the mean of the squared number of times over the mean: what repeating does to a variance.
    """

    times: int | None
    copies: int
    rows: int
    clusters: float


def counted_exactly(found: Repeats, sample: SampledRows, hashed: Hashes) -> Repeats:
    """Return what repeats among all rows, where their hashes tell sampled rows apart as their numbers do."""
    if len(np.unique(sample.hashed)) != found.rows - found.copies:
        return found
    _, counts = np.unique(hashed, return_counts=True)
    rows = len(hashed)
    return Repeats(found.times, rows - len(counts), rows, float(np.square(counts).sum()) / rows)


def repeats(sample: SampledRows, plan: Plan, *, all_rows: bool) -> Repeats | None:
    """Return what repeats among sampled rows beyond chance; None for nothing.

    Args:
        sample: the rows.
        plan: how they were read.
        all_rows: whether these are all rows; else rows with the same scores and other labels may have been left out.
    """
    scored = _keys(sample.scores)
    keys = _with_truth(scored, sample.truth)
    _, first, inverse, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    copies = sample.rows - len(counts)
    if copies < max(_LEAST_COPIES, _LEAST_SHARE * sample.rows):
        return None
    found = Repeats(_times(counts), copies, sample.rows, float(np.square(counts).sum()) / sample.rows)
    if found.times is not None:
        return found
    unsure = _confidence(sample, plan) < _SURE
    tests = (np.ones(sample.rows, dtype=np.bool_), unsure)
    rates = _wrong(sample, plan, counts[inverse] == 1) if all_rows else None
    few = any(_log_chance(counts, first, scored, rates, among) < _LOG_CHANCE for among in tests)
    return found if few else None


def _keys(scores: npt.NDArray[np.floating]) -> Hashes:
    """Return a number of 64 bits for the scores of each row; rows with other scores have another one."""
    found = np.zeros(scores.shape[1], dtype=np.uint64)
    for one in scores:
        found = _mixed(found, (one.astype(np.float64) + 0.0).view(np.uint64))  # -0.0 is 0.0
    return found


def _mixed(keys: Hashes, bits: Hashes) -> Hashes:
    mixed = (keys ^ bits) * _MIX
    mixed ^= mixed >> np.uint64(32)
    mixed *= _MIX
    return np.asarray(mixed ^ (mixed >> np.uint64(29)))


def _with_truth(keys: Hashes, truth: npt.NDArray[np.generic]) -> Hashes:
    for one in np.atleast_2d(truth):
        keys = _mixed(keys, one.astype(np.uint64))
    return keys


def _times(counts: Integers) -> int | None:
    """Return how often everything stands there: the largest number that divides nearly all counts, beyond chance."""
    for times in range(MOST_TIMES, 1, -1):
        share = (1.0 if times <= _FEW_TIMES else _MULTIPLES) / times
        divided = int(np.count_nonzero(counts % times == 0))
        if divided >= _NEARLY_ALL * len(counts) and log_tail(divided, len(counts), share) < LOG_LEVEL:
            return times
    return None


def _log_chance(counts: Integers, first: Integers, scored: Hashes, rates: Floats | None, among: Mask) -> float:
    """Return a bound of the log probability that so few triples, and pairs with other labels, are there by chance.

    Args:
        counts: shape (d,), how often each distinct row stands there.
        first: shape (d,), the first of each.
        scored: shape (n,), keys of the scores alone.
        rates: shape (n,), how often another row with the same scores has another label; None where not known.
        among: shape (n,), the rows that are looked at, chosen by their scores.
    """
    held = among[first]
    times, at = counts[held].astype(np.float64), first[held]
    rows, pairs = float(times.sum()), times * (times - 1.0) / 2.0
    total = float(pairs.sum())
    if total < _LEAST_COPIES:
        return 0.0
    expected = 2.0 * total * total / (3.0 * rows)
    seen = float((pairs * (times - 2.0)).sum()) / 3.0
    if rates is not None:
        rate = np.minimum(rates[at], 0.5)
        expected += float((pairs * rate / (1.0 - rate)).sum())
        _, same = np.unique(scored[among], return_counts=True)
        seen += float((same * (same - 1.0) / 2.0).sum()) - total
    return _log_at_most(seen, expected)


def _log_at_most(seen: float, expected: float) -> float:
    """Return an upper bound of the log probability of so few events of a Poisson law (Chernoff 1952)."""
    if seen >= _FEW * expected:
        return 0.0
    return seen - expected - (seen * log(seen / expected) if seen else 0.0)


def _confidence(sample: SampledRows, plan: Plan) -> Floats:
    """Return the probability of the top class, or the least sure decision on a label."""
    chance = chances(sample, plan)
    if plan.kind is Kind.MULTILABEL:
        return np.asarray(np.maximum(chance, 1.0 - chance).min(axis=0))
    return np.asarray(chance.max(axis=0))


def _wrong(sample: SampledRows, plan: Plan, single: Mask) -> Floats | None:
    """Return, for each row, how often rows of its confidence that stand alone have another label than this one.

    For a row that is right that is the share of wrong rows; for a wrong one at least that of right rows.
    """
    if plan.kind is Kind.MULTILABEL:
        return None
    chance = chances(sample, plan)
    top = chance.argmax(axis=0)
    right = top == sample.truth
    at = np.minimum((chance.max(axis=0) * _BINS).astype(np.intp), _BINS - 1)
    rows = np.bincount(at[single], minlength=_BINS)
    wrong = np.bincount(at[single & ~right], minlength=_BINS)
    least = np.maximum(wrong - 2.0 * np.sqrt(wrong), 0.0)  # few rows may be wrong more often than others by chance
    rate = np.divide(least, rows, out=np.zeros(_BINS), where=rows > 0)[at]
    return np.where(right, rate, np.where(rate > 0.0, 1.0 - rate, 0.0))


def repeated(task: TaskFacts) -> Repeats | None:
    """Return what repeats among the rows of a task beyond chance; None for nothing."""
    scores = task.scores
    if scores is None or scores.loss is None or task.subject.soft or task.scored < MIN_ROWS:
        return None
    kept, every = scores.fits.rows, scores.traps.sample.zeros == 0
    found = None if kept is None else repeats(kept, scores.plan, all_rows=every)
    if kept is None or found is None or every:
        return found
    hashed = scores.traps.hashes.all()
    return found if hashed is None else counted_exactly(found, kept, hashed)


def _in_blocks(task: TaskFacts, times: int) -> bool:
    """Whether each part of the rows has the classes and the decisions of the one before, as far as rows are kept."""
    scores = task.scores
    held = None if scores is None else scores.traps.shifts.in_order(scores.row_facts.part_rows)
    if held is None:
        return False
    size, rest = divmod(len(held[0]), times)
    return rest == 0 and all(bool((one[size:] == one[:-size]).all()) for one in held)


def _of_rows(task: TaskFacts, found: Repeats) -> str:
    sampled = found.rows < task.scored
    if found.times is not None:
        how = "twice" if found.times == 2 else f"{found.times} times"
        said = f"every row stands {how} in the file with its label and scores"
        if _in_blocks(task, found.times):
            said += ": the second half repeats the first" if found.times == 2 else f": one block, {how}"
    else:
        copies = f"about {found.copies / found.rows:.2g}" if sampled else f"{found.copies:,}"
        said = (
            f"{copies} of {counted(task.scored, 'row')} {verb(task.scored, 'repeat')} the label and scores of another"
            " row, more than chance explains"
        )
    if sampled:
        said += f" (an estimate: {found.rows:,} rows were looked at)"
    return f"{said}; {_too_narrow(task.scored, found.clusters)}"


def _too_narrow(rows: int, clusters: float) -> str:
    return (
        f"if they are copies, intervals are {sqrt(clusters):.3g} times too narrow: those of {rows:,} rows, which tell"
        f" as much as {round(rows / clusters):,} that differ"
    )


def _said(facts: TableFacts) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    found = repeated(facts.tasks[0]) if len(facts.tasks) == 1 else None
    if found is not None:
        task = facts.tasks[0]
        yield _of_rows(task, found), round(task.scored * found.copies / found.rows), ()
    ids = facts.repeated_ids
    if ids is not None:
        among = f" of the first {ids.rows:,} rows" if ids.rows < facts.row_facts.read else f" of {ids.rows:,} rows"
        said = f"{ids.copies:,}{among} have an id in {ids.column!r} that stands in another row, too"
        yield said if found is not None else f"{said}; {_too_narrow(ids.rows, ids.clusters)}", ids.copies, ids.first


def _repeated_rows(facts: TableFacts) -> Hit | None:
    said = [] if facts.pooled is not None else list(_said(facts))
    if not said:
        return None
    ids = facts.repeated_ids
    return Hit(
        "; ".join(one for one, _, _ in said),
        "look whether a file was read or written twice, a loader went round again, or a join found several matches;"
        " keep one row of each, or name the ids with --id, which refuses repeated ones",
        said[0][1],
        rows=said[-1][2],
        columns=() if ids is None else (ids.column,),
    )


REPEATED_ROW_RULES: tuple[Rule[TableFacts], ...] = (
    Rule(
        "XE314", "repeated-rows", (Level.NOTE,), "rows or ids that stand several times, beyond chance", _repeated_rows,
        """\
Rows stand several times in the file: all of them, as after reading a file twice, or some.

**Why it bites.** A mean over copies is nearly the same, so nothing looks wrong. But every interval takes each row for
news: with all rows twice it is 1.41 times too narrow, a difference of two models seems sure that is not, and a rare row
that stands there ten times counts ten times. Usual reasons: two shards that overlap, `cat` of a file with itself, a
data loader that goes round again to fill its last batch, a `DistributedSampler` that pads, a join on ids that repeat.

**How it is seen.** Rows are held against each other by label and scores, bit by bit. Coarse scores, trees and few
neighbours repeat honestly, so that more is asked for than that. All rows are said to stand there m times (2 to 10) if
the counts of 98 in 100 distinct rows are multiples of m, more than chance makes of honest ones in one of a million
files. Some rows are said to repeat if they are 3 or more and 1 % of the rows, and if there are fewer triples, and rows
of the same scores with another label, than rows that meet by chance would show: less than half, and beyond one in
10,000. Up to 32,768 rows, and up to 262,144 scores, are compared; where there are more, rows are sampled by their own
numbers, so that copies stay together, and other labels are not looked at. What is found is then counted exactly, by a
hash of all rows, up to 1,048,576 rows; beyond, or where the hash does not tell rows apart, the shares are estimates.

An unused column named as an id is looked through too, in the first 1,048,576 rows of a local file (65,536 where ids are
text), unless a row has no id, ids may have started again (`index`, `row`, no name), or stand more than 4 times on
average. The sum of the squared counts over the rows is the design effect: it says by how much intervals are too narrow,
were all of them copies (Kish 1965). Of several outputs only the ids are looked at. Passed over where a column says that
several models stand under one another (XE310).

**Mend it.** Keep one row of each: `frame.drop_duplicates()`. PyTorch: gather the predictions of a `DistributedSampler`
and cut them to `len(dataset)`, or `drop_last=False` without padding; torchmetrics counts padded rows, too. Keras: give
`steps` where `tf.data` has `.repeat()`. scikit-learn: `GroupKFold` and a bootstrap by group, where rows of one patient
are not copies but belong together.

```python
>>> from math import sqrt
>>> counts = [2] * 50 + [1] * 400  # 50 rows stand there twice
>>> rows = sum(counts)
>>> effect = sum(one * one for one in counts) / rows
>>> rows, effect, round(sqrt(effect), 3), round(rows / effect)
(500, 1.2, 1.095, 417)

```
""",
    ),
)  # fmt: skip
