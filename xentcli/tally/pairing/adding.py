"""Adding up pairs of rows by several threads, into one PairedTally.

Floor 4. Exact sums make the result the same whoever added what.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial

from xentcli.tally.pairing import join
from xentcli.tally.pairing.join import Pairs
from xentcli.tally.pairing.recorder import Recorder
from xentcli.tally.pairing.tally import PairedPlan, PairedTally

Task = Callable[[], Pairs]


def paired_tally(plan: PairedPlan, a: Recorder, b: Recorder, *, by_id: bool, jobs: int | None = None) -> PairedTally:
    """Return the sums of the common rows of two files.

    Args:
        plan: what is compared.
        a: the rows of A.
        b: the rows of B.
        by_id: whether rows belong together by their ids, else by their place.
        jobs: number of threads; None for the machine's cores.

    Raises:
        XentError: the rows do not belong together.
    """
    if not by_id:
        return _added(plan, _ready(join.by_row(a, b)), jobs)
    with suppress(join.OrdersDiffer):
        return _added(plan, _ready(join.side_by_side(a, b)), jobs)
    with closing(join.by_hash(a, b)) as held:
        tally = _added(plan, (partial(held.pairs, partition) for partition in held.numbers), jobs)
        tally.only_a += held.nameless[0]
        tally.only_b += held.nameless[1]
        return tally


def _ready(pairs: Iterator[Pairs]) -> Iterator[Task]:
    for one in pairs:
        yield partial(_itself, one)


def _itself(pairs: Pairs) -> Pairs:
    return pairs


def _added(plan: PairedPlan, tasks: Iterator[Task], jobs: int | None) -> PairedTally:
    threads = jobs or os.cpu_count() or 1
    lock, failed = threading.Lock(), threading.Event()

    def fill() -> PairedTally:
        tally = PairedTally(plan)
        try:
            while not failed.is_set():
                with lock:
                    task = next(tasks, None)
                if task is None:
                    break
                tally.add(task())
        except BaseException:
            failed.set()
            raise
        return tally

    if threads <= 1:
        return fill()
    result = PairedTally(plan)
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(fill) for _ in range(threads)]
        try:
            for future in futures:
                result.merge(future.result())
        except BaseException:
            failed.set()
            raise
    return result
