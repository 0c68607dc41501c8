"""The results that the public functions return: one frozen object for each JSON document.

Floor 8, beside `api`. They join what the floors below computed; `to_dict` gives the JSON document
(NaN and infinity never occur in it), `to_frame` a pandas DataFrame where a table is natural.
"""

from typing import TYPE_CHECKING, Any

from xentcli.errors import UsageError
from xentcli.files.doubt import Doubt
from xentcli.record import Record, as_dict, document, field
from xentcli.rules.rule import Finding
from xentcli.task.model import ColumnRole, Detection, Task
from xentcli.terms import Encoding

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from xentcli.advice.model import Advice, Priors
    from xentcli.scoring.model import Score
    from xentcli.tally.one_row import RowSteps
    from xentcli.views.figures.picture import Picture
    from xentcli.views.html.model import Sheet
    from xentcli.views.page import Page

INSPECT_SCHEMA = "xent.inspect/1"
SCORE_SCHEMA = "xent.score/1"
EXPLAIN_SCHEMA = "xent.explain/1"
ENCODE_SCHEMA = "xent.encode/1"


class Result(Record):
    """What a public function returns: frozen facts that can be shown in any form.

    `repr` is one line, `str` the page that a terminal shows, and a notebook shows the page of a browser.
    """

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document."""
        raise NotImplementedError

    def to_concise(self) -> str:
        """Return a line for the result and one for each finding, the same as `-f concise` gives."""
        raise NotImplementedError

    def page(self, *, full: bool = False) -> "Page":
        """Return the page as blocks, which each form of text draws; `full` as with `--full`."""
        raise NotImplementedError

    def sheet(self) -> "Sheet | None":
        """Return what a browser shows; None where this kind of result has no such page."""
        return None

    def to_json(self) -> str:
        """Return the JSON document as text, the same as `-f json` gives."""
        from xentcli.views import json  # noqa: PLC0415  only for those who ask

        return json.render(self.to_dict())

    def to_text(self, *, full: bool = False) -> str:
        """Return the page as plain text, the same as a pipe gets; `full` as with `--full`."""
        from xentcli.views import plain  # noqa: PLC0415  only for those who ask

        return plain.render(self.page(full=full))

    def to_markdown(self, *, full: bool = False) -> str:
        """Return the page as Markdown, the same as `-f markdown` gives."""
        from xentcli.views import markdown  # noqa: PLC0415  only for those who ask

        return markdown.render(self.page(full=full))

    def to_html(self) -> str:
        """Return the page for a browser, one file that needs no network, the same as `-f html` gives.

        Raises:
            UsageError: this kind of result has none.
        """
        sheet = self.sheet()
        if sheet is None:
            raise UsageError(f"{type(self).__name__} has no page for a browser", help="take to_text() or to_markdown()")
        from xentcli.views import html  # noqa: PLC0415  Jinja2 is for those who ask

        return html.page(sheet, self.to_dict())

    def _repr_html_(self) -> str | None:
        """Return what a notebook shows: the page of a browser, whose style reaches no other cell."""
        sheet = self.sheet()
        if sheet is None:
            return None
        from xentcli.views import html  # noqa: PLC0415  likewise

        return html.fragment(sheet)

    def __str__(self) -> str:
        """Return the page as plain text."""
        return self.to_text()

    def __repr__(self) -> str:
        """Return the kind of result and the first line of `-f concise`."""
        return f"<{type(self).__name__} {self.to_concise().splitlines()[0]}>"


class Source(Record):
    """Where the rows came from.

    Attributes:
        path: as the caller gave it.
        format: the format it was read as.
        rows: data rows read.
        columns: the names of all columns of the file; what each was read as stands in the report's own `columns`.
        notes: what the reader decided (separator, encoding, no header ...).
        labels_path: the second file, where labels came from one of their own.
    """

    path: str
    format: str
    rows: int
    columns: tuple[str, ...]
    notes: tuple[str, ...] = ()
    labels_path: str | None = None

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """The notes that say that the reading may be wrong."""
        return tuple(note for note in self.notes if isinstance(note, Doubt))


class LabelRows(Record):
    """Where every row of labels went: read = written + missing_label + bad.

    Attributes:
        read: data rows of the file.
        written: rows whose label is written: in the file that was inspected, or in the one that was made.
        missing_label: rows without a label; `encode` leaves their cells empty.
        bad: rows that could not be used and were left out.
    """

    read: int
    written: int
    missing_label: int
    bad: int


def label_rows(read: int, missing_label: int, bad: int) -> LabelRows:
    """Return the account of some rows, of which each has a label, none, or is bad."""
    return LabelRows(read, read - missing_label - bad, missing_label, bad)


class Topic(Record):
    """Something that `xent explain` has a page on.

    Attributes:
        topic: what to ask for.
        title: what it is about.
        levels: of a finding, how much it may matter; empty for a lesson.
        summary: one line.
    """

    topic: str
    title: str
    levels: tuple[str, ...]
    summary: str


class Explanation(Result):
    """A page of the manual, as Markdown."""

    topic: str
    title: str
    markdown: str

    def to_dict(self) -> dict[str, Any]:
        """Return the document `xent.explain/1` of one page."""
        return document({"schema": EXPLAIN_SCHEMA}, self)

    def to_concise(self) -> str:
        """Return the topic and its title."""
        return f"{self.topic}: {self.title}\n"

    def page(self, *, full: bool = False) -> "Page":  # noqa: ARG002  it has no more to show
        """Return the page as blocks."""
        from xentcli.views.explain_page import explain_page  # noqa: PLC0415  only for those who ask

        return explain_page(self)


def _shares(found: Detection) -> list[float | None]:
    """Return the share of each class: of the labelled rows, of an output's, of those that say; or the mean share."""
    if found.soft is not None:
        return list(found.soft.shares)
    if found.outputs:
        return [share for one in found.outputs for share in _shares(one)]
    total = sum(one.count for one in found.counts)
    rows = found.rows - found.missing_rows if found.labels_per_row is not None else total
    known = [rows if one.known is None else one.known for one in found.counts]
    return [one.count / rows if rows else None for one, rows in zip(found.counts, known, strict=True)]


class Inspection(Result):
    """What `xent inspect` found: document `xent.inspect/1`."""

    source: Source
    detection: Detection
    priors: "Priors | None"
    advice: "Advice | None"
    findings: tuple[Finding, ...] = ()
    columns: tuple[ColumnRole, ...] = ()
    bad_rows: int = 0

    @property
    def rows(self) -> LabelRows:
        """Where every row went."""
        return label_rows(self.detection.rows + self.bad_rows, self.detection.missing_rows, self.bad_rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document."""
        found = self.detection
        weights = (self.advice.class_weights if self.advice else None) or {}
        labels = found.labels_per_row
        return document(
            {
                "schema": INSPECT_SCHEMA,
                "source": self.source,
                "label_columns": found.columns,
                "task": found.task,
                "certainty": found.certainty,
                "evidence": found.evidence,
                "alternatives": found.alternatives,
                "classes": [
                    {"name": one.name, "count": one.count, "share": share, "weight": weights.get(one.name)}
                    for one, share in zip(found.counts, _shares(found), strict=True)
                ],
                "soft": found.soft,
                "outputs": [
                    {"column": one.columns[0], "task": one.task, "missing_rows": one.missing_rows}
                    for one in found.outputs
                ],
                "labels_per_row": None
                if labels is None
                else {str(number): labels[number] for number in sorted(labels)},
                "missing_rows": found.missing_rows,
                "rows": self.rows,
                "priors": self.priors,
                "advice": self.advice,
                "columns": self.columns,
                "findings": self.findings,
            }
        )

    def to_concise(self) -> str:
        """Return a line for the result and one for each finding."""
        from xentcli.views import concise  # noqa: PLC0415  only for those who ask

        return concise.inspect(self)

    def page(self, *, full: bool = False) -> "Page":
        """Return the page as blocks."""
        from xentcli.views.inspect_page import inspect_page  # noqa: PLC0415  only for those who ask

        return inspect_page(self, framework=None, everything=full)

    def sheet(self) -> "Sheet":
        """Return what a browser shows."""
        from xentcli.views.html import parts  # noqa: PLC0415  only for those who ask

        return parts.inspect(self, None)

    def to_frame(self) -> "pd.DataFrame":
        """Return the classes as a DataFrame with columns name, count, share, weight."""
        import pandas as pd  # noqa: PLC0415  heavy, and only for those who ask

        return pd.DataFrame(self.to_dict()["classes"], columns=["name", "count", "share", "weight"])


class ScoreReport(Result):
    """What `xent score` computed: document `xent.score/1`."""

    source: Source
    score: "Score"
    findings: tuple[Finding, ...] = ()
    row: "RowSteps | None" = None
    columns: tuple[ColumnRole, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document."""
        around = {"row": self.row, "columns": self.columns, "findings": self.findings}
        return document({"schema": SCORE_SCHEMA, "source": self.source}, self.score, around)

    def to_concise(self) -> str:
        """Return a line for the result and one for each finding."""
        from xentcli.views import concise  # noqa: PLC0415  only for those who ask

        return concise.score(self)

    def page(self, *, full: bool = False) -> "Page":
        """Return the page as blocks."""
        from xentcli.views.score_page import score_page  # noqa: PLC0415  only for those who ask

        return score_page(self, everything=full)

    def sheet(self) -> "Sheet":
        """Return what a browser shows."""
        from xentcli.views.html import parts  # noqa: PLC0415  only for those who ask

        return parts.score(self)

    @property
    def metrics(self) -> dict[str, float]:
        """Every number of all rows that is defined, by its key: what loggers of experiments take."""
        found = {} if self.score.loss is None else {"loss": self.score.loss.value}
        return (
            found
            | {"accuracy": self.score.accuracy.value}
            | {name: value for name, value in self.score.metrics.items() if isinstance(value, float)}
        )

    def plot(self, figure: str) -> "Picture":
        """Return one figure: reliability, scores, roc, pr, confusion, loss, classes, shares or slices.

        Raises:
            UsageError: there is no such figure, or several.
        """
        from xentcli.views.figures.picture import picture_of, plot_named  # noqa: PLC0415  only for those who ask

        return picture_of(self.score, plot_named(figure))

    def to_frame(self) -> "pd.DataFrame":
        """Return the per-class (multi-label: per-label) table as a DataFrame; of several outputs with their names."""
        import pandas as pd  # noqa: PLC0415  heavy, and only for those who ask

        if self.score.outputs is not None:
            every = [{"output": one.name} | as_dict(row) for one in self.score.outputs for row in one.per_class]
            return pd.DataFrame(every)
        rows = self.score.per_class if self.score.per_label is None else self.score.per_label
        return pd.DataFrame([as_dict(row) for row in rows])


class Written(Record):
    """What `xent encode` wrote.

    Attributes:
        path: None if nothing was written.
        format: of the file.
        columns: the label columns.
        dtype: type of their cells.
        shape: (rows,), or (rows, classes) for 0/1 cells.
        classes_in: what keeps the class order.
        id: the column of ids beside the labels.
    """

    path: str | None
    format: str | None
    columns: tuple[str, ...]
    dtype: str
    shape: tuple[int, ...]
    classes_in: str | None = None
    id: str | None = None


class Encoded(Result):
    """What `xent encode` read and wrote: document `xent.encode/1`.

    Attributes:
        source: where the rows came from.
        task: what the labels mean, and how they were written.
        because: sentences on that.
        to: how they are written now.
        output: the file, or the columns where none was written.
        classes: in index order.
        positive: the class that 1 or true stands for, of two.
        missing_rows: rows without a label.
        table: the labels, names as text; None if they were written only.
        bad_rows: rows that could not be used and were left out.
    """

    source: Source
    task: Task
    because: tuple[str, ...]
    to: Encoding
    output: Written
    classes: tuple[str, ...]
    positive: str | None
    missing_rows: int
    table: "pa.Table | None" = field(default=None, repr=False, compare=False)
    bad_rows: int = 0

    @property
    def rows(self) -> LabelRows:
        """Where every row went."""
        return label_rows(self.source.rows + self.bad_rows, self.missing_rows, self.bad_rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON document."""
        return document(
            {
                "schema": ENCODE_SCHEMA,
                "source": self.source,
                "task": self.task,
                "because": self.because,
                "to": self.to,
                "output": self.output,
                "classes": self.classes,
                "positive": self.positive,
                "rows": self.rows,
                "missing_rows": self.missing_rows,
            }
        )

    def to_concise(self) -> str:
        """Return a line for the result and one for each finding."""
        from xentcli.views import concise  # noqa: PLC0415  only for those who ask

        return concise.encode(self)

    def page(self, *, full: bool = False) -> "Page":  # noqa: ARG002  it has no more to show
        """Return the page as blocks."""
        from xentcli.views.encode_page import encode_page  # noqa: PLC0415  only for those who ask

        return encode_page(self)

    def to_numpy(self) -> "npt.NDArray[Any]":
        """Return the labels as one array: shape (rows,), or (rows, classes) for 0/1 cells.

        Raises:
            UsageError: they are lists, or a number is missing, which an array cannot say, or were not kept.
        """
        from xentcli.files.save.typed import array_of  # noqa: PLC0415  only for those who ask

        if self.table is None:
            raise UsageError("the labels were written and not kept", help="read the file, or pass keep=True")
        return array_of(self.table.select(list(self.output.columns)))
