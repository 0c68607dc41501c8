"""Refusal: the error for rows that cannot be scored, with what was found in the first of them.

Floor 5. Nothing is dropped in silence: either the caller passes --skip-bad-rows and the rows are counted
and named in the report, or this error names them.
"""

from collections.abc import Sequence

from xentcli.errors import BadRowsError, EmptyInputError, Place, XentError
from xentcli.files.table import ReadAs, Table
from xentcli.files.text.numbers import number, per_cent
from xentcli.phrases import counted, there, verb
from xentcli.tally.decisions import DecisionPlan
from xentcli.tally.kernels import LARGEST_LOGIT
from xentcli.tally.plan import Plan
from xentcli.tally.row_facts import FIRST_ROWS, Defect, RowFacts
from xentcli.task.coding import HotCoder, ScalarCoder
from xentcli.task.names import kin
from xentcli.task.roles import ScoreForm
from xentcli.task.traits import SENTINELS
from xentcli.task.values import integer_of, label_values
from xentcli.terms import Scale

Refusable = Plan | DecisionPlan
"""The plans whose rows an error can explain."""
_SKIP_UNMATCHED = ", or pass --skip-bad-rows to score the rows that match"

MOST_PASTED = 60
"""An option that names more classes than this is only sketched."""

_MANY = 0.1
"""If so many rows hold labels that are no class, the classes are in doubt, not the rows."""

MOST_LISTED = 8
"""Of more labels than this only some are listed."""

_WANTED = {
    Scale.PROBABILITIES: "a probability in [0, 1]",
    Scale.LOG_PROBABILITIES: "a log-probability, at most 0",
    Scale.LOGITS: f"a logit between -{LARGEST_LOGIT:g} and {LARGEST_LOGIT:g}",
}


def refuse_bad_rows(table: Table, plan: Refusable, facts: RowFacts) -> BadRowsError:
    """Return the error for a table with bad rows; reads the first of them once more, to quote it."""
    rows = {number: defect for defect, first in facts.defects.items() for number in facts.row_numbers(first)}
    first = min(rows)
    column, found = _found(table, plan, rows[first], first)
    line = table.lines((first,)).get(first)
    shown = ", ".join(str(row) for row in sorted(rows)[:FIRST_ROWS])
    share = f"{facts.bad:,} of {counted(facts.read, 'row')} ({_percent(facts.bad, facts.read)})"
    details = [f"{share} {verb(facts.read, 'are')} bad; first rows: {shown}"]
    if len([one for one in facts.defects.values() if one.count]) > 1:
        details += [
            f"{counted(one.count, 'row')}: {defect.value}" for defect, one in facts.defects.items() if one.count
        ]
    return BadRowsError(
        found,
        place=Place(table.path, line, first, column),
        details=tuple(details),
        help=_help(table, plan, facts, rows[first], _label(table, plan, first)),
    )


def refuse_empty(table: Table, facts: RowFacts) -> EmptyInputError:
    """Return the error for a table without a single row that can be scored."""
    why = "every label is missing" if facts.missing_label.count == facts.read else "no row can be scored"
    return EmptyInputError(
        why if facts.read else "there are no rows",
        place=Place(table.path),
        details=(
            f"{counted(facts.read, 'row')} read, {facts.missing_label.count:,} without a label, {facts.bad:,} bad",
        ),
        help="check that the right label column was read; --label names another",
    )


def unmatched_error(table: Table, unmatched: int, total: int) -> XentError:
    """Return the error for ids that only one of two files holds."""
    share = f"{unmatched:,} of {counted(total, 'id')} ({_percent(unmatched, total)})"
    return BadRowsError(
        f"{share} {verb(total, 'stand')} in one of the two files only",
        place=Place(table.path),
        help="check --id and both files" + (_SKIP_UNMATCHED if unmatched < total else ""),
    )


def _percent(part: int, whole: int) -> str:
    share = 100.0 * part / whole
    return f"{share:.0f} %" if share >= 10.0 else f"{share:.2g} %"


def _help(table: Table, plan: Refusable, facts: RowFacts, defect: Defect, value: object) -> str:
    taken = _taken(plan) if defect is Defect.UNSEEN_LABEL else None
    if taken is not None:
        return taken
    if defect is Defect.UNSEEN_LABEL and integer_of(str(value)) in SENTINELS:
        return f"{value} often marks rows without a label: --ignore-label {value} leaves them out"
    codes = _other_codes(table, plan) if defect is Defect.UNSEEN_LABEL else None
    if codes is None and defect is Defect.UNSEEN_LABEL and facts.bad >= _MANY * facts.read:
        codes = _as_many_codes(table, plan)
    if codes is not None:
        return codes
    if defect is Defect.OUT_OF_RANGE and _scale(plan) is Scale.PROBABILITIES and facts.scale() is Scale.LOGITS:
        if facts.unsigned:
            return "no score is negative: parts of another total than 1? --normalize divides each row by its total"
        return "scores that leave [0, 1] in most rows are logits (XE201): --scale logits; per cents divide by 100"
    left = facts.scored
    if left == 0:
        return "mend them; no row is left to score"
    return f"mend them, or pass --skip-bad-rows to score the other {left:,} (they are counted in the report)"


def _label(table: Table, plan: Refusable, row: int) -> object:
    """Return the label of a row, None where it is no single cell."""
    cells = _cells(table, row, tuple(plan.coder.columns)) if isinstance(plan.coder, ScalarCoder) else {}
    return next(iter(cells.values()), None)


def _taken(plan: Refusable) -> str | None:
    """Return what to do about a column that is named like the scores and is used for something else."""
    uses = {name: "--by" for columns in plan.slicings for name in columns}
    if plan.weight is not None:
        uses[plan.weight] = "--weight"
    for name in kin(plan.scores, uses):
        return f"{name} is given to {uses[name]} and so is no score; name another column, or all scores by --scores"
    return None


def _other_codes(table: Table, plan: Refusable) -> str | None:
    """Return what to do about labels that are numbers without a 0 where the classes count from 0; None elsewhere.

    Reads the label column once more: an option that names classes must name those that the labels hold.
    """
    if not isinstance(plan.coder, ScalarCoder) or 0 in plan.coder.classes.values():
        return None
    if any(integer_of(name) != at for at, name in enumerate(plan.classes)):
        return None
    found, size = _codes(table, plan.coder) or [], len(plan.classes)
    codes = [code for code in found if len(found) <= size or code not in SENTINELS]
    if not codes:
        return None
    if codes[0] >= 1 and codes[-1] <= size:
        flag = _classes_flag(range(1, size + 1))
        return f"labels count from 1 and scores from 0 (XE307)? name the classes as the labels do: {flag}"
    differ = f"the labels are {_listed(codes)}, the {counted(size, 'score')} count from 0"
    if len(codes) == size and codes[0] >= size:
        flag = _classes_flag(codes)
        return f"{differ}: if the scores stand in the order of the labels, name them so: {flag}"
    if len(codes) > size:
        return f"{differ}: there are more labels than scores; is a score column missing, or named otherwise (--scores)?"
    return f"{differ}: name the class of each score, in their order, with --classes"


def _as_many_codes(table: Table, plan: Refusable) -> str | None:
    """Return what to do about as many integers as there are classes, where they are not the same; None elsewhere."""
    if not isinstance(plan, Plan) or not isinstance(plan.coder, ScalarCoder):
        return None
    classes = [one for one in map(integer_of, plan.classes) if one is not None]
    codes = _codes(table, plan.coder)
    if codes is None or not len(codes) == len(plan.classes) == len(classes):
        return None
    return (
        f"the labels are {_listed(codes)}, the classes of the scores {_listed(classes)}: name the class of each score,"
        " in their order, as the labels do (--classes, or the names of the score columns)"
    )


def _codes(table: Table, coder: ScalarCoder) -> list[int] | None:
    """Return the integers that a label column holds, sorted; None where a label is none."""
    found = {integer_of(text) for text in label_values(table, coder.column).counts}
    return None if None in found else sorted(code for code in found if code is not None)


def _classes_flag(codes: Sequence[int]) -> str:
    """Return the option that names the classes; all of them while they are few enough to be pasted."""
    return "--classes " + ",".join(map(str, codes)) if len(codes) <= MOST_PASTED else f"--classes {_ends(codes)}"


def _ends(codes: Sequence[int]) -> str:
    return f"{codes[0]},{codes[1]},...,{codes[-1]}"


def _listed(codes: Sequence[int]) -> str:
    """Return numbers as people list them: 2 and 3; 1, 5 and 9; of many the first ones and the last."""
    shown = [str(code) for code in codes]
    if len(shown) > MOST_LISTED:
        return f"{', '.join(shown[: MOST_LISTED - 1])}, ... {shown[-1]}"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _cells(table: Table, row: int, columns: tuple[str, ...]) -> dict[str, object]:
    """Return the cells of one row as Python values."""
    start = 1
    for batch in table.batches(dict.fromkeys(columns, ReadAs.NATIVE)):
        if row < start + batch.num_rows:
            return {name: batch.column(at)[row - start].as_py() for at, name in enumerate(columns)}
        start += batch.num_rows
    return {}


def _found(table: Table, plan: Refusable, defect: Defect, row: int) -> tuple[str | None, str]:
    """Return the column at fault and what it holds, in words."""
    if defect is Defect.UNSEEN_LABEL:
        return _unseen(table, plan, row)
    if defect in {Defect.NO_PREDICTION, Defect.UNSEEN_PREDICTION}:
        return _predicted(plan), _no_class(table, plan, row)
    if defect is Defect.BAD_TARGET:
        return _bad_target(table, plan, row)
    columns = (plan.weight,) if defect is Defect.BAD_WEIGHT and plan.weight is not None else plan.scores
    cells = _cells(table, row, columns)
    for column, value in cells.items():
        words = _list_words(plan, value) if isinstance(value, list) else _words(_scale(plan), defect, value)
        if words is not None:
            return column, words
    return (columns[0] if len(columns) == 1 else None), f"holds {defect.value}"


def _unseen(table: Table, plan: Refusable, row: int) -> tuple[str | None, str]:
    columns = tuple(plan.coder.columns)
    cells = _cells(table, row, columns)
    shown = ", ".join(plan.classes[:8]) + (", ..." if len(plan.classes) > 8 else "")
    value = next(iter(cells.values()), None)
    column = columns[0] if len(columns) == 1 else None
    if isinstance(value, list) and isinstance(plan.coder, HotCoder):
        return column, f"holds a list of {counted(len(value), 'label')}, {there(len(plan.classes), 'score')}"
    return column, f"holds a label that no score column has: {_quoted(value)} (classes: {shown})"


def _scale(plan: Refusable) -> Scale | None:
    if isinstance(plan, Plan):
        return plan.scale
    return None if plan.confidence is None else Scale.PROBABILITIES


def _predicted(plan: Refusable) -> str:
    """Return the column of predicted labels."""
    return plan.scores[0] if plan.predicted is None else plan.predicted.column


def _no_class(table: Table, plan: Refusable, row: int) -> str:
    """Return what is wrong with a predicted label."""
    column = _predicted(plan)
    value = _cells(table, row, (column,))[column]
    shown = ", ".join(plan.classes[:8]) + (", ..." if len(plan.classes) > 8 else "")
    return (
        "is empty"
        if value is None
        else f"holds a predicted label that is no class: {_quoted(value)} (classes: {shown})"
    )


def _bad_target(table: Table, plan: Refusable, row: int) -> tuple[str | None, str]:
    """Return the column of a bad target and what it holds; the whole row if no cell by itself is wrong."""
    columns = tuple(plan.coder.columns)
    cells = _cells(table, row, columns)
    values = next(iter(cells.values()), None)
    flat = values if isinstance(values, list) else list(cells.values())
    for at, value in enumerate(flat):
        number = _number(value)
        if number is not None and not 0.0 <= number < float("inf"):
            column = columns[0] if isinstance(values, list) else columns[at]
            return column, f"holds {_quoted(value)}, not a target probability"
    shown = ", ".join(str(value) for value in flat[:8]) + (", ..." if len(flat) > 8 else "")
    return None, f"holds targets that are no probabilities of the classes: {shown}"


def _quoted(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)


def _number(value: object) -> float | None:
    if isinstance(value, bool | int | float):
        return float(value)
    text = str(value).strip()
    return per_cent(text) if text.endswith("%") else number(text)


def _words(scale: Scale | None, defect: Defect, value: object) -> str | None:
    """Return what is wrong with one cell, None if nothing is."""
    if value is None:
        return "is empty" if defect in {Defect.NOT_A_NUMBER, Defect.BAD_WEIGHT} else None
    found = _number(value)
    if found is None:
        return f"holds no number: {_quoted(value)}"
    if defect is Defect.NOT_A_NUMBER and isinstance(value, str):
        return f"holds {_quoted(value)}, but of a column either all cells have a per cent sign, or none"
    if found != found or found in {float("inf"), float("-inf")}:  # noqa: PLR0124  NaN alone is not itself
        return f"holds {found}"
    if defect is Defect.BAD_WEIGHT and found < 0:
        return f"holds a negative weight: {_quoted(value)}"
    outside = scale is Scale.PROBABILITIES and not 0.0 <= found <= 1.0
    outside = outside or (scale is Scale.LOG_PROBABILITIES and found > 0.0)
    outside = outside or abs(found) > LARGEST_LOGIT
    if defect is Defect.OUT_OF_RANGE and outside and scale is not None:
        return f"holds {_quoted(value)}, not {_WANTED[scale]}"
    return None


def _list_words(plan: Refusable, value: list[object]) -> str | None:
    single = isinstance(plan, Plan) and plan.form is ScoreForm.SINGLE_LIST
    size = 1 if single else len(plan.classes)
    if len(value) != size:
        return f"holds a list of {counted(len(value), 'score')}, the others hold {size}"
    for at, element in enumerate(value):
        words = _words(_scale(plan), Defect.NOT_A_NUMBER, element) or _words(_scale(plan), Defect.OUT_OF_RANGE, element)
        if words is not None:
            return f"{words} (element {at})"
    return None
