"""Small forms: a few rows of a known form are read as that form, or said to be too few, never surely as another."""

import pytest

import xentcli
from xentcli.errors import ColumnError

SEGMENTS = (
    'ab-1, 0.000, 10.000, "/m/1,/t/2"',
    'cd_2, 5.000, 15.000, "/m/3"',
    '-ef3, 30.000, 40.000, "/m/1,/m/4,/t/2"',
    'gh4, 1.000, 11.000, "/m/5,/m/6"',
    'ij5, 2.000, 12.000, "/m/3,/m/6"',
    'kl6, 3.000, 13.000, "/m/7,/m/1"',
    'mn7, 4.000, 14.000, "/t/2"',
    'op8, 6.000, 16.000, "/m/5,/m/7,/t/8"',
)
FILMS = ("Dawn|Crime|Noir", "Crime", "Love|Comedy", "War|Crime", "Comedy|Noir", "Love", "War|Love", "Song|Comedy")
SIZES = (2, 3, 5, 8)


def inspected(folder, lines, name="small.csv"):
    path = folder / name
    path.write_text("\n".join((*lines, "")))
    return xentcli.inspect(str(path)).to_dict()


def tags_of(cells, mark):
    return sorted({tag for cell in cells for tag in cell.split(mark)})


@pytest.mark.parametrize("rows", SIZES)
def test_the_last_comment_names_the_columns_though_one_before_it_has_the_cells_of_a_row(tmp_path, rows):
    top = (
        "# Segments csv created today",
        f"# num_ytids={rows}, num_segs={rows}, num_unique_labels=5, num_positive_labels=9",
        "# YTID, start_seconds, end_seconds, positive_labels",
    )
    found = inspected(tmp_path, (*top, *SEGMENTS[:rows]))
    assert (found["label_columns"], found["source"]["rows"]) == (["positive_labels"], rows)
    assert (found["task"]["kind"], found["task"]["encoding"]) == ("multilabel", "tag-lists")
    assert sorted(found["task"]["classes"]) == tags_of([row.split('"')[1] for row in SEGMENTS[:rows]], ",")
    assert not any("has the cells of a row" in one for one in found["source"]["notes"])


@pytest.mark.parametrize("name", ["films.dat", "films.csv"])
@pytest.mark.parametrize("rows", SIZES)
def test_genres_between_bars_are_several_labels_in_the_smallest_file(tmp_path, rows, name):
    found = inspected(tmp_path, [f"{at}::Film {at} (1990)::{one}" for at, one in enumerate(FILMS[:rows], 1)], name)
    assert (found["label_columns"], found["task"]["kind"]) == (["f2"], "multilabel")
    assert sorted(found["task"]["classes"]) == tags_of(FILMS[:rows], "|")


def test_two_names_that_come_back_are_classes_though_one_holds_a_bar(tmp_path):
    found = inspected(tmp_path, ["id,label", *(f"{at},{'on|off' if at % 2 else 'none of both'}" for at in range(12))])
    assert found["task"]["kind"] == "binary"


def test_places_with_commas_are_no_lists_of_labels(tmp_path):
    found = inspected(tmp_path, ["id,class", '1,"Paris, France"', '2,"Rome, Italy"', '3,"Lyon, France"'])
    assert found["task"]["kind"] == "multiclass"


@pytest.mark.parametrize("name", ["ratings.dat", "ratings.csv"])
@pytest.mark.parametrize("rows", SIZES)
def test_who_rated_is_no_label_of_a_log_without_names(tmp_path, rows, name):
    lines = [f"{1 + at // 4}::{690 + 7 * at}::{1 + at * 3 % 5}::{978300760 + 9 * at}" for at in range(rows)]
    with pytest.raises(ColumnError, match="nothing tells which column holds the labels"):
        inspected(tmp_path, lines, name)


def test_two_numbers_with_fractions_are_a_guess_and_never_surely_two_classes(tmp_path):
    found = inspected(tmp_path, ["userId,movieId,rating,timestamp", "1,31,2.5,1260759144", "1,1029,3.0,1260759179"])
    assert found["certainty"] != "certain"


@pytest.mark.parametrize("rows", SIZES)
def test_two_labels_with_a_confidence_of_0_or_1_are_a_row_per_item_and_label(tmp_path, rows):
    lines = [f"i{at // 2},human,{'oak' if at % 2 else 'elm'},{int(at != 1)}" for at in range(rows)]
    found = inspected(tmp_path, ["ImageID,Source,LabelName,Confidence", *lines])
    assert found["task"]["kind"] == "multilabel"
    assert sum(found["labels_per_row"].values()) == (rows + 1) // 2
