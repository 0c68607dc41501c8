"""Numbers and options at the edge of what a float or a reader can hold: the right number, or one message."""

import pytest

import xentcli
from xentcli.errors import UsageError
from xentcli.scoring.intervals import quantile


def written(tmp_path, text):
    path = tmp_path / "a.csv"
    path.write_text(text)
    return path


def test_rows_that_sum_to_next_to_nothing_are_scored_as_their_shares(tmp_path):
    tiny = "label,p_a,p_b,p_c\n" + "a,1e-300,3e-300,0\nb,0.25,0.75,0\n" * 3
    whole = "label,p_a,p_b,p_c\n" + "a,0.25,0.75,0\nb,0.25,0.75,0\n" * 3
    found, plain = (xentcli.score(written(tmp_path, text)).score for text in (tiny, whole))
    assert found.loss.value == pytest.approx(plain.loss.value, rel=1e-12)
    assert found.metrics["brier"] == pytest.approx(plain.metrics["brier"], rel=1e-12)
    assert found.metrics["brier"] == pytest.approx((1.125 + 0.125) / 2)


@pytest.mark.parametrize(
    ("level", "value"), [(0.95, 1.959963984540054), (1 - 2**-53, 8.292361075813595), (1e-300, 0.0)]
)
def test_the_quantile_of_every_level_between_0_and_1_is_a_number(level, value):
    assert quantile(level) == pytest.approx(value, rel=1e-9)


def test_a_confidence_level_next_to_1_gives_wide_intervals(tmp_path):
    path = written(tmp_path, "label,p_a,p_b\n" + "a,0.6,0.4\nb,0.7,0.3\n" * 5)
    low, high = xentcli.score(path, confidence_level=0.9999999999999999).score.accuracy.interval
    assert 0.0 < low < 0.07
    assert 0.93 < high < 1.0


@pytest.mark.parametrize("separator", ["😀", "é", "þ", "\0", "\udcff"])
def test_a_separator_that_no_reader_takes_is_refused(tmp_path, separator):
    with pytest.raises(UsageError, match="--separator"):
        xentcli.inspect(written(tmp_path, "label,p\na,1\n"), separator=separator)


@pytest.mark.parametrize("cell", ["[" * 3000 + "]" * 3000, '[""\\ud83d"", ""b""]'], ids=["deep", "half a pair"])
def test_a_tag_list_that_is_none_is_text(tmp_path, cell):
    rows = [f'"{cell}"', *(['"[""b"", ""c""]"', '"[""a""]"'] * 4)]
    path = written(tmp_path, "id,tags\n" + "".join(f"{at},{row}\n" for at, row in enumerate(rows)))
    assert xentcli.encode(path, to="class-names", label="tags").to_dict()
    assert xentcli.inspect(path, label="tags").to_dict()["task"]["encoding"] in {"tag-lists", "class-names", None}
