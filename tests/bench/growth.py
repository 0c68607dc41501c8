"""Print how the time of `xent` grows with rows, columns and classes: seconds of the processor at n and at 2n.

Usage: python tests/bench/growth.py [NAME...]. Every command runs three times at either size, in turn, and the least
time counts, less what the same command takes on a small file. A cost that is linear doubles: the ratio must not be
above 2.5.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

RUNS = 3
MOST = 2.5


def scores(rows, classes):
    """Return a table of rows of scores that sum to 1, and their labels, seeded."""
    rng = np.random.default_rng(0)
    values = rng.random((rows, classes)).astype(np.float32)
    values /= values.sum(axis=1, keepdims=True)
    named = {f"p_{at}": pa.array(values[:, at]) for at in range(classes)}
    return pa.table({"label": pa.array(rng.integers(0, classes, rows)), **named})


def text(table, path):
    """Write a table as text."""
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(table.column_names) + "\n")
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            file.write(",".join(f"{cell:.6g}" for cell in row) + "\n")


def names(count):
    """Return two rows of each of so many classes."""
    return pa.table({"label": [f"c{at}" for at in range(count)] * 2})


def parquet(table, path):
    """Write a table as Parquet."""
    pq.write_table(table, path)


CASES = {
    "score, rows of CSV": ("score", 200_000, lambda n: scores(n, 5), text, ".csv"),
    "score, rows of Parquet": ("score", 2_000_000, lambda n: scores(n, 5), parquet, ".parquet"),
    "inspect, rows of CSV": ("inspect", 1_000_000, lambda n: scores(n, 1), text, ".csv"),
    "score, columns of CSV": ("score", 5_000, lambda n: scores(20, n), text, ".csv"),
    "score, columns of Parquet": ("score", 10_000, lambda n: scores(20, n), parquet, ".parquet"),
    "inspect, columns of CSV": ("inspect", 10_000, lambda n: scores(20, n), text, ".csv"),
    "inspect, columns of Parquet": ("inspect", 50_000, lambda n: scores(20, n), parquet, ".parquet"),
    "inspect, classes": ("inspect", 50_000, names, parquet, ".parquet"),
}
"""By name: the command, n, what makes a table of that size, what writes it, its suffix."""


def seconds(command, path):
    """Return the seconds of the processor that a command took on a file; a verdict of 1 is a result too."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = [sys.executable, "-m", "xentcli", command, str(path), "--isolated", "-f", "json"]
    ran = subprocess.run(words, check=False, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ran.returncode in {0, 1}
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    """Time each case at both sizes in turn and print the ratios."""
    chosen = sys.argv[1:] or list(CASES)
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen:
            command, count, make, write, suffix = CASES[name]
            paths = [Path(folder) / f"{size}{suffix}" for size in (20, count, 2 * count)]
            for path in paths:
                write(make(int(path.stem)), path)
            times = [[seconds(command, path) for path in paths] for _ in range(RUNS)]
            start, once, twice = (min(one) for one in zip(*times, strict=True))
            ratio = (twice - start) / (once - start)
            worst = max(worst, ratio)
            print(f"{name:28} n = {count:9,}: {once:.2f} s, 2n: {twice:.2f} s, start {start:.2f} s, ratio {ratio:.2f}")
    print(f"largest ratio {worst:.2f}, at most {MOST} is linear")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
