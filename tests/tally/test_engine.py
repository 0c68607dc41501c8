"""The engine: threads share the parts, and a part that fails stops them all with its own error."""

import numpy as np
import pyarrow as pa
import pytest

import xentcli
from xentcli.errors import UnreadableError
from xentcli.files.table import Table


class Broken:
    """A part that cannot be read."""

    def read(self, columns):
        """See `Part.read`."""
        yield pa.record_batch({name: [0.5] for name in columns})
        raise UnreadableError("part 3 is damaged")


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_a_broken_part_stops_the_run_with_its_error(table, jobs):
    rng = np.random.default_rng(1)
    good = table({"label": rng.integers(0, 2, 900), "p": rng.random(900)}, parts=9, rows=10)
    parts = (*good.parts[:3], Broken(), *good.parts[3:])
    broken = Table(good.path, good.format, good.columns, parts)
    with pytest.raises(UnreadableError, match="part 3 is damaged"):
        xentcli.score(broken, jobs=jobs, classes="0,1")


def test_threads_and_parts_change_nothing_in_what_is_first(table):
    p = np.full(600, 0.5)
    p[[7, 130, 131, 590]] = np.nan
    rows = {"label": np.arange(600) % 2, "p": p}
    for jobs in (1, 3):
        report = xentcli.score(table(rows, parts=13, rows=7), jobs=jobs, skip_bad_rows=True)
        assert report.findings[0].rows == (8, 131, 132, 591)
        assert report.score.rows.read == 600
