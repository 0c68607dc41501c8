"""The records of a page for a browser: what stands at its head, in its tiles, findings and sections.

Floor 8. Texts are kept as they came; the template makes them safe.
"""

from enum import StrEnum

from xentcli.record import Record
from xentcli.rules.rule import Finding
from xentcli.views.figures.model import Figure
from xentcli.views.page import Block


class State(StrEnum):
    """What a verdict says, for its colour and its sign."""

    GOOD = "good"
    BAD = "bad"
    OPEN = "open"


class Tile(Record):
    """A number to be seen first.

    Attributes:
        title: what it is.
        value: as text.
        interval: of it, as text; empty where there is none.
        note: what it is to be held against; empty for nothing.
        state: what its colour says; None for none.
    """

    title: str
    value: str
    interval: str = ""
    note: str = ""
    state: State | None = None


class Shown(Record):
    """A finding as it stands on the page.

    Attributes:
        finding: what was found.
        side: which of several files it is on; empty for the only one.
        note: what it does to the verdict; empty for nothing.
        followers: the findings that follow from it, which stand within it.
    """

    finding: Finding
    side: str = ""
    note: str = ""
    followers: tuple[Finding, ...] = ()


class Section(Record):
    """Blocks under a title; `wide` ones need the whole width, others may stand side by side."""

    title: str
    blocks: tuple[Block, ...]
    wide: bool = False


class Part(Record):
    """All that is said of one file, model or pair of models.

    Attributes:
        title: of the part; empty where it is the only one.
        verdict: a sentence; empty where the head says it.
        state: what that says.
        tiles: the numbers to be seen first.
        findings: the worst first.
        figures: in their order.
        sections: in their order.
        limits: the figures of limits, which are drawn flat, above all others.
    """

    title: str
    verdict: str
    state: State
    tiles: tuple[Tile, ...]
    findings: tuple[Shown, ...]
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    limits: tuple[Figure, ...] = ()


class Sheet(Record):
    """The whole page.

    Attributes:
        command: what was run.
        title: the file, or the files.
        verdict: the answer in a sentence.
        state: what that says.
        parts: what follows.
    """

    command: str
    title: str
    verdict: str
    state: State
    parts: tuple[Part, ...]
