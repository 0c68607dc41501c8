"""The commands: what each is called, what it takes, and under which headings its help lists that.

Floor 1. What a command does is for `cli`.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xentcli.options import table
from xentcli.options.forms import Plot
from xentcli.options.option import Option, options_of

ABOUT = "Say what labels and predictions mean: the task, the loss, the correct accuracy, and the traps."


class Argument(NamedTuple):
    """A positional argument.

    Attributes:
        name: of the argument.
        metavar: what stands for it in the help.
        help: a line of the help.
        required: whether it must be given.
        several: whether it may be given several times.
        choices: the words that it takes; empty where there is no list of them.
    """

    name: str
    metavar: str
    help: str
    required: bool = True
    several: bool = False
    choices: tuple[str, ...] = ()


class Command(NamedTuple):
    """A command.

    Attributes:
        name: of the command.
        help: what it does, in a sentence.
        arguments: in their order.
        groups: of its options, in the order of the help.
        takes: the options of the public function that it calls; None where that takes none.
        examples: command lines after the command's name, each with what it does, on files of `sample_data`.
    """

    name: str
    help: str
    arguments: tuple[Argument, ...]
    groups: tuple[type, ...]
    takes: type | None = None
    examples: tuple[tuple[str, str], ...] = ()

    @property
    def options(self) -> Mapping[str, Option]:
        """Its options by their names."""
        return {name: one for group in self.groups for name, one in options_of(group).items()}

    @property
    def public_options(self) -> Mapping[str, Option]:
        """Those of its options that the public function takes."""
        return {} if self.takes is None else options_of(self.takes)

    def headings(self) -> Iterator[tuple[str, tuple[Option, ...]]]:
        """Yield the headings of the help, each with its options."""
        listed: dict[str, list[Option]] = {}
        for group in self.groups:
            listed.setdefault(HEADINGS[group], []).extend(options_of(group).values())
        for heading, options in listed.items():
            yield heading, tuple(options)


_COLUMNS = "What the columns are"
_OBJECTIVE = "What is computed"
_REPORT = "The report"
_RUN = "The run"

HEADINGS: Mapping[type, str] = {
    table.LimitOptions: "The limits",
    table.ConfigurationWork: "The configuration",
    table.TargetOptions: "What is written",
    table.PictureOptions: "What is written",
    table.InspectedColumns: _COLUMNS,
    table.EncodedColumns: _COLUMNS,
    table.ScoredColumns: _COLUMNS,
    table.ObjectiveOptions: _OBJECTIVE,
    table.MeanOptions: _OBJECTIVE,
    table.BadRowOptions: "How the file is read",
    table.ReadingOptions: "How the file is read",
    table.SliceOptions: _OBJECTIVE,
    table.AdviceOptions: _REPORT,
    table.ScoredRowOptions: _REPORT,
    table.ComparedRowOptions: _REPORT,
    table.FindingOptions: _REPORT,
    table.FullOptions: _REPORT,
    table.FormOptions: _REPORT,
    table.ResultFormOptions: _REPORT,
    table.CheckFormOptions: _REPORT,
    table.ReportOptions: _REPORT,
    table.ColorOptions: _REPORT,
    table.ThreadOptions: _RUN,
    table.ConfigurationOptions: _RUN,
    table.VerdictOptions: _RUN,
    table.StatusOptions: _RUN,
    table.DebugOptions: _RUN,
}

_FILES = Argument("files", "FILES...", "Files, a folder, a glob, a URI, or - for stdin; one table.", several=True)
_PREDICTIONS = (
    table.ScoredColumns, table.ObjectiveOptions, table.MeanOptions, table.BadRowOptions, table.ReadingOptions,
)  # fmt: skip
_SHOWN = (table.FullOptions, table.ResultFormOptions, table.ReportOptions, table.ColorOptions)
_END = (table.ConfigurationOptions, table.StatusOptions, table.DebugOptions)

COMMANDS: Mapping[str, Command] = {
    one.name: one
    for one in (
        Command(
            "inspect", "Say what labels mean and what to train with.", (_FILES,),
            (
                table.InspectedColumns, table.BadRowOptions, table.ReadingOptions,
                table.AdviceOptions, table.FindingOptions, *_SHOWN, *_END,
            ),
            table.InspectOptions,
            (
                ("labels_names.csv", "Task, loss, last layer, label encoding, accuracy, and why."),
                ("labels_tags.csv --framework torch", "The same, and code that trains."),
                ("labels_one_hot.csv -o inspect.html", "A page for others."),
            ),
        ),
        Command(
            "score", "Compute the loss and the correct accuracy of predictions.", (_FILES,),
            (
                *_PREDICTIONS, table.ScoredRowOptions, table.FindingOptions, *_SHOWN,
                table.ThreadOptions, *_END,
            ),
            table.ScoreOptions,
            (
                ("preds_digits.parquet", "The loss, the correct accuracy, and what to beware of."),
                ("preds_main.parquet --by ink --full", "By a column, with all tables."),
                ("preds_digits.csv -f json -o score.html", "JSON for machines, a page for people."),
            ),
        ),
        Command(
            "plot", "Draw one figure of predictions, as SVG, PNG or Vega-Lite.",
            (
                Argument("figure", "FIGURE", f"What to draw: {', '.join(Plot)}.", choices=tuple(map(str, Plot))),
                _FILES,
            ),
            (
                *_PREDICTIONS, table.PictureOptions, table.SliceOptions, table.ThreadOptions,
                table.ConfigurationOptions, table.DebugOptions,
            ),
            table.PlotOptions,
            (
                ("roc preds_binary.csv -o roc.svg", "The ROC curve with the point of the threshold."),
                ("confusion preds_digits.csv -o m.vl.json", "A heat map, for whatever draws Vega-Lite."),
                ("slices preds_main.parquet --by ink", "The loss of each slice, as SVG on stdout."),
            ),
        ),
        Command(
            "encode", "Write labels in another encoding, with the order of their classes.", (_FILES,),
            (
                table.TargetOptions, table.EncodedColumns, table.BadRowOptions, table.ReadingOptions, table.FormOptions,
                table.ColorOptions, table.ConfigurationOptions, table.DebugOptions,
            ),
            table.EncodeOptions,
            (
                ("labels_names.csv --to one-hot -o y.npy", "A column of 0 and 1 for each class."),
                ("labels_one_hot.csv --to class-indices -o y.csv", "One number a row, the order of classes kept."),
                ("labels_tags.csv --to multi-hot -o y.parquet", "Several labels a row."),
            ),
        ),
        Command(
            "explain", "Explain a topic or a finding, or list all there is.",
            (
                Argument(
                    "topic", "TOPIC|CODE", "A lesson, or a finding's code or name; all are listed without.",
                    required=False,
                ),
            ),
            (table.FormOptions, table.ReportOptions, table.ColorOptions, table.DebugOptions),
            examples=(
                ("", "All there is."),
                ("cross-entropy", "A lesson, in numbers."),
                ("XE304", "A finding: why it matters and how to mend it."),
            ),
        ),
        Command(
            "check", "Hold predictions against limits and a baseline, for CI: status 1 if one fails.",
            (
                _FILES._replace(
                    help=f"{_FILES.help} Else `predictions` of the configuration.", required=False,
                ),
            ),
            (
                table.LimitOptions, table.ConfigurationWork, *_PREDICTIONS, table.FindingOptions, table.FullOptions,
                table.CheckFormOptions, table.ReportOptions, table.ColorOptions, table.ThreadOptions, *_END,
            ),
            table.PredictionOptions,
            (
                ("preds_main.parquet --min accuracy=0.9", "One limit."),
                ("preds_main.parquet --min 'recall[3]=0.8' --max loss=0.5", "A class's recall, and the loss."),
                ("--config xent.toml -f junit", "All limits of the configuration, for a pipeline."),
            ),
        ),
        Command(
            "compare", "Say which of two models is better on the same rows, and how sure that is.",
            (
                Argument("a", "A", "Predictions of the first model."),
                Argument("b", "B", "Predictions of the second model."),
            ),
            (
                *_PREDICTIONS, table.ComparedRowOptions, table.FindingOptions, *_SHOWN,
                table.ThreadOptions, table.VerdictOptions, *_END,
            ),
            table.CompareOptions,
            (
                ("preds_main.parquet preds_next.parquet", "By id, where both files have one."),
                ("preds_main.parquet preds_next.parquet --by ink", "Also by a column."),
                ("preds_main.parquet preds_next.parquet --fail-if-worse", "Status 1 if B is worse."),
            ),
        ),
        Command(
            "config", "Print the JSON Schema of xent.toml, for editors.",
            (Argument("what", "schema", "What to print: schema.", choices=("schema",)),),
            (table.DebugOptions,),
            examples=(("schema", "For an editor."),),
        ),
    )
}  # fmt: skip
"""By name, in the order of the help."""
