"""Forms: the files that annotation tools, libraries and services write, each as a miniature."""

import json
import math

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli


@pytest.fixture
def read(xent):
    """Return the task, encoding and rows by class of a file."""

    def run(path, *options):
        ran = xent("inspect", path, "-f", "json", *options)
        assert ran.status in {0, 1}, ran.err
        found = json.loads(ran.out)
        rows = {one["name"]: one["count"] for one in found["classes"]}
        return found["task"]["kind"], found["task"]["encoding"], rows

    return run


@pytest.fixture
def inspected(tmp_path, read):
    """Return what `read` says of a file of some text."""

    def run(name, text, *options):
        (tmp_path / name).write_text(text)
        return read(tmp_path / name, *options)

    return run


@pytest.fixture
def inspected_table(tmp_path, read):
    """Return what `read` says of an Arrow table that is written as Parquet."""

    def run(table):
        pq.write_table(table, tmp_path / "data.parquet")
        return read(tmp_path / "data.parquet")

    return run


def lines(*rows):
    return "\n".join(map(json.dumps, rows))


def test_cats_of_spacy_with_one_1_a_row_are_one_hot(inspected):
    rows = [{"text": f"t {one}", "cats": {name: float(name == one) for name in "ABC"}} for one in "ABCAAB"]
    assert inspected("train.jsonl", lines(*rows)) == ("multiclass", "one-hot", {"A": 3, "B": 2, "C": 1})


def test_cats_of_spacy_with_several_1_a_row_are_multi_hot(inspected):
    rows = [{"text": f"t {one}", "cats": {name: int(name in one) for name in "ABC"}} for one in ("AB", "", "C", "BC")]
    assert inspected("train.jsonl", lines(*rows)) == ("multilabel", "multi-hot", {"A": 1, "B": 2, "C": 2})


def test_cats_of_spacy_with_shares_are_class_probabilities(inspected):
    rows = [{"text": str(at), "cats": {"A": a, "B": 0.25, "C": 0.75 - a}} for at, a in enumerate((0.5, 0.25, 0.125))]
    assert inspected("train.jsonl", lines(*rows))[:2] == ("multiclass", "class-probabilities")


def features(**named):
    return {b"huggingface": json.dumps({"info": {"features": named}}).encode()}


NAMES = {"names": ["owl", "fox", "hen", "elk"], "_type": "ClassLabel"}


@pytest.mark.parametrize(
    "feature", [{"feature": NAMES, "_type": "Sequence"}, {"feature": NAMES, "_type": "List"}, [NAMES]]
)
def test_a_sequence_of_class_labels_is_tags_by_their_names(inspected_table, feature):
    source = pa.table({"text": list("abcd"), "labels": [[0, 2], [], [1], [2, 1]]})
    found = inspected_table(source.replace_schema_metadata(features(labels=feature)))
    assert found == ("multilabel", "tag-lists", {"owl": 1, "fox": 2, "hen": 2, "elk": 0})


def test_class_labels_inside_listed_objects_are_tags_by_their_names(inspected_table):
    objects = [[{"box": [1.0], "category": 0}, {"box": [2.0], "category": 0}], [], [{"box": [3.0], "category": 2}]]
    boxes = {"feature": {"_type": "Value"}, "_type": "Sequence"}
    known = features(objects={"feature": {"box": boxes, "category": NAMES}, "_type": "Sequence"})
    source = pa.table({"image": ["a.png", "b.png", "c.png"], "objects": objects}).replace_schema_metadata(known)
    assert inspected_table(source) == ("multilabel", "tag-lists", {"owl": 1, "fox": 0, "hen": 1, "elk": 0})


def test_class_labels_inside_an_object_have_their_names(inspected_table):
    source = pa.table({"text": list("abcd"), "meta": [{"label": at} for at in (0, 1, 1, 2)]})
    found = inspected_table(source.replace_schema_metadata(features(meta={"label": NAMES})))
    assert found == ("multiclass", "class-indices", {"owl": 1, "fox": 2, "hen": 1, "elk": 0})


def test_scores_beside_a_sequence_of_class_labels_stand_in_the_order_of_the_names(tmp_path, xent):
    probs = [[0.9, 0.1, 0.8, 0.1], [0.1, 0.2, 0.1, 0.1], [0.1, 0.9, 0.2, 0.1], [0.1, 0.9, 0.9, 0.1]]
    source = pa.table({"labels": [[0, 2], [], [1], [2, 1]], "probs": probs})
    known = source.replace_schema_metadata(features(labels={"feature": NAMES, "_type": "Sequence"}))
    pq.write_table(known, tmp_path / "preds.parquet")
    ran = xent("score", tmp_path / "preds.parquet", "-f", "json")
    assert json.loads(ran.out)["accuracy"]["value"] == 1.0


def prodigy(*rows):
    return lines(*({"text": f"t {at}", "_task_hash": at, "options": [{"id": "A"}, {"id": "B"}], **row}
                   for at, row in enumerate(rows)))  # fmt: skip


def test_choices_of_prodigy_are_tags_and_rejected_or_ignored_tasks_have_none(inspected, tmp_path, xent):
    answers = [("AB", "accept"), ("A", "accept"), ("", "accept"), ("B", "reject"), ("B", "ignore")]
    text = prodigy(*({"accept": list(chosen), "answer": answer} for chosen, answer in answers))
    assert inspected("textcat.jsonl", text) == ("multilabel", "tag-lists", {"A": 2, "B": 1})
    said = xent("inspect", tmp_path / "textcat.jsonl", "-f", "json").out
    assert "without a label: 1 row rejected, 1 row ignored" in said


def test_one_label_of_prodigy_is_accepted_or_rejected(inspected):
    text = prodigy(*({"label": "RUDE", "answer": answer} for answer in ("accept", "reject", "accept", "ignore")))
    assert inspected("teach.jsonl", text)[::2] == ("binary", {"accept": 2, "reject": 1})


def test_several_labels_of_prodigy_hold_where_they_are_accepted(inspected):
    rows = [("A", "accept"), ("B", "reject"), ("B", "accept"), ("A", "accept"), ("C", "ignore")]
    text = prodigy(*({"label": label, "answer": answer} for label, answer in rows))
    assert inspected("teach.jsonl", text)[::2] == ("binary", {"A": 2, "B": 1})


def test_an_answer_that_prodigy_does_not_give_is_a_label_like_any_other(inspected):
    text = lines(*({"text": f"t {at}", "answer": one} for at, one in enumerate(("accept", "reject", "later"))))
    assert inspected("a.jsonl", text)[2] == {"accept": 1, "later": 1, "reject": 1}


def test_labels_of_doccano_are_tags_and_some_may_be_empty(inspected):
    rows = [{"text": f"t {at}", "label": list(one), "meta": {"page": at}} for at, one in enumerate(("", "AB", "B"))]
    assert inspected("admin.jsonl", lines(*rows)) == ("multilabel", "tag-lists", {"A": 1, "B": 2})


CHOICES = """id,text,mood
1,one,Glad
2,two,"{""choices"": [""Glad"", ""Calm, or so""]}"
3,three,"{""choices"": [""Calm, or so"", ""Sad""]}"
4,four,Sad
"""


def test_choices_in_cells_of_label_studio_are_tags_beside_bare_ones(inspected):
    assert inspected("ls.csv", CHOICES) == ("multilabel", "tag-lists", {"Calm, or so": 2, "Glad": 2, "Sad": 2})


def test_a_first_choice_far_down_the_file_makes_tags_of_all_cells(inspected):
    rows = ["Glad", "Sad"] * 4000 + ['"{""choices"": [""Glad"", ""Sad""]}"']
    found = inspected("ls.csv", "id,mood\n" + "".join(f"{at},{cell}\n" for at, cell in enumerate(rows)))
    assert found == ("multilabel", "tag-lists", {"Glad": 4001, "Sad": 4001})


def test_choices_are_written_as_columns_of_0_and_1(tmp_path, xent):
    (tmp_path / "ls.csv").write_text(CHOICES)
    assert xent("encode", tmp_path / "ls.csv", "--to", "multi-hot", "-o", tmp_path / "y.csv").status == 0
    assert (tmp_path / "y.csv").read_text() == '"Calm, or so",Glad,Sad\n0,1,0\n1,1,0\n1,0,1\n0,0,1\n'


def test_choices_of_label_studio_in_json_are_tags(inspected):
    result = [{"from_name": "mood", "type": "choices", "value": {"choices": ["Glad", "Sad"]}}]
    tasks = [{"id": at, "data": {"text": f"t {at}"}, "annotations": [{"result": result[:at]}]} for at in (1, 0, 1)]
    assert inspected("export.json", json.dumps(tasks)) == ("multilabel", "tag-lists", {"Glad": 2, "Sad": 2})


def test_coco_images_are_multi_label_even_where_each_holds_one_category(inspected):
    coco = {
        "images": [{"id": at, "file_name": f"{at}.jpg"} for at in range(3)],
        "annotations": [{"id": at, "image_id": at, "category_id": at % 2} for at in range(3)],
        "categories": [{"id": at, "name": name} for at, name in enumerate(("owl", "fox", "elk"))],
    }
    found = inspected("instances.json", json.dumps(coco))
    assert found == ("multilabel", "tag-lists", {"owl": 2, "fox": 1, "elk": 0})


def test_a_map_of_file_names_holds_classes(inspected):
    text = json.dumps({f"img{at}.png": at % 3 for at in range(9)})
    assert inspected("labels.json", text) == ("multiclass", "class-indices", {"0": 3, "1": 3, "2": 3})


SCORED = [("dog", 0.75), ("cat", 0.5), ("dog", 0.25), ("cat", 0.125)]  # label, probability of dog


def as_records(kind):
    for label, dog in SCORED:
        pair = {"cat": 1 - dog, "dog": dog}
        listed = [{"label": name, "score": pair[name]} for name in sorted(pair, key=pair.get, reverse=True)]
        apart = {"classes": [one["label"] for one in listed], "scores": [one["score"] for one in listed]}
        nested = {"object": pair, "pairs": listed, "beside": apart}
        yield {"label": label, "prediction": nested[kind]}


@pytest.mark.parametrize("kind", ["object", "pairs", "beside"])
def test_scores_in_any_nested_form_give_the_number_of_plain_columns(tmp_path, xent, kind):
    (tmp_path / "preds.jsonl").write_text(lines(*as_records(kind)))
    found = json.loads(xent("score", tmp_path / "preds.jsonl", "-f", "json").out)
    chosen = [dog if label == "dog" else 1 - dog for label, dog in SCORED]
    assert found["loss"]["value"] == pytest.approx(-sum(map(math.log, chosen)) / 4, rel=1e-15)
    assert found["accuracy"]["value"] == 0.75


@pytest.mark.parametrize("cell", ["[{}, {}]", "[{} {}]", "DenseVector([{}, {}])", "[np.float64({}), np.float64({})]"])
def test_printed_lists_give_the_number_of_plain_columns(tmp_path, xent, cell):
    rows = "".join(f'{label == "dog":d},"{cell.format(1 - dog, dog)}"\n' for label, dog in SCORED)
    (tmp_path / "preds.csv").write_text("label,probability\n" + rows)
    found = json.loads(xent("score", tmp_path / "preds.csv", "-f", "json").out)
    chosen = [dog if label == "dog" else 1 - dog for label, dog in SCORED]
    assert found["loss"]["value"] == pytest.approx(-sum(map(math.log, chosen)) / 4, rel=1e-15)


def pairs(path, rows):
    gold = ["bee", "ant", "cow", "bee", "ant", "cow"]
    lines = [
        {"gold": one, "preds": [{"label": name, "score": score} for name, score in row.items()]}
        for one, row in zip(gold, rows, strict=True)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


THREE = [{"ant": 0.2, "bee": 0.7, "cow": 0.1}, {"cow": 0.3, "ant": 0.6, "bee": 0.1}] * 3


@pytest.mark.parametrize(
    "odd", [{"bee": 0.7, "ant": 0.3}, {"bee": 0.7, "dog": 0.2, "ant": 0.1}, {"bee": 0.7}], ids=["short", "other", "one"]
)
def test_listed_scores_are_never_read_by_position_where_a_row_names_other_classes(tmp_path, odd):
    path = pairs(tmp_path / "p.jsonl", [*THREE[:5], odd])
    with pytest.raises(xentcli.errors.XentError) as refused:
        xentcli.score(path)
    assert "preds.score (rows do not name each class once" in " ".join(refused.value.details)
    for option in ({"scores": "preds.score"}, {"classes": "ant,bee,cow"}, {"skip_bad_rows": True}):
        with pytest.raises(xentcli.errors.XentError):
            xentcli.score(path, **option)


def test_listed_scores_may_be_named_by_integers(tmp_path):
    index = {"ant": 0, "bee": 1, "cow": 2}
    lines = [
        {"gold": index[one], "preds": [{"label": index[name], "score": score} for name, score in row.items()]}
        for one, row in zip(["bee", "ant", "cow"] * 2, THREE, strict=True)
    ]
    path = tmp_path / "p.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    p = [THREE[at][name] for at, name in enumerate(["bee", "ant", "cow"] * 2)]
    assert xentcli.score(path).score.loss.value == pytest.approx(-np.log(p).mean(), rel=1e-12)


def test_names_beside_too_few_numbers_leave_these_without_a_class(tmp_path):
    path = tmp_path / "p.jsonl"
    rows = [{"gold": one, "out": {"labels": list(row)[:2], "scores": list(row.values())[:2]}}
            for one, row in zip(["bee", "ant", "bee", "ant", "bee", "ant"], THREE, strict=True)]  # fmt: skip
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(xentcli.errors.XentError, match="nothing tells which columns hold the scores"):
        xentcli.score(path)


def test_lines_of_comments_are_no_rows_of_libsvm(tmp_path):
    path = tmp_path / "a.svm"
    path.write_text("# made by hand\n" + "1 3:0.5 7:1\n-1 3:0.5 7:1\n# c\n" * 10)
    assert xentcli.inspect(path).source.rows == 20
    assert xentcli.inspect(path).detection.task.kind == "binary"


def test_one_asked_label_of_prodigy_needs_no_hashes(tmp_path):
    path = tmp_path / "a.jsonl"
    answers = ["accept", "reject", "ignore", "accept"] * 5
    rows = [{"text": f"t{at}", "label": "SPAM", "answer": answer} for at, answer in enumerate(answers)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = xentcli.inspect(path)
    assert (found.detection.task.classes, found.rows.missing_label) == (("accept", "reject"), 5)
