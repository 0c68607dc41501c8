"""The metrics of the page of `xent score`: kin on one line, each under a name that people know.

Floor 8. Formats finished numbers; computes nothing.
"""

from collections.abc import Iterator, Mapping

from xentcli.scoring.model import Metric
from xentcli.views import numbers

BOUNDS = "_bounds"
"""Ends the name of what the metric before it is proven to lie between, None where it is exact."""

_LINES = (
    ("balanced accuracy", {"balanced_accuracy": ""}),
    ("F1", {"f1_macro": "macro", "f1_micro": "micro", "f1_weighted": "weighted"}),
    ("beyond chance", {"mcc": "Matthews correlation", "cohen_kappa": "Cohen's kappa"}),
    ("recall", {"sensitivity": "of the positive class (sensitivity)", "specificity": "of the other (specificity)"}),
    ("ranking", {"roc_auc": "area under the ROC curve", "average_precision": "average precision"}),
    ("per label", {"hamming_accuracy": "accuracy (Hamming)", "jaccard": "shared labels (Jaccard)"}),
    ("per output", {"mean_accuracy": "mean accuracy"}),
    ("top k accuracy", {"top_2": "2:", "top_3": "3:", "top_5": "5:"}),
    ("probabilities", {"brier": "Brier score", "ece": "expected calibration error"}),
)


def metric_lines(metrics: Mapping[str, Metric]) -> Iterator[tuple[str, str]]:
    """Yield name and text of each line that has a metric; a metric that none knows has a line of its own."""
    known = set()
    for title, members in _LINES:
        held = {name: words for name, words in members.items() if name in metrics}
        known |= set(held)
        shown = [_shown(metrics, name, words) for name, words in held.items() if not _pointless(metrics, name)]
        if shown:
            yield title, ", ".join(shown)
    for name, value in metrics.items():
        if name not in known and not name.endswith(BOUNDS) and not isinstance(value, tuple):
            yield name, numbers.rate_cell(value)


def _pointless(metrics: Mapping[str, Metric], name: str) -> bool:
    """Whether a metric is undefined because the task has too few classes for it."""
    return name.startswith("top_") and metrics[name] is None


def _shown(metrics: Mapping[str, Metric], name: str, words: str) -> str:
    value, bounds = metrics[name], metrics.get(f"{name}{BOUNDS}")
    text = f"{words} {numbers.rate_cell(None if isinstance(value, tuple) else value)}".strip()
    return f"{text} (proven in {numbers.rate_bounds(bounds)})" if isinstance(bounds, tuple) else text
