"""Init: a first configuration file, with limits where today's numbers are.

Floor 7. A pure function of a score; who calls it writes the file. Prose is commented by `# `, what one may switch on
by `#` alone, so that it reads as TOML once that is taken away.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from xentcli.config.schema import FILE_NAME
from xentcli.config.toml import toml_key, toml_text
from xentcli.errors import UsageError
from xentcli.scoring.intervals import wilson
from xentcli.scoring.model import ClassScore, Interval, Score
from xentcli.terms import Kind

_DECIMALS = Decimal("0.0001")
_DIGITS = 4


def first_file(score: Score, predictions: Sequence[str], options: Mapping[str, object] | None = None) -> str:
    """Return the text of a commented `xent.toml` whose limits a score keeps.

    The limit of the loss is the upper end of its interval, rounded up to 4 significant digits; that of the accuracy
    the lower end of its own, rounded down to 4 decimals; where there is no interval, the value itself. Limits by
    class, by column and against a baseline are written as comments.

    Args:
        score: of the predictions.
        predictions: their paths, relative to the folder of the file.
        options: the shared options that were not left at their defaults, by their keys in the file.

    Raises:
        UsageError: a path or an option holds what TOML cannot write.
    """
    lines = [
        *_head(score),
        *_inputs(predictions, options or {}),
        *_loss(score),
        *_accuracy(score),
        *_regression(score),
        *_recall(score),
        *_slices(score),
    ]
    return "\n".join(lines) + "\n"


def _head(score: Score) -> list[str]:
    level = f"{score.confidence_level * 100:.6g} %"
    return [
        f"#:schema ./{FILE_NAME}",
        "# The line above names the schema that editors check this file by; it is written by",
        f"# `xent config schema > {FILE_NAME}` in this folder.",
        "",
        "# Limits for `xent check`. Each stands at the worse end of the",
        f"# {level} interval of {score.rows.scored} rows: tighten what must not slip, loosen what may.",
        "# Lines that begin with # and no blank can be switched on. Flags come before this file.",
        "",
    ]


def _inputs(predictions: Sequence[str], options: Mapping[str, object]) -> list[str]:
    paths = predictions[0] if len(predictions) == 1 else list(predictions)
    lines = [
        "# The files to judge, relative to this file; several are read as one table.",
        f"predictions = {_text(paths, 'the path')}",
        "# What to compare with: earlier predictions of the same rows, or a report of",
        "# `xent score --output-format json`, which can tell less.",
        '#baseline = "baseline.parquet"',
        "",
    ]
    if options:
        lines += ["# How the files are read: the options of `xent score`, by their names.", *_options(options), ""]
    return lines


def _options(options: Mapping[str, object]) -> list[str]:
    return [f"{toml_key(key)} = {_text(value, f'--{key}')}" for key, value in options.items()]


def _text(value: object, what: str) -> str:
    """Return a value as TOML, which must have a way to write it."""
    text = toml_text(value)
    try:
        str(value).encode()
    except UnicodeEncodeError:
        raise UsageError(
            f"{what} {text} is not Unicode text, which TOML cannot hold", help="give the file another name"
        ) from None
    return text


def _loss(score: Score) -> list[str]:
    loss = score.loss
    if loss is None:
        return []
    worst = loss.value if loss.interval is None else max(loss.value, loss.interval[1])
    return [
        "# metric: a number of the report of `xent score --output-format json`, by its name there.",
        "[checks.loss]",
        'metric = "loss"',
        f"# The most that passes; {_today(loss.value, loss.interval)}.",
        f"max = {toml_text(_up(worst))}",
        "",
    ]


def _accuracy(score: Score) -> list[str]:
    accuracy = score.accuracy
    return [
        "[checks.accuracy]",
        'metric = "accuracy"',
        f"# The least that passes; {_today(accuracy.value, accuracy.interval)}.",
        f"min = {toml_text(_least_accuracy(score))}",
        "# What must keep the limit: the value alone, or its whole interval.",
        '#bound = "interval"',
        "# What breaking it means: the exit status 1, or a warning.",
        '#level = "warn"',
        "",
    ]


def _regression(score: Score) -> list[str]:
    metric, margin = ("accuracy", "0.01") if score.loss is None else ("loss", '"2%"')
    return [
        "# No worse than the baseline, which must be named above.",
        "#[checks.no-regression]",
        f'#metric = "{metric}"',
        "# How much worse it may be: a number, or a share of the baseline's value.",
        f"#max-regression = {margin}",
        "# What it means that these rows are too few to tell: warn, fail or pass.",
        '#inconclusive = "warn"',
        "",
    ]


def _recall(score: Score) -> list[str]:
    """Return a limit for every class, where the class of the lowest recall is today."""
    least = [(_least_recall(one, score), one.name) for one in score.per_class if one.recall is not None]
    if score.task.kind is not Kind.MULTICLASS or not least:
        return []
    value, name = min(least)
    return [
        "# A limit for each class; it stands where the weakest class is today.",
        "#[checks.recall]",
        '#metric = "recall"',
        '#by = "class"',
        f"#min = {toml_text(value)}",
        "# Other limits for some classes, such as a tenth less for the weakest.",
        f"#overrides = {{ {toml_key(name)} = {toml_text(_down(0.9 * value))} }}",
        "",
    ]


def _slices(score: Score) -> list[str]:
    return [
        "# A limit for each group of rows: of those that share a value of a column,",
        "# or of two, A+B. Write a column of your files in the place of COLUMN, such as a country.",
        "#[checks.slices]",
        '#metric = "accuracy"',
        '#by = "COLUMN"',
        f"#min = {toml_text(_least_accuracy(score))}",
        "# Groups of fewer rows are not judged.",
        "#min-count = 100",
    ]


def _today(value: float, interval: Interval | None) -> str:
    between = "" if interval is None else f", between {interval[0]:.6g} and {interval[1]:.6g}"
    return f"today {value:.6g}{between}"


def _least_accuracy(score: Score) -> float:
    accuracy = score.accuracy
    least = accuracy.value if accuracy.interval is None else min(accuracy.value, accuracy.interval[0])
    return _down(max(0.0, least))


def _least_recall(one: ClassScore, score: Score) -> float:
    """Return the lower end of the Wilson interval of a class's recall, rounded down; with weights an estimate of it."""
    recall = one.recall or 0.0
    right = recall * one.support
    whole = round(right) if score.rows.weight_sum is None else int(right)
    interval = wilson(whole, one.support, score.confidence_level)
    return _down(min(recall, interval[0]) if interval else recall)


def _up(value: float) -> float:
    """Return the least number of 4 significant digits that is not below a value."""
    exact = Decimal(value)
    place = Decimal(1).scaleb(exact.adjusted() - _DIGITS + 1) if exact else _DECIMALS
    return float(exact.quantize(place, rounding=ROUND_CEILING))


def _down(value: float) -> float:
    """Return the greatest number of 4 decimals that is not above a value."""
    return float(Decimal(value).quantize(_DECIMALS, rounding=ROUND_FLOOR))
