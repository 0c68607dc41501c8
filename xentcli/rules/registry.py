"""The registry: every rule, for the choice of findings and the tests; `pages` has what `xent explain` prints.

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
