"""The intervals hold the truth as often as they say, and equal models fail a check no more often than they may.

Takes minutes: run by `.ci/full`, which prints the table. The laws of the simulated rows stand in `bench/comparing.py`.
"""

from math import sqrt

import pytest
from bench import comparing

pytestmark = pytest.mark.simulation

TAIL = (1.0 - comparing.LEVEL) / 2


@pytest.fixture(scope="module")
def studies():
    found = []
    for one in comparing.studies(comparing.SIZES):
        comparing.show(one)
        found.append(one)
    return found


def error(share, pairs):
    """Three standard errors of a simulated share."""
    return 3.0 * sqrt(share * (1.0 - share) / pairs)


def records(studies, how):
    """Yield the records of many rows, each with a name for the message."""
    for one in studies:
        for (metric, paired), record in one.records.items():
            if one.rows >= 2000 and paired in how:
                yield one.world, f"{one.world.name}, {metric}, {paired}", record


def test_every_interval_holds_the_truth_within_a_point_of_its_level(studies):
    found = list(records(studies, {"paired", "unpaired"}))
    off = {
        name: record.coverage
        for _, name, record in found
        if abs(record.coverage - comparing.LEVEL) > 0.01 + error(comparing.LEVEL, record.pairs)
    }
    assert (len(found), off) == (len(comparing.WORLDS) * 15, {})


def test_unpaired_intervals_of_the_same_rows_err_only_by_being_too_wide(studies):
    off = {name: one.coverage for _, name, one in records(studies, {"unpaired, same rows"}) if one.coverage < 0.94}
    assert off == {}


def test_equal_models_fail_a_check_without_a_margin_no_more_often_than_the_level_says(studies):
    every = records(studies, {"paired", "unpaired", "unpaired, same rows"})
    off = {
        name: record.failures
        for world, name, record in every
        if world.equal and record.failures > TAIL + error(TAIL, record.pairs)
    }
    assert off == {}


def test_mcnemars_test_rejects_equal_models_no_more_often_than_the_level_says(studies):
    rejected = [one.mcnemar_rejects for one in studies if one.world.equal]
    assert max(rejected) <= 2 * TAIL + error(2 * TAIL, comparing.PAIRS)
