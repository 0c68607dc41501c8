"""Tags: whether the cells of a text column hold several labels each, and what separates them.

Floor 3. Pure functions of distinct cells. Class names may hold commas too; tags are told by coming back in
other company.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

SEPARATORS = ("|", ";", "><", ", ", ",", " ")
NO_TAGS = {"none", "(no genres listed)", "[]", "{}", "no tags", "n/a"}
BRACKETS = "brackets"
"""Stands for cells such as ['a', 'b'] or ["a", "b"]."""


@dataclass(frozen=True, slots=True)
class Tags:
    """Cells split into tags.

    Attributes:
        separator: what separates them; `BRACKETS` for bracketed lists, None for real lists.
        rows: rows by tag.
        per_row: rows by number of tags.
        several: rows with more than one tag.
    """

    separator: str | None
    rows: Mapping[str, int]
    per_row: Mapping[int, int]
    several: int


def split(cell: str, separator: str) -> tuple[str, ...]:
    """Return the tags of a cell."""
    text = cell.strip()
    if text.casefold() in NO_TAGS:
        return ()
    if separator == BRACKETS:
        return _bracketed(text) or ()
    if separator == "><":
        text = text.removeprefix("<").removesuffix(">")
    return tuple(tag.strip() for tag in text.split(separator) if tag.strip())


def _bracketed(text: str) -> tuple[str, ...] | None:
    """Return the items of a bracketed list, None if the text is none."""
    if not (text.startswith("[") and text.endswith("]")):
        return None
    inner = text[1:-1].strip()
    if not inner:
        return ()
    try:
        found = json.loads(text)
        if isinstance(found, list):
            return tuple(str(item) for item in found)
    except ValueError:
        pass
    items = [item.strip() for item in inner.split(",")]
    if all(len(item) > 1 and item[0] == item[-1] and item[0] in "\"'" for item in items):
        return tuple(item[1:-1] for item in items)
    return None


def collect(cells: Mapping[tuple[str, ...], int], separator: str | None) -> Tags:
    """Return the tags of rows given as (tags of a row) -> number of such rows."""
    rows: Counter[str] = Counter()
    per_row: Counter[int] = Counter()
    for tags, count in cells.items():
        distinct = set(tags)
        per_row[len(distinct)] += count
        for tag in distinct:
            rows[tag] += count
    several = sum(count for number, count in per_row.items() if number > 1)
    return Tags(separator, dict(rows), dict(per_row), several)


def find_tags(counts: Mapping[str, int]) -> Tags | None:
    """Return the tags of text cells given as rows by value, None if each cell is one label."""
    cells = list(counts)
    filled = [cell for cell in cells if cell.strip()]
    if filled and all(_bracketed(cell.strip()) is not None for cell in filled):
        return collect(_split_all(counts, BRACKETS), BRACKETS)
    for separator in SEPARATORS:
        if any(separator in cell for cell in cells) and _comes_back(cells, separator):
            return collect(_split_all(counts, separator), separator)
    return None


def _split_all(counts: Mapping[str, int], separator: str) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for cell, rows in counts.items():
        found[split(cell, separator)] += rows
    return found


def _comes_back(cells: list[str], separator: str) -> bool:
    """Whether the tags of cells with several come back in other cells, as the words of a name do not."""
    split_cells = [set(split(cell, separator)) for cell in cells]
    seen = Counter(tag for tags in split_cells for tag in tags)
    several = [tags for tags in split_cells if len(tags) > 1]
    if not several:
        return False
    returning = sum(all(seen[tag] > 1 for tag in tags) for tags in several)
    if returning < 0.6 * len(several):
        return False
    if separator == " ":
        lengths = {len(tags) for tags in split_cells}
        short = all(len(tag) <= 24 for tag in seen)
        return len(lengths) > 2 and len(seen) < 0.7 * len(cells) and short and not _is_prose(cells)
    return len(seen) <= len(cells) or separator in {"|", ";", "><"}


def _is_prose(cells: list[str]) -> bool:
    """Whether cells read like sentences: many words, some of them the small words of English."""
    small = {"the", "a", "of", "and", "to", "in", "is", "it", "for", "with", "on", "was"}
    words = [word for cell in cells for word in cell.casefold().split()]
    return bool(words) and sum(word in small for word in words) > 0.05 * len(words)
