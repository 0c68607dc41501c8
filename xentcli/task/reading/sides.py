"""Sides: which of two labels the name of one score speaks of, or that it speaks of something that is neither.

Floor 3. A name that could be the score of either label is never guessed at.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from xentcli.task.positive import PositiveBy, positive_class
from xentcli.task.reading.fits import sides_of
from xentcli.task.reading.names import Name, name_of
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import GENERIC_WORDS, NEGATIONS, OTHER_SIDE

_STEM = 4
"""Letters that two words must share at their start to be of one stem, as in `churn` and `churned`."""
_LONGEST_ENDING = 4


def named_after(said: Name, label: str, counts: Mapping[str, int]) -> str | None:
    """Return the label that a score's name holds or means, None where it holds none or several.

    Args:
        said: the name of the score.
        label: the name of the column of labels.
        counts: rows by label.
    """
    own = {text.strip().casefold(): text for text in counts}
    # The words of a name have no sign: `prob_-1` is no score of 1.
    signed = [
        text for text in counts
        if (integer_of(text) or 0) < 0 and re.search(rf"(?<![^\W_]){integer_of(text)}(?!\d)", said.text)
    ]  # fmt: skip
    if signed:
        return signed[0] if len(signed) == 1 else None
    whole = own.get("_".join(said.rest))
    held = [own[word] for word in said.words if word in own]
    if whole or len(held) == 1:
        return whole or held[0]
    return _meant(said.rest, counts) or _negated(said.rest, label, counts) or _of_stem(said.rest, counts)


def speaks_of_neither(said: Name, label: str, counts: Mapping[str, int]) -> bool:
    """Whether a score's name speaks of something that may be either of two labels: `p_benign` of 0 and 1.

    Args:
        said: the name of the score.
        label: the name of the column of labels.
        counts: rows by label, two of them.
    """
    if len(counts) != 2 or named_after(said, label, counts) is not None:
        return False
    left = _left(said.rest, label)
    if positive_class(tuple(counts), None).by is PositiveBy.SORTED:
        return any(len(word) > 1 and not word.isdigit() and word not in GENERIC_WORDS for word in left)
    return bool({*left} & (OTHER_SIDE | NEGATIONS))


def same_stem(one: str, other: str) -> bool:
    """Whether two words are forms of one another: they begin alike, and differ in their ends only.

    One may be the other with any ending (`fraudulent` of fraud); two endings are short (`survived` and `survival`), or
    else the words are two (`version` and `versicolor`).
    """
    shorter, longer = sorted((one, other), key=len)
    shared = next((at for at, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    if shared < len(shorter) and len(longer) - shared > _LONGEST_ENDING:
        return False
    return one == other or (shared >= _STEM and shared >= 0.6 * len(shorter) and 2 * shared >= len(longer))


def same_words(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names are made of forms of the same words; names without a word are not."""
    return len(one) == len(other) > 0 and all(same_stem(a, b) for a, b in zip(one, other, strict=True))


def _left(rest: Sequence[str], label: str) -> list[str]:
    """Return the words of a score's name that are not those of the label's name."""
    own = name_of(label).words
    return [word for word in rest if not any(same_stem(word, its) for its in own)]


def _meant(rest: Sequence[str], counts: Mapping[str, int]) -> str | None:
    """Return the label that says what the rest of a score's name says: 0 for `no`; None where it says neither."""
    said = sides_of(("_".join(rest),)) if rest else None
    return None if said is None else _of_side(next(iter(said.values())), counts)


def _of_side(side: int, counts: Mapping[str, int]) -> str | None:
    return next((text for text, own in (sides_of(tuple(counts)) or {}).items() if own == side), None)


def _negated(rest: Sequence[str], label: str, counts: Mapping[str, int]) -> str | None:
    """Return the label that says no, where a score's name says that what the label asks is not so."""
    left = _left(rest, label)
    return _of_side(0, counts) if left and len(left) < len(rest) and {*left} <= NEGATIONS else None


def _of_stem(rest: Sequence[str], counts: Mapping[str, int]) -> str | None:
    """Return the one label that holds a form of a word of a score's name: `Churned` of `churn_prob`."""
    if {*rest} & NEGATIONS:
        return None
    said = [word for word in rest if len(word) >= _STEM and word not in GENERIC_WORDS]
    found = [text for text in counts if _holds_form(said, name_of(text).words)]
    return found[0] if len(found) == 1 else None


def _holds_form(said: Sequence[str], words: Iterable[str]) -> bool:
    own = [*words]
    return not {*own} & NEGATIONS and any(same_stem(word, its) for word in said for its in own)
