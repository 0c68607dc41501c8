"""The JSON Schema of `xent.toml`, for editors: what a file may say, from the table of options and the rules of limits.

Floor 1. The text stands beside this module as `xent.schema.json`, which a test compares; `python -m
xentcli.config.schema` prints it anew, `xent config schema` as it stands. What only whoever reads the data can know
(whether a column, a class or a metric exists) is not in it.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xentcli.config.limit import CHOICES, KINDS, NEEDS
from xentcli.config.models import KEYS
from xentcli.config.table import SETTINGS
from xentcli.metrics import METRICS
from xentcli.options.option import Option, OptionBounds, options_of
from xentcli.options.table import LimitOptions

FILE_NAME = "xent.schema.json"

_TEXT: Mapping[str, Any] = {"type": "string"}
_NAME: Mapping[str, Any] = {"type": "string", "pattern": r"\S"}
_NUMBER: Mapping[str, Any] = {"type": "number"}
_SHARE = r"^\s*\+?[0-9.]+([eE][+-]?[0-9]+)?\s*%\s*$"
_MARGIN: Mapping[str, Any] = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": _SHARE},
    ]
}


def schema_text() -> str:
    """Return the schema as it stands in its file."""
    return json.dumps(schema(), indent=1) + "\n"


def schema() -> dict[str, Any]:
    """Return the schema of a whole file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "xent.toml",
        "description": "How xent reads predictions, and the limits that xent check holds them against.",
        **_table({**_model(), "models": _tables("A model: its own files, options and checks.", "model")}),
        "definitions": {"model": _table(_model()), "check": _limit(), **{k: _setting(o) for k, o in SETTINGS.items()}},
    }


def _model() -> dict[str, Any]:
    """Return what may stand at the top of a file, and in the table of a model."""
    return {
        **{key: {"$ref": f"#/definitions/{key}"} for key in SETTINGS},
        "predictions": {
            "description": "The files to judge, relative to this file.",
            "anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}],
        },
        "baseline": {"description": options_of(LimitOptions)["baseline"].help, **_NAME},
        "checks": _tables("A limit on a metric.", "check"),
    }


def _table(keys: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return the schema of a table with some keys, each written with `-` or `_`."""
    spelled = {name: value for key, value in keys.items() for name in _spellings(key)}
    return {"type": "object", "properties": spelled, "additionalProperties": False, **more}


def _tables(description: str, definition: str) -> dict[str, Any]:
    """Return the schema of a table of tables, each under a name of its own."""
    each = {"$ref": f"#/definitions/{definition}"}
    return {
        "description": description, "type": "object", "minProperties": 1, "additionalProperties": each,
        "propertyNames": {"pattern": r"\S"},
    }  # fmt: skip


def _spellings(key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((key, key.replace("-", "_"))))


def _setting(option: Option) -> dict[str, Any]:
    found: dict[str, Any] = {"description": option.help}
    if option.default is not None and option.default != ():
        found["default"] = option.default
    return found | _values(option)


def _values(option: Option) -> dict[str, Any]:
    """Return what values an option may have in a file."""
    if option.is_switch:
        return {"type": "boolean"}
    if float in option.types:
        return {"type": "number", **_within(option.bounds)}
    if option.choices:
        return {"enum": list(option.choices)}
    forms: list[Mapping[str, Any]] = [_TEXT]
    if Sequence in option.types:
        forms.append({"type": "array", "items": _TEXT})
    if Mapping in option.types:
        forms.append({"type": "object", "additionalProperties": {"type": "number", "minimum": 0}, "minProperties": 1})
    if int in option.types:
        forms.append({"type": "integer"})
    return dict(_TEXT) if len(forms) == 1 else {"anyOf": forms}


def _within(bounds: OptionBounds | None) -> dict[str, float]:
    if bounds is None:
        return {}
    least = {"exclusiveMinimum" if bounds.above else "minimum": bounds.low}
    if bounds.high is None:
        return least
    return least | {"exclusiveMaximum" if bounds.below else "maximum": bounds.high}


def _limit() -> dict[str, Any]:
    """Return the schema of a limit's table."""
    values: dict[str, Any] = {
        "metric": {
            "description": "Name of a number of the score document, such as loss; recall[eel] is that of one class.",
            "anyOf": [{"enum": list(METRICS)}, {"type": "string", "pattern": r"^\w+\[.+\]$"}],
        },
        "min": {"description": "The least that passes.", **_NUMBER},
        "max": {"description": "The most that passes.", **_NUMBER},
        "max-regression": {"description": 'How much worse than the baseline: a number, or "2%".', **_MARGIN},
        "by": {"description": "class, or columns joined by + whose values group the rows.", **_NAME},
        "group": {"description": "One of the groups, which is then the only one that is limited.", **_TEXT},
        "overrides": {
            "description": "Other limits for some groups.", "type": "object", "minProperties": 1,
            "additionalProperties": {"anyOf": [_NUMBER, *_MARGIN["anyOf"]]},
        },
        "min-count": {"description": "Groups of fewer rows are not judged.", "type": "integer", "minimum": 0},
    }  # fmt: skip
    values |= {key: {"enum": [one.value for one in kind]} for key, kind in CHOICES.items()}
    needs = {name: _one_of(others) for key, others in NEEDS.items() for name in _spellings(key)}
    return _table({key: values[key] for key in KEYS}, required=["metric"], dependencies=needs, **_one_of(KINDS))


def _one_of(keys: Iterable[str]) -> dict[str, Any]:
    """Return what demands that at least one of some keys stands there."""
    return {"anyOf": [{"required": [name]} for key in keys for name in _spellings(key)]}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
