"""Written numbers: scores that a format with types holds as text, such as `"0.8"` in JSON.

Floor 3. Nothing reads them as numbers; the error names the column, the row and what to write instead.
"""

from collections.abc import Iterable

import pyarrow as pa

from xentcli.errors import Place, TextScoresError
from xentcli.files.format import Format
from xentcli.files.table import ReadAs, Table
from xentcli.files.text.numbers import number
from xentcli.task.reading.candidates import Columns
from xentcli.task.reading.names import by_words, name_of

_BARE = {Format.JSON, Format.JSONL}


def written_numbers(columns: Columns, label: str) -> TextScoresError | None:
    """Return the error for a column that is named as scores and holds numbers as text, None if there is none."""
    others = [name for name in columns.of_scores() if name != label]
    grouped = {name for group in by_words(others) if len(group.columns) > 1 for name in group.columns}
    named = [name for name in others if name in grouped or name in columns.given_scores or name_of(name).score]
    return _first(columns.table, named, decided=False)


def refuse_text(table: Table, scores: Iterable[str]) -> None:
    """Refuse columns of text among those that were decided to be scores.

    Raises:
        TextScoresError: a column with a type of its own holds text.
    """
    error = _first(table, scores, decided=True)
    if error is not None:
        raise error


def _first(table: Table, names: Iterable[str], *, decided: bool) -> TextScoresError | None:
    if table.format.is_text:
        return None
    for name in names:
        if pa.types.is_string(table[name].type) or pa.types.is_large_string(table[name].type):
            found = _column(table, name, decided=decided)
            if found is not None:
                return found
    return None


def _column(table: Table, name: str, *, decided: bool) -> TextScoresError | None:
    """Return the error for a column of text: at a cell that is no number, else at the first.

    Args:
        table: where it is.
        name: the column.
        decided: whether it is known to be a score; else at least half of its cells must be numbers.
    """
    first: tuple[int, str] | None = None
    bad: tuple[int, str] | None = None
    row = numbers = others = 0
    for batch in table.batches({name: ReadAs.NATIVE}):
        for cell in batch.column(0).to_pylist():
            row += 1
            if cell is None:
                continue
            if number(cell) is None:
                others += 1
                bad = bad or (row, f"holds no number: {cell!r}")
                continue
            numbers += 1
            if table.format in _BARE and _is_altered(cell):
                bad = bad or (row, f"holds an integer that no float holds: {cell[:40]}")
            first = first or (row, f"holds numbers as text: {cell!r}")
    found = bad or first
    return (
        None
        if found is None or (others > numbers and not decided)
        else _error(table, name, *found, skippable=bad is not None)
    )


def _is_altered(cell: str) -> bool:
    """Whether a text is an integer that no float holds exactly, which JSON is read as text for."""
    try:
        whole = int(cell)
        return int(float(whole)) != whole
    except OverflowError:
        return True
    except ValueError:
        return False


def _error(table: Table, name: str, row: int, what: str, *, skippable: bool) -> TextScoresError:
    bare = "without quotes" if table.format in _BARE else "as a column of floats"
    help_ = f"write every score {bare}, as 0.8"
    if skippable:
        help_ += ", or pass --skip-bad-rows to leave rows without a number out"
    return TextScoresError(what, place=Place(table.path, row=row, column=name), help=help_)
