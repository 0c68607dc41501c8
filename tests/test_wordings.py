"""What a person reads where a file or an option is not as it should be: the cause, and the way out."""

import json

import numpy as np
import pytest

from xentcli.cli import help  # noqa: A004  what `--help` prints
from xentcli.options.commands import COMMANDS

THREE = "label,p_cat,p_dog,p_eel,country\ncat,.8,.1,.1,de\ndog,.1,.8,.1,fr\neel,.1,.1,.8,de\n"


@pytest.fixture
def told(tmp_path, xent):
    def run(text, *arguments, name="preds.csv"):
        (tmp_path / name).write_text(text)
        ran = xent("score", tmp_path / name, *arguments)
        assert ran.status == 2
        return ran.err

    return run


@pytest.mark.parametrize("option", ["--by", "--weight"])
def test_a_score_column_that_another_option_takes_is_named(told, option):
    assert f"p_cat is given to {option} and so is no score" in told(THREE, option, "p_cat")


@pytest.mark.parametrize("by", ["country+", "+country", "country++label"])
def test_a_name_that_is_missing_at_a_plus_is_told(told, by):
    assert f"--by {by}: a name is missing at the +" in told(THREE, "--by", by)


@pytest.mark.parametrize("worst", ["20000", "-1", "x", "1.5"])
def test_the_number_of_worst_rows_has_its_range_in_the_error(told, worst):
    assert "is not a whole number from 0 to 10,000" in told(THREE, "--worst", worst)


def test_an_option_is_suggested_only_where_it_is_near(told):
    assert "did you mean" not in told(THREE, "--bogus")
    assert "did you mean --threshold?" in told(THREE, "--treshold")


def test_a_word_before_the_equals_sign_that_is_no_format_is_refused(told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "did you mean json?" in told(THREE, "-o", "jsn=x")
    assert "the formats are full" in told(THREE, "-o", "pdf=x")
    assert [path.name for path in tmp_path.iterdir()] == ["preds.csv"]


def test_a_dot_before_the_equals_sign_makes_a_file_name(tmp_path, xent, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "preds.csv").write_text(THREE)
    assert xent("score", "preds.csv", "-o", "./pdf=x").status == 0
    assert (tmp_path / "pdf=x").exists()


def test_nested_lists_as_scores_are_named_with_what_to_write(told):
    rows = [{"label": one, "probs": [[0.7, 0.3]]} for one in "ab"]
    found = told("\n".join(map(json.dumps, rows)), name="preds.jsonl")
    assert "nested columns left out: probs" in found
    assert "one list column, such as [0.7, 0.3], or as a column per class" in found


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("90%", "0.2"), "some cells have a per cent sign and some have none"),
        (('"8,9"', '"8,2"'), "write the decimal comma as a point"),
    ],
)
def test_cells_that_are_nearly_numbers_come_with_their_mending(told, cells, words):
    assert words in told(f"label,score\n1,{cells[0]}\n0,{cells[1]}\n")


def test_texts_with_per_cent_signs_in_a_format_with_types_come_with_their_mending(told):
    rows = [{"label": 1, "score": "90%"}, {"label": 0, "score": "20%"}]
    assert "take the per cent signs away" in told("\n".join(map(json.dumps, rows)), name="preds.jsonl")


def test_decimal_commas_are_scores_under_a_semicolon(tmp_path, xent):
    (tmp_path / "preds.csv").write_text("label;score\n1;0,7\n0;0,2\n")
    ran = xent("score", tmp_path / "preds.csv", "-f", "json")
    assert json.loads(ran.out)["loss"]["value"] == pytest.approx(-np.log([0.7, 0.8]).mean())


def test_label_columns_of_words_beside_predicted_labels_are_outputs(tmp_path, xent):
    (tmp_path / "preds.csv").write_text(
        "color,shape,pred_color,pred_shape\nred,round,red,square\nblue,square,blue,round\n"
    )
    page = xent("score", tmp_path / "preds.csv").out
    assert "2 outputs, each a task of its own; there are no scores." in page
    assert "no loss can be had from decisions alone" in page


@pytest.mark.parametrize("mark", [-100, 255])
def test_a_mark_for_no_label_is_told_from_labels_that_count_from_one(tmp_path, xent, mark):
    np.save(tmp_path / "p.npy", np.full((6, 3), 1 / 3))
    np.save(tmp_path / "y.npy", np.array([0, 1, 2, 0, 1, mark]))
    assert f"--ignore-label {mark}" in xent("score", tmp_path / "p.npy", "--labels", tmp_path / "y.npy").err
    assert "labels in another file: --labels FILE" in xent("score", tmp_path / "p.npy").err


def test_logits_that_are_given_as_probabilities_come_with_the_scale(told):
    found = told("label,p_a,p_b\na,2.5,-1\nb,-3,1.5\n", "--scale", "probabilities")
    assert "column p_a holds '2.5', not a probability in [0, 1]" in found
    assert "leave [0, 1] in most rows are logits (XE201): --scale logits" in found


def test_the_bound_of_logits_is_named(told):
    assert "not a logit between -1e+100 and 1e+100" in told("label,logit\n1,1e308\n0,-2\n")


def test_the_help_of_score_does_not_speak_of_a_verdict_of_one():
    assert "verdict would be" not in help.of_command(COMMANDS["score"])
