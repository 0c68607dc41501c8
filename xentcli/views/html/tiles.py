"""Tiles: the few numbers of a result that are seen first, each with its interval and what it is held against.

Floor 8. Formats finished results; computes nothing.
"""

from collections.abc import Iterable, Iterator

from xentcli.gate.model import Outcome
from xentcli.results import Inspection
from xentcli.rules.rule import Finding, Level, in_order
from xentcli.scoring.model import Rows, Score
from xentcli.terms import Kind
from xentcli.verdicts import CompareReport, JudgedModel
from xentcli.views import numbers
from xentcli.views.compare_page import shown
from xentcli.views.html.model import State, Tile

_KINDS = {
    Kind.BINARY: "binary",
    Kind.MULTICLASS: "multi-class",
    Kind.MULTILABEL: "multi-label",
    Kind.MULTIOUTPUT: "multi-output",
}
_STATES = {Level.ERROR: State.BAD, Level.WARNING: State.OPEN, Level.NOTE: None}


def inspect_tiles(found: Inspection) -> tuple[Tile, ...]:
    """Return task, classes, the loss to beat, rows and the worst finding."""
    return tuple(_inspected(found))


def _inspected(found: Inspection) -> Iterator[Tile]:
    kind, rows, priors = found.detection.task.kind, found.rows, found.priors
    if kind is None:
        yield Tile("task", "none", note="no classification target", state=State.BAD)
    else:
        yield Tile("task", _KINDS[kind], note=found.detection.certainty.value)
        unit = "label" if kind is Kind.MULTILABEL else "class"
        yield Tile("labels" if unit == "label" else "classes", numbers.count(len(found.detection.task.classes)))
    if priors is not None and priors.prior_loss is not None:
        yield Tile("loss to beat", numbers.loss(priors.prior_loss), note="nats, from the label shares alone")
    gone = [f"{numbers.count(rows.missing_label)} without a label"] if rows.missing_label else []
    gone += [f"{numbers.count(rows.bad)} bad and skipped"] if rows.bad else []
    yield Tile("rows", numbers.count(rows.read), note=", ".join(gone))
    yield worst_tile(found.findings)


def score_tiles(score: Score, findings: Iterable[Finding]) -> tuple[Tile, ...]:
    """Return loss, accuracy, rows and the worst finding."""
    return (*_numbers(score), _rows(score.rows), worst_tile(findings))


def _numbers(score: Score) -> Iterator[Tile]:
    loss, accuracy = score.loss, score.accuracy
    level = f" {100 * score.confidence_level:g} %"
    if loss is None:
        yield Tile("loss", "none", note="there are decisions only")
    else:
        prior = "" if loss.prior_loss is None else f"label shares alone: {numbers.loss(loss.prior_loss)}"
        yield Tile("loss in nats", numbers.loss(loss.value), _at(numbers.loss_interval(loss.interval), level), prior)
    most = accuracy.majority_accuracy
    always = "" if most is None else f"always the most frequent: {numbers.rate(most)}"
    interval = _at(numbers.rate_interval(accuracy.interval), level)
    yield Tile("accuracy", numbers.rate(accuracy.value), interval, always)


def _at(interval: str, level: str) -> str:
    return f"{interval}{level}" if interval else ""


def _rows(rows: Rows) -> Tile:
    gone = [f"{numbers.count(rows.missing_label)} without a label"] if rows.missing_label else []
    gone += [f"{numbers.count(rows.bad)} bad and skipped"] if rows.bad else []
    gone += [f"{numbers.counted(rows.unmatched, 'id')} unmatched"] if rows.unmatched else []
    return Tile(
        "rows scored", numbers.count(rows.scored), note=", ".join((f"of {numbers.count(rows.read)} read", *gone))
    )


def worst_tile(findings: Iterable[Finding]) -> Tile:
    """Return the finding that matters most, with how many there are."""
    ordered = in_order(findings)
    if not ordered:
        return Tile("findings", "none", state=State.GOOD)
    worst = ordered[0]
    left = len(ordered) - 1
    more = f", and {numbers.count(left)} more" if left else ""
    return Tile(
        "worst finding", worst.code, note=f"{worst.level.value}: {worst.name}{more}", state=_STATES[worst.level]
    )


def compare_tiles(report: CompareReport) -> tuple[Tile, ...]:
    """Return the differences of loss and accuracy, the compared rows and the worst finding on either file."""
    return tuple(_compared(report))


def _compared(report: CompareReport) -> Iterator[Tile]:
    found = report.comparison
    for name in ("loss", "accuracy"):
        one = found.difference.get(name)
        if one is not None:
            drawn = shown(name, one)
            yield Tile(f"{name}: B - A", drawn.value, drawn.interval, f"A {drawn.a}, B {drawn.b}")
    rows = found.rows
    left = [(rows.only_a, "only in A"), (rows.only_b, "only in B"), (rows.not_scored, "not scored")]
    note = ", ".join(f"{numbers.count(count)} {words}" for count, words in left if count)
    yield Tile("rows compared", numbers.count(rows.paired), note=note)
    yield worst_tile((*report.a.findings, *report.b.findings))


def check_tiles(model: JudgedModel) -> tuple[Tile, ...]:
    """Return the checks, loss, accuracy, rows and the worst finding."""
    score = model.report.score
    passed = sum(one.outcome is Outcome.PASSED for one in model.checks)
    others = [
        f"{numbers.count(count)} {outcome.value}"
        for outcome in (Outcome.FAILED, Outcome.WARNED, Outcome.INCONCLUSIVE)
        if (count := sum(one.outcome is outcome for one in model.checks))
    ]
    value = f"{numbers.count(passed)} of {numbers.count(len(model.checks))}"
    state = State.GOOD if model.passed else State.BAD
    first = Tile("checks passed", value, note=", ".join(others), state=state)
    return (first, *_numbers(score), _rows(score.rows), worst_tile(model.report.findings))
