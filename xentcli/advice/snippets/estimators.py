"""Estimators: code that trains scikit-learn, XGBoost, LightGBM and CatBoost models for the recommended loss.

Floor 4. The code stands after that of `targets`: it finds `x` and `target`, and leaves the loss in `loss`. They
take hard classes: what is soft is given as weighted rows, and several labels or outputs as a model each.
"""

from xentcli.record import Record
from xentcli.task.model import Detection
from xentcli.terms import Encoding, Kind


class Estimator(Record):
    """How a library makes a classifier.

    Attributes:
        imports: the line that imports it.
        binary: code that makes one of two classes.
        multiclass: code that makes one of several.
    """

    imports: str
    binary: str
    multiclass: str


ESTIMATORS = {
    "sklearn": Estimator(
        "from sklearn.linear_model import LogisticRegression",
        "LogisticRegression(max_iter=200)",
        "LogisticRegression(max_iter=200)",
    ),
    "xgboost": Estimator(
        "import xgboost",
        'xgboost.XGBClassifier(objective="binary:logistic", n_estimators=10)',
        'xgboost.XGBClassifier(objective="multi:softprob", n_estimators=10)',
    ),
    "lightgbm": Estimator(
        "import lightgbm",
        'lightgbm.LGBMClassifier(objective="binary", n_estimators=10, verbose=-1)',
        'lightgbm.LGBMClassifier(objective="multiclass", n_estimators=10, verbose=-1)',
    ),
    "catboost": Estimator(
        "from catboost import CatBoostClassifier",
        'CatBoostClassifier(loss_function="Logloss", iterations=10, verbose=0, allow_writing_files=False)',
        'CatBoostClassifier(loss_function="MultiClass", iterations=10, verbose=0, allow_writing_files=False)',
    ),
}


def estimator(framework: str, detection: Detection) -> str:
    """Return the code for a framework of estimators."""
    made = ESTIMATORS[framework]
    kind, encoding = detection.task.kind, detection.task.encoding
    one = made.binary if kind is Kind.BINARY or kind is Kind.MULTILABEL else made.multiclass
    if detection.outputs:
        return _outputs(made, detection)
    if encoding is Encoding.CLASS_PROBABILITIES:
        return _SHARES.format(imports=made.imports, model=one)
    if encoding is Encoding.LABEL_PROBABILITIES:
        return _LABEL_SHARES.format(imports=made.imports, model=one)
    if kind is Kind.MULTILABEL:
        masked = "known[:, k]" if detection.seen.open_count else "slice(None)"
        return _LABELS.format(imports=made.imports, model=one, rows=masked)
    return _ONE.format(imports=made.imports, model=one)


def _outputs(made: Estimator, detection: Detection) -> str:
    """Return code with a model per output; two classes and several take different objectives."""
    binary = all(len(one.task.classes) == 2 for one in detection.outputs)
    several = all(len(one.task.classes) > 2 for one in detection.outputs)
    if binary or several or made.binary == made.multiclass:
        model = made.binary if binary else made.multiclass
        return _OUTPUTS.format(imports=made.imports, model=f"    model = {model}")
    choice = f"    if size == 2:\n        model = {made.binary}\n    else:\n        model = {made.multiclass}"
    return _OUTPUTS.format(imports=made.imports, model=choice)


_ONE = """\
{imports}
from sklearn.metrics import log_loss

model = {model}
model.fit(x, target)
loss = log_loss(target, model.predict_proba(x), labels=range(K))
"""

_LABELS = """\
{imports}
from sklearn.metrics import log_loss

losses = []
for k in range(K):  # one model per label
    rows = {rows}
    features, labels = x[rows], target[rows, k]
    if labels.min() == labels.max():
        continue  # a label that never changes teaches nothing
    model = {model}
    model.fit(features, labels)
    losses.append(log_loss(labels, model.predict_proba(features), labels=[0, 1]))
loss = sum(losses) / len(losses)
"""

_SHARES = """\
{imports}

rows, classes = np.nonzero(target)  # each row once per class, weighted by its share
model = {model}
model.fit(x[rows], classes, sample_weight=target[rows, classes])
scores = np.clip(model.predict_proba(x), 1e-12, 1.0)
loss = float(-(target[:, model.classes_.astype(int)] * np.log(scores)).sum(axis=1).mean())
"""

_LABEL_SHARES = """\
{imports}

losses = []
for k in range(K):  # each row twice: yes with weight p, no with weight 1 - p
    features, labels = np.concatenate([x, x]), np.repeat([1, 0], len(x))
    weights = np.concatenate([target[:, k], 1 - target[:, k]])
    model = {model}
    model.fit(features, labels, sample_weight=weights)
    scores = np.clip(model.predict_proba(x)[:, 1], 1e-12, 1 - 1e-12)
    losses.append(-(target[:, k] * np.log(scores) + (1 - target[:, k]) * np.log(1 - scores)).mean())
loss = float(sum(losses) / K)
"""

_OUTPUTS = """\
{imports}
from sklearn.metrics import log_loss

loss = 0.0
for size, target in zip(sizes, targets):  # one model per output, losses summed
{model}
    model.fit(x, target)
    loss += log_loss(target, model.predict_proba(x), labels=range(size))
"""
