"""Tags: whether the cells of a text column hold several labels each, and what separates them.

Floor 3. Pure functions of distinct cells. Class names may hold commas and blanks too; tags are told by coming
back, alone and in other company.
"""

import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping

import numpy as np
import pyarrow as pa

from xentcli.files.arrays import lists, nulls, view
from xentcli.record import MutableRecord, field
from xentcli.task.values import as_text

SEPARATORS = ("|", ";", "><", "\t", ", ", ",", " / ", "/", " + ", " ")
"""What stands between the tags of a cell, the surest first: the first one that fits is taken.

Marks that hardly any name holds come before commas, commas before what stands in dates and sizes too, and the blank,
which most names of several words hold, comes last. A mark with a blank beside it comes before the mark alone, which
would also split names that hold the mark.
"""
WRITTEN = ("|", ";", ",")
"""Those of them that labels are written with, in the same order."""

NO_TAGS = {"none", "(no genres listed)", "[]", "{}", "()", "no tags", "(no tags)", "n/a", "<>"}
BRACKETS = "brackets"
"""Stands for cells such as ['a', 'b'] or ["a", "b"]."""

CHOICES = "choices"
"""Stands for cells of Label Studio such as {"choices": ["a", "b"]}, beside which a single choice stands bare."""

_CHOSEN = re.compile(r'\{\s*"choices"\s*:\s*(\[.*\])\s*\}', re.DOTALL)

AS_COLUMNS = "write both as a 0/1 column per tag, named alike (true_TAG, pred_TAG): xent encode --to multi-hot"
"""What to do about predicted tags, which are compared with the true ones label by label."""

FIRST_ROWS = 10
_COMBINED = 3
"""With so many different cells for each tag, tags combine freely; words of names do so in cells of one length only."""
_LOOSE = {" / ", "/", " + "}
"""Separators that sizes, dates and pairs hold as well."""
SURE = {"|", ";", "><", "\t"}
"""Separators that hardly any class name holds."""


class TagFacts(MutableRecord):
    """Cells split into tags, counted; mergeable.

    Attributes:
        separator: what separates them; `BRACKETS` for bracketed lists, None for real lists.
        rows: rows by tag.
        per_row: rows by number of distinct tags.
        repeated: rows in which a tag stands twice, as in a sequence of labels, one a token.
        cells: rows seen, null lists not among them.
        missing: null lists.
        empty_rows: the first rows, from 0, of a list column without a tag.
        missing_rows: the first null rows.
    """

    separator: str | None
    rows: Counter[str] = field(default_factory=Counter)
    per_row: Counter[int] = field(default_factory=Counter)
    repeated: int = 0
    cells: int = 0
    missing: int = 0
    empty_rows: list[int] = field(default_factory=list)
    missing_rows: list[int] = field(default_factory=list)

    def add_cell(self, tags: tuple[str, ...], rows: int = 1) -> None:
        """Add rows that all hold the same tags."""
        distinct = set(tags)
        self.cells += rows
        self.per_row[len(distinct)] += rows
        self.repeated += rows * (len(distinct) < len(tags))
        for tag in distinct:
            self.rows[tag] += rows

    def add_lists(self, array: pa.Array) -> None:
        """Add the cells of a list column; null tags are none."""
        held = lists(array)
        absent = np.zeros(len(array), dtype=np.bool_) if held.null is None else held.null
        lengths = np.where(absent, 0, held.lengths)
        row = np.repeat(np.arange(len(array)), lengths)
        within = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        codes, names = _coded(held.values)
        code = codes[np.repeat(held.starts, lengths) + within]
        row, code = row[code >= 0], code[code >= 0]
        pairs = np.unique(row * len(names) + code) if names else np.zeros(0, dtype=np.intp)
        number = np.bincount(pairs // max(1, len(names)), minlength=len(array))
        self.repeated += int(np.count_nonzero(np.bincount(row, minlength=len(array)) > number))
        empty, start = (number == 0) & ~absent, self.cells + self.missing
        self.empty_rows += (start + np.flatnonzero(empty)[: FIRST_ROWS - len(self.empty_rows)]).tolist()
        self.missing_rows += (start + np.flatnonzero(absent)[: FIRST_ROWS - len(self.missing_rows)]).tolist()
        self.cells += int(np.count_nonzero(~absent))
        self.missing += int(np.count_nonzero(absent))
        for size, rows in enumerate(np.bincount(number[~absent]).tolist()):
            if rows:
                self.per_row[size] += rows
        if names:
            for name, rows in zip(names, np.bincount(pairs % len(names), minlength=len(names)).tolist(), strict=True):
                if rows:
                    self.rows[name] += rows

    def merge(self, other: "TagFacts") -> None:
        """Add the facts of the rows that follow."""
        start = self.cells + self.missing
        self.empty_rows = (self.empty_rows + [start + row for row in other.empty_rows])[:FIRST_ROWS]
        self.missing_rows = (self.missing_rows + [start + row for row in other.missing_rows])[:FIRST_ROWS]
        self.rows.update(other.rows)
        self.per_row.update(other.per_row)
        self.repeated += other.repeated
        self.cells += other.cells
        self.missing += other.missing

    @property
    def several(self) -> int:
        """Rows with more than one tag."""
        return sum(rows for number, rows in self.per_row.items() if number > 1)


def _coded(array: pa.Array) -> tuple["np.ndarray[tuple[int], np.dtype[np.intp]]", list[str]]:
    """Return the code of each cell, -1 for null, and the text of each code."""
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    texts = ["" if value is None else as_text(value) for value in encoded.dictionary.to_pylist()]
    names = list(dict.fromkeys(texts))
    places = {name: at for at, name in enumerate(names)}
    table = np.array([places[text] for text in texts], dtype=np.intp)
    codes = np.full(len(array), -1, dtype=np.intp)
    empty = nulls(encoded.indices)
    at = np.arange(len(array)) if empty is None else np.flatnonzero(~empty)
    if len(table):
        codes[at] = table[view(encoded.indices).astype(np.intp)[at]]
    return codes, names


def split(cell: str, separator: str) -> tuple[str, ...]:
    """Return the tags of a cell."""
    text = cell.strip()
    if text.casefold() in NO_TAGS:
        return ()
    if separator == BRACKETS:
        return bracketed(text) or ()
    if separator == CHOICES:
        found = chosen(text)
        return (text,) if found is None and text else found or ()
    if separator == "><":
        text = text.removeprefix("<").removesuffix(">")
    return tuple(tag.strip() for tag in text.split(separator) if tag.strip())


_CLOSING = {"[": "]", "(": ")", "{": "}"}


def bracketed(text: str) -> tuple[str, ...] | None:
    """Return the items of a bracketed list such as `['a', 'b']`, `["a"]`, `[1, 2]`, `(0 1 0)`; None if it is none."""
    if len(text) < 2 or _CLOSING.get(text[0]) != text[-1]:
        return None
    inner = text[1:-1].strip().removesuffix(",")
    if not inner:
        return ()
    try:
        found = json.loads(f"[{inner}]")
    except (ValueError, RecursionError):
        found = None
    if found is not None:
        return tuple(as_text(item) for item in found) if all(_plain(item) for item in found) else None
    quoted = _quoted(inner)
    if quoted is not None:
        return quoted
    items = [item.strip() for item in inner.split(",")] if "," in inner else inner.split()
    if text[0] == "[" and all(_bare(item) for item in items):
        return tuple(items)
    return None


_HALF_PAIR = re.compile("[\ud800-\udfff]")


def chosen(text: str) -> tuple[str, ...] | None:
    """Return the choices of a cell of Label Studio, None if it is none."""
    found = _CHOSEN.fullmatch(text)
    return None if found is None else bracketed(found[1])


_QUOTED = re.compile(r"""\s*(?:'([^']*)'|"([^"]*)")(?:\s*,|\s+(?=['"])|\s*$)""")


def _quoted(inner: str) -> tuple[str, ...] | None:
    """Return items in quotes, which commas or blanks separate and which may hold both; None if some have no quotes."""
    found: list[str] = []
    at = 0
    while at < len(inner):
        item = _QUOTED.match(inner, at)
        if item is None:
            return None
        found.append(item[1] if item[2] is None else item[2])
        at = item.end()
    return tuple(found)


def _plain(item: object) -> bool:
    """Whether an item is a tag: a value, and no text with half a surrogate pair, which stands for no character."""
    if isinstance(item, str):
        return item.isascii() or not _HALF_PAIR.search(item)
    return isinstance(item, int | float | bool)


def _bare(item: str) -> bool:
    return bool(item) and not set(item) & set("[](){}\"':")


def split_known(cell: str, separator: str, known: Container[str]) -> tuple[str, ...]:
    """Return the tags of a cell where the labels are known: `none` may be one of them."""
    return (cell.strip(),) if cell.strip() in known else split(cell, separator)


def separator_among(cells: Iterable[str], known: Container[str]) -> str | None:
    """Return what splits cells into known labels, several in one cell at least; None if nothing does."""
    filled = [cell for cell in cells if cell.strip() in known or cell.strip().casefold() not in NO_TAGS | {""}]
    listed = all(cell.strip() in known or bracketed(cell.strip()) is not None for cell in filled)
    choices = any(chosen(cell.strip()) is not None for cell in filled)
    tried: list[str] = [*([CHOICES] if choices else []), *([BRACKETS] if listed else []), *SEPARATORS]
    for separator in tried:
        cut = [split_known(cell, separator, known) for cell in filled]
        if any(len(tags) > 1 for tags in cut) and all(tag in known for tags in cut for tag in tags):
            return separator
    return None


def separator_of(counts: Mapping[str, int]) -> str | None:
    """Return what separates the tags of text cells given as rows by value, None if each cell is one label."""
    cells = list(counts)
    filled = [cell for cell in cells if cell.strip() and cell.strip().casefold() not in NO_TAGS]
    if filled and all(bracketed(cell.strip()) is not None for cell in filled):
        return BRACKETS
    if any(chosen(cell.strip()) is not None for cell in filled):
        return CHOICES
    for separator in SEPARATORS:
        if any(separator in cell for cell in filled) and _comes_back(filled, separator):
            return separator
    return None


def split_all(counts: Mapping[str, int], separator: str, blank: int = 0) -> TagFacts:
    """Return the tags of cells given as rows by value; `blank` cells are rows without tags."""
    found = TagFacts(separator)
    for cell, rows in counts.items():
        found.add_cell(split(cell, separator), rows)
    if blank:
        found.add_cell((), blank)
    return found


def _comes_back(cells: list[str], separator: str) -> bool:
    """Whether the tags of cells with several come back in other cells, as the words of a name do not."""
    cut = [tuple(dict.fromkeys(split(cell, separator))) for cell in cells]
    seen = Counter(tag for tags in cut for tag in tags)
    several = [tags for tags in cut if len(tags) > 1]
    if not several:
        return False
    alone = {tags[0] for tags in cut if len(tags) == 1}
    if separator == WRITTEN[0] and _stand_alone(several, alone, seen):
        return True
    returning = sum(all(seen[tag] > 1 for tag in tags) for tags in several)
    if returning < 0.6 * len(several):
        return False
    if separator in SURE:
        return True
    if separator in _LOOSE:
        standing = sum(tag in alone for tags in several for tag in tags)
        return len(several) >= 3 and standing >= 0.9 * sum(len(tags) for tags in several)
    if separator == " ":
        return _blank_separates(cells, cut, seen, alone)
    return len(seen) <= len(cells) and _mixes(several, alone, seen)


def _stand_alone(several: list[tuple[str, ...]], alone: set[str], seen: "Counter[str]") -> bool:
    """Whether a tag stands alone, too, and each cell with several holds one that comes back: `a|c` beside `c`."""
    return any(tag in alone for tags in several for tag in tags) and all(
        any(seen[tag] > 1 for tag in tags) for tags in several
    )


def _mixes(several: list[tuple[str, ...]], alone: set[str], seen: "Counter[str]") -> bool:
    """Whether tags meet in several companies: most stand alone somewhere, or beside different ones."""
    company: dict[str, set[str]] = {}
    for tags in several:
        for tag in tags:
            company.setdefault(tag, set()).update(tags)
    free = sum(tag in alone or len(company.get(tag, ())) > 2 for tag in seen)
    return free >= 0.6 * len(seen)


def _blank_separates(cells: list[str], cut: list[tuple[str, ...]], seen: "Counter[str]", alone: set[str]) -> bool:
    """Whether blanks stand between tags and not between the words of a name or of a sentence.

    The words of names are few and do not stand alone (`very good`, `North Dakota`), and keep one order, which is not
    that of the alphabet; tags fill cells of many lengths, stand alone as well as together, or stand in any order.
    """
    several = [tags for tags in cut if len(tags) > 1]
    if any(len(tag) > 24 for tag in seen) or _is_prose(cells):
        return False
    used = sum(len(tags) for tags in several)
    standing = sum(tag in alone for tags in several for tag in tags)
    if standing >= 0.9 * used and len(several) >= 3:
        return True
    lengths = len({len(tags) for tags in cut})
    if _in_any_order(several) or (lengths > 2 and _sorted(several)):
        return True
    if lengths > 2 and len(seen) < 0.7 * len(cells) and standing >= 0.3 * used:
        return True
    return lengths > 3 and len(cells) >= _COMBINED * len(seen)


def _in_any_order(several: list[tuple[str, ...]]) -> bool:
    """Whether many tags stand before and behind the same others, as the words of a name never do."""
    orders = {(one, other) for tags in several for at, one in enumerate(tags) for other in tags[at + 1 :]}
    turned = sum((other, one) in orders for one, other in orders)
    return turned >= max(4, 0.3 * len(orders))


def _sorted(several: list[tuple[str, ...]]) -> bool:
    """Whether the tags of every cell stand in the order of the alphabet, in cells of three or more enough to tell."""
    long = sum(len(tags) > 2 for tags in several)
    return long >= 3 and len(several) >= 5 and all(list(tags) == sorted(tags) for tags in several)


def _is_prose(cells: list[str]) -> bool:
    """Whether cells read like sentences: many different words, some of them the small words of English."""
    small = {"the", "a", "of", "and", "to", "in", "is", "it", "for", "with", "on", "was"}
    words = [word for cell in cells for word in cell.casefold().split()]
    return len(set(words)) > 20 and sum(word in small for word in words) > 0.05 * len(words)
