"""Print how long `xent score` takes against its peers on made-up predictions, as ratios of medians in one run.

    python tests/bench/score.py [--runs N] [--scale SHARE] [WORKLOAD ...]

Workloads: wide, features, list, csv, jsonl, thousand, vocabulary, labels, binary; all without a name. `--scale 0.1`
takes a tenth of the rows. Whole processes in turn, so that a slow moment of the machine hits all alike; peak memory of
each. What is timed of xent is the full report, as JSON. The peers come with the extra `bench`; one that is not
installed is left out.
"""

import argparse
import importlib.util
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

XENT = [sys.executable, "-m", "xentcli", "score"]

DECODE = """
import sys, pyarrow.parquet as pq
pq.ParquetFile(sys.argv[1]).read(use_threads=True)
"""
PANDAS_CLASSES = """
import sys, numpy, pandas
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss
frame = pandas.read_parquet(sys.argv[1])
y = frame["label"].to_numpy()
p = numpy.stack(frame["probs"]) if "probs" in frame else frame.drop(columns="label").to_numpy()
labels = range(p.shape[1])
guess = p.argmax(1)
print(log_loss(y, p, labels=labels), accuracy_score(y, guess), confusion_matrix(y, guess, labels=labels).sum())
"""
PANDAS_VOCABULARY = PANDAS_CLASSES.replace(", confusion_matrix(y, guess, labels=labels).sum()", "")
"""A dense confusion matrix of 50,000 classes takes 20 GB."""

PANDAS_BINARY = """
import sys, pandas
from sklearn.metrics import accuracy_score, average_precision_score, log_loss, roc_auc_score
frame = pandas.read_parquet(sys.argv[1])
y, p = frame["label"].to_numpy(), frame["prob"].to_numpy()
print(log_loss(y, p), accuracy_score(y, p > 0.5), roc_auc_score(y, p), average_precision_score(y, p))
"""
PANDAS_LABELS = """
import sys, pandas
from sklearn.metrics import accuracy_score, f1_score, log_loss
frame = pandas.read_parquet(sys.argv[1])
size = len(frame.columns) // 2
y, p = frame.iloc[:, :size].to_numpy(), frame.iloc[:, size:].to_numpy()
print([log_loss(y[:, at], p[:, at], labels=[0, 1]) for at in range(size)])
print(f1_score(y, p > 0.5, average=None), accuracy_score(y, p > 0.5))
"""
POLARS_WIDE = """
import sys, polars as pl
names = [f"p_{at}" for at in range(int(sys.argv[2]))]
true = pl.coalesce(pl.when(pl.col("label") == at).then(pl.col(name)) for at, name in enumerate(names))
hit = true == pl.max_horizontal(names)
loss = -true.cast(pl.Float64).clip(2.0**-52, 1 - 2.0**-52).log()
print(pl.scan_parquet(sys.argv[1]).select(loss=loss.mean(), accuracy=hit.mean()).collect())
"""
POLARS_LIST = """
import sys, polars as pl
p = pl.col("probs")
true = p.arr.get(pl.col("label"))
loss = -true.cast(pl.Float64).clip(2.0**-52, 1 - 2.0**-52).log()
hit = p.arr.arg_max() == pl.col("label")
print(pl.scan_parquet(sys.argv[1]).select(loss=loss.mean(), accuracy=hit.mean()).collect())
"""
DUCKDB_WIDE = """
import sys, duckdb
names = [f"p_{at}" for at in range(int(sys.argv[2]))]
true = "CASE label " + " ".join(f"WHEN {at} THEN {name}" for at, name in enumerate(names)) + " END"
print(duckdb.sql(
    f"SELECT avg(-ln(greatest(({true})::DOUBLE, 2.2e-16))), avg((({true}) = greatest({', '.join(names)}))::INT)"
    f" FROM '{sys.argv[1]}'"
))
"""
READ_CSV = """
import sys, pyarrow.csv
pyarrow.csv.read_csv(sys.argv[1])
"""
READ_JSON = """
import sys, pyarrow.json
pyarrow.json.read_json(sys.argv[1])
"""

XENT_ALONE = """
import runpy, sys
path = sys.argv[1].replace(".parquet", "_alone.parquet")
sys.argv = ["xent", "score", path, "-f", "json", "--isolated"]
runpy.run_module("xentcli", run_name="__main__")
"""


def chances(rng, truth, classes):
    """Return float32 probabilities that mostly favour the true class, shape (n, classes)."""
    p = rng.random((len(truth), classes), dtype=np.float32)
    p[np.arange(len(truth)), truth] += rng.random(len(truth), dtype=np.float32) * 3
    p /= p.sum(axis=1, keepdims=True)
    return p


def write_classes(path, rows, classes, layout):
    """Write labels beside wide or list probabilities, about 5 million scores a row group."""
    rng = np.random.default_rng(1)
    group = max(1, 5_000_000 // classes)
    wide = [(f"p_{at}", pa.float32()) for at in range(classes)]
    kinds = wide if layout == "wide" else [("probs", pa.list_(pa.float32(), classes))]
    schema = pa.schema([("label", pa.int64()), *kinds])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, group):
            truth = rng.integers(0, classes, min(group, rows - start))
            p = chances(rng, truth, classes)
            columns = [pa.array(p[:, at]) for at in range(classes)]
            if layout == "list":
                columns = [pa.FixedSizeListArray.from_arrays(pa.array(p.ravel()), classes)]
            writer.write_table(pa.Table.from_arrays([pa.array(truth), *columns], schema=schema))


def write_features(path, rows, classes):
    """Write labels and wide probabilities beside 200 columns of features, and a second file without the features."""
    rng = np.random.default_rng(5)
    write_classes(path.with_name(f"{path.stem}_alone.parquet"), rows, classes, "wide")
    table = pq.read_table(path.with_name(f"{path.stem}_alone.parquet"))
    for at in range(200):
        values = rng.normal(size=rows).astype(np.float32) if at % 2 else rng.integers(0, 50, rows, dtype=np.int16)
        table = table.add_column(0, f"feature_{at}", pa.array(values))
    pq.write_table(table, path, row_group_size=max(1, 5_000_000 // classes))


def write_labels(path, rows, labels):
    """Write 0/1 label columns beside as many float32 score columns."""
    rng = np.random.default_rng(2)
    hot = rng.random((rows, labels)) < 0.2
    p = np.clip(rng.random((rows, labels), dtype=np.float32) * 0.6 + 0.3 * hot, 0.0, 1.0).astype(np.float32)
    columns = {f"y_true_{at}": pa.array(hot[:, at].astype(np.int8)) for at in range(labels)}
    columns |= {f"y_pred_{at}": pa.array(p[:, at]) for at in range(labels)}
    pq.write_table(pa.table(columns), path, row_group_size=max(1, 5_000_000 // labels))


def write_binary(path, rows):
    """Write 0/1 labels beside one float32 score."""
    rng = np.random.default_rng(3)
    p = rng.random(rows, dtype=np.float32)
    pq.write_table(pa.table({"label": (rng.random(rows) < p).astype(np.int64), "prob": p}), path)


def write_csv(path, rows, classes):
    """Write labels beside wide probabilities of six digits."""
    rng = np.random.default_rng(4)
    truth = rng.integers(0, classes, rows)
    p = np.round(chances(rng, truth, classes).astype(np.float64), 6)
    columns = {"label": truth} | {f"p_{at}": p[:, at] for at in range(classes)}
    pyarrow.csv.write_csv(pa.table(columns), path)


def write_json_lines(path, rows, classes):
    """Write an object a line: a label and probabilities of six digits."""
    rng = np.random.default_rng(6)
    names = [f"p_{at}" for at in range(classes)]
    with path.open("w", encoding="ascii") as file:
        for start in range(0, rows, 50_000):
            truth = rng.integers(0, classes, min(50_000, rows - start))
            p = np.round(chances(rng, truth, classes).astype(np.float64), 6)
            for label, row in zip(truth.tolist(), p.tolist(), strict=True):
                file.write(json.dumps({"label": label, **dict(zip(names, row, strict=True))}) + "\n")


@dataclass(frozen=True)
class Workload:
    """A file to make, and who is timed on it, by name and program; the file's path is the first argument."""

    rows: int
    width: int
    suffix: str
    write: object
    peers: dict


WORKLOADS = {
    "wide": Workload(
        5_000_000, 10, ".parquet", lambda *size: write_classes(*size, "wide"),
        {"polars, 2 numbers": POLARS_WIDE, "duckdb, 2 numbers": DUCKDB_WIDE, "pyarrow decode": DECODE,
         "pandas + scikit-learn": PANDAS_CLASSES},
    ),
    "features": Workload(2_000_000, 10, ".parquet", write_features, {"xent, no features": XENT_ALONE}),
    "list": Workload(
        5_000_000, 10, ".parquet", lambda *size: write_classes(*size, "list"),
        {"polars, 2 numbers": POLARS_LIST, "pyarrow decode": DECODE, "pandas + scikit-learn": PANDAS_CLASSES},
    ),
    "csv": Workload(1_000_000, 10, ".csv", write_csv, {"pyarrow.csv": READ_CSV}),
    "jsonl": Workload(1_000_000, 10, ".jsonl", write_json_lines, {"pyarrow.json": READ_JSON}),
    "thousand": Workload(
        50_000, 1_000, ".parquet", lambda *size: write_classes(*size, "list"),
        {"pyarrow decode": DECODE, "pandas + scikit-learn": PANDAS_CLASSES},
    ),
    "vocabulary": Workload(
        2_000, 50_000, ".parquet", lambda *size: write_classes(*size, "list"),
        {"pyarrow decode": DECODE, "pandas + scikit-learn": PANDAS_VOCABULARY},
    ),
    "labels": Workload(
        1_000_000, 80, ".parquet", write_labels, {"pyarrow decode": DECODE, "pandas + scikit-learn": PANDAS_LABELS}
    ),
    "binary": Workload(
        5_000_000, 1, ".parquet", lambda path, rows, _: write_binary(path, rows),
        {"pyarrow decode": DECODE, "pandas + scikit-learn": PANDAS_BINARY},
    ),
}  # fmt: skip


def make(name, path, rows):
    """Write the file of a workload."""
    WORKLOADS[name].write(path, rows, WORKLOADS[name].width)


def timed(command):
    """Return the seconds and the peak megabytes of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[:4]} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def installed(program):
    """Whether a program's peer is there to run."""
    return all(importlib.util.find_spec(name) for name in ("polars", "duckdb", "sklearn") if name in program)


def run(name, workload, rows, runs, folder):
    """Time all contestants of a workload in turn; print medians and ratios."""
    path = Path(folder) / f"{name}{workload.suffix}"
    # Made in a process of its own: what it needs must not count as the peak of those started afterwards.
    maker = multiprocessing.get_context("spawn").Process(target=make, args=(name, path, rows))
    maker.start()
    maker.join()
    commands = {"xent score, in full": [*XENT, str(path), "-f", "json", "--isolated"]}
    for peer, program in workload.peers.items():
        if installed(program):
            commands[peer] = [sys.executable, "-c", program, str(path), str(workload.width)]
    found = {peer: [timed(command)] for peer, command in commands.items()}  # a warm-up, not counted
    for _ in range(runs):
        for peer, command in commands.items():
            found[peer].append(timed(command))
    path.unlink()
    own = median(seconds for seconds, _ in found["xent score, in full"][1:])
    print(f"{name}: {rows:,} x {workload.width}, {os.cpu_count()} cores, medians of {runs}")
    for peer, all_runs in found.items():
        seconds, megabytes = median(one for one, _ in all_runs[1:]), max(one for _, one in all_runs)
        print(f"  {peer:22} {seconds:7.2f} s {megabytes:7.0f} MB   xent takes {own / seconds:.2f} x")


def main():
    """Run the workloads that are asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("workloads", nargs="*", default=list(WORKLOADS), metavar="WORKLOAD")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    given = parser.parse_args()
    for name in given.workloads:
        if name not in WORKLOADS:
            parser.error(f"{name} is none of {', '.join(WORKLOADS)}")
        workload = WORKLOADS[name]
        with tempfile.TemporaryDirectory() as folder:
            run(name, workload, max(1, round(workload.rows * given.scale)), given.runs, folder)


if __name__ == "__main__":
    main()
