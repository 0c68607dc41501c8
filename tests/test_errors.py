"""Errors carry what they speak of: the option and the column are fields, which nobody reads out of the message."""

import pandas as pd
import pytest

import xentcli
from xentcli.errors import ColumnError, Place, UsageError

BINARY = pd.DataFrame({"label": [0, 1, 0, 1], "score": [0.1, 0.8, 0.3, 0.6]})


def test_the_message_begins_with_the_option_as_a_flag_and_can_be_said_of_a_key():
    error = UsageError("is for binary tasks", option="positive")
    assert error.message == "--positive is for binary tasks"
    assert error.about("positive") == "positive is for binary tasks"


@pytest.mark.parametrize(
    ("options", "option"),
    [({"scale": "logit"}, "scale"), ({"select": "XE999"}, "select"), ({"at_least_one": True}, "at-least-one")],
)
def test_what_is_wrong_with_an_option_names_it(options, option):
    with pytest.raises(UsageError) as caught:
        xentcli.score(BINARY, **options)
    assert caught.value.option == option


def test_a_column_that_there_is_not_is_named_as_it_was_asked_for():
    with pytest.raises(ColumnError) as caught:
        xentcli.score(BINARY, label="truth")
    assert caught.value.column == "truth"
    assert caught.value.option is None


def test_further_lines_leave_the_rest_of_an_error_as_it_was():
    error = ColumnError("holds words", place=Place("a.csv", column="p"), details=("first",), help="mend it")
    told = error.with_details(["second"])
    assert (told.message, told.place, told.column, told.help) == (error.message, error.place, "p", "mend it")
    assert told.details == ("first", "second")
    assert isinstance(told, ColumnError)
    assert UsageError("is odd", option="row").with_details(["so"]).message == "--row is odd"
