"""The types of numpy arrays that annotations name, each once.

Floor 0.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
NarrowFloats = npt.NDArray[np.float32]
AnyFloats = npt.NDArray[np.floating]
"""float32 or float64, as the file holds them."""

Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
"""Positions, or indices of classes."""

Integers = npt.NDArray[np.int64]
AnyIntegers = npt.NDArray[np.integer]
Codes = npt.NDArray[np.int32]
Unsigned = npt.NDArray[np.unsignedinteger]
"""Class indices in the narrowest type that holds them."""

Hashes = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
