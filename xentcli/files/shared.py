"""Shared columns: which column of two tables tells what rows belong together, and which denies the order of the rows.

Floor 2. Decided by the values, names support. Used for a file of labels beside predictions and for two files of
predictions. The first rows rule out most columns; what may identify rows is then read whole, nothing else.

1. A column may identify rows if its values are texts, times or whole numbers, hardly any is missing, and at least half
   of them are distinct. Columns that are labels, predictions or scores by name or option, lists, truth values and
   measurements never do; they may stand in both files with other values. In fewer than 20 rows labels may be unique,
   too: then the name must speak of rows.
2. It is an id where it stands in both tables, unique in both, with the same values. Under one name in any letter case
   half of the values will do, because the unmatched are counted and refused later (numbers under another name than an
   id's: 99 %); under two names all but 1 % must be the same texts, or all the same whole numbers.
3. A column that counts the rows in order on both sides is an index: no evidence, as joining by it is joining by row.
   Counting on one side, it is an id only where the other side holds the very same numbers in another order. The numbers
   of all rows may be ranks where a name does not speak of rows, or, under two names, a new numbering where one counts
   that is called like one (`Unnamed: 0`): without other evidence, that is an error that asks.
4. A column that is the same in every row confirms the order of the rows.
5. Ids, and columns that confirm the order, must agree on which rows belong together, else the tables contradict
   themselves. A column of a usual name of ids is one without this evidence; as an index it gives way to other columns.
6. Without any of these, a column of one name denies the order of the rows where rows differ and (nearly) all their
   values stand in other rows of the other table, or where it is called like an id or an input and its texts differ.
   So do two columns of unique texts that are the same texts in other rows but for folders, suffixes and midnights.
"""

from collections.abc import Collection
from itertools import combinations

from xentcli.errors import AmbiguousError, BadRowsError
from xentcli.files.columns import alike
from xentcli.files.shared_evidence import (
    NEARLY_ALL,
    SHARED_IDS,
    Evidence,
    Pair,
    Search,
    names_inputs,
    names_rows,
    order_error,
)
from xentcli.files.table import Table
from xentcli.record import Record


class Shared(Record):
    """What two tables share.

    Attributes:
        ids: the column that identifies the rows, by its name in either table; None for joining by row.
        same: columns that hold the same values in every row, and so confirm the order.
        indices: columns that count the rows in both tables.
    """

    ids: Pair | None = None
    same: tuple[Pair, ...] = ()
    indices: tuple[Pair, ...] = ()


NOTHING_SHARED = Shared()


def shared_columns(left: Table, right: Table, never: Collection[str] = ()) -> Shared:
    """Return what two tables share.

    Args:
        left: the predictions.
        right: the labels, or other predictions.
        never: names, in small letters, of columns that are labels, scores, weights or the like.

    Raises:
        AmbiguousError: columns contradict each other about which rows belong together, or may be ids or ranks.
        InputError: a column denies the order of the rows, and none is an id.
        BadRowsError: a column of a usual name of ids, beside others that may be ids, holds one twice.
    """
    known = usual_id(left, right, never)
    if len(left.columns) == 1 or len(right.columns) == 1:  # an id alone would leave nothing to read
        return Shared(known)
    search = Search(left, right, never)
    evidence = search.under_one_name(known)
    index = next((one for one in evidence if one.names == known and one.is_index), None)
    found = _agreed(search, evidence, None if index else known)
    if found.ids is None and not found.same:
        more = search.under_two_names(found.indices)
        other = _agreed(search, more, None)
        found = Shared(other.ids, other.same, (*found.indices, *other.indices))
        if found.ids is None and not found.same:
            _refuse_ranks(search, (*evidence, *more))
            _refuse_other_order(search, evidence)
            _refuse_other_spelling(search)
    by_row = index is not None and index.left.lowest != index.right.lowest and index.left.rows == index.right.rows
    return Shared(known, found.same, found.indices) if index and not found.ids and not by_row else found


def usual_id(left: Table, right: Table, never: Collection[str] = ()) -> Pair | None:
    """Return the column of one of the usual names of ids that both tables have; None if there is none."""
    for name in left.names:
        usual = name.casefold() in SHARED_IDS and name.casefold() not in never
        there = alike(right, name) if usual else None
        if there is not None:
            return name, there
    return None


def _agreed(search: Search, evidence: list[Evidence], known: Pair | None) -> Shared:
    """Return what the evidence says with one voice; a known id needs none.

    Raises:
        AmbiguousError: columns contradict each other.
    """
    indices = tuple(one.names for one in evidence if one.is_index)
    same = tuple(one.names for one in evidence if one.is_same)
    others = [one.names for one in evidence if one.is_id and not one.is_same and not one.may_rank]
    if known is not None and known not in (*same, *others):
        others.append(known)
    ids = _consistent(search, others, known)
    if same and ids and not _match_in_order(search, ids[0]):
        raise _contradiction(search, same[0], ids[0])
    if known is not None and known in (*same, *ids):
        return Shared(known, same, indices)
    ranked = sorted(ids, key=lambda names: (not all(map(names_rows, names)), search.left.names.index(names[0])))
    return Shared(ranked[0] if ranked else None, same, indices)


def _consistent(search: Search, pairs: list[Pair], known: Pair | None) -> list[Pair]:
    """Return the pairs of columns that do identify the same rows, where there are several.

    Raises:
        AmbiguousError: two of them pair other rows.
        BadRowsError: the column of a usual name is no id.
    """
    if len(pairs) <= 1:  # whether it is unique shows when it joins
        return pairs
    from xentcli.files.ids import Match, match  # noqa: PLC0415  only joins by id need it

    found: dict[Pair, Match] = {}
    for pair in pairs:
        try:
            found[pair] = match(search.left, pair[0], search.right, pair[1])
        except BadRowsError:
            if pair == known:
                raise
    for (one, first), (other, second) in combinations(found.items(), 2):
        if first.contradicts(second):
            raise _contradiction(search, one, other)
    return list(found)


def _match_in_order(search: Search, pair: Pair) -> bool:
    from xentcli.files.ids import match  # noqa: PLC0415  only joins by id need it

    return match(search.left, pair[0], search.right, pair[1]).in_order


def _contradiction(search: Search, one: Pair, other: Pair) -> AmbiguousError:
    return AmbiguousError(
        f"{search.left.path} and {search.right.path}: by column {_said(one)} other rows belong together than by column"
        f" {_said(other)}",
        help=f"name the one that tells: --id {_option(one)} or --id {_option(other)}",
    )


def _said(names: Pair) -> str:
    return names[0] if names[0] == names[1] else f"{names[0]} ({names[1]} there)"


def _option(names: Pair) -> str:
    return names[0] if names[0].casefold() == names[1].casefold() else "=".join(names)


def _refuse_ranks(search: Search, evidence: tuple[Evidence, ...]) -> None:
    """Raise if columns hold the numbers of all rows in two orders, under names that tell not whether as ids.

    Raises:
        AmbiguousError: they do.
    """
    for one in evidence:
        if one.is_id and one.may_rank and not one.is_same:
            raise AmbiguousError(
                f"column {one.names[0]} of {search.left.path} and column {one.names[1]} of {search.right.path} hold the"
                " same row numbers in two orders: ids of the same rows, or a new numbering or ranks?",
                help=f"--id {_option(one.names)} joins by them; leave one of the two out of its file to join by row",
            )


def _refuse_other_order(search: Search, evidence: list[Evidence]) -> None:
    """Raise if a column of one name says that the rows stand in another order.

    Raises:
        InputError: it does.
    """
    for one in evidence:
        if one.left.rows != one.right.rows or one.left.counts_rows or one.right.counts_rows:
            continue
        texts = not (one.left.integers or one.right.integers)
        named = any(names_rows(name) or names_inputs(name) for name in one.names)
        least = 0.0 if texts and named else NEARLY_ALL if not texts else _MOST_TEXTS
        error = order_error(search.left, search.right, one.names, least, plain=texts and named)
        if error is not None:
            raise error


def _refuse_other_spelling(search: Search) -> None:
    """Raise if ids that are written in two ways say that the rows stand in another order.

    Raises:
        InputError: they do.
    """
    for names in search.unique_texts():
        error = order_error(search.left, search.right, names, NEARLY_ALL, plain=True)
        if error is not None:
            raise error


_MOST_TEXTS = 0.9
"""From this share on, texts that differ are taken to stand in other rows: some may have been edited."""
