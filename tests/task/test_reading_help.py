"""What a refusal advises leads somewhere right: to the number that is meant, or to another clear refusal.

Each kind of refusal has a small file whose right numbers are known. Every option that the error's lines name is
followed, and what that refuses is followed once more.
"""

import re
import shlex
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli.errors import XentError

ROWS = 80
OPTION = re.compile(r"--(label|scores|classes|scale|id|positive|normalize|skip-bad-rows)(?![\w-])")
REPEATED = {"label", "scores"}
FLAGS = {"normalize", "skip-bad-rows"}
PLACEHOLDERS = {"COLUMN", "PREFIX", "COL"}


@dataclass(frozen=True)
class Case:
    """A file that is refused.

    Attributes:
        columns: of the predictions.
        losses: the right ones, by what the caller may mean; None for predicted labels.
        mended: whether some advice must lead to a right number.
        labels: the columns of a second file.
        label: the column that holds the truth, for advice that names no column.
        scores: the columns that hold the scores, likewise.
    """

    columns: dict[str, Any]
    losses: tuple[float | None, ...]
    mended: bool = True
    labels: dict[str, Any] | None = None
    label: str = "label"
    scores: tuple[str, ...] = ()
    accuracies: tuple[float, ...] = field(default=())


def rng():
    return np.random.default_rng(11)


def chances(classes, seed):
    return np.random.default_rng(seed).dirichlet(np.ones(classes) * 0.8 + 0.4, ROWS)


def truth(classes):
    return rng().permutation(np.arange(ROWS) % classes)


def loss(scores, labels):
    return float(-np.log(scores[np.arange(len(labels)), labels]).mean())


def one_loss(score, labels):
    return loss(np.stack([1 - score, score], axis=1), labels)


def named(pattern, names, scores):
    return {pattern.format(name): scores[:, at] for at, name in enumerate(names)}


NAMES = ("ash", "fir", "oak")
Y, BITS = truth(3), truth(2)
P, Q = chances(3, 1), chances(3, 2)
S, T = rng().uniform(0.02, 0.98, ROWS), np.random.default_rng(5).uniform(0.02, 0.98, ROWS)
TREES = np.array(NAMES)[Y]
FEATURES = {
    "x0": rng().normal(size=ROWS),
    "rooms": rng().integers(0, 3, ROWS),
    "city": ["Rome", "Oslo", "Lima", "Bonn"] * (ROWS // 4),
}
IDS = [f"s{at}" for at in range(ROWS)]
VOTES = np.round(P * np.linspace(20, 90, ROWS)[:, None]).astype(int) + 1
SHARES = VOTES / VOTES.sum(axis=1, keepdims=True)
MIXED = np.where(np.arange(ROWS)[:, None] < 76, P, 4 * P - 2)


CASES = {
    "two models": Case(
        {"label": Y} | named("svm_{}", range(3), P) | named("gbm_{}", range(3), Q), (loss(P, Y), loss(Q, Y))
    ),
    "two models with words": Case(
        {"label": TREES} | named("p_lr_{}", NAMES, P) | named("p_rf_{}", NAMES, Q) | FEATURES,
        (loss(P, Y), loss(Q, Y)),
    ),
    "two scores": Case({"label": BITS, "lr_proba": S, "rf_proba": T}, (one_loss(S, BITS), one_loss(T, BITS))),
    "two versions of a score": Case(
        {"y_true": BITS, "y_pred_raw": S, "y_pred_calibrated": T} | FEATURES, (one_loss(S, BITS), one_loss(T, BITS))
    ),
    "two models' decisions": Case(
        {"label": TREES, "pred_lr": np.array(NAMES)[P.argmax(1)], "pred_rf": np.array(NAMES)[Q.argmax(1)]},
        (None,), accuracies=(float((P.argmax(1) == Y).mean()), float((Q.argmax(1) == Y).mean())),
    ),
    "two labels": Case(
        {"label": BITS, "true_label": BITS[::-1], "score": S}, (one_loss(S, BITS), one_loss(S, BITS[::-1]))
    ),
    "two lists": Case(
        {"label": Y, "probs": P.tolist(), "probs_tta": Q.tolist()}, (loss(P, Y), loss(Q, Y))
    ),
    "which of two names is 1": Case(
        {"label": BITS, "prob_fraud": S, "prob_legit": 1 - S}, (one_loss(S, BITS), one_loss(1 - S, BITS))
    ),
    "names in another order": Case(
        {"label": Y} | named("p_{}", ("oak", "ash", "fir"), P), (loss(P, Y), loss(P[:, [1, 2, 0]], Y))
    ),
    "per cents": Case({"label": TREES} | named("p_{}", NAMES, np.round(100 * P, 6)), (loss(P, Y),)),
    "sums of three models": Case({"label": TREES} | named("p_{}", NAMES, 3 * P), (loss(P, Y),)),
    "per cents without a prefix": Case({"label": TREES} | named("{}", NAMES, 100 * P), (loss(P, Y),)),
    "no truth": Case({"id": IDS} | named("p_{}", NAMES, P), (), mended=False),
    "a label without a name": Case(
        {"what": np.where(BITS == 1, "up", "down"), "score": S, "smoker": BITS[::-1]} | FEATURES,
        (one_loss(S, BITS), one_loss(S, BITS[::-1])), label="what",
    ),
    "no scores": Case({"label": TREES} | FEATURES, (), mended=False, scores=("x0",)),
    "scores without a name": Case(
        {"label": TREES} | named("c{}", "xyz", np.log(P)) | FEATURES, (loss(P, Y),), mended=False,
        scores=("cx", "cy", "cz"),
    ),
    "votes of any number": Case({"label": TREES} | named("votes_{}", NAMES, VOTES), (loss(SHARES, Y),), mended=False),
    "a file of labels alone": Case({"label": TREES}, (), mended=False),
    "one score for three classes": Case({"label": TREES, "score": S, "smoker": BITS} | FEATURES, (), mended=False),
    "other classes": Case(
        {"label": TREES} | named("p_{}", ("a", "b", "c"), P) | FEATURES, (loss(P, Y),), mended=False
    ),
    "a feature with the values of the predictions": Case(
        {"label": TREES, "pred": np.array(list("uvw"))[Y], "zone": np.array(list("uvw"))[Y[::-1]]} | FEATURES, (),
        mended=False,
    ),
    "numbers to regress": Case({"y": rng().normal(size=ROWS), "yhat": S}, (), mended=False, label="y"),
    "signs beside bits": Case({"label": BITS, "pred": 2 * BITS - 1}, (), mended=False),
    "labels from one, columns from zero": Case({"label": Y + 1} | named("prob_{}", range(3), P), (loss(P, Y),)),
    "no value in common": Case({"tag": TREES, "gold": IDS, "pred": np.array(list("uvw"))[Y]}, (), mended=False),
    "names beside a list": Case(
        {"label": TREES, "probs": chances(4, 3).tolist()}, (loss(chances(4, 3), Y),), mended=False
    ),
    "some rows of logits": Case({"label": TREES} | named("p_{}", NAMES, MIXED), (loss(P[:76], Y[:76]),)),
    "two codings of a label": Case(
        {"gold": np.where(BITS == 1, "ant", "bee"), "target": BITS, "score": S},
        (one_loss(S, BITS), one_loss(1 - S, BITS)), label="gold",
    ),
    "labels that no row shares": Case(
        {"id": IDS, "p_ash": S, "p_fir": 1 - S}, (), mended=False,
        labels={"id": [f"t{at}" for at in range(ROWS)], "label": TREES},
    ),
}  # fmt: skip


def scored(case, form, folder, options):
    def held(columns, name):
        frame = pd.DataFrame(columns)
        if form == "frame" or any(isinstance(cells, list) and isinstance(cells[0], list) for cells in columns.values()):
            return frame
        frame.to_csv(folder / name, index=False)
        return folder / name

    labels = None if case.labels is None else held(case.labels, "labels.csv")
    return xentcli.score(held(case.columns, "predictions.csv"), labels=labels, **options)


def advice(error, case):
    """Return the options that the lines of an error name: those of a detail together, those of the help one by one."""
    found = [merged(options_in(line, case)) for line in error.details if OPTION.search(line)]
    return [one for one in [*found, *options_in(error.help or "", case)] if one]


def options_in(line, case):
    """Return each option in a line; a placeholder stands for the column that is meant."""
    found = []
    for match in OPTION.finditer(line):
        name = match.group(1)
        if name in FLAGS:
            found.append({name.replace("-", "_"): True})
            continue
        value = word_after(line[match.end() :])
        if value in PLACEHOLDERS:
            found += meant(name, case)
        elif value:
            found.append({name: [value] if name in REPEATED else value})
    return found


def word_after(rest):
    """Return the word that follows an option, as a shell reads it, without the marks of the sentence."""
    lexer = shlex.shlex(rest, posix=True, punctuation_chars=";")
    lexer.whitespace_split = True
    try:
        word = next(iter(lexer), "")
    except ValueError:
        return rest.split()[0]
    return word.rstrip(",.;:)")


def meant(name, case):
    if name == "label":
        every = [case.label] if case.label in (case.labels or case.columns) else []
        return [{"label": [one]} for one in every]
    return [{"scores": list(case.scores)}] if case.scores and name == "scores" else []


def merged(options):
    """Return options together: repeated ones hold all their values."""
    found = {}
    for one in options:
        for name, value in one.items():
            found[name] = [*found.get(name, []), *value] if name in REPEATED else value
    return found


def is_right(case, report):
    value = report.score.loss and report.score.loss.value
    if value is None:
        return None in case.losses and report.score.accuracy.value in case.accuracies
    return any(one is not None and value == pytest.approx(one, rel=1e-6) for one in case.losses)


def followed(case, form, folder, options, depth=3):
    """Yield whether each end of the advice is a right number; a refusal without further advice is no end."""
    try:
        report = scored(case, form, folder, options)
    except XentError as error:
        for more in advice(error, case) if depth else ():
            further = merged([options, more])
            if further != options and len(further.get("label", ())) < 2:
                yield from followed(case, form, folder, further, depth - 1)
        return
    yield is_right(case, report), options, report.score.loss and report.score.loss.value


@pytest.mark.parametrize("form", ["frame", "csv"])
@pytest.mark.parametrize("kind", CASES)
def test_advice_leads_to_a_right_number_or_to_another_refusal(tmp_path, kind, form):
    case = CASES[kind]
    with pytest.raises(XentError):
        scored(case, form, tmp_path, {})
    ends = list(followed(case, form, tmp_path, {}))
    assert not [end for end in ends if not end[0]]
    assert ends or not case.mended


@pytest.mark.parametrize("kind", CASES)
def test_a_refusal_says_what_to_do(tmp_path, kind):
    with pytest.raises(XentError) as caught:
        scored(CASES[kind], "csv", tmp_path, {})
    assert caught.value.help


def test_likely_labels_stand_first_among_the_columns_and_are_not_cut():
    columns = {f"sensor_{at}": rng().normal(size=ROWS) for at in range(40)} | {"what": ["up", "down"] * (ROWS // 2)}
    with pytest.raises(XentError) as caught:
        xentcli.score(pd.DataFrame(columns))
    assert "columns: what, sensor_0" in str(caught.value)
