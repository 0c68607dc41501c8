"""Words that several rules on traps share: numbers of rows, and how to give columns other classes.

Floor 6.
"""

import shlex

from xentcli.rules.facts import ScoreFacts
from xentcli.task.roles import ScoreForm

_LONGEST = 200


def of_rows(count: int, rows: int) -> str:
    """Return such as `12 of 400 rows`."""
    return f"{count:,} of {rows:,} {'row' if rows == 1 else 'rows'}"


def by_rows(facts: ScoreFacts) -> str:
    """Return what to add to an accuracy that was counted in rows, where the headline's is weighted."""
    return " (rows, without their weights)" if facts.plan.weight is not None else ""


def classes_flag(names: tuple[str, ...]) -> str:
    """Return the option that names the classes in the order of the scores; long lists belong into a file."""
    joined = ",".join(names)
    if len(joined) <= _LONGEST and not any("," in name or name.startswith("@") for name in names):
        return f"--classes {shlex.quote(joined)}"
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return f"--classes @classes.txt with a line per class, in the order {shown}"


def named_after_classes(facts: ScoreFacts) -> bool:
    """Whether the score columns carry the names of the classes, so that --classes cannot give them others."""
    plan = facts.plan
    return plan.form is ScoreForm.COLUMNS and all(
        column.endswith(name) for column, name in zip(plan.scores, plan.classes, strict=True)
    )


def reordered(facts: ScoreFacts, names: tuple[str, ...]) -> str:
    """Return how to make the score columns answer for these classes, in their order."""
    if not named_after_classes(facts):
        return classes_flag(names)
    pairs = [
        (column, new)
        for column, new, old in zip(facts.plan.scores, names, facts.plan.classes, strict=True)
        if new != old
    ]
    shown = ", ".join(f"{column} holds {name}" for column, name in pairs[:12]) + (", ..." if len(pairs) > 12 else "")
    return f"rename the score columns where they are written ({shown})"
