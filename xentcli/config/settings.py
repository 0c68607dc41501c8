"""Shared settings: the options that every command has, as a table of the file gives them.

Floor 1. The table of options says which they are, of what types, and which name files; what one means is the command's
business.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from xentcli.config.table import TomlTable, flag, number, subtable, text, texts
from xentcli.config.toml import is_number
from xentcli.options.option import NamesFile, Option, options_of
from xentcli.options.table import PredictionOptions

SETTINGS = {one.key: one for one in options_of(PredictionOptions).values() if one.configured}
"""The shared options by their keys."""

MODEL_KEYS = (*SETTINGS, "predictions", "baseline", "checks")
"""The keys of a model."""

FILE_KEYS = (*MODEL_KEYS, "models")
"""The keys at the top of a file."""


def settings_of(table: TomlTable) -> dict[str, Any]:
    """Return the shared options that a table sets, by their names.

    Raises:
        ConfigError: a value is of a wrong type.
    """
    return {SETTINGS[key].name: _value(table, SETTINGS[key]) for key in table.values if key in SETTINGS}


def _value(table: TomlTable, option: Option) -> Any:
    key, value = option.key, table.values[option.key]
    if option.is_switch:
        return flag(table, key)
    if float in option.types:
        return number(table, key)
    if option.repeatable or (Sequence in option.types and isinstance(value, list)):
        return texts(table, key)
    if Mapping in option.types and isinstance(value, dict):
        weights = subtable(table, key, "weights by class")
        return {name: number(weights, name) for name in weights.values}
    if int in option.types and isinstance(value, int) and is_number(value):
        return str(value)
    written = text(table, key)
    if option.names is NamesFile.PATH:
        return table.beside(written)
    if option.names is NamesFile.AT_PATH and written.startswith("@"):
        return f"@{table.beside(written[1:])}"
    return written
