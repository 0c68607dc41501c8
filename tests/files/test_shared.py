"""Shared columns: which column of two tables tells what rows belong together, and which denies their order."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xentcli
from xentcli.errors import AmbiguousError, BadRowsError, InputError
from xentcli.files.open import as_table
from xentcli.files.pair import pair
from xentcli.files.shared import Shared, shared_columns
from xentcli.files.value_facts import value_facts

ROWS = 48
NAMES = [f"img{at}.png" for at in range(ROWS)]
NUMBERS = list(range(700, 700 + ROWS))
ORDER = np.random.default_rng(3).permutation(ROWS).tolist()
SCORES = {"p": np.linspace(0.01, 0.99, ROWS)}
LABELS = {"label": ["a", "b"] * (ROWS // 2)}


def mixed(values):
    return [values[at] for at in ORDER]


def shared(left, right, never=("label",)):
    return shared_columns(as_table(pa.table(left)), as_table(pa.table(right)), never)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("recording", "recording"), ("Recording", "recording"), ("id", "image_id"), ("filename", "image"),
        ("PassengerId", "PassengerId"), ("eeg_id", "eeg_id"), ("x", "x"), ("x", "y_file"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("values", [NAMES, NUMBERS, [str(one) for one in NUMBERS]])
def test_a_column_of_the_same_values_in_another_order_is_the_id_under_any_names(here, there, values):
    found = shared({here: values, **SCORES}, {there: mixed(values), **LABELS})
    assert found.ids == (here, there)


def test_numbers_match_texts_of_the_same_numbers():
    found = shared(
        {"case": [float(one) for one in NUMBERS], **SCORES}, {"nr": [str(one) for one in mixed(NUMBERS)], **LABELS}
    )
    assert found.ids == ("case", "nr")


def test_an_index_that_counts_on_both_sides_is_none():
    for start in (0, 1):
        found = shared({"Unnamed: 0": range(ROWS), **SCORES}, {"row": range(start, ROWS + start), **LABELS})
        assert found == Shared(None, (), (("Unnamed: 0", "row"),))


def test_an_index_gives_way_to_a_column_that_tells():
    left = {"index": range(ROWS), "file": NAMES, **SCORES}
    assert shared(left, {"index": range(ROWS), "file": mixed(NAMES), **LABELS}).ids == ("file", "file")
    assert shared(left, {"index": range(ROWS), "image": mixed(NAMES), **LABELS}).ids == ("file", "image")
    assert shared(left, {"index": range(ROWS), **LABELS}).ids == ("index", "index")


def test_ids_that_count_from_0_and_from_1_are_row_numbers():
    assert shared({"id": range(ROWS), **SCORES}, {"id": range(1, ROWS + 1), **LABELS}).ids is None
    assert shared({"id": range(ROWS), **SCORES}, {"id": range(ROWS), **LABELS}).ids == ("id", "id")


def test_row_numbers_in_another_order_under_one_name_are_an_id():
    assert shared({"Unnamed: 0": ORDER, **SCORES}, {"Unnamed: 0": range(ROWS), **LABELS}).ids is not None
    assert shared({"image_id": ORDER, **SCORES}, {"id": range(ROWS), **LABELS}).ids == ("image_id", "id")


@pytest.mark.parametrize(("here", "there"), [("rank", "id"), ("rank", "rank"), ("id", "Unnamed: 0")])
def test_row_numbers_that_may_be_ranks_or_a_new_numbering_ask_for_the_option(refused, here, there):
    error = refused(shared, {here: ORDER, **SCORES}, {there: range(ROWS), **LABELS})
    assert isinstance(error, AmbiguousError)
    assert (f"--id {here} joins" if here == there else f"--id {here}={there} joins") in error.help


def test_ranks_do_not_speak_beside_an_id():
    found = shared({"file": NAMES, "rank": ORDER, **SCORES}, {"file": mixed(NAMES), "rank": range(ROWS), **LABELS})
    assert found.ids == ("file", "file")


def test_the_index_of_a_split_beside_a_new_one_says_nothing():
    split = [3 * at + 1 for at in ORDER]
    assert shared({"Unnamed: 0": range(ROWS), **SCORES}, {"Unnamed: 0": split, **LABELS}).ids is None


def test_columns_that_are_the_same_in_every_row_confirm_the_order():
    found = shared({"file": NAMES, **SCORES}, {"image": NAMES, **LABELS})
    assert (found.ids, found.same) == (None, (("file", "image"),))


def test_several_ids_must_pair_the_same_rows(refused):
    left = {"file": NAMES, "case": NUMBERS, **SCORES}
    assert shared(left, {"file": mixed(NAMES), "case": mixed(NUMBERS), **LABELS}).ids == ("file", "file")
    error = refused(shared, left, {"file": mixed(NAMES), "case": NUMBERS[::-1], **LABELS})
    assert isinstance(error, AmbiguousError)
    assert "by column file other rows belong together than by column case" in error.message
    assert "--id file or --id case" in error.help
    error = refused(shared, left, {"image": mixed(NAMES), "case": NUMBERS, **LABELS} | {"file": NAMES[::-1]})
    assert "by column case other rows belong together than by column file" in error.message


def test_a_usual_id_beside_another_must_agree_with_it(refused):
    left = {"id": NUMBERS, "file": NAMES, **SCORES}
    assert shared(left, {"id": mixed(NUMBERS), "file": mixed(NAMES), **LABELS}).ids == ("id", "id")
    assert "column id" in refused(shared, left, {"id": mixed(NUMBERS), "file": NAMES, **LABELS}).message
    error = refused(shared, left | {"id": [1] * ROWS}, {"id": mixed(NUMBERS), "file": mixed(NAMES), **LABELS})
    assert isinstance(error, BadRowsError)


def test_a_column_that_repeats_values_denies_the_order(refused):
    texts = [f"text {at % 30}" for at in range(ROWS)]
    error = refused(shared, {"note": texts, **SCORES}, {"note": mixed(texts), **LABELS})
    assert isinstance(error, InputError)
    row = next(at for at in range(ROWS) if mixed(texts)[at] != texts[at])
    assert (error.place.row, error.place.column) == (row + 1, "note")
    assert f"holds {texts[row]!r} where it holds {mixed(texts)[row]!r} in the same row" in error.message
    assert "--id COLUMN" in error.help
    assert shared({"note": texts, **SCORES}, {"note": texts, **LABELS}).same == (("note", "note"),)


def test_a_usual_id_that_only_counts_cannot_outweigh_a_column_that_denies_the_order(refused):
    texts = [f"text {at % 30}" for at in range(ROWS)]
    error = refused(
        shared, {"id": range(ROWS), "note": texts, **SCORES}, {"id": range(ROWS), "note": mixed(texts), **LABELS}
    )
    assert error.place.column == "note"
    sure = shared({"id": ORDER, "note": texts, **SCORES}, {"id": range(ROWS), "note": mixed(texts), **LABELS})
    assert sure.ids == ("id", "id")


@pytest.mark.parametrize("name", ["file", "text", "image_path"])
def test_other_ids_or_inputs_deny_the_order(refused, name):
    error = refused(shared, {name: NAMES, **SCORES}, {name: [f"other {one}" for one in NAMES], **LABELS})
    assert error.place.column == name


@pytest.mark.parametrize(
    ("name", "here", "there"),
    [
        ("generated_text", NAMES, [f"other {one}" for one in NAMES]),
        ("created", NAMES, [f"other {one}" for one in NAMES]),
        ("label", NAMES, mixed(NAMES)),
        ("toxic", [at % 2 for at in range(ROWS)], [at % 3 for at in range(ROWS)]),
        ("share", SCORES["p"], SCORES["p"][::-1]),
        ("votes", [at * 7 % 60 for at in range(ROWS)], [at * 11 % 60 for at in range(ROWS)]),
        ("animal", ["cat", "dog", "owl"] * 16, ["owl", "dog", "cat"] * 16),
        ("flag", [True, False] * 24, [False, True] * 24),
        ("empty", [None] * ROWS, [None] * ROWS),
        ("vector", [[at, 1] for at in range(ROWS)], [[1, at] for at in range(ROWS)]),
    ],
)  # fmt: skip
def test_labels_scores_and_outputs_may_differ_in_two_files(name, here, there):
    assert shared({name: here, **SCORES}, {name: there, "w": [1.5] * ROWS}) == Shared()


def test_in_a_few_rows_labels_are_no_ids_though_they_are_unique():
    left, right = (
        {"animal": ["cat", "dog", "owl"], "p": [0.1, 0.2, 0.3]},
        {"animal": ["owl", "cat", "dog"], "n": [1, 2, 3]},
    )
    assert shared(left, right) == Shared()
    left, right = (
        {"file": ["cat", "dog", "owl"], "p": [0.1, 0.2, 0.3]},
        {"image": ["owl", "cat", "dog"], "n": [1, 2, 3]},
    )
    assert shared(left, right).ids == ("file", "image")


def test_a_lone_column_is_never_the_id():
    assert shared({"file": NAMES, **SCORES}, {"file": mixed(NAMES)}) == Shared()


def test_under_one_name_unmatched_ids_are_left_to_be_counted():
    assert (
        shared({"file": NAMES[:30], **SCORES} | {"p": SCORES["p"][:30]}, {"file": mixed(NAMES), **LABELS}).ids
        is not None
    )
    few = shared({"file": [*NAMES[:-5], "a", "b", "c", "d", "e"], **SCORES}, {"image": mixed(NAMES), **LABELS})
    assert few.ids is None


def test_what_can_be_no_id_is_not_read_to_the_end():
    class Counted:
        def __init__(self, part):
            self.part, self.rows = part, 0

        def read(self, columns):
            for batch in self.part.read(columns):
                self.rows += batch.num_rows
                yield batch

    rows = 50_000
    frames = [
        pd.DataFrame({"score": np.random.default_rng(at).random(rows), "c": np.arange(rows) % 7}) for at in (0, 1)
    ]
    read = []
    for frame in frames:
        batches = pa.Table.from_pandas(frame, preserve_index=False).to_batches(max_chunksize=1000)
        table = as_table(pa.Table.from_batches(batches))
        read.append([Counted(part) for part in table.parts])
        object.__setattr__(table, "parts", tuple(read[-1]))
        frames[len(read) - 1] = table
    assert shared_columns(*frames) == Shared()
    assert max(sum(part.rows for part in parts) for parts in read) < rows


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 60))
def test_facts_are_the_same_however_rows_are_cut(data, rows):
    cells = data.draw(st.lists(st.sampled_from(["1", "2.0", "x", None, "07", "1.5"]), min_size=rows, max_size=rows))
    source = pa.table({"a": pa.array(cells, pa.string())})
    whole = value_facts(as_table(source), ["a"])["a"]
    cut = data.draw(st.integers(0, rows))
    parts = pa.Table.from_batches([*source.slice(0, cut).to_batches(), *source.slice(cut).to_batches()], source.schema)
    pieces = value_facts(as_table(parts), ["a"])["a"]
    for name in ("rows", "missing", "fractions", "integers", "order", "unique", "counts_rows"):
        assert getattr(whole, name) == getattr(pieces, name), name
    assert whole.sample.hashes.tolist() == pieces.sample.hashes.tolist()
    assert whole.sample.counts.tolist() == pieces.sample.counts.tolist()


IDS = st.sampled_from(["id", "image_id", "filename", "image", "PassengerId", "eeg_id", "recording", "Unnamed: 0", "x"])


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), IDS, IDS, st.sampled_from([NAMES, NUMBERS]), st.booleans())
def test_the_order_of_the_rows_of_either_file_never_changes_the_score(random, here, there, ids, beside):
    rng = np.random.default_rng(random.randrange(1000))
    truth = rng.integers(0, 3, ROWS)
    scores = rng.dirichlet(np.ones(3), ROWS)
    predictions = pd.DataFrame({here: ids, "p_0": scores[:, 0], "p_1": scores[:, 1], "p_2": scores[:, 2]})
    labels = pd.DataFrame({there: ids, "label": truth})
    if beside:
        labels["made"] = rng.random(ROWS)
    expected = xentcli.score(predictions, labels=labels).score
    assert expected.loss.value == pytest.approx(-np.log(scores[np.arange(ROWS), truth]).mean(), rel=1e-12)
    orders = [random.sample(range(ROWS), ROWS) for _ in range(2)]
    found = xentcli.score(predictions.iloc[orders[0]], labels=labels.iloc[orders[1]]).score
    assert (found.loss, found.accuracy) == (expected.loss, expected.accuracy)


def test_the_note_says_what_was_joined_by():
    left, right = as_table(pa.table({"file": NAMES, **SCORES})), pa.table({"image": NAMES, **LABELS})
    assert pair(left, as_table(right)).by == "joined with table by row; file is the same in every row"
    other = pa.table({"image": mixed(NAMES), **LABELS})
    assert pair(left, as_table(other)).by == "joined with table by the column file (image there), which both have"


DAYS = [f"2026-03-{at + 1:02}" for at in range(28)]


@pytest.mark.parametrize(
    ("here", "there", "names"),
    [
        ([f"data/test/{one}" for one in NAMES], NAMES, ("path", "filename")),
        ([f"C:\\data\\{one}" for one in NAMES], NAMES, ("file", "image")),
        ([one.removesuffix(".png") for one in NAMES], NAMES, ("image", "image")),
        ([one.upper() for one in NAMES], NAMES, ("file", "name")),
        ([f"{one} 00:00:00" for one in DAYS], DAYS, ("timestamp", "timestamp")),
        ([f"{one}T00:00:00Z" for one in DAYS], DAYS, ("date", "day")),
    ],
)
def test_ids_written_in_two_ways_deny_the_order_of_the_rows_and_confirm_it(here, there, names):
    rows = len(here)
    left = {names[0]: here, "p": np.linspace(0.01, 0.99, rows)}
    labels = {"label": ["a", "b"] * (rows // 2)}
    assert shared(left, {names[1]: there, **labels}).ids is None
    with pytest.raises(InputError, match="do not stand in the same order") as refused:
        shared(left, {names[1]: there[::-1], **labels})
    assert "must write its values in one way" in refused.value.help


def test_texts_of_which_most_are_others_deny_nothing():
    left = {"note": [f"a/{one}" for one in NAMES], **SCORES}
    right = {"remark": [f"{at}{one}" if at % 2 else one for at, one in enumerate(NAMES)][::-1], **LABELS}
    assert shared(left, right) == Shared()
