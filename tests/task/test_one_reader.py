"""One reader: `inspect`, `score` and `encode` give one answer on every form of labels that stands beside scores."""

import numpy as np
import pandas as pd
import pytest

import xentcli

ROWS = 90
RNG = np.random.default_rng(5)
NAMES = np.array(["ant", "bee", "cow"])
THREE, TWO = RNG.integers(0, 3, ROWS), RNG.integers(0, 2, ROWS)
CHANCES, SHARE, RATES = RNG.dirichlet(np.ones(3), ROWS), RNG.random(ROWS), RNG.random((ROWS, 3))
HOT = np.eye(3, dtype=int)[THREE]
BITS = (RNG.random((ROWS, 3)) < 0.45).astype(int)
BITS[0] = [1, 1, 0]


def columns(prefix, matrix, names=NAMES):
    return {f"{prefix}{name}": matrix[:, at] for at, name in enumerate(names)}


def tags(mark):
    return [mark.join(NAMES[row == 1]) for row in BITS]


OF_CLASSES = columns("p_", CHANCES)
OF_INDICES = columns("p_", CHANCES, range(3))
OF_LABELS = columns("p_", RATES)
FORMS = {
    "names": ({"label": NAMES[THREE]}, OF_CLASSES),
    "names with gaps": ({"label": np.where(np.arange(ROWS) < 4, None, NAMES[THREE])}, OF_CLASSES),
    "indices": ({"label": THREE}, OF_INDICES),
    "indices as floats": ({"label": THREE.astype(float)}, OF_INDICES),
    "from 1": ({"label": THREE + 1}, columns("p_", CHANCES, range(1, 4))),
    "codes": ({"label": np.array([3, 7, 12])[THREE]}, columns("p_", CHANCES, (3, 7, 12))),
    "booleans": ({"label": TWO.astype(bool)}, {"score": SHARE}),
    "0 and 1": ({"label": TWO}, {"score": SHARE}),
    "1 and 2": ({"label": TWO + 1}, {"score": SHARE}),
    "signs": ({"label": 2 * TWO - 1}, {"score": SHARE}),
    "yes and no": ({"label": np.where(TWO, "yes", "no")}, {"score": SHARE}),
    "Y and N": ({"label": np.where(TWO, "Y", "N")}, {"score": SHARE}),
    "one-hot": (columns("label_", HOT), OF_CLASSES),
    "multi-hot": (columns("label_", BITS), OF_LABELS),
    "multi-hot booleans": (columns("label_", BITS.astype(bool)), OF_LABELS),
    "multi-hot words": (columns("label_", np.where(BITS, "yes", "no")), OF_LABELS),
    "multi-hot signs": (columns("label_", 2 * BITS - 1), OF_LABELS),
    "tags by semicolons": ({"tags": tags("; ")}, OF_LABELS),
    "tags by commas": ({"tags": tags(",")}, OF_LABELS),
    "tags by bars": ({"tags": tags("|")}, OF_LABELS),
    "tags by blanks": ({"tags": tags(" ")}, OF_LABELS),
    "tags in brackets": ({"tags": [str([str(one) for one in NAMES[row == 1]]) for row in BITS]}, OF_LABELS),
    "distributions": (columns("target_", RNG.dirichlet(np.ones(3), ROWS)), OF_CLASSES),
    "smoothed": (columns("target_", np.round(0.9 * HOT + 0.1 / 3, 4)), OF_CLASSES),
    "votes": (columns("votes_", RNG.multinomial(5, [0.3, 0.3, 0.4], ROWS)), OF_CLASSES),
    "a share per label": (columns("share_", RNG.random((ROWS, 3))), OF_LABELS),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_every_command_reads_the_same_labels(tmp_path, form, suffix):
    labels, scores = FORMS[form]
    file = tmp_path / f"preds.{suffix}"
    frame = pd.DataFrame({**scores, **labels})
    frame.to_csv(file, index=False) if suffix == "csv" else frame.to_parquet(file)
    inspected, scored = xentcli.inspect(file), xentcli.score(file)
    seen, read = inspected.detection.task, scored.score.task
    assert (seen.kind, seen.classes, seen.encoding, seen.positive) == (
        read.kind, read.classes, read.encoding, read.positive,
    )  # fmt: skip
    assert list(inspected.detection.columns) == [one.name for one in scored.columns if one.role == "label"]
    if seen.encoding not in {"class-probabilities", "label-probabilities"}:
        to = "multi-hot" if seen.kind == "multilabel" else "class-indices"
        encoded = xentcli.encode(file, to=to)
        assert (encoded.task.kind, encoded.classes) == (read.kind, read.classes)


def test_the_forms_are_all_there_are():
    encodings = {
        xentcli.score(pd.DataFrame({**scores, **labels})).score.task.encoding for labels, scores in FORMS.values()
    }
    assert len(encodings) == 11
