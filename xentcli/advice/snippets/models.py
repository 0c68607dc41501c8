"""Models: code that trains estimators and layers of logits with the recommended loss, library by library.

Floor 4.

Estimators: code that trains scikit-learn, XGBoost, LightGBM and CatBoost models for the recommended loss. The code
stands after that of `targets`: it finds `x` and `target`, and leaves the loss in `loss`. They take hard classes:
what is soft is given as weighted rows, and several labels or outputs as a model each.

Neural frameworks: code that trains a layer of logits with the recommended loss in Keras, PyTorch and Optax. The
code stands after that of `targets`: it finds `x` and `target`, and leaves the loss in `loss`.
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


def keras(detection: Detection) -> str:
    """Return the code for Keras 3."""
    if detection.outputs:
        return _KERAS_OUTPUTS
    kind = detection.task.kind
    soft = detection.task.encoding is Encoding.CLASS_PROBABILITIES
    if soft:
        return _keras("K", "CategoricalCrossentropy", "target", "keras.metrics.CategoricalAccuracy()")
    if kind is Kind.BINARY:
        return _keras("1", "BinaryCrossentropy", 'target[:, None].astype("float32")', _THRESHOLD)
    if kind is Kind.MULTICLASS:
        return _keras("K", "SparseCategoricalCrossentropy", "target", "keras.metrics.SparseCategoricalAccuracy()")
    if detection.seen.open_count:
        return _KERAS_MASKED
    return _keras("K", "BinaryCrossentropy", 'target.astype("float32")', _THRESHOLD, _NOT_ACCURACY)


_THRESHOLD = "keras.metrics.BinaryAccuracy(threshold=0.0)"
_NOT_ACCURACY = '  # not "accuracy": that is argmax'


def _keras(units: str, loss: str, target: str, metric: str, note: str = "") -> str:
    return f"""\
import keras

model = keras.Sequential([keras.layers.Dense({units})])  # logits: the loss has the activation
model.compile(
    optimizer="adam",
    loss=keras.losses.{loss}(from_logits=True),
    metrics=[{metric}],{note}
)
model.fit(x, {target}, epochs=2, verbose=0)
loss = model.evaluate(x, {target}, verbose=0)[0]
"""


_KERAS_MASKED = """\
import keras


def masked(target, logits):
    known = keras.ops.cast(target >= 0, "float32")
    losses = keras.ops.binary_crossentropy(keras.ops.relu(target), logits, from_logits=True)
    return keras.ops.sum(losses * known) / keras.ops.sum(known)


model = keras.Sequential([keras.layers.Dense(K)])
model.compile(optimizer="adam", loss=masked)
model.fit(x, hot.astype("float32"), epochs=2, verbose=0)
loss = model.evaluate(x, hot.astype("float32"), verbose=0)
"""

_KERAS_OUTPUTS = """\
import keras

inputs = keras.Input((x.shape[1],))
heads = [keras.layers.Dense(size, name=f"output_{at}")(inputs) for at, size in enumerate(sizes)]
model = keras.Model(inputs, heads)
model.compile(
    optimizer="adam",
    loss=[keras.losses.SparseCategoricalCrossentropy(from_logits=True) for _ in sizes],  # summed
)
model.fit(x, targets, epochs=2, verbose=0)
loss = model.evaluate(x, targets, verbose=0)
loss = loss[0] if isinstance(loss, list) else loss
"""


def torch(detection: Detection) -> str:
    """Return the code for PyTorch 2."""
    kind, encoding = detection.task.kind, detection.task.encoding
    if detection.outputs:
        return _TORCH_OUTPUTS
    if encoding is Encoding.CLASS_PROBABILITIES:
        return _torch("target", "K", "softmax", "torch.nn.CrossEntropyLoss()", "")
    if kind is Kind.MULTICLASS:
        return _torch("target", "K", "softmax", "torch.nn.CrossEntropyLoss()", "")
    if kind is Kind.BINARY:
        return _torch("target.astype(np.float32)", "1", "sigmoid", "torch.nn.BCEWithLogitsLoss()", ".squeeze(1)")
    if detection.seen.open_count:
        return _TORCH_MASKED
    return _torch("target.astype(np.float32)", "K", "sigmoid", "torch.nn.BCEWithLogitsLoss()", "")


def _torch(target: str, units: str, activation: str, criterion: str, squeeze: str) -> str:
    return f"""\
import torch

inputs, labels = torch.from_numpy(x), torch.from_numpy({target})
model = torch.nn.Linear(inputs.shape[1], {units})  # no {activation}: the loss has it
criterion = {criterion}
optimizer = torch.optim.Adam(model.parameters())
for _ in range(20):
    optimizer.zero_grad()
    value = criterion(model(inputs){squeeze}, labels)
    value.backward()
    optimizer.step()
loss = value.item()
"""


_TORCH_MASKED = """\
import torch

inputs, labels = torch.from_numpy(x), torch.from_numpy(target.astype(np.float32))
kept = torch.from_numpy(known)
model = torch.nn.Linear(inputs.shape[1], K)  # no sigmoid: the loss has it
criterion = torch.nn.BCEWithLogitsLoss(reduction="none")
optimizer = torch.optim.Adam(model.parameters())
for _ in range(20):
    optimizer.zero_grad()
    value = criterion(model(inputs), labels)[kept].mean()
    value.backward()
    optimizer.step()
loss = value.item()
"""

_TORCH_OUTPUTS = """\
import torch

inputs, labels = torch.from_numpy(x), [torch.from_numpy(one) for one in targets]
heads = torch.nn.ModuleList([torch.nn.Linear(inputs.shape[1], size) for size in sizes])
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(heads.parameters())
for _ in range(20):
    optimizer.zero_grad()
    value = sum(criterion(head(inputs), one) for head, one in zip(heads, labels))  # one softmax each
    value.backward()
    optimizer.step()
loss = value.item()
"""


def jax(detection: Detection) -> str:
    """Return the code for JAX with Optax."""
    kind, encoding = detection.task.kind, detection.task.encoding
    if detection.outputs:
        return _JAX.format(
            start="[jnp.zeros((x.shape[1], size)) for size in sizes]",
            value="sum(\n        optax.softmax_cross_entropy_with_integer_labels(x @ one, labels).mean()\n"
            "        for one, labels in zip(weights, targets)\n    )",
        )
    if encoding is Encoding.CLASS_PROBABILITIES:
        return _jax("(x.shape[1], K)", "softmax_cross_entropy(x @ weights, target).mean()")
    if kind is Kind.MULTICLASS:
        return _jax("(x.shape[1], K)", "softmax_cross_entropy_with_integer_labels(x @ weights, target).mean()")
    if kind is Kind.BINARY:
        return _jax("(x.shape[1],)", "sigmoid_binary_cross_entropy(x @ weights, target).mean()")
    if detection.seen.open_count:
        return _jax("(x.shape[1], K)", "sigmoid_binary_cross_entropy(x @ weights, target).mean(where=known)")
    return _jax("(x.shape[1], K)", "sigmoid_binary_cross_entropy(x @ weights, target).mean()")


def _jax(shape: str, value: str) -> str:
    return _JAX.format(start=f"jnp.zeros({shape})", value=f"optax.{value}")


_JAX = """\
import jax
import jax.numpy as jnp
import optax


def objective(weights):
    return {value}


weights = {start}
optimizer = optax.adam(0.01)
state = optimizer.init(weights)
for _ in range(20):
    value, slope = jax.value_and_grad(objective)(weights)
    updates, state = optimizer.update(slope, state)
    weights = optax.apply_updates(weights, updates)
loss = float(value)
"""
