"""Label names: how much a column's name says that it holds the labels.

Floor 3. Pure functions of names; `labels` weighs them against shape and position.
"""

import re

from xentcli.task.names import pieces
from xentcli.task.vocabulary import (
    CODED_NAMES,
    FLAG_WORDS,
    LABELLED_WORDS,
    NEVER_LABELS,
    OBSERVATIONS,
    OUTCOMES,
    TARGET_HINTS,
    TARGET_NAMES,
    TARGET_WORDS,
    USUAL_TARGETS,
)

_SUFFIXES = re.compile(r"[_ -]?(id|ids|name|names|idx|index|code|num|no|str|text)$")


def normal(name: str) -> str:
    """Return a name in small letters with `_` between its words."""
    apart = re.sub(r"([a-z])([A-Z])", r"\1_\2", name.strip())
    return re.sub(r"[\s.\-]+", "_", apart).casefold().strip("_")


def weight(name: str) -> float:
    """Return how much a name speaks for labels: above 4 by itself, 0 not at all, below 0 against them."""
    plain = normal(name)
    if plain in OUTCOMES:
        return 6.1
    if plain in TARGET_NAMES and plain not in OBSERVATIONS:
        return 6.0 - 0.005 * TARGET_NAMES.index(plain)
    bare = _SUFFIXES.sub("", plain)
    if bare != plain and bare in CODED_NAMES:
        return 5.0 - 0.02 * CODED_NAMES.index(bare)
    if plain in USUAL_TARGETS:
        return 4.5 - 0.002 * USUAL_TARGETS.index(plain)
    words = pieces(name)
    if bare != plain and bare in OUTCOMES:
        return 4.0
    if words & NEVER_LABELS and not (words & TARGET_WORDS and words & NEVER_LABELS <= LABELLED_WORDS):
        return -3.0
    if words & TARGET_WORDS:
        return 3.5
    if words & TARGET_HINTS:
        return 2.5
    return 1.0 if words & FLAG_WORDS else 0.0


def is_never(name: str) -> bool:
    """Whether a name says that the column is an id, a file name, a fold, free text, but no label."""
    return weight(name) < 0
