"""xent: what your labels and predictions mean, the loss, the correct accuracy, and the traps.

The library has the commands of the command line as functions that return frozen results:

    >>> import xentcli
    >>> report = xentcli.score("preds.parquet")  # doctest: +SKIP
    >>> report.score.loss.value, report.score.accuracy.value  # doctest: +SKIP
    (1.1769, 0.5)
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from xentcli.api.checking import check
    from xentcli.api.comparing import compare
    from xentcli.api.encoding import encode
    from xentcli.api.explaining import explain
    from xentcli.api.inspecting import inspect
    from xentcli.api.scoring import score
    from xentcli.config.limit import Limit, Margin

__all__ = ["Limit", "Margin", "__version__", "check", "compare", "encode", "explain", "inspect", "score"]

_HOMES = {
    "check": "api.checking",
    "compare": "api.comparing",
    "encode": "api.encoding",
    "explain": "api.explaining",
    "inspect": "api.inspecting",
    "score": "api.scoring",
    "Limit": "config.limit",
    "Margin": "config.limit",
}


def __dir__() -> list[str]:
    """Name what is public, imported or not, for completion and `help`."""
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    """Import what is public on first use, so that `xent --version` does not wait for numpy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'xentcli' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415  see above

    return getattr(import_module(f"xentcli.{_HOMES[name]}"), name)
