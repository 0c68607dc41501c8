"""Pages: what the manual says of each rule, taken from the source of the rules without running it.

Floor 6. A rule's code, name, levels, summary and explanation are literals that stand beside its check. The checks
import numpy and pyarrow, for which nobody who only wants to read should wait: the files are parsed, not imported.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from xentcli.phrases import listed
from xentcli.record import Record
from xentcli.rules.rule import Level

_FOLDER = Path(__file__).parent


class RulePage(Record):
    """The words of a rule; see `rule.Rule` for their meaning."""

    code: str
    name: str
    levels: tuple[Level, ...]
    summary: str
    explanation: str
    explains: tuple[str, ...] = ()

    @property
    def markdown(self) -> str:
        """The page."""
        levels = " or ".join(level.value for level in self.levels)
        # doctest wants a blank line before the end of an example
        text = self.explanation.strip().replace("\n\n```\n", "\n```\n").removesuffix("\n\n```")
        closed = text if text.endswith("```") else f"{text}\n```"
        led = f"Level: {levels}. Looks at: {self.summary}.{self._explained}"
        return f"# {self.code} {self.name}\n\n{led}\n\n{closed}\n"

    @property
    def _explained(self) -> str:
        """What follows from it, as a sentence in a paragraph of its own; empty if that is nothing."""
        return f"\n\nExplains {listed(self.explains)}: beside it they are folded under it." if self.explains else ""


def pages() -> tuple[RulePage, ...]:
    """Return the pages of all rules, by code."""
    found = (page for source in _sources() for page in _in_source(source))
    return tuple(sorted(found, key=lambda one: one.code))


def rule_page(topic: str) -> RulePage | None:
    """Return the page of a code or of a rule's name, in any letter case; None if there is none."""
    wanted = topic.strip().casefold()
    naming = (source for source in _sources() if f'"{wanted}"' in source.casefold())
    found = (page for source in naming for page in _in_source(source))
    return next((page for page in found if wanted in {page.code.casefold(), page.name}), None)


def _sources() -> Iterator[str]:
    """Yield the text of each file that declares rules."""
    for path in sorted(_FOLDER.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "    Rule(" in source:
            yield source


def _in_source(source: str) -> Iterator[RulePage]:
    """Yield the rules that a file declares in the tuples at its top."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.value, ast.Tuple):
            for one in statement.value.elts:
                if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "Rule":
                    yield _page(one)


def _page(call: ast.Call) -> RulePage:
    code, name, levels, summary, _, explanation = call.args
    explains = next((ast.literal_eval(one.value) for one in call.keywords if one.arg == "explains"), ())
    assert isinstance(levels, ast.Tuple)  # noqa: S101  the type of a rule's third argument
    named = tuple(Level[one.attr] for one in levels.elts if isinstance(one, ast.Attribute))
    words = [ast.literal_eval(one) for one in (code, name, summary, explanation)]
    return RulePage(words[0], words[1], named, words[2], words[3], explains)
