"""Finding: one coded remark on the data, as every view and the gate see it.

Floor 6. Immutable, free of markup; the code's page is what `xent explain CODE` prints.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How much a finding matters: an error means the numbers asked for are not what they seem."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """A coded remark.

    Attributes:
        code: permanent code such as XE208.
        name: the defect in words, such as bad-scores.
        level: how much it matters.
        message: what is wrong and what it does to the numbers.
        help: what to do.
        count: how many rows (or columns, or classes) show it.
        rows: the first 1-based data rows that show it.
        lines: their 1-based lines in a text file.
        columns: the columns it is about.
    """

    code: str
    name: str
    level: Level
    message: str
    help: str
    count: int
    rows: tuple[int, ...] = ()
    lines: tuple[int, ...] | None = None
    columns: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as it stands in the JSON documents."""
        document: dict[str, Any] = {
            "code": self.code,
            "name": self.name,
            "level": self.level.value,
            "message": self.message,
            "help": self.help,
            "count": self.count,
            "rows": list(self.rows),
            "columns": list(self.columns),
        }
        if self.lines is not None:
            document["lines"] = list(self.lines)
        return document
