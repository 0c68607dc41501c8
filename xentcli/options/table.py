"""The table: every option of the tool, in groups, each declared once.

Floor 1. A group is what is read together; a public function takes the groups that its own class is made of, and
`commands` gives a command the same ones and those of the command line alone.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple, TypedDict

from xentcli.options.forms import CHECK_FORMS, REPORT_FORMS, RESULT_FORMS, Color
from xentcli.options.option import NamesFile, Option, OptionBounds, options_of
from xentcli.terms import TARGETS, Kind, Scale

Texts = str | Sequence[str]
"""One text, or several: on the command line such an option is repeatable."""


# fmt: off

_FINDINGS = "by code, beginning of a code or name"
_TEXT_FORMATS = "in text formats"
_KEPT = "; repeatable. A check of the file takes the value and keeps its level."


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


class LabelOptions(TypedDict, total=False):
    """Which columns hold labels, and what those mean."""

    label: Annotated[Texts, Option(
        "Label column, by name or position (:4, :-1); repeatable.", "COL", (), configured=True,
        about="the label columns; found by what the columns hold if empty. With `labels`, those of that input.",
    )]
    classes: Annotated[str | Sequence[str] | None, Option(
        "Class names in index order.", "a,b,c|@FILE", configured=True, names=NamesFile.AT_PATH,
        about="class names in index order: a sequence, `a,b,c`, or `@FILE` with one name a line.",
    )]
    positive: Annotated[str | None, Option("Positive class of a binary task.", "NAME", configured=True)]
    task: Annotated[str | None, Option(
        f"{_listed(tuple(Kind))}.", "KIND", choices=tuple(map(str, Kind)), configured=True,
        about="overrides the kind of task.",
    )]


class _EncodingOptions(LabelOptions, total=False):
    encoding: Annotated[str | None, Option(
        "How the labels are written, such as one-hot.", "NAME", about="overrides the encoding that the labels have.",
    )]


class InspectedColumns(_EncodingOptions, total=False):
    """Columns of a file of labels."""

    id: Annotated[str | None, Option(
        "Column of items: where it repeats, rows are labels or votes of one.", "COL",
        about="the column that tells items apart; where it repeats, the rows of an item are votes, or its labels.",
    )]


class EncodedColumns(_EncodingOptions, total=False):
    """Columns of a file whose labels are written in another encoding."""

    id: Annotated[str | None, Option("Column to keep beside the labels.", "COL", configured=True)]


class ScoredColumns(LabelOptions, total=False):
    """Columns of a file of predictions."""

    scores: Annotated[Texts, Option(
        "Score column, or prefix of all; repeatable.", "COL|PREFIX", (), configured=True,
        about="the score columns, or a prefix of their names.",
    )]
    labels: Annotated[Any, Option(
        "File that holds the labels, joined by --id, a column of both, or row.", "FILE", configured=True,
        names=NamesFile.PATH,
        about="a second input that holds the labels, joined by `id`, by a column that both hold, or by row.",
    )]
    id: Annotated[str | None, Option(
        "Column that identifies rows; A=B where two files name it otherwise.", "COL", configured=True,
        about="the id column; `a=b` if it is called a in the predictions and b in the labels.",
    )]
    weight: Annotated[str | None, Option("Column of row weights.", "COL", configured=True)]
    scale: Annotated[str | None, Option(
        f"{_listed(tuple(Scale))}.", "NAME", choices=tuple(map(str, Scale)), configured=True,
        about="`probabilities`, `log-probabilities` or `logits`; decided from all rows if None.",
    )]
    ignore_label: Annotated[str | int | None, Option(
        "Label that counts as missing, such as -100.", "NAME", configured=True,
    )]


class ObjectiveOptions(TypedDict, total=False):
    """What a row costs, and when a decision is right; `Objective` as a record."""

    threshold: Annotated[float, Option(
        "Decide for the positive class strictly above it [0.5].", "P", 0.5, configured=True,
        bounds=OptionBounds(0.0, 1.0, "is not a probability: it must lie in [0, 1]"),
        about="binary and multi-label decisions are strictly above it, on the scale of probabilities.",
    )]
    normalize: Annotated[bool, Option(
        "Divide every row of probabilities, votes or per cents by its sum.", default=False, configured=True,
    )]
    label_smoothing: Annotated[float, Option(
        "Smooth the targets: y (1 - s) + s / K.", "S", 0.0, configured=True,
        bounds=OptionBounds(0.0, 1.0, "must lie in [0, 1)", below=True),
        about="s in [0, 1): targets become y (1 - s) + s / K, of several labels y (1 - s) + s / 2.",
    )]
    focal_gamma: Annotated[float, Option(
        "Multiply each loss by (1 - p)^g.", "G", 0.0, configured=True,
        bounds=OptionBounds(0.0, 100.0, "must lie in [0, 100]"),
        about="exponent of the focal factor (1 - p)^gamma; 0 for plain cross-entropy.",
    )]
    at_least_one: Annotated[bool, Option(
        "Multi-label: a row with no score above the threshold gets its best label.", default=False, configured=True,
    )]


class Objective(NamedTuple):
    """The options of the objective, as they travel from the public functions to the tally."""

    threshold: float
    normalize: bool
    label_smoothing: float
    focal_gamma: float
    at_least_one: bool


def objective_of(options: Mapping[str, Any]) -> Objective:
    """Return the objective that options set; where they are silent, the usual one."""
    return Objective(**{name: options.get(name, one.default) for name, one in options_of(ObjectiveOptions).items()})


USUAL_OBJECTIVE = objective_of({})


class MeanOptions(TypedDict, total=False):
    """How rows become means and intervals."""

    class_weights: Annotated[str | Mapping[str, float] | None, Option(
        "What each class counts in the mean loss.", "balanced|a=1,b=2|@FILE", configured=True, names=NamesFile.AT_PATH,
        about="what each class counts in the mean loss: `balanced`, `a=1,b=2`, `@FILE` or a mapping.",
    )]
    confidence_level: Annotated[float, Option(
        "Of the intervals [0.95].", "P", 0.95, configured=True,
        bounds=OptionBounds(0.0, 1.0, "is not between 0 and 1", above=True, below=True),
        about="of the intervals, in (0, 1).",
    )]


class FindingOptions(TypedDict, total=False):
    """Which findings may speak."""

    select: Annotated[Texts, Option(
        "Findings that may speak, such as XE404 or XE4; repeatable.", "CODE", (), configured=True,
        about=f"findings that may speak, {_FINDINGS}; all if empty.",
    )]
    ignore: Annotated[Texts, Option(
        "Findings that may not, such as XE107 or XE2; repeatable.", "CODE", (), configured=True,
        about=f"findings that may not, {_FINDINGS}.",
    )]


class BadRowOptions(TypedDict, total=False):
    """What becomes of rows that cannot be read."""

    skip_bad_rows: Annotated[bool, Option(
        "Count and leave out rows that cannot be used.", default=False, configured=True,
        about="leave out and count rows that cannot be read or used, such as those with another number of cells.",
    )]


class ReadingOptions(TypedDict, total=False):
    """How a file is read."""

    null_values: Annotated[Texts, Option(
        "Text that means missing; repeatable.", "TEXT", (), configured=True,
        about=f"further texts that mean a missing cell, {_TEXT_FORMATS}.",
    )]
    separator: Annotated[str | None, Option(
        "What stands between cells of text files.", "C", configured=True,
        about=f"what stands between cells, {_TEXT_FORMATS}.",
    )]
    comment: Annotated[str | None, Option(
        "Character that starts comments in text files.", "C|none", configured=True,
        about="what starts comments in text formats, or `none`; by default #, where such lines are no rows.",
    )]
    quote: Annotated[str | None, Option(
        "Character that encloses cells of text files.", "C|none", configured=True,
        about=f"the character that encloses cells, or `none`, {_TEXT_FORMATS}.",
    )]
    header: Annotated[bool | None, Option(
        "Whether the first line names the columns.", negative=True, configured=True,
        about=f"whether the first line names the columns, {_TEXT_FORMATS}.",
    )]
    input_format: Annotated[str | None, Option(
        "Format of the input, such as csv or parquet.", "NAME", configured=True,
        about="overrides the format that the suffix tells.",
    )]
    memory: Annotated[str | int | None, Option(
        "What reading may take, such as 4G [half of the machine's memory].", "SIZE", configured=True,
        about="bytes that reading may take, or a size such as `4G`; None for half of what the machine has.",
    )]


class ThreadOptions(TypedDict, total=False):
    """What runs."""

    jobs: Annotated[int | None, Option(
        "Threads [all cores].", "N", bounds=OptionBounds(1, None, "is not a whole number from 1"),
        about="number of threads; None for the machine's cores.",
    )]


class SliceOptions(TypedDict, total=False):
    """Which rows are looked at together."""

    by: Annotated[Texts, Option(
        "Slice the rows by a column, or a+b by two; repeatable.", "COL", (),
        about="columns whose values slice the rows; `a+b` crosses two. Of two inputs, columns of the second.",
    )]


class _RowOptions(SliceOptions, total=False):
    worst: Annotated[int, Option(
        "List the K rows that cost most, from 0 to 10,000.", "K", 0,
        bounds=OptionBounds(0, 10_000, "is not a whole number from 0 to 10,000"),
        about="how many of the rows with the largest losses, or differences of the loss, to list.",
    )]


class ComparedRowOptions(_RowOptions, total=False):
    """Which rows of two models are told apart."""


class ScoredRowOptions(_RowOptions, total=False):
    """Which rows are told apart."""

    row: Annotated[int | None, Option(
        "Show the loss of row N step by step.", "N", about="a row, from 1, whose loss to show step by step.",
    )]


class InspectOptions(InspectedColumns, FindingOptions, BadRowOptions, ReadingOptions, total=False):
    """Those of `xentcli.inspect`."""


class EncodeOptions(EncodedColumns, BadRowOptions, ReadingOptions, total=False):
    """Those of `xentcli.encode`."""


class PredictionOptions(
    ScoredColumns, ObjectiveOptions, MeanOptions, FindingOptions, BadRowOptions, ReadingOptions, ThreadOptions,
    total=False,
):
    """Those that whatever scores predictions has in common, which are those of `xentcli.check`."""


class PlotOptions(
    ScoredColumns, ObjectiveOptions, MeanOptions, SliceOptions, BadRowOptions, ReadingOptions, ThreadOptions,
    total=False,
):
    """Those of `xentcli.score` that change its numbers, which `xent plot` draws."""


class ScoreOptions(PredictionOptions, ScoredRowOptions, total=False):
    """Those of `xentcli.score`."""


class CompareOptions(PredictionOptions, ComparedRowOptions, total=False):
    """Those of `xentcli.compare`."""


class AdviceOptions(TypedDict, total=False):
    """What `xent inspect` shows."""

    framework: Annotated[str | None, Option("Show code for keras, torch, jax, sklearn, xgboost ...", "NAME")]


class TargetOptions(TypedDict, total=False):
    """What `xent encode` writes."""

    to: Annotated[str, Option(f"{_listed(TARGETS)}.", "ENCODING", required=True)]
    output: Annotated[Texts, Option(
        "File to write: .csv .tsv .parquet .arrow .feather .jsonl .ndjson .json .npy .npz.", "PATH",
        flags=("--output", "-o"), required=True,
    )]


class PictureOptions(TypedDict, total=False):
    """Where `xent plot` writes its figure."""

    output: Annotated[Texts, Option(
        "File to write: .svg, .png or .vl.json (Vega-Lite); SVG on stdout without.", "PATH", (),
        flags=("--output", "-o"),
    )]


class LimitOptions(TypedDict, total=False):
    """What `xent check` holds predictions against."""

    min: Annotated[Texts, Option(f"The least that passes, such as accuracy=0.9{_KEPT}", "METRIC=VALUE")]
    max: Annotated[Texts, Option(f"The most that passes, such as loss=0.45{_KEPT}", "METRIC=VALUE")]
    max_regression: Annotated[Texts, Option(
        f"How much worse than the baseline, such as loss=0.01 or loss=2%{_KEPT}", "METRIC=VALUE",
    )]
    baseline: Annotated[str | None, Option(
        "Predictions of the model before, or what score -f json wrote.", "FILE", configured=True, names=NamesFile.PATH,
    )]
    model: Annotated[Texts, Option("Judge this model of the configuration only; repeatable.", "NAME")]


class VerdictOptions(TypedDict, total=False):
    """What `xent compare` makes of its verdict."""

    fail_if_worse: Annotated[bool, Option("Exit 1 if B is worse.", default=False)]


def _form(forms: Sequence[str]) -> Option:
    return Option(
        "Form on stdout; --full is another option.", "|".join(forms), "full",
        flags=("--output-format", "-f"), choices=tuple(map(str, forms)),
    )


class FormOptions(TypedDict, total=False):
    """How a report is shown."""

    output_format: Annotated[str, _form(REPORT_FORMS)]


class ResultFormOptions(TypedDict, total=False):
    """How what is found in data is shown: also as a page for a browser."""

    output_format: Annotated[str, _form(RESULT_FORMS)]


class CheckFormOptions(TypedDict, total=False):
    """How a verdict is shown: also in the forms that the runners of pipelines read."""

    output_format: Annotated[str, _form(CHECK_FORMS)]


class ReportOptions(TypedDict, total=False):
    """Which files a report is written to."""

    output: Annotated[Texts, Option(
        "Also write the report to a file; repeatable.", "[FORMAT=]PATH", (), flags=("--output", "-o"),
    )]


class ColorOptions(TypedDict, total=False):
    """Whether a report has colours."""

    color: Annotated[str, Option("Colour on stdout.", "|".join(Color), "auto", choices=tuple(map(str, Color)))]


class FullOptions(TypedDict, total=False):
    """How much of a report is shown."""

    full: Annotated[bool, Option(
        "Every class, table and column; no form, see -f.", default=False, flags=("--full", "--all"),
    )]


class ConfigurationOptions(TypedDict, total=False):
    """Which configuration holds."""

    config: Annotated[str | None, Option("Configuration file [closest xent.toml].", "PATH")]
    isolated: Annotated[bool, Option("Read no configuration file.", default=False)]


class ConfigurationWork(TypedDict, total=False):
    """What `xent check` does with the configuration instead of judging."""

    init: Annotated[bool, Option("Write a commented xent.toml with limits where FILES stand today.", default=False)]
    show_config: Annotated[bool, Option("Print each value and where it came from.", default=False)]


class StatusOptions(TypedDict, total=False):
    """What the exit status says."""

    exit_zero: Annotated[bool, Option("Exit 0 instead of 1; what cannot run stays 2.", default=False)]


class DebugOptions(TypedDict, total=False):
    """What is told of a bug."""

    debug: Annotated[bool, Option("Show the traceback of a bug.", default=False)]
