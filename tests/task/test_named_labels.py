"""Whole numbers in a column that is named as the label: classes, however many and uneven, unless they count events."""

from math import exp, factorial

import numpy as np
import pandas as pd
import pytest

import xentcli
from xentcli.files.open import as_table
from xentcli.task.detect import detect
from xentcli.task.model import Certainty, NotATarget
from xentcli.terms import Kind

SHAPES = {
    "even": lambda at: np.ones(len(at)),
    "zipf": lambda at: 1 / (at + 1),
    "steep": lambda at: 1 / (at + 1) ** 2,
    "long tail": lambda at: 0.01 ** (at / len(at)),
    "hump": lambda at: np.exp(-(((at - len(at) / 2) / (len(at) / 5)) ** 2)),
    "no order": lambda at: np.random.default_rng(4).permutation(1 / (at + 1)),
}


def numbers(size, rows, shape="zipf", start=0, seed=0):
    """Return labels of so many classes, each of which some row holds."""
    rng = np.random.default_rng(seed)
    weights = SHAPES[shape](np.arange(size))
    values = np.concatenate([np.arange(size), rng.choice(size, rows - size, p=weights / weights.sum())]) + start
    return rng.permutation(values)


def found(values, name="label", **options):
    return detect(as_table(pd.DataFrame({name: values})), (name,), **options)


@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("size", [5, 10, 26, 43, 100, 500])
@pytest.mark.parametrize(("name", "named"), [("label", False), ("target", False), ("ClassId", False), ("z", True)])
def test_numbers_without_a_gap_are_classes_under_a_label_name_or_where_the_caller_names_them(size, shape, name, named):
    for times in (1.5, 4, 40):
        for start in (0, 1):
            seen = found(numbers(size, int(times * size) + 2, shape, start), name, named=named)
            assert seen.task.kind is Kind.MULTICLASS
            assert len(seen.task.classes) == size
            assert seen.certainty is not Certainty.GUESS


@pytest.mark.parametrize("size", [26, 43, 100])
@pytest.mark.parametrize("mask", [-100, -1, 999])
def test_a_number_that_masks_rows_is_no_gap(size, mask):
    values = numbers(size, 30 * size)
    values[::17] = mask
    seen = found(values)
    assert (seen.task.kind, len(seen.task.classes)) == (Kind.MULTICLASS, size)
    assert seen.missing_rows == len(values[::17])


def test_few_classes_that_come_back_often_are_certain():
    assert found(numbers(10, 500, "even")).certainty is Certainty.CERTAIN
    assert found(numbers(20, 900, "even", start=1)).certainty is Certainty.CERTAIN


@pytest.mark.parametrize(("size", "rows"), [(43, 4000), (10, 20), (10, 45)])
def test_many_or_rare_classes_are_likely_and_the_quantity_is_named_as_the_alternative(size, rows):
    seen = found(numbers(size, rows, "even"))
    assert seen.certainty is Certainty.LIKELY
    assert "if they count or measure something, this is no classification target" in seen.evidence[0]


def test_a_few_classes_without_a_row_are_said():
    values = numbers(100, 6000, "no order")
    seen = found(values[(values != 17) & (values != 60)])
    assert (seen.task.kind, seen.task.encoding, seen.certainty) == ("multiclass", "class-codes", Certainty.LIKELY)
    assert "2 values between them without a row" in seen.evidence[0]


def test_classes_that_the_caller_lists_are_classes_whatever_their_counts():
    values = numbers(100, 3000, "steep")
    names = tuple(f"c{at}" for at in range(100))
    assert found(values, "z", classes=names).task.kind is Kind.MULTICLASS


RNG = np.random.default_rng(11)
QUANTITIES = {
    "children": RNG.poisson(1.2, 800),
    "visits": RNG.negative_binomial(2, 0.3, 800),
    "n": RNG.poisson(3, 800),
    "x": RNG.geometric(0.3, 900),
    "age": RNG.integers(0, 91, 3000),
}


@pytest.mark.parametrize("name", sorted(QUANTITIES))
def test_counts_without_a_label_name_stay_quantities(name):
    assert found(QUANTITIES[name], name).task.not_a_target is NotATarget.CONTINUOUS


@pytest.mark.parametrize("mean", [0.8, 1.7, 3.0])
def test_numbers_of_events_stay_a_quantity_under_a_name_that_leaves_open_what_is_learned(mean):
    expected = [900 * exp(-mean) * mean**at / factorial(at) for at in range(20)]
    values = [at for at, rows in enumerate(expected) for _ in range(round(rows))]
    assert found(values, "y").task.not_a_target is NotATarget.CONTINUOUS
    assert found(values, "y", named=True).task.not_a_target is NotATarget.CONTINUOUS
    assert found(values, "label").task.kind is Kind.MULTICLASS


def test_a_name_that_speaks_of_a_quantity_is_no_label_even_where_the_caller_names_it():
    ages = RNG.integers(0, 91, 3000)
    assert found(ages, "age", named=True).task.not_a_target is NotATarget.CONTINUOUS
    assert found(RNG.integers(0, 5, 300), "size", named=True).task.kind is Kind.MULTICLASS


def test_numbers_that_are_all_distinct_stay_ids():
    assert found(RNG.permutation(300), named=True).task.not_a_target is NotATarget.IDENTIFIER


@pytest.mark.parametrize("size", [26, 43, 100, 500])
def test_inspect_and_encode_take_what_the_label_option_names_for_classes(tmp_path, size):
    path = tmp_path / "rows.csv"
    pd.DataFrame({"code": numbers(size, 12 * size), "x": "a"}).to_csv(path, index=False)
    report = xentcli.inspect(str(path), label="code")
    assert report.detection.task.kind is Kind.MULTICLASS
    assert not {one.code for one in report.findings} & {"XE114", "XE115"}
    assert len(xentcli.encode(str(path), to="class-indices", label="code").classes) == size


PATHS = ("s3://bucket/in/%04d.jpg", "img_%d.png", "cats/%d.png", r"C:\data\%d.wav", "https://host.example/x?id=%d")


@pytest.mark.parametrize("pattern", PATHS)
@pytest.mark.parametrize("rows", [2, 4, 7, 60])
def test_distinct_paths_addresses_and_file_names_are_identifiers_however_few(pattern, rows):
    assert found([pattern % at for at in range(rows)], "path").task.not_a_target is NotATarget.IDENTIFIER


def test_addresses_that_come_back_and_names_with_a_slash_are_classes():
    classes = [f"http://host.example/ontology/{name}" for name in ("Person", "Place", "Work")]
    assert found(classes * 40).task.kind is Kind.MULTICLASS
    assert found(["cat/persian", "dog/pug", "cat/siamese", "dog/beagle"]).task.kind is Kind.MULTICLASS
