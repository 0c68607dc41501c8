"""Program: the whole snippet of a framework for some labels.

Floor 4. It assumes `x`, float32 features of shape (N, F), and `y`, the labels as the file holds them (several
columns: rows of cells), and leaves the loss in `loss`.
"""

from xentcli.advice.snippets import neural
from xentcli.advice.snippets.estimators import ESTIMATORS, estimator
from xentcli.advice.snippets.targets import target_code
from xentcli.task.model import Detection

_NEURAL = {"keras": neural.keras, "torch": neural.torch, "jax": neural.jax}


def snippet(framework: str, detection: Detection) -> str:
    """Return the program of a framework that trains on labels such as these."""
    code = estimator(framework, detection) if framework in ESTIMATORS else _NEURAL[framework](detection)
    return f"import numpy as np\n\n{target_code(detection)}\n{code}"
