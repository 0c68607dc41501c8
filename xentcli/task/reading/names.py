"""Names of columns: the words in them, and what is left of a name once the words of its role are taken off.

Floor 3. Pure functions of names; no data are read.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from xentcli.files.columns import SUFFIX
from xentcli.record import Record
from xentcli.task.names import normal, weight
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import (
    ANSWER_NAMES,
    BOOLEANS,
    DERIVED_WORDS,
    FEATURE_WORDS,
    FILLER_WORDS,
    ID_WORDS,
    LABEL_NAMES,
    LABEL_WORDS,
    LOGIT_WORDS,
    PREDICTED_WORDS,
    ROLE_WORDS,
    SCORE_WORDS,
)

_RUN = re.compile(r"[^\W\d_]+|\d+")
_LONE = frozenset({"p"})
"""Words of one letter that say nothing where another letter follows, as in pH."""

_SAYS = SCORE_WORDS | PREDICTED_WORDS
_ROLES = _SAYS | LABEL_WORDS | FILLER_WORDS
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">", '"': '"', "'": "'"}


class Name(Record):
    """What the words of a column's name say.

    Attributes:
        text: the name, without the mark of a labels' file.
        words: its words in small letters, in order.
        score: whether a word says that it holds scores.
        predicted: whether a word says that it comes from a model.
        logit: whether a word says that its scores need not sum to 1.
        derived: whether a word says that it was computed from other scores.
        rest: its words without those of roles.
    """

    text: str
    words: tuple[str, ...]
    score: bool
    predicted: bool
    logit: bool
    derived: bool
    rest: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether the name says its role and nothing else, as `y_score` and `pred_label` do."""
        return not self.rest

    @property
    def base(self) -> str:
        """What the name says besides its role, in small letters, joined by `_`."""
        return "_".join(self.rest)


def _tokens(text: str) -> list[tuple[int, int]]:
    """Return where words start and end in a name: runs of digits, and of letters, cut where a capital begins one."""
    found: list[tuple[int, int]] = []
    for run in _RUN.finditer(text):
        start, letters = run.start(), run.group()
        if letters.islower() or letters.isdigit():  # nearly all are, and wide files have many names
            found.append(run.span())
            continue
        for at in range(start + 1, run.end()):
            before, here = text[at - 1], text[at]
            follows = at + 1 < run.end() and text[at + 1].islower()
            begins = here.isupper() and (before.islower() or (before.isupper() and follows))
            if begins and text[start:at].casefold() not in _LONE:
                found.append((start, at))
                start = at
        found.append((start, run.end()))
    return found


@lru_cache(maxsize=1 << 17)
def name_of(column: str) -> Name:
    """Return what a column's name says."""
    text = column.removesuffix(SUFFIX)
    words = tuple(text[start:end].casefold() for start, end in _tokens(text))
    known = set(words)
    says = bool(known & _SAYS)
    rest = tuple(word for word in words if word not in _ROLES and not (says and word in DERIVED_WORDS))
    return Name(
        text=text,
        words=words,
        score=bool(known & SCORE_WORDS),
        predicted=bool(known & PREDICTED_WORDS),
        logit=bool(known & LOGIT_WORDS),
        derived=says and bool(known & (DERIVED_WORDS - SCORE_WORDS)),
        rest=rest,
    )


def without_roles(column: str) -> tuple[str, ...]:
    """Return the words of a name without those of labels, predictions, scores: `shape, name` of `gt_shape_name`."""
    return tuple(word for word in name_of(column).words if word not in LABEL_WORDS and word not in _SAYS)


def base_of(column: str) -> str:
    """Return a name as it stands without the words of roles at its ends: `Sea Level` of `true Sea Level`."""
    text = name_of(column).text
    kept = [(start, end) for start, end in _tokens(text) if text[start:end].casefold() not in LABEL_WORDS | _SAYS]
    return text[kept[0][0] : kept[-1][1]] if kept else text


LABEL_TIERS = 4
"""0: a label by its name; 1: usually a label; 2: often one; 3: a name that says nothing."""


def label_tier(column: str) -> int:
    """Return how surely a column's name says that it holds the labels, 0 the surest; see `LABEL_TIERS`."""
    name = name_of(column)
    plain = normal(name.text)
    if plain in LABEL_NAMES:
        return 0
    if plain in ANSWER_NAMES:
        return 1
    says = set(name.words) & LABEL_WORDS - {"y", "test", "ground"}
    if says and len(name.rest) <= 2:
        return 1 if name.plain or set(name.words) & {"true", "truth", "actual", "gold", "gt", "label", "target"} else 2
    return 2 if weight(name.text) >= 2.5 else 3


def is_feature(column: str) -> bool:
    """Whether a name says that the column is what a model reads, such as an embedding."""
    return bool(set(name_of(column).words) & FEATURE_WORDS)


def is_id(column: str) -> bool:
    """Whether a name says that the column tells rows apart."""
    name = name_of(column)
    return not name.text.strip() or bool(set(name.words) & ID_WORDS) or name.text.startswith(("Unnamed: ", "__index"))


def is_role(text: str) -> bool:
    """Whether a text is made of words that are roles, and so hardly a class: `raw`, `max`, `time_ms`."""
    words = [text[start:end].casefold() for start, end in _tokens(text)]
    return bool(words) and all(word in ROLE_WORDS for word in words)


class Affixed(Record):
    """Columns whose names share what stands before and behind the part in which they differ."""

    columns: tuple[str, ...]
    names: tuple[str, ...]
    prefix: str
    suffix: str

    @property
    def affix(self) -> str:
        """What they share, as a person sees it."""
        return self.prefix or self.suffix


def by_words(columns: Iterable[str]) -> list[Affixed]:
    """Return the columns by the words of scores and predictions that their names share; a group may be one column."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for column in columns:
        for prefix, middle, suffix in _cut(column):
            found.setdefault((prefix.casefold(), suffix.casefold()), []).append((column, middle))
    return [
        Affixed(tuple(name for name, _ in held), tuple(middle for _, middle in held),
                held[0][0][: len(prefix)], held[0][0][len(held[0][0]) - len(suffix) :] if suffix else "")
        for (prefix, suffix), held in found.items()
    ]  # fmt: skip


def _cut(column: str) -> list[tuple[str, str, str]]:
    """Return the (prefix, middle, suffix) of a name at its last word of a role; none where it has no other part."""
    tokens = _tokens(column)
    words = [column[start:end].casefold() for start, end in tokens]
    says = [at for at, word in enumerate(words) if word in _SAYS]
    ends = {words[at] for at in (0, -1)} if words else set()
    classes = ends & {*BOOLEANS} or any(word.isdigit() for word in ends)
    if not says or (name_of(column).plain and not classes):
        return []
    last = says[-1]
    if last + 1 < len(tokens):
        start = tokens[last + 1][0]
        closing = _CLOSING.get(column[start - 1], "") if start else ""
        end = len(column) - len(closing) if closing and column.endswith(closing) else len(column)
        return [(column[:start], column[start:end], column[end:])]
    start = tokens[last][0]
    while start > 0 and not column[start - 1].isalnum():
        start -= 1
    return [("", column[:start], column[start:])]


def by_values(columns: Sequence[str], texts: Sequence[str], *, fold: bool = False) -> list[Affixed]:
    """Return the groups in which every text has a column: `p_cat, p_dog` for `cat, dog`, and `p_owl` beside them.

    Args:
        columns: names in file order.
        texts: at least one.
        fold: whether letter case is passed over.
    """
    spelled = {name.casefold() if fold else name: name for name in columns}
    wanted = [text.casefold() if fold else text for text in texts]
    longest = max(wanted, key=len)
    if not longest.strip():
        return []
    affixes: dict[tuple[str, str], None] = {}
    for name in spelled:
        at = name.find(longest)
        while at >= 0:
            prefix, suffix = name[:at], name[at + len(longest) :]
            cut = longest.isdigit() and (prefix[-1:].isdigit() or suffix[:1].isdigit())  # 1 is no part of 11
            if not cut and all(f"{prefix}{text}{suffix}" in spelled for text in wanted):
                affixes.setdefault((prefix, suffix))
            at = name.find(longest, at + 1)
    return [_sharing(columns, prefix, suffix, wanted, fold=fold) for prefix, suffix in affixes]


def _sharing(columns: Sequence[str], prefix: str, suffix: str, texts: Sequence[str], *, fold: bool) -> Affixed:
    """Return the columns that share an affix; with a bare one, those of the texts alone."""
    bare, known = not prefix and not suffix, set(texts)
    found = []
    for name in columns:
        one = name.casefold() if fold else name
        inside = len(one) > len(prefix) + len(suffix) and one.startswith(prefix) and one.endswith(suffix)
        if inside and (not bare or one in known):
            found.append((name, name[len(prefix) : len(name) - len(suffix)]))
    first = found[0][0]
    return Affixed(
        tuple(name for name, _ in found), tuple(middle for _, middle in found),
        first[: len(prefix)], first[len(first) - len(suffix) :] if suffix else "",
    )  # fmt: skip


def common_start(names: Sequence[str]) -> str:
    """Return what all names begin with."""
    first, last = min(names), max(names)
    at = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), len(first))
    return first[:at]


def numbered(names: Sequence[str]) -> bool:
    """Whether all names are whole numbers."""
    return bool(names) and all(integer_of(name) is not None for name in names)


def listed(columns: Sequence[str], most: int = 12) -> str:
    """Return the first dozen of some names as a sentence shows them."""
    return ", ".join(columns[:most]) + (f", ... ({len(columns)} in all)" if len(columns) > most else "")
