"""`xentcli.check`: whether models keep their limits, and are no worse than a baseline.

Floor 8.

Placing: an error of a value that came from the configuration file names its line. The floors below know values and
not where they were set, so they name the option or the column.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Unpack

from xentcli.addresses import shown
from xentcli.api.arguments import texts
from xentcli.api.comparing import compared
from xentcli.api.pairing import opened, paired, refuse_two_streams
from xentcli.api.reading import Progress
from xentcli.api.references import Joined
from xentcli.api.scoring import score, sliced_by
from xentcli.api.stored import stored_score
from xentcli.config.flags import flag_limits
from xentcli.config.model import DEFAULT_MODEL, Limit, ModelSettings
from xentcli.errors import AmbiguousError, ColumnError, ConfigError, Place, UnreadableError, UsageError, XentError
from xentcli.files.table import Table
from xentcli.files.unchanged import unchanged_inputs
from xentcli.gate.baseline import Baseline, PairedBaseline, StoredBaseline
from xentcli.gate.judge import judge
from xentcli.gate.refusal import wrong
from xentcli.metrics import BY_CLASS, METRICS
from xentcli.options.signature import takes
from xentcli.options.table import PredictionOptions
from xentcli.record import Record, field, replace
from xentcli.results import ScoreReport, Source
from xentcli.rules.rule import Finding, Level
from xentcli.scoring.comparing.model import PairedRows
from xentcli.scoring.comparing.ranks import NAMES as RANKED
from xentcli.scoring.comparing.stored import StoredScore, contradiction, of_score
from xentcli.verdicts import CheckReport, JudgedModel

_FILES = ("predictions", "baseline", "labels")
"""Keys whose values are paths."""

_COLUMNS = ("id", "label", "weight", "scores")
"""Keys whose values are names of columns."""


def placed(error: XentError, held: Mapping[str, Any], places: Mapping[str, Place], model: str = "") -> XentError:
    """Return an error with the line of the file that set what it speaks of; else as it is.

    What speaks of an option becomes an error of its key. What speaks of a file or a column keeps its place, and a
    detail tells who named it.

    Args:
        error: of reading or scoring a model.
        held: the values that hold, by their keys in the file.
        places: of those keys whose values came from the file.
        model: its name, to be told beside the key; empty where it says nothing.
    """
    if not places:  # a call, whose values may be arrays
        return error
    key = error.option
    if key is not None and key in places:
        within = (f"in {error.place}",) if error.place is not None else ()
        return ConfigError(error.about(key), place=places[key], details=(*within, *error.details), help=error.help)
    keys = _named_by(error, held)
    if not keys or not all(one in places for one in keys):
        return error
    of = f" (model {model!r})" if model else ""
    return error.with_details(f"named by {key} in {places[key]}{of}" for key in keys)


def _named_by(error: XentError, held: Mapping[str, Any]) -> list[str]:
    """Return the keys whose values name the file that cannot be read, or the column that there is not."""
    if isinstance(error, UnreadableError) and error.place is not None:
        return [key for key in _FILES if error.place.path in [shown(one) for one in texts(held.get(key) or ())]]
    if isinstance(error, ColumnError):
        return [key for key in _COLUMNS if error.column in texts(held.get(key) or ())]
    return []


Limits = Mapping[str, float]

_OTHERS: Mapping[str, str] = {
    "by": 'a limit names its groups: limits=[xentcli.Limit("groups", metric="accuracy", by="COLUMN", min=0.8)]',
    "worst": "xentcli.score and xentcli.compare list such rows",
    "row": "xentcli.score shows the loss of a row",
}
"""Options of `score` that judge nothing, and what does what they ask for."""


@takes(PredictionOptions, _OTHERS)
def check(
    predictions: Any,
    *,
    baseline: Any = None,
    max: Limits | None = None,  # noqa: A002  the names of the flags
    min: Limits | None = None,  # noqa: A002  likewise
    max_regression: Mapping[str, float | str] | None = None,
    limits: Iterable[Limit] = (),
    name: str = DEFAULT_MODEL,
    progress: Progress | None = None,
    **options: Unpack[PredictionOptions],
) -> CheckReport:
    """Hold a model's numbers against limits, and against a baseline.

    Args:
        predictions: as for `score`.
        baseline: predictions of the model before, paired by id or by row; or the path of a stored score document.
        max: the most that passes, by metric.
        min: the least that passes, by metric.
        max_regression: by how much a metric may be worse than the baseline's: a number, or a share such as `"2%"`.
        limits: further ones, of classes and slices too.
        name: of the model in the report.
        progress: see `score`.
        options: see `options.table`.

    Raises:
        UsageError: an option is one of those, or nothing would be checked.
        XentError: something cannot be read, or a limit names what does not exist.
    """
    flags = flag_limits(minimums=_pairs(min), maximums=_pairs(max), regressions=_pairs(max_regression))
    model = Judged(name, predictions, baseline, (*_limits(limits), *flags), options)
    if baseline is not None:
        refuse_idle_baseline([model])
    return check_models([model], progress=progress)


def _limits(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """Return the further limits.

    Raises:
        UsageError: they are no limits.
    """
    found = tuple(limits) if isinstance(limits, Iterable) else (limits,)
    for one in found:
        if not isinstance(one, Limit):
            raise UsageError(
                f"limits are xentcli.Limit objects, not {one!r}",
                help='such as limits=[xentcli.Limit("recall", metric="recall", by="class", min=0.8)]',
            )
    return found


def _pairs(limits: Mapping[str, float | str] | None) -> list[str]:
    """Return limits in the form of flags.

    Raises:
        UsageError: they are no mapping.
    """
    if limits is not None and not isinstance(limits, Mapping):
        raise UsageError(f"limits are given by metric, not as {limits!r}", help='such as min={"accuracy": 0.9}')
    return [f"{metric}={value}" for metric, value in (limits or {}).items()]


class Judged(Record):
    """A model to be judged: what is read, and what it is held against.

    Attributes:
        name: of the model.
        predictions: as for `check`.
        baseline: likewise.
        limits: in the order of the report.
        options: those of `score`.
        places: where the values above were set that came from a file, by their keys in it.
    """

    name: str
    predictions: Any
    baseline: Any
    limits: tuple[Limit, ...]
    options: Mapping[str, Any]
    places: Mapping[str, Place] = field(default_factory=dict)


def refuse_idle_baseline(models: Sequence[Judged]) -> None:
    """Raise if no limit asks for the baseline that was named.

    Raises:
        UsageError: none does.
    """
    if not any(limit.max_regression is not None for model in models for limit in model.limits):
        raise UsageError(
            "a baseline is named, and no limit compares with it",
            help="say how much worse is too much: --max-regression loss=0.01",
        )


def check_models(models: Sequence[Judged], path: str | None = None, progress: Progress | None = None) -> CheckReport:
    """Judge models one by one.

    Args:
        models: in the order of the report.
        path: of the configuration file; None without one.
        progress: see `score`.

    Raises:
        XentError: as for `check`.
    """
    told = [replace(one, options={**one.options, "progress": progress}) for one in models]
    return CheckReport(tuple(judged(one) for one in told), path)


def of_settings(model: ModelSettings, flags: Mapping[str, Any], limits: tuple[Limit, ...]) -> Judged:
    """Return a model of the configuration file with the flags before its settings.

    Args:
        model: of the file.
        flags: the options of `score` that were given, and `files` and `baseline`.
        limits: those of the file with those of flags before them.

    Raises:
        ConfigError: it has no predictions.
        UsageError: likewise, and there is no file.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    options: dict[str, Any] = {**model.settings, **given}
    predictions = options.pop("files", None) or model.predictions
    baseline = options.pop("baseline", None) or model.baseline
    if not predictions:
        hint = 'name them: xent check FILES..., or predictions = "preds.parquet" in xent.toml'
        if model.name == DEFAULT_MODEL:
            raise UsageError("there are no predictions to check", help=hint)
        raise ConfigError(f"model {model.name!r} has no predictions", place=model.place, help=hint)
    flagged = {"predictions" if name == "files" else name.replace("_", "-") for name in given}
    places = {key: place for key, place in model.places.items() if key not in flagged}
    return Judged(model.name, list(predictions), baseline, limits, options, places)


@unchanged_inputs()
def judged(model: Judged) -> JudgedModel:
    """Return one model and what came of its limits.

    Raises:
        XentError: see `check`; at the line of the configuration file that set what it speaks of.
    """
    try:
        return _judged(model)
    except XentError as error:
        held = {"predictions": model.predictions, "baseline": model.baseline, **model.options}
        found = placed(error, held, model.places, "" if model.name == DEFAULT_MODEL else model.name)
        if found is error:
            raise
        raise found from error


def _judged(model: Judged) -> JudgedModel:
    if not model.limits:
        of = "" if model.name == DEFAULT_MODEL else f" of model {model.name!r}"
        raise UsageError(
            f"nothing is checked{of}: there is no limit",
            help="set one: --min accuracy=0.9, or let xent check FILES --init write a configuration",
        )
    refuse_two_streams(model.predictions, model.baseline)
    asked = frozenset(one.metric for one in model.limits if one.by is None)
    model = replace(model, options={**model.options, "intervals": asked})
    table = opened(model.predictions, model.options)
    if model.options.get("labels") is None:  # else a column may stand beside the labels
        model = replace(model, limits=tuple(_named(table, one) for one in model.limits))
    by = tuple(dict.fromkeys(one.by for one in model.limits if one.by not in (None, BY_CLASS)))
    regressions = any(one.max_regression is not None for one in model.limits)
    if regressions and model.baseline is not None:
        found = _compared(table, model, by)
    else:
        found = _Compared(_alone(table, model, by))
    checks, unjudged = judge(found.report.score, model.limits, found.baseline)
    if not checks:
        raise UsageError(
            "nothing is checked: every group has fewer rows than its min-count",
            help="lower min-count, or score more rows",
        )
    shown = None if found.baseline is None else _shown(model.baseline)
    return JudgedModel(model.name, found.report, checks, unjudged, shown, found.pairing, found.errors, found.source)


class _Compared(Record):
    """A scored model beside its baseline."""

    report: ScoreReport
    baseline: Baseline | None = None
    pairing: str | None = None
    errors: tuple[Finding, ...] = ()
    source: Source | None = None


def _alone(table: Table, model: Judged, by: tuple[str, ...]) -> ScoreReport:
    return score(table, by=by, **model.options)


def _compared(table: Table, model: Judged, by: tuple[str, ...]) -> _Compared:
    stored = stored_score(model.baseline)
    if stored is not None:
        return _unpaired(table, model, by, stored)
    wanted = _compared_metrics(model.limits)
    ranked = wanted is None or not wanted.isdisjoint(RANKED)
    found = paired(model.baseline, table, model.options, by, 0, b_first=True, ranked=ranked)
    comparison = compared(found, model.options, wanted)
    errors = tuple(one for one in found.a.findings if one.level is Level.ERROR)
    return _Compared(
        found.b, PairedBaseline(comparison), found.sentence + _left_out(comparison.rows), errors, found.a.source
    )


def _compared_metrics(limits: Iterable[Limit]) -> frozenset[str] | None:
    """Return the metrics to compare; None for all, where one is asked for that cannot be: its error names what can."""
    asked = frozenset(one.metric for one in limits if one.max_regression is not None)
    return asked if all(one in METRICS and METRICS[one].paired for one in asked) else None


def _left_out(rows: PairedRows) -> str:
    """Return which rows take no part in the comparison."""
    parts = (
        (rows.only_a, "of the baseline alone"),
        (rows.only_b, "of the predictions alone"),
        (rows.not_scored, "of both without a label or bad in one"),
    )
    told = ", ".join(f"{count:,} {what}" for count, what in parts if count)
    return f"; left out: {told}" if told else ""


def _unpaired(table: Table, model: Judged, by: tuple[str, ...], stored: StoredScore) -> _Compared:
    """Return a model beside stored numbers.

    Raises:
        AmbiguousError: they are of another task or of other classes.
    """
    report = _alone(table, model, by)
    now = of_score(report.score)
    if (stored.kind, set(stored.classes)) != (now.kind, set(now.classes)):
        raise AmbiguousError(
            f"is of a {stored.kind} task with {len(stored.classes):,} classes, the predictions of a {now.kind} task"
            f" with {len(now.classes):,}" + ("" if len(stored.classes) != len(now.classes) else " of other names"),
            place=Place(_shown(model.baseline)),
            help="a baseline must be of the same task and the same classes",
        )
    differs = contradiction(stored, now)
    if differs is not None:
        what, before, after = differs
        raise AmbiguousError(
            f"was scored with {what} {before}, the predictions with {after}",
            place=Place(_shown(model.baseline)),
            help="score both with the same options",
        )
    sentence = (
        "not paired: the baseline is a stored score, whose rows are unknown, which tells less than a prediction file"
    )
    return _Compared(report, StoredBaseline(stored, now, report.score.confidence_level), sentence)


def _named(table: Table, limit: Limit) -> Limit:
    """Return a limit that groups by columns with their names, as the slices of a Score have them.

    Raises:
        ConfigError: at the line of the limit: there is no such column.
    """
    if limit.by is None or limit.by == BY_CLASS:
        return limit
    try:
        return replace(limit, by="+".join(sliced_by(Joined(table, table), limit.by)))
    except XentError as error:
        raise wrong(limit, "by", error.message, error.help) from error


def _shown(data: Any) -> str:
    """Return what an input is called: its path, or its kind."""
    if isinstance(data, str | os.PathLike):
        return os.fspath(data)
    return ", ".join(map(_shown, data)) if isinstance(data, list) else type(data).__name__
