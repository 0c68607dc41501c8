"""Times that Python cannot say: refused by column as labels, ids and slices; the last day of the calendar is fine."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli.errors import ColumnError, XentError
from xentcli.files.plain import refuse_unsayable_times

UNSAYABLE = {
    "a day after the year 9999": pa.array([1, 10**8, None], pa.int32()).view(pa.date32()),
    "a day before the year 1": pa.array([1, -(10**8)], pa.int32()).view(pa.date32()),
    "milliseconds": pa.array([86_400_000 * 10**7], pa.int64()).view(pa.date64()),
    "seconds beyond all integers of C": pa.array([10**15], pa.timestamp("s")),
    "a time in a zone": pa.array([2**62], pa.timestamp("us", "UTC")),
    "the last second, in a zone ahead": pa.array([253_402_300_799], pa.timestamp("s", "+14:00")),
    "an unknown zone": pa.array([1], pa.timestamp("us", "Foo/Bar")),
    "an unknown zone in nanoseconds": pa.array([1], pa.timestamp("ns", "Foo/Bar")),
    "a duration": pa.array([2**62], pa.duration("s")),
    "a time of day": pa.array([86_400], pa.int32()).view(pa.time32("s")),
    "a time of day below 0": pa.array([-1], pa.int64()).view(pa.time64("ns")),
}
SAYABLE = {
    "the last day": pa.array([2_932_896, -719_162], pa.int32()).view(pa.date32()),
    "the last second": pa.array([253_402_300_799], pa.timestamp("s", "UTC")),
    "nanoseconds": pa.array([2**63 - 1, 1], pa.timestamp("ns")),
    "nothing": pa.nulls(3, pa.date32()),
    "no rows": pa.array([], pa.timestamp("s", "Foo/Bar")),
    "midnight": pa.array([0, 86_399], pa.int32()).view(pa.time32("s")),
    "an interval": pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
}


@pytest.mark.parametrize("array", UNSAYABLE.values(), ids=UNSAYABLE)
def test_a_time_that_cannot_be_said_is_refused(array):
    with pytest.raises(ColumnError, match="that cannot be said"):
        refuse_unsayable_times(array, "when", None)


@pytest.mark.parametrize("array", SAYABLE.values(), ids=SAYABLE)
def test_a_time_that_can_be_said_is_not(array):
    assert refuse_unsayable_times(array, "when", None) is None


@pytest.mark.parametrize("options", [{"by": ["when"]}, {"id": "when"}, {"label": "when"}], ids=["by", "id", "label"])
@pytest.mark.parametrize("lists", [False, True])
def test_it_is_a_message_wherever_the_column_is_used(tmp_path, options, lists):
    when = UNSAYABLE["a day after the year 9999"]
    if lists:
        when = pa.ListArray.from_arrays([0, 1, 2, 3], when)
    half = [0.5, 0.5, 0.5]
    pq.write_table(pa.table({"label": ["a", "b", "a"], "p_a": half, "p_b": half, "when": when}), tmp_path / "a.parquet")
    with pytest.raises(XentError, match="holds date32"):
        xentcli.score(tmp_path / "a.parquet", **options)


def test_a_table_in_memory_is_judged_alike():
    with pytest.raises(ColumnError, match="column when holds date32"):
        xentcli.inspect(pa.table({"when": UNSAYABLE["a day after the year 9999"]}))
