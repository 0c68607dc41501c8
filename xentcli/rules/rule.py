"""Rule: a coded check in one place: code, name, levels, what it looks at, what it says, its page.

Floor 6. A rule is a pure function of facts that a single pass counted, so a sharded run finds what a single
run finds. It never reads data.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Generic, TypeVar

from xentcli.record import Record, field, replace


class Level(StrEnum):
    """How much a finding matters: an error means the numbers asked for are not what they seem."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(Record):
    """A coded remark.

    Attributes:
        code: permanent code such as XE208.
        name: the defect in words, such as bad-scores.
        level: how much it matters.
        message: what is wrong and what it does to the numbers.
        help: what to do.
        count: how many rows (or columns, or classes) show it.
        rows: the first 1-based data rows that show it.
        columns: the columns it is about.
        lines: the 1-based lines of these rows in a text file.
        because_of: the code of the finding that it follows from; None for one that stands by itself.
        output: the output that it speaks of, of several.
    """

    code: str
    name: str
    level: Level
    message: str
    help: str
    count: int
    rows: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    lines: tuple[int, ...] | None = field(default=None, optional=True)
    because_of: str | None = None
    output: str | None = field(default=None, key=None)


Facts = TypeVar("Facts")


class Hit(Record):
    """What a rule saw.

    Attributes:
        message: what is wrong and what it does to the numbers.
        help: what to do.
        count: how many rows (or columns, or classes) show it.
        rows: the first 1-based rows that show it.
        columns: the columns it is about.
        level: how much it matters here; None for the rule's first level.
    """

    message: str
    help: str
    count: int
    rows: tuple[int, ...] = ()
    columns: tuple[str, ...] = ()
    level: Level | None = None


class Rule(Record, Generic[Facts]):
    """A coded check.

    Attributes:
        code: permanent code.
        name: the defect in words.
        levels: how much it may matter, the most frequent level first.
        summary: what it looks at, one line.
        check: returns what it saw, or None where the facts show nothing.
        explanation: Markdown: what it is, why it bites, how it is seen, how to mend it.
        explains: the codes of findings that follow from it, where they matter no more than it does.
    """

    code: str
    name: str
    levels: tuple[Level, ...]
    summary: str
    check: Callable[[Facts], Hit | None]
    explanation: str
    explains: tuple[str, ...] = ()


_ORDER = (Level.ERROR, Level.WARNING, Level.NOTE)


def run(rules: Iterable[Rule[Facts]], facts: Facts) -> tuple[Finding, ...]:
    """Return the findings of some rules, errors first, then by code."""
    found = []
    for rule in rules:
        hit = rule.check(facts)
        if hit is not None:
            level = rule.levels[0] if hit.level is None else hit.level
            finding = Finding(
                rule.code, rule.name, level, hit.message, hit.help, hit.count, hit.rows, columns=hit.columns
            )
            found.append(finding)
    return in_order(found)


def at_most(level: Level, ceiling: Level) -> Level:
    """Return a level, or the ceiling where it matters more than that."""
    return max(level, ceiling, key=_ORDER.index)


def covers(level: Level, other: Level) -> bool:
    """Whether a level matters at least as much as another one."""
    return _ORDER.index(level) <= _ORDER.index(other)


def of_output(findings: tuple[Finding, ...], output: str | None) -> tuple[Finding, ...]:
    """Return findings whose messages name the output that they speak of; None where there is one task."""
    if output is None:
        return findings
    return tuple(replace(one, message=f"output {output}: {one.message}", output=output) for one in findings)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with errors first, then by code."""
    return tuple(sorted(findings, key=lambda one: (_ORDER.index(one.level), one.code)))


def located(findings: tuple[Finding, ...], lines: Callable[[tuple[int, ...]], dict[int, int]]) -> tuple[Finding, ...]:
    """Return findings with the text lines of their rows, where the format has lines."""
    rows = tuple(sorted({row for one in findings for row in one.rows}))
    found = lines(rows) if rows else {}
    if not found:
        return findings
    return tuple(
        replace(one, lines=tuple(found[row] for row in one.rows if row in found)) if one.rows else one
        for one in findings
    )
