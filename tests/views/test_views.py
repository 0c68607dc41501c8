"""Views: finished results as text, safe in every place, on one screen."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xentcli
from xentcli.errors import Place, XentError
from xentcli.rules.rule import Finding, Level
from xentcli.views import concise, console, error, markdown, numbers, plain, safe
from xentcli.views import json as json_view
from xentcli.views.inspect_page import inspect_page
from xentcli.views.page import Bullets, Code, Facts, Grid, Heading, Page, Remark, Sentence
from xentcli.views.score_page import score_page

NASTY = "[red]x[/red]\x1b[31m<b>|`*_\n::error::\u202e@me\ud800\x00"
FINDING = Finding("XE208", "bad-scores", Level.ERROR, f"bad {NASTY}", "mend them", 2, (1, 2), (2, 3), ("p",))
PAGE = Page(
    (
        Heading("preds.csv"),
        Sentence("All is well.", strong=True),
        Facts((("loss", "1.177"), ("", "1.698 bits"))),
        Grid(("class", "rows"), (("cat", "2"), (NASTY, "10")), numeric=(1,), bars=(0.2, 1.0), more="3 more"),
        Bullets(("one", "two")),
        Code('print("```")'),
        Remark(FINDING),
    )
)


def test_plain_text_is_unwrapped_and_aligned():
    grid = Grid(("class", "rows"), (("cat", "2"), ("犬", "10")), numeric=(1,), bars=(0.2, 1.0))
    lines = plain.render(Page((Heading("t"), grid, Bullets(("x " * 200,))))).splitlines()
    at = lines.index("  class  rows")
    assert lines[at + 1 : at + 3] == ["  cat       2  #####", "  犬       10  ########################"]
    assert "  - " + ("x " * 200).rstrip() in [line.rstrip() for line in lines]


@pytest.mark.parametrize("width", [40, 80, 160])
def test_the_console_keeps_within_its_width(width):
    text = console.render(PAGE, width=width, colour=False)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "\x1b" not in text
    assert "█" in console.render(PAGE, width=80, colour=False)
    assert "█" not in console.render(PAGE, width=80, colour=False, ascii_only=True)
    assert "\x1b[" in console.render(PAGE, width=80, colour=True)


@pytest.mark.parametrize(
    "text",
    [plain.render(PAGE), console.render(PAGE, width=200, colour=False), markdown.render(PAGE)],
    ids=["plain", "console", "markdown"],
)
def test_no_text_of_a_file_is_obeyed(text):
    assert "\x1b" not in text
    assert "\x00" not in text
    assert "\u202e" not in text
    assert "\n::error" not in text
    assert text.encode("utf-8")


def test_markdown_keeps_its_structure():
    text = markdown.render(PAGE)
    assert "<b>" not in text
    assert "@me" not in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(line.replace("\\|", "").count("|") == 3 for line in rows)
    assert '````python\nprint("```")\n````' in text
    assert "**error XE208 bad-scores**" in text
    assert "first rows: 1, 2" in text


@given(st.text())
def test_printable_text_has_nothing_to_obey(text):
    shown = safe.printable(text)
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert all(unicodedata.category(one) not in hidden or one in "\u200c\u200d" for one in shown)
    assert "\n" not in safe.markdown(text)


def test_printable_text_leaves_words_alone():
    assert safe.printable("naïve 猫 می‌خواهم") == "naïve 猫 می‌خواهم"
    assert safe.printable("a\tb\nc\x1b\u202e\U000e0001") == "a\\tb\\nc\\x1b\\u202e\\U000e0001"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.1769, "1.177"),
        (0.04321, "0.04321"),
        (12.3456, "12.35"),
        (1234.5, "1234"),
        (0.0, "0"),
        (2.2e-16, "2.200e-16"),
        (3e7, "3.000e+07"),
        (None, "undefined"),
    ],
)
def test_losses_have_four_digits(value, shown):
    assert numbers.loss(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.98775, "0.9878"),
        (0.5, "0.5"),
        (1.0, "1"),
        (0.0, "0"),
        (0.999999, "0.999999"),
        (1e-6, "1e-06"),
        (-1e-6, "-1e-06"),
        (None, "undefined"),
    ],
)
def test_a_rate_that_is_not_all_never_looks_like_it(value, shown):
    assert numbers.rate(value) == shown


def test_shares_counts_weights_and_intervals():
    assert [numbers.share(one) for one in (1 / 3, 0.0001, 0.9999, 1.0, 0.0, None)] == [
        "33.3 %", "<0.1 %", ">99.9 %", "100.0 %", "0.0 %", "undefined",
    ]  # fmt: skip
    assert numbers.count(1234567) == "1,234,567"
    assert (numbers.weight(0.66666), numbers.weight(None)) == ("0.667", "undefined")
    assert numbers.loss_interval((0.304, 0.32)) == "[0.3040, 0.3200]"
    assert numbers.rate_interval(None) == ""


@pytest.mark.parametrize(
    ("value", "shown"), [(0.01234, "+0.0123"), (-0.0051, "-0.0051"), (0.0, "0"), (-0.0, "0"), (None, "undefined")]
)
def test_a_difference_has_its_sign(value, shown):
    assert numbers.difference(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.5, "0.50"),
        (0.0312, "0.031"),
        (0.00123, "0.0012"),
        (9e-5, "<0.0001"),
        (0.0, "<0.0001"),
        (1.0, "1.00"),
        (None, ""),
    ],
)
def test_p_values_have_two_digits(value, shown):
    assert numbers.p_value(value) == shown


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_a_value_is_shown_on_its_side_of_the_limit(value, limit):
    assert float(numbers.limit(limit)) == limit
    for padded in (False, True):
        shown = float(numbers.against(value, limit, padded=padded))
        assert ((shown < limit), (shown > limit)) == ((value < limit), (value > limit))


def test_limits_are_shown_as_they_were_set():
    assert [numbers.limit(one) for one in (0.9, 1.0, 100, 0.45, 1e-7)] == ["0.9", "1", "100", "0.45", "1e-07"]


def test_json_never_holds_nan_or_infinity():
    text = json_view.render({"a": float("nan"), "b": [float("inf"), 1.5], "c": {"d": (1, "é\ud800")}})
    assert json.loads(text) == {"a": None, "b": [None, 1.5], "c": {"d": [1, "é\ud800"]}}
    assert text.endswith("}\n")


def test_errors_read_as_promised():
    place = Place("p\x1b.csv", 118, 117, "p_cat")
    failure = XentError("holds no number: 'n/a'", place=place, details=("3 rows",), help="mend\nthem")
    assert error.render(failure) == (
        "error: p\\x1b.csv, line 118 (row 117): column p_cat holds no number: 'n/a'\n  3 rows\nhelp: mend\\nthem\n"
    )
    assert error.document(failure)["error"]["row"] == 117
    assert error.render(XentError("alone")) == "error: alone\n"
    assert error.document(XentError("alone"))["error"]["path"] is None
    assert str(XentError("m", place=Place("f", 3))) == "f, line 3: m"
    assert str(XentError("m", place=Place("f", None, 3))) == "f, row 3: m"
    assert str(XentError("m", place=Place(column="c"), help="h")) == "column c m\nhelp: h"


def report(tmp_path, monkeypatch, text, **options):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "preds.csv").write_text(text)
    return xentcli.score("preds.csv", **options)


def test_the_screen_of_score_tells_errors_first_then_the_numbers(tmp_path, monkeypatch):
    text = "label,p_cat,p_dog\ncat,0.9,0.1\ndog,0.2,0.8\ndog,0.573,0.427\n,0.5,0.5\ncat,x,1\n"
    found = report(tmp_path, monkeypatch, text, skip_bad_rows=True)
    screen = plain.render(score_page(found, everything=True))
    expected = [
        "error XE208 bad-scores: skipped 1 of 5 rows",
        "The loss",
        "0.3932  [-0.06041, 0.8467]",
        "0.5672 bits, perplexity 1.482",
        "0.6667  [0.2077, 0.9385]",
        "3 of 5 scored, 1 without a label, 1 bad and skipped",
        "Confusion",
    ]
    places = [screen.index(words) for words in expected]
    assert places == sorted(places)
    assert concise.score(found).splitlines()[1].startswith("preds.csv: error XE208 bad-scores")


def test_the_screen_says_what_else_happened_to_the_numbers(tmp_path, monkeypatch):
    clipped = report(tmp_path, monkeypatch, "label,p_a,p_b,p_c\na,0,.5,.5\nb,.2,.2,.2\n,1,0,0\n")
    screen = plain.render(score_page(clipped))
    assert "clipped at 2^-52; without the clip the loss is infinite" in screen
    assert "did not sum to 1" in screen
    assert "tied at the top" in screen
    weighted = report(tmp_path, monkeypatch, "y,p,w\n1,.5,1\n0,.2,2\n", weight="w")
    screen = plain.render(score_page(weighted))
    assert "weights sum to 3" in screen
    assert "on the threshold" in screen
    single = report(tmp_path, monkeypatch, "y,p\n1,.5\n1,.2\n")
    assert "Only one class occurs" in plain.render(score_page(single))
    one = report(tmp_path, monkeypatch, "y,p\n1,.5\n")
    assert "Too few rows" in plain.render(score_page(one))


@pytest.mark.parametrize(
    ("good", "verdict"),
    [
        (0.99, "beats predicting the label shares for every row, and the accuracy beats"),
        (0.01, "is worse than predicting"),
    ],
)
def test_the_verdict_compares_with_the_label_shares(tmp_path, monkeypatch, good, verdict):
    rows = "".join(f"{at % 2},{good if at % 2 else 1 - good}\n" for at in range(60))
    assert verdict in plain.render(score_page(report(tmp_path, monkeypatch, "y,p\n" + rows)))


def test_a_loss_that_beats_the_prior_without_a_better_accuracy_says_so(tmp_path, monkeypatch):
    rows = "".join(f"{int(at % 5 == 0)},{0.45 if at % 5 == 0 else 0.02}\n" for at in range(200))
    screen = plain.render(score_page(report(tmp_path, monkeypatch, "y,p\n" + rows)))
    assert "accuracy cannot be told from" in screen


def test_many_classes_show_the_worst_twenty_and_the_rest_on_demand(tmp_path, monkeypatch):
    header = "label," + ",".join(f"p_{at}" for at in range(25))
    rows = "\n".join(f"{at}," + ",".join("0.76" if at == k else "0.01" for k in range(25)) for at in range(25))
    found = report(tmp_path, monkeypatch, f"{header}\n{rows}\n")
    assert "5 more classes: --full shows them" in plain.render(score_page(found))
    assert "more classes" not in plain.render(score_page(found, everything=True))
    assert "Confusion" not in plain.render(score_page(found))
    (tmp_path / "names.csv").write_text("label\n" + "".join(f"class {at % 25}\n" for at in range(200)))
    seen = xentcli.inspect("names.csv")
    assert "5 more classes in 40 rows" in plain.render(inspect_page(seen))
    assert len(seen.to_frame()) == 25


def test_the_screen_of_inspect_answers_in_order(sample):
    for name, words in {
        "labels_names.csv": [
            "The column species holds a multi-class task",
            "3 classes",
            "Train it with",
            "categorical cross-entropy",
        ],
        "labels_multi_hot.csv": [
            "The columns even, prime, loop, large hold a multi-label task",
            "4 labels",
            "4 units, sigmoid",
        ],
        "labels_one_hot.csv": ["written as one-hot", "It could also be", "--task multilabel"],
        "labels_missing.csv": ["9 of 150 rows have no label"],
        "labels_soft.csv": ["written as class-probabilities", "kl divergence"],
    }.items():
        screen = plain.render(inspect_page(xentcli.inspect(sample / name)))
        places = [screen.index(word) for word in words]
        assert places == sorted(places)


def test_inspect_of_what_is_no_target_says_so_on_every_view(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("price\n" + "".join(f"{at * 1.37:.2f}\n" for at in range(100)))
    found = xentcli.inspect("x.csv")
    assert "holds a number to be regressed: no classification target." in plain.render(
        inspect_page(found, framework="torch")
    )
    assert concise.inspect(found).startswith("x.csv: no-target continuous certainty=")
    assert found.to_dict()["advice"] is None


def test_inspect_of_several_outputs_lists_their_encodings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("color,shape\n" + "red,round\nblue,flat\ngreen,flat\n" * 20)
    found = xentcli.inspect("x.csv", label=["color", "shape"])
    assert "class-names, class-names" in plain.render(inspect_page(found))
    assert "multioutput class-names+class-names" in concise.inspect(found)
    assert found.to_dict()["task"]["encoding"] == ["class-names", "class-names"]
    assert "for head, one in zip(heads, labels)" in found.advice.frameworks["torch"].snippet
    assert found.to_dict()["outputs"][1]["task"]["classes"] == ["flat", "round"]
