"""The registry: every rule, for the choice of findings and the tests; `pages` has what `xent explain` prints.

Floor 6.
"""

from typing import Any

from xentcli.rules.labels.every import LABEL_RULES
from xentcli.rules.rule import Rule
from xentcli.rules.scored_table import SCORED_RULES

_ALL: tuple[Rule[Any], ...] = (*LABEL_RULES, *SCORED_RULES)

RULES: tuple[Rule[Any], ...] = tuple(sorted(_ALL, key=lambda one: one.code))
