"""Shared settings: the options that every command has, as a table of the file gives them.

Floor 1. Keys are the long names of the options; what one means is the command's business.
"""

from typing import Any

from xentcli.config.model import Settings
from xentcli.config.numbers import is_number
from xentcli.config.table import Table, flag, number, subtable, text, texts
from xentcli.record import fields

SETTING_KEYS = tuple(name.replace("_", "-") for name in fields(Settings))
"""The keys of shared options, in the order of `Settings`."""

MODEL_KEYS = (*SETTING_KEYS, "predictions", "baseline", "checks")
"""The keys of a model."""

FILE_KEYS = (*MODEL_KEYS, "models")
"""The keys at the top of a file."""

_LISTS = {"label", "scores", "null-values", "select", "ignore"}
_FLAGS = {"normalize", "skip-bad-rows", "header", "at-least-one"}
_NUMBERS = {"threshold", "confidence-level", "label-smoothing", "focal-gamma"}


def settings_of(table: Table) -> dict[str, Any]:
    """Return the shared options of a table, by the names of the fields of `Settings`.

    Raises:
        ConfigError: a value is of a wrong type.
    """
    return {key.replace("-", "_"): _value(table, key) for key in table.values if key in SETTING_KEYS}


def _value(table: Table, key: str) -> Any:
    value = table.values[key]
    if key in _FLAGS:
        return flag(table, key)
    if key in _NUMBERS:
        return number(table, key)
    if key in _LISTS or (key == "classes" and isinstance(value, list)):
        return texts(table, key)
    if key == "class-weights" and isinstance(value, dict):
        weights = subtable(table, key, "weights by class")
        return {name: number(weights, name) for name in weights.values}
    if key == "ignore-label" and isinstance(value, int) and is_number(value):
        return str(value)
    if key == "memory" and isinstance(value, int) and is_number(value):
        return str(value)
    held = text(table, key)
    if key == "labels":
        return table.beside(held)
    if key in {"classes", "class-weights"} and held.startswith("@"):
        return f"@{table.beside(held[1:])}"
    return held
