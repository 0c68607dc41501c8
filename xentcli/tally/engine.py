"""Engine: one pass over a table's parts, in threads, into one Tally.

Floor 4. Parts are taken from a common queue, each thread fills a Tally of its own, and the Tallies are
merged: exact sums make the result the same whoever read what. Memory is a batch and a Tally a thread.
"""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from xentcli.files.table import Part, Table
from xentcli.tally.decisions import DecisionPlan, DecisionTally
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.tally.multioutput import MultiOutputPlan, MultiOutputTally
from xentcli.tally.plan import Plan
from xentcli.tally.tally import Tally
from xentcli.task.model import Kind

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


def _fill(tally: AnyTally, queue: _Queue) -> AnyTally:
    try:
        for ordinal, part in queue:
            offset = 0
            for batch in part.read(tally.plan.columns):
                if queue.stopped:
                    return tally
                tally.add(batch, ordinal, offset)
                offset += batch.num_rows
    except BaseException:
        queue.stop()
        raise
    return tally


def run(table: Table, plan: AnyPlan, jobs: int | None = None) -> AnyTally:
    """Return the Tally of a whole table.

    Args:
        table: what to read.
        plan: how.
        jobs: number of threads; None for the machine's cores.

    Raises:
        XentError: the table cannot be read.
    """
    threads = min(jobs or os.cpu_count() or 1, len(table.parts))
    queue = _Queue(table.parts)
    if threads <= 1:
        return _fill(empty(plan), queue)
    result = empty(plan)
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(_fill, empty(plan), queue) for _ in range(threads)]
        try:
            for future in futures:
                merge(result, future.result())
        except BaseException:
            queue.stop()
            raise
    return result
