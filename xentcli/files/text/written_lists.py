"""Written lists: cells of text that print lists of fractions become lists of numbers.

Floor 2. Python prints `[0.8, 0.2]`, NumPy `[0.8 0.2]` or `[np.float64(0.8), ...]`, Spark `[0.8,0.2]`,
`DenseVector([0.8, 0.2])` or, sparse, `(2,[0],[0.8])`, PyTorch `tensor([0.8, 0.2])`; some write `0.8,0.2`
in quotes. The first rows tell which columns are such; a cell that is none becomes null, as where numbers are read.
"""

import json
import re
from collections.abc import Sequence
from functools import partial
from math import fsum, isfinite

import pyarrow as pa

from xentcli.errors import ColumnError, Place
from xentcli.files.nested.derive import Converted, Derivation, derived
from xentcli.files.table import ReadAs, Table

ROWS = 200
"""How many of the first rows are looked at."""

_MAY_BE = re.compile(rb'[\[(]\s*[-+.\d]|\[[a-z.]*(?:float|tensor)\d*\(|Vector\(|"[-+.\d][-+.\deE]*[,;|] ?[-+.\d]')
"""What a file holds near its start if it may print lists; most files are not looked at any further."""

_CALLS = re.compile(r"[A-Za-z_][\w.]*\(")
_KEYWORDS = re.compile(r",?\s*(?:dtype|device|grad_fn|requires_grad)=(?:<[^>]*>|'[^']*'|[^,)\]]*)")
_SPARSE = re.compile(r"\(\s*(\d+)\s*,\s*\[([^\]]*)\]\s*,\s*\[([^\]]*)\]\s*\)|SparseVector\((\d+),\s*(\{.*\})\)")
_DRESSED = re.compile(r"[A-Za-df-z_{]|.[\[(]", re.DOTALL)
"""What numbers and one pair of brackets do not hold."""

_CUT_SHORT = re.compile(r"\d\.*\s+\.\.\.\s")
_MOSTLY = 0.9
_LONGEST = 1 << 20
_LIST = pa.list_(pa.float64())


def _read_lists(separator: str, plain: bool, array: pa.Array) -> pa.Array:
    """Return printed lists as lists of numbers.

    Args:
        separator: what stands between the numbers; blank for any white space.
        plain: whether the first rows hold nothing but numbers, separators and one pair of brackets.
        array: the cells of a batch.
    """
    found = _at_once(separator, array) if plain else None
    if found is not None:
        return found
    return pa.array([None if cell is None else numbers_of(cell) for cell in array.to_pylist()], type=_LIST)


def _at_once(separator: str, array: pa.Array) -> pa.Array | None:
    """Return all lists of a batch, None where one of them is not plain."""
    import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only printed lists pay

    bare = pc.utf8_trim(array, characters="[]() \t\r\n")
    blank = separator == " "
    try:
        cut = pc.utf8_split_whitespace(bare) if blank else pc.split_pattern(bare, separator)
        items = cut.values if blank else pc.utf8_trim_whitespace(cut.values)
        numbers = items.cast(pa.float64())
    except pa.ArrowInvalid:
        return None
    return pa.Array.from_buffers(_LIST, len(cut), cut.buffers()[:2], offset=cut.offset, children=[numbers])


def with_written_lists(table: Table, head: bytes) -> Table:
    """Return a text table in which columns of printed lists of fractions are lists.

    Args:
        table: the table.
        head: the file's first bytes.

    Raises:
        ColumnError: NumPy left numbers out of the cells of one.
    """
    if not _MAY_BE.search(head):
        return table
    makers: list[Derivation] = []
    first = next(table.batches(dict.fromkeys(table.names, ReadAs.NATIVE)), None)
    for name, array in zip(table.names, () if first is None else first.columns, strict=True):
        found = _written(name, [cell for cell in array.slice(0, ROWS).to_pylist() if cell is not None], table.path)
        makers += [] if found is None else [found]
    if not makers:
        return table
    shown = ", ".join(maker.sources[0] for maker in makers)
    return derived(table, makers).with_notes(f"printed lists read as lists of numbers: {shown}")


def _written(name: str, cells: Sequence[str], path: str) -> Converted | None:
    """Return how the lists of a column are printed, None if its cells are none."""
    cells = [cell.strip() for cell in cells]
    if any(cell.startswith("[") and _CUT_SHORT.search(cell) for cell in cells):
        raise ColumnError(
            "holds lists that NumPy cut short: numbers are left out where it wrote '...'",
            place=Place(path, column=name),
            help="write all of them: array.tolist(), or numpy.set_printoptions(threshold=sys.maxsize)",
        )
    read = [(cell, row) for cell in cells if (row := numbers_of(cell)) is not None and len(row) > 1]
    size = len(read[0][1]) if read else 0
    if not read or sum(len(row) == size for _, row in read) < _MOSTLY * len(cells):
        return None
    if not any("." in cell or "e-" in cell for cell, _ in read):
        return None  # whole numbers are tags, or zeros and ones: the readers of labels know them
    bare = [(cell, row) for cell, row in read if cell[-1] not in "])"]
    if not all(_is_share(row) and cell.count(".") == len(row) for cell, row in bare):
        return None
    separator = next((sign for sign in ",;|" if sign in read[0][0]), " ")
    plain = all(not _DRESSED.search(cell) for cell, _ in read)
    return Converted(name, _LIST, partial(_read_lists, separator, plain))


def _is_share(row: Sequence[float]) -> bool:
    return all(0 <= one <= 1 for one in row) and abs(fsum(row) - 1) < 1e-2


def numbers_of(cell: str) -> list[float] | None:
    """Return the numbers of a printed list, None if it is none."""
    text = cell.strip()
    sparse = _SPARSE.fullmatch(text.removeprefix("SparseVector") if not text.endswith("})") else text)
    if sparse is not None:
        return _dense(sparse)
    text = _CALLS.sub("", _KEYWORDS.sub("", text)).strip("[]() \t\r\n").replace(")", "")
    separator = next((sign for sign in ",;|" if sign in text), None)
    items = text.split(separator)
    if separator == "," and not items[-1].strip():
        items.pop()
    try:
        return [float(item) for item in items] if items and "_" not in text else None
    except ValueError:
        return None


def _dense(sparse: "re.Match[str]") -> list[float] | None:
    """Return a sparse vector with its zeros, None where its parts do not fit together."""
    try:
        size = int(sparse[1] or sparse[4])
        if sparse[5]:
            pairs = {
                int(at): float(one)
                for at, one in (item.split(":") for item in sparse[5].strip("{}").split(",") if item.strip())
            }
        else:
            places, values = json.loads(f"[{sparse[2]}]"), json.loads(f"[{sparse[3]}]")
            pairs = dict(zip(map(int, places), map(float, values), strict=True))
    except (ValueError, TypeError):
        return None
    if size > _LONGEST or any(not 0 <= at < size for at in pairs) or not all(map(isfinite, pairs.values())):
        return None
    return [pairs.get(at, 0.0) for at in range(size)]
