"""Parts: the sheet of each command, from its finished result.

Floor 8. Chooses and orders; the blocks come from the pages, the figures from their builders.
"""

from collections.abc import Iterable

from xentcli.errors import XentError
from xentcli.record import replace
from xentcli.results import Inspection, ScoreReport
from xentcli.rules.causes import followers
from xentcli.rules.rule import Finding, Level, in_order
from xentcli.scoring.comparing.model import Verdict
from xentcli.verdicts import CheckReport, CompareReport, JudgedModel
from xentcli.views import check_words as words
from xentcli.views import error as error_view
from xentcli.views import numbers
from xentcli.views.check_page import check_page
from xentcli.views.compare_page import compare_page
from xentcli.views.figures.check_figures import check_figures
from xentcli.views.figures.compare_figures import compare_figures
from xentcli.views.figures.inspect_figures import inspect_figures
from xentcli.views.figures.score_figures import score_figures
from xentcli.views.html.model import Part, Section, Sheet, Shown, State
from xentcli.views.html.sections import answer, sections
from xentcli.views.html.tiles import check_tiles, compare_tiles, inspect_tiles, score_tiles
from xentcli.views.inspect_page import inspect_page
from xentcli.views.page import Block, Bullets, Heading, Page, Sentence
from xentcli.views.score_page import score_page
from xentcli.views.score_parts import columns_table, how_read

MOST_LIMITS = 24
"""Checks that have a figure, the worst first; the table holds all."""

_BESIDE = "The numbers"


def inspect(found: Inspection, framework: str | None) -> Sheet:
    """Return the sheet of inspected labels."""
    page = inspect_page(replace(found, findings=(), columns=()), framework=framework, everything=True)
    columns = tuple(columns_table(found.columns))
    target = found.detection.task.kind is not None
    part = Part(
        "", "", State.OPEN, inspect_tiles(found), _folded(found.findings), tuple(inspect_figures(found)),
        sections(Page((*page.blocks, *columns)), "Why it is read so"),
    )  # fmt: skip
    state = State.GOOD if target and not _errors(found.findings) else State.BAD
    return Sheet("xent inspect", found.source.path, answer(page), state, (part,))


def score(report: ScoreReport) -> Sheet:
    """Return the sheet of a scored file."""
    page = score_page(replace(report, findings=()), everything=True)
    figures = () if report.row is not None else tuple(score_figures(report.score))
    part = Part(
        "", "", State.OPEN, score_tiles(report.score, report.findings), _folded(report.findings), figures,
        sections(page, _BESIDE),
    )  # fmt: skip
    state = State.BAD if _errors(report.findings) else State.OPEN
    return Sheet("xent score", report.source.path, answer(page), state, (part,))


def compare(report: CompareReport) -> Sheet:
    """Return the sheet of two models."""
    found = report.comparison
    page = compare_page(replace(report, a=_silent(report.a), b=_silent(report.b)), everything=True)
    read = (*_read(report.a, " (A)"), *_read(report.b, " (B)"))
    findings = (*_folded(report.a.findings, "A"), *_folded(report.b.findings, "B"))
    part = Part(
        "", "", State.OPEN, compare_tiles(report), _worst_first(findings), tuple(compare_figures(found)),
        (*sections(page, "What was compared"), *read),
    )  # fmt: skip
    states = {Verdict.B_BETTER: State.GOOD, Verdict.A_BETTER: State.BAD}
    title = f"{report.a.source.path} (A) and {report.b.source.path} (B)"
    return Sheet("xent compare", title, found.sentence, states.get(found.verdict, State.OPEN), (part,))


def check(report: CheckReport) -> Sheet:
    """Return the sheet of a verdict: models that failed come first."""
    alone = len(report.models) == 1
    models = sorted(report.models, key=lambda one: one.passed)
    title = words.title(models[0], alone=True) if alone else numbers.counted(len(models), "model")
    parts = tuple(_model(report, one, alone=alone) for one in models)
    return Sheet("xent check", title, _capital(words.verdict(report)), _passed(passed=report.passed), parts)


def _model(report: CheckReport, model: JudgedModel, *, alone: bool) -> Part:
    silent = replace(model, report=_silent(model.report), baseline_errors=())
    page = check_page(replace(report, models=(silent,)), everything=True)
    own = (replace(one, note=_failing(one)) for one in _folded(model.report.findings))
    findings = (*own, *_folded(model.baseline_errors, "baseline"))
    limits = [figure for one in words.ordered(model.checks)[:MOST_LIMITS] for figure in check_figures(one)]
    return Part(
        title="" if alone else words.title(model, alone=False),
        verdict="" if alone else _capital(words.verdict(replace(report, models=(model,)))),
        state=_passed(passed=model.passed), tiles=check_tiles(model), findings=_worst_first(findings),
        figures=tuple(score_figures(model.report.score)),
        sections=(*sections(page, "Every check"), *_read(model.report)), limits=tuple(limits),
    )  # fmt: skip


def _silent(report: ScoreReport) -> ScoreReport:
    """Return a report whose page does not say what has its own place on the sheet: findings and columns."""
    return replace(report, findings=(), columns=())


def _read(report: ScoreReport, of: str = "") -> tuple[Section, ...]:
    """Return how a file was read, and what each of its columns is."""
    found = sections(Page((Heading(""), *how_read(report, everything=True))), "")
    return tuple(replace(one, title=f"{one.title}{of}") for one in found)


def error(found: XentError) -> Sheet:
    """Return the sheet of an error."""
    blocks: list[Block] = [
        *([Bullets(found.details)] if found.details else []),
        *([Sentence(found.help)] if found.help else []),
    ]
    held = (Section("What to do", tuple(blocks)),) if blocks else ()
    part = Part("", "", State.BAD, (), (), (), held)
    return Sheet("xent", "No report", error_view.head(found), State.BAD, (part,))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _passed(*, passed: bool) -> State:
    return State.GOOD if passed else State.BAD


def _errors(findings: Iterable[Finding]) -> bool:
    return any(one.level is Level.ERROR for one in findings)


def _folded(findings: tuple[Finding, ...], side: str = "") -> tuple[Shown, ...]:
    """Return findings, the worst first, with what follows from each within it."""
    roots = (one for one in in_order(findings) if one.because_of is None)
    return tuple(Shown(one, side, followers=followers(one, in_order(findings))) for one in roots)


def _failing(shown: Shown) -> str:
    """Return what errors do to a verdict; empty where a finding and what follows from it are none."""
    codes = [one.code for one in (shown.finding, *shown.followers) if one.level is Level.ERROR]
    if not codes:
        return ""
    each = "It fails" if len(codes) == 1 else "Each of these fails"
    ignored = " ".join(f"--ignore {code}" for code in dict.fromkeys(codes))
    return f"{each} the model, whatever the checks say, unless it is ignored: {ignored}"


def _worst_first(shown: Iterable[Shown]) -> tuple[Shown, ...]:
    held = list(shown)
    places = {id(one): at for at, one in enumerate(in_order(one.finding for one in held))}
    return tuple(sorted(held, key=lambda one: places[id(one.finding)]))
