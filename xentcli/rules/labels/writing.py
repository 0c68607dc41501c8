"""Rules on how labels are written: indices, codes, signs, masks, spellings.

Floor 6. Pure functions of a Detection.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping

from xentcli.phrases import counted
from xentcli.rules.rule import Hit, Level, Rule
from xentcli.task.model import Detection
from xentcli.task.values import integer_of
from xentcli.task.vocabulary import NULL_WORDS
from xentcli.terms import Encoding, Kind

_LOOK_ALIKE = str.maketrans("АВЕКМНОРСТХаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧοл", "ABEKMHOPCTXaeopcyxijsABEZHIKMNOPTYXon")
"""Cyrillic and Greek letters by the Latin ones that they cannot be told from."""


def _one_based(seen: Detection) -> Hit | None:
    columns = _columns_with(seen, Encoding.ONE_BASED_INDICES, Kind.MULTICLASS)
    if not columns:
        return None
    largest = max(len(one.task.classes) for one in columns)
    return Hit(
        f"labels count from 1 to {largest}, but sparse losses of Keras and PyTorch want 0 to {largest - 1}:"
        f" class {largest} is out of range, and a model of {largest + 1} outputs would carry one that never occurs",
        "subtract 1 from every label: xent encode --to class-indices",
        largest,
        columns=tuple(one.columns[0] for one in columns),
    )


def _columns_with(seen: Detection, encoding: Encoding, kind: Kind) -> tuple[Detection, ...]:
    """Return the detection itself, or its outputs, that have an encoding and a kind."""
    every = seen.outputs or (seen,)
    return tuple(one for one in every if one.task.encoding is encoding and one.task.kind is kind)


def _gapped(seen: Detection) -> Hit | None:
    for one in _columns_with(seen, Encoding.CLASS_CODES, Kind.MULTICLASS):
        codes = [value for value in map(integer_of, one.task.classes) if value is not None]
        if len(codes) < 3:
            continue
        absent = sorted(set(range(codes[0], codes[-1] + 1)) - set(codes)) if codes[-1] - codes[0] < 10_000 else []
        if codes[-1] - codes[0] < len(codes) and codes[0] in {0, 1}:  # what leaves the count has no score column
            continue
        listed = ", ".join(map(str, absent[:5])) + (", ..." if len(absent) > 5 else "")
        what = f"no row holds {listed}" if absent else f"they start at {codes[0]}"
        return Hit(
            f"{len(codes)} classes are written as integers from {codes[0]} to {codes[-1]}, but {what}:"
            f" as indices they would need {max(codes[-1] + 1, 0):,} outputs, and negative ones none at all",
            "number the classes from 0 and keep the order: xent encode --to class-indices",
            max(1, len(absent)),
            columns=one.columns,
        )
    return None


def _not_zero_one(seen: Detection) -> Hit | None:
    if seen.seen.signs:
        return _signs(seen, seen.columns, "-1 and 1, 0 where they are open" if seen.seen.zero_open else "-1 and 1", 0)
    for one in seen.outputs or (seen,):
        if one.task.kind is not Kind.BINARY:
            continue
        if one.task.encoding in {Encoding.PLUS_MINUS_ONE, Encoding.ONE_BASED_INDICES, Encoding.CLASS_CODES}:
            return _signs(one, one.columns, " and ".join(one.task.classes), 0)
    return None


def _signs(seen: Detection, columns: tuple[str, ...], shown: str, rows: int) -> Hit:
    return Hit(
        f"binary labels are written {shown}, but cross-entropy needs 0 and 1:"
        " with others it is wrong, and can fall below 0 without end",
        "map them to 0 and 1 before training (xent encode --to class-indices); hinge losses alone want -1 and 1",
        rows or seen.rows - seen.missing_rows,
        columns=columns[:10],
    )


def _sentinel(seen: Detection) -> Hit | None:
    for one in seen.outputs or (seen,):
        mask = one.seen.sentinel
        if mask is not None:
            rows, first = one.seen.values[mask]
            beside = f"{mask} stands beside the indices {one.task.classes[0]} to {one.task.classes[-1]} in"
            if one.seen.counted:
                return Hit(
                    f"{beside} {counted(rows, 'row')} and is never predicted: it counts as a class, and each of these"
                    " rows as an error",
                    f"if it marks rows without a label, leave them out: --ignore-label {mask}",
                    rows,
                    columns=one.columns,
                )
            return Hit(
                f"{beside} {counted(rows, 'row')}: it is read as no label, not as a class",
                f"leave these rows out of the loss (PyTorch: ignore_index={mask}; Keras: ignore_class={mask} or weight"
                " 0); if it is a class, say --encoding class-codes",
                rows,
                (first,),
                one.columns,
            )
    return None


def _near_duplicates(seen: Detection) -> Hit | None:
    names = tuple(seen.seen.values) or seen.task.classes
    if seen.task.kind in {None, Kind.MULTIOUTPUT} or all(integer_of(name) is not None for name in names):
        return None
    groups = _same_names(names)
    if not groups:
        return None
    shown = "; ".join(" and ".join(repr(name) for name in group[:3]) for group in groups[:3])
    rest = f"; and {len(groups) - 3} more" if len(groups) > 3 else ""
    firsts = [row for group in groups for name in group[1:] for row in _first_row(seen.seen.values, name)]
    return Hit(
        f"{len(groups)} {'class is' if len(groups) == 1 else 'classes are'} written in several ways: {shown}{rest};"
        " each spelling is a class of its own, with its own output",
        "write every class in one way before training",
        sum(len(group) - 1 for group in groups),
        tuple(sorted(firsts)[:10]),
        seen.columns[:10],
    )


def _first_row(values: Mapping[str, tuple[int, int]], name: str) -> tuple[int, ...]:
    return (values[name][1],) if name in values else ()


def _same_names(names: tuple[str, ...]) -> list[list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[_folded(name)].append(name)
    same = [group for group in groups.values() if len(group) > 1]
    letters = [group for group in same if all(len(name.strip()) == 1 for name in group)]
    # An alphabet in both cases is a set of letters, not a set of slips.
    return [group for group in same if group not in letters] if len(letters) > 2 else same


def _folded(name: str) -> str:
    """Return what two spellings of one name share: letter case, blanks, look-alike letters, 1 and 1.0 and 01."""
    plain = unicodedata.normalize("NFKC", name).translate(_LOOK_ALIKE)
    plain = " ".join(plain.casefold().replace("_", " ").replace("-", " ").split()) or plain
    digits = plain.lstrip("0") or plain[-1:]
    return str(integer_of(digits)) if integer_of(digits) is not None and "-" not in name else plain


def _null_like(seen: Detection) -> Hit | None:
    texts = {Encoding.CLASS_NAMES, Encoding.TAG_LISTS, Encoding.BOOLEANS}
    for one in seen.outputs or (seen,):
        if one.task.encoding not in texts:
            continue
        counts = {count.name: count.count for count in one.counts}
        found = [name for name in one.task.classes if name.strip().casefold() in NULL_WORDS and counts.get(name, 1)]
        if found:
            rows = sum(counts.get(name, 0) for name in found)
            shown = " and ".join(map(repr, found))
            return Hit(
                f"the class {shown} ({counted(rows, 'row')}) is a name that pandas and other readers take"
                " for an empty cell: they would drop these rows in silence",
                f"rename it, or read with keep_default_na=False; if it does mean missing, say --null-values {found[0]}",
                rows,
                tuple(row for name in found for row in _first_row(one.seen.values, name))[:10],
                one.columns[:10],
            )
    return None


WRITING_RULES: tuple[Rule[Detection], ...] = (
    Rule(
        "XE101", "one-based-indices", (Level.WARNING,), "integer labels 1..K without a 0", _one_based,
        """\
Labels that count from 1 come from R, MATLAB and data sheets written by people. Sparse losses index with them.

**Why it bites.** Keras' `SparseCategoricalCrossentropy` and PyTorch's `CrossEntropyLoss` want 0 to K-1. With K outputs
the last class is out of range: an error in PyTorch and on Keras' TensorFlow and torch backends, but on JAX the row
costs 0 and still counts. With K+1 outputs all runs, and output 0 takes its share of probability for ever.

**How it is seen.** Every label is an integer, the smallest is 1, and there is no gap. It is silent beside scores that
are named 1 to K, and where there is no loss; beside scores that count from 0 it is XE307.

**Mend it.** Subtract 1: `y = y - 1` (Keras, PyTorch). scikit-learn maps classes itself and needs nothing.

```python
>>> import numpy as np
>>> labels = np.array([1, 2, 3, 3])
>>> scores = np.log(np.array([[.7, .2, .1]] * 4))
>>> round(float(-scores[np.arange(4), labels - 1].mean()), 3)
1.643
>>> bool(labels.max() < scores.shape[1])  # the label 3 has no column 3
False

```
""",
    ),
    Rule(
        "XE102", "gapped-indices", (Level.WARNING, Level.NOTE),
        "integer labels with holes, or that start elsewhere", _gapped,
        """\
Integers such as 1, 2, 3, 5, 6, 7 or 100 to 116 are names written in digits, not indices.

**Why it bites.** A sparse loss takes the integer for the position of an output: labels up to 116 ask for 117 outputs,
most of which never occur. They take part in every softmax, and macro averages over them are undefined.

**How it is seen.** Every label is an integer, they repeat, and they do not count from 0 (or 1) without a gap. Beside
scores that are named after the codes it is a note; a hole that a score column stands for is none.

**Mend it.** Number the classes 0 to K-1 once, for training and for evaluation, and keep the list:
`classes, y = np.unique(labels, return_inverse=True)`. Keras has `StringLookup`/`IntegerLookup`, scikit-learn
`LabelEncoder` (its classifiers do it by themselves), PyTorch nothing.

```python
>>> import numpy as np
>>> classes, index = np.unique([7, 1, 2, 7, 5], return_inverse=True)
>>> classes.tolist(), index.tolist()
([1, 2, 5, 7], [3, 0, 1, 3, 2])

```
""",
    ),
    Rule(
        "XE103", "not-zero-one", (Level.WARNING, Level.NOTE), "binary labels other than 0 and 1, such as -1/1 or 1/2",
        _not_zero_one,
        """\
Binary cross-entropy is `-(y log p + (1 - y) log(1 - p))`. It is a likelihood for y in {0, 1} only.

**Why it bites.** With y = -1 the first term turns its sign: the loss falls without end as p goes to 0, and the model
that the optimiser finds says 0 for everything. With y = 2 the same happens at the other end. Losses on logits
(`BCEWithLogitsLoss`, Optax' `sigmoid_binary_cross_entropy`) compute it without a word; `BCELoss` refuses.

**How it is seen.** The column holds two integers that are not 0 and 1. xent itself maps them. Beside a score for each
of the two it is a note; beside predicted labels alone, which have no loss, it is silent.

**Mend it.** `y = (y == positive).astype("float32")` before Keras, PyTorch, Optax and XGBoost. The classifiers of
scikit-learn, LightGBM and CatBoost map two classes themselves.

```python
>>> from math import log
>>> def loss(y, p): return -(y * log(p) + (1 - y) * log(1 - p))
>>> round(loss(-1, 0.01), 2), round(loss(-1, 0.0001), 2)
(-4.59, -9.21)

```
""",
    ),
    Rule(
        "XE104", "sentinel-labels", (Level.WARNING,), "-100, -1, 255 or 999 beside indices that count from 0 or 1",
        _sentinel,
        """\
Pipelines write a number that is no class to mask a row: -100 (PyTorch's `ignore_index`), -1, 255 (segmentation
masks), 999.

**Why it bites.** Counted as a class it adds an output and shifts every share. As an index it fails, or, negative,
takes the last column in silence: `scores[range(n), -1]` is the score of class K-1.

**How it is seen.** Without this one value the integers count from 0 or 1 without a gap. Beside predicted labels it is
told if no row predicts it; beside scores a label that has none stops the run, and `--ignore-label` is the way out.

**Mend it.** PyTorch: `CrossEntropyLoss(ignore_index=-100)`. Keras: `SparseCategoricalCrossentropy(ignore_class=-1)`, or
a sample weight of 0. scikit-learn: drop the rows. Accuracy must leave the same rows out as the loss.

```python
>>> import numpy as np
>>> labels = np.array([0, 1, -100, 1])
>>> kept = labels != -100
>>> float((np.array([0, 1, 1, 0]) == labels)[kept].mean().round(3))
0.667

```
""",
    ),
    Rule(
        "XE109", "near-duplicate-names", (Level.WARNING,),
        "class names that differ in letter case, blanks or look-alike letters, or 1, 1.0 and 01", _near_duplicates,
        """\
`Cat`, `cat` and ` cat ` are one class to a person and three to a computer. So are `1`, `1.0` and `01` where other
labels are text, and names that mix Latin letters with Cyrillic or Greek ones that look the same.

**Why it bites.** The class is torn apart: the model is punished for answering with the other spelling, recall of both
halves drops, and a validation file written by another hand has labels that training never saw.

**How it is seen.** Two names are the same after trimming, folding letter case, and replacing look-alike letters.
An alphabet in both cases (`a`, `A`, `b`, `B`, ...) is left alone.

**Mend it.** Normalise once, where labels are written: `df.label.str.strip().str.casefold()`.

```python
>>> sorted({name.strip().casefold() for name in ["Cat", "cat", " cat ", "dog"]})
['cat', 'dog']

```
""",
    ),
    Rule(
        "XE117", "null-like-class", (Level.WARNING,), "a class named NA, null, None, nan or n/a", _null_like,
        """\
Some classes are called `NA` (not applicable), `None` (no defect), `null`.

**Why it bites.** `pandas.read_csv` reads `NA`, `N/A`, `null`, `None`, `nan` and a dozen others as missing cells. A
`dropna()` later the class is gone: the model never learns it, and the evaluation never asks for it.

**How it is seen.** xent reads label columns as text: only the empty cell is missing, so the name is still there.

**Mend it.** `pd.read_csv(path, keep_default_na=False, na_values=[""])`, or give the class another name. If it does mean
that the label is missing, say so: `--null-values NA`.

```python
>>> import io, pandas as pd
>>> text = "label\\nNA\\nok\\nNA\\n"
>>> len(pd.read_csv(io.StringIO(text)).dropna())
1
>>> len(pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=[""]).dropna())
3

```
""",
    ),
)  # fmt: skip
