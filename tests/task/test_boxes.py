"""Boxes: manifests for object detection are refused by name, with and without a header."""

import pytest

import xentcli
from xentcli.errors import UsageError


def written(folder, header, rows):
    path = folder / "data.csv"
    path.write_text("\n".join([header, *rows] if header else rows) + "\n")
    return path


def of_boxes(folder, header, images):
    rows = [f"{image},{at},2,30,40,{'cat' if at % 2 else 'dog'}" for at, image in enumerate(images)]
    return written(folder, header, rows)


@pytest.mark.parametrize("header", ["filename,xmin,ymin,xmax,ymax,class", "image,x,y,width,height,label"])
def test_several_boxes_an_image_are_refused_by_name(tmp_path, header):
    path = of_boxes(tmp_path, header, ["a.png", "a.png", "b.png", "b.png", "b.png"])
    with pytest.raises(UsageError, match="a manifest for object detection"):
        xentcli.inspect(path)
    with pytest.raises(UsageError, match="a manifest for object detection"):
        xentcli.encode(path, to="class-indices", output=tmp_path / "y.csv")


def test_one_box_an_image_is_a_crop_and_a_named_label_goes_first(tmp_path):
    header = "filename,xmin,ymin,xmax,ymax,class"
    one = of_boxes(tmp_path, header, [f"{at}.png" for at in range(6)])
    assert xentcli.inspect(one).to_dict()["label_columns"] == ["class"]
    signs = [f"{at}.ppm;{at % 3};5;6;50;52;{at % 4}" for at in range(40)]
    header_of_signs = "Filename;SceneId;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId"
    assert xentcli.inspect(written(tmp_path, header_of_signs, signs)).to_dict()["label_columns"] == ["ClassId"]
    several = of_boxes(tmp_path, header, ["a.png", "a.png", "b.png", "b.png", "b.png"])
    assert xentcli.inspect(several, label="class").to_dict()["task"]["kind"] == "binary"


@pytest.mark.parametrize(
    "header", ["name,xmin,ymin,xmax,ymax,class", "id,bbox_xmin,bbox_ymin,bbox_xmax,bbox_ymax,class"]
)
def test_a_column_of_image_files_names_the_image_whatever_it_is_called(tmp_path, header):
    path = of_boxes(tmp_path, header, ["a.jpg", "a.jpg", "b.jpg"])
    with pytest.raises(UsageError, match="several an image"):
        xentcli.inspect(path)


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (["a/a.jpg,1,2,30,40,cat", "a/a.jpg,3,4,50,60,dog", "a/b.jpg,1,2,30,40,cat"], "f1, f2, f3, f4"),
        (["a.jpg,1,2,30,40,cat", "b.jpg,,,,,", "a.jpg,3,4,50,60,dog"], "f1, f2, f3, f4"),
        (["a.jpg,cat,1,2.5,30,40", "a.jpg,dog,3,4,50,60", "b.jpg,cat,1,2,30,40"], "f2, f3, f4, f5"),
    ],
)
def test_boxes_without_a_header_are_told_by_corners_in_order(tmp_path, rows, columns):
    with pytest.raises(UsageError, match=columns):
        xentcli.inspect(written(tmp_path, "", rows))


@pytest.mark.parametrize(
    "rows",
    [
        ["a.jpg,1,2,30,40,cat", "b.jpg,3,4,50,60,dog", "c.jpg,1,2,30,40,cat"],
        ["a.jpg,30,2,1,40,cat", "a.jpg,3,4,50,60,dog", "b.jpg,1,2,30,40,cat"],
        ["a,1,2,30,40,cat", "a,3,4,50,60,dog", "b,1,2,30,40,cat"],
    ],
)
def test_numbers_that_are_no_corners_or_of_no_image_twice_are_no_boxes(tmp_path, rows):
    assert xentcli.inspect(written(tmp_path, "", rows)).to_dict()["label_columns"] == ["f5"]
