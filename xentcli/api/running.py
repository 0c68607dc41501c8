"""Running: by how many threads a pass is made, and who is told how far it is.

Floor 8.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from xentcli.files.table import Table
from xentcli.record import Record
from xentcli.tally import engine

if TYPE_CHECKING:
    from xentcli.tally.pairing.recorder import Recorder

Progress = Callable[[int, int | None], None]
"""Is told, by any thread, how many more rows were read and how many there are, where that is known."""


class Run(Record):
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
        return engine.run(table, plan, self.jobs, engine.Watch(each, doubt, self.recorder))
