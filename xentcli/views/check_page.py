"""The page of `xent check`: the verdict, what failed and why, and every value that judges.

Floor 8. Formats a finished result; computes nothing.

The page of `xent check --show-config`: every value that judges, and where it came from.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from xentcli.config.model import DEFAULT_MODEL, Bound
from xentcli.config.shown import ShownValue
from xentcli.gate.model import Check, Outcome, Regression
from xentcli.phrases import counted
from xentcli.rules.rule import Finding, Level
from xentcli.verdicts import CheckReport, JudgedModel
from xentcli.views import check_words as words
from xentcli.views import numbers
from xentcli.views.page import Block, Bullets, Facts, Grid, Heading, Page, Sentence, remarks
from xentcli.views.safe import printable
from xentcli.views.score_parts import passed_over, positive_words, rows_words

SCHEMA = "xent.config/1"
_UNSET = "(by the data)"
_UNSET_OF = {"memory": "(half of the machine's or container's memory, at least 2 GiB)"}
"""What decides keys that neither a person nor the data set."""

Values = Mapping[str, tuple[ShownValue, ...]]
"""By the name of the model."""


def config_page(found: Values, path: str | None, *, everything: bool = False) -> Page:
    """Return a table of values for each model; `everything` shows the keys that nobody set, too."""
    blocks: list[Block] = [Sentence(f"configuration: {path or 'no file, flags and defaults only'}")]
    for name, values in found.items():
        if name != DEFAULT_MODEL:
            blocks.append(Heading(name))
        shown = _shown_value(values, everything=everything)
        rows = tuple((one.key, _value(one), one.source) for one in shown)
        left = len(values) - len(shown)
        more = f"{counted(left, 'more key')} that nobody set: --full shows them"
        blocks.append(Grid(("key", "value", "from"), rows, more=more if left else ""))
    return Page(tuple(blocks))


def config_lines(found: Values, *, everything: bool = False) -> str:
    """Return `KEY = VALUE  # SOURCE` a line, of several models with their names before it; likewise."""
    lines = [
        f"{'' if len(found) == 1 else f'{name}: '}{one.key} = {_value(one)}  # {one.source}"
        for name, values in found.items()
        for one in _shown_value(values, everything=everything)
    ]
    return "".join(f"{printable(line)}\n" for line in lines)


def _value(one: ShownValue) -> str:
    return one.value or _UNSET_OF.get(one.key, _UNSET)


def _shown_value(values: tuple[ShownValue, ...], *, everything: bool) -> tuple[ShownValue, ...]:
    """Return what is set or has a default, or everything."""
    return values if everything else tuple(one for one in values if one.value is not None)


def config_document(found: Values, path: str | None) -> dict[str, Any]:
    """Return the document `xent.config/1`; values are TOML, null where nothing is set and the data decide."""
    models = [
        {"name": name, "values": [{"key": one.key, "value": one.value, "source": one.source} for one in values]}
        for name, values in found.items()
    ]
    return {"schema": SCHEMA, "config": path, "models": models}


TOP = 20
"""Messages, and passed groups, that a page shows before it becomes too long to read."""
CLOSE = 10
"""Passed groups that are shown where there are more: those closest to their limit."""


def check_page(report: CheckReport, *, everything: bool = False) -> Page:
    """Return the page: models that failed come first; `everything` shows every group, message and finding."""
    return Page(tuple(_blocks(report, everything=everything)))


def _blocks(report: CheckReport, *, everything: bool) -> Iterator[Block]:
    yield Sentence(words.verdict(report), strong=True)
    alone = len(report.models) == 1
    for model in sorted(report.models, key=lambda one: one.passed):
        yield Heading(words.title(model, alone=alone))
        yield from _model(model, report.place, everything=everything)


def _model(model: JudgedModel, config: str | None, *, everything: bool) -> Iterator[Block]:
    checks = words.ordered(model.checks)
    positive = positive_words(model.report.score.task)
    if positive:
        yield Sentence(positive)
    yield from _messages([one for one in checks if one.outcome is Outcome.FAILED], everything=everything)
    yield from remarks(model.errors, model.report.findings)
    if model.errors:
        yield Sentence(_ignoring(model.errors))
    if model.baseline_errors:
        yield Sentence(f"What the baseline itself shows, so that it is no measure: {model.baseline}")
        yield from remarks(model.baseline_errors, model.baseline_errors)
    doubtful = [one for one in checks if one.outcome in {Outcome.WARNED, Outcome.INCONCLUSIVE}]
    yield from _messages(doubtful, everything=everything)
    shown = checks if everything else _shown(checks)
    yield _grid(shown, more=len(checks) - len(shown))
    without = tuple(_without_interval(shown))
    if without:
        yield Bullets(without)
    yield from _regressions(shown)
    notes = dict.fromkeys(one.note for one in checks if one.note is not None)
    if notes:
        yield Bullets(tuple(f"note: {one}" for one in notes))
    yield Facts(tuple(_about(model, config)))
    if model.unjudged:
        yield Bullets(tuple(words.unjudged(one, len(one.groups) if everything else CLOSE) for one in model.unjudged))
    yield from _findings(model.report.findings, everything=everything)
    skipped = passed_over(model.report.columns, everything=everything)
    if skipped:
        yield Sentence(skipped)


def _messages(checks: list[Check], *, everything: bool) -> Iterator[Block]:
    if not checks:
        return
    shown = checks if everything else checks[:TOP]
    rows = [(one.outcome.value, f"{words.label(one)}: {one.message}{words.place(one)}") for one in shown]
    left = len(checks) - len(shown)
    yield Facts((*rows, *([("", f"and {numbers.count(left)} more, see the table")] if left else [])))


def _ignoring(errors: tuple[Finding, ...]) -> str:
    codes = list(dict.fromkeys(one.code for one in errors))
    options = " ".join(f"--ignore {code}" for code in codes)
    each = "It fails" if len(errors) == 1 else "Each fails"
    return f"{each} the model, whatever the checks say, unless it is ignored: {options}"


def _shown(checks: list[Check]) -> list[Check]:
    """Return the checks without the passed groups that are far from their limit, where there are many."""
    passed = [one for one in checks if one.outcome is Outcome.PASSED and one.group is not None]
    if len(passed) <= TOP:
        return checks
    hidden = {id(one) for one in sorted(passed, key=words.slack)[CLOSE:]}
    return [one for one in checks if id(one) not in hidden]


def _grid(checks: list[Check], *, more: int) -> Grid:
    grouped = any(one.group is not None for one in checks)
    return Grid(
        ("outcome", "check", *(["rows"] if grouped else []), "value", "interval", "limit"),
        tuple(
            (
                one.outcome.value, words.label(one), *([numbers.count(one.rows)] if grouped else []),
                numbers.against(one.value, one.limit.min, one.limit.max, padded=True),
                numbers.interval_against(one.interval, *_limits(one)), words.limit(one.limit),
            )
            for one in checks
        ),
        numeric=(2, 3) if grouped else (2,),
        more=f"{numbers.counted(more, 'passed group')} farther from the limit: --full shows them" if more else "",
    )  # fmt: skip


def _without_interval(checks: list[Check]) -> Iterator[str]:
    """Yield why numbers have no interval, each reason once with its metrics."""
    reasons: dict[str, dict[str, None]] = {}
    for one in checks:
        if one.interval_because is not None and one.value is not None:
            reasons.setdefault(one.interval_because, {})[one.metric] = None
    for because, metrics in reasons.items():
        yield f"no interval of {', '.join(metrics)}: {because}"


def _limits(check: Check) -> tuple[float | None, ...]:
    return (check.limit.min, check.limit.max) if check.limit.bound == Bound.INTERVAL else ()


def _regressions(checks: list[Check]) -> Iterator[Block]:
    """Yield how the values differ from the baseline's, where there is one, and how that was found."""
    held = [(one, one.baseline) for one in checks if one.baseline is not None]
    if not held:
        return
    yield Heading("Against the baseline: how much worse, below 0 better")
    yield Grid(
        ("check", "baseline", "worse by", "interval", "margin", "can tell"),
        tuple(
            (
                words.label(one), numbers.against(found.value, _other(one.value, found.value), padded=True),
                numbers.against(found.worsening, found.margin, padded=True),
                numbers.interval_against(found.interval, found.margin), numbers.margin(found.margin),
                "" if found.resolvable is None else numbers.against(found.resolvable, found.margin, padded=True),
            )
            for one, found in held
        ),
        numeric=(1, 2, 4, 5),
    )  # fmt: skip
    found = [one for _, one in held]
    yield Bullets(
        (*_methods(found), "can tell: half the interval; smaller differences these rows cannot tell from none")
    )


def _other(value: float | None, than: float | None) -> float | None:
    """Return a value that is to be told apart from another one; None where both are the same."""
    return None if value == than else value


def _methods(found: list[Regression]) -> list[str]:
    """Return how intervals were found, each way once, with the number of rows where it is the same for all."""
    rows: dict[tuple[str, bool], set[int]] = {}
    for one in found:
        rows.setdefault((one.method, one.paired), set()).add(one.rows)
    return [_method(method, counts, paired=paired) for (method, paired), counts in rows.items()]


def _method(method: str, counts: set[int], *, paired: bool) -> str:
    rows = f", {numbers.counted(min(counts), 'row')}" if len(counts) == 1 else ""
    return f"{method}{rows}" if paired else f"{method}{rows} in the baseline: weaker than row by row"


def _about(model: JudgedModel, config: str | None) -> Iterator[tuple[str, str]]:
    yield "rows", rows_words(model.report.score.rows)
    yield from (("read as", said) for said in model.report.score.task.aloud)
    yield from (("doubtful", said) for said in model.report.source.doubts)
    if model.baseline is not None:
        yield "baseline", model.baseline
    if model.pairing is not None:
        yield "paired", words.pairing(model.pairing)
    if config is not None:
        yield "config", config
    yield "intervals", f"{100 * model.report.score.confidence_level:g} %"


def _findings(findings: tuple[Finding, ...], *, everything: bool) -> Iterator[Block]:
    """Yield the findings that fail nothing; of notes only how many there are that would be shown."""
    levels = {Level.WARNING, Level.NOTE} if everything else {Level.WARNING}
    yield from remarks((one for one in findings if one.level in levels), findings)
    notes = sum(one.level is Level.NOTE and one.because_of is None for one in findings)
    if notes and not everything:
        yield Sentence(f"{numbers.counted(notes, 'note')} on the predictions: --full shows {_them(notes)}")


def _them(count: int) -> str:
    return "it" if count == 1 else "them"
