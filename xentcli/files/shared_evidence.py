"""Evidence: which columns of two tables may say which rows belong together, and what their values show.

Floor 2. Types, names and first rows rule out most columns; all rows are read of those that are left, and of no other.
Names support, values decide. Values may be written in two ways in the two tables, such as `data/img_7.png` and `img_7`.
"""

import re
from collections.abc import Collection, Iterable

import pyarrow as pa

from xentcli.errors import InputError, Place
from xentcli.files.batches import Cursor, side_by_side
from xentcli.files.columns import alike
from xentcli.files.keys import id_texts
from xentcli.files.table import ReadAs, Table
from xentcli.files.value_facts import ValueFacts, ValueSample, hashes, may_identify, value_facts
from xentcli.record import MutableRecord, Record, field

SHARED_IDS = ("id", "ids", "uid", "uuid", "index", "row_id", "sample_id", "example_id", "image_id", "key")
"""Names by which a column that both tables have is taken for the id without being asked."""

_ID_WORDS = frozenset({
    "id", "ids", "uid", "uuid", "guid", "key", "index", "idx", "identifier", "file", "files", "filename", "filenames",
    "fname", "path", "paths", "filepath", "filepaths", "image", "images", "img", "photo", "picture", "frame", "audio",
    "clip", "video", "recording", "record", "sample", "example", "instance", "item", "case", "patient", "subject",
    "participant", "passenger", "customer", "account", "document", "doc", "name", "names", "url", "uri", "link",
    "unnamed", "row", "rows", "number", "nr", "hash", "sha", "md", "accession", "barcode", "recordings", "sku",
})  # fmt: skip

_INPUT_WORDS = frozenset({
    "text", "sentence", "title", "question", "prompt", "premise", "hypothesis", "review", "comment", "tweet", "message",
    "content", "utterance", "headline", "query", "passage", "body", "input", "sequence", "smiles",
})  # fmt: skip
"""What the input of a model is called: no id, but every row has its own."""

_OUTPUT_WORDS = frozenset({
    "generated", "generation", "output", "outputs", "predicted", "prediction", "pred", "answer", "response",
    "completion", "model", "explanation", "reason", "rationale",
})  # fmt: skip
"""What a model wrote, which differs from model to model."""

_COUNTERS = frozenset({"unnamed", "index", "idx", "row", "rows", "number", "nr", "level"})
"""Words of the names that a program gives to the numbers of rows."""


def names_rows(name: str) -> bool:
    """Return whether a column is called like something that identifies a row."""
    words = _words(name)
    if words & _OUTPUT_WORDS:
        return False
    return not words or bool(words & _ID_WORDS) or name.casefold().endswith("id")


def names_inputs(name: str) -> bool:
    """Return whether a column is called like what a model was given."""
    words = _words(name)
    return bool(words & _INPUT_WORDS) and not words & _OUTPUT_WORDS


def names_a_counter(name: str) -> bool:
    """Return whether a column is called like the row numbers that a program adds, such as `Unnamed: 0`."""
    words = _words(name)
    return not words or bool(words & _COUNTERS)


def _words(name: str) -> frozenset[str]:
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).casefold()
    return frozenset(re.split(r"[\W\d_]+", apart)) - {""}


_FOLDERS = r"^.*[/\\]"
_SUFFIX = r"\.[a-z][a-z0-9]{1,4}$"
_MIDNIGHT = r"[ t]00:00(:00(\.0+)?)?(z|\+00:?00)?$"


def plain_ids(texts: pa.Array) -> pa.Array:
    """Return ids in small letters without folders, the suffix of a file, and the time of a date at midnight."""
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only odd joins pay

    found = pc.utf8_lower(pc.utf8_trim_whitespace(texts))
    for pattern in (_FOLDERS, _MIDNIGHT, _SUFFIX):
        found = pc.replace_substring_regex(found, pattern=pattern, replacement="")
    return found


def order_error(
    left: Table, right: Table, names: tuple[str, str], least: float, *, plain: bool = False
) -> InputError | None:
    """Return the error for a column by which the rows of two tables stand in another order, None if they do not.

    Args:
        left: the predictions.
        right: the labels, or other predictions.
        names: of the column in either.
        least: the share of the values of differing rows that stand in other such rows of the other table, from which on
            the order is another one; 0 if values that differ are enough.
        plain: whether folders, suffixes and midnights are no part of a value; see `plain_ids`.
    """
    first: tuple[int, str, str] | None = None
    samples = ValueSample(), ValueSample()
    row = 0
    for batches in side_by_side([_cursor(left, names[0]), _cursor(right, names[1])]):
        here, there = (id_texts(batch.column(0)) for batch in batches)
        one, other = (hashes(plain_ids(texts) if plain else texts) for texts in (here, there))
        differs = one != other
        if differs.any():
            at = int(differs.argmax())
            first = first or (row + at + 1, _shown(here[at]), _shown(there[at]))
            samples[0].add(one[differs])
            samples[1].add(other[differs])
        row += len(one)
    if first is None or min(samples[0].shared_with(samples[1])) < least:
        return None
    at, own, others = first
    there_named = names[1] if names[1] != names[0] else "it"
    return InputError(
        f"holds {own} where {there_named} holds {others} in the same row of {right.path}: the rows of the two files"
        " do not stand in the same order",
        place=Place(left.path, left.lines((at,)).get(at), at, names[0]),
        help="name a column that tells which rows belong together: --id COLUMN, or --id A=B where it has two names;"
        " both files must write its values in one way",
    )


def _cursor(table: Table, column: str) -> Cursor:
    return Cursor(table.batches({column: ReadAs.NATIVE}))


def _shown(cell: pa.Scalar) -> str:
    return repr(cell.as_py())


FIRST = 2048
"""Rows that may rule out a column before all of it is read."""

FEW = 20
"""In fewer rows, labels may be unique as ids are."""

NEARLY_ALL = 0.99

_MOST_PAIRS = 8

Pair = tuple[str, str]


class Evidence(Record):
    """A column that both tables have, and what all its values show.

    Attributes:
        names: its name in either table.
        left: the facts of the first table.
        right: of the second.
    """

    names: Pair
    left: ValueFacts
    right: ValueFacts

    @property
    def one_name(self) -> bool:
        """Whether it has the same name in both, but for letter case."""
        return self.names[0].casefold() == self.names[1].casefold()

    @property
    def is_index(self) -> bool:
        """Whether it counts the rows in both."""
        return self.left.counts_rows and self.right.counts_rows

    @property
    def is_same(self) -> bool:
        """Whether it holds the same values in every row, no index, and many."""
        alike_in_order = self.left.rows == self.right.rows and self.left.order == self.right.order
        return alike_in_order and not self.is_index and identifying(self.left)

    @property
    def is_id(self) -> bool:
        """Whether it is unique in both, with enough values that both have."""
        facts = (self.left, self.right)
        if self.is_index or not all(one.unique and _complete(one) for one in facts):
            return False
        here, there = self.left.sample.shared_with(self.right.sample)
        numbers = self.left.integers and self.right.integers
        exact = here == there == 1 and self.left.rows == self.right.rows
        if any(one.counts_rows for one in facts) or (numbers and not self.one_name):
            return exact
        if not self.one_name:
            return min(here, there) >= NEARLY_ALL
        least = 1 / 2 if not numbers or all(map(names_rows, self.names)) else NEARLY_ALL
        return max(here, there) >= least

    @property
    def may_rank(self) -> bool:
        """Whether one side may number its rows anew, or rank them, so that equal numbers mean nothing."""
        if not (self.left.numbers_rows and self.right.numbers_rows):
            return False
        if not all(map(names_rows, self.names)):
            return True
        sides = zip(self.names, (self.left, self.right), strict=True)
        return not self.one_name and any(own.counts_rows and names_a_counter(name) for name, own in sides)


class _Looks(MutableRecord):
    """The first rows of a table's columns, each read once."""

    table: Table
    _facts: dict[str, ValueFacts] = field(default_factory=dict)

    def at(self, names: Iterable[str], *, unique: bool = False) -> dict[str, ValueFacts]:
        """Return the facts of those columns that may identify rows."""
        asked = [name for name in names if may_identify(self.table[name].type)]
        self._facts |= value_facts(self.table, [name for name in asked if name not in self._facts], FIRST)
        found = {name: self._facts[name] for name in asked if identifying(self._facts[name])}
        return {name: own for name, own in found.items() if _enough(own, name) and (own.unique or not unique)}

    def counts(self, name: str) -> bool:
        """Return whether the first rows of a column count."""
        return name in self.at([name]) and self._facts[name].counts_rows


class Search:
    """Looks for evidence in two tables.

    Attributes:
        left: the predictions.
        right: the labels, or other predictions.
    """

    def __init__(self, left: Table, right: Table, never: Collection[str]) -> None:
        """Start.

        Args:
            left: the predictions.
            right: the labels, or other predictions.
            never: names, in small letters, of columns that identify no row.
        """
        self.left, self.right, self._never = left, right, never
        self._looks = _Looks(left), _Looks(right)

    def under_one_name(self, known: Pair | None) -> list[Evidence]:
        """Return what columns of one name show.

        Args:
            known: a column of a usual name of ids; it is read where another could contradict it, or where it may be an
                index.
        """
        pairs = [
            (name, there)
            for name in self.left.names
            if name.casefold() not in self._never and (there := alike(self.right, name)) is not None
        ]
        pairs = [pair for pair in pairs if pair != known]
        theirs = self._looks[1].at(there for _, there in pairs)
        owns = self._looks[0].at(here for here, there in pairs if there in theirs)
        kept = [(here, there) for here, there in pairs if here in owns and there in theirs]
        if known is not None and (kept or self._may_be_index(known)):
            kept.insert(0, known)
        return self._read(kept)

    def _may_be_index(self, pair: Pair) -> bool:
        return all(look.counts(name) for look, name in zip(self._looks, pair, strict=True))

    def under_two_names(self, used: Iterable[Pair]) -> list[Evidence]:
        """Return what columns under two names show; `used` ones are left out."""
        taken = {here for here, _ in used}, {there for _, there in used}
        free = [
            [name for name in table.names if name not in names and name.casefold() not in self._never]
            for table, names in zip((self.left, self.right), taken, strict=True)
        ]
        theirs = self._looks[1].at(free[1], unique=True)
        owns = self._looks[0].at(free[0], unique=True) if theirs else {}
        pairs = [
            (here, there)
            for here, own in owns.items()
            for there, other in theirs.items()
            if here.casefold() != there.casefold() and own.integers == other.integers
        ]
        return [one for one in self._read(pairs) if one.is_same or one.is_index or one.is_id]

    def unique_texts(self) -> list[Pair]:
        """Return the columns of either table whose first rows hold texts, or times, that are unique: a few pairs."""
        here, there = (
            [
                name
                for name, own in look.at(look.table.names, unique=True).items()
                if not own.integers and own.rows >= FEW and name.casefold() not in self._never
            ]
            for look in self._looks
        )
        return [(one, other) for one in here for other in there][:_MOST_PAIRS]

    def _read(self, pairs: list[Pair]) -> list[Evidence]:
        here = value_facts(self.left, dict.fromkeys(one for one, _ in pairs))
        there = value_facts(self.right, dict.fromkeys(other for _, other in pairs))
        return [Evidence((one, other), here[one], there[other]) for one, other in pairs]


def identifying(facts: ValueFacts) -> bool:
    """Return whether values may identify rows: hardly any is missing or a measurement, and many are distinct."""
    return _complete(facts) and 2 * facts.fractions < facts.rows and facts.sample.distinct_share >= 1 / 2


def _complete(facts: ValueFacts) -> bool:
    return facts.rows > facts.missing and facts.rows - facts.missing >= NEARLY_ALL * facts.rows


def _enough(first: ValueFacts, name: str) -> bool:
    return first.rows >= FEW or names_rows(name)
