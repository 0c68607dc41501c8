"""Copies: label columns that say again, with 0 and 1, what another one says.

Floor 3.
"""

from collections.abc import Sequence

from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.group_facts import facts_of, is_copy
from xentcli.task.reading.model import LabelForm, Labels
from xentcli.task.reading.names import by_values

_MOST_COPIED = 300
"""Among more columns than this no copies are sought: every one would be held against every other one."""


def originals(columns: Columns, labels: Sequence[Labels]) -> list[Labels]:
    """Return labels without those that are 0/1 copies of another one."""
    copies = _copies(columns, labels)
    return [one for one in labels if one.columns[0] not in copies]


def _copies(columns: Columns, labels: Sequence[Labels]) -> frozenset[str]:
    """Return the columns that say again, each for one class with 0 and 1, what a column of few values says."""
    names = [one.columns[0] for one in labels if one.form is LabelForm.SCALAR and one.tier >= 0]
    found: set[str] = set()
    if len(names) > _MOST_COPIED:
        return frozenset()
    columns.sample.load(names)
    for label in names:
        held, others = columns.sample[label], [name for name in names if name != label]
        if not held.few or held.fractions or not 1 < len(held.texts) <= len(others):
            continue
        named = by_values(others, held.texts) or by_values(others, held.texts, fold=True)
        for group in (*named, *by_values(others, [str(at) for at in range(len(held.texts))])):
            same = len(group.columns) == len(held.texts)
            if same and facts_of(columns.sample, group.columns).bits and is_copy(columns.sample, group.columns, label):
                found.update(group.columns)
    return frozenset(found)
