"""The page of `xent inspect`: the task and why, the classes, and what to train with.

Floor 8. Formats a finished result; computes nothing.
"""

from collections.abc import Iterator
from typing import Any

from xentcli.advice.model import FrameworkAdvice
from xentcli.errors import UsageError, did_you_mean
from xentcli.phrases import verb
from xentcli.results import Inspection
from xentcli.task.model import Alternative, NotATarget
from xentcli.terms import Encoding, Kind
from xentcli.views import numbers
from xentcli.views.page import Block, Bullets, Code, Facts, Grid, Heading, Page, Sentence, remarks
from xentcli.views.score_parts import columns_table, passed_over, positive_words

TOP = 20
_EVEN = 1e-9
"""Weights and biases nearer to each other are those of balanced labels, and say nothing."""

_KINDS = {
    Kind.BINARY: "a binary task: each row is one of two classes",
    Kind.MULTICLASS: "a multi-class task: each row is exactly one of several classes",
    Kind.MULTILABEL: "a multi-label task: each row has any number of labels",
    Kind.MULTIOUTPUT: "a multi-output task: each row has a class for each of several questions",
}
_NOT = {
    NotATarget.CONTINUOUS: "a number to be regressed",
    NotATarget.IDENTIFIER: "identifiers, nearly every row its own",
    NotATarget.TEXT: "free text",
    NotATarget.DATE: "dates",
    NotATarget.SINGLE_CLASS: "one class only, so there is nothing to learn",
    NotATarget.EMPTY: "no labels at all",
}


def inspect_page(found: Inspection, *, framework: str | None = None, everything: bool = False) -> Page:
    """Return the page.

    Args:
        found: the result.
        framework: whose snippet to print.
        everything: whether to list all classes instead of the 20 most frequent, and all columns.

    Raises:
        UsageError: no advice is known for that framework.
    """
    return Page(tuple(_blocks(found, framework, everything=everything)))


def _blocks(found: Inspection, framework: str | None, *, everything: bool) -> Iterator[Block]:
    detection = found.detection
    yield Heading(found.source.path)
    yield Sentence(_what(found), strong=True)
    positive = positive_words(detection.task)
    yield Bullets((*([positive] if positive else []), *detection.evidence, *found.source.notes, *_missing(found)))
    if detection.task.kind is None:
        yield Sentence("If another column was meant, name it with --label.")
    yield from _classes(found, everything=everything)
    yield from _advice(found)
    if framework is not None:
        yield from _snippet(found, framework)
    if detection.alternatives:
        yield Heading("It could also be")
        yield Bullets(tuple(_alternative(one) for one in detection.alternatives))
    yield from remarks(found.findings, found.findings)
    if everything:
        yield from columns_table(found.columns)
    skipped = passed_over(found.columns, everything=everything)
    if skipped:
        yield Sentence(skipped)


def _alternative(one: Alternative) -> str:
    written = "" if one.encoding is None else f", {one.encoding.value}"
    return f"{one.kind.value}{written}: {one.because} ({one.flag})"


def _what(found: Inspection) -> str:
    task, columns = found.detection.task, found.detection.columns
    shown = ", ".join(columns[:4]) + (f" and {len(columns) - 4} more" if len(columns) > 4 else "")
    subject = f"The {'columns' if len(columns) > 1 else 'column'} {shown} {'hold' if len(columns) > 1 else 'holds'}"
    if task.kind is None:
        reason = _NOT[task.not_a_target] if task.not_a_target else "no labels"
        return f"{subject} {reason}: no classification target."
    encoding = task.encoding
    words = ", ".join(one.value for one in encoding) if isinstance(encoding, tuple) else _words(encoding)
    return f"{subject} {_KINDS[task.kind]} ({words}; {found.detection.certainty.value})."


def _words(encoding: Encoding | None) -> str:
    return "" if encoding is None else f"written as {encoding.value}"


def _missing(found: Inspection) -> tuple[str, ...]:
    rows = found.rows
    of_all = f"of {numbers.counted(rows.read, 'row')}"
    said = []
    if rows.missing_label:
        said.append(f"{numbers.count(rows.missing_label)} {of_all} {verb(rows.missing_label, 'have')} no label")
    if rows.bad:
        said.append(f"{numbers.count(rows.bad)} {of_all} {verb(rows.bad, 'are')} bad and skipped")
    return tuple(said)


def _classes(found: Inspection, *, everything: bool) -> Iterator[Block]:
    rows = found.to_dict()["classes"]
    if not rows or found.detection.task.kind is None:
        return
    outputs = found.detection.task.kind is Kind.MULTIOUTPUT
    soft = found.detection.soft is not None
    by = "share" if soft else "count"
    ordered = rows if outputs else sorted(rows, key=lambda one: -(one[by] or 0))
    shown = ordered if everything else ordered[:TOP]
    most = max(one["share"] or 0 for one in ordered) or 1
    weighed = any(abs((one["weight"] or 1.0) - 1.0) > _EVEN for one in shown)
    multi = found.detection.task.kind is Kind.MULTILABEL
    left = len(ordered) - len(shown)
    rest = sum(one["count"] for one in ordered[len(shown) :])
    unit = "label" if multi else "class"
    yield Heading(numbers.counted(len(ordered), unit))
    heads = (unit, "most probable in" if soft else "rows", "mean share" if soft else "share")
    yield Grid(
        (*heads, "pos_weight" if multi else "weight") if weighed else heads,
        tuple(_class_row(one, weighed=weighed) for one in shown),
        numeric=(1, 2, 3) if weighed else (1, 2),
        bars=tuple((one["share"] or 0) / most for one in shown),
        more=f"{numbers.counted(left, f'more {unit}')} in {numbers.counted(rest, 'row')}: --full shows them"
        if left
        else "",
        names=(0,),
    )


def _class_row(one: dict[str, Any], *, weighed: bool) -> tuple[str, ...]:
    row = (one["name"], numbers.count(one["count"]), numbers.share(one["share"]))
    weight = "" if one["weight"] is None else f"{one['weight']:.3g}"
    return (*row, weight) if weighed else row


def _advice(found: Inspection) -> Iterator[Block]:
    advice = found.advice
    if advice is None:
        return
    yield Heading("Train it with")
    rows = [
        ("loss", _spoken(advice.loss)),
        ("formula", advice.formula),
        (
            "last layer",
            f"{numbers.counted(advice.units, 'unit')}, {advice.activation}",
        ),
        ("targets", f"{advice.target_encoding}, shape {advice.target_shape}, {advice.target_dtype}"),
        ("accuracy", advice.accuracy),
        ("first loss", f"about {numbers.loss(advice.expected_initial_loss)}{_a_label(found)} before training"),
    ]
    priors = found.priors
    if priors is not None and priors.prior_loss is not None:
        rows.append(
            ("to beat", f"{numbers.loss(priors.prior_loss)}{_a_label(found)}, what the label shares alone cost")
        )
    if priors is not None and priors.majority_accuracy is not None:
        named = f" ({priors.majority_class} every time)" if priors.majority_class is not None else ""
        rows.append(("", f"accuracy {numbers.rate(priors.majority_accuracy)}{named}"))
    if found.detection.soft is not None:
        rows.append(("floor", f"{numbers.loss(found.detection.soft.entropy)}, the entropy of the targets themselves"))
    if advice.bias_init is not None and _uneven(advice.bias_init):
        rows.append(("output bias", f"{_first(advice.bias_init)}, so that training starts from the label shares"))
    yield Facts(tuple((name, text) for name, text in rows if text))
    if advice.why:
        yield Sentence(advice.why)
    if advice.equivalent:
        yield Heading("The same value in other words")
        yield Bullets(
            tuple(f"{_spoken(one.loss)} with {one.target_encoding} targets: {one.because}" for one in advice.equivalent)
        )
    if advice.hints:
        yield Heading("Worth a thought")
        yield Bullets(tuple(f"{one.what}: {one.because}" for one in advice.hints))
    if advice.avoid:
        yield Heading("Avoid")
        yield Bullets(tuple(f"{one.what}: {one.because}" for one in advice.avoid))


def _a_label(found: Inspection) -> str:
    return " a label" if found.detection.task.kind is Kind.MULTILABEL else ""


def _uneven(biases: tuple[float, ...]) -> bool:
    """Whether biases do more than the zeros of an untrained layer would."""
    return max(biases) - min(biases) > _EVEN or (len(biases) == 1 and abs(biases[0]) > _EVEN)


def _first(values: tuple[float, ...]) -> str:
    """Return the first few numbers of some."""
    shown = ", ".join(numbers.loss(value) for value in values[:6])
    return f"{shown}, ... ({len(values):,} in all)" if len(values) > 6 else shown


def framework_advice(found: Inspection, framework: str) -> FrameworkAdvice | None:
    """Return what to type in a framework; None where there is nothing to advise.

    Raises:
        UsageError: no advice is known for that framework.
    """
    if found.advice is None:
        return None
    known = found.advice.frameworks
    if framework not in known:
        close = did_you_mean(framework, list(known))
        hint = f"did you mean {close!r}?" if close else f"known: {', '.join(known)}"
        raise UsageError(f"{framework!r}: no advice is known for it", option="framework", help=hint)
    return known[framework]


def _snippet(found: Inspection, framework: str) -> Iterator[Block]:
    one = framework_advice(found, framework)
    if one is None:
        return
    yield Heading(f"In {framework}")
    yield Facts((("loss", one.loss), ("output", one.activation), ("metrics", one.metrics)))
    yield Code(one.snippet.rstrip())


def _spoken(name: str) -> str:
    """Return a loss's name as people write it."""
    return name.replace("cross_entrop", "cross-entrop").replace("_", " ")
