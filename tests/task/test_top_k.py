"""Top k: several classes of an item, a row each, are refused by name; rows that repeat for other reasons are not."""

import pytest

import xentcli
from xentcli.errors import InputError

LISTED = (("a", "cat", 0.7, "cat"), ("a", "dog", 0.2, "cat"), ("b", "dog", 0.6, "dog"), ("b", "car", 0.3, "dog"))


def scored(folder, header, rows, **options):
    path = folder / "rows.csv"
    path.write_text("\n".join((header, *(",".join(map(str, row)) for row in rows), "")))
    return xentcli.score(str(path), **options).to_dict()


@pytest.mark.parametrize(
    "header", ["image,class,probability,label", "id,pred_class,score,true_label", "item,category,prob,label"]
)
def test_a_row_per_item_and_class_is_refused_by_name(tmp_path, header):
    item, chosen, _, label = header.split(",")
    with pytest.raises(InputError) as caught:
        scored(tmp_path, header, LISTED)
    assert f"holds a row per item and class: ids repeat ({item}), with one {label} each" in caught.value.message
    assert f"({chosen})" in caught.value.message


def test_predictions_of_several_folds_are_rows_of_their_own(tmp_path):
    rows = [(f"i{at // 2}", at % 2, at // 2 % 2, 0.9 if at // 2 % 2 else 0.2, at // 2 % 2) for at in range(8)]
    found = scored(tmp_path, "id,fold,pred,prob,label", rows)
    assert found["rows"]["scored"] == 8


def test_a_0_or_1_for_each_class_of_an_item_is_judged_by_row(tmp_path):
    rows = [("a", "cat", 0.7, 1), ("a", "dog", 0.2, 0), ("b", "cat", 0.4, 0), ("b", "dog", 0.9, 1)]
    assert scored(tmp_path, "id,class,prob,label", rows, label=["label"])["rows"]["scored"] == 4


def test_boxes_beside_a_score_are_said_not_to_be_judged(tmp_path):
    rows = [(f"i{at}", 1, 2, 30, 40, 0.8 if at % 2 else 0.3, at % 2) for at in range(6)]
    found = scored(tmp_path, "image_id,xmin,ymin,xmax,ymax,score,label", rows)
    assert found["rows"]["scored"] == 6
    said = " ".join(str(one) for one in found["task"].values())
    assert "boxes are not judged (xmax, xmin, ymax, ymin): each row counts by its label and score alone" in said
