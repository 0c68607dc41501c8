"""Reading: a table as it was understood and tallied, whatever its layout.

Floor 8. Between the passes over a table and the report; `scoring` makes it for plain scores, `decisions` and
`outputs` for the layouts that need plans of their own.
"""

from xentcli.record import Record
from xentcli.scoring.model import ScoredTask
from xentcli.scoring.refusal import Refusable
from xentcli.tally.engine import AnyTally
from xentcli.task.model import ColumnRole, Scale


class Reading(Record):
    """A finished pass.

    Attributes:
        tally: its sums.
        task: how the table was read.
        refusable: the plan that bad rows are explained by.
        scale: what the scores were read as; None without scores, or where outputs differ.
        said: the scale that the names of the score columns speak of, unless the caller fixed one.
        columns: the score columns.
        account: what every column of the table is.
    """

    tally: AnyTally
    task: ScoredTask
    refusable: Refusable
    scale: Scale | None
    said: Scale | None
    columns: tuple[str, ...]
    account: tuple[ColumnRole, ...] = ()
