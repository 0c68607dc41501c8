"""Page: a report as blocks, before any output format is chosen.

Floor 8. `score_page` and `inspect_page` make pages from results; `plain`, `console` and `markdown` draw them.
Blocks hold text as it came (names from files included); each drawer makes it safe for its place.
"""

from collections.abc import Iterable, Iterator

from xentcli.phrases import listed, verb
from xentcli.record import Record
from xentcli.rules.causes import followers
from xentcli.rules.rule import Finding


class Heading(Record):
    """The title of what follows."""

    text: str


class Sentence(Record):
    """A line of prose; `strong` ones carry the answer."""

    text: str
    strong: bool = False


class Facts(Record):
    """Names with their values, one a line."""

    rows: tuple[tuple[str, str], ...]


class Grid(Record):
    """A table.

    Attributes:
        columns: their titles.
        rows: the cells.
        numeric: which columns are set to the right.
        bars: a share in [0, 1] a row, drawn as a bar behind it; empty without bars.
        more: a line on what was left out; empty if nothing was.
        names: which columns hold names of classes and the like, which a narrow terminal shows without their middle.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    bars: tuple[float, ...] = ()
    more: str = ""
    names: tuple[int, ...] = ()


class Levels(Record):
    """Numbers in [0, 1] side by side, each drawn as a bar of one cell, or as a digit where bars cannot be drawn.

    Attributes:
        columns: the title of each number.
        rows: name and numbers, None for nothing to show.
        title: what the titles are.
        counts: texts below the numbers; empty without.
        key: what the digits stand for, a line below them; bars need none.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]
    title: str = ""
    counts: tuple[str, ...] = ()
    key: str = ""

    def grid(self, *, ascii_only: bool) -> Grid:
        """Return the table that shows them."""
        drawn = tuple((name, *(_level(value, ascii_only=ascii_only) for value in values)) for name, values in self.rows)
        below = (("count", *self.counts),) if self.counts else ()
        return Grid(
            (self.title, *self.columns),
            (*drawn, *below),
            numeric=tuple(range(1, len(self.columns) + 1)),
            more=self.key if ascii_only else "",
        )


def _level(value: float | None, *, ascii_only: bool) -> str:
    if value is None:
        return "." if ascii_only else "·"
    if ascii_only:
        return str(min(9, int(10 * value)))
    return "▁▂▃▄▅▆▇█"[min(7, int(8 * value))]


class Bullets(Record):
    """A list of sentences."""

    texts: tuple[str, ...]


class Code(Record):
    """A piece of program text in a language."""

    text: str
    language: str = "python"


class Remark(Record):
    """A finding, and the codes of those that follow from it and are not shown themselves."""

    finding: Finding
    followers: tuple[str, ...] = ()


class Prose(Record):
    """A text of the tool's own, in Markdown; never a text from a file."""

    markdown: str


EMPTY = "(empty)"
"""What a slice of rows is called whose value is missing."""

Block = Heading | Sentence | Facts | Grid | Levels | Bullets | Code | Remark | Prose


class Page(Record):
    """A report."""

    blocks: tuple[Block, ...]


def apart(previous: Block, block: Block) -> bool:
    """Whether a blank line stands between two blocks: titles and leading sentences stay with what they lead."""
    return not (isinstance(previous, Heading) or (isinstance(previous, Sentence) and isinstance(block, Bullets)))


def remarks(shown: Iterable[Finding], findings: tuple[Finding, ...]) -> Iterator[Remark]:
    """Yield some of a report's findings with what follows from each; those that follow from another one stand there."""
    for one in shown:
        if one.because_of is None:
            yield Remark(one, tuple(sorted({other.code for other in followers(one, findings)})))


def following(remark: Remark) -> str:
    """Return `XE404, XE405 and XE408 follow from XE303`; empty if nothing does."""
    codes = remark.followers
    return f"{listed(codes)} {verb(len(codes), 'follow')} from {remark.finding.code}" if codes else ""


def traced(finding: Finding) -> str:
    """Return what a finding says where each stands for itself; one that follows from another says so first."""
    return finding.message if finding.because_of is None else f"follows from {finding.because_of}: {finding.message}"


def whereabouts(finding: Finding) -> str:
    """Return which rows a finding is about, with their lines in a text file: ` (rows 17, 42)`; empty if unknown."""
    if not finding.rows:
        return ""
    listed = ", ".join(str(row) for row in finding.rows)
    noun = "first rows" if finding.count > len(finding.rows) else "row" if len(finding.rows) == 1 else "rows"
    if not finding.lines:
        return f" ({noun} {listed})"
    lines = ", ".join(str(line) for line in finding.lines)
    return f" ({noun} {listed}; {'line' if len(finding.lines) == 1 else 'lines'} {lines})"
