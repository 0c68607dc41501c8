"""A limit on one side of two classes says so where nobody stated the side."""

import numpy as np
import pandas as pd

import xentcli

TRUTH = np.random.default_rng(3).integers(0, 2, 60)
P = np.where(TRUTH == 1, 0.8, 0.3)


def frame(negative, positive):
    return pd.DataFrame({
        "label": np.where(TRUTH == 1, positive, negative), f"p_{positive}": P, f"p_{negative}": 1 - P
    })  # fmt: skip


def checks(data, least, **options):
    return {one.metric: one for one in xentcli.check(data, min=least, **options).models[0].checks}


def test_a_one_sided_limit_on_names_that_say_nothing_carries_a_note():
    found = checks(frame("benign", "malignant"), {"sensitivity": 0.5, "specificity": 0.5, "accuracy": 0.5})
    assert 'positive = "malignant"' in found["sensitivity"].note
    assert found["specificity"].note.startswith("specificity takes 'malignant'")
    assert found["accuracy"].note is None


def test_a_stated_positive_class_needs_no_note():
    found = checks(frame("benign", "malignant"), {"sensitivity": 0.5}, positive="malignant")
    assert found["sensitivity"].note is None


def test_numbers_and_known_pairs_need_no_note():
    for pair in ((0, 1), ("no", "yes"), ("control", "case"), ("absent", "present")):
        assert checks(frame(*pair), {"sensitivity": 0.5})["sensitivity"].note is None


def test_a_limit_of_each_class_names_its_side():
    limits = [xentcli.Limit("recall", metric="recall", by="class", min=0.1)]
    made = xentcli.check(frame("benign", "malignant"), limits=limits).models[0].checks
    assert [one.note for one in made] == [None, None]


def test_the_page_and_the_document_show_the_note(tmp_path, xent):
    frame("benign", "malignant").to_csv(tmp_path / "p.csv", index=False)
    page = xent("check", tmp_path / "p.csv", "--min", "sensitivity=0.5").out
    assert "positive class: malignant (--positive benign for the other)" in page
    assert "  - note: sensitivity takes 'malignant'" in page
    document = xent("check", tmp_path / "p.csv", "--min", "sensitivity=0.5", "-f", "json").document()
    assert document["models"][0]["checks"][0]["note"].startswith("sensitivity takes 'malignant'")
