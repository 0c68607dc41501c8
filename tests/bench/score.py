"""Print how long `xent score` takes against its peers on made-up predictions, as ratios of medians in one run.

    python tests/bench/score.py [ROWS] [CLASSES]

Whole processes, interleaved, so that a slow moment of the machine hits all alike; peak memory of each.
"""

import os
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

DECODE = """
import sys, pyarrow.parquet as pq
pq.ParquetFile(sys.argv[1]).read(use_threads=True)
"""
SKLEARN = """
import sys, numpy, pandas
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss
frame = pandas.read_parquet(sys.argv[1])
y = frame["label"].to_numpy()
p = numpy.stack(frame["probs"]) if "probs" in frame else frame.drop(columns="label").to_numpy()
guess = p.argmax(1)
print(log_loss(y, p, labels=range(p.shape[1])), accuracy_score(y, guess), confusion_matrix(y, guess).sum())
"""


def make(folder, rows, classes):
    """Write the predictions as wide columns and as a list column, a million rows a row group at most."""
    rng = np.random.default_rng(1)
    label = rng.integers(0, classes, rows)
    group = max(1, 5_000_000 // classes)
    names = {"wide": folder / "wide.parquet", "list": folder / "list.parquet"}
    kinds = {
        "wide": [(f"p_{at}", pa.float32()) for at in range(classes)],
        "list": [("probs", pa.list_(pa.float32(), classes))],
    }
    for layout, path in names.items():
        schema = pa.schema([("label", pa.int64()), *kinds[layout]])
        with pq.ParquetWriter(path, schema) as writer:
            for start in range(0, rows, group):
                truth = label[start : start + group]
                p = rng.random((len(truth), classes), dtype=np.float32) + 2 * np.eye(classes, dtype=np.float32)[truth]
                p /= p.sum(axis=1, keepdims=True)
                if layout == "wide":
                    columns = [pa.array(p[:, at]) for at in range(classes)]
                else:
                    columns = [pa.FixedSizeListArray.from_arrays(pa.array(p.ravel()), classes)]
                writer.write_table(pa.Table.from_arrays([pa.array(truth), *columns], schema=schema))
    return names


def timed(command):
    """Return the seconds and the peak megabytes of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[:4]} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main(rows, classes):
    """Time all contestants in turn and print medians and ratios."""
    with tempfile.TemporaryDirectory() as folder:
        for layout, path in make(Path(folder), rows, classes).items():
            commands = {
                "xent score": [sys.executable, "-m", "xentcli", "score", str(path), "-f", "json"],
                "pyarrow decode": [sys.executable, "-c", DECODE, str(path)],
                "pandas + scikit-learn": [sys.executable, "-c", SKLEARN, str(path)],
            }
            found = {name: [] for name in commands}
            for _ in range(RUNS):
                for name, command in commands.items():
                    found[name].append(timed(command))
            own = median(seconds for seconds, _ in found["xent score"])
            print(f"{rows:,} x {classes}, {layout}")  # noqa: T201  that is its job
            for name, runs in found.items():
                seconds, megabytes = median(one for one, _ in runs), max(one for _, one in runs)
                print(f"  {name:22} {seconds:7.2f} s {megabytes:7.0f} MB  xent takes {own / seconds:.2f} x")  # noqa: T201


if __name__ == "__main__":
    given = [int(one.replace("_", "")) for one in sys.argv[1:3]]
    main(given[0] if given else 5_000_000, given[1] if len(given) > 1 else 10)
