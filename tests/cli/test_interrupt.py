"""An interrupt ends a run at once, whatever it is busy with: status 130, one word, no traceback."""

import gzip
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

TOOL = [sys.executable, "-m", "xentcli"]
BUSY = 0.5
"""Seconds from the opening of an input until a run reads rows; none of the files below is read in ten times as many."""

AT_ONCE = 3.0
"""Seconds that the end may take on a loaded machine; a batch takes a small part of one."""


@contextmanager
def running(command, number=signal.SIGINT):
    """Give a process that takes a signal as it usually does, and leave none behind."""
    # The tests themselves may run under nohup, whose way of ignoring a signal would be inherited.
    usual = partial(signal.signal, number, signal.SIG_DFL)
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=usual)  # noqa: PLW1509
    try:
        yield run
    finally:
        run.kill()
        run.communicate()


def wait_until_it_reads(run, folder):
    """Wait until a process has opened a file of a folder, which start-up on a loaded machine may take long to reach."""
    opened = Path(f"/proc/{run.pid}/fd")
    while opened.exists() and run.poll() is None:
        with suppress(OSError):
            if any(str(one.readlink()).startswith(str(folder)) for one in opened.iterdir()):
                break
        time.sleep(0.02)
    time.sleep(BUSY)
    assert run.poll() is None


def sparse_array(path, shape, dtype):
    """Write an array of zeros that takes no room on the disk, but time to read."""
    with path.open("wb") as file:
        header = {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + int(np.prod(shape)) * np.dtype(dtype).itemsize)
    return path


def arrays(folder):
    rows = 1_000_000_000
    labels = sparse_array(folder / "y.npy", (rows,), np.int8)
    return [sparse_array(folder / "p.npy", (rows, 10), np.float32), "--labels", labels]


def compressed_text(folder):
    path = folder / "preds.csv.gz"
    block = gzip.compress(b"a,0.625,0.375\nb,0.25,0.75\n" * 200_000)
    with path.open("wb") as file:
        file.write(gzip.compress(b"label,p_a,p_b\n"))
        for _ in range(200):
            file.write(block)
    return [path]


def row_groups(folder):
    path = folder / "preds.parquet"
    rows = 1 << 20
    columns = {"label": np.zeros(rows, np.int8)} | {f"p_{at}": np.full(rows, 0.1, np.float32) for at in range(10)}
    table = pa.table(columns)
    with pq.ParquetWriter(path, table.schema) as writer:
        writer.write_table(table, row_group_size=rows)
    # The same bytes under many names take no room on the disk, but time to read.
    for at in range(1500):
        (folder / f"part-{at}.parquet").hardlink_to(path)
    return [folder]


@pytest.mark.parametrize("make", [arrays, compressed_text, row_groups])
def test_an_interrupt_ends_the_scoring_of_a_large_file(tmp_path, make):
    command = [*TOOL, "score", *map(str, make(tmp_path)), "-f", "json", "--isolated"]
    with running(command) as run:
        wait_until_it_reads(run, tmp_path)
        run.send_signal(signal.SIGINT)
        start = time.perf_counter()
        out, err = run.communicate(timeout=60)
        took = time.perf_counter() - start
    assert (run.returncode, out, err) == (130, b"", b"interrupted\n")
    assert took < AT_ONCE


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whatever_ends_a_run_that_writes_leaves_nothing_behind(tmp_path, number):
    path = tmp_path / "labels.csv"
    path.write_bytes(b"label\n" + b"a\nb\n" * 8_000_000)
    out = tmp_path / "out"
    out.mkdir()
    command = [*TOOL, "encode", str(path), "--to", "one-hot", "-o", str(out / "y.csv"), "--isolated"]
    with running(command, number) as run:
        while not any(out.iterdir()):
            assert run.poll() is None
            time.sleep(0.05)
        run.send_signal(number)
        _, err = run.communicate(timeout=60)
    assert (run.returncode, err) == (130, b"interrupted\n")
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("number", ["SIGHUP", "SIGTERM", "SIGINT"])
def test_a_signal_that_is_ignored_stays_so(number):
    script = f"import signal\nsignal.signal(signal.{number}, signal.SIG_IGN)\nfrom xentcli.cli.failure import guard\n"
    script += f"guard()\nprint(signal.getsignal(signal.{number}).name)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "SIG_IGN\n"


SWALLOWED = """
import time
from functools import partial
from xentcli.cli.failure import guard
guard()
try:
    print("ready", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    pass
time.sleep(60)
"""


def test_an_interrupt_ends_even_what_swallows_it():
    with running([sys.executable, "-c", SWALLOWED]) as run:
        assert run.stdout.readline() == b"ready\n"
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=30)
    assert (run.returncode, err) == (130, b"interrupted\n")
