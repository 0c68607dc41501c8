"""Placing: an error of a value that came from the configuration file names its line.

Floor 8. The floors below know values and not where they were set, so they name the option or the column.
"""

from collections.abc import Mapping
from typing import Any

from xentcli.addresses import shown
from xentcli.api.arguments import texts
from xentcli.errors import ColumnError, ConfigError, Place, UnreadableError, XentError

_FILES = ("predictions", "baseline", "labels")
"""Keys whose values are paths."""

_COLUMNS = ("id", "label", "weight", "scores")
"""Keys whose values are names of columns."""


def placed(error: XentError, held: Mapping[str, Any], places: Mapping[str, Place], model: str = "") -> XentError:
    """Return an error with the line of the file that set what it speaks of; else as it is.

    What speaks of an option becomes an error of its key. What speaks of a file or a column keeps its place, and a
    detail tells who named it.

    Args:
        error: of reading or scoring a model.
        held: the values that hold, by their keys in the file.
        places: of those keys whose values came from the file.
        model: its name, to be told beside the key; empty where it says nothing.
    """
    if not places:  # a call, whose values may be arrays
        return error
    key = error.option
    if key is not None and key in places:
        within = (f"in {error.place}",) if error.place is not None else ()
        return ConfigError(error.about(key), place=places[key], details=(*within, *error.details), help=error.help)
    keys = _named_by(error, held)
    if not keys or not all(one in places for one in keys):
        return error
    of = f" (model {model!r})" if model else ""
    return error.with_details(f"named by {key} in {places[key]}{of}" for key in keys)


def _named_by(error: XentError, held: Mapping[str, Any]) -> list[str]:
    """Return the keys whose values name the file that cannot be read, or the column that there is not."""
    if isinstance(error, UnreadableError) and error.place is not None:
        return [key for key in _FILES if error.place.path in [shown(one) for one in texts(held.get(key) or ())]]
    if isinstance(error, ColumnError):
        return [key for key in _COLUMNS if error.column in texts(held.get(key) or ())]
    return []
