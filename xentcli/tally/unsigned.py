"""Unsigned scores: scores that leave [0, 1] and are never negative, as votes, per cents and sums of models are.

Floor 4. Decides what becomes of the plan of a finished pass over them: they are divided if the caller says so, logits
if the caller or their name does, and refused otherwise, because nothing in them tells which of the two is right.
"""

from xentcli.errors import AmbiguousError
from xentcli.phrases import counted, verb
from xentcli.record import replace
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import PER_CENT, RowFacts, RowTotals
from xentcli.tally.tally import Tally
from xentcli.terms import Kind, Scale

_SHOWN = 6
"""So many columns of scores are named."""


def divides(plan: Plan) -> bool:
    """Return whether the plan asks for a division by row totals, and rows have such."""
    return plan.objective.normalize and plan.kind is not Kind.MULTILABEL and not plan.single


def revised(plan: Plan, tally: Tally | MultiLabelTally, said: Scale | None) -> Plan | None:
    """Return the plan for unsigned scores, None if the one that was followed is right.

    Args:
        plan: what the pass followed.
        tally: what it counted; `tally.facts.unsigned` is true.
        said: the scale that the names of the scores speak of.

    Raises:
        AmbiguousError: nothing says whether they are logits.
    """
    mostly = _mostly_probabilities(tally)
    if plan.scale_given:
        parts = divides(plan) and plan.scale is Scale.PROBABILITIES and not mostly
        return replace(plan, by_total=True) if parts else None
    totals = _of_all_rows(tally)
    if said is Scale.LOGITS and not _never_logits(plan, totals):
        return None
    if mostly and said is Scale.PROBABILITIES:
        return None
    if mostly:
        raise _among_probabilities(tally)
    if divides(plan):
        return replace(plan, scale=Scale.PROBABILITIES, by_total=True)
    raise _refusal(plan, tally.facts, totals)


def _mostly_probabilities(tally: Tally | MultiLabelTally) -> bool:
    """Whether half of the rows or more lie in [0, 1] and sum to 1: then the others are no parts of a whole either."""
    plan, facts = tally.plan, tally.facts
    if plan.scale is not Scale.PROBABILITIES or plan.kind is Kind.MULTILABEL or plan.single:
        return False
    return 2 * (facts.scored - tally.traps.sums.off[None].count) >= facts.finite


def _among_probabilities(tally: Tally | MultiLabelTally) -> AmbiguousError:
    facts = tally.facts
    outside = facts.finite - facts.fit_probabilities
    return AmbiguousError(
        f"{outside:,} of {counted(facts.finite, 'row')} {verb(facts.finite, 'leave')} [0, 1], and none of the scores is"
        " negative, as logits are; the other rows sum to 1, as probabilities do",
        details=(_columns(tally.plan),),
        help="--scale probabilities: then those rows are bad; --scale logits: then all are logits",
    )


def _of_all_rows(tally: Tally | MultiLabelTally) -> RowTotals:
    """Return the totals of all rows: those in [0, 1] were summed as probabilities, if they were taken for such."""
    found, traps = tally.facts.totals, tally.traps
    if not tally.facts.fit_probabilities:
        return found
    if tally.plan.scale is not Scale.PROBABILITIES:
        return replace(found, whole=0, least=0.0)
    least, most = min(found.least, traps.sums.least), max(found.most, traps.sums.most)
    return replace(found, whole=found.whole if traps.values.hard else 0, least=least, most=most)


def reason(plan: Plan, facts: RowFacts) -> str:
    """Return the sentence on scores that were divided."""
    total = None if facts.fit_probabilities else facts.totals.one_total(len(plan.classes))
    shown = "" if total is None else f", {total:.6g}"
    return f"scores: probabilities (each row is divided by its total{shown}: --normalize)"


def _never_logits(plan: Plan, totals: RowTotals) -> bool:
    """Whether the scores of a row are parts of a whole: one total in all rows, or whole numbers."""
    if plan.kind is Kind.MULTILABEL or plan.single:
        return False
    return totals.all_whole or totals.one_total(len(plan.classes)) is not None


def _refusal(plan: Plan, facts: RowFacts, totals: RowTotals) -> AmbiguousError:
    negative = facts.finite - facts.fit_probabilities - totals.rows
    but = f"; {counted(negative, 'row')} {verb(negative, 'hold')} a negative score" if negative else ""
    found, ways = _each_by_itself(totals) if plan.kind is Kind.MULTILABEL or plan.single else _of_a_whole(plan, totals)
    return AmbiguousError(found, details=(f"{_columns(plan)}{but}",), help=ways)


def _columns(plan: Plan) -> str:
    return f"scores: {', '.join(plan.scores[:_SHOWN])}" + (", ..." if len(plan.scores) > _SHOWN else "")


def _each_by_itself(totals: RowTotals) -> tuple[str, str]:
    """Return what scores look like that have no row total, and what to do."""
    per_cent = totals.highest <= PER_CENT
    what = "per cents, or logits of which none is negative" if per_cent else "logits of which none is negative"
    return (
        f"no score is negative and some are above 1, up to {totals.highest:.6g}: {what}?",
        "--scale logits if they are logits; " + ("divide per cents by 100" if per_cent else "else write probabilities"),
    )


def _of_a_whole(plan: Plan, totals: RowTotals) -> tuple[str, str]:
    """Return what the scores of a row look like by their total, and what to do."""
    classes = len(plan.classes)
    total = totals.one_total(classes)
    if total is not None:
        return (
            f"rows sum to {total:.6g}: {_whole(total, totals)} Probabilities sum to 1, and logits have negative ones",
            f"--normalize divides each row by its sum, or divide the scores by {total:.6g} yourself",
        )
    if totals.all_whole:
        return (
            f"the scores are whole numbers, none is negative, and rows sum to {_between(totals)}: counts or votes?",
            "--normalize divides each row by its own total",
        )
    return (
        f"no score is negative, some are above 1, and rows sum to {_between(totals)}: parts of a whole, or logits?",
        "--normalize divides each row by its own total; --scale logits takes them as logits",
    )


def _whole(total: float, totals: RowTotals) -> str:
    """Return the question that a total raises."""
    if total == PER_CENT:
        return "per cents?"
    if totals.all_whole:
        return "votes?"
    if total == round(total):
        return f"the sum of {total:.0f} models?"
    return "parts of a whole?"


def _between(totals: RowTotals) -> str:
    return f"{totals.least:.6g} to {totals.most:.6g}"
