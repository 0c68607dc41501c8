"""Prodigy: what an annotator chose, and whether the whole task was accepted, rejected or ignored.

Floor 2. `answer` is about the row, not about a class: a rejected or ignored task has no label. Where all tasks ask for
one label, the answer itself is the label, and ignored tasks have none.
"""

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa

from xentcli.files.arrays import is_list
from xentcli.files.nested.derive import derived
from xentcli.files.plain import is_text
from xentcli.files.table import Column, ReadAs, Table
from xentcli.phrases import counted
from xentcli.record import Record

_ANSWERS = {"accept", "reject", "ignore"}
_MARKS = {"_task_hash", "_input_hash"}


class Answered(Record):
    """A column that is null where the task was not answered so that it holds.

    Attributes:
        column: as it was.
        holds: the answers under which its cells stand.
    """

    column: Column
    holds: frozenset[str]

    @property
    def sources(self) -> tuple[str, ...]:
        """See `Derivation.sources`."""
        return (self.column.name, "answer")

    @property
    def columns(self) -> tuple[Column, ...]:
        """See `Derivation.columns`."""
        return (self.column,)

    def arrays(self, sources: Sequence[pa.Array], names: Sequence[str]) -> Sequence[pa.Array]:
        """See `Derivation.arrays`."""
        import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only this form pays

        kept = pa.array([answer in self.holds for answer in sources[1].to_pylist()])
        return [pc.if_else(kept, sources[0], None)] * len(names)


def of_prodigy(table: Table) -> Table:
    """Return a table whose labels are those of accepted tasks, if Prodigy wrote it, else the table as it is."""
    names = set(table.names)
    if "answer" not in names or not is_text(table["answer"].type):
        return table
    chosen = "accept" in names and is_list(table["accept"].type)
    asked = not chosen and "label" in names and is_text(table["label"].type)
    if not chosen and not asked:
        return table
    answers, labels = _counted(table, "label" if asked else None)
    if not answers or not answers.keys() <= _ANSWERS:
        return table
    if asked and not names & _MARKS and not {"accept", "reject"} <= answers.keys():
        return table  # another file may well hold one of these words
    if asked and len(labels) == 1:
        said = f"Prodigy: answer says whether {next(iter(labels))!r} holds{_left(answers, ('ignore',))}"
        held = Answered(table["answer"], frozenset({"accept", "reject"}))
        return derived(table, (held,), ("label",)).with_notes(said)
    column = table["accept" if chosen else "label"]
    what = "accept lists the chosen options" if chosen else "label is what was asked for"
    said = f"Prodigy: {what}{_left(answers, ('reject', 'ignore'))}"
    return derived(table, (Answered(column, frozenset({"accept"})),)).with_notes(said)


def _counted(table: Table, label: str | None) -> tuple[Counter[str], set[str]]:
    """Return rows by answer, and the distinct labels that tasks ask for, two of them at most."""
    answers: Counter[str] = Counter()
    labels: set[str] = set()
    for batch in table.batches(dict.fromkeys(("answer", *((label,) if label else ())), ReadAs.NATIVE)):
        answers.update(cell for cell in batch.column(0).to_pylist() if cell is not None)
        if label and len(labels) < 2:
            labels.update(cell for cell in batch.column(1).to_pylist() if cell is not None)
        if not answers.keys() <= _ANSWERS:
            break
    return answers, labels


def _left(answers: Counter[str], without: Sequence[str]) -> str:
    """Return the words on rows whose answer leaves them without a label."""
    words = {"reject": "rejected", "ignore": "ignored"}
    left = [f"{counted(answers[one], 'row')} {words[one]}" for one in without if answers[one]]
    return f"; without a label: {', '.join(left)}" if left else ""
