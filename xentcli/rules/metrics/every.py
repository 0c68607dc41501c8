"""Every rule on finished numbers, and what they find in a table.

Floor 6.
"""

from xentcli.rules.finding import Finding
from xentcli.rules.metrics.accuracies import ACCURACY_RULES
from xentcli.rules.metrics.baselines import BASELINE_RULES
from xentcli.rules.metrics.calibration import CALIBRATION_RULES
from xentcli.rules.metrics.decisions import DECISION_RULES
from xentcli.rules.metrics.facts import MetricFacts, Reading, facts_of
from xentcli.rules.metrics.probabilities import PROBABILITY_RULES
from xentcli.rules.rule import Rule, of_output, run
from xentcli.scoring.model import Score
from xentcli.tally.engine import AnyTally

METRIC_RULES: tuple[Rule[MetricFacts], ...] = (
    *PROBABILITY_RULES, *DECISION_RULES, *ACCURACY_RULES, *BASELINE_RULES, *CALIBRATION_RULES,
)  # fmt: skip


def metric_findings(tally: AnyTally, score: Score, reading: Reading) -> tuple[Finding, ...]:
    """Return what the rules find in a finished table; of several outputs each by itself, named in the message."""
    facts = facts_of(tally, score, reading)
    return tuple(one for own in facts for one in of_output(run(METRIC_RULES, own), own.output))
