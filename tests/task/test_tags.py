"""Tags: several labels in a cell of text, told from names of several words; what separates them."""

import itertools

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli.files.open import as_table
from xentcli.task import tags
from xentcli.task.detect import detect
from xentcli.terms import Encoding, Kind

WEATHER = ("clear", "partly_cloudy", "haze", "cloudy")
GROUND = {"primary": 0.93, "agriculture": 0.3, "water": 0.18, "habitation": 0.09, "road": 0.2, "cultivation": 0.11}


def scenes(rows, seed, order):
    """Return tags of pictures from the air, of which nothing but `cloudy` stands alone."""
    rng = np.random.default_rng(seed)
    cells = []
    for _ in range(rows):
        weather = str(rng.choice(WEATHER, p=[0.7, 0.18, 0.07, 0.05]))
        seen = [weather, *(name for name, share in GROUND.items() if weather != "cloudy" and rng.random() < share)]
        cells.append(" ".join(order(seen, rng)))
    return cells


def read(cells):
    return detect(as_table(pd.DataFrame({"tags": cells})), ("tags",)).task


ORDERS = {"sorted": lambda seen, _: sorted(seen), "any": lambda seen, rng: list(rng.permutation(seen))}


@pytest.mark.parametrize("order", sorted(ORDERS))
@pytest.mark.parametrize("rows", [40, 200, 2000])
@pytest.mark.parametrize("seed", range(4))
def test_tags_between_blanks_are_tags_though_few_stand_alone(order, rows, seed):
    task = read(scenes(rows, seed, ORDERS[order]))
    assert (task.kind, task.encoding, task.separator) == (Kind.MULTILABEL, Encoding.TAG_LISTS, " ")
    assert set(task.classes) <= {*WEATHER, *GROUND}


@pytest.mark.parametrize("rows", [1000, 3000])
def test_tags_in_an_order_of_their_own_are_told_by_how_freely_they_combine(rows):
    assert read(scenes(rows, 0, lambda seen, _: seen)).encoding is Encoding.TAG_LISTS


NAMES = {
    "colours": [
        *(" ".join(words) for words in itertools.product(["light", "dark", "very dark"], ["blue", "red"])),
        "red",
    ],
    "answers": ["strongly agree", "agree", "neither agree nor disagree", "disagree", "strongly disagree"],
    "states": ["New York", "North Dakota", "South Dakota", "North Carolina", "South Carolina", "New Mexico", "Ohio"],
    "cars": [
        " ".join(words) for words in itertools.product(["ford", "audi"], ["coupe", "sedan", "wagon"], ["red", "white"])
    ],
    "leaves": ["Apple healthy", "Apple scab", "Corn rust", "Corn healthy", "Grape black rot", "Apple black rot"],
    "feelings": ["very negative", "negative", "neutral", "positive", "very positive", "somewhat positive"],
}


@pytest.mark.parametrize("form", sorted(NAMES))
@pytest.mark.parametrize("rows", [60, 1000])
def test_names_of_several_words_are_no_tags(form, rows):
    task = read(list(np.random.default_rng(2).choice(NAMES[form], rows)))
    assert (task.kind, task.encoding) == (Kind.MULTICLASS, Encoding.CLASS_NAMES)


def test_what_labels_are_written_with_is_read_as_a_separator():
    assert set(tags.WRITTEN) <= set(tags.SEPARATORS)
    assert [one for one in tags.SEPARATORS if one in tags.WRITTEN] == list(tags.WRITTEN)


def test_a_separator_splits_cells_into_known_labels_only():
    known = {"a", "b", "c d"}
    assert tags.separator_among(["a|b", "b"], known) == "|"
    assert tags.separator_among(["a / b", "c d"], known) == " / "
    assert tags.separator_among(["['a', 'b']", "[]", "['c d']"], known) == tags.BRACKETS
    assert tags.separator_among(["a|x", "b"], known) is None
    assert tags.separator_among(["a", "b", "none"], known) is None


def test_names_in_quotes_may_hold_blanks_and_commas():
    assert tags.bracketed("['c d']") == ("c d",)
    assert tags.bracketed("""['a, b', "it's" 'c']""") == ("a, b", "it's", "c")
    assert tags.bracketed("['a', b]") is None


def test_none_is_a_label_where_it_is_known():
    assert tags.split_known("none", "|", {"none", "a"}) == ("none",)
    assert tags.split_known("none", "|", {"a"}) == ()


@pytest.mark.parametrize("separator", ["|", ";", ", ", ",", " / ", "/", " + ", " ", "><", "json"])
def test_score_and_inspect_split_the_same_cells(tmp_path, separator):
    rng = np.random.default_rng(9)
    hot = rng.random((120, 4)) < 0.4
    held = [[name for name, has in zip("abcd", row, strict=True) if has] for row in hot]
    written = {"json": str, "><": lambda names: "".join(f"<{name}>" for name in names)}
    cells = [written.get(separator, separator.join)(names) for names in held]
    scores = rng.random((120, 4))
    frame = pd.DataFrame({"label": cells} | {f"p_{name}": scores[:, at] for at, name in enumerate("abcd")})
    frame.to_csv(tmp_path / "preds.csv", index=False)
    report = xentcli.score(str(tmp_path / "preds.csv"))
    seen = xentcli.inspect(str(tmp_path / "preds.csv"), label="label").detection
    assert seen.task.encoding is report.score.task.encoding is Encoding.TAG_LISTS
    expected = -np.where(hot, np.log(scores), np.log(1 - scores)).mean()
    assert report.score.loss.value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("cells", "classes"),
    [(["a|c", "c", "c", "a|c", "c", "c"], ("a", "c")), (["a|c", "c", "d|c", "c", "c", "c"], ("a", "c", "d"))],
)
def test_a_tag_that_stands_alone_shows_that_bars_separate_tags(cells, classes):
    task = read(cells)
    assert (task.kind, task.encoding, task.classes) == (Kind.MULTILABEL, Encoding.TAG_LISTS, classes)


def test_bars_inside_names_that_share_no_part_with_another_are_no_separators():
    assert read(["x|y", "u|v", "x|y", "u|v", "w", "w"]).kind is Kind.MULTICLASS
