"""Open labels: rows of 0/1 label columns that say something of some labels and nothing of others.

Floor 8. The pass counts such rows among those without a label; which of them are blank altogether takes another look,
at the label columns alone, and only where there are any.
"""

from xentcli.files.table import Table
from xentcli.rules.labels.scored import OpenLabels
from xentcli.tally.engine import AnyTally
from xentcli.tally.multilabel import MultiLabelTally
from xentcli.task.coding import HotCoder
from xentcli.task.model import Kind


def open_labels(table: Table, tally: AnyTally) -> OpenLabels:
    """Return which rows of a scored table leave some of their labels open."""
    coder = tally.plan.coder if isinstance(tally, MultiLabelTally) else None
    if not isinstance(coder, HotCoder) or not tally.facts.missing_label.count:
        return OpenLabels()
    from xentcli.task.detect import detect  # noqa: PLC0415  only where labels are missing

    seen = detect(table, coder.names, kind=Kind.MULTILABEL).seen
    return OpenLabels(seen.open_count, seen.open)
