"""Concise: one line for the result and one for each finding, made for grep.

Floor 8.
"""

from xentcli.results import Encoded, Inspection, ScoreReport
from xentcli.rules.finding import Finding
from xentcli.views import numbers
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
        name = printable(one.name)
        words += [f"{name}.loss={numbers.loss(one.loss.value)}", f"{name}.accuracy={numbers.rate(one.accuracy.value)}"]
    if result.predicted_label is not None and result.predicted_label.disagrees:
        words.append(f"predicted_label.disagrees={result.predicted_label.disagrees}")
    return _lines(report.source.path, " ".join(words), report.findings)


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
    return _lines(found.source.path, words + tail, found.findings)


def encode(report: Encoded) -> str:
    """Return `labels.csv: y.parquet one-hot uint8 200x3 classes=3 missing=0`."""
    output = report.output
    shape = "x".join(str(size) for size in output.shape)
    words = f"{printable(output.path or '')} {report.to.value} {output.dtype} {shape}"
    return _lines(report.source.path, f"{words} classes={len(report.classes)} missing={report.missing_rows}", ())


def _lines(path: str, words: str, findings: tuple[Finding, ...]) -> str:
    where = printable(path)
    lines = [f"{where}: {words}"]
    lines.extend(f"{where}: {one.level.value} {one.code} {one.name}: {printable(one.message)}" for one in findings)
    return "\n".join(lines) + "\n"
