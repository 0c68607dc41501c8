"""Baseline: how a metric differs from that of the model before, row by row or from stored numbers.

Floor 7.
"""

from collections.abc import Mapping
from typing import Protocol

from xentcli.metrics import BY_CLASS
from xentcli.record import Record, field
from xentcli.scoring.comparing.macros import NAMES, unpaired_differences
from xentcli.scoring.comparing.model import Comparison, Difference, GroupDifference
from xentcli.scoring.comparing.stored import (
    CLASS_RATES,
    StoredScore,
    class_difference,
    mean_difference,
    share_difference,
)


class Baseline(Protocol):
    """What a limit on regression asks."""

    @property
    def paired(self) -> bool:
        """Whether rows are compared one by one."""
        ...

    def metrics(self, by: str | None) -> tuple[str, ...]:
        """Return the metrics that can be compared."""
        ...

    def difference(self, metric: str, by: str | None, group: str | None) -> tuple[Difference | None, int]:
        """Return how a metric differs, value - baseline, and the number of rows that say so; None where unknown."""
        ...


class PairedBaseline(Record):
    """A baseline whose rows stand beside those of the model."""

    comparison: Comparison
    paired: bool = True
    _groups: Mapping[tuple[str, str | None], GroupDifference] = field(init=False)

    def __post_init__(self) -> None:
        """Find groups by their names."""
        seen = self.comparison
        found = {(BY_CLASS, one.value): one for one in seen.per_class}
        object.__setattr__(self, "_groups", found | {(one.by, one.value): one for one in seen.slices})

    def metrics(self, by: str | None) -> tuple[str, ...]:
        """See `Baseline.metrics`."""
        if by is None:
            return tuple(self.comparison.difference)
        loss = ("loss",) if "loss" in self.comparison.difference else ()
        if by == BY_CLASS:
            held = self.comparison.per_class
            known = [name for name in ("precision", "f1") if any(getattr(one, name) is not None for one in held)]
            return ("recall", *known, *loss) if held else ()
        return ("accuracy", *loss)

    def difference(self, metric: str, by: str | None, group: str | None) -> tuple[Difference | None, int]:
        """See `Baseline.difference`."""
        if by is None:
            return self.comparison.difference.get(metric), self.comparison.rows.paired
        found = self._groups.get((by, group))
        if found is None:
            return None, 0
        return {"loss": found.loss, "precision": found.precision, "f1": found.f1}.get(
            metric, found.accuracy
        ), found.rows


class StoredBaseline(Record):
    """A baseline of which only the numbers are left; rows cannot be paired, so that it tells less."""

    before: StoredScore
    now: StoredScore
    confidence_level: float
    paired: bool = False

    def metrics(self, by: str | None) -> tuple[str, ...]:
        """See `Baseline.metrics`."""
        loss = ("loss",) if self.before.loss is not None and self.now.loss is not None else ()
        if by is None:
            macros = NAMES if self.before.cells is not None and self.now.cells is not None else ()
            return ("accuracy", *loss, *macros)
        if by == BY_CLASS:
            return CLASS_RATES if self.before.per_class and self.now.per_class else ()
        return ("accuracy", *loss) if any(one == by for one, _ in self.before.shares) else ()

    def difference(self, metric: str, by: str | None, group: str | None) -> tuple[Difference | None, int]:
        """See `Baseline.difference`."""
        level, before, now = self.confidence_level, self.before, self.now
        if by is None:
            if metric in NAMES:
                return self._macro(metric), before.rows
            if metric == "loss":
                return mean_difference(before.loss, now.loss, level), before.rows
            return share_difference(before.accuracy, now.accuracy, level), before.rows
        if by == BY_CLASS:
            own, other = before.per_class.get(group or ""), now.per_class.get(group or "")
            return class_difference(metric, own, other, level), 0 if own is None else own.support
        share = before.shares.get((by, group))
        rows = 0 if share is None else share.rows
        if metric == "loss":
            return mean_difference(before.losses.get((by, group)), now.losses.get((by, group)), level), rows
        return share_difference(share, now.shares.get((by, group)), level), rows

    def _macro(self, metric: str) -> Difference | None:
        before, now = self.before, self.now
        if before.cells is None or now.cells is None:
            return None
        places = {name: place for place, name in enumerate(now.classes)}
        at = [places[name] for name in before.classes]
        own = [(at[true], at[predicted], rows) for true, predicted, rows in before.cells]
        return unpaired_differences(own, now.cells, len(now.classes), self.confidence_level)[metric]
