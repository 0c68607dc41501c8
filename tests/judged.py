"""Checks and comparisons made by hand, so that views are judged without judging or comparing anything."""

from xentcli.errors import Place
from xentcli.gate.model import Bounds, Check, Group, Outcome, Regression, Unjudged
from xentcli.record import replace
from xentcli.rules.rule import Finding, Level
from xentcli.scoring.comparing.model import (
    Comparison,
    Difference,
    DifferentRow,
    GroupDifference,
    PairedRows,
    RightTable,
    Verdict,
    Wins,
)
from xentcli.task.model import ColumnRole, Role
from xentcli.verdicts import CheckReport, CompareReport, JudgedModel

CONFIG = "xent.toml"
LONGEST = 60
"""Characters that may say why a column was read as what it is."""
ERROR = Finding(
    "XE208", "bad-scores", Level.ERROR, "3 of 9,993 rows were skipped", "mend what writes the scores", 3,
    rows=(17, 406, 1833), lines=(18, 407, 1834),
)  # fmt: skip
WARNING = Finding("XE308", "unmatched-ids", Level.WARNING, "4 ids stand in one file only", "use one list of ids", 4)
NOTE = Finding("XE401", "element-wise-accuracy", Level.NOTE, "counted by element it would read 0.98", "do not", 1)

REGRESSION = Regression(
    0.30991, 0.00223, (-0.00123, 0.01269), 0.01, 0.00696, paired=True, rows=9990, method="paired normal interval"
)


def check(name="accuracy", outcome=Outcome.PASSED, value=0.9012, **changes):
    """Return a check of the accuracy, or the same with other parts."""
    made = Check(
        name, "accuracy", None, 9990, value, (0.8951, 0.907), Bounds(min=0.9), None, outcome, "fail",
        f"{value} is at least 0.9", Place(CONFIG, 12),
    )  # fmt: skip
    return replace(made, **changes)


def recall(value="eel", number=0.47, outcome=Outcome.FAILED, least=0.55, **changes):
    """Return a check of the recall of a class."""
    words = "undefined" if number is None else f"{number:.4g} is {'below' if number < least else 'at least'} {least}"
    made = check(
        "recall", outcome, number, metric="recall", group=Group("class", value), rows=990, interval=None,
        limit=Bounds(min=least), message=words, place=Place(CONFIG, 20),
    )  # fmt: skip
    return replace(made, **changes)


def checks():
    """Return checks with every outcome and every kind of limit."""
    return (
        check("loss", value=0.31214, metric="loss", interval=(0.304, 0.32), limit=Bounds(max=0.45), message="fine"),
        check(
            "accuracy", Outcome.FAILED, limit=Bounds(min=0.9, bound="interval"),
            message="the interval of 0.9012 reaches down to 0.8951, below 0.9",
        ),
        check(
            "no-regression", Outcome.INCONCLUSIVE, 0.31214, metric="loss", interval=(0.304, 0.32),
            limit=Bounds(max_regression=0.01), baseline=REGRESSION, place=Place(CONFIG, 16),
            message="0.00223 worse than the baseline; 9,990 rows cannot tell that from the margin 0.01",
        ),
        recall(),
        recall("cat", 0.91, Outcome.PASSED, 0.7),
        check(
            "country", Outcome.WARNED, 0.84996, group=Group("country", "DE"), rows=1200, interval=(0.82, 0.87),
            limit=Bounds(min=0.85), level="warn", message="0.84996 is below 0.85", place=Place(CONFIG, 25),
        ),
        check("country", value=0.93, group=Group("country", None), rows=300, place=None),
    )  # fmt: skip


def judged(report, name="default", checks=(), findings=(), **changes):
    """Return a judged model."""
    return replace(JudgedModel(name, replace(report, findings=tuple(findings)), tuple(checks)), **changes)


def failed(report):
    """Return a verdict with everything in it."""
    model = judged(
        report, checks=checks(), findings=(ERROR, WARNING, NOTE), baseline="baselines/main.parquet",
        pairing="rows are paired by id: 9,990 of A and of B are the same",
        unjudged=(Unjudged("country", "country", 100, (*"abcdefghijk", None)),),
    )  # fmt: skip
    return CheckReport((model,), CONFIG)


def passed(report):
    """Return a verdict of a model that keeps its limits."""
    return CheckReport((judged(report, checks=(checks()[0], check(), checks()[4])),), CONFIG)


def several(report):
    """Return a verdict on two models, the second of which failed."""
    stored = replace(REGRESSION, paired=False, method="two normal intervals", interval=None, resolvable=None)
    good = judged(report, "small", (check(), check("loss", baseline=stored, limit=Bounds(max_regression=0.01))))
    return CheckReport((good, judged(report, "big", checks()[:2], (ERROR,))), CONFIG)


def sided(report):
    """Return a verdict on two limits of one side of two classes, which nobody stated."""
    note = "sensitivity takes 'malignant' for the positive class only because its name sorts last; state it"
    made = check("sensitivity", metric="sensitivity", interval=None, limit=Bounds(min=0.9), message="fine", note=note)
    return CheckReport((judged(report, checks=(made, replace(made, name="again"))),), CONFIG)


def many(report, count=1000, missed=2):
    """Return a verdict on very many classes, a few of which failed."""
    least = 0.5 + missed / (2 * count)
    made = tuple(
        recall(f"c{at}", 0.5 + at / (2 * count), Outcome.FAILED if at < missed else Outcome.PASSED, least)
        for at in range(count)
    )
    return CheckReport((judged(report, checks=(check(), *made)),), CONFIG)


def difference(a=0.9012, b=0.9134, value=0.0122, interval=(0.0051, 0.0193), p_value=0.00081, **changes):
    """Return a difference of a rate."""
    made = Difference(a, b, value, interval, p_value, "exact McNemar test, score interval")
    return replace(made, **changes)


RESAMPLED = {"method": "bootstrap of 2,000 resamples, seeded", "because": "a bootstrap gives no p-value"}
LOSS = difference(0.31214, 0.30991, -0.00223, (-0.0123, 0.0079), 0.666, method="paired normal interval")


def group(name, rows, loss=None, by="class", **changes):
    """Return the differences of some rows."""
    made = None if loss is None else replace(LOSS, value=loss, interval=None, p_value=0.01, adjusted=0.03)
    return GroupDifference(
        by, name, rows, made, difference(interval=None, adjusted=0.004, **changes), RightTable(1, 2, 3, 4)
    )


def comparison(**changes):
    """Return a comparison with everything in it."""
    made = Comparison(
        paired_by="id", pairing="rows are paired by id", rows=PairedRows(9990, 3, 0, 12), confidence_level=0.95,
        difference={
            "loss": LOSS, "accuracy": difference(), "brier": difference(0.02, 0.0199, -0.0001, (-0.0003, 0.0001), 0.33),
            "f1_macro": difference(0.9, 0.91, 0.01, (-0.001, 0.021), None, **RESAMPLED),
            "balanced_accuracy": difference(0.85, None, None, None, None, **RESAMPLED),
        },
        table=RightTable(8800, 203, 325, 662), wins=Wins(4400, 5580, 10), verdict=Verdict.INCONCLUSIVE,
        sentence="Too close to call: the loss of B is lower by 0.00223, and 0 lies in its interval [-0.0123, 0.0079].",
        rows_needed=182_000,
        per_class=(group("cat", 5000, -0.01), group("eel", 990, 0.2), group("dog", 4000, 0.0, value=0.0)),
        slices=(group("DE", 600, 0.01, "country"), group(None, 30, -0.01, "country")),
        worst=(
            DifferentRow(17, 19, "id-17", "eel", "eel", "cat", 0.1, 5.25, 5.15),
            DifferentRow(4, 4, "id-4", "cat", "dog", "cat", 7.0, 0.01, -6.99),
        ),
    )  # fmt: skip
    return replace(made, **changes)


def compared(report, a=(ERROR,), b=(WARNING, NOTE), **changes):
    """Return a comparison of a report with itself under another name."""
    other = replace(report, source=replace(report.source, path="new.csv"), findings=tuple(b))
    return CompareReport(replace(report, findings=tuple(a)), other, comparison(**changes))


def decisions(report):
    """Return a comparison of decisions only, by row."""
    made = comparison(
        paired_by="row", pairing="rows are paired by their order: neither file has ids", rows=PairedRows(9990, 0, 0),
        difference={"accuracy": difference()}, wins=None, verdict=Verdict.B_BETTER, rows_needed=None,
        sentence="B is better: its accuracy is higher by 0.0122, and 0 lies outside its interval.",
        per_class=(group("cat", 5000), group("dog", 4000)), slices=(), worst=(),
    )  # fmt: skip
    return replace(compared(report, a=(), b=()), comparison=made)


def columns_named(name):
    """Return columns whose every text is a name: one that is used and two that are not."""
    because = name[:LONGEST]
    unused = (ColumnRole(f"{name}{at}", Role.UNUSED, None, because) for at in ("", "2"))
    return (ColumnRole(f"{name}3", Role.SCORE, name, because), *unused)


def named(report, name):
    """Return a verdict in which every text that may come from a file or a configuration is this name."""
    finding = replace(ERROR, message=name, help=name, columns=(name,))
    where = Place(name, 3)
    group = Group(name, name)
    against = replace(REGRESSION, method=name)
    made = (
        check(name, Outcome.FAILED, message=name, group=group, place=where),
        check(name, Outcome.FAILED, message=name, place=where),
        check(name, Outcome.FAILED, message=name, place=where),
        check(name, Outcome.WARNED, message=name, group=Group("class", name), place=where, baseline=against),
        check(name, Outcome.INCONCLUSIVE, message=name, metric=name, place=None),
        check(name, message=name),
    )
    model = judged(
        replace(report, source=replace(report.source, path=name), columns=columns_named(name)), name, made,
        (finding, replace(finding, level=Level.WARNING), replace(finding, level=Level.NOTE)),
        unjudged=(Unjudged(name, name, 5, (name, None, name)),), baseline=name, pairing=name,
    )  # fmt: skip
    return CheckReport((model, replace(model, name=f"{name}2")), name)


def compared_names(report, name):
    """Return a comparison in which every text that may come from a file is this name."""
    finding = replace(ERROR, message=name, help=name, columns=(name,))
    found = (finding, replace(finding, level=Level.WARNING))
    loss = replace(LOSS, method=name, because=name)
    made = comparison(
        pairing=name, sentence=name, difference={"loss": loss, "accuracy": difference()},
        per_class=(group(name, 5, 0.1), group("b", 5, 0.2)),
        slices=(group(name, 5, 0.1, name), group(None, 5, 0.1, name)),
        worst=(DifferentRow(1, 2, name, name, name, name, 0.1, 0.2, 0.1),),
    )  # fmt: skip
    one = replace(report, source=replace(report.source, path=name), findings=found, columns=columns_named(name))
    return CompareReport(one, replace(one, columns=one.columns[:2]), made)
