"""Print how long a check against a baseline takes beside scoring the two files, as ratios of medians in one run.

    python tests/bench/judging.py [--runs N] [--scale SHARE] [WORKLOAD ...]

Workloads, all of 5M x 10 float32 in Parquet: same (whole numbers as ids, both files in the same order), shuffled (the
baseline in another order), texts (ids are texts of 18 characters, the baseline in another order). Whole processes in
turn; peak memory of each. The check holds the loss and the accuracy against the baseline by id.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from score import chances, timed

ROWS, CLASSES, GROUP = 5_000_000, 10, 500_000
XENT = [sys.executable, "-m", "xentcli"]
CHECK = ["--max-regression", "loss=1", "--max-regression", "accuracy=1", "-f", "json", "--isolated"]


def write(path, rows, seed, *, shuffled, texts):
    """Write ids and labels, the same for every seed, beside probabilities that differ."""
    truth = np.random.default_rng(1).integers(0, CLASSES, rows)
    order = np.random.default_rng(2).permutation(rows) if shuffled else np.arange(rows)
    rng = np.random.default_rng(seed)
    schema = pa.schema([
        ("id", pa.string() if texts else pa.int64()), ("label", pa.int64()),
        *((f"p_{at}", pa.float32()) for at in range(CLASSES)),
    ])  # fmt: skip
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, GROUP):
            here = order[start : start + GROUP]
            ids = pa.array(np.char.add("img_", np.char.zfill(here.astype("U"), 14)).tolist() if texts else here)
            p = chances(rng, truth[here], CLASSES)
            columns = [ids, pa.array(truth[here]), *(pa.array(p[:, at]) for at in range(CLASSES))]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


WORKLOADS = {
    "same": {"shuffled": False, "texts": False},
    "shuffled": {"shuffled": True, "texts": False},
    "texts": {"shuffled": True, "texts": True},
}


def make(name, folder, rows):
    """Write the two files of a workload: what is checked, and its baseline."""
    kind = WORKLOADS[name]
    write(Path(folder) / "next.parquet", rows, 3, shuffled=False, texts=kind["texts"])
    write(Path(folder) / "main.parquet", rows, 4, **kind)


def run(name, rows, runs, folder):
    """Time a check and the scoring of its two files in turn; print medians and their ratio."""
    # Made in a process of its own: what it needs must not count as the peak of those started afterwards.
    maker = multiprocessing.get_context("spawn").Process(target=make, args=(name, folder, rows))
    maker.start()
    maker.join()
    after, before = (str(Path(folder) / f"{one}.parquet") for one in ("next", "main"))
    check = [*XENT, "check", after, "--baseline", before, "--id", "id", *CHECK]
    scores = [[*XENT, "score", one, "-f", "json", "--isolated"] for one in (after, before)]
    checked, scored, peak = [], [], 0.0
    for at in range(runs + 1):
        seconds, megabytes = timed(check)
        both = sum(timed(one)[0] for one in scores)
        if at:  # the first is a warm-up
            checked.append(seconds)
            scored.append(both)
        peak = max(peak, megabytes)
    own, other = median(checked), median(scored)
    print(f"{name}: {rows:,} x {CLASSES} against as many, {os.cpu_count()} cores, medians of {runs}")
    print(f"  check against the baseline {own:6.2f} s {peak:5.0f} MB")
    print(f"  scoring the two files      {other:6.2f} s            the check takes {own / other:.2f} x")


def main():
    """Run the workloads that are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workloads", nargs="*", default=list(WORKLOADS), metavar="WORKLOAD")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0)
    given = parser.parse_args()
    for name in given.workloads:
        if name not in WORKLOADS:
            parser.error(f"{name} is none of {', '.join(WORKLOADS)}")
        with tempfile.TemporaryDirectory() as folder:
            run(name, max(1, round(ROWS * given.scale)), given.runs, folder)


if __name__ == "__main__":
    main()
