"""Grain: the roundings that scores may show.

Floor 4.
"""

from enum import Enum

import numpy as np

from xentcli.arrays import AnyFloats


class Grain(Enum):
    """Multiples of a power of ten, or floats with 8 significant bits; the coarsest first."""

    ONE_DECIMAL = 1
    TWO_DECIMALS = 2
    THREE_DECIMALS = 3
    FOUR_DECIMALS = 4
    BFLOAT16 = 0

    @property
    def unit(self) -> float:
        """What decimals are multiples of; for floats their relative distance."""
        return 2.0**-8 if self is Grain.BFLOAT16 else float(10.0**-self.value)

    def holds(self, values: AnyFloats) -> bool:
        """Whether all values, float32 or float64, are what this rounding leaves as it is."""
        if self is not Grain.BFLOAT16:
            parts = values.dtype.type(10**self.value)
            return bool((np.rint(values * parts) / parts == values).all())
        narrow = np.ascontiguousarray(values, dtype=np.float32)
        return bool((narrow == values).all() and not (narrow.view(np.uint32) & 0xFFFF).any())
