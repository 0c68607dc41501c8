"""Spans: labels of parts of a text, such as `[[0, 3, "PER"]]` of doccano, which are no answer of a row.

Floor 3.
"""

from xentcli.errors import ColumnError, Place
from xentcli.files.table import Table
from xentcli.task.label_names import normal, weight

_BY_NAME = 4.0
_SPANS = frozenset({"entities", "ents", "spans"})


def refuse_spans(table: Table) -> None:
    """Raise if what is named as the labels holds lists of lists, and no other column is named so.

    Raises:
        ColumnError: naming the column.
    """
    named = [name for name in table.nested if weight(name) >= _BY_NAME or normal(name) in _SPANS]
    if named and not any(weight(name) >= _BY_NAME for name in table.names):
        raise ColumnError(
            'holds lists of lists, as of spans in a text ([[0, 3, "PER"]] of doccano): labels of parts of a row,'
            " no answer a row",
            place=Place(table.path, column=named[0]),
            help="score spans by entity, as seqeval does; if another column holds a class of each row, name it:"
            " --label COLUMN",
        )
