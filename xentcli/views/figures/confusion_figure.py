"""The confusion of true and predicted classes: a heat map of a few classes, the most frequent mistakes of many.

Floor 8. Pure functions of finished counts.
"""

from collections.abc import Iterator
from heapq import nsmallest

from xentcli.scoring.model import Confusion
from xentcli.views import numbers
from xentcli.views.figures.model import Axis, Datum, Figure, Form, Mark, Series, Tone

MOST_CLASSES = 40
"""Up to which a heat map can be read; beyond, the pairs that are mistaken most often are shown."""

MOST_PAIRS = 25

Cell = tuple[int, int, int]


def confusion(found: Confusion) -> Iterator[Figure]:
    """Yield the figure; nothing where there is one class, or no row."""
    cells = _cells(found)
    if len(found.labels) < 2 or not cells:
        return
    worst = nsmallest(MOST_PAIRS, ((-n, i, j) for i, j, n in cells if i != j))
    totals = [0] * len(found.labels)
    for i, _, n in cells:
        totals[i] += n
    sentence = "No class is taken for another."
    if worst:
        n, i, j = -worst[0][0], worst[0][1], worst[0][2]
        sentence = (
            f"The most frequent mistake: {found.labels[i]} is taken for {found.labels[j]}"
            f" in {numbers.counted(n, 'row')}, {numbers.share(n / totals[i])} of {found.labels[i]}."
        )
    if len(found.labels) <= MOST_CLASSES:
        yield _heat_map(found.labels, cells, totals, sentence)
    elif worst:
        yield _pairs(found.labels, [(i, j, -n) for n, i, j in worst], sentence)


def _cells(found: Confusion) -> list[Cell]:
    """Return the cells that are not empty."""
    if found.counts is None:
        return list(found.cells or ())
    return [(i, j, n) for i, row in enumerate(found.counts) for j, n in enumerate(row) if n]


def _heat_map(labels: tuple[str, ...], cells: list[Cell], totals: list[int], sentence: str) -> Figure:
    data = [(i == j, Datum(j, i, rows=n, share=n / totals[i])) for i, j, n in cells]
    right, wrong = (tuple(one for hit, one in data if hit is wanted) for wanted in (True, False))
    return Figure(
        "confusion", "Confusion: share of each true class", sentence,
        Axis("predicted", names=labels), Axis("true", names=labels),
        (Series("right", Mark.CELL, right), Series("mistaken", Mark.CELL, wrong, Tone.BAD)),
    )  # fmt: skip


def _pairs(labels: tuple[str, ...], worst: list[Cell], sentence: str) -> Figure:
    return Figure(
        "mistakes", "Most frequent mistakes", sentence,
        Axis("rows", (0.0, 1.05 * worst[0][2]), form=Form.COUNT),
        Axis("true, taken for", names=tuple(f"{labels[i]} → {labels[j]}" for i, j, _ in worst)),
        (Series("rows", Mark.BAR, tuple(Datum(n, at) for at, (_, _, n) in enumerate(worst)), Tone.BAD),),
        measured="x",
    )  # fmt: skip
