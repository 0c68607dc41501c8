"""Print how often the intervals of a comparison hold the true difference, and how often equal models fail a check.

Simulated pairs of models: each row has a hidden signal s ~ N(0, 1) per class (one for binary), its label is drawn
from softmax(k s + b) (sigmoid), and each model sees m = s + noise * N(0, 1) and answers confidence * (k m /
(1 + noise^2) + b): near calibrated with confidence 1. The shared s makes the models right and wrong together. With
equal noise the models are exchangeable, so that the true difference of any metric is 0; with unequal noise the truth
is taken from 10^7 rows of its own.
"""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import log
from multiprocessing import get_context

import numpy as np

from xentcli.scoring.comparing import bootstrap, decide, macros, proportions, statistics
from xentcli.scoring.comparing.decide import Decision

LEVEL = 0.95
SIZES = (2000, 100)
PAIRS = 10_000
FEWER = 2_000
"""Macro metrics are bootstrapped for fewer pairs of few rows, and for a quarter and half of them unpaired."""
RESAMPLES = {2: bootstrap.RESAMPLES, 10: 400}
"""By the number of classes: of ten there are so many cells that the tool's number would take an hour."""
TRUTH_ROWS = 10_000_000
BLOCK = 200_000
"""Rows simulated at a time."""


@dataclass(frozen=True)
class World:
    """A law of rows and of two models.

    Attributes:
        name: what is printed.
        signal: k.
        priors: the bias b of each class, as the share the class would have without a signal.
        noise: of A and of B.
        confidence: of both.
    """

    name: str
    signal: float
    priors: tuple[float, ...]
    noise: tuple[float, float] = (1.0, 1.0)
    confidence: float = 1.0

    @property
    def equal(self) -> bool:
        """Whether the models are exchangeable."""
        return self.noise[0] == self.noise[1]


EVEN = (0.1,) * 10
UNEVEN = (0.28, 0.2, 0.14, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02)
WORLDS = (
    World("binary, balanced, calibrated", 2.0, (0.5, 0.5)),
    World("binary, balanced, over-confident x3", 2.0, (0.5, 0.5), confidence=3.0),
    World("binary, rare event, calibrated", 3.0, (0.99, 0.01), noise=(0.5, 0.5)),
    World("10 classes, balanced, calibrated", 2.0, EVEN),
    World("10 classes, uneven, over-confident x3", 2.0, UNEVEN, confidence=3.0),
    World("binary, balanced, B noisier", 2.0, (0.5, 0.5), noise=(1.0, 1.2)),
    World("binary, rare event, B noisier", 3.0, (0.99, 0.01), noise=(0.5, 0.7)),
    World("10 classes, uneven, B noisier", 2.0, UNEVEN, noise=(1.0, 1.2)),
)


@dataclass(frozen=True)
class Rows:
    """Simulated rows: what each model makes of them; arrays of one shape (rows,)."""

    true: np.ndarray
    decided: tuple[np.ndarray, np.ndarray]
    loss: tuple[np.ndarray, np.ndarray]
    brier: tuple[np.ndarray, np.ndarray]


def simulated(world, rng, rows):
    """Return rows of a world."""
    draw = binary if len(world.priors) == 2 else multiclass
    true, models = draw(world, rng, rows)
    return Rows(true, *(tuple(pair) for pair in zip(*models, strict=True)))


def binary(world, rng, rows):
    """Return the labels, and of each model the decisions, losses and Brier scores."""
    bias = log(world.priors[1] / world.priors[0])
    signal = rng.standard_normal(rows)
    true = rng.random(rows) < 1.0 / (1.0 + np.exp(-world.signal * signal - bias))

    def model(noise):
        seen = signal + noise * rng.standard_normal(rows)
        logit = world.confidence * (world.signal / (1.0 + noise**2) * seen + bias)
        of_true = np.where(true, logit, -logit)
        score = 1.0 / (1.0 + np.exp(-logit))
        return (logit > 0.0).astype(np.int64), np.logaddexp(0.0, -of_true), (score - true) ** 2

    return true.astype(np.int64), [model(noise) for noise in world.noise]


def multiclass(world, rng, rows):
    """Return the same for several classes."""
    bias = np.log(world.priors)
    shape = (rows, len(bias))
    signal = rng.standard_normal(shape)
    # The first of exponential clocks with these rates rings with the probabilities of their softmax.
    true = np.argmin(rng.standard_exponential(shape) * np.exp(-world.signal * signal - bias), axis=1)
    at = np.arange(rows)

    def model(noise):
        logits = rng.standard_normal(shape)
        logits *= noise
        logits += signal
        logits *= world.confidence * world.signal / (1.0 + noise**2)
        logits += world.confidence * bias
        of_true = logits[at, true]
        decided = np.argmax(logits, axis=1)
        np.exp(logits, out=logits)
        total = logits.sum(axis=1)
        brier = (logits**2).sum(axis=1) / total**2 - 2.0 * logits[at, true] / total + 1.0
        return decided, np.log(total) - of_true, brier

    return true, [model(noise) for noise in world.noise]


@dataclass(frozen=True)
class Pair:
    """What a comparison knows of two models on n rows."""

    classes: int
    rows: int
    loss: tuple[float, float]
    brier: tuple[float, float]
    means: tuple[tuple[float, float], tuple[float, float]]
    """Of A's and of B's losses: mean and standard error."""
    right: tuple[int, int]
    only: tuple[int, int]
    cells: np.ndarray
    counts: np.ndarray


def pairs(world, rows, number, seed) -> Iterator[Pair]:
    """Yield that many pairs of models, each on rows of its own."""
    rng = np.random.default_rng(seed)
    size, step = len(world.priors), max(1, BLOCK // rows)
    for start in range(0, number, step):
        some = min(step, number - start)
        block = simulated(world, rng, rows * some)
        true, a, b = (one.reshape(some, rows) for one in (block.true, *block.decided))
        losses = [one.reshape(some, rows) for one in block.loss]
        briers = [one.reshape(some, rows) for one in block.brier]
        loss, brier = losses[1] - losses[0], briers[1] - briers[0]
        sums = [(one.sum(axis=1), (one * one).sum(axis=1)) for one in (loss, brier)]
        errors = [(one.mean(axis=1), one.std(axis=1, ddof=1) / rows**0.5) for one in losses]
        hits = (true == a, true == b)
        keys = (true * size + a) * size + b
        for at in range(some):
            found, counts = np.unique(keys[at], return_counts=True)
            yield Pair(
                size,
                rows,
                *((float(total[at]), float(square[at])) for total, square in sums),
                tuple((float(mean[at]), float(error[at])) for mean, error in errors),
                tuple(int(one[at].sum()) for one in hits),
                (int((hits[0][at] & ~hits[1][at]).sum()), int((hits[1][at] & ~hits[0][at]).sum())),
                np.column_stack([found // size**2, found // size % size, found % size]),
                counts,
            )


def truth(world) -> dict[str, float]:
    """Return the true differences B - A by metric."""
    names = ("loss", "accuracy", "brier", *macros.METRICS)
    if world.equal:
        return dict.fromkeys(names, 0.0)
    rng, size = np.random.default_rng(11), len(world.priors)
    totals, confusions = np.zeros(2), np.zeros((2, size * size))
    for _ in range(TRUTH_ROWS // BLOCK):
        block = simulated(world, rng, BLOCK)
        totals += [(two[1] - two[0]).sum() for two in (block.loss, block.brier)]
        confusions += [np.bincount(block.true * size + one, minlength=size * size) for one in block.decided]
    tables = confusions.reshape(2, size, size)
    margins = macros.ResampledMargins(tables.sum(axis=2), tables.sum(axis=1), np.diagonal(tables, axis1=1, axis2=2))
    found = {name: float(np.diff(metric(margins))[0]) for name, metric in macros.METRICS.items()}
    right = np.trace(tables, axis1=1, axis2=2) / TRUTH_ROWS
    return found | {"loss": totals[0] / TRUTH_ROWS, "brier": totals[1] / TRUTH_ROWS, "accuracy": right[1] - right[0]}


LOWER_IS_BETTER = {"loss", "brier"}


@dataclass
class Record:
    """How one kind of interval did.

    Attributes:
        pairs: how many intervals there were.
        held: how many held the true difference.
        failed: how many would have failed a check of B against A with margin 0.
    """

    pairs: int = 0
    held: int = 0
    failed: int = 0

    def add(self, metric, interval, true):
        """Count an interval of B - A."""
        self.pairs += 1
        self.held += interval[0] <= true <= interval[1]
        worsening = decide.worsening(interval, higher_is_better=metric not in LOWER_IS_BETTER)
        self.failed += decide.decide(worsening, 0.0) is Decision.FAIL

    @property
    def coverage(self) -> float:
        """The share of intervals that held the truth."""
        return self.held / self.pairs

    @property
    def failures(self) -> float:
        """The share of checks that failed."""
        return self.failed / self.pairs


@dataclass(frozen=True)
class Study:
    """What came of one world at one number of rows; records by metric and by how the rows were paired."""

    world: World
    rows: int
    truth: dict[str, float]
    records: dict[tuple[str, str], Record]
    mcnemar_rejects: float


def study(world, rows, number=PAIRS, fewer=FEWER) -> Study:
    """Simulate pairs and count."""
    true = truth(world)
    bootstrapped = number if rows >= SIZES[0] else fewer
    records: dict[tuple[str, str], Record] = {}

    def add(how, intervals):
        for metric, interval in intervals.items():
            records.setdefault((metric, how), Record()).add(metric, interval, true[metric])

    rejected, last = 0, None
    for at, pair in enumerate(pairs(world, rows, number, seed=(7, WORLDS.index(world), rows))):
        rejected += proportions.p_value(*pair.only) < 1.0 - LEVEL
        add("paired", paired_intervals(pair, at < bootstrapped))
        add("unpaired, same rows", unpaired_intervals(pair, pair, at < fewer // 4))
        if last is not None:
            # A on the rows of the pair before, B on these: independent, as the unpaired intervals take them to be.
            add("unpaired", unpaired_intervals(last, pair, at < fewer // 2))
        last = pair
    return Study(world, rows, true, records, rejected / number)


def paired_intervals(pair, bootstrapped):
    """Return the intervals by metric, those of macro metrics only if asked for."""
    found = {
        "loss": statistics.paired(pair.rows, *pair.loss).interval(LEVEL),
        "brier": statistics.paired(pair.rows, *pair.brier).interval(LEVEL),
        "accuracy": proportions.interval(pair.rows, *pair.only, LEVEL),
    }
    macros = bootstrap.paired(pair.cells, pair.counts, LEVEL, RESAMPLES[pair.classes]) if bootstrapped else {}
    return found | defined(macros)


def unpaired_intervals(first, second, bootstrapped):
    """Return the same from A in the first pair and B in the second."""
    found = {
        "loss": statistics.means(*first.means[0], *second.means[1]).interval(LEVEL),
        "accuracy": statistics.proportions(first.right[0], first.rows, second.right[1], second.rows, LEVEL),
    }
    of_a, of_b = (first.cells[:, :2], first.counts), (second.cells[:, [0, 2]], second.counts)
    resamples = RESAMPLES[first.classes]
    return found | defined(bootstrap.unpaired(of_a, of_b, LEVEL, resamples) if bootstrapped else {})


def defined(macros):
    """Return the intervals that there are."""
    return {metric: found.interval for metric, found in macros.items() if found.interval is not None}


def studies(sizes, number=PAIRS, fewer=FEWER) -> Iterator[Study]:
    """Yield a study per world and number of rows, on two processes."""
    jobs = [(world, rows, number, fewer) for rows in sizes for world in WORLDS]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield from pool.map(study, *zip(*jobs, strict=True))


def show(one: Study):
    """Print one study."""
    print(f"\n{one.world.name}, n = {one.rows}; McNemar p < 0.05: {one.mcnemar_rejects:.2%}")
    for (metric, how), record in one.records.items():
        print(
            f"  {metric:18} {how:20} truth {one.truth[metric]:+.5f}  coverage {record.coverage:7.2%}"
            f"  fails at margin 0 {record.failures:7.2%}  of {record.pairs}",
            flush=True,
        )


def main():
    """Print the table."""
    start = time.perf_counter()
    for one in studies([int(size) for size in sys.argv[1:]] or SIZES):
        show(one)
    print(f"\n{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
