"""Names of columns: their words, which score columns share an affix, and how much a name says that it holds the labels.

Floor 3. Pure functions of names; no data are read.
"""

import re
from collections.abc import Iterable, Sequence

from xentcli.record import Record
from xentcli.task.vocabulary import (
    CODED_NAMES,
    FLAG_WORDS,
    LABELLED_WORDS,
    NEVER_LABELS,
    OBSERVATIONS,
    OUTCOMES,
    RUN_WORDS,
    SCORE_PREFIXES,
    SCORE_SUFFIXES,
    TARGET_HINTS,
    TARGET_NAMES,
    TARGET_WORDS,
    USUAL_TARGETS,
)


class ScoreGroup(Record):
    """Columns that together hold the scores: one per class, named after it.

    Attributes:
        columns: the columns in file order.
        names: the part of each name that is not common, so the class names.
        affix: what was taken off, such as `p_` or `_prob`; empty for bare class names.
    """

    columns: tuple[str, ...]
    names: tuple[str, ...]
    affix: str


def pieces(name: str) -> frozenset[str]:
    """Return the words of a column's name, in small letters: `{'true', 'label'}` of `trueLabel_2`."""
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).casefold()
    return frozenset(re.split(r"[\W\d_]+", apart)) - {""}


def _variants(affix: str) -> tuple[str, ...]:
    bare = affix.strip("_")
    if affix.startswith("_"):
        return (affix, f".{bare}", f" {bare}", f"-{bare}")
    return (affix, f"{bare}.", f"{bare} ", f"{bare}-", f"{bare}:")


def _with_digits(prefix: str, columns: list[str]) -> tuple[str, ...]:
    """Return the columns such as `prob0, prob1`: the bare prefix and a number."""
    bare = prefix.rstrip("_")
    found = tuple(name for name in columns if name.casefold().startswith(bare) and name[len(bare) :].isdigit())
    return found if [int(name[len(bare) :]) for name in found] == list(range(len(found))) else ()


def score_groups(columns: list[str]) -> list[ScoreGroup]:
    """Return the groups of columns that share a known score prefix or suffix, longest affix first."""
    groups: list[ScoreGroup] = []
    taken: set[str] = set()
    for prefix in sorted(SCORE_PREFIXES, key=len, reverse=True):
        for variant in _variants(prefix):
            free = [name for name in columns if name not in taken]
            found = tuple(n for n in free if n.casefold().startswith(variant) and len(n) > len(variant))
            if found:
                taken.update(found)
                groups.append(ScoreGroup(found, tuple(n[len(variant) :] for n in found), variant))
        digits = _with_digits(prefix, [name for name in columns if name not in taken])
        if len(digits) > 1:
            taken.update(digits)
            bare = prefix.rstrip("_")
            groups.append(ScoreGroup(digits, tuple(n[len(bare) :] for n in digits), bare))
    for suffix in sorted(SCORE_SUFFIXES, key=len, reverse=True):
        for variant in _variants(suffix):
            free = [name for name in columns if name not in taken]
            found = tuple(n for n in free if n.casefold().endswith(variant) and len(n) > len(variant))
            if found:
                taken.update(found)
                groups.append(ScoreGroup(found, tuple(n[: -len(variant)] for n in found), variant))
    return groups


def kin(scores: Sequence[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return which other columns are named like some score columns: by the same affix."""
    own, found = set(scores), score_groups([*scores, *others])
    return tuple(name for group in found if own & set(group.columns) for name in group.columns if name not in own)


def named_like(names: tuple[str, ...], columns: list[str]) -> list[str]:
    """Return the columns whose name is one of `names` in any letter case, in the order of `names`."""
    by_folded: dict[str, str] = {}
    for column in columns:
        by_folded.setdefault(column.casefold().strip().replace(" ", "_").replace("-", "_"), column)
    return [by_folded[name] for name in names if name in by_folded]


def speaks_of(name: str) -> str | None:
    """Return the scale that a score column's name (or prefix) speaks of, as `Scale` writes it."""
    folded = name.casefold()
    if "logit" in folded:
        return "logits"
    if "log_p" in folded or "logp" in folded or "log-p" in folded:
        return "log-probabilities"
    if "prob" in folded or "softmax" in folded or folded.strip("_.- ") == "p":
        return "probabilities"
    return None


def listed(columns: tuple[str, ...]) -> str:
    """Return the first dozen of some names as a sentence shows them."""
    return ", ".join(columns[:12]) + (f", ... ({len(columns)} in all)" if len(columns) > 12 else "")


def model_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Return the columns that may tell models apart, by their names."""
    return tuple(name for name in names if pieces(name) & RUN_WORDS)


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
