"""Results made by hand, so that the views are judged without reading or computing anything."""

import os
from pathlib import Path

import pytest

from xentcli.advice.model import Advice, Avoid, Equivalent, FrameworkAdvice, Hint, Priors
from xentcli.record import replace
from xentcli.results import Inspection, ScoreReport, Source
from xentcli.rules.rule import Finding, Level
from xentcli.scoring.model import (
    Accuracy,
    Bin,
    ClassScore,
    Confusion,
    FrameworkReport,
    LabelScore,
    Loss,
    LossBin,
    OutputScore,
    Rows,
    Score,
    ScoredTask,
)
from xentcli.task.model import Alternative, Certainty, ClassCount, ColumnRole, Detection, NotATarget, Role, Task
from xentcli.terms import Encoding, Kind, Scale

SCREENS = Path(__file__).parent / "screens"

LOSS = Loss(
    name="categorical_cross_entropy", value=0.31214, standard_error=0.004, interval=(0.304, 0.32),
    reduction="mean over rows", eps=2.0**-52, clipped=0, renormalised=0, unclipped=0.31214, bits=0.45033,
    perplexity=1.36635, prior_loss=1.0986, skill=0.71588, target_entropy=0.0, kl_divergence=0.31214,
)  # fmt: skip
ACCURACY = Accuracy("top-1", 0.9012, (0.8951, 0.907), 9003, 0, 0.5)
BAD = Finding(
    "XE208", "bad-scores", Level.ERROR, "3 of 9,993 rows were skipped", "mend what writes the scores", 3,
    rows=(17, 406, 1833), lines=(18, 407, 1834),
)  # fmt: skip
UNMATCHED = Finding("XE308", "unmatched-ids", Level.WARNING, "4 ids stand in one file only", "use one list of ids", 4)


BESIDE_SCORES = "numbers beside the scores"


def read_as(names):
    """Return what each column of a file was read as that holds an id, a label, a score a class and two features."""
    return (
        ColumnRole("id", Role.ID, None, "counts the rows"),
        ColumnRole("y", Role.LABEL, None, "its values name the score columns"),
        *(ColumnRole(f"p_{name}", Role.SCORE, name, "named after the class") for name in names),
        ColumnRole("age", Role.UNUSED, None, BESIDE_SCORES),
        ColumnRole("income", Role.UNUSED, None, BESIDE_SCORES),
    )


def scored(names=("cat", "dog", "eel"), **changes):
    """Return a report on a multi-class file, or the same with other parts of its score."""
    size = len(names)
    supports = [5000, 4000, 990, *([100] * size)][:size]
    score = Score(
        task=ScoredTask(
            Kind.MULTICLASS, Encoding.CLASS_NAMES, tuple(names), None, Scale.PROBABILITIES, ("label: y (by its name)",)
        ),
        rows=Rows(9993, 9990, 0, 3),
        confidence_level=0.95,
        loss=LOSS,
        accuracy=ACCURACY,
        metrics={"balanced_accuracy": 0.85, "f1_macro": 0.9, "mcc": None},
        per_class=tuple(
            ClassScore(name, support, support - 10, 0.9, 1.0, 0.94737, 0.1 * (at + 1) if at else None)
            for at, (name, support) in enumerate(zip(names, supports, strict=True))
        ),
        confusion=Confusion(
            tuple(names), tuple(tuple(1000 if i == j else i for j in range(size)) for i in range(size)), None, None
        ),
        per_label=None,
        calibration=tuple(
            Bin(at / 15, (at + 1) / 15, 600 * at, (at + 0.5) / 15, min(1.0, 0.9 * at / 15))
            if at > 4
            else Bin(at / 15, (at + 1) / 15, 0, None, None)
            for at in range(15)
        ),
        loss_histogram=(LossBin(0.0, 0.001, 4000), LossBin(0.001, 1.0, 5989), LossBin(1.0, None, 1)),
    )
    columns = read_as(names)
    source = Source("preds.csv", "csv", 9993, tuple(one.name for one in columns), ("separator: comma",))
    return ScoreReport(source, replace(score, **changes), (BAD, UNMATCHED), columns=columns)


_TRAP = "mean of 10 binary losses a row, most of them of easy zeros"
_ELEMENTS = "counts 10 zeros and ones a row, not rows: all zeros earn 0.9"
_FITTED = "compile(loss='binary_crossentropy', metrics=['accuracy'])"


def frameworks():
    """Return reports of frameworks: the Keras trap in four versions, an infinite loss, an average, and the truth."""
    right = {"loss_agrees": True, "accuracy_agrees": True, "because": None, "loss": 0.31214, "accuracy": 0.9012}
    trap = {"loss": 0.0512, "loss_agrees": False, "accuracy_call": "metrics=['accuracy'] -> binary_accuracy"}
    old = {**trap, "accuracy": 0.9802, "accuracy_agrees": False, "because": f"{_TRAP}; {_ELEMENTS}"}
    new = {**trap, "accuracy": 0.9012, "accuracy_agrees": True, "because": _TRAP}
    infinite = {"loss": None, "loss_agrees": False, "accuracy": 0.9012, "accuracy_agrees": True}
    macro = {"call": None, "loss": None, "loss_agrees": None, "accuracy": 0.85, "accuracy_agrees": False}
    return (
        FrameworkReport("keras", "1.2 - 2.2.5", _FITTED, **old),
        FrameworkReport("keras", "2.3", _FITTED, **old),
        FrameworkReport("tf.keras", "1.15 - 2.1", _FITTED, **old),
        FrameworkReport("keras", "3", _FITTED, **new),
        FrameworkReport("keras", "3", "CategoricalCrossentropy()", accuracy_call="metrics=['accuracy']", **right),
        FrameworkReport("torch", "2", "NLLLoss()(log(p), y)", accuracy_call="(p.argmax(1) == y).float().mean()",
                        because="infinite or no number for 2 rows with a score of exactly 0 or 1", **infinite),
        FrameworkReport("torchmetrics", "1", accuracy_call="MulticlassAccuracy(num_classes=10)",
                        because="macro average: the mean recall of the classes, not the share of right rows", **macro),
        FrameworkReport("lightgbm", "4", "metric='multi_logloss' of probabilities", accuracy_call="1 - multi_error",
                        **right),
    )  # fmt: skip


def trapped():
    """Return a report on a multi-class file about which frameworks disagree."""
    return replace(scored(frameworks=frameworks()), findings=())


def binary(names=("no", "yes")):
    """Return a report on a binary file in which every remark on loss, accuracy and rows is made."""
    loss = replace(
        LOSS, name="binary_cross_entropy", clipped=12, renormalised=1500, unclipped=None, perplexity=None, skill=None
    )
    accuracy = Accuracy("threshold", 0.5, None, 2, 7, None, threshold=0.5)
    task = ScoredTask(Kind.BINARY, Encoding.BOOLEANS, names, names[-1], Scale.LOGITS, ())
    rows = Rows(20000, 12345, 7652, 3, unmatched=4, weight_sum=36.04365)
    metrics = {
        "sensitivity": 0.25, "specificity": 0.75, "roc_auc": 0.812345, "roc_auc_bounds": (0.8123441, 0.8123459),
        "average_precision": None, "average_precision_bounds": None,
    }  # fmt: skip
    found = scored(names, task=task, loss=loss, accuracy=accuracy, rows=rows, metrics=metrics)
    return replace(found, findings=())


def multilabel(count=3):
    """Return a report on a multi-label file."""
    names = tuple(f"tag{at}" for at in range(count))
    labels = tuple(
        LabelScore(name, 10 + at, 9, 0.01 * at, 0.99, None if at == 2 else 0.5, 0.25, 1 / 3)
        for at, name in enumerate(names)
    )
    return replace(
        scored(
            names,
            task=ScoredTask(Kind.MULTILABEL, Encoding.MULTI_HOT, names, None, Scale.PROBABILITIES, ()),
            loss=replace(LOSS, name="binary_cross_entropy_per_label", sum_over_labels=0.93642, clipped=2),
            accuracy=Accuracy("subset", 0.7, (0.6, 0.8), 7, 1, 0.2, threshold=0.5),
            metrics={"hamming_accuracy": 0.95},
            per_class=(),
            confusion=None,
            per_label=labels,
            calibration=None,
        ),
        findings=(),
    )


def decided_outputs():
    """Return a report on two outputs that stand beside predicted labels: no loss anywhere."""
    made = {
        "color": (("blue", "green", "red"), Kind.MULTICLASS, 0.6433, (0.5876, 0.6954), 0.3633),
        "shape": (("round", "square"), Kind.BINARY, 0.8467, None, None),
    }
    outputs = tuple(
        OutputScore(
            name=name,
            task=ScoredTask(
                kind, Encoding.CLASS_NAMES, classes, classes[-1] if kind is Kind.BINARY else None, None, ()
            ),
            rows=Rows(300, 298, 2, 0),
            loss=None,
            accuracy=Accuracy("predicted-label", value, interval, 190, 0, most),
            metrics={"f1_macro": value - 0.01},
            per_class=tuple(
                ClassScore(one, 100, 90 + at, 0.5, 0.25 * at, None, None) for at, one in enumerate(classes)
            ),
            confusion=None,
            calibration=None,
        )
        for name, (classes, kind, value, interval, most) in made.items()
    )
    said = ("multi-output: 2 label columns, each with a column of predicted labels of its own",)
    task = ScoredTask(
        Kind.MULTIOUTPUT, (Encoding.CLASS_NAMES,) * 2, (), None, None, said, tuple(one.task for one in outputs)
    )
    columns = [
        ColumnRole("color_gt", Role.LABEL, None, "its predicted labels are named after it"),
        ColumnRole("color_pred", Role.PREDICTED, None, "holds labels"),
        ColumnRole("color_idx", Role.UNUSED, None, "the same as color_gt"),
    ]
    score = replace(
        scored().score, task=task, rows=Rows(300, 296, 4, 0), loss=None, metrics={"mean_accuracy": 0.745},
        accuracy=Accuracy("all-outputs", 0.5567, (0.5001, 0.6118), 165, 0, None), per_class=(), confusion=None,
        calibration=None, loss_histogram=(), outputs=outputs,
    )  # fmt: skip
    return replace(scored(), score=score, findings=(), columns=tuple(columns))


ADVICE = Advice(
    loss="sparse_categorical_cross_entropy", activation="softmax", units=3, target_encoding="class-indices",
    target_shape="(N,)", target_dtype="int64", pos_weight=None,
    hints=(Hint("top-5", "there are many classes"),), accuracy="top-1 (argmax)", expected_initial_loss=1.0986,
    class_weights={"cat": 0.667},
    bias_init=(0.4, -0.1, -0.3), formula="-log p[c]", why="Each row is exactly one class.",
    equivalent=(Equivalent("categorical_cross_entropy", "one-hot", "same value, three numbers a row instead of one"),),
    avoid=(Avoid("binary accuracy on one-hot rows", "it counts every element, so zeros alone earn 1 - 1/K"),),
    frameworks={"torch": FrameworkAdvice("CrossEntropyLoss()", "Linear(F, K)", "argmax", "x = 1\n\ny = '\x1b[31m'")},
)  # fmt: skip


def inspected(names=("cat", "dog", "eel"), advice=ADVICE, **changes):
    """Return what was found in a file of class names, or the same with another detection."""
    counts = tuple(ClassCount(name, 600 - 100 * at if at < 6 else 1) for at, name in enumerate(names))
    detection = Detection(
        columns=("label",),
        task=Task(Kind.MULTICLASS, Encoding.CLASS_NAMES, tuple(names)),
        certainty=Certainty.LIKELY,
        evidence=("3 distinct names in 1500 rows, each row holds one",),
        alternatives=(Alternative(Kind.BINARY, Encoding.BOOLEANS, "eel could be missing", "--task binary"),),
        rows=1503,
        missing_rows=3,
        counts=counts,
    )
    columns = (
        ColumnRole("id", Role.ID, None, "counts the rows"),
        ColumnRole("label", Role.LABEL, None, "named as a label"),
        ColumnRole("width", Role.UNUSED, None, "numbers beside the label"),
    )
    source = Source("labels.csv", "csv", 1503, tuple(one.name for one in columns), ("separator: comma",))
    found = replace(detection, **changes)
    return Inspection(source, found, Priors(1.0986, 1.0114, "cat", 0.4), advice, columns=columns)


def no_target(reason=NotATarget.CONTINUOUS):
    """Return what was found in a column that is no classification target."""
    task = Task(None, None, (), not_a_target=reason)
    return replace(inspected(task=task, advice=None, counts=(), alternatives=(), missing_rows=0), priors=None)


@pytest.fixture
def made():
    """The makers of results, under their names."""
    return {
        "scored": scored,
        "trapped": trapped,
        "binary": binary,
        "multilabel": multilabel,
        "decided_outputs": decided_outputs,
        "inspected": inspected,
        "none": no_target,
    }


@pytest.fixture
def screen():
    """The text of a golden screen; with WRITE_SCREENS in the environment what is drawn now becomes it first."""

    def agreed(name, drawn):
        if os.environ.get("WRITE_SCREENS"):
            (SCREENS / name).write_text(drawn, encoding="utf-8")
        return (SCREENS / name).read_text(encoding="utf-8")

    return agreed
