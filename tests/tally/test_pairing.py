"""Pairing: the sums over the common rows of two files, whatever their order, their cuts and their threads."""

from tempfile import SpooledTemporaryFile

import numpy as np
import pyarrow as pa
import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from two_models import CLASSES, decided, predictions, right, row_briers, row_losses, taken, without

import xentcli
from xentcli.api.pairing import paired
from xentcli.errors import AmbiguousError, BadRowsError, EmptyInputError, InputError, UsageError
from xentcli.files.keys import hashes
from xentcli.record import as_dict
from xentcli.tally.pairing import join, recorder
from xentcli.tally.pairing.recorder import BatchSpool, Recorder
from xentcli.tally.pairing.tally import PairedTally


def tally_of(a, b, by=(), worst=0, **options):
    """Return the sums of the common rows of two tables."""
    return paired(a, b, options, by, worst).tally


def sums_told(sums, names):
    """Return sums as plain values, by the names of their groups."""
    exact = {f"{metric} {name}": one for metric, held in sums.sums.items() for name, one in held.items()}
    exact |= {"w": sums.weight, "w2": sums.square_weight} if sums.weighted else {}
    return {
        name: (
            int(sums.rows[at]),
            sums.right[:, at].tolist(),
            int(sums.alike[at]),
            {key: one.fraction(at) for key, one in exact.items()},
        )
        for name, at in names.items()
        if sums.rows[at]
    }


def told(tally):
    """Return everything that a tally holds as plain values that compare exactly."""
    plan = tally.plan
    names = {name: at for at, name in enumerate(plan.classes or ("all",))}
    return {
        "classes": sums_told(tally.sums, names),
        "slices": [sums_told(one, groups) for one, groups in zip(tally.slices, plan.groups, strict=True)],
        "reweighted": tally.reweighted,
        "cells": None if tally.cells is None else dict(sorted(tally.cells.items())),
        "wins": tally.wins.tolist(),
        "rows": (tally.only_a, tally.only_b, tally.not_scored),
        "conflicts": (tally.conflicts.count, tally.conflicts.rows),
        "worst": [tuple(as_dict(one).values()) for one in tally.worst],
    }


def differing(tally):
    """Return the rows that differ most by the numbers of A, which stay where B has another order."""
    return [(one.row_a, one.label, one.loss_a, one.loss_b) for one in tally.worst]


@pytest.fixture
def small_partitions(monkeypatch):
    """Cut files into very many partitions."""
    monkeypatch.setattr(join, "PARTITION_BYTES", 512)


# The numbers


def test_sums_are_those_of_the_losses_row_by_row(table):
    a, b = predictions(1), predictions(2)
    tally = tally_of(table(a), table(b), worst=5)
    losses_a, losses_b, label = row_losses(a), row_losses(b), np.array(a["label"])
    right_a, right_b = right(a), right(b)
    for at, name in enumerate(CLASSES):
        own = label == name
        held = tally.sums.sums["loss"]
        assert tally.sums.rows[at] == own.sum()
        assert float(held["a"].fraction(at)) == pytest.approx(losses_a[own].sum(), rel=1e-12)
        assert float(held["b"].fraction(at)) == pytest.approx(losses_b[own].sum(), rel=1e-12)
        square = ((losses_b - losses_a)[own] ** 2).sum()
        assert float(held["square"].fraction(at)) == pytest.approx(square, rel=1e-12)
        both, only_a, only_b, neither = tally.sums.right[:, at].tolist()
        assert (both, neither) == ((right_a & right_b & own).sum(), (~right_a & ~right_b & own).sum())
        assert (only_a, only_b) == ((right_a & ~right_b & own).sum(), (~right_a & right_b & own).sum())
    alike = (np.array(decided(a)) == np.array(decided(b))) & (losses_a == losses_b)
    assert tally.sums.alike.sum() == alike.sum()
    wins = [(losses_a < losses_b).sum(), (losses_b < losses_a).sum(), (losses_a == losses_b).sum()]
    assert tally.wins.tolist() == wins
    order = np.argsort(-np.abs(losses_b - losses_a))[:5]
    assert [one.row_b for one in tally.worst] == (order + 1).tolist()
    assert [one.loss_b - one.loss_a for one in tally.worst] == pytest.approx((losses_b - losses_a)[order].tolist())


def test_brier_scores_are_summed_over_the_classes(table):
    a, b = predictions(1), predictions(2)
    held = tally_of(table(a), table(b)).sums.sums["brier"]
    for side, columns in (("a", a), ("b", b)):
        assert float(held[side].total()) == pytest.approx(row_briers(columns).sum(), rel=1e-12)


def test_cells_count_rows_by_label_and_both_decisions(table):
    a, b = predictions(1), predictions(2)
    cells = {}
    for one in zip(a["label"], decided(a), decided(b), strict=True):
        key = tuple(CLASSES.index(name) for name in one)
        cells[key] = cells.get(key, 0) + 1
    assert tally_of(table(a), table(b)).cells == cells


def test_weights_are_those_of_b(table):
    rng = np.random.default_rng(3)
    a, b = predictions(1) | {"w": rng.random(120)}, predictions(2) | {"w": rng.random(120)}
    sums = tally_of(table(a), table(b), weight="w").sums
    weights, gap = b["w"], row_losses(b) - row_losses(a)
    held = sums.sums["loss"]
    assert float(sums.weight.total()) == pytest.approx(weights.sum())
    assert float(sums.square_weight.total()) == pytest.approx((weights**2).sum())
    assert float(held["a"].total()) == pytest.approx((weights * row_losses(a)).sum())
    assert float(held["square_difference"].total()) == pytest.approx((weights**2 * gap).sum())
    assert float(held["square"].total()) == pytest.approx((weights**2 * gap**2).sum())
    assert float(sums.sums["accuracy"]["a"].total()) == pytest.approx(weights[right(a)].sum())


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("preds_binary.csv", {}),
        ("preds_digits.csv", {"label_smoothing": 0.1}),
        ("preds_digits.parquet", {"focal_gamma": 2.0}),
        ("preds_digits_list.parquet", {}),
        ("preds_digits_logits.parquet", {}),
        ("preds_keras_trap.parquet", {}),
        ("preds_multilabel.csv", {}),
        ("preds_multilabel_tags.parquet", {}),
        ("preds_outputs.csv", {}),
        ("preds_soft.csv", {}),
    ],
)
def test_the_mean_loss_of_a_file_is_that_of_its_score(sample, name, options):
    path = str(sample / name)
    found = paired(path, path, options, (), 0)
    score, sums = found.b.score, found.tally.sums
    rows = int(sums.rows.sum())
    assert rows == score.rows.scored
    several = len(found.b.score.task.classes) if score.task.kind == "multilabel" else 1
    total = float(sums.sums["loss"]["b"].total())
    assert total / rows == pytest.approx(score.loss.value * (several if score.loss.sum_over_labels is None else 1))
    assert sums.right[0].sum() == score.accuracy.correct
    assert sums.right[1:3].sum() == 0
    assert sums.alike.sum() == rows


def test_decisions_are_counted_without_losses(sample):
    path = str(sample / "preds_decisions.csv")
    found = paired(path, path, {}, (), 3)
    assert found.tally.sums.sums == {}
    assert found.tally.wins.tolist() == [0, 0, 0]
    assert found.tally.worst == []
    assert found.tally.sums.right[0].sum() == found.b.score.accuracy.correct


def test_decisions_may_name_other_classes(table):
    a = {"id": [1, 2, 3, 4], "label": ["x", "y", "z", "y"], "pred": ["x", "u", "x", "y"]}
    b = {"id": [1, 2, 3, 4], "label": ["x", "y", "z", "y"], "pred": ["x", "v", "z", "y"]}
    tally = tally_of(table(a), table(b))
    assert sorted(tally.plan.classes) == ["u", "v", "x", "y", "z"]
    assert tally.sums.right.sum(axis=1).tolist() == [2, 0, 1, 1]
    assert tally.sums.alike.sum() == 2


def test_classes_in_another_order_are_the_same_classes(table):
    a, b = predictions(1), predictions(2)
    mixed = {name: b[name] for name in ("id", "label", "p_eel", "p_cat", "p_dog")}
    one, other = tally_of(table(a), table(b)), tally_of(table(a), table(mixed))
    assert other.plan.classes == ("eel", "cat", "dog")
    for at, name in enumerate(other.plan.classes):
        was = one.plan.classes.index(name)
        assert other.sums.right[:, at].tolist() == one.sums.right[:, was].tolist()
        for side in ("a", "b", "square"):
            held = other.sums.sums["loss"][side].fraction(at)
            assert held == one.sums.sums["loss"][side].fraction(was)
    assert other.conflicts.count == 0


def test_labels_in_another_order_are_the_same_labels(table):
    rng = np.random.default_rng(4)
    hot = rng.integers(0, 2, (50, 3))
    names = ("red", "blue", "big")
    labels = {f"y_{name}": hot[:, at] for at, name in enumerate(names)}
    columns = [labels | {f"p_{name}": rng.random(50) for name in names} for _ in range(2)]
    turned = {name: columns[1][name] for name in reversed(list(columns[1]))}
    one = tally_of(table(columns[0]), table(columns[1]), task="multilabel")
    other = tally_of(table(columns[0]), table(turned), task="multilabel")
    assert other.conflicts.count == 0
    assert other.sums.right.tolist() == one.sums.right.tolist()
    assert float(other.sums.sums["loss"]["square"].total()) == pytest.approx(
        float(one.sums.sums["loss"]["square"].total())
    )


def test_slices_are_those_of_b(table):
    a, b = predictions(1), predictions(2)
    country = [("DE", "FR", None)[at % 3] for at in range(120)]
    device = [("phone", "desk")[at % 2] for at in range(120)]
    tally = tally_of(table(a), table(b | {"country": country, "device": device}), by=("country", "country+device"))
    assert tally.plan.slicings == ("country", "country+device")
    rows = [{key: int(one.rows[at]) for key, at in groups.items()}
            for one, groups in zip(tally.slices, tally.plan.groups, strict=True)]  # fmt: skip
    assert rows[0] == {("DE",): 40, ("FR",): 40, (None,): 40}
    assert rows[1] == {(where, what): 20 for where in ("DE", "FR", None) for what in ("phone", "desk")}
    own = np.array([one is None for one in country])
    gap = (row_losses(b) - row_losses(a))[own]
    at = tally.plan.groups[0][(None,)]
    assert float(tally.slices[0].sums["loss"]["square"].fraction(at)) == pytest.approx((gap**2).sum())


def test_a_slicing_asked_for_twice_is_one(table):
    b = predictions(2) | {"country": ["DE", "FR"] * 60}
    tally = tally_of(table(predictions(1)), table(b), by=("country", "country"))
    assert tally.plan.slicings == ("country",)
    assert len(tally.slices) == 1


def test_a_group_without_a_scored_row_changes_nothing(table):
    b = predictions(2) | {"country": ["DE"] * 100 + ["FR"] * 20}
    b["label"] = [*b["label"][:100], *[None] * 20]
    found = paired(table(predictions(1)), table(b), {}, ("country",), 0)
    alone = xentcli.score(table(b), by="country")
    assert found.b.score.slices == alone.score.slices
    assert found.tally.not_scored == 20


def test_more_groups_than_slices_may_have_are_refused(table, refused):
    b = predictions(2, rows=1200) | {"g": [f"g{at}" for at in range(1200)]}
    for jobs in (1, 3):
        cut = table(b, parts=6, rows=100)
        error = refused(tally_of, table(predictions(1, rows=1200)), cut, by=("g",), jobs=jobs)
        assert isinstance(error, UsageError)
        assert "more than 1,000 groups" in error.message


# Laws: cuts, threads, orders


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["single", "binary", "multiclass", "multilabel"]),
    data=st.data(),
)
def test_cuts_threads_and_order_leave_the_sums(table, monkeypatch, kind, data):
    sample = data.draw(strategies.samples(kind, rows=(1, 80), classes=(2, 5)))
    rows = len(sample.labels)
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    ids = pa.array(rng.permutation(rows * 3)[:rows])
    group = pa.array([f"g{at}" for at in rng.integers(0, 4, rows)])
    b = sample.table().append_column("id", ids).append_column("group", group)
    scores = sample.scores[rng.permutation(rows)] if kind == "multilabel" else sample.scores
    a = strategies.replace(sample, scores=scores).table().append_column("id", ids)
    options = sample.arguments()
    whole = told(tally_of(table(a), table(b), by=("group",), worst=4, jobs=1, **options))
    cuts = st.tuples(st.integers(1, 5), st.integers(1, 50))
    one, other = data.draw(cuts), data.draw(cuts)
    jobs = data.draw(st.integers(1, 4))

    def cut(columns, how):
        return table(columns, parts=how[0], rows=how[1])

    again = tally_of(cut(a, one), cut(b, other), by=("group",), worst=4, jobs=jobs, **options)
    assert told(again) == whole
    monkeypatch.setattr(join, "PARTITION_BYTES", data.draw(st.sampled_from([64, 1024, 1 << 23])))
    order = rng.permutation(rows)
    mixed = tally_of(cut(a.take(order), one), cut(b, other), by=("group",), worst=4, jobs=jobs, **options)
    assert {**told(mixed), "worst": []} == {**whole, "worst": []}
    assert [one.row_b for one in mixed.worst] == [at for _, at, *_ in whole["worst"]]
    assert [order[one.row_a - 1] + 1 for one in mixed.worst] == [at for _, _, at, *_ in whole["worst"]]


def test_parts_of_a_tally_merge_to_the_whole_in_any_order(table):
    a, b = table(predictions(1)), table(predictions(2) | {"g": ["x", "y", None] * 40})
    found = paired(a, b, {}, ("g",), 6)
    recorders = Recorder("id"), Recorder("id")
    for one, own, by in ((a, recorders[0], ()), (b, recorders[1], ("g",))):
        xentcli.score(one, recorder=own, by=by)
    (pairs,) = join.by_row(*recorders)
    pieces = []
    for start, stop in ((0, 1), (1, 50), (50, 51), (51, 120)):
        piece = PairedTally(found.tally.plan)
        rows = slice(start, stop)
        piece.add(join.Pairs(pairs.a.cut(rows), pairs.b.cut(rows), only_a=stop, only_b=1))
        pieces.append(piece)
    whole = told(found.tally) | {"rows": (1 + 50 + 51 + 120, 4, 0)}
    for order in ((0, 1, 2, 3), (3, 1, 0, 2)):
        merged = PairedTally(found.tally.plan)
        for at in order:
            merged.merge(pieces[at])
        assert told(merged) == whole
    left, right = PairedTally(found.tally.plan), PairedTally(found.tally.plan)
    left.merge(pieces[0])
    left.merge(pieces[1])
    right.merge(pieces[2])
    right.merge(pieces[3])
    left.merge(right)
    assert told(left) == whole
    for one in recorders:
        one.close()


def test_too_many_kinds_of_rows_are_not_counted(table, monkeypatch):
    monkeypatch.setattr("xentcli.tally.pairing.tally.MOST_CELLS", 3)
    for parts, jobs in ((1, 1), (4, 3)):
        assert tally_of(table(predictions(1), parts=parts), table(predictions(2), parts=parts), jobs=jobs).cells is None


# Ids


def shuffled(columns, seed=0):
    return taken(columns, np.random.default_rng(seed).permutation(len(columns["label"])))


WRITTEN = {
    "integers": list(range(120)),
    "floats": [float(at) for at in range(120)],
    "texts": [str(at) for at in range(120)],
    "texts with a point": [f"{at}.0" for at in range(120)],
    "small integers": pa.array(range(120), pa.uint8()),
    "huge integers": pa.array(range(120), pa.uint64()),
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("partitions", [512, 1 << 23])
def test_integer_ids_are_the_same_however_they_are_written(table, monkeypatch, written, partitions):
    monkeypatch.setattr(join, "PARTITION_BYTES", partitions)
    a, b = predictions(1), predictions(2)
    whole = told(tally_of(table(a), table(b)))
    other = b | {"id": WRITTEN[written]}
    assert told(tally_of(table(a), table(other))) == whole
    order = np.random.default_rng(1).permutation(120)
    assert told(tally_of(table(a), table(pa.table(other).take(order)))) == whole


@pytest.mark.parametrize(
    "ids",
    [
        [f"ü-{at}-日本" for at in range(120)],
        ["", *[f"x{at}" for at in range(119)]],
        ["a" * at + "b" for at in range(120)],
        [f"{'long' * 5000}{at}" for at in range(120)],
        [2**53 + at for at in range(120)],
        [f"{at:03}" for at in range(120)],
        [at + 0.5 for at in range(120)],
        [f"\x00{at}" if at % 2 else f"{at}\n" for at in range(120)],
        pa.array([2**63 + at for at in range(120)], pa.uint64()),
        pa.array([f"d{at}" for at in range(120)]).dictionary_encode(),
    ],
)
@pytest.mark.parametrize("size", [256, 1 << 23])
def test_ids_of_every_kind_pair_rows_in_any_order(table, monkeypatch, ids, size):
    monkeypatch.setattr(join, "PARTITION_BYTES", size)
    a, b = (pa.table(predictions(seed, ids=ids)) for seed in (1, 2))
    order = np.random.default_rng(5).permutation(120)
    mixed = tally_of(table(a), table(b.take(order)), worst=3)
    whole = told(tally_of(table(predictions(1)), table(predictions(2))))
    assert told(mixed)["classes"] == whole["classes"]
    assert told(mixed)["rows"] == (0, 0, 0)


def test_texts_with_leading_zeros_are_no_numbers(table, refused):
    a = predictions(1, ids=[f"{at:03}" for at in range(120)])
    error = refused(tally_of, table(a), table(predictions(2)))
    assert isinstance(error, BadRowsError)
    assert "220 " in str(error.message)  # 100 to 119 are written alike


@pytest.mark.parametrize("size", [64, 1 << 23])
def test_rows_of_one_file_only_are_counted(table, monkeypatch, size):
    monkeypatch.setattr(join, "PARTITION_BYTES", size)
    a, b = predictions(1, rows=1000), predictions(2, rows=1000)
    first, second = taken(a, np.arange(3, 1000)), taken(b, np.arange(995))
    for order in (slice(None), slice(None, None, -1)):
        tally = tally_of(table(first), table(taken(second, order)))
        assert (tally.only_a, tally.only_b, tally.sums.rows.sum()) == (5, 3, 992)


def test_too_many_rows_without_a_partner_are_refused_unless_bad_rows_are_skipped(table, refused):
    a, b = predictions(1), taken(predictions(2), np.arange(60))
    error = refused(tally_of, table(a), table(b))
    assert isinstance(error, BadRowsError)
    assert error.message.startswith("60 ")
    tally = tally_of(table(a), table(b), skip_bad_rows=True)
    assert (tally.only_a, tally.only_b, tally.sums.rows.sum()) == (60, 0, 60)


def test_files_without_a_common_id_are_refused(table, refused):
    a, b = predictions(1), predictions(2, ids=range(1000, 1120))
    for options in ({}, {"skip_bad_rows": True}):
        assert isinstance(refused(tally_of, table(a), table(b), **options), BadRowsError)


@pytest.mark.parametrize("size", [64, 1 << 23])
def test_rows_without_an_id_have_no_partner(table, monkeypatch, size):
    monkeypatch.setattr(join, "PARTITION_BYTES", size)
    ids = [None if at in {5, 9} else at for at in range(1000)]
    a, b = predictions(1, rows=1000, ids=ids), predictions(2, rows=1000, ids=ids)
    for kind in (pa.int64(), pa.string(), pa.float64()):
        wrong = {"id": pa.array([None if at is None else str(at) for at in ids]).cast(kind)}
        tally = tally_of(table(a), table(b | wrong))
        assert (tally.only_a, tally.only_b, tally.sums.rows.sum()) == (2, 2, 998)


@pytest.mark.usefixtures("small_partitions")
def test_a_file_without_any_id_has_no_partner(table, refused):
    none = pa.array([None] * 120, pa.int64())
    error = refused(tally_of, table(predictions(1, ids=none)), table(predictions(2, ids=none)))
    assert isinstance(error, BadRowsError)


def test_partitions_that_hold_no_row_are_no_harm(table, monkeypatch):
    monkeypatch.setattr(join, "PARTITION_BYTES", 1)
    a, b = predictions(1, rows=5), predictions(2, rows=5)
    tally = tally_of(table(a), table(taken(b, [4, 3, 2, 1, 0])))
    assert tally.sums.rows.sum() == 5


@pytest.mark.parametrize("size", [64, 1 << 23])
@pytest.mark.parametrize("side", ["a", "b"])
def test_an_id_that_stands_twice_is_refused_with_its_row(table, monkeypatch, refused, size, side):
    monkeypatch.setattr(join, "PARTITION_BYTES", size)
    good, doubled = predictions(1), predictions(2, ids=[*range(100), 7, *range(101, 120)])
    tables = (table(doubled), table(good)) if side == "a" else (table(good), table(doubled))
    error = refused(tally_of, *tables)
    assert isinstance(error, BadRowsError)
    assert error.message == "holds the id 7 a second time"
    assert (error.place.row, error.place.column) == (101, "id")


def test_an_id_that_stands_twice_in_both_files_is_refused(table, refused):
    ids = [*range(119), 118]
    error = refused(tally_of, table(predictions(1, ids=ids)), table(predictions(2, ids=ids)))
    assert error.message == "holds the id 118 a second time"


@pytest.mark.usefixtures("small_partitions")
def test_an_id_that_one_file_lacks_is_refused_where_it_stands_twice(table, refused):
    a = predictions(1, rows=1000)
    b = predictions(2, rows=1000, ids=[*range(998), 5000, 5000])
    assert refused(tally_of, table(a), table(b)).message == "holds the id 5000 a second time"


# Rows


def test_without_ids_rows_go_side_by_side(table):
    a, b = without(predictions(1), "id"), without(predictions(2), "id")
    found = paired(table(a), table(b, parts=3, rows=7), {}, (), 0)
    assert (found.by, found.sentence) == ("row", "paired by row")
    assert told(found.tally) == told(tally_of(table(predictions(1)), table(predictions(2))))


def test_files_of_other_lengths_are_not_paired_by_row(table, refused):
    a, b = without(predictions(1), "id"), without(predictions(2, rows=119), "id")
    error = refused(tally_of, table(a), table(b))
    assert isinstance(error, InputError)
    assert error.message == "has 119 rows, but memory has 120"
    assert "--id" in error.help


def test_labels_that_differ_are_refused_with_their_first_rows(table, refused):
    a, b = predictions(1), predictions(2)
    for at in (7, 30, 100):
        b["label"][at] = "cat" if b["label"][at] != "cat" else "dog"
    for one in (b, without(b, "id")):
        error = refused(tally_of, table(a), table(one, parts=3, rows=11), jobs=3)
        assert isinstance(error, BadRowsError)
        assert error.message == "has another true label than memory in 3 of 120 common rows"
        first, rows = error.details
        assert first == f"row 8 is {b['label'][7]!r}, its row 8 in memory is {a['label'][7]!r}"
        assert rows == "first rows: 8, 31, 101"
        assert error.place.row == 8
    assert "--id COLUMN" in refused(tally_of, table(without(a, "id")), table(without(b, "id"))).help


def test_sets_of_labels_that_differ_are_refused(table, refused):
    rng = np.random.default_rng(4)
    hot = rng.integers(0, 2, (50, 2))
    a = {"y_x": hot[:, 0], "y_z": hot[:, 1], "p_x": rng.random(50), "p_z": rng.random(50)}
    b = a | {"y_z": np.where(np.arange(50) == 20, 1 - hot[:, 1], hot[:, 1])}
    error = refused(tally_of, table(a), table(b), task="multilabel")
    assert (error.place.row, error.details) == (21, ("first rows: 21",))


def test_rows_that_one_model_could_not_score_are_counted_and_left_out(table):
    a, b = predictions(1), predictions(2)
    a["p_cat"][3] = np.nan
    b["label"] = [None, *b["label"][1:]]
    tally = tally_of(table(a), table(b), skip_bad_rows=True)
    assert (tally.not_scored, tally.sums.rows.sum(), tally.conflicts.count) == (2, 118, 0)


def test_rows_that_no_model_scored_alike_are_refused(table, refused):
    a, b = predictions(1, rows=4), predictions(2, rows=4)
    a["label"] = [*a["label"][:2], None, None]
    b["label"] = [None, None, *b["label"][2:]]
    assert isinstance(refused(tally_of, table(a), table(b)), EmptyInputError)


# What cannot be compared


def test_other_classes_are_named(table, refused):
    a, b = predictions(1), predictions(2, classes=("cat", "dog", "fox"))
    error = refused(tally_of, table(a), table(b))
    assert isinstance(error, AmbiguousError)
    assert error.message == "has other classes than memory: 'eel' only in memory; 'fox' only in memory"


def test_tasks_of_another_kind_are_refused(sample, refused):
    error = refused(tally_of, str(sample / "preds_binary.csv"), str(sample / "preds_digits.csv"))
    assert "is read as multi-class" in error.message
    assert "as binary" in error.message


def test_scores_beside_decisions_are_refused(table, refused):
    a = predictions(1)
    decisions = {"id": a["id"], "label": a["label"], "pred": decided(a)}
    for one, other in ((a, decisions), (decisions, a)):
        assert refused(tally_of, table(one), table(other)).message.startswith(
            "holds predicted labels without the scores"
        )


# Hashes, spools, temporary files


def test_equal_ids_have_equal_hashes_wherever_they_stand():
    ids = pa.array(["a", "", "日本", None, "a" * 1000, "a", ""], pa.large_string())
    found = hashes(ids)
    assert found[0] == found[5]
    assert found[1] == found[6]
    assert len(set(found[[0, 1, 2, 4]].tolist())) == 4
    for start in range(len(ids)):
        kept = hashes(ids[start:])
        assert [one for one, text in zip(kept, ids[start:].to_pylist(), strict=True) if text is not None] == [
            one for one, text in zip(found[start:], ids[start:].to_pylist(), strict=True) if text is not None
        ]


@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), min_size=1))
def test_equal_numbers_have_equal_hashes(values):
    found = dict(zip(values, hashes(pa.array(values, pa.int64())).tolist(), strict=True))
    again = dict(zip(reversed(values), hashes(pa.array(values[::-1], pa.int64())).tolist(), strict=True))
    assert found == again


@pytest.mark.parametrize(
    "ids",
    [
        pa.array(np.arange(100_000)),
        pa.array(np.arange(100_000) * 4096),
        pa.array([f"user-{at}" for at in range(100_000)], pa.large_string()),
        pa.array([f"{at:012}" for at in range(100_000)], pa.large_string()),
        pa.array([f"{at * 7919 % 100_000:05}.png" for at in range(100_000)], pa.large_string()),
    ],
)
def test_hashes_spread_rows_evenly_over_partitions(ids):
    for partitions in (2, 7, 64, 100):
        counts = np.bincount(hashes(ids) % np.uint64(partitions), minlength=partitions)
        even = 100_000 / partitions
        assert np.abs(counts - even).max() < 6 * np.sqrt(even), partitions


def test_a_spool_beyond_its_memory_gives_back_what_it_holds(monkeypatch):
    monkeypatch.setattr(recorder, "_IN_MEMORY", 100)
    held = BatchSpool()
    batches = {(at % 3, at): pa.record_batch({"x": [at, at + 1], "t": [f"{at}", None]}) for at in range(20, 0, -1)}
    for key, batch in batches.items():
        held.write(key, batch)
    assert held._file._rolled
    assert dict(held.read()) == batches
    assert [key for key, _ in held.read()] == sorted(batches)
    assert [key for key, _ in held.read(1)] == sorted(key for key in batches if key[0] == 1)
    assert list(held.read(7)) == []
    held.close()


@pytest.mark.parametrize("failing", [False, True])
def test_temporary_files_are_closed(table, monkeypatch, refused, failing):
    made = []

    class Watched(BatchSpool):
        def __init__(self):
            super().__init__()
            made.append(self._file)

    for module in (join, "recorder"):
        name = "xentcli.tally.pairing.recorder" if module == "recorder" else module.__name__
        monkeypatch.setattr(f"{name}.BatchSpool", Watched)
    b = predictions(2, ids=[5] * 120 if failing else None)
    if failing:
        refused(tally_of, table(predictions(1)), table(b))
    else:
        tally_of(table(predictions(1)), table(shuffled(b)))
    assert len(made) >= 4
    assert all(one.closed for one in made)


class Full(SpooledTemporaryFile):
    """A temporary file on a disk without room."""

    def write(self, data):
        """Find no room."""
        del data
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_an_error_with_its_way_out(table, monkeypatch, refused):
    monkeypatch.setattr(recorder, "SpooledTemporaryFile", Full)
    error = refused(tally_of, table(predictions(1)), table(predictions(2)))
    assert error.message == "the rows to compare cannot be kept: No space left on device"
    assert "TMPDIR" in error.help


def test_a_disk_that_is_full_by_the_second_copy_is_an_error_likewise(table, monkeypatch, refused):
    def spoiled(a, b):
        monkeypatch.setattr(recorder, "SpooledTemporaryFile", Full)
        return by_hash(a, b)

    by_hash = join.by_hash
    monkeypatch.setattr(join, "by_hash", spoiled)
    error = refused(tally_of, table(predictions(1)), table(shuffled(predictions(2))))
    assert error.message == "the rows to compare cannot be kept: No space left on device"


# Labels in a file of their own


def test_the_rows_of_a_pair_are_those_that_have_labels(table):
    a, b = predictions(1), predictions(2)
    labels = table({"id": a["id"][20:], "label": a["label"][20:]})
    given = {"labels": labels, "skip_bad_rows": True}
    report = xentcli.compare(table(without(a, "label")), table(without(b, "label")), worst=5, **given)
    assert (report.comparison.rows.paired, report.comparison.rows.only_a) == (100, 0)
    gap = np.abs(row_losses(b) - row_losses(a))
    gap[:20] = 0.0
    assert [one.id for one in report.comparison.worst] == [str(at) for at in np.argsort(-gap)[:5]]


# Soft targets and weights


def soft(seed=2, power=1.0, order=("x", "y", "z"), dtype=np.float64):
    """Return the columns of a file of target probabilities, all but the scores the same for every seed."""
    targets = np.random.default_rng(1).dirichlet([1, 1, 1], 60) ** power
    targets = (targets / targets.sum(axis=1, keepdims=True)).astype(dtype)
    scores = np.random.default_rng(seed).dirichlet([1, 1, 1], 60)
    at = {"x": 0, "y": 1, "z": 2}
    columns = {"id": np.arange(60)} | {f"y_{name}": targets[:, at[name]] for name in order}
    return columns | {f"p_{name}": scores[:, at[name]] for name in order}


TARGETS = ("y_x", "y_y", "y_z")


@pytest.mark.parametrize(
    "other", [{}, {"seed": 3}, {"order": ("z", "x", "y"), "seed": 4}, {"dtype": np.float32, "seed": 5}]
)
def test_the_same_soft_targets_are_the_same_labels(table, other):
    b = soft(**other)
    tally = tally_of(table(soft()), table(taken(b, slice(None, None, -1))), label=TARGETS)
    assert (tally.conflicts.count, tally.sums.rows.sum()) == (0, 60)


def test_soft_targets_that_differ_are_other_labels(table, refused):
    a, b = soft(), soft(power=1.01)
    b = {name: np.where(np.arange(60) == 9, b[name], a[name]) for name in a}
    error = refused(tally_of, table(a), table(b), label=TARGETS)
    assert error.details == ("first rows: 10",)


def test_soft_targets_of_several_labels_are_compared_likewise(table, refused):
    rng = np.random.default_rng(1)
    names = ("y_u", "y_v", "p_u", "p_v")
    a = {name: rng.random(50) for name in names}
    options = {"task": "multilabel", "label": ("y_u", "y_v")}
    assert tally_of(table(a), table(a), **options).conflicts.count == 0
    b = a | {"y_v": np.where(np.arange(50) == 4, 0.123, a["y_v"])}
    assert refused(tally_of, table(a), table(b), **options).details == ("first rows: 5",)


def test_weights_that_differ_are_said_to_be_those_of_b(table):
    w = np.linspace(1, 2, 120)
    a, b = predictions(1) | {"w": w}, predictions(2) | {"w": np.where(np.arange(120) < 7, 9.0, w)}
    found = paired(table(a), table(b), {"weight": "w"}, (), 0)
    assert found.tally.reweighted == 7
    assert found.sentence == (
        "paired by the column id, which both have; the weights of 7 rows differ, and the second file's count"
    )
    assert paired(table(a), table(a), {"weight": "w"}, (), 0).tally.reweighted == 0


def test_columns_of_other_names_are_told(table):
    a, b = predictions(1), predictions(2)
    other = {("key2" if name == "id" else name): values for name, values in b.items()}
    assert paired(table(a), table(other), {"id": ":0"}, (), 0).sentence == "paired by the columns id and key2"
    assert paired(table(a), table(b), {"id": ":0"}, (), 0).sentence == "paired by the column id"
