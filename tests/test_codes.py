"""The README lists every code, by the registry."""

import re
from pathlib import Path

from xentcli.rules.registry import RULES

README = Path(__file__).parent.parent / "README.md"


def listed():
    """Return the table of codes as it must stand in the README."""
    lines = ["| code | name | level | looks at |", "|---|---|---|---|"]
    for rule in RULES:
        levels = " or ".join(level.value for level in rule.levels)
        lines.append(f"| {rule.code} | {rule.name} | {levels} | {rule.summary} |")
    return "\n".join(lines) + "\n"


def test_the_readme_lists_every_code_as_the_registry_has_it():
    found = re.search(r"<!-- codes -->\n(.*?)<!-- /codes -->", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found.group(1) == listed()
