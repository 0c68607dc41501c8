"""Hypothesis: one reading of label columns, what kills it and what supports it; and how readings are ranked.

Floor 3. Every reading starts alive; a fact kills it or supports it, each with a sentence that a person can
check against the file. Survivors are ranked by the weight of what speaks for them; a close second becomes an
alternative with the flag that picks it. Pure functions of facts.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from xentcli.errors import Place, UsageError
from xentcli.record import Record
from xentcli.task.model import Alternative, Certainty, NotATarget
from xentcli.terms import Encoding, Kind

CLOSE = 1.5
"""A reading whose weight is this near to the best one's is an alternative."""

Seen = TypeVar("Seen")
Support = tuple[float, str]


class Wish(Record):
    """What the caller says about the label columns, and what stands beside them.

    Attributes:
        kind: fixes the kind of task.
        encoding: fixes how the labels are written.
        classes: class names in index order.
        positive: the positive class of a binary task.
        beside: the other columns of the file, which may be named after a class.
        named: whether the caller named the columns as the labels, instead of leaving them to be found.
    """

    kind: Kind | None = None
    encoding: Encoding | None = None
    classes: tuple[str, ...] | None = None
    positive: str | None = None
    beside: tuple[str, ...] = ()
    named: bool = False

    @property
    def fixes(self) -> bool:
        """Whether the kind or the encoding is fixed."""
        return self.kind is not None or self.encoding is not None

    def __str__(self) -> str:
        """Return the wish as messages name it."""
        return " and ".join(str(one.value) for one in (self.kind, self.encoding) if one is not None)


NO_WISH = Wish()


class Hypothesis(Record, Generic[Seen]):
    """A reading of label columns.

    Attributes:
        kind: of the task; None if the columns hold no classification target.
        encoding: how the labels are written; None likewise, and where every output has its own.
        not_a_target: what the columns hold instead.
        killed: returns why the reading is impossible, None if it is possible.
        support: returns how much speaks for it, and the sentence.
    """

    kind: Kind | None
    encoding: Encoding | None
    not_a_target: NotATarget | None
    killed: Callable[[Seen], str | None]
    support: Callable[[Seen], Support]

    def fits(self, wish: Wish) -> bool:
        """Whether it is what the caller fixes."""
        if wish.kind is not None and self.kind is not wish.kind:
            return False
        return wish.encoding is None or self.encoding is wish.encoding

    def same_answer(self, other: "Hypothesis[Seen]") -> bool:
        """Whether two readings differ in how the labels are written only."""
        return (self.kind, self.not_a_target) == (other.kind, other.not_a_target)


class Ranked(Record, Generic[Seen]):
    """A reading that lives.

    Attributes:
        weight: how much speaks for it.
        sentence: what speaks for it.
        reading: the hypothesis.
    """

    weight: float
    sentence: str
    reading: Hypothesis[Seen]


def rank(hypotheses: Sequence[Hypothesis[Seen]], seen: Seen, wish: Wish, place: Place) -> tuple[Ranked[Seen], ...]:
    """Return the readings that live and fit the wish, the best first.

    Raises:
        UsageError: the facts killed what the wish fixes, with the reason.
    """
    alive: list[Ranked[Seen]] = []
    reasons: list[str] = []
    for hypothesis in hypotheses:
        reason = hypothesis.killed(seen)
        if reason is None:
            alive.append(Ranked(*hypothesis.support(seen), hypothesis))
        elif hypothesis.fits(wish):
            reasons.append(reason)
    alive.sort(key=lambda one: -one.weight)
    fitting = tuple(one for one in alive if one.reading.fits(wish))
    if fitting:
        return fitting
    raise UsageError(
        f"cannot be read as {wish}: {reasons[0] if reasons else 'its cells are never that'}",
        place=place,
        help=f"the data say: {alive[0].sentence}" if alive else None,
    )


def alternatives(ranked: tuple[Ranked[Seen], ...]) -> tuple[Alternative, ...]:
    """Return the readings that come close to the best one, at most three."""
    best = ranked[0]
    found = []
    for one in ranked[1:]:
        kind, encoding = one.reading.kind, one.reading.encoding
        close = one.weight >= best.weight - CLOSE and not one.reading.same_answer(best.reading)
        if close and kind is not None:
            flag = f"--task {kind.value}" + (f" --encoding {encoding.value}" if encoding is not None else "")
            found.append(Alternative(kind, encoding, one.sentence, flag))
    return tuple(found[:3])


def certainty(ranked: tuple[Ranked[Seen], ...], *, few: bool, wish: Wish) -> Certainty:
    """Return how sure the best reading is: by its lead, and less with few rows."""
    if wish.fixes:
        return Certainty.CERTAIN
    best = ranked[0]
    rivals = [one.weight for one in ranked[1:] if not one.reading.same_answer(best.reading)]
    lead = best.weight - max(rivals, default=0.0)
    if few:
        return Certainty.GUESS if lead < 2 * CLOSE else Certainty.LIKELY
    if lead >= CLOSE:
        return Certainty.CERTAIN
    return Certainty.LIKELY if lead >= CLOSE / 3 else Certainty.GUESS
