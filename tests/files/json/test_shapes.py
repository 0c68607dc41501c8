"""Whole JSON values that are tables in other shapes than an array of objects."""

import json

import pytest

from xentcli.errors import UnreadableError
from xentcli.files.open import open_table
from xentcli.files.table import ReadAs

ROWS = [{"label": "cat", "p": 0.75}, {"label": "dog", "p": 0.25}]


@pytest.fixture
def rows(tmp_path):
    def run(value, indent=None):
        path = tmp_path / "data.json"
        path.write_text(json.dumps(value, indent=indent))
        table = open_table([str(path)])
        return [row for batch in table.batches(dict.fromkeys(table.names, ReadAs.NATIVE)) for row in batch.to_pylist()]

    return run


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "value",
    [
        {"label": {"0": "cat", "1": "dog"}, "p": {"0": 0.75, "1": 0.25}},
        {"0": {"label": "cat", "p": 0.75}, "1": {"label": "dog", "p": 0.25}},
        {"columns": ["label", "p"], "data": [["cat", 0.75], ["dog", 0.25]]},
        {"columns": ["label", "p"], "index": [0, 1], "data": [["cat", 0.75], ["dog", 0.25]]},
        {"schema": {"fields": [{"name": "label"}]}, "data": ROWS},
        {"version": "1.0", "results": ROWS},
    ],
)
def test_every_orient_of_pandas_and_rows_in_one_key_are_the_same_table(rows, value, indent):
    assert rows(value, indent) == ROWS


def test_an_index_that_names_the_rows_is_a_column_of_its_own(rows):
    named = [{"key": "a.png", **ROWS[0]}, {"key": "b.png", **ROWS[1]}]
    assert rows({"label": {"a.png": "cat", "b.png": "dog"}, "p": {"a.png": 0.75, "b.png": 0.25}}) == named
    assert rows({"a.png": ROWS[0], "b.png": ROWS[1]}) == named
    assert (
        rows({"columns": ["label", "p"], "index": ["a.png", "b.png"], "data": [["cat", 0.75], ["dog", 0.25]]}) == named
    )


def test_numbers_alone_are_told_by_keys_that_tell_rows_apart(rows):
    expected = [{"key": "a.png", "cat": 0.75, "dog": 0.25}, {"key": "b.png", "cat": 0.5, "dog": 0.5}]
    by_row = {row["key"]: {"cat": row["cat"], "dog": row["dog"]} for row in expected}
    by_column = {name: {row["key"]: row[name] for row in expected} for name in ("cat", "dog")}
    assert rows(by_row) == rows(by_column) == expected


def test_objects_of_objects_that_could_be_rows_or_columns_are_refused(rows):
    with pytest.raises(UnreadableError, match="nothing tells whether the outer keys name rows or columns"):
        rows({"one": {"cat": 0.75, "dog": 0.25}, "two": {"cat": 0.5, "dog": 0.5}})


def test_a_map_of_file_names_is_a_row_per_name(rows):
    expected = [{"key": "img0.png", "label": 2}, {"key": "img1.png", "label": 0}]
    assert rows({"img0.png": 2, "img1.png": 0}) == expected
    assert rows({"img0.png": 2, "img1.png": 0}, 1) == expected
    assert rows({"7": ["a", "b"], "8": []}) == [{"key": "7", "label": ["a", "b"]}, {"key": "8", "label": []}]


def test_arrays_of_one_length_under_numbers_are_columns(rows):
    assert rows({"0": [0.25, 0.5], "1": [0.75, 0.5]}) == [{"0": 0.25, "1": 0.75}, {"0": 0.5, "1": 0.5}]


def test_one_object_that_is_no_map_is_one_row(rows):
    assert rows({"label": 1, "p": 2}) == [{"label": 1, "p": 2}]


def test_a_row_of_another_length_than_the_columns_is_an_error(rows):
    with pytest.raises(UnreadableError, match="holds 1 cell for 2 columns"):
        rows({"columns": ["label", "p"], "data": [["cat", 0.75], ["dog"]]})


def test_lists_of_scored_names_are_a_column_per_name(rows):
    scored = [[{"label": "NO", "score": 0.75}, {"label": "YES", "score": 0.25}]]
    assert rows(scored) == [{"scores.NO": 0.75, "scores.YES": 0.25}]


def test_pairs_of_a_text_and_its_annotations_are_rows(rows):
    assert rows([["a b", {"cats": {"X": 1, "Y": 0}}]]) == [{"text": "a b", "cats.X": 1, "cats.Y": 0}]


COCO = {
    "images": [{"id": 1, "file_name": "1.jpg"}, {"id": 2, "file_name": "2.jpg"}],
    "annotations": [{"image_id": 1, "category_id": 7}, {"image_id": 1, "category_id": 4}],
    "categories": [{"id": 4, "name": "owl"}, {"id": 7, "name": "fox"}, {"id": 9, "name": "elk"}],
}


def test_coco_instances_are_a_row_per_image_with_its_categories(rows):
    assert rows(COCO) == [
        {"id": 1, "file_name": "1.jpg", "labels": ["owl", "fox"]},
        {"id": 2, "file_name": "2.jpg", "labels": []},
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"annotations": [{"image_id": 1, "caption": "an owl"}]}, "is COCO captions"),
        ({"annotations": [{"image_id": 1, "segments_info": []}]}, "is COCO panoptic segmentation"),
        ({"images": [{"id": 1, "neg_category_ids": []}]}, "is LVIS"),
        ({"categories": []}, "lists no categories"),
        ({"annotations": [{"image_id": 3, "category_id": 4}]}, "annotation 1 is of image 3 and category 4"),
        ({"annotations": [{"image_id": [1], "category_id": 4}]}, r"annotation 1 is of image \[1\]"),
        ({"images": [{"id": 1}, {"id": 1}]}, "gives two images one id"),
        ({"images": [{"id": 1}, {"file_name": "2.jpg"}]}, "an image or a category has no id"),
        ({"categories": [{"id": {}, "name": "owl"}]}, "an image or a category has no id"),
        ({"categories": [{"id": 4, "name": "owl"}, {"id": 7, "name": "owl"}]}, "names a category twice"),
    ],
)
def test_what_is_like_coco_and_labels_no_images_is_refused_by_name(rows, change, words):
    with pytest.raises(UnreadableError, match=words):
        rows(COCO | change)


def test_results_of_coco_are_refused_as_detected_boxes(rows):
    with pytest.raises(UnreadableError, match="is COCO results: a row per detected box"):
        rows([{"image_id": 1, "category_id": 4, "bbox": [1, 2, 3, 4], "score": 0.5}])


def choice(*names, asked="mood", **more):
    result = [{"from_name": asked, "type": "choices", "value": {"choices": list(names)}}]
    return {"result": result, **more}


def test_label_studio_is_a_row_per_annotation_without_the_cancelled(rows):
    tasks = [
        {"id": 1, "data": {"text": "a"}, "annotations": [choice("glad", "calm"), choice("sad", was_cancelled=True)]},
        {"id": 2, "data": {"text": "b"}, "annotations": [choice("sad", completed_by=1), choice(completed_by=2)]},
        {"id": 3, "data": {"text": "c"}, "annotations": []},
    ]
    assert rows(tasks) == [
        {"id": 1, "text": "a", "mood": ["glad", "calm"], "annotator": None},
        {"id": 2, "text": "b", "mood": ["sad"], "annotator": 1},
        {"id": 2, "text": "b", "mood": [], "annotator": 2},
        {"id": 3, "text": "c", "mood": None, "annotator": None},
    ]


def test_label_studio_without_a_choice_is_refused(rows):
    boxes = {"result": [{"from_name": "box", "type": "rectanglelabels", "value": {}}]}
    with pytest.raises(UnreadableError, match="no annotation chooses a class"):
        rows([{"id": 1, "data": {"image": "a"}, "annotations": [boxes]}])


def test_choices_of_json_min_are_lists_beside_bare_ones(rows):
    value = [{"id": 1, "mood": "sad"}, {"id": 2, "mood": {"choices": ["sad", "calm"]}}, {"id": 3, "mood": None}]
    assert [row["mood"] for row in rows(value)] == [["sad"], ["sad", "calm"], None]
