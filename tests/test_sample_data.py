"""The sample data are what their script makes, and their README tells the truth."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import accuracy_score, log_loss

import xentcli

FOLDER = Path(__file__).parent.parent / "sample_data"
SPEC = importlib.util.spec_from_file_location("make_samples", FOLDER / "make.py")
script = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(script)


def numbers(path):
    """Return all cells of a file as text or numbers."""
    if path.suffix == ".npy":
        return np.load(path).ravel().tolist()
    if path.suffix == ".parquet":
        return [cell for column in pq.read_table(path).columns for cell in pa.array(column).to_pylist()]
    return re.split(r"[,\n]", path.read_text())


def flat(cells):
    for cell in cells:
        if isinstance(cell, list):
            yield from flat(cell)
        else:
            try:
                yield float(cell)
            except (TypeError, ValueError):
                yield cell


def test_the_script_makes_the_files_again(tmp_path):
    script.make(tmp_path)
    made = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    kept = sorted(
        str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".md", ".pyc", ".toml"}
    )  # fmt: skip
    assert made == kept
    for name in made:
        new, old = list(flat(numbers(tmp_path / name))), list(flat(numbers(FOLDER / name)))
        assert len(new) == len(old)
        for one, other in zip(new, old, strict=True):
            assert one == (pytest.approx(other, rel=1e-4, abs=1e-6) if isinstance(other, float) else other)


def test_the_keras_trap_shows_a_far_better_element_wise_accuracy_than_is_true():
    table = pq.read_table(FOLDER / "preds_keras_trap.parquet")
    truth = np.array(table["label"].to_pylist())
    p = np.array(table["probs"].to_pylist())
    element_wise = ((p > 0.5) == np.eye(10)[truth].astype(bool)).mean()
    report = xentcli.score(FOLDER / "preds_keras_trap.parquet").score
    assert report.accuracy.value == pytest.approx(accuracy_score(truth, p.argmax(1)), abs=1e-15)
    assert report.loss.value == pytest.approx(log_loss(truth, p.astype(np.float64) / p.sum(1, keepdims=True)), rel=1e-6)
    assert round(float(element_wise), 4) == 0.9909
    assert round(report.accuracy.value, 4) == 0.9511


def rows_of_the_readme():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(\S+)` \|.*\| ([0-9.]+|none) \| ([0-9.]+) \|$", text, re.MULTILINE)


@pytest.mark.parametrize(("name", "loss", "accuracy"), rows_of_the_readme())
def test_the_readme_of_the_samples_states_what_is_scored(name, loss, accuracy):
    labels = FOLDER / "digits_y_true.npy" if name == "digits_y_pred.npy" else None
    score = xentcli.score(FOLDER / name, labels=labels).score
    assert ("none" if score.loss is None else f"{score.loss.value:.4f}") == loss
    assert f"{score.accuracy.value:.4f}" == accuracy


def test_the_readme_of_the_samples_names_every_file():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    files = [path for path in FOLDER.rglob("*") if path.is_file() and path.suffix not in {".md", ".pyc"}]
    assert [path.name for path in files if path.name not in text] == []
    assert len(rows_of_the_readme()) == 13
