"""Ordinal: whether classes have an order that their names tell, such as ratings and grades.

Floor 3. Pure functions of names.
"""

import re

from xentcli.task.names import pieces
from xentcli.task.values import integer_of

_SCALES: tuple[tuple[str, ...], ...] = (
    ("very low", "low", "medium low", "medium", "moderate", "medium high", "high", "very high", "extreme"),
    ("none", "mild", "moderate", "severe", "proliferative", "critical"),
    ("very bad", "bad", "poor", "fair", "average", "ok", "good", "very good", "great", "premium", "excellent", "ideal"),
    ("terrible", "bad", "neutral", "good", "excellent"),
    ("strongly disagree", "disagree", "somewhat disagree", "neither agree nor disagree", "neutral", "undecided",
     "somewhat agree", "agree", "strongly agree"),
    ("very negative", "negative", "neutral", "positive", "very positive"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("never", "rarely", "seldom", "once in a while", "sometimes", "often", "usually", "very often", "always"),
    ("not at all", "a little", "slightly", "somewhat", "moderately", "fairly", "very", "extremely"),
    ("very unlikely", "unlikely", "somewhat likely", "likely", "very likely"),
    ("xs", "s", "m", "l", "xl", "xxl"),
    ("tiny", "small", "medium", "large", "huge"),
    ("worse", "same", "better"),
    ("easy", "medium", "hard", "expert"),
    ("f", "d", "c", "b", "a"),
    ("first", "second", "third", "fourth", "fifth"),
    ("1st", "2nd", "3rd", "4th", "5th"),
)  # fmt: skip
"""Words in their order; a file may use any of a row."""

_RATED = frozenset({
    "rating", "ratings", "stars", "star", "grade", "quality", "level", "severity", "stage", "rank", "satisfaction",
    "likert", "score", "agreement",
})  # fmt: skip
_LETTERED = _RATED | {"size", "grades", "mark", "marks"}
"""Where single letters are grades or sizes, and not just letters."""

_NUMBERED = re.compile(r"(?:[a-z]+[ _-]?)?(\d+)(?:[ _-]?[a-z]+)?")
_INTERVAL = re.compile(r"[<>]?=?\s*\d+(\.\d+)?\s*(-|to|\u2013)\s*\d+(\.\d+)?|[<>]=?\s*\d+|\d+\s*\+")


def order_of(classes: tuple[str, ...], column: str) -> str | None:
    """Return the order that the names of more than two classes tell, as `low < medium < high`; None if none."""
    if len(classes) < 3 or len(classes) > 20:
        return None
    words = {" ".join(re.split(r"[\s_-]+", name.strip().casefold())): name for name in classes}
    for scale in _SCALES:
        letters = all(len(word) == 1 for word in words)
        if len(words) == len(classes) and set(words) <= set(scale) and (not letters or pieces(column) & _LETTERED):
            return " < ".join(words[word] for word in scale if word in words)
    numbers = [integer_of(name) for name in classes]
    if None not in numbers:
        return " < ".join(classes) if pieces(column) & _RATED else None
    if all(_INTERVAL.fullmatch(word) for word in words):
        return " < ".join(sorted(classes, key=_first_number))
    matches = [_NUMBERED.fullmatch(word) for word in words]
    named = any(pieces(name) & _RATED for name in classes) or pieces(column) & _RATED
    if named and all(matches):
        return " < ".join(sorted(classes, key=_first_number))
    return None


def _first_number(name: str) -> float:
    """Return the first number of a name; an open lower end comes before it."""
    found = re.search(r"\d+(\.\d+)?", name)
    value = float(found.group()) if found else 0.0
    return value - 0.5 if name.strip().startswith("<") else value
