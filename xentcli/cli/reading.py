"""Reading options: what every command that scores predictions has in common, declared once.

Floor 9. Typer reads a command's options from its signature, so they are put into it.
"""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any

from xentcli.cli import options as opt

Command = Callable[..., int]

READING: dict[str, Any] = {
    "label": opt.Label,
    "scores": opt.Scores,
    "labels": opt.Labels,
    "id": opt.Id,
    "weight": opt.Weight,
    "classes": opt.Classes,
    "positive": opt.Positive,
    "task": opt.Task,
    "scale": opt.ScaleOption,
    "threshold": opt.Threshold,
    "normalize": opt.Normalize,
    "skip_bad_rows": opt.SkipBadRows,
    "label_smoothing": opt.LabelSmoothing,
    "focal_gamma": opt.FocalGamma,
    "class_weights": opt.ClassWeightsOption,
    "ignore_label": opt.IgnoreLabel,
    "at_least_one": opt.AtLeastOne,
    "confidence_level": opt.ConfidenceLevel,
    "select": opt.Select,
    "ignore": opt.Ignore,
    "null_values": opt.NullValues,
    "separator": opt.Separator,
    "comment": opt.Comment,
    "quote": opt.Quote,
    "header": opt.Header,
    "input_format": opt.InputFormat,
    "memory": opt.Memory,
}
"""The type of each option by its name in `xentcli.score`; none has a default, so that the configuration can speak."""

_GIVEN = "given"


def reads_predictions(command: Command) -> Command:
    """Return a command with the options of READING in the place of its parameter `given`, which gets them as a dict."""
    own = list(signature(command).parameters.values())
    place = next(at for at, one in enumerate(own) if one.name == _GIVEN)
    added = [Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=kind) for name, kind in READING.items()]
    rest = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in own[place + 1 :]]
    shown = [*own[:place], *added, *rest]

    @wraps(command)
    def run(**values: Any) -> int:
        given = {name: values.pop(name) for name in READING}
        return command(given=given, **values)

    vars(run)["__signature__"] = Signature(shown)
    run.__annotations__ = {one.name: one.annotation for one in shown}
    return run
