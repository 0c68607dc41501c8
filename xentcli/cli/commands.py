"""The commands: parse, call one public function, hand the result to a view.

Floor 9. Imports of floors below stand inside the functions: `xent --help` must not wait for numpy.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from xentcli.cli import doubts, judging, output, progress
from xentcli.cli import options as opt
from xentcli.cli.deliver import Report, deliver
from xentcli.cli.options import Color, OutputFormat
from xentcli.cli.reading import reads_predictions
from xentcli.cli.settling import configuration, inputs, settled
from xentcli.errors import ExitStatus, UsageError

if TYPE_CHECKING:
    from xentcli.views.page import Page

app = typer.Typer(
    add_completion=False,
    rich_markup_mode="rich" if output.is_terminal() else None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Say what labels and predictions mean: the task, the loss, the correct accuracy, and the traps.",
)


def _version(asked: bool) -> None:
    if asked:
        from xentcli import __version__  # noqa: PLC0415  the package's own page imports nothing

        output.to_stdout(f"xent {__version__}\n")
        raise typer.Exit


@app.callback()
def xent(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Say what labels and predictions mean: the task, the loss, the correct accuracy, and the traps."""


@app.command()
def inspect(
    files: opt.Files,
    label: opt.Label = None,
    row_id: opt.ItemId = None,
    classes: opt.Classes = None,
    positive: opt.Positive = None,
    task: opt.Task = None,
    encoding: opt.EncodingOption = None,
    framework: opt.Framework = None,
    select: opt.Select = None,
    ignore: opt.Ignore = None,
    everything: opt.Everything = False,
    skip_bad_rows: opt.SkipBadRows = None,
    null_values: opt.NullValues = None,
    separator: opt.Separator = None,
    comment: opt.Comment = None,
    quote: opt.Quote = None,
    header: opt.Header = None,
    input_format: opt.InputFormat = None,
    memory: opt.Memory = None,
    output_format: opt.OutputFormatOption = OutputFormat.FULL,
    to: opt.Output = None,
    color: opt.ColorOption = Color.AUTO,
    config_path: opt.Config = None,
    isolated: opt.Isolated = False,
    exit_zero: opt.ExitZero = False,
    debug: opt.Debug = False,
) -> int:
    """Say what labels mean and what to train with."""
    del debug
    wanted = output.requests(to or ())
    flags = {
        "label": label, "classes": classes, "positive": positive, "task": task, "encoding": encoding,
        "select": select, "ignore": ignore, "skip_bad_rows": skip_bad_rows,
        "null_values": null_values, "separator": separator, "comment": comment, "quote": quote, "header": header,
        "input_format": input_format, "memory": memory,
    }  # fmt: skip
    settings = configuration(config_path, isolated=isolated)
    held = settled(flags, settings)
    output.refuse(wanted, inputs(files, held, settings))

    from xentcli.api import inspecting  # noqa: PLC0415  see the module's docstring

    found = inspecting.inspect(files, id=row_id, **held)
    if framework is not None:
        from xentcli.views.inspect_page import framework_advice  # noqa: PLC0415  only where one is named

        framework_advice(found, framework)

    def line() -> str:
        from xentcli.views import concise  # noqa: PLC0415  one view is imported

        return concise.inspect(found)

    def page() -> "Page":
        from xentcli.views.inspect_page import inspect_page  # noqa: PLC0415  likewise

        return inspect_page(found, framework=framework, everything=everything)

    doubts.tell([found.source])
    deliver(Report(found.to_dict, line, page), output_format, wanted, color)
    if found.detection.task.kind is None and not exit_zero:
        return ExitStatus.FAILED
    return ExitStatus.OK


@app.command()
@reads_predictions
def score(
    files: opt.Files,
    *,
    given: dict[str, Any],
    by: opt.By = None,
    worst: opt.WorstRows = None,
    row: opt.Row = None,
    everything: opt.Everything = False,
    jobs: opt.Jobs = None,
    output_format: opt.OutputFormatOption = OutputFormat.FULL,
    to: opt.Output = None,
    color: opt.ColorOption = Color.AUTO,
    config_path: opt.Config = None,
    isolated: opt.Isolated = False,
    exit_zero: opt.ScoreExitZero = False,
    debug: opt.Debug = False,
) -> int:
    """Compute the loss and the correct accuracy of predictions."""
    del debug, exit_zero
    wanted = output.requests(to or ())
    settings = configuration(config_path, isolated=isolated)
    held = settled({**given, "by": by, "worst": worst, "row": row}, settings)
    output.refuse(wanted, inputs(files, held, settings))

    from xentcli.api import scoring  # noqa: PLC0415  see the module's docstring

    with progress.shown() as told:
        report = scoring.score(files, jobs=jobs, progress=told, **held)

    def line() -> str:
        from xentcli.views import concise  # noqa: PLC0415  one view is imported

        return concise.score(report)

    def page() -> "Page":
        from xentcli.views.score_page import score_page  # noqa: PLC0415  likewise

        return score_page(report, everything=everything)

    doubts.tell([report.source])
    deliver(Report(report.to_dict, line, page), output_format, wanted, color)
    return ExitStatus.OK


@app.command()
def encode(
    files: opt.Files,
    to: opt.To,
    path: opt.DataOutput,
    label: opt.Label = None,
    row_id: opt.KeptId = None,
    classes: opt.Classes = None,
    positive: opt.Positive = None,
    task: opt.Task = None,
    encoding: opt.EncodingOption = None,
    skip_bad_rows: opt.SkipBadRows = None,
    null_values: opt.NullValues = None,
    separator: opt.Separator = None,
    comment: opt.Comment = None,
    quote: opt.Quote = None,
    header: opt.Header = None,
    input_format: opt.InputFormat = None,
    memory: opt.Memory = None,
    output_format: opt.OutputFormatOption = OutputFormat.FULL,
    color: opt.ColorOption = Color.AUTO,
    config_path: opt.Config = None,
    isolated: opt.Isolated = False,
    debug: opt.Debug = False,
) -> int:
    """Write labels in another encoding, with the order of their classes."""
    del debug
    flags = {
        "label": label, "id": row_id, "classes": classes, "positive": positive, "task": task, "encoding": encoding,
        "null_values": null_values, "separator": separator, "comment": comment, "quote": quote, "header": header,
        "input_format": input_format, "memory": memory, "skip_bad_rows": skip_bad_rows,
    }  # fmt: skip
    settings = configuration(config_path, isolated=isolated)
    held = settled(flags, settings)
    if len(path) > 1:
        raise UsageError(f"-o is given {len(path)} times; encode writes one file", help="name one")

    from xentcli.api import encoding as api  # noqa: PLC0415  see the module's docstring
    from xentcli.files.save.goal import goal_of  # noqa: PLC0415  likewise

    goal = goal_of(path[0])
    for one in (goal.path, goal.sidecar):
        if one is not None and output.is_input(one, inputs(files, held, settings)):
            raise UsageError(f"-o {one} would overwrite an input", help="write the labels elsewhere")
    report = api.encode(files, to=to, output=goal.path, keep=False, **held)

    def line() -> str:
        from xentcli.views import concise  # noqa: PLC0415  one view is imported

        return concise.encode(report)

    def page() -> "Page":
        from xentcli.views.encode_page import encode_page  # noqa: PLC0415  likewise

        return encode_page(report)

    doubts.tell([report.source])
    deliver(Report(report.to_dict, line, page), output_format, (), color)
    return ExitStatus.OK


@app.command()
def explain(
    topic: opt.Topic = None,
    output_format: opt.OutputFormatOption = OutputFormat.FULL,
    to: opt.Output = None,
    color: opt.ColorOption = Color.AUTO,
    debug: opt.Debug = False,
) -> int:
    """Explain a topic or a finding, or list all there is."""
    del debug
    wanted = output.requests(to or ())
    output.refuse(wanted, ())

    from xentcli.api import explaining  # noqa: PLC0415  see the module's docstring
    from xentcli.views import explain_page as view  # noqa: PLC0415  likewise

    if topic is None:
        topics = explaining.topics()
        report = Report(
            lambda: view.topics_document(topics), lambda: view.topics_lines(topics), lambda: view.topics_page(topics)
        )
    else:
        found = explaining.explain(topic)
        report = Report(found.to_dict, lambda: f"{found.topic}: {found.title}\n", lambda: view.explain_page(found))
    deliver(report, output_format, wanted, color)
    return ExitStatus.OK


judging.register(app)
