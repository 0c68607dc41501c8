"""Selection: which findings are wanted, by code, by the beginning of codes, or by name.

Floor 6. The registry is asked only where something was chosen.
"""

from collections.abc import Sequence

from xentcli.errors import UsageError, did_you_mean
from xentcli.record import Record
from xentcli.rules.rule import Finding

FAMILY = "XE"
"""How every code begins."""


class Selection(Record):
    """What was chosen.

    Attributes:
        codes: codes that may speak; None for all.
    """

    codes: frozenset[str] | None = None

    def of(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return the findings that may speak, in their order."""
        return tuple(one for one in findings if self.codes is None or one.code in self.codes)


def selection(select: Sequence[str], ignore: Sequence[str]) -> Selection:
    """Return what `--select` leaves (all, if nothing is named) without what `--ignore` names.

    Args:
        select: codes, beginnings of codes such as XE4, or names; in any letter case.
        ignore: likewise.

    Raises:
        UsageError: one of them names no finding.
    """
    if not select and not ignore:
        return Selection()
    wanted = _codes(select or (FAMILY,), "select")
    return Selection(wanted - _codes(ignore, "ignore"))


def _codes(references: Sequence[str], option: str) -> frozenset[str]:
    from xentcli.rules.registry import RULES  # noqa: PLC0415  `inspect` need not wait for every rule

    found: set[str] = set()
    for reference in references:
        wanted = reference.strip().upper()
        begins = wanted.startswith(FAMILY)
        named = {one.code for one in RULES if one.name.upper() == wanted or (begins and one.code.startswith(wanted))}
        if not named:
            known = [name for one in RULES for name in (one.code, one.name)]
            close = did_you_mean(reference.strip(), known)
            raise UsageError(
                f"{reference!r} is no finding",
                option=option,
                help=f"did you mean {close}?" if close else "xent explain lists all; XE4 names all that begin so",
            )
        found |= named
    return frozenset(found)
