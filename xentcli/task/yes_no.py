"""Yes and no: the words and numbers that say them, the one list of this package.

Floor 3. Compared in small letters and without blanks at the ends.
"""

BOOLEANS = ("false", "true")
"""How a boolean cell is written as text, no before yes."""

PLAIN_PAIRS = (BOOLEANS, ("no", "yes"))
"""What stands for 0 and 1 in a cell of a 0/1 column."""

BOOLEAN_NAMES = {"false": ("false", "0", "no"), "true": ("true", "1", "yes")}
"""The names of classes that a boolean cell stands for, the likeliest first."""

YES_NO_PAIRS = (
    *PLAIN_PAIRS, ("0", "1"), ("-1", "+1"), ("n", "y"), ("f", "t"), ("negative", "positive"), ("neg", "pos"),
)  # fmt: skip
"""What a column that says no and yes holds."""

NEGATIVE_WORDS = tuple(no for no, _ in YES_NO_PAIRS)
POSITIVE_WORDS = tuple(yes for _, yes in YES_NO_PAIRS)

KNOWN_PAIRS = (
    *YES_NO_PAIRS, ("absent", "present"), ("control", "case"), ("reject", "accept"),
    ("nein", "ja"), ("non", "oui"), ("nee", "ja"), ("não", "sim"), ("nao", "sim"), ("no", "sí"), ("no", "si"),
)  # fmt: skip
"""Names of two classes that tell which one is the positive one; what follows `YES_NO_PAIRS` says no yes in a cell."""

ZERO_WORDS = frozenset(no for no, _ in PLAIN_PAIRS)
ONE_WORDS = frozenset(yes for _, yes in PLAIN_PAIRS)

ZERO_ONE_WORDS = frozenset({"0", "1", "0.0", "1.0", "0.", "1."}) | ZERO_WORDS | ONE_WORDS
"""What a 0/1 cell holds, in numbers or words."""

NOT_SELECTED = frozenset({"", "not selected", "no", "none", "0", "false", "unchecked", "f", "n"})
"""What a cell of a survey holds where its option was not chosen."""


def in_small(text: str) -> str:
    """Return a text as the words of this module are written."""
    return text.casefold().strip()
