"""The commands: parse, call one public function, hand the result to a view.

Floor 9. Imports of floors below stand inside the functions: `xent --help` must not wait for numpy.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xentcli import config
from xentcli.cli import options as opt
from xentcli.cli import output, progress
from xentcli.cli.deliver import Report, deliver
from xentcli.cli.options import Color, OutputFormat
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


def _settled(flags: dict[str, Any], path: str | None, *, isolated: bool) -> dict[str, Any]:
    """Return the options that are set: by a flag, else by the configuration file."""
    if isolated and path is not None:
        raise UsageError("--config and --isolated contradict each other", help="leave one of them out")
    settings = config.Settings() if isolated else config.load(path)
    held = asdict(settings)
    merged = {name: value if value is not None else held.get(name) for name, value in flags.items()}
    return {name: value for name, value in merged.items() if value is not None}


def _inputs(files: list[str], settled: dict[str, Any]) -> list[str]:
    """Return the paths of all that is read."""
    given = [settled.get(name) for name in ("classes", "class_weights")]
    named = [text[1:] for text in given if isinstance(text, str) and text.startswith("@")]
    return [*files, *named, *([settled["labels"]] if "labels" in settled else [])]


@app.command()
def inspect(
    files: opt.Files,
    label: opt.Label = None,
    classes: opt.Classes = None,
    positive: opt.Positive = None,
    task: opt.Task = None,
    encoding: opt.EncodingOption = None,
    framework: opt.Framework = None,
    select: opt.Select = None,
    ignore: opt.Ignore = None,
    everything: opt.Everything = False,
    null_values: opt.NullValues = None,
    separator: opt.Separator = None,
    header: opt.Header = None,
    input_format: opt.InputFormat = None,
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
        "select": select, "ignore": ignore,
        "null_values": null_values, "separator": separator, "header": header, "input_format": input_format,
    }  # fmt: skip
    settled = _settled(flags, config_path, isolated=isolated)
    output.refuse_inputs(wanted, _inputs(files, settled))

    from xentcli.api import inspecting  # noqa: PLC0415  see the module's docstring

    found = inspecting.inspect(files, **settled)
    if framework is not None:
        from xentcli.views.inspect_page import framework_advice  # noqa: PLC0415  only where one is named

        framework_advice(found, framework)

    def line() -> str:
        from xentcli.views import concise  # noqa: PLC0415  one view is imported

        return concise.inspect(found)

    def page() -> "Page":
        from xentcli.views.inspect_page import inspect_page  # noqa: PLC0415  likewise

        return inspect_page(found, framework=framework, everything=everything)

    deliver(Report(found.to_dict, line, page), output_format, wanted, color)
    if found.detection.task.kind is None and not exit_zero:
        return ExitStatus.FAILED
    return ExitStatus.OK


@app.command()
def score(
    files: opt.Files,
    label: opt.Label = None,
    scores: opt.Scores = None,
    labels: opt.Labels = None,
    row_id: opt.Id = None,
    weight: opt.Weight = None,
    classes: opt.Classes = None,
    positive: opt.Positive = None,
    task: opt.Task = None,
    scale: opt.ScaleOption = None,
    threshold: opt.Threshold = None,
    normalize: opt.Normalize = None,
    skip_bad_rows: opt.SkipBadRows = None,
    by: opt.By = None,
    worst: opt.WorstRows = None,
    row: opt.Row = None,
    label_smoothing: opt.LabelSmoothing = None,
    focal_gamma: opt.FocalGamma = None,
    class_weights: opt.ClassWeightsOption = None,
    ignore_label: opt.IgnoreLabel = None,
    at_least_one: opt.AtLeastOne = None,
    confidence_level: opt.ConfidenceLevel = None,
    select: opt.Select = None,
    ignore: opt.Ignore = None,
    everything: opt.Everything = False,
    jobs: opt.Jobs = None,
    null_values: opt.NullValues = None,
    separator: opt.Separator = None,
    header: opt.Header = None,
    input_format: opt.InputFormat = None,
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
    flags = {
        "label": label, "scores": scores, "labels": labels, "id": row_id, "weight": weight, "classes": classes,
        "positive": positive, "task": task, "scale": scale, "threshold": threshold, "normalize": normalize,
        "skip_bad_rows": skip_bad_rows, "by": by, "worst": worst, "row": row, "label_smoothing": label_smoothing,
        "focal_gamma": focal_gamma, "class_weights": class_weights, "ignore_label": ignore_label,
        "at_least_one": at_least_one, "confidence_level": confidence_level, "select": select,
        "ignore": ignore, "null_values": null_values,
        "separator": separator, "header": header, "input_format": input_format,
    }  # fmt: skip
    settled = _settled(flags, config_path, isolated=isolated)
    output.refuse_inputs(wanted, _inputs(files, settled))

    from xentcli.api import scoring  # noqa: PLC0415  see the module's docstring

    with progress.shown() as told:
        report = scoring.score(files, jobs=jobs, progress=told, **settled)

    def line() -> str:
        from xentcli.views import concise  # noqa: PLC0415  one view is imported

        return concise.score(report)

    def page() -> "Page":
        from xentcli.views.score_page import score_page  # noqa: PLC0415  likewise

        return score_page(report, everything=everything)

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
    null_values: opt.NullValues = None,
    separator: opt.Separator = None,
    header: opt.Header = None,
    input_format: opt.InputFormat = None,
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
        "null_values": null_values, "separator": separator, "header": header, "input_format": input_format,
    }  # fmt: skip
    settled = _settled(flags, config_path, isolated=isolated)
    if len(path) > 1:
        raise UsageError(f"-o is given {len(path)} times; encode writes one file", help="name one")

    from xentcli.api import encoding as api  # noqa: PLC0415  see the module's docstring
    from xentcli.files.save.goal import goal_of  # noqa: PLC0415  likewise

    goal = goal_of(path[0])
    for one in (goal.path, goal.sidecar):
        if one is not None and output.is_input(one, _inputs(files, settled)):
            raise UsageError(f"-o {one} would overwrite an input", help="write the labels elsewhere")
    report = api.encode(files, to=to, output=goal.path, keep=False, **settled)

    def line() -> str:
        from xentcli.views import concise  # noqa: PLC0415  one view is imported

        return concise.encode(report)

    def page() -> "Page":
        from xentcli.views.encode_page import encode_page  # noqa: PLC0415  likewise

        return encode_page(report)

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
