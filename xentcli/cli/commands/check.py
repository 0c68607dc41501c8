"""`xent check`: predictions against limits and a baseline.

Floor 9. Also what it shows instead: `--show-config`.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from xentcli import config
from xentcli.api import checking
from xentcli.cli import output, progress
from xentcli.cli.call import Call, inputs
from xentcli.cli.deliver import Report
from xentcli.config.flags import flag_limits, merged
from xentcli.config.model import Limit, ModelSettings, Project
from xentcli.errors import ExitStatus, UsageError, did_you_mean
from xentcli.options.forms import CHECK_FORMS, REPORT_FORMS, OutputFormat
from xentcli.verdicts import CheckReport


def run(call: Call) -> int:
    """Judge the files, or the models of the configuration."""
    given, flags = call.given, call.flags()
    files, baseline, names = given["files"], given["baseline"], given["model"]
    limits = flag_limits(
        minimums=given["min"] or (), maximums=given["max"] or (), regressions=given["max_regression"] or ()
    )
    if given["init"]:
        other = call.wanted or limits or baseline or names or given["show_config"] or call.form is not OutputFormat.FULL
        from xentcli.cli.first_file import write_first_file  # noqa: PLC0415  once in the life of a project

        return write_first_file(files or [], flags, given["config"], plain=not other)
    project = Project() if call.settings is None else config.load_project(call.settings)
    flags |= {"files": files, "baseline": baseline}
    output.refuse(call.wanted, _read(project, flags))
    models = _chosen(project, names or [], files or baseline)
    if given["show_config"]:
        _refuse_verdicts(call.form, call.wanted)
        call.deliver(_config_report(models, flags, limits, project.path, everything=call.everything))
        return ExitStatus.OK
    judged = [checking.of_settings(one, flags, merged(one.limits, limits)) for one in models]
    if baseline is not None:
        checking.refuse_idle_baseline(judged)
    with progress.shown() as told:
        report = checking.check_models(judged, project.path, progress=told)
    call.deliver(
        _check_report(report, everything=call.everything), [source for one in report.models for source in one.sources]
    )
    return ExitStatus.OK if report.passed else ExitStatus.FAILED


def _chosen(project: Project, names: list[str], single: object) -> tuple[ModelSettings, ...]:
    """Return the models to judge.

    Raises:
        UsageError: a name is none of them, or files are named for several.
    """
    known = {one.name: one for one in project.models}
    for name in names:
        if name not in known:
            close = did_you_mean(name, list(known))
            raise UsageError(
                f"{name}: there is no such model",
                option="model",
                help=f"did you mean {close!r}?" if close else f"models: {', '.join(known)}",
            )
    chosen = tuple(known[name] for name in dict.fromkeys(names)) or project.models
    if single and len(chosen) > 1:
        raise UsageError(
            f"files are named, and {project.path} has {len(chosen)} models: {', '.join(known)}",
            help="say which model they are of with --model NAME, or name no files",
        )
    return chosen


def _read(project: Project, flags: Mapping[str, Any]) -> list[str]:
    """Return the paths of all that flags and the configuration file name, for models that are not chosen too."""
    named = [(flags["files"], flags["baseline"], flags)]
    named += [(one.predictions, one.baseline, one.settings) for one in project.models]
    return [
        path
        for files, baseline, held in named
        for path in inputs([*(files or ()), *([] if baseline is None else [baseline])], held, project.path)
    ]


def _check_report(found: CheckReport, *, everything: bool) -> Report:
    further = {form: partial(_verdict, form, found) for form in CHECK_FORMS if form not in REPORT_FORMS}
    return Report(found.to_dict, found.to_concise, partial(found.page, full=everything), further)


def _verdict(form: OutputFormat, found: CheckReport) -> str:
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
                f"has no form {asked.value}", option="show-config", help=f"its forms are {', '.join(REPORT_FORMS)}"
            )


def _config_report(
    models: tuple[ModelSettings, ...],
    flags: dict[str, Any],
    limits: tuple[Limit, ...],
    path: str | None,
    *,
    everything: bool,
) -> Report:
    """Return every value that judges, and where it came from."""
    from xentcli.config.shown import shown  # noqa: PLC0415  only --show-config needs it
    from xentcli.views import check_page as view  # noqa: PLC0415  likewise

    given = {name: value for name, value in flags.items() if name != "files"} | {"predictions": flags["files"]}
    found = {one.name: shown(one, given, limits) for one in models}
    return Report(
        lambda: view.config_document(found, path),
        lambda: view.config_lines(found, everything=everything),
        lambda: view.config_page(found, path, everything=everything),
    )
