"""Address space: a run that a limit leaves too little of it (`ulimit -v`) is refused before libraries are loaded.

Floor 9. numpy's OpenBLAS ends the process by itself where it finds no room, with the status of a failed check.
"""

import mmap
import os
import resource

from xentcli.errors import XentError

LEAST_BYTES = 384 << 20
"""What numpy and Arrow with a thread each map before the first row is read."""


def refuse_narrow_limit() -> None:
    """Raise if there is a limit and too little is left of it; without a limit nothing is done.

    Raises:
        XentError: naming the limit.
    """
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each of its threads maps a buffer, and none is used here
    try:
        mmap.mmap(-1, LEAST_BYTES).close()
    except (OSError, ValueError, MemoryError) as error:
        raise XentError(
            f"out of memory: the address space is limited to {limit >> 20:,} MiB (ulimit -v)",
            help=f"allow {(LEAST_BYTES >> 20) + 128} MiB and more",
        ) from error
