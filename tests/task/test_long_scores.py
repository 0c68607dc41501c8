"""Predictions with a row per item and class, and boxes of detectors, are no rows to be scored one by one."""

import pytest

import xentcli
from xentcli.errors import InputError, UsageError

LONG = ["1,cat,0.9", "1,dog,0.1", "2,cat,0.3", "2,dog,0.7", "3,cat,0.6", "3,dog,0.4"]


def written(folder, header, rows):
    path = folder / "scores.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_a_row_per_item_and_class_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match=r"a row per item and class \(item, label, score\)"):
        xentcli.score(written(tmp_path, "item,label,score", LONG))


def test_a_named_label_is_judged_row_by_row(tmp_path):
    found = xentcli.score(written(tmp_path, "item,label,score", LONG), label="label").to_dict()
    assert found["rows"]["scored"] == 6


def test_repeated_items_whose_scores_do_not_add_up_to_one_are_rows_of_their_own(tmp_path):
    rows = ["1,cat,0.9", "1,dog,0.8", "2,cat,0.3", "2,dog,0.7"]
    assert xentcli.score(written(tmp_path, "item,label,score", rows), positive="dog").to_dict()["rows"]["scored"] == 4


def test_several_boxes_an_image_are_no_rows_to_score(tmp_path):
    rows = [f"{at // 2}.png,{at},2,30,40,{'cat' if at % 3 else 'dog'},0.{at + 1}" for at in range(6)]
    with pytest.raises(UsageError, match="a manifest for object detection"):
        xentcli.score(written(tmp_path, "image,xmin,ymin,xmax,ymax,class,score", rows))
