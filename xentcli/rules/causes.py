"""Causes: which findings follow from another one, so that a report names a defect once, and in a line what comes of it.

Floor 6. A rule declares which codes it explains; here that is held against what was found and chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xentcli.record import replace
from xentcli.rules.rule import Finding, Rule, covers


def with_causes(findings: Sequence[Finding], rules: Iterable[Rule[Any]]) -> tuple[Finding, ...]:
    """Return the findings, in their order; those that follow from another one name it.

    A finding follows from one of a rule that explains its code, that matters at least as much, and that speaks of the
    same output or of the whole table. The one that is named follows from none itself: a chain leads to its beginning.

    Args:
        findings: those that may speak, those that matter most first: of several causes the first is named.
        rules: those that may explain; findings of other rules are no causes.
    """
    explained = {rule.code: rule.explains for rule in rules}
    return tuple(replace(one, because_of=_root(one, findings, explained)) for one in findings)


def followers(root: Finding, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that follow from one, in their order."""
    return tuple(one for one in findings if one.because_of == root.code and _reaches(root, one))


def _root(finding: Finding, findings: Sequence[Finding], explained: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the code at the beginning of the chain that a finding ends; None where nothing explains it.

    Declarations hold no circle, so that every chain has a beginning.
    """
    for one in findings:
        known = finding.code in explained.get(one.code, ())
        if known and covers(one.level, finding.level) and _reaches(one, finding):
            return _root(one, findings, explained) or one.code
    return None


def _reaches(cause: Finding, finding: Finding) -> bool:
    """Whether a finding speaks of what another one speaks of, or of all of it."""
    return cause.output is None or cause.output == finding.output
