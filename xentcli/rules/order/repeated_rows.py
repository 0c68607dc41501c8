"""Rule XE314: rows that stand several times.

Floor 6.
"""

from collections.abc import Iterator
from math import sqrt

from xentcli.phrases import counted, verb
from xentcli.rules.facts import MIN_ROWS, TableFacts, TaskFacts
from xentcli.rules.order.repeats import Repeats, counted_exactly, repeats
from xentcli.rules.rule import Hit, Level, Rule


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
