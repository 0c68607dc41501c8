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
    from xentcli.api.encoding import encode
    from xentcli.api.explaining import explain
    from xentcli.api.inspecting import inspect
    from xentcli.api.scoring import score

__all__ = ["__version__", "encode", "explain", "inspect", "score"]


def __getattr__(name: str) -> Any:
    """Import the public functions on first use, so that `xent --version` does not wait for numpy."""
    if name == "encode":
        from xentcli.api.encoding import encode  # noqa: PLC0415  see the docstring

        return encode
    if name == "explain":
        from xentcli.api.explaining import explain  # noqa: PLC0415  see the docstring

        return explain
    if name == "inspect":
        from xentcli.api.inspecting import inspect  # noqa: PLC0415  see the docstring

        return inspect
    if name == "score":
        from xentcli.api.scoring import score  # noqa: PLC0415  see the docstring

        return score
    raise AttributeError(f"module 'xentcli' has no attribute {name!r}")
