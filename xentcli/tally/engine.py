"""Engine: one pass over a table's parts, in threads, into one Tally.

Floor 4. Parts are taken from a common queue, each thread fills a Tally of its own, and the Tallies are
merged: exact sums make the result the same whoever read what. Memory is a batch and a Tally a thread.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from xentcli.files.table import Part, ReadAs, Table
from xentcli.record import Record
from xentcli.tally.decisions import DecisionPlan, DecisionTally
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.multioutput import MultiOutputPlan, MultiOutputTally
from xentcli.tally.plan import Plan
from xentcli.tally.tally import Tally
from xentcli.terms import Kind

if TYPE_CHECKING:
    from xentcli.tally.pairing.recorder import Recorder

AnyPlan = Plan | DecisionPlan | MultiOutputPlan
AnyTally = Tally | MultiLabelTally | DecisionTally | MultiOutputTally


def empty(plan: AnyPlan) -> AnyTally:
    """Return the Tally that a pass over no rows gives."""
    if isinstance(plan, DecisionPlan):
        return DecisionTally(plan)
    if isinstance(plan, MultiOutputPlan):
        return MultiOutputTally(plan)
    return MultiLabelTally(plan) if plan.kind is Kind.MULTILABEL else Tally(plan)


def merge(into: AnyTally, other: AnyTally) -> None:
    """Add the sums of another Tally of the same plan."""
    assert type(into) is type(other)  # noqa: S101  Tallies of one plan are of one kind
    into.merge(other)  # type: ignore[arg-type]


class _Queue:
    """Hands out the parts with their ordinals, one at a time, to any thread, until one of them fails."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self._parts: Iterator[tuple[int, Part]] = iter(enumerate(parts))
        self._lock = threading.Lock()
        self.stopped = False

    def __iter__(self) -> Iterator[tuple[int, Part]]:
        while True:
            with self._lock:
                item = None if self.stopped else next(self._parts, None)
            if item is None:
                return
            yield item

    def stop(self) -> None:
        """Hand out no more, and let those who read a part leave it."""
        self.stopped = True


Progress = Callable[[int], None]
"""Is told how many more rows were read, by any thread."""


Doubt = Callable[[AnyTally], bool]
"""Whether what a thread has tallied so far makes going on useless."""


class PassMonitor(Record):
    """Who is asked and told after every batch.

    Attributes:
        progress: is told how many more rows were read.
        doubt: ends the pass early; its Tally is then not of the whole table.
        recorder: keeps what became of every row.
    """

    progress: Progress | None = None
    doubt: Doubt | None = None
    recorder: "Recorder | None" = None

    def columns(self, plan: AnyPlan) -> dict[str, ReadAs]:
        """Return what is read: the columns of the plan, and those of the recorder."""
        return plan.columns if self.recorder is None else self.recorder.columns | plan.columns

    def add(self, batch: pa.RecordBatch, part: int, offset: int, tally: AnyTally) -> bool:
        """Add a batch to a Tally and tell of it; return whether to go on."""
        if self.recorder is None:
            tally.add(batch, part, offset)
        else:
            self.recorder.add(tally, batch, part, offset)
        if self.progress is not None:
            self.progress(batch.num_rows)
        return self.doubt is None or not self.doubt(tally)


def _fill(tally: AnyTally, queue: _Queue, monitor: PassMonitor) -> AnyTally:
    try:
        for ordinal, part in queue:
            offset = 0
            for batch in part.read(monitor.columns(tally.plan)):
                if queue.stopped:
                    return tally
                if not monitor.add(batch, ordinal, offset, tally):
                    queue.stop()
                offset += batch.num_rows
    except BaseException:
        queue.stop()
        raise
    return tally


_LARGEST_CHUNK = 30 << 20
"""Bytes; glibc raises its threshold no higher than 32 MiB."""


def _keep_freed_memory() -> None:
    """Make the allocator keep the scratch arrays of a block for the next one.

    glibc hands a freed chunk of more than 128 KiB back to the system, and every page of the next one is a fault: half
    of a pass. Freeing one large chunk, whose pages were never touched, raises that threshold for good; other
    allocators do not mind.
    """
    np.empty(_LARGEST_CHUNK, dtype=np.uint8)


def run(table: Table, plan: AnyPlan, jobs: int | None = None, monitor: PassMonitor | None = None) -> AnyTally:
    """Return the Tally of a whole table.

    Args:
        table: what to read.
        plan: how.
        jobs: number of threads; None for the machine's cores.
        monitor: is told of every batch, and may end the pass early.

    Raises:
        XentError: the table cannot be read.
    """
    _keep_freed_memory()
    monitor = monitor or PassMonitor()
    if monitor.recorder is not None:
        monitor.recorder.start(table)
    threads = min(jobs or os.cpu_count() or 1, len(table.parts))
    queue = _Queue(table.parts)
    if threads <= 1:
        return _fill(empty(plan), queue, monitor)
    result = empty(plan)
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(_fill, empty(plan), queue, monitor) for _ in range(threads)]
        try:
            for future in futures:
                merge(result, future.result())
        except BaseException:
            queue.stop()
            raise
    return result
