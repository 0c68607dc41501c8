"""Concise: one line for the result and one for each finding, made for grep.

Floor 8.
"""

from xentcli.results import Encoded, Inspection, ScoreReport, Source
from xentcli.rules.rule import Finding, Level
from xentcli.verdicts import CheckReport, CompareReport
from xentcli.views import check_words, numbers
from xentcli.views.compare_page import shown
from xentcli.views.page import traced
from xentcli.views.safe import printable


def score(report: ScoreReport) -> str:
    """Return `PATH: multiclass loss=1.177 accuracy=0.5 rows=2 ...`, then the findings."""
    result = report.score
    rows = result.rows
    words = [
        f"{result.task.kind.value}",
        f"loss={'none' if result.loss is None else numbers.loss(result.loss.value)}",
        f"accuracy={numbers.rate(result.accuracy.value)}",
        f"read={rows.read}",
        f"scored={rows.scored}",
        f"missing_label={rows.missing_label}",
        f"bad={rows.bad}",
    ]
    for one in result.outputs or ():
        loss = "none" if one.loss is None else numbers.loss(one.loss.value)
        accuracy = numbers.rate(one.accuracy.value)
        words += [f"{one.name}.loss={loss}", f"{one.name}.accuracy={accuracy}"]
    if result.predicted_label is not None and result.predicted_label.disagrees:
        words.append(f"predicted_label.disagrees={result.predicted_label.disagrees}")
    return _lines(report.source, " ".join(words), report.findings)


def inspect(found: Inspection) -> str:
    """Return `PATH: multiclass class-names classes=3 ...`, then the findings."""
    detection = found.detection
    task = detection.task
    if task.kind is None:
        words = f"no-target {task.not_a_target.value if task.not_a_target else ''}".rstrip()
    else:
        encoding = task.encoding
        listed = "+".join(one.value for one in encoding) if isinstance(encoding, tuple) else encoding and encoding.value
        loss = f" loss={found.advice.loss}" if found.advice is not None else ""
        words = f"{task.kind.value} {listed} classes={len(task.classes)}{loss}"
    tail = f" certainty={detection.certainty.value} rows={detection.rows} missing={detection.missing_rows}"
    return _lines(found.source, words + tail, found.findings)


def encode(report: Encoded) -> str:
    """Return `labels.csv: y.parquet one-hot uint8 200x3 classes=3 missing=0`."""
    output = report.output
    shape = "x".join(str(size) for size in output.shape)
    words = f"{output.path or ''} {report.to.value} {output.dtype} {shape}"
    return _lines(report.source, f"{words} classes={len(report.classes)} missing={report.missing_rows}", ())


def check(report: CheckReport) -> str:
    """Return `PATH: failed recall[eel] 0.47 < min 0.55` for each check, the error-level findings, and the verdict."""
    alone = len(report.models) == 1
    lines = []
    for model in report.models:
        where = model.report.source.path if alone else f"{model.report.source.path}: {model.name}"
        lines += [
            f"{where}: {one.outcome.value} {check_words.label(one)} {check_words.told(one)}"
            for one in check_words.ordered(model.checks)
        ]
        lines += [f"{where}: {_finding(one)}" for one in model.errors]
        lines += _doubts(model.report.source)
        lines += [f"{model.baseline}: {_finding(one)}" for one in model.baseline_errors]
    return "".join(f"{printable(line)}\n" for line in (*lines, check_words.verdict(report)))


def compare(report: CompareReport) -> str:
    """Return `A B: b-better loss=-0.0123 [-0.02, -0.004] p=0.0021 accuracy=... paired=9990 ...`."""
    found = report.comparison
    words = [f"{report.a.source.path} {report.b.source.path}: {found.verdict.value}"]
    for name, one in found.difference.items():
        drawn = shown(name, one)
        p_value = f"p={drawn.p_value}" if drawn.p_value else ""
        words.append(" ".join(part for part in (f"{name}={drawn.value}", drawn.interval, p_value) if part))
    rows = found.rows
    words.append(f"paired={rows.paired} only_a={rows.only_a} only_b={rows.only_b} not_scored={rows.not_scored}")
    for side, one_report in (("a", report.a), ("b", report.b)):
        codes = [one.code for one in one_report.findings if one.level is Level.ERROR]
        words += [f"errors_{side}={','.join(codes)}"] if codes else []
    lines = [" ".join(words), *dict.fromkeys([*_doubts(report.a.source), *_doubts(report.b.source)])]
    return "".join(f"{printable(line)}\n" for line in lines)


def _finding(one: Finding) -> str:
    return f"{one.level.value} {one.code} {one.name}: {traced(one)}"


def _doubts(source: Source) -> list[str]:
    return [f"{one.path}: warning: {one}" for one in source.doubts]


def _lines(source: Source, words: str, findings: tuple[Finding, ...]) -> str:
    path = source.path
    lines = [f"{path}: {words}", *_doubts(source), *(f"{path}: {_finding(one)}" for one in findings)]
    return "".join(f"{printable(line)}\n" for line in lines)
