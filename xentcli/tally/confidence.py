"""Scores of the predicted label: what is planned for them apart from other scores, and what refutes that reading.

Floor 4. Of two classes p or 1 - p is the positive class's probability; of more nothing is known of the others, so
that there is no loss.
"""

from xentcli.errors import AmbiguousError, Place, UsageError
from xentcli.files.table import Table
from xentcli.tally.facts import RowFacts
from xentcli.tally.labels import Choices
from xentcli.task.model import Scale
from xentcli.task.roles import Roles
from xentcli.words import counted, verb

NO_LOSS = "no loss can be had from the confidence of the predicted class alone; write a column per class"


def refuse_other_scale(roles: Roles, choices: Choices) -> None:
    """Raise if the caller says that the scores of predicted labels are no probabilities.

    Raises:
        UsageError: naming the scale.
    """
    if choices.scale is not None and choices.scale is not Scale.PROBABILITIES:
        raise UsageError(
            f"--scale {choices.scale.value}: {roles.scores[0]} holds the confidence of the label in {roles.predicted},"
            " which is a probability",
            help="to score logits, write a column per class, or of two classes one column without predicted labels",
        )


def of_predicted_label(roles: Roles, classes: tuple[str, ...], positive: int | None) -> str:
    """Return the sentence that says what the one score is of."""
    said = f"{roles.scores[0]} holds the confidence of the predicted label"
    if positive is None:
        return said
    return f"{said}: p where {classes[positive]} is predicted, 1 - p where {classes[1 - positive]} is"


def refuse_unsure(table: Table, roles: Roles, classes: tuple[str, ...], positive: int | None, facts: RowFacts) -> None:
    """Raise if a predicted label has less than one class's share: its score is then no confidence of it.

    Raises:
        AmbiguousError: with both readings, and what decides between them.
    """
    if not facts.unsure.count:
        return
    column, size, rows = roles.scores[0], len(classes), facts.unsure.count
    first = facts.row_numbers(facts.unsure)[0]
    value = table.cells((first,), column).get(first)
    other = "a score of something else" if positive is None else f"the probability of {classes[positive]} in every row"
    alone = f"; --scores {roles.predicted} scores the predicted labels alone" if positive is None else ""
    raise AmbiguousError(
        f"holds {value}, but the most probable of {size} classes has 1/{size} at least",
        place=Place(table.path, table.lines((first,)).get(first), first, column),
        details=(
            f"{rows:,} of {counted(facts.read, 'row')} {verb(facts.read, 'hold')} less than 1/{size}",
            f"two readings: the confidence of the label in {roles.predicted}, or {other}",
        ),
        help=f"mend these rows if it is the confidence; else leave {roles.predicted} out of the file{alone}",
    )
