"""Ranked rows: which number of a binary task's row is its place in the Ranking.

Floor 4. The positive class's score where it stands alone, its probability where both classes have one, and for
two logits or log-probabilities their difference, which grows with the probability and never saturates.
"""

import numpy as np
import numpy.typing as npt

from xentcli.tally.blocks import Block
from xentcli.tally.ordered import AnyFloats, Keys, folded_keys, ordered_keys
from xentcli.tally.plan import Plan
from xentcli.tally.ranking import Ranking
from xentcli.tally.scored import ScoredRows
from xentcli.task.model import Kind, Scale

Floats = npt.NDArray[np.float64]


def empty_ranking(plan: Plan) -> Ranking | None:
    """Return the Ranking of no rows; None for tasks without a positive class."""
    if plan.kind is not Kind.BINARY or plan.positive is None:
        return None
    return Ranking(weighted=plan.weight is not None, probabilities=plan.scale is Scale.PROBABILITIES)


def add_ranked(ranking: Ranking | None, plan: Plan, block: Block, rows: ScoredRows) -> None:
    """Add the rows of a block to a Ranking, where there is one."""
    if ranking is not None:
        ranking.add(_places(plan, block, rows.confidence), rows.came_true, rows.weights)


def place_keys(plan: Plan, block: Block, rows: ScoredRows) -> Keys:
    """Return the places of the rows of a block in a Ranking, as its keys, shape (n,); of binary tasks alone."""
    places = _places(plan, block, rows.confidence)
    return folded_keys(places) if plan.scale is Scale.PROBABILITIES else ordered_keys(places)


def _places(plan: Plan, block: Block, chance: Floats) -> AnyFloats:
    if plan.scale is Scale.PROBABILITIES:
        return chance
    own: AnyFloats = block.scores[plan.positive or 0]
    if plan.single and plan.own == plan.positive:
        return own
    other: AnyFloats = block.scores[1 - (plan.positive or 0)]
    with np.errstate(invalid="ignore"):  # rows whose scores are both masked out are not kept
        return np.subtract(own, other, dtype=np.float64)
