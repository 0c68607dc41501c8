"""Snippets: programs that train with the recommended loss, one per framework and kind of task.

Floor 4. A snippet assumes `x`, float32 features of shape (N, F), and `y`, the labels as the file holds them;
it leaves the loss in `loss`. Class names come from a file, so they are written as Python literals.
"""

from xentcli.task.model import Encoding, Kind, Task

FEW_CLASSES = 20


_TRAIN: dict[str, dict[Kind, str]] = {
    "keras": {
        Kind.BINARY: """\
import keras

model = keras.Sequential([keras.layers.Dense(1)])
model.compile(
    optimizer="adam",
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
)
model.fit(x, target[:, None].astype("float32"), epochs=2, verbose=0)
loss = model.evaluate(x, target[:, None].astype("float32"), verbose=0)[0]
""",
        Kind.MULTICLASS: """\
import keras

model = keras.Sequential([keras.layers.Dense(K)])
model.compile(
    optimizer="adam",
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=[keras.metrics.SparseCategoricalAccuracy()],
)
model.fit(x, target, epochs=2, verbose=0)
loss = model.evaluate(x, target, verbose=0)[0]
""",
        Kind.MULTILABEL: """\
import keras

model = keras.Sequential([keras.layers.Dense(K)])
model.compile(
    optimizer="adam",
    loss=keras.losses.BinaryCrossentropy(from_logits=True),  # not metrics=["accuracy"]: that is argmax
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
)
model.fit(x, target.astype("float32"), epochs=2, verbose=0)
loss = model.evaluate(x, target.astype("float32"), verbose=0)[0]
""",
    },
    "torch": {
        Kind.BINARY: """\
import torch

inputs, labels = torch.from_numpy(x), torch.from_numpy(target).float()
model = torch.nn.Linear(inputs.shape[1], 1)  # no sigmoid: the loss has it
criterion = torch.nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters())
for _ in range(20):
    optimizer.zero_grad()
    value = criterion(model(inputs).squeeze(1), labels)
    value.backward()
    optimizer.step()
loss = value.item()
""",
        Kind.MULTICLASS: """\
import torch

inputs, labels = torch.from_numpy(x), torch.from_numpy(target)
model = torch.nn.Linear(inputs.shape[1], K)  # no softmax: the loss has it
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters())
for _ in range(20):
    optimizer.zero_grad()
    value = criterion(model(inputs), labels)
    value.backward()
    optimizer.step()
loss = value.item()
""",
        Kind.MULTILABEL: """\
import torch

inputs, labels = torch.from_numpy(x), torch.from_numpy(target).float()
model = torch.nn.Linear(inputs.shape[1], K)  # no sigmoid: the loss has it
criterion = torch.nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters())
for _ in range(20):
    optimizer.zero_grad()
    value = criterion(model(inputs), labels)
    value.backward()
    optimizer.step()
loss = value.item()
""",
    },
    "jax": {
        Kind.BINARY: """\
import jax.numpy as jnp
import optax

weights = jnp.zeros((x.shape[1],))
loss = float(optax.sigmoid_binary_cross_entropy(x @ weights, target).mean())
""",
        Kind.MULTICLASS: """\
import jax.numpy as jnp
import optax

weights = jnp.zeros((x.shape[1], K))
loss = float(optax.softmax_cross_entropy_with_integer_labels(x @ weights, target).mean())
""",
        Kind.MULTILABEL: """\
import jax.numpy as jnp
import optax

weights = jnp.zeros((x.shape[1], K))
loss = float(optax.sigmoid_binary_cross_entropy(x @ weights, target).mean())
""",
    },
    "sklearn": {
        Kind.BINARY: """\
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

model = LogisticRegression(max_iter=200).fit(x, target)
loss = log_loss(target, model.predict_proba(x), labels=range(K))
""",
        Kind.MULTICLASS: """\
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

model = LogisticRegression(max_iter=200).fit(x, target)
loss = log_loss(target, model.predict_proba(x), labels=model.classes_)
""",
        Kind.MULTILABEL: """\
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.multiclass import OneVsRestClassifier

model = OneVsRestClassifier(LogisticRegression(max_iter=200)).fit(x, target)
scores = model.predict_proba(x)
loss = sum(log_loss(target[:, k], scores[:, k], labels=[0, 1]) for k in range(K)) / K
""",
    },
    "xgboost": {
        Kind.BINARY: """\
import xgboost

model = xgboost.XGBClassifier(objective="binary:logistic", eval_metric="logloss", n_estimators=10)
model.fit(x, target, eval_set=[(x, target)], verbose=False)
loss = model.evals_result()["validation_0"]["logloss"][-1]
""",
        Kind.MULTICLASS: """\
import xgboost

model = xgboost.XGBClassifier(objective="multi:softprob", eval_metric="mlogloss", n_estimators=10)
model.fit(x, target, eval_set=[(x, target)], verbose=False)
loss = model.evals_result()["validation_0"]["mlogloss"][-1]
""",
        Kind.MULTILABEL: """\
import xgboost

model = xgboost.XGBClassifier(objective="binary:logistic", eval_metric="logloss", n_estimators=10)
model.fit(x, target, eval_set=[(x, target)], verbose=False)
loss = model.evals_result()["validation_0"]["logloss"][-1]
""",
    },
    "lightgbm": {
        Kind.BINARY: """\
import lightgbm
from sklearn.metrics import log_loss

model = lightgbm.LGBMClassifier(objective="binary", n_estimators=10, verbose=-1).fit(x, target)
loss = log_loss(target, model.predict_proba(x), labels=range(K))
""",
        Kind.MULTICLASS: """\
import lightgbm
from sklearn.metrics import log_loss

model = lightgbm.LGBMClassifier(objective="multiclass", n_estimators=10, verbose=-1).fit(x, target)
loss = log_loss(target, model.predict_proba(x), labels=model.classes_)
""",
        Kind.MULTILABEL: """\
import lightgbm
from sklearn.metrics import log_loss

models = [
    lightgbm.LGBMClassifier(objective="binary", n_estimators=10, verbose=-1).fit(x, target[:, k]) for k in range(K)
]
losses = [log_loss(target[:, k], m.predict_proba(x)[:, -1], labels=[0, 1]) for k, m in enumerate(models)]
loss = sum(losses) / K
""",
    },
    "catboost": {
        Kind.BINARY: """\
import catboost

model = catboost.CatBoostClassifier(loss_function="Logloss", iterations=10, verbose=False, allow_writing_files=False)
model.fit(x, target)
loss = model.get_best_score()["learn"]["Logloss"]
""",
        Kind.MULTICLASS: """\
import catboost

model = catboost.CatBoostClassifier(loss_function="MultiClass", iterations=10, verbose=False, allow_writing_files=False)
model.fit(x, target)
loss = model.get_best_score()["learn"]["MultiClass"]
""",
        Kind.MULTILABEL: """\
import catboost

model = catboost.CatBoostClassifier(loss_function="MultiLogloss", iterations=10, allow_writing_files=False, verbose=0)
model.fit(x, target)
loss = model.get_best_score()["learn"]["MultiLogloss"]
""",
    },
}


def snippet_for(framework: str, task: Task) -> str:
    """Return the program of a framework for a task; a comment where one program cannot do it."""
    if task.kind is Kind.MULTIOUTPUT or task.kind is None:
        return "# one model, or one output layer, per column: inspect each with --label COLUMN\n"
    if task.encoding in {Encoding.CLASS_PROBABILITIES, Encoding.LABEL_PROBABILITIES}:
        return _soft_snippet(framework, task)
    return f"import numpy as np\n\n{_target(task)}\n{_TRAIN[framework][task.kind]}"


def _soft_snippet(framework: str, task: Task) -> str:
    if framework == "torch" and task.encoding is Encoding.CLASS_PROBABILITIES:
        return """\
import torch

inputs, targets = torch.from_numpy(x), torch.from_numpy(y).float()
model = torch.nn.Linear(inputs.shape[1], targets.shape[1])  # no softmax: the loss has it
loss = torch.nn.CrossEntropyLoss()(model(inputs), targets).item()
"""
    if framework == "keras":
        last = "CategoricalCrossentropy" if task.encoding is Encoding.CLASS_PROBABILITIES else "BinaryCrossentropy"
        return f"""\
import keras

model = keras.Sequential([keras.layers.Dense(y.shape[1])])
model.compile(optimizer="adam", loss=keras.losses.{last}(from_logits=True))
model.fit(x, y, epochs=2, verbose=0)
loss = model.evaluate(x, y, verbose=0)
"""
    if framework == "jax":
        function = (
            "softmax_cross_entropy" if task.encoding is Encoding.CLASS_PROBABILITIES else "sigmoid_binary_cross_entropy"
        )
        return f"""\
import jax.numpy as jnp
import optax

weights = jnp.zeros((x.shape[1], y.shape[1]))
loss = float(optax.{function}(x @ weights, y).mean())
"""
    return "# takes hard labels only: repeat each row once per class, weighted by its share\n"


def _target(task: Task) -> str:
    """Return code that turns `y` into the target encoding, with the class order written out."""
    if len(task.classes) > FEW_CLASSES:
        listed = (
            "sorted(set(np.ravel(y)))"
            if task.encoding is not Encoding.TAG_LISTS
            else "sorted({t for r in y for t in r})"
        )
    else:
        listed = f"[{', '.join(ascii(_literal(task, name)) for name in task.classes)}]"
    if task.encoding in {Encoding.ONE_HOT, Encoding.MULTI_HOT}:
        target = "np.asarray(y)" if task.kind is Kind.MULTILABEL else "np.asarray(y).argmax(axis=1)"
        return f"target = {target}\nK = {len(task.classes)}\n"
    lines = [
        f"classes = {listed}",
        "K = len(classes)",
        "index = {name: at for at, name in enumerate(classes)}",
    ]
    if task.encoding is Encoding.TAG_LISTS:
        lines.append("target = np.array([[int(name in row) for name in classes] for row in y])")
    else:
        lines.append("target = np.array([index[label] for label in y])")
    return "\n".join(lines) + "\n"


def _literal(task: Task, name: str) -> object:
    numbers = {
        Encoding.CLASS_INDICES,
        Encoding.ONE_BASED_INDICES,
        Encoding.CLASS_CODES,
        Encoding.PLUS_MINUS_ONE,
    }
    return int(name) if task.encoding in numbers and name.lstrip("-").isdigit() else name
