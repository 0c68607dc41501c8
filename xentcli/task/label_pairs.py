"""Label pairs: label columns that are named like the score columns of the same classes.

Floor 3. Pure functions of names.
"""

from collections.abc import Sequence
from typing import Protocol

from xentcli.files.columns import SUFFIX
from xentcli.task import names
from xentcli.task.vocabulary import LABEL_PREFIXES, LABEL_SUFFIXES


class Named(Protocol):
    """Columns with the part of each name that tells them apart."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """What they are named after, in the same order."""
        ...


def paired_labels(group: Named, free: Sequence[str]) -> tuple[str, ...]:
    """Return the label columns named like the scores of a group, in its order, or nothing."""
    own = set(group.columns)
    by_folded = {name.removesuffix(SUFFIX).casefold(): name for name in free if name not in own}
    patterns = [(prefix, "") for prefix in LABEL_PREFIXES]
    patterns[-1:-1] = [("", suffix) for suffix in LABEL_SUFFIXES]
    for prefix, suffix in patterns:
        found = tuple(by_folded.get(f"{prefix}{name}{suffix}".casefold(), "") for name in group.names)
        if all(found) and (len(found) > 1 or prefix or suffix):
            return found
    return ()


def bare_scores(labels: Sequence[str], rest: Sequence[str]) -> names.ScoreGroup | None:
    """Return the columns that are named after several label columns without what these share; None if there are none.

    `cat, dog` for labels `target_cat, target_dog`, and for labels of the same names that stand in another file.
    """
    plain = [label.removesuffix(SUFFIX) for label in labels]
    known = set(rest)
    patterns = [
        ("", ""),
        *((prefix, "") for prefix in LABEL_PREFIXES),
        *(("", one) for one in LABEL_SUFFIXES),
    ]
    for prefix, suffix in patterns:
        if not all(name.startswith(prefix) and name.endswith(suffix) for name in plain):
            continue
        found = tuple(name[len(prefix) : len(name) - len(suffix)] for name in plain)
        if len(found) > 1 and known.issuperset(found):
            return names.ScoreGroup(found, found, "")
    return None


def share_prefix(columns: Sequence[str]) -> bool:
    """Return whether several columns all begin with a word that speaks for labels, such as `target_`."""
    folded = [name.casefold() for name in columns]
    prefixes = [prefix for prefix in LABEL_PREFIXES if prefix]
    return len(folded) > 1 and any(all(name.startswith(prefix) for name in folded) for prefix in prefixes)
