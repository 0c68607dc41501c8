"""Annotation forms read the same however they are packed: line ends, byte order mark, compression, blank ends."""

import gzip
import json

import pytest

import xentcli
from xentcli import errors

NAMES = ("ash", "elm", "oak")
COUNT = 24


def lines(form):
    return "".join(form(at, NAMES[at % 3], NAMES[(at + 1 + at % 2) % 3]) + "\n" for at in range(COUNT))


def objects(form):
    return lines(lambda at, one, two: json.dumps(form(at, one, two)))


def signs(one, separator):
    return separator.join("1" if name == one else "-1" for name in NAMES)


def coco():
    images = [{"id": at, "file_name": f"{at}.jpg"} for at in range(COUNT)]
    boxes = [{"id": at, "image_id": at, "category_id": 1 + at % 3, "bbox": [0, 0, 1, 1]} for at in range(COUNT)]
    categories = [{"id": 1 + at, "name": name} for at, name in enumerate(NAMES)]
    return json.dumps({"images": images, "annotations": boxes, "categories": categories})


FORMS = {
    "fasttext.txt": lines(lambda at, one, _: f'__label__{one} bark "{at}, and leaf'),
    "fasttext_several.txt": lines(lambda at, one, two: f"__label__{one} __label__{two} bark {at}"),
    "cats.jsonl": objects(lambda _, one, __: {"text": "x", "cats": {name: float(name == one) for name in NAMES}}),
    "choices.csv": "id,choice\n" + lines(lambda at, one, two: f'{at},"{{""choices"": [""{one}"", ""{two}""]}}"'),
    "choices.json": json.dumps([{"id": at, "text": "x", "choice": NAMES[at % 3]} for at in range(COUNT)]),
    "prodigy.jsonl": objects(lambda at, one, _: {"text": f"x {at}", "accept": [one], "answer": "accept"}),
    "doccano.jsonl": objects(lambda at, one, two: {"id": at, "text": "x", "label": [one, two]}),
    "map.json": json.dumps({f"{at}.png": at % 3 for at in range(COUNT)}),
    "coco.json": coco(),
    "voc.csv": "image,ash,elm,oak\n" + lines(lambda at, one, _: f"{at},{signs(one, ',')}"),
    "features.libsvm": lines(lambda at, _, __: f"{at % 3} 1:0.5 7:{at}"),
    "long.csv": "ImageID,LabelName,Confidence\n" + lines(lambda at, one, _: f"i{at // 2},{one},{int(at % 5 > 0)}"),
    "solution.csv": "id,label,Usage\n" + lines(lambda at, one, _: f"{at},{one},{'Public' if at % 2 else 'Private'}"),
    "celeba.txt": f"{COUNT}\nash elm oak \n" + lines(lambda at, one, _: f"{at:03}.jpg  {signs(one, '  ')}"),
}  # fmt: skip

REFUSED = {
    "qrels.txt": lines(lambda at, _, __: f"{at // 4} 0 FB{at} {at % 2}"),
    "tags.conll": "Ada NNP B-PER\nsat VBD O\n. . O\n\n" * 6,
    "boxes.txt": lines(lambda at, _, __: f"{at % 3} 0.5 0.5 0.{at + 10} 0.2"),
    "boxes.csv": "image,xmin,ymin,xmax,ymax,class\n" + lines(lambda at, one, _: f"{at // 2}.jpg,1,2,30,40,{one}"),
    "captions.json": json.dumps({"images": [{"id": 1}], "annotations": [{"id": 1, "image_id": 1, "caption": "x"}]}),
}

PACKINGS = {
    "crlf": lambda data: data.replace(b"\n", b"\r\n"),
    "mark": lambda data: b"\xef\xbb\xbf" + data,
    "blank": lambda data: data + b"\n\n",
    "cut": lambda data: data.rstrip(b"\n"),
    "gz": gzip.compress,
}


def read(path, data):
    """Return what is said of a file: rows, columns, task and counts, or the error's class and message."""
    path.write_bytes(data)
    try:
        found = xentcli.inspect(path).to_dict()
    except errors.XentError as error:
        return type(error), error.message
    classes = tuple((one["name"], one["count"]) for one in found["classes"])
    return found["rows"], found["source"]["columns"], found["task"]["kind"], found["task"]["encoding"], classes


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("name", [*FORMS, *REFUSED])
def test_a_form_is_read_or_refused_alike_in_any_packing(tmp_path, name, packing):
    data = {**FORMS, **REFUSED}[name].encode()
    plain = read(tmp_path / name, data)
    assert isinstance(plain[0], dict) == (name in FORMS)
    packed = tmp_path / (f"{name}.gz" if packing == "gz" else name)
    assert read(packed, PACKINGS[packing](data)) == plain


@pytest.mark.parametrize("name", FORMS)
def test_every_row_of_a_form_is_written_or_has_no_label(tmp_path, name):
    path = tmp_path / name
    path.write_text(FORMS[name])
    several = name == "long.csv"
    options = {"id": "ImageID"} if several else {}
    kind = xentcli.inspect(path, **options).to_dict()["task"]["kind"]
    to = "multi-hot" if kind == "multilabel" else "class-names"
    rows = xentcli.encode(path, to=to, output=tmp_path / "y.csv", **options).to_dict()["rows"]
    assert rows == {"read": COUNT // (1 + several), "written": COUNT // (1 + several), "missing_label": 0, "bad": 0}
    assert (tmp_path / "y.csv").read_text().count("\n") == rows["written"] + 1
