"""Label pairs: label columns that are named like the score columns of the same classes.

Floor 3. Pure functions of names.
"""

from collections.abc import Sequence

from xentcli.files.pair import SUFFIX
from xentcli.task import names


def paired_labels(group: names.ScoreGroup, free: Sequence[str]) -> tuple[str, ...]:
    """Return the label columns named like the scores of a group, in its order, or nothing."""
    by_folded = {name.removesuffix(SUFFIX).casefold(): name for name in free if name not in group.columns}
    patterns = [(prefix, "") for prefix in names.LABEL_PREFIXES]
    patterns[-1:-1] = [("", suffix) for suffix in names.LABEL_SUFFIXES]
    for prefix, suffix in patterns:
        found = tuple(by_folded.get(f"{prefix}{name}{suffix}".casefold(), "") for name in group.names)
        if all(found) and (len(found) > 1 or prefix or suffix):
            return found
    return ()


def in_score_order(group: names.ScoreGroup, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return several label columns in the order of the scores that they are named like, else as they stand."""
    if len(labels) != len(group.columns) or len(labels) < 2:
        return labels
    return paired_labels(group, labels) or labels
