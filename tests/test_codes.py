"""The documents list every code, by the registry, and every lesson, by the shelf."""

from documents import table_between

from xentcli.lessons import pages
from xentcli.rules.registry import RULES


def listed():
    """Return the table of codes as it must stand in the documents."""
    lines = ["| code | name | level | looks at | explains |", "|---|---|---|---|---|"]
    for rule in RULES:
        levels = " or ".join(level.value for level in rule.levels)
        lines.append(f"| {rule.code} | {rule.name} | {levels} | {rule.summary} | {', '.join(rule.explains)} |")
    return "\n".join(lines) + "\n"


def test_every_code_is_listed_as_the_registry_has_it():
    assert listed() == table_between("docs/findings.md", "codes", listed())


def taught():
    """Return the table of lessons as it must stand in the documents."""
    lines = ["| topic | in a sentence |", "|---|---|"]
    lines += [f"| `{one.name}` | {one.summary} |" for one in pages.lessons()]
    return "\n".join(lines) + "\n"


def test_every_lesson_is_listed_as_the_shelf_has_it():
    assert taught() == table_between("docs/lessons.md", "lessons", taught())
