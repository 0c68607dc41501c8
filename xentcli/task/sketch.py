"""Sketch: about how many distinct values a column holds, in a fixed number of bytes.

Floor 3. For columns with more distinct values than are worth keeping. HyperLogLog (Flajolet et al. 2007) with
2^14 registers: a relative standard error of 0.8 %. Hashes depend on the values alone, so sketches of parts
merge, in any order, into the sketch of the whole.
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from xentcli.files.arrays import view
from xentcli.record import MutableRecord, field
from xentcli.arrays import Hashes

_BITS = 14
_REGISTERS = 1 << _BITS
_POSITIONS = 4096
"""Bytes of a text that its hash looks at; longer ones are told apart by their length as well."""



def _mixed(values: Hashes) -> Hashes:
    """Return 64 bits a value, each bit dependent on all of its bits (the finaliser of SplitMix64)."""
    mixed = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def hash_numbers(values: npt.NDArray[np.generic]) -> Hashes:
    """Return a hash a number, shape (n,); 1 and 1.0 have the same."""
    whole = np.asarray(values, dtype=np.float64) + 0.0  # minus zero is zero
    return _mixed(whole.view(np.uint64) + np.uint64(0x9E3779B97F4A7C15))


def hash_texts(array: pa.Array) -> Hashes:
    """Return a hash a text, shape (n,), of a string array without nulls."""
    wide = np.int64 if pa.types.is_large_string(array.type) else np.int32
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, dtype=wide)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    lengths = np.diff(ends)
    if data is None or not lengths.any():
        return _mixed(lengths.astype(np.uint64))
    letters = np.frombuffer(data, dtype=np.uint8)[ends[0] : ends[-1]].astype(np.uint64)
    starts = ends[:-1] - ends[0]
    position = np.arange(len(letters)) - np.repeat(starts, lengths)
    keys = _mixed(np.arange(_POSITIONS, dtype=np.uint64) + np.uint64(1)) | np.uint64(1)
    products = (letters + np.uint64(1)) * keys[position % _POSITIONS]
    filled = np.flatnonzero(lengths)
    sums = np.zeros(len(array), dtype=np.uint64)
    sums[filled] = np.add.reduceat(products, starts[filled])
    return _mixed(sums + lengths.astype(np.uint64))


class Sketch(MutableRecord):
    """A HyperLogLog: for each of 2^14 groups of hashes the longest run of leading zeros plus one."""

    registers: npt.NDArray[np.uint8] = field(default_factory=lambda: np.zeros(_REGISTERS, dtype=np.uint8))

    def add(self, hashes: Hashes) -> None:
        """Add values by their hashes."""
        group = (hashes >> np.uint64(64 - _BITS)).astype(np.intp)
        # The rest of the hash as a float: its exponent tells the leading zeros.
        rest = (hashes << np.uint64(_BITS)) >> np.uint64(12)
        _, exponent = np.frexp(rest.astype(np.float64))
        rank = np.where(rest == 0, 53, 53 - exponent).astype(np.uint8)
        np.maximum.at(self.registers, group, rank)

    def add_cells(self, array: pa.Array) -> None:
        """Add the cells of an array of numbers or texts without nulls."""
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
            self.add(hash_texts(array))
        elif pa.types.is_integer(array.type) or pa.types.is_floating(array.type):
            self.add(hash_numbers(view(array)))
        else:
            self.add(hash_texts(pa.array([str(value) for value in array.to_pylist()], pa.string())))

    def merge(self, other: "Sketch") -> None:
        """Add the values of another part."""
        np.maximum(self.registers, other.registers, out=self.registers)

    @property
    def distinct(self) -> int:
        """About how many distinct values were added."""
        weight = 0.7213 / (1 + 1.079 / _REGISTERS)
        estimate = weight * _REGISTERS**2 / float(np.sum(2.0 ** -self.registers.astype(np.float64)))
        empty = int(np.count_nonzero(self.registers == 0))
        if estimate <= 2.5 * _REGISTERS and empty:
            estimate = _REGISTERS * float(np.log(_REGISTERS / empty))
        return round(estimate)
