"""The README lists every code, by the registry, and every lesson, by the shelf."""

import re
from pathlib import Path

from xentcli.lessons import shelf
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


def taught():
    """Return the table of lessons as it must stand in the README."""
    lines = ["| topic | in a sentence |", "|---|---|"]
    lines += [f"| `{one.name}` | {one.summary} |" for one in shelf.lessons()]
    return "\n".join(lines) + "\n"


def test_the_readme_lists_every_lesson_as_the_shelf_has_it():
    found = re.search(r"<!-- lessons -->\n(.*?)<!-- /lessons -->", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found.group(1) == taught()
