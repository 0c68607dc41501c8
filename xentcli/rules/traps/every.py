"""All rules on traps, and what they find in a table.

Floor 6.
"""

from xentcli.rules.finding import Finding
from xentcli.rules.rule import Rule, of_output, run
from xentcli.rules.traps.activations import ACTIVATION_RULES
from xentcli.rules.traps.columns import COLUMN_RULES
from xentcli.rules.traps.confidence import CONFIDENCE_RULES
from xentcli.rules.traps.pairing import PAIRING_RULES
from xentcli.rules.traps.seen import TrapSeen, seen_in
from xentcli.rules.traps.sums import SUM_RULES
from xentcli.rules.traps.values import HARD_SCORES, VALUE_RULES
from xentcli.scoring.model import Score
from xentcli.tally.engine import AnyTally

TRAP_RULES: tuple[Rule[TrapSeen], ...] = (
    *SUM_RULES,
    *ACTIVATION_RULES,
    *VALUE_RULES,
    *COLUMN_RULES,
    *PAIRING_RULES,
    *CONFIDENCE_RULES,
)


def trap_findings(tally: AnyTally, score: Score) -> tuple[Finding, ...]:
    """Return what the rules find in each task of a table; of several outputs the message names the output."""
    return tuple(one for seen in seen_in(tally, score) for one in of_output(run(_rules(seen), seen), seen.output))


def _rules(seen: TrapSeen) -> tuple[Rule[TrapSeen], ...]:
    """Return the rules that a table is asked: of decisions only what they are."""
    return TRAP_RULES if seen.loss is not None else (HARD_SCORES,)
