"""Plain arrays: what readers above need not know of Arrow's type system is taken off here.

Floor 2. Extension types give their storage, views their plain twins, bytes become text, a dictionary is kept only where
its values are text. Structs, maps, unions and lists of lists are no cells. Dates, times and durations that Python
cannot say are refused before anybody asks it to.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from xentcli.errors import ColumnError, Place
from xentcli.files.arrays import is_list, nulls, vector, view
from xentcli.files.streams import first_line

_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def refuse_unsayable_times(array: pa.Array, column: str, path: str | None) -> None:
    """Refuse an array of times, of which one cannot be said.

    Raises:
        ColumnError: with the count that stands in the file.
    """
    kind = array.type
    if pa.types.is_interval(kind) or len(array) == array.null_count:
        return
    counts = array.view(pa.int32() if kind.bit_width == 32 else pa.int64())
    for at in _ends(counts):
        reason = _unsayable(array, at)
        if reason is not None:
            raise ColumnError(
                f"holds {kind} that cannot be said: {counts[at].as_py()} {reason}",
                place=Place(path, column=column),
                help="mend the value, or write the column as text",
            )


def _ends(counts: pa.Array) -> tuple[int, int]:
    """Return where the least and the largest count stand, nulls aside."""
    missing = nulls(counts)
    filled = np.arange(len(counts)) if missing is None else np.flatnonzero(~missing)
    values = view(counts)[filled]
    return int(filled[values.argmin()]), int(filled[values.argmax()])


def _unsayable(array: pa.Array, at: int) -> str | None:
    """Return why a cell cannot be said, None if it can."""
    kind = array.type
    if pa.types.is_time(kind):
        return None if 0 <= array[at].value < _DAY[kind.unit] else "lies outside a day"
    zone = getattr(kind, "tz", None)
    try:
        if getattr(kind, "unit", None) != "ns":
            array[at].as_py()
        elif zone is not None:  # nanoseconds reach from 1677 to 2262, and saying one takes pandas
            pa.scalar(0, pa.timestamp("s", zone)).as_py()
    except (OverflowError, ValueError) as error:
        is_zone = isinstance(error, pa.ArrowException)
        return f"is in the unknown time zone {zone!r}" if is_zone else f"lies beyond the calendar ({first_line(error)})"
    return None


_LISTS_OF_NAMES = frozenset({"labels", "classes", "class_names", "label_names", "candidate_labels"})
_LISTS_OF_SCORES = frozenset({"scores", "probs", "probabilities", "probas", "confidences"})


def is_plain(kind: pa.DataType) -> bool:
    """Return whether cells of that type are plain, or lists of plain cells."""
    if kind.num_fields == 0 and not isinstance(kind, pa.BaseExtensionType) and not pa.types.is_struct(kind):
        return True
    return not holds_objects(kind) and plain_type(kind) is not None


def plain_type(kind: pa.DataType) -> pa.DataType | None:
    """Return the type that `plain` gives for a type, None for what is no cell and no list of cells."""
    if isinstance(kind, pa.BaseExtensionType):
        return plain_type(kind.storage_type)
    if pa.types.is_run_end_encoded(kind):
        return plain_type(kind.value_type)
    if pa.types.is_dictionary(kind):
        return kind if is_text(kind.value_type) else plain_type(kind.value_type)
    return _plain_list_type(kind) if pa.types.is_nested(kind) else _plain_scalar_type(kind)


def _plain_scalar_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_large_binary(kind):
        return pa.large_string()
    return pa.string() if pa.types.is_string_view(kind) or _is_bytes(kind) else kind


def _plain_list_type(kind: pa.DataType) -> pa.DataType | None:
    if pa.types.is_struct(kind) or pa.types.is_map(kind) or pa.types.is_union(kind):
        return None
    value = plain_type(kind.value_type)
    if value is None or pa.types.is_nested(value):
        return None
    if pa.types.is_dictionary(value):
        value = value.value_type
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(value, kind.list_size)
    wide = pa.types.is_large_list(kind) or pa.types.is_large_list_view(kind)
    return pa.large_list(value) if wide else pa.list_(value)


def storage(kind: pa.DataType) -> pa.DataType:
    """Return a type without the extensions that stand around it."""
    while isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    return kind


def is_list_of_objects(kind: pa.DataType) -> bool:
    """Return whether cells of that type are lists of objects."""
    return is_list(kind) and bool(pa.types.is_struct(storage(kind.value_type)))


def holds_objects(kind: pa.DataType) -> bool:
    """Return whether cells of that type are objects, maps, or lists of objects."""
    kind = storage(kind)
    return bool(pa.types.is_struct(kind) or pa.types.is_map(kind)) or is_list_of_objects(kind)


def named_lists(types: Mapping[str, pa.DataType]) -> tuple[str, str] | None:
    """Return the one list of class names of a table and the one list of scores beside it, None if it has none."""
    listed = {name: kind.value_type for name, kind in types.items() if is_list(kind)}
    texts = [name for name, kind in listed.items() if name in _LISTS_OF_NAMES and is_text(kind)]
    numbers = [name for name, kind in listed.items() if name in _LISTS_OF_SCORES and pa.types.is_floating(kind)]
    return (texts[0], numbers[0]) if len(texts) == len(numbers) == 1 else None


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind) or pa.types.is_binary_view(kind)
    ) and not pa.types.is_decimal(kind)


def is_text(kind: pa.DataType) -> bool:
    """Return whether cells of that type are text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def plain(array: pa.Array, column: str, path: str | None = None) -> pa.Array:
    """Return an array as one of its plain type.

    Raises:
        ColumnError: it holds bytes that are no text, or times that have no name.
    """
    if isinstance(array, pa.ExtensionArray):
        return plain(array.storage, column, path)
    if pa.types.is_run_end_encoded(array.type):
        import pyarrow.compute as pc  # noqa: PLC0415  60 ms that only this type pays

        return plain(pc.run_end_decode(array), column, path)
    _refuse_unsayable_times(array, column, path)
    wanted = plain_type(array.type)
    if wanted is None or wanted == array.type:
        return array
    if pa.types.is_dictionary(array.type):
        return plain(array.dictionary_decode(), column, path)
    if pa.types.is_list_view(array.type) or pa.types.is_large_list_view(array.type):
        array = _of_views(array)
    return cast(array, wanted, column, path)


def _refuse_unsayable_times(array: pa.Array, column: str, path: str | None) -> None:
    kind = array.type
    if pa.types.is_temporal(kind):
        refuse_unsayable_times(array, column, path)
    elif is_list(kind) and pa.types.is_temporal(kind.value_type):
        refuse_unsayable_times(array.flatten(), column, path)


def _of_views(array: pa.Array) -> pa.Array:
    """Return a list view as lists, by hand: Arrow's own cast makes offsets that are one too short."""
    lengths = [length.as_py() or 0 for length in array.value_lengths()]
    offsets = vector(np.cumsum([0, *lengths], dtype=np.int64))
    return pa.LargeListArray.from_arrays(offsets, array.flatten(), mask=array.is_null())


def cast(array: pa.Array, kind: pa.DataType, column: str, path: str | None = None) -> pa.Array:
    """Return an array as one of another type.

    Raises:
        ColumnError: a cell would change its meaning.
    """
    if pa.types.is_dictionary(array.type) and not pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
    try:
        return array if array.type == kind else array.cast(kind)
    except pa.ArrowException as error:
        reason = str(error).splitlines()[0]
        raise ColumnError(
            f"holds {array.type} that cannot be read as {kind}: {reason}", place=Place(path, column=column)
        ) from error
