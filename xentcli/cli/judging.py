"""The commands that judge: `check` and `compare`.

Floor 9. Imports of floors below stand inside the functions, as in `commands`.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from xentcli import config
from xentcli.addresses import is_uri, shown
from xentcli.cli import doubts, output, progress
from xentcli.cli import options as opt
from xentcli.cli.deliver import Report, deliver
from xentcli.cli.options import CHECK_FORMS, REPORT_FORMS, Color, OutputFormat
from xentcli.cli.reading import reads_predictions
from xentcli.cli.settling import configuration, inputs, settled
from xentcli.errors import ExitStatus, UsageError, did_you_mean
from xentcli.record import as_dict, replace

if TYPE_CHECKING:
    from xentcli.config.model import Limit, ModelSettings
    from xentcli.verdicts import CheckReport, CompareReport
    from xentcli.views.page import Page


def register(app: typer.Typer) -> None:
    """Add the commands to the tool."""
    app.command()(check)
    app.command()(compare)


@reads_predictions
def check(
    files: opt.CheckedFiles = None,
    least: opt.Least = None,
    most: opt.Most = None,
    max_regression: opt.MaxRegression = None,
    baseline: opt.BaselineFile = None,
    model: opt.Model = None,
    init: opt.Init = False,
    show_config: opt.ShowConfig = False,
    *,
    given: dict[str, Any],
    everything: opt.Everything = False,
    jobs: opt.Jobs = None,
    output_format: opt.CheckFormatOption = OutputFormat.FULL,
    to: opt.Output = None,
    color: opt.ColorOption = Color.AUTO,
    config_path: opt.Config = None,
    isolated: opt.Isolated = False,
    exit_zero: opt.ExitZero = False,
    debug: opt.Debug = False,
) -> int:
    """Hold predictions against limits and a baseline, for CI: status 1 if one fails."""
    del debug
    from xentcli.config.flags import flag_limits, merged  # noqa: PLC0415  see the module's docstring

    wanted = output.requests(to or (), CHECK_FORMS)
    settings = configuration(config_path, isolated=isolated)
    limits = flag_limits(minimums=least or (), maximums=most or (), regressions=max_regression or ())
    if init:
        other = to or limits or baseline or model or show_config or output_format is not OutputFormat.FULL
        return _init(files or [], given, config_path, jobs, plain=not other)
    project = config.Project() if settings is None else config.load_project(settings)
    flags = {**given, "files": files, "baseline": baseline}
    output.refuse(wanted, _read(project, flags))
    models = _chosen(project, model or [], files or baseline)
    if show_config:
        _refuse_verdicts(output_format, wanted)
        deliver(
            _config_report(models, flags, limits, project.path, everything=everything), output_format, wanted, color
        )
        return ExitStatus.OK

    from xentcli.api import checking  # noqa: PLC0415  see the module's docstring

    judged = [checking.of_settings(one, flags, merged(one.limits, limits)) for one in models]
    if baseline is not None:
        checking.refuse_idle_baseline(judged)
    with progress.shown() as told:
        run = [replace(one, options={**one.options, "jobs": jobs, "progress": told}) for one in judged]
        report = checking.check_models(run, project.path)
    doubts.tell(source for one in report.models for source in one.sources)
    deliver(_check_report(report, everything=everything), output_format, wanted, color)
    return ExitStatus.OK if report.passed or exit_zero else ExitStatus.FAILED


def _chosen(project: config.Project, names: list[str], single: object) -> "tuple[ModelSettings, ...]":
    """Return the models to judge.

    Raises:
        UsageError: a name is none of them, or files are named for several.
    """
    known = {one.name: one for one in project.models}
    for name in names:
        if name not in known:
            close = did_you_mean(name, list(known))
            raise UsageError(
                f"--model {name}: there is no such model",
                help=f"did you mean {close!r}?" if close else f"models: {', '.join(known)}",
            )
    chosen = tuple(known[name] for name in dict.fromkeys(names)) or project.models
    if single and len(chosen) > 1:
        raise UsageError(
            f"files are named, and {project.path} has {len(chosen)} models: {', '.join(known)}",
            help="say which model they are of with --model NAME, or name no files",
        )
    return chosen


def _read(project: config.Project, flags: Mapping[str, Any]) -> list[str]:
    """Return the paths of all that flags and the configuration file name, for models that are not chosen too."""
    named = [(flags["files"], flags["baseline"], flags)]
    named += [(one.predictions, one.baseline, as_dict(one.settings)) for one in project.models]
    return [
        path
        for files, baseline, held in named
        for path in inputs([*(files or ()), *([] if baseline is None else [baseline])], held, project.path)
    ]


def _check_report(found: "CheckReport", *, everything: bool) -> Report:
    def line() -> str:
        from xentcli.views import concise  # noqa: PLC0415  one view is imported

        return concise.check(found)

    def page() -> "Page":
        from xentcli.views.check_page import check_page  # noqa: PLC0415  likewise

        return check_page(found, everything=everything)

    further = {form: partial(_verdict, form, found) for form in CHECK_FORMS if form not in REPORT_FORMS}
    return Report(found.to_dict, line, page, further)


def _verdict(form: OutputFormat, found: "CheckReport") -> str:
    """Return a verdict in a form that the runner of a pipeline reads."""
    drawn: str = output.view_of(form).check(found)
    return drawn


def _refuse_verdicts(form: OutputFormat, wanted: tuple[output.Request, ...]) -> None:
    """Raise if a form is asked of `--show-config` that only verdicts have.

    Raises:
        UsageError: one is.
    """
    for asked in (form, *(one.form for one in wanted)):
        if asked not in REPORT_FORMS:
            raise UsageError(
                f"--show-config has no form {asked.value}", help=f"its forms are {', '.join(REPORT_FORMS)}"
            )


def _config_report(
    models: "tuple[ModelSettings, ...]",
    flags: dict[str, Any],
    limits: "tuple[Limit, ...]",
    path: str | None,
    *,
    everything: bool,
) -> Report:
    """Return every value that judges, and where it came from."""
    from xentcli.config.shown import shown  # noqa: PLC0415  see the module's docstring
    from xentcli.views import config_page as view  # noqa: PLC0415  likewise

    given = {name: value for name, value in flags.items() if name != "files"} | {"predictions": flags["files"]}
    found = {one.name: shown(one, given, limits) for one in models}
    return Report(
        lambda: view.config_document(found, path),
        lambda: view.config_lines(found, everything=everything),
        lambda: view.config_page(found, path, everything=everything),
    )


def _init(files: list[str], given: dict[str, Any], path: str | None, jobs: int | None, *, plain: bool) -> int:
    """Write a first configuration for some predictions.

    Raises:
        UsageError: there are no predictions, other options stand beside, or the file is there.
    """
    from xentcli.config.find import FILE_NAME, PROJECT_NAME  # noqa: PLC0415  see the module's docstring

    goal = Path(path or FILE_NAME)
    if not files or not plain:
        beside = "" if plain else "; of the options of check it takes those that say how files are read, and --config"
        raise UsageError(
            f"--init writes limits from predictions{beside}", help=f"xent check FILES --init writes {goal}"
        )
    if goal.name == PROJECT_NAME:
        raise UsageError(
            f"--init writes a whole file, and of {goal} only the table [tool.xent] would be read",
            help=f"let it write {goal.with_name(FILE_NAME)}, and move its tables to [tool.xent] if they belong there",
        )
    if goal.exists():
        raise UsageError(f"{goal} is there already", help="edit it, or write another with --config PATH")

    from xentcli.api import scoring  # noqa: PLC0415  see the module's docstring
    from xentcli.files.write import write_atomically  # noqa: PLC0415  likewise
    from xentcli.gate.init import first_file  # noqa: PLC0415  likewise

    options = {name: value for name, value in given.items() if value is not None}
    with progress.shown() as told:
        report = scoring.score(files, jobs=jobs, progress=told, **options)
    keys = {name.replace("_", "-"): _from(goal.parent, name, value) for name, value in options.items()}
    write_atomically(goal, first_file(report.score, [_relative(goal.parent, one) for one in files], keys))
    output.to_stdout(f"wrote {goal}: limits where {_shown(files)} stands today; xent check reads it\n")
    return ExitStatus.OK


def _shown(files: list[str]) -> str:
    from xentcli.views.safe import printable  # noqa: PLC0415  see the module's docstring

    return printable(", ".join(map(shown, files)))


def _from(folder: Path, name: str, value: object) -> object:
    """Return an option as it must stand in a file of that folder: paths are relative to it."""
    if isinstance(value, str) and name == "labels":
        return _relative(folder, value)
    if isinstance(value, str) and name in {"classes", "class_weights"} and value.startswith("@"):
        return f"@{_relative(folder, value[1:])}"
    return value


def _relative(folder: Path, path: str) -> str:
    import os  # noqa: PLC0415  --help needs no paths

    if is_uri(path):
        return shown(path)  # the file is there to be shared
    return path if path == "-" or os.path.isabs(path) else os.path.relpath(path, folder)  # noqa: PTH117


@reads_predictions
def compare(
    a: opt.FirstFile,
    b: opt.SecondFile,
    *,
    given: dict[str, Any],
    by: opt.By = None,
    worst: opt.WorstRows = None,
    fail_if_worse: opt.FailIfWorse = False,
    everything: opt.Everything = False,
    jobs: opt.Jobs = None,
    output_format: opt.OutputFormatOption = OutputFormat.FULL,
    to: opt.Output = None,
    color: opt.ColorOption = Color.AUTO,
    config_path: opt.Config = None,
    isolated: opt.Isolated = False,
    exit_zero: opt.ExitZero = False,
    debug: opt.Debug = False,
) -> int:
    """Say which of two models is better on the same rows, and how sure that is."""
    del debug
    wanted = output.requests(to or ())
    settings = configuration(config_path, isolated=isolated)
    held = settled(given, settings)
    output.refuse(wanted, inputs([a, b], held, settings))

    from xentcli.api import comparing  # noqa: PLC0415  see the module's docstring
    from xentcli.scoring.comparing.model import Verdict  # noqa: PLC0415  likewise

    with progress.shown() as told:
        report = comparing.compare(a, b, by=by or (), worst=worst or 0, jobs=jobs, progress=told, **held)
    doubts.tell([report.a.source, report.b.source])
    deliver(_compare_report(report, everything=everything), output_format, wanted, color)
    worse = report.comparison.verdict is Verdict.A_BETTER
    return ExitStatus.FAILED if worse and fail_if_worse and not exit_zero else ExitStatus.OK


def _compare_report(found: "CompareReport", *, everything: bool) -> Report:
    def line() -> str:
        from xentcli.views import concise  # noqa: PLC0415  one view is imported

        return concise.compare(found)

    def page() -> "Page":
        from xentcli.views.compare_page import compare_page  # noqa: PLC0415  likewise

        return compare_page(found, everything=everything)

    return Report(found.to_dict, line, page)
