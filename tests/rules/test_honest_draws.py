"""No rule calls an honest file wrong: rare events, series, trees, neighbours, coarse scores, queues and their like."""

from collections import Counter

import pytest
from honest_draws import DRAWS, KINDS, said_of


def errors_of(draws):
    return Counter(
        f"{name}: {one.code}"
        for name, _, _, report in said_of(draws)
        for one in report.findings
        if one.level == "error"
    )


def test_no_honest_file_shows_an_error():
    assert not errors_of(10 * len(KINDS))


@pytest.mark.simulation
def test_none_of_2000_honest_files_shows_an_error():
    assert not errors_of(DRAWS)
