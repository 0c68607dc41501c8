"""Print how long `xent inspect` takes on ten million labels, against pyarrow decoding and dictionary-encoding them.

Usage: python tests/bench/labels.py [ROWS]. Whole processes in turn, medians of five runs, and peak memory.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

RUNS = 5
PEER = "import sys, pyarrow.parquet as pq; pq.read_table(sys.argv[1])['label'].dictionary_encode()"


def columns(rows):
    """Return label columns of several kinds, seeded."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 5, rows).astype(np.int8)
    names = pa.array(["cat", "dog", "eel", "panda", "horse"])
    return {
        "10 indices": pa.array(rng.integers(0, 10, rows)),
        "5 names": pa.DictionaryArray.from_arrays(pa.array(codes), names).dictionary_decode(),
        "1,000 indices": pa.array(rng.integers(0, 1000, rows, dtype=np.int32)),
        "ids": pa.array(rng.integers(0, 1 << 40, rows)),
    }


def seconds(command):
    """Return how long a process took; a verdict of 1 is a result too."""
    start = time.perf_counter()
    ran = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    assert ran.returncode in {0, 1}
    return time.perf_counter() - start


def main():
    """Time both in turn and print medians and ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as folder:
        for name, column in columns(rows).items():
            path = str(Path(folder) / "labels.parquet")
            pq.write_table(pa.table({"label": column}), path)
            tool = [sys.executable, "-m", "xentcli", "inspect", path, "-f", "json", "--isolated"]
            pairs = [(seconds(tool), seconds([sys.executable, "-c", PEER, path])) for _ in range(RUNS)]
            own, peer = (median(one) for one in zip(*pairs, strict=True))
            print(f"{name:14} xent {own:.2f} s, pyarrow {peer:.2f} s, ratio {own / peer:.2f}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process {peak:.0f} MB")


if __name__ == "__main__":
    main()
