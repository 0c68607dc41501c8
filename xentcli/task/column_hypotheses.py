"""Column hypotheses: every reading of one column of plain cells.

Floor 3. Small pure functions of `Traits`; see `hypothesis` for how they are ranked.
"""

from collections.abc import Callable

from xentcli.phrases import counted, verb
from xentcli.task.hypothesis import Hypothesis, Support
from xentcli.task.matching import listed
from xentcli.task.model import NotATarget
from xentcli.task.tags import BRACKETS, CHOICES
from xentcli.task.traits import FEW_CLASSES, Traits
from xentcli.task.vocabulary import CLASS_WORDS, NUMBER_WORDS, YES_NO_PAIRS
from xentcli.terms import Encoding, Kind

Reading = Hypothesis[Traits]

_BY_WORDS = {BRACKETS: "brackets", CHOICES: '{"choices": [...]}, a single one bare'}

_TWO = 0.5
"""Two classes are a binary task; a softmax over both is only for who asks for it."""
_COUNTED = 6.0
"""The weight of whole numbers that count the classes of a label column, against those of a quantity."""


def _two(traits: Traits) -> str | None:
    return _crowd(traits) or (
        None if traits.classes == 2 else f"{traits.classes:,} distinct values are not two classes"
    )


def _several(traits: Traits) -> str | None:
    return _crowd(traits) or (None if traits.classes > 1 else "there is one value only")


def _crowd(traits: Traits) -> str | None:
    return f"about {traits.distinct:,} distinct values are no classes" if traits.facts.overflow else None


def _integers(traits: Traits) -> str | None:
    return None if traits.integers is not None else "not every value is an integer"


def _words_killed(traits: Traits) -> str | None:
    pairs = [{no, yes} for no, yes in YES_NO_PAIRS if not no.lstrip("-").isdigit()]
    if traits.words in pairs or (traits.facts.booleans and traits.distinct == 2):
        return None
    return "the values are not true and false, nor yes and no"


def _signs_killed(traits: Traits) -> str | None:
    return None if traits.integers == [-1, 1] else "the values are not -1 and 1"


def _counting_killed(start: int) -> Callable[[Traits], str | None]:
    def killed(traits: Traits) -> str | None:
        found = traits.indices
        if found is None:
            return "not every value is an integer"
        if traits.given is not None and start <= found[0] and found[-1] < start + traits.given:
            return None
        if found != list(range(start, start + len(found))):
            return f"the values do not count {start}, {start + 1}, {start + 2} ... without a gap"
        return None

    return killed


def _span(traits: Traits) -> str:
    found = traits.indices or [0]
    return f"{len(found):,} integers from {found[0]} to {found[-1]}"


def _indices_support(traits: Traits) -> Support:
    sentence = f"{_span(traits)} without a gap"
    if traits.enumerated and traits.classes > 2:
        return _COUNTED, sentence + (_DOUBT if traits.doubtful else "")
    return _class_weight(traits, 3.0 if traits.classes <= FEW_CLASSES else 1.5), sentence


_DOUBT = ", in a column named as labels; if they count or measure something, this is no classification target"


def _codes_support(traits: Traits) -> Support:
    if traits.sentinel is not None:
        return 0.5, f"{traits.sentinel} would be a class like the others"
    if traits.nearly_enumerated:
        holes = (traits.integers or [0])[-1] - (traits.integers or [0])[0] + 1 - traits.classes
        return _COUNTED, f"{_span(traits)}, {counted(holes, 'value')} between them without a row{_DOUBT}"
    weight = _class_weight(traits, 1.6 if traits.classes <= FEW_CLASSES else 0.4)
    return weight, f"{_span(traits)}, {_times(traits)} rows each on the average"


def _class_weight(traits: Traits, weight: float) -> float:
    """Weigh a reading of integers as classes by name, repetition and the shape of the counts."""
    if traits.classes == 2:
        return _TWO
    weight += 1.5 * traits.named(CLASS_WORDS) - 1.5 * traits.named(NUMBER_WORDS)
    weight -= 2.5 * traits.looks_counted + 1.0 * traits.looks_measured + 3.0 * traits.coded
    if traits.distinct > 0.5 * traits.rows:
        weight -= 0.5 if traits.few else 3.0
    if traits.classes > FEW_CLASSES:
        weight += 1.0 if traits.evenness > 0.97 and traits.rows >= 4 * traits.distinct else -1.0
    return weight


def _times(traits: Traits) -> str:
    return f"{traits.rows / max(1, traits.distinct):.3g}"


def _names_killed(traits: Traits) -> str | None:
    if traits.facts.dates:
        return "the cells are dates"
    return _several(traits) or (None if traits.numbers is None or traits.classes == 2 else "the values are numbers")


def _names_support(traits: Traits) -> Support:
    distinct, rows = traits.distinct, traits.rows
    sentence = f"{counted(distinct, 'distinct name')} in {counted(rows, 'row')}, each row holds one"
    if traits.classes == 2:
        return _TWO, sentence
    weight = 3.0 + 1.0 * traits.named(CLASS_WORDS)
    if distinct > 0.5 * rows:
        weight -= 1.0 if traits.few else 3.5
    elif distinct > 0.2 * rows and not traits.few:
        weight -= 1.0
    if traits.files:
        weight -= 3.0
    if traits.coded:
        weight -= 3.0
    return weight, sentence


def _tags_killed(traits: Traits) -> str | None:
    tags = traits.tags
    if tags is None:
        return "no separator splits the cells into values that come back"
    if tags.several and tags.repeated > 0.3 * tags.several:
        return f"a value stands twice in {counted(tags.repeated, 'cell')}: sequences, not sets of labels"
    if not tags.rows:
        return "the cells hold no tags"
    if len(tags.rows) > 0.5 * traits.rows and not traits.few and tags.separator != BRACKETS:
        return f"{len(tags.rows):,} distinct tags in {counted(traits.rows, 'row')} hardly come back"
    return None


def _tags_support(traits: Traits) -> Support:
    tags = traits.tags
    assert tags is not None  # noqa: S101  it was not killed
    written = _BY_WORDS.get(tags.separator or "", f"{tags.separator!r}")
    cells = f"{tags.several:,} of {counted(tags.cells, 'cell')} {verb(tags.cells, 'hold')}"
    weight = 8.0 if tags.separator == CHOICES else 5.0
    return weight, f"{cells} several of {len(tags.rows):,} tags, split by {written}"


def _sequence_killed(traits: Traits) -> str | None:
    tags = traits.tags
    if tags is None or not tags.several or tags.repeated <= 0.3 * tags.several:
        return "hardly a value stands twice in a cell"
    return None


def _sequence_support(traits: Traits) -> Support:
    repeated = traits.tags.repeated if traits.tags else 0
    return (
        6.0,
        f"in {counted(repeated, 'cell')} a value stands twice: sequences of labels, one a token, not one answer a row",
    )


def _single_item_killed(kind: Kind) -> Callable[[Traits], str | None]:
    def killed(traits: Traits) -> str | None:
        tags = traits.tags
        if tags is None or tags.separator != BRACKETS or set(tags.per_row) != {1}:
            return "the cells are not lists of exactly one item"
        if (len(tags.rows) == 2) != (kind is Kind.BINARY):
            return f"{len(tags.rows):,} distinct items"
        return None

    return killed


def _single_item_support(traits: Traits) -> Support:
    distinct = len(traits.tags.rows) if traits.tags else 0
    return 6.0, f"every cell is a list of exactly one of {distinct:,} items: one class a row"


def _numbers_killed(traits: Traits) -> str | None:
    if traits.numbers is None:
        return "the values are no numbers"
    return "there are two values only" if traits.distinct <= 2 else None


def _numbers_support(traits: Traits) -> Support:
    found = traits.numbers or [0.0]
    low = found[0] if traits.facts.low is None else min(found[0], traits.facts.low)
    high = found[-1] if traits.facts.high is None else max(found[-1], traits.facts.high)
    if traits.integers is None:
        return 4.0, f"{traits.distinct:,} distinct numbers with fractions, from {low:g} to {high:g}"
    sentence = f"{traits.distinct:,} distinct whole numbers from {low:g} to {high:g}"
    if traits.classes > 2 and (traits.enumerated or traits.nearly_enumerated):
        near = traits.nearly_enumerated or (traits.doubtful and not traits.few)
        return _COUNTED - (1.0 if near else 3.0), sentence
    weight = 1.0 + 1.5 * traits.named(NUMBER_WORDS) + 2.5 * traits.looks_counted + 0.5 * traits.looks_measured
    weight += 1.5 * (traits.distinct > 20) + 1.0 * (traits.distinct > 0.2 * traits.rows and not traits.few)
    if traits.distinct > 0.5 * traits.rows:
        weight += 0.5 if traits.few else 1.5
    elif (
        traits.few
        and traits.distinct > 0.3 * traits.rows
        and len(traits.integers) <= traits.integers[-1] - traits.integers[0]
    ):
        weight += 1.0
    return weight, sentence


def _many_killed(traits: Traits) -> str | None:
    if traits.locations:
        return None
    if (traits.files or traits.coded) and traits.distinct > FEW_CLASSES and not traits.enumerated:
        return None
    if traits.rows < 5 or traits.comes_back:
        repeated = max(0, traits.rows - traits.distinct)
        return f"{counted(repeated, 'row')} {verb(repeated, 'repeat')} a value"
    return "the numbers have fractions" if traits.numbers is not None and traits.integers is None else None


def _identifier_support(traits: Traits) -> Support:
    if traits.locations:
        return 6.5, f"{traits.distinct:,} distinct paths or file names, one a row"
    if traits.comes_back:
        digits = "codes" if traits.digits is None else f"codes of {counted(traits.digits, 'digit')}"
        kind = "file names" if traits.files else digits
        return 4.0, f"{traits.distinct:,} distinct {kind} in {counted(traits.rows, 'row')}"
    sentence = f"{counted(traits.distinct, 'distinct value')} in {counted(traits.rows, 'row')}, hardly one repeats"
    spaced = traits.words_a_cell >= 1.5 and traits.lettered
    found = traits.integers
    run = found is not None and not traits.facts.overflow and len(found) == found[-1] - found[0] + 1
    weight = (0.0 if spaced else 2.0) + 3.5 * run + 3.5 * (found is not None and traits.coded) + 1.0 * traits.files
    return (weight if not traits.few else weight - 0.5), sentence


def _text_killed(traits: Traits) -> str | None:
    if traits.numbers is not None:
        return "the values are numbers"
    return None if traits.distinct > 0.5 * traits.rows and traits.rows >= 5 else "the values come back"


def _text_support(traits: Traits) -> Support:
    words = traits.words_a_cell if traits.lettered else 1.0
    weight = 4.0 if words >= 4 else 2.2 if words >= 1.5 else 1.0
    return weight, f"free text of {words:.0f} words a row, hardly one repeats"


def _dates_killed(traits: Traits) -> str | None:
    return None if traits.facts.dates or traits.dated else "the values are no dates"


COLUMN_HYPOTHESES: tuple[Reading, ...] = (
    Hypothesis(
        None, None, NotATarget.EMPTY,
        lambda traits: "there are labels" if traits.rows else None,
        lambda _: (99.0, "every cell is empty"),
    ),
    Hypothesis(
        None, None, NotATarget.SINGLE_CLASS,
        lambda traits: None if traits.classes == 1 and traits.rows else "there is more than one value",
        lambda traits: (98.0, f"every labelled row holds {listed(list(traits.facts.counts)[:1], quoted=True)}"),
    ),
    Hypothesis(
        None, None, NotATarget.DATE, _dates_killed,
        lambda traits: (6.5, f"{traits.distinct:,} distinct dates or times"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.BOOLEANS, None, lambda traits: _two(traits) or _words_killed(traits),
        lambda traits: (6.0, f"two values, {' and '.join(sorted(traits.facts.counts))}"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.PLUS_MINUS_ONE, None, _signs_killed, lambda _: (6.0, "two values, -1 and 1"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.CLASS_INDICES, None, lambda traits: _two(traits) or _counting_killed(0)(traits),
        lambda _: (6.0, "two values, 0 and 1"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.ONE_BASED_INDICES, None, lambda traits: _two(traits) or _counting_killed(1)(traits),
        lambda _: (5.9, "two values, 1 and 2"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.CLASS_CODES, None, lambda traits: _two(traits) or _integers(traits),
        lambda traits: (3.5, f"two integers, {' and '.join(str(one) for one in traits.integers or ())}"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.CLASS_NAMES, None,
        lambda traits: _two(traits) or ("the values are integers" if traits.integers is not None else None),
        lambda traits: (4.0, f"two distinct names in {traits.rows:,} rows, each row holds one"),
    ),
    Hypothesis(
        Kind.BINARY, Encoding.CLASS_NAMES, None, _single_item_killed(Kind.BINARY), _single_item_support,
    ),
    Hypothesis(
        Kind.MULTICLASS, Encoding.CLASS_INDICES, None,
        lambda traits: _several(traits) or _counting_killed(0)(traits), _indices_support,
    ),
    Hypothesis(
        Kind.MULTICLASS, Encoding.ONE_BASED_INDICES, None,
        lambda traits: _several(traits) or _counting_killed(1)(traits), _indices_support,
    ),
    Hypothesis(
        Kind.MULTICLASS, Encoding.CLASS_CODES, None,
        lambda traits: _several(traits) or _integers(traits), _codes_support,
    ),
    Hypothesis(Kind.MULTICLASS, Encoding.CLASS_NAMES, None, _names_killed, _names_support),
    Hypothesis(
        Kind.MULTICLASS, Encoding.CLASS_NAMES, None, _single_item_killed(Kind.MULTICLASS), _single_item_support,
    ),
    Hypothesis(Kind.MULTILABEL, Encoding.TAG_LISTS, None, _tags_killed, _tags_support),
    Hypothesis(None, None, NotATarget.TEXT, _sequence_killed, _sequence_support),
    Hypothesis(None, None, NotATarget.CONTINUOUS, _numbers_killed, _numbers_support),
    Hypothesis(None, None, NotATarget.IDENTIFIER, _many_killed, _identifier_support),
    Hypothesis(None, None, NotATarget.TEXT, _text_killed, _text_support),
)  # fmt: skip
