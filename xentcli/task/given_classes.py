"""Given classes: what `--classes` names is checked against itself and told with the names.

Floor 3.
"""

from collections import Counter
from collections.abc import Sequence

from xentcli.errors import UsageError, brief
from xentcli.words import counted, verb

SHOWN = 8
_LONGEST_NAME = 60


def refuse_repeated(classes: Sequence[str]) -> None:
    """Raise if a class is named more than once: two indices would be one class.

    Raises:
        UsageError: naming those that are.
    """
    repeated = [name for name, times in Counter(classes).items() if times > 1]
    if repeated:
        raise UsageError(
            f"--classes names {listed(repeated, quoted=True)} twice",
            help=f"{counted(len(classes), 'name')} {verb(len(classes), 'are')} given in index order, each class once",
        )


def listed(names: Sequence[str], *, quoted: bool = False) -> str:
    """Return the first of some names, each shortened."""
    shown = [brief(repr(name) if quoted else name, _LONGEST_NAME) for name in names[:SHOWN]]
    return ", ".join(shown) + (", ..." if len(names) > SHOWN else "")


def told(names: Sequence[str], noun: str) -> str:
    """Return how many there are, and the names: 4 classes (a, b, c, d)."""
    return f"{counted(len(names), noun)} ({listed(names)})"
