"""One-sided limits: those whose number is another one if the other class of two is the positive one.

Floor 7. Pure. A limit that hangs on a guess is kept or broken all the same, and says that it does.
"""

from xentcli.config.model import Limit
from xentcli.config.toml import toml_text
from xentcli.metrics import METRICS
from xentcli.scoring.model import ScoredTask
from xentcli.task.positive import PositiveBy


def unstated_side(task: ScoredTask, limit: Limit) -> str | None:
    """Return that a limit hangs on which class is the positive one, where only the order of two names decided that."""
    if task.positive_by is not PositiveBy.SORTED or limit.by is not None or not METRICS[limit.metric].of_positive:
        return None
    return (
        f"{limit.metric} takes {task.positive!r} for the positive class only because its name sorts last;"
        f" state it: positive = {toml_text(task.positive)} in the configuration, or --positive"
    )
