"""Class lists: lists of class indices whose names the file's metadata list become lists of these names.

Floor 2. `Sequence(ClassLabel)` of Hugging Face datasets is written so. An index without a name stays a number.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from xentcli.files.arrays import lists, nulls, view
from xentcli.files.build import texts
from xentcli.files.table import Column
from xentcli.record import Record


class ClassLists(Record):
    """A column of lists of class indices as one of lists of class names.

    Attributes:
        source: the column.
        classes: the names, in index order.
    """

    source: str
    classes: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """See `Derivation.sources`."""
        return (self.source,)

    @property
    def columns(self) -> tuple[Column, ...]:
        """See `Derivation.columns`."""
        return (Column(self.source, pa.large_list(pa.string()), self.classes),)

    def arrays(self, sources: Sequence[pa.Array], names: Sequence[str]) -> Sequence[pa.Array]:
        """See `Derivation.arrays`."""
        return [self._named(sources[0])] * len(names)

    def _named(self, array: pa.Array) -> pa.Array:
        held = lists(array)
        null = np.zeros(len(array), dtype=np.bool_) if held.null is None else held.null
        lengths = np.where(null, 0, held.lengths)
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        at = np.repeat(held.starts, lengths) + within
        codes = view(held.values)[at].tolist()
        empty = nulls(held.values)
        absent = np.zeros(len(codes), dtype=np.bool_) if empty is None else empty[at]
        named = texts(None if gone else self._name(code) for code, gone in zip(codes, absent.tolist(), strict=True))
        valid = pa.py_buffer(np.packbits(~null, bitorder="little")) if null.any() else None
        kind = pa.large_list(pa.string())
        return pa.Array.from_buffers(kind, len(array), [valid, pa.py_buffer(offsets)], children=[named])

    def _name(self, code: int) -> str | None:
        if code == -1:
            return None
        return self.classes[code] if 0 <= code < len(self.classes) else str(code)
