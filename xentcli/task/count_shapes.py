"""Count shapes: what the rows of each whole number in a column look like, when the numbers stand in order.

Floor 3. Pure functions of rows by value. Classes that are numbered have rows in any shape; numbers of events and
measured quantities have those that are told here.
"""

from collections.abc import Mapping


def thin_out(rows: Mapping[int, int]) -> bool:
    """Return whether integers look like counts: from 0 or 1, the more the rarer, thinning out to gaps at the end."""
    found = sorted(rows)
    if len(found) < 6 or found[0] not in {0, 1}:
        return False
    counts = [rows[value] for value in found]
    first, last = sum(counts[: len(counts) // 3]), sum(counts[-(len(counts) // 3) :])
    gaps = found[-1] - found[0] + 1 > len(found)
    return first > 8 * max(1, last) and (gaps or counts[-1] <= 0.02 * max(counts))


def fall_faster(rows: Mapping[int, int]) -> bool:
    """Return whether integers look like numbers of events: counts that fall ever faster, as in Poisson's law.

    Classes that are numbered by their rows thin out by a power or at an even rate: their logarithm does not bend down.
    """
    if not thin_out(rows):
        return False
    counts = [number for _, number in sorted(rows.items())]
    third = len(counts) // 3
    first, last = sum(counts[:third]) / third, sum(counts[-third:]) / third
    middle = sum(counts[third:-third]) / (len(counts) - 2 * third)
    return middle * middle >= 2 * first * last


def heap_up(rows: Mapping[int, int]) -> bool:
    """Return whether integers look like a quantity: many around a hump, its rare ends thin and with gaps."""
    found = sorted(rows)
    if len(found) < 12 or found[-1] - found[0] + 1 == len(found):
        return False
    counts = [rows[value] for value in found]
    third = len(counts) // 3
    middle, ends = sum(counts[third:-third]), sum(counts[:third]) + sum(counts[-third:])
    return middle > ends and sum(number == 1 for number in counts) > 0.1 * len(counts)
