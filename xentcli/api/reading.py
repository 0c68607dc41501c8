"""FinishedPass: a table as it was understood and tallied, whatever its layout; and what runs the passes.

Floor 8. Between the passes over a table and the report; `scoring` makes it for plain scores, `passes` and `outputs` for
the layouts that need plans of their own.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from xentcli.files.table import Table
from xentcli.record import Record
from xentcli.scoring.model import ScoredTask
from xentcli.scoring.refusal import Refusable
from xentcli.tally import engine
from xentcli.tally.engine import AnyTally
from xentcli.task.model import ColumnRole
from xentcli.terms import Scale

if TYPE_CHECKING:
    from xentcli.tally.pairing.recorder import Recorder


Progress = Callable[[int, int | None], None]
"""Is told, by any thread, how many more rows were read and how many there are, where that is known."""


class PassSettings(Record):
    """How passes over a table are run.

    Attributes:
        jobs: number of threads; None for the machine's cores.
        progress: who is told; None for nobody.
        recorder: keeps what became of every row of the last pass; None for nobody.
    """

    jobs: int | None
    progress: Progress | None
    recorder: "Recorder | None" = None

    def __call__(self, table: Table, plan: engine.AnyPlan, doubt: engine.Doubt | None = None) -> engine.AnyTally:
        """Return the Tally of one pass, which a doubt may end early."""
        told = self.progress
        each = None if told is None else lambda rows: told(rows, table.rows)
        return engine.run(table, plan, self.jobs, engine.PassMonitor(each, doubt, self.recorder))


class FinishedPass(Record):
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
