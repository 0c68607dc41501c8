"""Optax, run as an entry of the table says, in the dtype of the file."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.scipy import special
from live.calls import Returned, number, run

FUNCTIONS = (
    "sigmoid_binary_cross_entropy", "sigmoid_focal_loss", "smooth_labels", "softmax_cross_entropy",
    "softmax_cross_entropy_with_integer_labels",
)  # fmt: skip


def returned(entry, file):
    """Return the loss of an entry; Optax has no accuracy."""
    with jax.enable_x64(new_val=True):
        scores = jnp.asarray(file.scores)
        labels = file.labels
        if file.shape in {"single", "labels"}:
            labels = labels.astype(file.scores.dtype)
        names = {name: getattr(optax, name) for name in FUNCTIONS} | {
            "p": scores, "logits": scores, "log_p": scores, "log": jnp.log, "logit": special.logit,
            "y": jnp.asarray(labels), "onehot": jnp.asarray(file.one_hot.astype(file.scores.dtype)),
        }  # fmt: skip
        return Returned(number(np.asarray(run(entry.call, names))), None)
