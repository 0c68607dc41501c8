"""Laws of the reading of columns, over generated files of every layout.

What a column is does not hang on its place, on the order of the rows, on what else stands in the file, or on how well
the scores predict; an option that says what was found anyway changes nothing. A file may be refused where a change
makes it ambiguous; another number is never given.
"""

import random
from collections import Counter

import numpy as np
import pytest
import reading_files as files
from hypothesis import example, given, settings
from hypothesis import strategies as st

import xentcli
from xentcli.errors import XentError

seeds = st.integers(0, 2**32 - 2)
layouts = st.sampled_from(sorted(files.LAYOUTS))
forms = st.sampled_from(("frame", "frame", "csv", "parquet"))

CHANGES = {
    "columns in another order": files.permuted,
    "rows in another order": files.shuffled,
    "an unused column under another name": files.renamed,
    "more features": files.with_features,
    "a column of one value": files.with_constant,
    "a copy of the label": files.with_copy,
    "a copy of the label, and the columns in another order": lambda file, seed: files.permuted(
        files.with_copy(file, seed), seed
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("laws")


def scored(file, folder, form="frame", **options):
    form = "parquet" if form == "csv" and file.holds_lists else form
    labels = None if file.labels is None else files.source(file.labels, form, folder, "labels")
    return xentcli.score(files.source(file.columns, form, folder, "predictions"), labels=labels, **options)


def attempt(file, folder, form="frame", **options):
    """Return the report, None where the file is refused."""
    try:
        return scored(file, folder, form, **options)
    except XentError:
        return None


def numbers(report):
    """Return what must not change: loss, accuracy, and of two classes what tells the positive one."""
    score = report.score
    told = {name: score.metrics.get(name) for name in ("sensitivity", "specificity", "roc_auc", "brier")}
    return (score.loss and score.loss.value, score.accuracy.value, *told.values())


def same(one, other):
    return all((a is None) == (b is None) and (a is None or np.isclose(a, b, rtol=1e-9, atol=1e-12))
               for a, b in zip(one, other, strict=True))  # fmt: skip


def assert_right(file, report):
    """Check a report against what the file was generated from."""
    score = report.score
    assert (score.loss and score.loss.value) == (file.loss and pytest.approx(file.loss, rel=1e-9))
    if file.accuracy is not None:
        assert score.accuracy.value == pytest.approx(file.accuracy, rel=1e-9)
    read = [one.name for one in report.columns if one.role == "label"]
    meant = file.copies.get(read[0], {}) if len(read) == 1 else {}  # a column per class is named after its class
    positive = score.task.positive and score.task.positive.casefold()
    assert str(meant.get(positive, positive)).casefold() == str(file.positive).casefold()
    assert_accounted(file, report)


def assert_accounted(file, report):
    """Check that every column is told once, with the role and the class that it was made for."""
    names = [*file.columns, *(name for name in file.labels or () if name not in file.columns)]
    assert sorted(one.name for one in report.columns) == sorted(names)
    found = {one.name: (str(one.role), one.of_class and one.of_class.casefold()) for one in report.columns}
    if any(found[name][0] == "label" for name in file.copies):
        return  # another coding of the same label: its classes are called otherwise
    for name, (role, own) in file.roles.items():
        assert found[name] == (role, own and own.casefold())
    for name in file.unused:
        assert found[name][0] in {"unused", "id"}
    assert all(len(one.because) <= 60 for one in report.columns)


@settings(max_examples=150)
@given(layout=layouts, seed=seeds, form=forms)
def test_a_file_is_read_as_it_was_meant(folder, layout, seed, form):
    file = files.made(layout, seed)
    report = scored(file, folder, form) if file.sure else attempt(file, folder, form)
    if report is not None:
        assert_right(file, report)


@pytest.mark.parametrize("change", CHANGES)
@settings(max_examples=60)
@given(layout=layouts, seed=seeds, other=seeds, form=forms)
@example(layout="per_class", seed=741736, other=741736, form="frame")  # -1 and 1 said again by is_-1 and is_1
@example(layout="multi_label", seed=24136299, other=504867841, form="csv")  # `version` beside the score of versicolor
def test_no_number_changes_with(folder, change, layout, seed, other, form):
    file = CHANGES[change](files.made(layout, seed), other)
    report = attempt(file, folder, form)
    if report is not None:
        assert_right(file, report)


@settings(max_examples=60)
@given(layout=layouts, seed=seeds, other=seeds, form=st.sampled_from(("csv", "parquet")))
def test_no_number_changes_where_the_rows_stand_in_two_files(folder, layout, seed, other, form):
    file = files.made(layout, seed)
    form = "parquet" if file.holds_lists else form
    labels = None if file.labels is None else files.source(file.labels, form, folder, "labels")
    whole = attempt(file, folder, form)
    try:
        split = xentcli.score(files.halves(file.columns, form, folder, "halves", other), labels=labels)
    except XentError:
        split = None
    assert (whole is None) == (split is None)
    if whole is not None:
        assert_right(file, split)
        assert numbers(split) == numbers(whole)


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_is_seldom_refused_for(folder, change):
    refused = Counter()
    for layout in files.LAYOUTS:
        for seed in range(8):
            file = files.made(layout, seed)
            if file.sure and not (file.indexed and "columns" in change):
                refused[attempt(CHANGES[change](file, seed), folder) is None] += 1
    assert refused[True] < 0.1 * refused.total(), f"{refused[True]} of {refused.total()} files"


@settings(max_examples=40)
@given(seed=seeds, other=seeds)
def test_integers_beside_class_names_are_refused_unless_these_are_sorted(folder, seed, other):
    file = files.permuted(files.made("by_sorted_names", seed), other)
    names = [name for name, (role, _) in file.roles.items() if role == "score"]
    order = [name for name in file.columns if name in names]
    report = attempt(file, folder)
    assert (report is not None) == (order == sorted(names))


@settings(max_examples=50)
@given(layout=st.sampled_from(("two_classes", "by_meaning")), seed=seeds, form=forms)
def test_two_score_columns_that_change_places_change_no_side(folder, layout, seed, form):
    file = files.made(layout, seed)
    first, second = (name for name, (role, _) in file.roles.items() if role == "score")
    names = [{first: second, second: first}.get(name, name) for name in file.columns]
    swapped = files.reordered(file, names)
    one, other = scored(file, folder, form), scored(swapped, folder, form)
    assert same(numbers(one), numbers(other))
    assert one.score.task.positive == other.score.task.positive


@settings(max_examples=60)
@given(layout=layouts, seed=seeds, other=seeds, copied=st.booleans())
def test_no_reading_is_chosen_by_how_well_it_scores(folder, layout, seed, other, copied):
    pair = [files.made(layout, seed), files.made(layout, seed, other_truth=other)]
    if copied:
        pair = [files.with_copy(file, seed) for file in pair]
    found = [attempt(file, folder) for file in pair]
    assert reading(found[0]) == reading(found[1])
    if found[1] is not None:
        assert_right(pair[1], found[1])


def reading(report):
    """Return how a file was read, without the sentences; None where it is refused."""
    if report is None:
        return None
    task = report.score.task
    roles = {one.name: (one.role, one.of_class) for one in report.columns}
    return roles, task.kind, task.encoding, task.classes, task.positive, task.scale


@settings(max_examples=80)
@given(layout=layouts, seed=seeds, other=seeds)
@example(layout="two_classes", seed=1009556165, other=2877410320)  # columns 0 and 1 beside a label and a yes/no feature
@example(layout="per_class", seed=133, other=0)  # -1/1 beside a boolean feature, under columns named -1 and 1
def test_an_option_that_says_what_was_found_changes_nothing(folder, layout, seed, other):
    file = files.made(layout, seed)
    report = attempt(file, folder)
    if report is None:
        return
    for options in said_again(report, random.Random(other), mix=not file.indexed):  # noqa: S311  it shuffles names
        again = scored(file, folder, **options)
        assert same(numbers(again), numbers(report)), options
        assert again.score.task.positive == report.score.task.positive, options


def said_again(report, rng, *, mix):
    """Yield options that say what a report found; the order of score columns may be meant as that of the classes."""
    task = report.score.task
    by_role = {}
    for one in report.columns:
        by_role.setdefault(str(one.role), []).append(one.name)
    labels, scores = by_role["label"], by_role.get("score") or by_role.get("confidence") or by_role["predicted"]
    mixed = rng.sample(scores, len(scores)) if mix else scores
    yield {"task": task.kind}
    yield {"label": rng.sample(labels, len(labels))}
    yield {"scores": mixed}
    yield {"label": labels, "scores": mixed}
    prefix = scores[0][: len(scores[0]) - len(scores[0].lstrip("abcdefghijklmnopqrstuvwxyz_"))]
    if prefix and [name for name in report.source.columns if name.startswith(prefix)] == scores:
        yield {"scores": prefix}
    if task.kind != "multioutput":
        yield {"classes": task.classes}
        yield {"classes": task.classes, "label": labels}
