"""The canonical form of labels: what every encoding is decoded to, and every other one written from.

Floor 3. Frozen facts of a batch, and the reading of a table that they come from; nothing is computed here.
"""

from collections.abc import Mapping
from typing import Protocol

import pyarrow as pa

from xentcli.arrays import Indices, Mask
from xentcli.files.table import ReadAs
from xentcli.record import Record
from xentcli.task.model import Task


class CanonicalLabels(Record):
    """The labels of a batch of n rows: one class a row (`index`), or several labels (`hot`).

    Attributes:
        missing: shape (n,), rows without a label.
        wrong: shape (n,), rows whose cells the reading does not cover.
        index: shape (n,), class index, 0 where there is none; None for several labels a row.
        hot: shape (labels, n), whether a row has a label; None for one class a row.
        unknown: shape (labels, n), whether that is unknown; None if it never is.
    """

    missing: Mask
    wrong: Mask
    index: Indices | None = None
    hot: Mask | None = None
    unknown: Mask | None = None


class LabelReading(Record):
    """How the label columns of a table are read.

    Attributes:
        columns: the label columns.
        task: what they mean.
        index: class index by label text, of one column of plain cells; `len(task.classes)` stands for no label.
        signs: whether -1 and 1 stand for no and yes in several columns, or in the lists of one.
        zero_open: whether beside these 0 leaves a label open.
        declared: whether the file itself says so: then a blank cell of tags is a missing label.
    """

    columns: tuple[str, ...]
    task: Task
    index: Mapping[str, int] | None = None
    signs: bool = False
    zero_open: bool = False
    declared: bool = False


class Decoder(Protocol):
    """Turns the label columns of a batch into the canonical form."""

    @property
    def columns(self) -> Mapping[str, ReadAs]:
        """The columns it reads, and how."""
        ...

    def decode(self, batch: pa.RecordBatch) -> CanonicalLabels:
        """Return the labels of a batch that holds at least those columns."""
        ...
