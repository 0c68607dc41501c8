"""Every rule on labels.

Floor 6. Apart from the registry of all rules, so that `xent inspect` does not wait for those on scores.
"""

from xentcli.rules.labels.balance import BALANCE_RULES
from xentcli.rules.labels.missing import HOLE_RULES
from xentcli.rules.labels.targets import TARGET_RULES
from xentcli.rules.labels.writing import WRITING_RULES
from xentcli.rules.rule import Rule
from xentcli.task.model import Detection

LABEL_RULES: tuple[Rule[Detection], ...] = (*WRITING_RULES, *BALANCE_RULES, *HOLE_RULES, *TARGET_RULES)
