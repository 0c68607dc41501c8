"""Limits from flags, and how they stand before those of the file."""

import pytest

from xentcli.config.flags import flag_limits, kind_of, merged
from xentcli.config.model import Bound, Limit, Margin
from xentcli.errors import Place, UsageError


def test_each_flag_is_a_limit():
    found = flag_limits(
        minimums=["accuracy=0.9", " f1_macro = 1 "], maximums=["loss=0.45"], regressions=["loss=0.01", "accuracy=2%"]
    )
    assert found == (
        Limit("min accuracy", "accuracy", min=0.9),
        Limit("min f1_macro", "f1_macro", min=1.0),
        Limit("max loss", "loss", max=0.45),
        Limit("max-regression loss", "loss", max_regression=Margin(0.01)),
        Limit("max-regression accuracy", "accuracy", max_regression=Margin(0.02, relative=True)),
    )
    assert [kind_of(flag) for flag in found] == ["min", "min", "max", "max-regression", "max-regression"]


@pytest.mark.parametrize("text", ["", "loss", "loss=", "=1", "loss=x", "loss=nan", "loss=-inf", "loss=2%", "a=b=1"])
def test_a_flag_of_another_form_is_told_the_form(refused, text):
    error = refused(flag_limits, maximums=[text])
    assert isinstance(error, UsageError)
    assert str(error) == (
        f"--max {text!r} is not of the form METRIC=VALUE, with a number\nhelp: such as --max loss=0.45"
    )


@pytest.mark.parametrize("text", ["loss=-0.1", "loss=-1%", "loss=%", "loss=nan%", "loss=inf", "loss=2%%"])
def test_a_margin_of_another_form_is_told_the_form(refused, text):
    assert str(refused(flag_limits, regressions=[text])) == (
        f"--max-regression {text!r} is not of the form METRIC=VALUE, with a number from 0 or a share such as 2%\n"
        "help: such as --max-regression loss=0.01 or loss=2%"
    )


def test_a_metric_is_given_once_a_flag(refused):
    assert refused(flag_limits, minimums=["mcc=1", "ece=1", "mcc=1"]).message == "--min names 'mcc' twice"


def places(**lines):
    return {key.replace("_", "-"): Place("xent.toml", line) for key, line in lines.items()}


def test_a_flag_takes_the_place_of_the_files_value_and_leaves_the_rest():
    held = Limit(
        "range",
        "loss",
        min=0.1,
        max=0.5,
        bound=Bound.INTERVAL,
        place=Place("xent.toml", 1),
        places=places(min=2, max=3),
    )
    other = Limit("other", "accuracy", max=0.5)
    (found, same) = merged((held, other), flag_limits(maximums=["loss=0.4"]))
    assert found == Limit(
        "range", "loss", min=0.1, max=0.4, bound=Bound.INTERVAL, place=Place("xent.toml", 1), places=places(min=2)
    )
    assert same == other


def test_every_check_of_that_kind_takes_it():
    held = (Limit("a", "loss", max=1.0), Limit("b", "loss", max=2.0), Limit("c", "loss", min=0.0))
    assert [limit.max for limit in merged(held, flag_limits(maximums=["loss=3"]))] == [3.0, 3.0, None]


@pytest.mark.parametrize(
    "held",
    [
        Limit("x", "loss", max=1.0, by="class"),
        Limit("x", "accuracy", max=1.0),
        Limit("x", "loss", min=0.0),
        Limit("x", "loss", max_regression=Margin(0.0)),
    ],
)
def test_where_none_is_of_its_kind_for_all_rows_a_limit_is_added(held):
    flags = flag_limits(maximums=["loss=3"])
    assert merged((held,), flags) == (held, *flags)
    assert merged((), flags) == flags


def test_an_added_limit_has_a_name_of_its_own():
    held = (Limit("max loss", "loss", max=1.0, by="class"), Limit("--max loss", "f1", min=1.0))
    assert merged(held, flag_limits(maximums=["loss=3"]))[2].name == "----max loss"


def test_a_margin_takes_the_place_of_one_of_another_kind():
    held = Limit("r", "loss", max_regression=Margin(0.1))
    (found,) = merged((held,), flag_limits(regressions=["loss=2%"]))
    assert found.max_regression == Margin(0.02, relative=True)


def test_flags_that_leave_nothing_that_passes_are_refused(refused):
    held = (Limit("range", "loss", min=0.1, max=0.5),)
    error = refused(merged, held, flag_limits(minimums=["loss=0.6"]))
    assert error.message == "with these flags nothing passes check 'range': its min is 0.6, its max 0.5"
    assert merged(held, flag_limits(minimums=["loss=0.6"], maximums=["loss=0.7"]))[0].max == 0.7


def test_a_flag_may_speak_of_one_class_or_of_the_rows_of_a_value():
    found = flag_limits(
        minimums=["recall[malignant]=0.95", "accuracy[country=DE]=0.8"], regressions=["f1[a=b]=0.02", "f1[cat]=2%"]
    )
    assert [(one.name, one.metric, one.by, one.group) for one in found] == [
        ("min recall[malignant]", "recall", "class", "malignant"),
        ("min accuracy[country=DE]", "accuracy", "country", "DE"),
        ("max-regression f1[a=b]", "f1", "a", "b"),
        ("max-regression f1[cat]", "f1", "class", "cat"),
    ]
    assert found[3].max_regression == Margin(0.02, relative=True)


@pytest.mark.parametrize("text", ["recall[x=0.9", "recall[]=0.9", "accuracy=0.9=1"])
def test_a_flag_whose_brackets_do_not_close_is_refused(refused, text):
    assert "is not of the form METRIC=VALUE" in refused(flag_limits, minimums=[text]).message


def test_a_flag_names_a_metric_that_there_is(refused):
    error = refused(flag_limits, minimums=["acuracy=0.9"])
    assert (error.message, error.help) == (
        "--min 'acuracy=0.9': there is no metric 'acuracy'", "did you mean 'accuracy'?",
    )  # fmt: skip
    assert refused(flag_limits, minimums=["auroc=0.9"]).help == "did you mean 'roc_auc'?"


def test_a_flag_on_one_class_overrides_the_files_limit_on_each():
    each = Limit("recall", "recall", min=0.7, by="class", overrides={"eel": 0.5, "cat": 0.6})
    (flag,) = flag_limits(minimums=["recall[eel]=0.4"])
    (found,) = merged([each], [flag])
    assert (found.overrides, found.min, found.group) == ({"eel": 0.4, "cat": 0.6}, 0.7, None)
    other = Limit("recall", "recall", min=0.7, max=0.9, by="class")
    assert [one.name for one in merged([other], [flag])] == ["recall", "min recall[eel]"]
    same = Limit("eel", "recall[eel]", min=0.7)
    assert [(one.name, one.min) for one in merged([same], [flag])] == [("eel", 0.4)]
