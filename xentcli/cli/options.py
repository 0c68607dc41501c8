"""The options, each declared once, for every command that has it.

Floor 9. None means that the option was not given, so that the configuration file can speak.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from xentcli.errors import UsageError, did_you_mean


class OutputFormat(StrEnum):
    """The forms of a report."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"


REPORT_FORMS = (OutputFormat.FULL, OutputFormat.CONCISE, OutputFormat.JSON, OutputFormat.MARKDOWN)
"""Of every report."""

CHECK_FORMS = tuple(OutputFormat)
"""Of a verdict: also those that the runners of pipelines read."""


class UnknownFormatError(UsageError):
    """A form that the command does not have."""

    def __init__(self, option: str, word: str, forms: Sequence[OutputFormat], *, hint: str = "") -> None:
        """Name it with the closest form, or with all."""
        known = [form.value for form in forms]
        close = did_you_mean(word, known)
        says = f"did you mean {close}?" if close else f"the formats are {', '.join(known)}"
        elsewhere = " here; xent check has it" if word in set(OutputFormat) else ""
        super().__init__(f"{option}: there is no format {word!r}{elsewhere}", help=f"{says}{hint}")


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def _form(forms: Sequence[OutputFormat], text: str) -> OutputFormat:
    """Return the form of that name, if a command has it."""
    if text not in forms:
        raise UnknownFormatError(f"-f {text}", text, forms)
    return OutputFormat(text)


def _count(text: str) -> int:
    """Return the number of rows to list; how many there may be is for the library to say."""
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"--worst {text!r} is not a whole number from 0 to 10,000") from None


Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILES...",
        show_default=False,
        help="Files, a folder, a glob, a URI, or - for stdin; one table.",
    ),
]
CheckedFiles = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILES...]",
        show_default=False,
        help="Files, a folder, a glob, a URI, or - for stdin; one table. Else `predictions` of the configuration.",
    ),
]
FirstFile = Annotated[str, typer.Argument(metavar="A", show_default=False, help="Predictions of the first model.")]
SecondFile = Annotated[str, typer.Argument(metavar="B", show_default=False, help="Predictions of the second model.")]
_KEPT = "; repeatable. A check of the file takes the value and keeps its level."
Least = Annotated[
    list[str] | None,
    typer.Option("--min", metavar="METRIC=VALUE", help=f"The least that passes, such as accuracy=0.9{_KEPT}"),
]
Most = Annotated[
    list[str] | None,
    typer.Option("--max", metavar="METRIC=VALUE", help=f"The most that passes, such as loss=0.45{_KEPT}"),
]
MaxRegression = Annotated[
    list[str] | None,
    typer.Option(
        "--max-regression",
        metavar="METRIC=VALUE",
        help=f"How much worse than the baseline, such as loss=0.01 or loss=2%{_KEPT}",
    ),
]
BaselineFile = Annotated[
    str | None,
    typer.Option("--baseline", metavar="FILE", help="Predictions of the model before, or what score -f json wrote."),
]
Model = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="NAME", help="Judge this model of the configuration only; repeatable."),
]
Init = Annotated[bool, typer.Option("--init", help="Write a commented xent.toml with limits where FILES stand today.")]
ShowConfig = Annotated[bool, typer.Option("--show-config", help="Print each value and where it came from.")]
FailIfWorse = Annotated[bool, typer.Option("--fail-if-worse", help="Exit 1 if B is worse.")]
Topic = Annotated[
    str | None,
    typer.Argument(
        metavar="[TOPIC|CODE]",
        show_default=False,
        help="A lesson, or a finding's code or name; all are listed without.",
    ),
]
Label = Annotated[
    list[str] | None,
    typer.Option("--label", metavar="COL", help="Label column, by name or position (:4, :-1); repeatable."),
]
Scores = Annotated[
    list[str] | None,
    typer.Option("--scores", metavar="COL|PREFIX", help="Score column, or prefix of all; repeatable."),
]
Classes = Annotated[str | None, typer.Option("--classes", metavar="a,b,c|@FILE", help="Class names in index order.")]
Positive = Annotated[str | None, typer.Option("--positive", metavar="NAME", help="Positive class of a binary task.")]
Id = Annotated[
    str | None,
    typer.Option("--id", metavar="COL", help="Column that identifies rows; A=B where two files name it otherwise."),
]
Labels = Annotated[
    str | None,
    typer.Option(
        "--labels", metavar="FILE", help="File that holds the labels, joined by --id, a column of both, or row."
    ),
]
Weight = Annotated[str | None, typer.Option("--weight", metavar="COL", help="Column of row weights.")]
Task = Annotated[
    str | None,
    typer.Option("--task", metavar="KIND", help="binary, multiclass, multilabel or multioutput."),
]
EncodingOption = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="How the labels are written, such as one-hot."),
]
ScaleOption = Annotated[
    str | None,
    typer.Option("--scale", metavar="NAME", help="probabilities, log-probabilities or logits."),
]
Threshold = Annotated[
    float | None,
    typer.Option("--threshold", metavar="P", help="Decide for the positive class strictly above it [0.5]."),
]
Normalize = Annotated[
    bool | None, typer.Option("--normalize", help="Divide every row of probabilities, votes or per cents by its sum.")
]
SkipBadRows = Annotated[
    bool | None, typer.Option("--skip-bad-rows", help="Count and leave out rows that cannot be scored.")
]
ConfidenceLevel = Annotated[
    float | None, typer.Option("--confidence-level", metavar="P", help="Of the intervals [0.95].")
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="CODE", help="Findings that may speak, such as XE404 or XE4; repeatable."),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="CODE", help="Findings that may not, such as XE107 or XE2; repeatable."),
]
Jobs = Annotated[int | None, typer.Option("--jobs", min=1, metavar="N", help="Threads [all cores].")]
NullValues = Annotated[
    list[str] | None,
    typer.Option("--null-values", metavar="TEXT", help="Text that means missing; repeatable."),
]
Separator = Annotated[
    str | None, typer.Option("--separator", metavar="C", help="What stands between cells of text files.")
]
Comment = Annotated[
    str | None, typer.Option("--comment", metavar="C|none", help="Character that starts comments in text files.")
]
Quote = Annotated[
    str | None, typer.Option("--quote", metavar="C|none", help="Character that encloses cells of text files.")
]
Header = Annotated[
    bool | None,
    typer.Option("--header/--no-header", help="Whether the first line names the columns.", show_default=False),
]
InputFormat = Annotated[
    str | None,
    typer.Option("--input-format", metavar="NAME", help="Format of the input, such as csv or parquet."),
]
Memory = Annotated[
    str | None,
    typer.Option("--memory", metavar="SIZE", help="What reading may take, such as 4G [half of the machine's memory]."),
]
OutputFormatOption = Annotated[
    OutputFormat,
    typer.Option(
        "--output-format",
        "-f",
        parser=partial(_form, REPORT_FORMS),
        metavar="|".join(REPORT_FORMS),
        help="Form on stdout; --full is another option.",
    ),
]
CheckFormatOption = Annotated[
    OutputFormat,
    typer.Option(
        "--output-format",
        "-f",
        parser=partial(_form, CHECK_FORMS),
        metavar="|".join(CHECK_FORMS),
        help="Form on stdout; --full is another option.",
    ),
]
Output = Annotated[
    list[str] | None,
    typer.Option("--output", "-o", metavar="[FORMAT=]PATH", help="Also write the report to a file; repeatable."),
]
To = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="ENCODING",
        show_default=False,
        help="class-indices, one-hot, multi-hot, class-names, tag-lists, booleans or plus-minus-one.",
    ),
]
DataOutput = Annotated[
    list[str],
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        show_default=False,
        help="File to write: .csv .tsv .parquet .arrow .feather .jsonl .ndjson .json .npy .npz.",
    ),
]
ItemId = Annotated[
    str | None,
    typer.Option("--id", metavar="COL", help="Column of items: where it repeats, rows are labels or votes of one."),
]
KeptId = Annotated[str | None, typer.Option("--id", metavar="COL", help="Column to keep beside the labels.")]
ColorOption = Annotated[Color, typer.Option("--color", help="Colour on stdout.")]
Everything = Annotated[bool, typer.Option("--full", "--all", help="Every class, table and column; no form, see -f.")]
By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="COL", help="Slice the rows by a column, or a+b by two; repeatable."),
]
WorstRows = Annotated[
    int | None,
    typer.Option("--worst", metavar="K", parser=_count, help="List the K rows that cost most, from 0 to 10,000."),
]
Row = Annotated[int | None, typer.Option("--row", metavar="N", help="Show the loss of row N step by step.")]
LabelSmoothing = Annotated[
    float | None, typer.Option("--label-smoothing", metavar="S", help="Smooth the targets: y (1 - s) + s / K.")
]
FocalGamma = Annotated[
    float | None, typer.Option("--focal-gamma", metavar="G", help="Multiply each loss by (1 - p)^g.")
]
ClassWeightsOption = Annotated[
    str | None,
    typer.Option("--class-weights", metavar="balanced|a=1,b=2|@FILE", help="What each class counts in the mean loss."),
]
IgnoreLabel = Annotated[
    str | None, typer.Option("--ignore-label", metavar="NAME", help="Label that counts as missing, such as -100.")
]
AtLeastOne = Annotated[
    bool | None,
    typer.Option("--at-least-one", help="Multi-label: a row with no score above the threshold gets its best label."),
]
Framework = Annotated[
    str | None,
    typer.Option("--framework", metavar="NAME", help="Show code for keras, torch, jax, sklearn, xgboost ..."),
]
Config = Annotated[str | None, typer.Option("--config", metavar="PATH", help="Configuration file [closest xent.toml].")]
Isolated = Annotated[bool, typer.Option("--isolated", help="Read no configuration file.")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where the verdict would be 1.")]
ScoreExitZero = Annotated[
    bool, typer.Option("--exit-zero", help="Changes nothing: a report of scores gives no verdict, errors stay 2.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug.")]
