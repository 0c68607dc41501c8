"""The registry: every rule by its code, for `xent explain`, the documents and the tests.

Floor 6.
"""

from typing import Any

from xentcli.rules.labels.every import LABEL_RULES
from xentcli.rules.metrics.every import METRIC_RULES
from xentcli.rules.rule import Rule
from xentcli.rules.scores import SCORE_RULES
from xentcli.rules.traps.every import TRAP_RULES

_ALL: tuple[Rule[Any], ...] = (*LABEL_RULES, *SCORE_RULES, *TRAP_RULES, *METRIC_RULES)

RULES: tuple[Rule[Any], ...] = tuple(sorted(_ALL, key=lambda one: one.code))


def by_code(code: str) -> Rule[Any] | None:
    """Return the rule of a code, in any letter case, or of a name; None if there is none."""
    wanted = code.strip().casefold()
    return next((rule for rule in RULES if wanted in {rule.code.casefold(), rule.name}), None)


def page(rule: Rule[Any]) -> str:
    """Return a rule's page as Markdown."""
    levels = " or ".join(level.value for level in rule.levels)
    text = (
        rule.explanation.strip().replace("\n\n```\n", "\n```\n").removesuffix("\n\n```")
    )  # doctest wants a blank line
    closed = text if text.endswith("```") else f"{text}\n```"
    return f"# {rule.code} {rule.name}\n\nLevel: {levels}. Looks at: {rule.summary}.\n\n{closed}\n"
