"""Shared columns: which column of two tables tells what rows belong together, and which denies the order of the rows.

Floor 2. Decided by the values, names support. Used for a file of labels beside predictions and for two files of
predictions. The first rows rule out most columns; what may identify rows is then read whole, nothing else.

1. A column may identify rows if its values are texts, times or whole numbers, hardly any is missing, and at least half
   of them are distinct. Columns that are labels, predictions or scores by name or option, lists, truth values and
   measurements never do; they may stand in both files with other values. In fewer than 20 rows labels may be unique,
   too: then the name must speak of rows.
2. It is an id where it stands in both tables, unique in both, with the same values. Under one name in any letter case
   half of the values will do, because the unmatched are counted and refused later; under two names all but 1 % must be
   the same texts, or all the same whole numbers.
3. A column that counts the rows in order on both sides is an index: no evidence, as joining by it is joining by row.
   Counting on one side, it is an id only where the other side holds the very same numbers in another order; under two
   names both must speak of ids, and the one that counts not of row numbers, else it may be a new numbering or a rank.
4. A column that is the same in every row confirms the order of the rows.
5. Ids, and columns that confirm the order, must agree on which rows belong together, else the tables contradict
   themselves. A column of a usual name of ids is one without this evidence, unless it is an index.
6. Without any of these, a column of one name denies the order of the rows where rows differ and their values stand in
   other rows of the other table, or where it is called like an id or an input and its texts differ.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations

from xentcli.errors import AmbiguousError, BadRowsError
from xentcli.files.columns import alike
from xentcli.files.differences import order_error
from xentcli.files.id_names import SHARED_IDS, names_a_counter, names_inputs, names_rows
from xentcli.files.table import Table
from xentcli.files.value_facts import ValueFacts, may_identify, value_facts

FIRST = 2048
"""Rows that may rule out a column before all of it is read."""

FEW = 20
"""In fewer rows, labels may be unique as ids are."""

MOST_UNMATCHED = 0.01

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shared:
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


@dataclass(frozen=True, slots=True)
class _Seen:
    """A column of either table, and what its values show."""

    names: Pair
    left: ValueFacts
    right: ValueFacts

    @property
    def is_index(self) -> bool:
        return self.left.counts_rows and self.right.counts_rows

    @property
    def is_same(self) -> bool:
        return self.left.rows == self.right.rows and self.left.order == self.right.order

    @property
    def matches(self) -> bool:
        """Whether it is unique in both, with enough values that both have."""
        if not (_complete(self.left) and _complete(self.right) and self.left.unique and self.right.unique):
            return False
        here, there = self.left.sample.shared_with(self.right.sample)
        if self.left.counts_rows or self.right.counts_rows:
            return here == there == 1 and self.left.rows == self.right.rows
        return max(here, there) >= 1 / 2


def shared_columns(left: Table, right: Table, never: Collection[str] = ()) -> Shared:
    """Return what two tables share.

    Args:
        left: the predictions.
        right: the labels, or other predictions.
        never: names, in small letters, of columns that are labels, scores, weights or the like.

    Raises:
        AmbiguousError: columns contradict each other about which rows belong together, or one denies the row order.
    """
    known = usual_id(left, right)
    if len(left.columns) == 1 or len(right.columns) == 1:  # an id alone would leave nothing to read
        return Shared(known)
    evidence = _same_names(left, right, never, known)
    found = _agreed(left, right, evidence, known)
    if found.ids is None and not found.same:
        other = _agreed(left, right, _two_names(left, right, never, evidence), None)
        found = Shared(other.ids, other.same, (*found.indices, *other.indices))
    if found.ids is None and not found.same:
        _refuse_other_order(left, right, evidence)
    return found


def usual_id(left: Table, right: Table) -> Pair | None:
    """Return the column of one of the usual names of ids that both tables have; None if there is none."""
    for name in left.names:
        there = alike(right, name) if name.casefold() in SHARED_IDS else None
        if there is not None:
            return name, there
    return None


def _same_names(left: Table, right: Table, never: Collection[str], known: Pair | None) -> list[_Seen]:
    """Return the columns of one name that may identify rows."""
    pairs = [
        (name, there)
        for name in left.names
        if name.casefold() not in never and (there := alike(right, name)) is not None and alike(left, name) == name
    ]
    other = [pair for pair in pairs if pair != known]
    kept = _survivors(left, right, other)
    return _facts(left, right, [known, *kept] if known is not None and kept else kept)


def _two_names(left: Table, right: Table, never: Collection[str], evidence: list[_Seen]) -> list[_Seen]:
    """Return the columns under two names that identify the same rows, or count them.

    Raises:
        AmbiguousError: one may number rows and the other rank them, and no other column tells.
    """
    used = [{one.names[side] for one in evidence if one.is_index} for side in (0, 1)]
    free = [
        [name for name in table.names if name not in taken and name.casefold() not in never]
        for table, taken in zip((left, right), used, strict=True)
    ]
    theirs = _look(right, free[1], unique=True)
    owns = _look(left, free[0], unique=True) if theirs else {}
    pairs = [
        (here, there)
        for here, own in owns.items()
        for there, other in theirs.items()
        if here.casefold() != there.casefold()
        and own.integers == other.integers
        and _enough(own, here)
        and _enough(other, there)
    ]
    seen = _facts(left, right, pairs)
    found = [one for one in seen if one.is_same or one.is_index or (_fits(one) and not _may_rank(one))]
    doubtful = [one for one in seen if one not in found and _fits(one)]
    if doubtful and all(one.is_index for one in found):
        here, there = doubtful[0].names
        raise AmbiguousError(
            f"column {here} of {left.path} and column {there} of {right.path} hold the same row numbers in two orders:"
            " ids of the same rows, or a new numbering or ranks?",
            help=f"--id {here}={there} joins by them; leave one of the two out of its file to join by row",
        )
    return found


def _fits(seen: _Seen) -> bool:
    """Return whether two columns of two names hold the same ids: (nearly) the same texts, or all the same numbers."""
    if not seen.matches:
        return False
    least = min(seen.left.sample.shared_with(seen.right.sample))
    if not (seen.left.integers and seen.right.integers):
        return least >= 1 - MOST_UNMATCHED
    return least == 1 and seen.left.rows == seen.right.rows


def _may_rank(seen: _Seen) -> bool:
    """Return whether one of two columns may number rows anew, or rank them, so that equal numbers mean nothing."""
    if not seen.left.numbers_rows:
        return False
    sides = zip(seen.names, (seen.left, seen.right), strict=True)
    return not all(names_rows(name) and not (own.counts_rows and names_a_counter(name)) for name, own in sides)


def _survivors(left: Table, right: Table, pairs: list[Pair]) -> list[Pair]:
    """Return the pairs of columns whose first rows do not rule them out."""
    typed = [
        (here, there) for here, there in pairs if may_identify(left[here].type) and may_identify(right[there].type)
    ]
    theirs = _look(right, [there for _, there in typed], unique=False)
    owns = _look(left, [here for here, there in typed if there in theirs], unique=False)
    return [
        (here, there) for here, there in typed
        if here in owns and there in theirs and _enough(owns[here], here) and _enough(theirs[there], there)
    ]  # fmt: skip


def _look(table: Table, names: list[str], *, unique: bool) -> dict[str, ValueFacts]:
    """Return the facts of the first rows of the columns that may identify rows."""
    typed = [name for name in names if may_identify(table[name].type)]
    facts = value_facts(table, typed, FIRST)
    return {name: own for name, own in facts.items() if _identifying(own) and (own.unique or not unique)}


def _identifying(facts: ValueFacts) -> bool:
    return _complete(facts) and 2 * facts.fractions < facts.rows and facts.sample.distinct_share >= 1 / 2


def _complete(facts: ValueFacts) -> bool:
    return facts.rows - facts.missing > 0 and facts.missing <= MOST_UNMATCHED * facts.rows


def _enough(first: ValueFacts, name: str) -> bool:
    return first.rows >= FEW or names_rows(name)


def _facts(left: Table, right: Table, pairs: list[Pair]) -> list[_Seen]:
    """Return what all rows show of some columns."""
    if not pairs:
        return []
    here = value_facts(left, dict.fromkeys(one for one, _ in pairs))
    there = value_facts(right, dict.fromkeys(other for _, other in pairs))
    return [_Seen((one, other), here[one], there[other]) for one, other in pairs]


def _agreed(left: Table, right: Table, evidence: list[_Seen], known: Pair | None) -> Shared:
    """Return what the evidence says with one voice.

    Raises:
        AmbiguousError: columns contradict each other.
    """
    indices = tuple(one.names for one in evidence if one.is_index)
    same = tuple(one.names for one in evidence if one.is_same and not one.is_index and _identifying(one.left))
    others = [one.names for one in evidence if one.matches and not one.is_index and not one.is_same]
    if known is not None and known not in indices and known not in same and known not in others:
        others.append(known)
    ids = _consistent(left, right, others, known)
    if same and ids and not _in_order(left, right, ids[0]):
        raise _contradiction(left, right, same[0], ids[0])
    if known is not None and (known in same or known in ids or (known in indices and not ids)):
        return Shared(known, same, indices)
    best = min(ids, key=lambda names: (not all(map(names_rows, names)), left.names.index(names[0])), default=None)
    return Shared(best, same, indices)


def _consistent(left: Table, right: Table, pairs: list[Pair], known: Pair | None) -> list[Pair]:
    """Return the pairs of columns that do identify the same rows, where there are several.

    Raises:
        AmbiguousError: two of them pair other rows.
        BadRowsError: the column of a usual name is no id.
    """
    if len(pairs) < 2:
        return pairs
    from xentcli.files.ids import Match, match  # noqa: PLC0415  only joins by id need it

    found: dict[Pair, Match] = {}
    for pair in pairs:
        try:
            found[pair] = match(left, pair[0], right, pair[1])
        except BadRowsError:
            if pair == known:
                raise
    for (one, first), (other, second) in combinations(found.items(), 2):
        if first.contradicts(second):
            raise _contradiction(left, right, one, other)
    return list(found)


def _in_order(left: Table, right: Table, pair: Pair) -> bool:
    from xentcli.files.ids import match  # noqa: PLC0415  only joins by id need it

    return match(left, pair[0], right, pair[1]).in_order


def _contradiction(left: Table, right: Table, one: Pair, other: Pair) -> AmbiguousError:
    return AmbiguousError(
        f"column {_said(one)} and column {_said(other)} of {left.path} and {right.path} say otherwise which rows belong"
        " together",
        help=f"name the one that does: --id {_option(one)} or --id {_option(other)}",
    )


def _said(names: Pair) -> str:
    return names[0] if names[0] == names[1] else f"{names[0]} ({names[1]} there)"


def _option(names: Pair) -> str:
    return names[0] if names[0].casefold() == names[1].casefold() else "=".join(names)


def _refuse_other_order(left: Table, right: Table, evidence: list[_Seen]) -> None:
    """Raise if a column of one name says that the rows stand in another order.

    Raises:
        InputError: it does.
    """
    for one in _deniers(evidence):
        by_name = any(names_rows(name) or names_inputs(name) for name in one.names)
        texts = not (one.left.integers or one.right.integers)
        error = order_error(left, right, one.names, whatever=by_name and texts)
        if error is not None:
            raise error


def _deniers(evidence: list[_Seen]) -> Iterator[_Seen]:
    for one in evidence:
        alike_long = one.left.rows == one.right.rows
        if alike_long and not one.is_same and not one.left.counts_rows and not one.right.counts_rows:
            yield one
