"""The metrics of the page of `xent score`: kin on one line, each under a name that people know.

Floor 8. Formats finished numbers; computes nothing.
"""

from collections.abc import Iterator, Mapping

from xentcli.metrics import BOUNDS, METRICS, Kin
from xentcli.scoring.model import Metric
from xentcli.views import numbers


def metric_lines(metrics: Mapping[str, Metric]) -> Iterator[tuple[str, str]]:
    """Yield name and text of each line that has a metric; a metric without kin has a line of its own."""
    for kin in Kin:
        held = [(key, one.words) for key, one in METRICS.items() if one.kin is kin and key in metrics]
        shown = [_shown(metrics, key, words) for key, words in held if not _pointless(metrics, key)]
        if shown:
            yield kin.value, ", ".join(shown)
    for name, value in metrics.items():
        alone = name not in METRICS or METRICS[name].kin is None
        if alone and not name.endswith(BOUNDS) and not isinstance(value, tuple):
            yield name, numbers.rate_cell(value)


def _pointless(metrics: Mapping[str, Metric], name: str) -> bool:
    """Whether a metric is undefined because the task has too few classes for it."""
    return name.startswith("top_") and metrics[name] is None


def _shown(metrics: Mapping[str, Metric], name: str, words: str) -> str:
    value, bounds = metrics[name], metrics.get(f"{name}{BOUNDS}")
    text = f"{words} {numbers.rate_cell(None if isinstance(value, tuple) else value)}".strip()
    return f"{text} (proven in {numbers.rate_bounds(bounds)})" if isinstance(bounds, tuple) else text
