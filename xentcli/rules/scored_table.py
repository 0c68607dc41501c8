"""Every rule on a scored table, and what they find in one.

Floor 6.
"""

from typing import Any

from xentcli.rules.facts import ScoreFacts, TableFacts, TaskFacts
from xentcli.rules.metrics.accuracies import ACCURACY_RULES, TOO_GOOD_RULES
from xentcli.rules.metrics.baselines import BASELINE_RULES
from xentcli.rules.metrics.calibration import CALIBRATION_RULES
from xentcli.rules.metrics.clipping import CLIPPING_RULES
from xentcli.rules.metrics.decisions import DECISION_RULES
from xentcli.rules.metrics.prior import PRIOR_RULES
from xentcli.rules.order.class_order import CLASS_ORDER_RULES
from xentcli.rules.order.label_columns import LABEL_COLUMN_RULES
from xentcli.rules.order.lost_rows import LOST_ROW_RULES
from xentcli.rules.order.misaligned_rows import MISALIGNED_RULES
from xentcli.rules.order.pairing import PAIRING_RULES
from xentcli.rules.order.repeated_rows import REPEATED_ROW_RULES
from xentcli.rules.order.unmatched import ABSENT_CLASS_RULES, UNMATCHED_RULES
from xentcli.rules.rule import Finding, Rule, of_output, run
from xentcli.rules.scores.activations import ACTIVATION_RULES
from xentcli.rules.scores.other_scale import OTHER_SCALE_RULES
from xentcli.rules.scores.row_sums import ROW_SUM_RULES
from xentcli.rules.scores.scales import BAD_ROW_RULES, LOG_SCALE_RULES, NAMED_SCALE_RULES
from xentcli.rules.scores.ties import TIE_RULES
from xentcli.rules.scores.values import HARD_SCORES, SATURATION_RULES, VALUE_RULES

TABLE_RULES: tuple[Rule[TableFacts], ...] = (
    *NAMED_SCALE_RULES,
    *BAD_ROW_RULES,
    *UNMATCHED_RULES,
    *REPEATED_ROW_RULES,
    *TOO_GOOD_RULES,
)
"""Rules that look at the table as a whole."""

SCORE_RULES: tuple[Rule[ScoreFacts], ...] = (
    *ROW_SUM_RULES, *ACTIVATION_RULES, *VALUE_RULES, *CLASS_ORDER_RULES, *PAIRING_RULES, *LOST_ROW_RULES,
    *LABEL_COLUMN_RULES,
)  # fmt: skip
"""Rules that look at the scores of a task."""

TASK_RULES: tuple[Rule[TaskFacts], ...] = (
    *LOG_SCALE_RULES, *OTHER_SCALE_RULES, *SATURATION_RULES, *TIE_RULES, *ABSENT_CLASS_RULES, *MISALIGNED_RULES,
    *ACCURACY_RULES, *BASELINE_RULES, *CLIPPING_RULES, *CALIBRATION_RULES, *PRIOR_RULES,
    *DECISION_RULES,
)  # fmt: skip
"""Rules that look at the finished numbers of a task."""

SCORED_RULES: tuple[Rule[Any], ...] = (*TABLE_RULES, *SCORE_RULES, *TASK_RULES)
"""Every rule on a scored table, whatever it looks at."""


def table_findings(facts: TableFacts) -> tuple[Finding, ...]:
    """Return what the rules find in a scored table; of several outputs the message names the output."""
    return (*run(TABLE_RULES, facts), *(found for task in facts.tasks for found in _task_findings(task)))


def _task_findings(task: TaskFacts) -> tuple[Finding, ...]:
    of_scores = () if task.scores is None else run(_rules_on(task.scores), task.scores)
    return of_output((*of_scores, *run(TASK_RULES, task)), task.output)


def _rules_on(scores: ScoreFacts) -> tuple[Rule[ScoreFacts], ...]:
    """Return the rules that scores are asked: of decisions only whether they are such."""
    return SCORE_RULES if scores.loss is not None else (HARD_SCORES,)
