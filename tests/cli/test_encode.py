"""`xent encode`: files in, files out, the class order kept, and never over what was read."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import xentcli
from xentcli.files.declared import SCHEMA

ROWS = ["cat", "dog", "", "panda", "cat"] * 10


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working folder with labels of three classes, one row in five without."""
    monkeypatch.chdir(tmp_path)
    lines = [f"{at},{name}" for at, name in enumerate(ROWS)]
    (tmp_path / "labels.csv").write_text("id,label\n" + "\n".join(lines) + "\n")
    (tmp_path / "full.csv").write_text("label\n" + "cat\ndog\npanda\n" * 10)
    return tmp_path


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_report_says_what_was_read_and_written(xent):
    ran = xent("encode", "labels.csv", "--to", "one-hot", "-o", "y.parquet", "--id", "id")
    assert ran.status == 0
    assert ran.err == ""
    assert ran.out == (
        "y.parquet\n"
        "50 rows of labels.csv (multiclass, class-names) are now one-hot.\n\n"
        "  file         y.parquet (parquet)\n"
        "  labels       3 columns cat, dog, panda, uint8, shape (50, 3)\n"
        "  ids          column id\n"
        "  rows         40 of 50 written, 10 without a label, left empty\n"
        "  3 classes    cat, dog, panda\n"
        "  class order  kept in the file's metadata\n\n"
        "How labels.csv was read:\n"
        "  - 3 distinct names in 40 rows, each row holds one\n"
    )
    assert pq.read_table("y.parquet").column_names == ["id", "cat", "dog", "panda"]


def test_the_document_says_it_to_machines(xent):
    ran = xent("encode", "full.csv", "--to", "class-indices", "-o", "y.npy", "-f", "json")
    document = ran.document()
    assert document["schema"] == "xent.encode/1"
    assert document["task"]["encoding"] == "class-names"
    assert document["to"] == "class-indices"
    assert document["output"] == {
        "path": "y.npy", "format": "npy", "columns": ["f0"], "dtype": "int64", "shape": [30],
        "classes_in": "y.classes.json", "id": None,
    }  # fmt: skip
    assert document["classes"] == ["cat", "dog", "panda"]
    assert document["rows"] == {"read": 30, "written": 30, "missing_label": 0, "bad": 0}


def test_the_document_accounts_for_rows_without_a_label(xent):
    account = {"read": 50, "written": 40, "missing_label": 10, "bad": 0}
    ran = xent("encode", "labels.csv", "--to", "class-indices", "-o", "y.parquet", "-f", "json")
    assert ran.document()["rows"] == account
    assert pq.read_table("y.parquet").num_rows == 50
    assert xent("inspect", "labels.csv", "-f", "json").document()["rows"] == account


def test_the_other_forms_are_one_line_and_markdown(xent):
    ran = xent("encode", "full.csv", "--to", "one-hot", "-o", "y.npy", "-f", "concise")
    assert ran.out == "full.csv: y.npy one-hot uint8 30x3 classes=3 missing=0\n"
    ran = xent("encode", "full.csv", "--to", "one-hot", "-o", "y.npy", "-f", "markdown")
    assert "**30 rows of full.csv (multiclass, class-names) are now one-hot.**" in ran.out


def test_names_come_back_from_an_array_with_no_option(xent, folder):
    xent("encode", "full.csv", "--to", "class-indices", "-o", "y.npy")
    assert json.loads((folder / "y.classes.json").read_text()) == {
        "schema": SCHEMA, "encoding": "class-indices", "classes": ["cat", "dog", "panda"], "positive": None,
        "columns": ["f0"], "separator": None, "format": "npy",
    }  # fmt: skip
    ran = xent("encode", "y.npy", "--to", "class-names", "-o", "n.csv")
    assert ran.status == 0
    assert "as y.classes.json says" in ran.out
    assert "class names: y.classes.json" in ran.out
    assert (folder / "n.csv").read_text() == "f0\n" + "cat\ndog\npanda\n" * 10
    inspected = xent("inspect", "y.npy", "-f", "json").document()
    assert inspected["task"]["classes"] == ["cat", "dog", "panda"]
    assert "class names: y.classes.json" in inspected["source"]["notes"]


def test_the_names_of_a_matrix_come_back_by_position(xent):
    xent("encode", "full.csv", "--to", "one-hot", "-o", "y.npy")
    assert np.load("y.npy").dtype == np.uint8
    assert np.load("y.npy").shape == (30, 3)
    assert xent("inspect", "y.npy", "-f", "json").document()["task"]["classes"] == ["cat", "dog", "panda"]


def test_parquet_says_it_as_hugging_face_and_in_its_own_words(xent, folder):
    xent("encode", "labels.csv", "--to", "class-indices", "-o", "y.parquet", "--id", "id")
    metadata = pq.read_schema("y.parquet").metadata
    features = json.loads(metadata[b"huggingface"])["info"]["features"]
    assert features["label"] == {"names": ["cat", "dog", "panda"], "_type": "ClassLabel"}
    assert features["id"] == {"dtype": "string", "_type": "Value"}
    assert json.loads(metadata[b"xent"])["classes"] == ["cat", "dog", "panda"]
    assert listed(folder) == ["full.csv", "labels.csv", "y.parquet"]
    assert xent("inspect", "y.parquet", "-f", "json").document()["task"]["classes"] == ["cat", "dog", "panda"]


def test_the_order_that_is_given_is_the_order_that_is_kept(xent, folder):
    ran = xent("encode", "full.csv", "--to", "class-indices", "-o", "y.csv", "--classes", "panda,dog,cat", "-f", "json")
    assert ran.document()["classes"] == ["panda", "dog", "cat"]
    assert (folder / "y.csv").read_text().splitlines()[:4] == ["label", "2", "1", "0"]
    ran = xent("encode", "y.csv", "--to", "class-names", "-o", "n.csv")
    assert (folder / "n.csv").read_text() == "label\n" + "cat\ndog\npanda\n" * 10


def test_npz_holds_its_names_itself(xent, folder):
    xent("encode", "full.csv", "--to", "class-indices", "-o", "y.npz")
    with np.load("y.npz") as archive:
        assert archive["y"].tolist() == [0, 1, 2] * 10
        assert archive["classes"].tolist() == ["cat", "dog", "panda"]
    (folder / "y.classes.json").unlink()
    found = xent("inspect", "y.npz", "-f", "json").document()
    assert found["task"]["classes"] == ["cat", "dog", "panda"]
    assert "class names: y.npz:classes" in found["source"]["notes"]


def test_an_archive_whose_classes_are_rows_is_left_as_it_is(xent):
    np.savez("z.npz", y=np.array([0, 1] * 15), classes=np.array(["a", "b"] * 15))
    assert xent("inspect", "z.npz", "--label", "y", "-f", "json").document()["task"]["classes"] == ["0", "1"]
    np.savez("w.npz", y=np.array([0, 1, 0]), classes=np.array([1, 2]))
    assert "its arrays differ in length" in xent("inspect", "w.npz").err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "is no list of classes: its schema is None, not 'xent.classes/1'"),
        ('{"schema": "xent.classes/2"}', "its schema is 'xent.classes/2'"),
        ('{"schema": "xent.classes/1", "classes": ["a", "a"]}', "'classes' lists no distinct names"),
        ('{"schema": "xent.classes/1", "classes": []}', "'classes' lists no distinct names"),
        ('{"schema": "xent.classes/1", "classes": ["a"], "columns": 3}', "'columns' lists no names"),
        ('{"schema": "xent.classes/1", "classes": ["a"], "encoding": 3}', "'encoding' is no text"),
        ('{"schema": "xent.classes/1", "classes": ["a"], "positive": "b"}', "'positive' is none of the classes"),
        ('{"schema": "xent.classes/1", "classes": ["a", "b"], "beside": 1}', "'beside' lists no objects"),
        ('{"schema": "xent.classes/1", "classes": ["a", "b", "c"], "columns": ["z"]}', "there is no column 'z'"),
        (
            '{"schema": "xent.classes/1", "classes": ["a", "b"], "encoding": "one-hot"}',
            "it names 2 classes, the rows have 3 cells",
        ),
    ],
)
def test_a_sidecar_that_does_not_fit_is_named(xent, folder, text, message):
    np.save("y.npy", np.eye(3)[[0, 1, 2] * 10])
    (folder / "y.classes.json").write_text(text)
    for command in (["inspect", "y.npy"], ["encode", "y.npy", "--to", "class-names", "-o", "n.csv"]):
        ran = xent(*command)
        assert ran.status == 2
        assert ran.err.startswith("error: y.classes.json: ")
        assert message in ran.err
        assert "--classes" in ran.err
    assert not (folder / "n.csv").exists()
    ran = xent("encode", "y.npy", "--to", "class-names", "-o", "n.csv", "--classes", "x,y,z")
    assert ran.status == 0
    assert (folder / "n.csv").read_text().startswith("f0\nx\ny\nz\n")


def test_an_encoding_that_no_labels_are_written_in_is_named(xent, folder):
    np.save("y.npy", np.arange(30) % 3)
    (folder / "y.classes.json").write_text(
        json.dumps({"schema": SCHEMA, "classes": [*"abc"], "encoding": "class-index"})
    )
    ran = xent("encode", "y.npy", "--to", "one-hot", "-o", "n.csv")
    assert ran.status == 2
    assert "y.classes.json: 'encoding' is 'class-index'" in ran.err
    assert "did you mean 'class-indices'?" in ran.err


def test_a_sidecar_written_by_hand_names_the_classes(xent, folder):
    np.save("y.npy", np.arange(30) % 3)
    (folder / "y.classes.json").write_text(json.dumps({"schema": SCHEMA, "classes": ["x", "y", "z"]}))
    assert xent("inspect", "y.npy", "-f", "json").document()["task"]["classes"] == ["x", "y", "z"]
    xent("encode", "y.npy", "--to", "class-names", "-o", "n.csv")
    assert (folder / "n.csv").read_text().startswith("f0\nx\ny\nz\n")


def test_files_of_one_stem_share_a_sidecar_and_each_finds_its_own(xent, folder):
    xent("encode", "full.csv", "--to", "class-indices", "-o", "y.npy")
    xent("encode", "full.csv", "--to", "one-hot", "-o", "y.csv", "--classes", "dog,cat,panda")
    xent("encode", "full.csv", "--to", "one-hot", "-o", "y.csv", "--classes", "panda,cat,dog")
    for name in ("y.npy", "y.csv"):
        assert xent("encode", name, "--to", "class-names", "-o", "n.jsonl").status == 0
        assert (folder / "n.jsonl").read_text().count('"cat"') == 10
    assert xent("encode", "y.csv", "--to", "one-hot", "-o", "m.csv", "-f", "json").document()["classes"][0] == "panda"
    assert xent("encode", "y.npy", "--to", "one-hot", "-o", "m.csv", "-f", "json").document()["classes"][0] == "cat"
    (folder / "y.npy").unlink()
    xent("encode", "full.csv", "--to", "one-hot", "-o", "y.csv")
    assert "beside" not in json.loads((folder / "y.classes.json").read_text())


def test_a_sidecar_of_another_file_is_not_believed(xent):
    xent("encode", "labels.csv", "--to", "one-hot", "-o", "labels.jsonl", "--classes", "panda,dog,cat")
    assert xent("inspect", "labels.csv", "-f", "json").document()["task"]["classes"] == ["cat", "dog", "panda"]


def test_a_file_that_is_no_list_of_classes_is_not_replaced_by_one(xent, folder):
    (folder / "y.classes.json").write_text('{"mine": 1}')
    ran = xent("encode", "full.csv", "--to", "one-hot", "-o", "y.csv")
    assert ran.status == 2
    assert "y.classes.json: is no list of classes" in ran.err
    assert (folder / "y.classes.json").read_text() == '{"mine": 1}'
    assert not (folder / "y.csv").exists()


def test_a_folder_is_read_without_its_sidecars_and_must_agree(xent, folder):
    (folder / "d").mkdir()
    for name in ("a", "b"):
        xent("encode", "full.csv", "--to", "one-hot", "-o", f"d/{name}.npy")
    ran = xent("encode", "d", "--to", "class-names", "-o", "n.csv", "-f", "json")
    assert ran.document()["rows"]["written"] == 60
    assert ran.document()["classes"] == ["cat", "dog", "panda"]
    xent("encode", "full.csv", "--to", "one-hot", "-o", "d/b.npy", "--classes", "panda,dog,cat")
    ran = xent("encode", "d", "--to", "class-names", "-o", "n.csv")
    assert ran.status == 2
    assert "declares other classes or another encoding" in ran.err


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (["full.csv", "-o", "full.csv"], "full.csv"),
        (["full.csv", "-o", "./full.csv"], "full.csv"),
        (["full.csv", "-o", "link.csv"], "full.csv"),
        (["d", "-o", "d/a.csv"], "d/a.csv"),
        (["d/*.csv", "-o", "d/a.csv"], "d/a.csv"),
        (["full.csv", "--classes", "@names.json", "-o", "names.json"], "names.json"),
        (["full.csv", "--classes", "@y.classes.json", "-o", "y.csv"], "y.classes.json"),
    ],
)
def test_nothing_is_written_over_an_input(xent, folder, arguments, kept):
    (folder / "d").mkdir()
    (folder / "d" / "a.csv").write_text((folder / "full.csv").read_text())
    (folder / "names.json").write_text("cat\ndog\npanda\n")
    (folder / "y.classes.json").write_text("cat\ndog\npanda\n")
    (folder / "link.csv").symlink_to("full.csv")
    held = (folder / kept).read_text()
    ran = xent("encode", *arguments, "--to", "class-indices")
    assert ran.status == 2
    assert "would overwrite an input\nhelp: write the labels elsewhere\n" in ran.err
    assert (folder / kept).read_text() == held


def test_the_library_does_not_write_over_its_input_either(folder, refused):
    error = refused(xentcli.encode, folder / "full.csv", to="one-hot", output=folder / "full.csv")
    assert "would overwrite an input" in error.message
    error = refused(xentcli.encode, [str(folder / "*.csv")], to="one-hot", output=folder / "full.csv")
    assert "would overwrite an input" in error.message


def test_a_failure_leaves_the_old_file_and_nothing_else(xent, folder):
    xent("encode", "full.csv", "--to", "one-hot", "-o", "y.npy")
    held, names = (folder / "y.npy").read_bytes(), listed(folder)
    ran = xent("encode", "labels.csv", "--to", "one-hot", "-o", "y.npy")
    assert ran.status == 2
    assert "cannot be written as an array of one-hot: 10 of 50 rows have no label" in ran.err
    assert (folder / "y.npy").read_bytes() == held
    assert xent("encode", "labels.csv", "--nonsense", "-o", "y.npy").status == 2
    assert xent("encode", "nowhere.csv", "--to", "one-hot", "-o", "y.npy").status == 2
    assert (folder / "y.npy").read_bytes() == held
    assert listed(folder) == names


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "onehot", "-o", "y.csv"], "did you mean 'one-hot'?"),
        (["--to", "class-codes", "-o", "y.csv"], "--to 'class-codes' is none of class-indices, one-hot"),
        (["-o", "y.csv"], "missing option '--to'"),
        (["--to", "one-hot"], "missing option '--output'"),
        (["--to", "one-hot", "-o", "y.cvs"], "no labels are written as .cvs (did you mean .csv?)"),
        (["--to", "one-hot", "-o", "y"], "its suffix tells no format"),
        (["--to", "one-hot", "-o", "json=y"], "its suffix tells no format"),
        (["--to", "one-hot", "-o", ""], "-o names no file: ''"),
        (["--to", "one-hot", "-o", "-"], "-o names no file: '-'"),
        (["--to", "one-hot", "-o", "https://host/y.csv"], "https:// addresses are only read"),
        (["--to", "one-hot", "-o", "y.npy.gz"], ".npy is not compressed as a whole"),
        (["--to", "one-hot", "-o", "y.classes.json"], ".classes.json is what lists the classes of another file"),
        (["--to", "one-hot", "-o", "y.csv", "-o", "z.csv"], "-o is given 2 times"),
        (["--to", "one-hot", "-o", "no/y.csv"], "its folder does not exist"),
        (["--to", "one-hot", "-o", "y.npy", "--id", "id"], "an array has no room for the ids of id"),
        (["--to", "tag-lists", "-o", "y.npy"], "an array has no room for lists"),
        (["--to", "booleans", "-o", "y.csv"], "there are 3 classes, booleans say one of two"),
        (["--to", "one-hot", "-o", "y.csv", "--id", "idd"], "there is no column 'idd'"),
        (["--to", "one-hot", "-o", "y.csv", "--label", "lable"], "did you mean 'label'?"),
        (["--to", "one-hot", "-o", "y.csv", "--encoding", "names"], "--encoding 'names' is none of"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_way_out(xent, folder, arguments, message):
    names = listed(folder)
    ran = xent("encode", "labels.csv", *arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert message in ran.err
    assert listed(folder) == names


def test_the_suffixes_that_are_known_are_listed(xent):
    ran = xent("encode", "full.csv", "--to", "one-hot", "-o", "y.hdf")
    assert "known: .csv .tsv .parquet .arrow .feather .jsonl .ndjson .json .npy .npz" in ran.err


def test_options_of_the_configuration_hold_here_too(xent, folder):
    (folder / "xent.toml").write_text('classes = ["panda", "dog", "cat"]\nlabel = ["label"]\nid = "id"\n')
    assert xent("encode", "labels.csv", "--to", "class-indices", "-o", "y.csv", isolated=False).status == 0
    assert (folder / "y.csv").read_text().startswith("id,label\n0,2\n1,1\n2,\n3,0\n")
    xent("encode", "labels.csv", "--to", "class-indices", "-o", "z.csv", "--isolated", isolated=False)
    assert (folder / "z.csv").read_text().startswith("label\n0\n1\n")


def test_text_cells_are_quoted_only_where_they_must_be(xent, folder):
    (folder / "t.csv").write_text('n,label\n" x",cat\n"a ""b""",dog\n7,"x, y"\n8,cat\n9,dog\n')
    xent("encode", "t.csv", "--to", "class-names", "-o", "y.csv", "--id", "n", "--label", "label")
    assert (folder / "y.csv").read_text() == ('n,label\n" x",cat\n"a ""b""",dog\n"7","x, y"\n"8",cat\n"9",dog\n')
    xent("encode", "t.csv", "--to", "one-hot", "-o", "y.json", "--id", "n", "--label", "label")
    rows = json.loads((folder / "y.json").read_text())
    assert rows[1] == {"n": 'a "b"', "cat": 0, "dog": 1, "x, y": 0}


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".csv"])
def test_ids_of_any_type_stay_as_they_are(folder, suffix):
    ids = {
        "i": pa.array([1, 2, None]), "f": pa.array([0.5, float("nan"), None]), "b": pa.array([True, None, False]),
        "t": pa.array([0, 1, None], pa.timestamp("s")), "d": pa.array(["u", "tab\there", None]).dictionary_encode(),
    }  # fmt: skip
    table = pa.table({**ids, "label": ["cat", "dog", "cat"]})
    for name, cells in ids.items():
        kept = xentcli.encode(table, to="class-indices", id=name, label="label", output=folder / f"{name}{suffix}")
        assert kept.table[name].to_pylist()[0] == cells.to_pylist()[0]
        back = xentcli.encode(folder / f"{name}{suffix}", to="class-names", id=name)
        assert back.table["label"].to_pylist() == ["cat", "dog", "cat"]
        if suffix == ".parquet":
            assert str(back.table[name].to_pylist()) == str(cells.to_pylist())


def test_the_same_labels_give_the_same_bytes(xent, folder):
    for suffix in (".csv", ".parquet", ".arrow", ".jsonl", ".json", ".npy", ".npz", ".csv.gz", ".csv.xz", ".csv.bz2"):
        for name in ("a", "b"):
            assert xent("encode", "full.csv", "--to", "one-hot", "-o", f"{name}{suffix}").status == 0
        assert (folder / f"a{suffix}").read_bytes() == (folder / f"b{suffix}").read_bytes()


def test_metadata_that_do_not_fit_any_more_are_passed_over(folder):
    xentcli.encode(folder / "full.csv", to="one-hot", output=folder / "y.parquet")
    table = pq.read_table(folder / "y.parquet")
    pq.write_table(table.select(["cat", "dog"]), folder / "z.parquet")
    report = xentcli.encode(folder / "z.parquet", to="multi-hot", task="multilabel")
    assert report.classes == ("cat", "dog")
    broken = table.replace_schema_metadata({b"xent": b"{"})
    assert xentcli.encode(broken, to="class-indices").to_numpy().tolist() == [0, 1, 2] * 10
    other = table.replace_schema_metadata({b"xent": b"[1]"})
    assert xentcli.encode(other, to="class-indices").classes == ("cat", "dog", "panda")


def test_names_that_are_numbers_are_not_taken_for_positions(xent, folder):
    (folder / "n.csv").write_text("label\n" + "3\n1\n2\n" * 10)
    xent("encode", "n.csv", "--to", "class-indices", "-o", "y.npy", "--classes", "3,2,1")
    assert np.load("y.npy").tolist() == [0, 2, 1] * 10
    assert xent("inspect", "y.npy").status == 0
    xent("encode", "y.npy", "--to", "class-names", "-o", "back.csv")
    assert (folder / "back.csv").read_text() == "f0\n" + "3\n1\n2\n" * 10


def test_hostile_names_are_shown_and_never_obeyed(xent):
    names = ["\x1b[31mred", "a\u202eb", "[bold]x"]
    table = pa.table({"label": names * 5})
    pq.write_table(table, "h.parquet")
    for form in ("full", "concise", "markdown", "json"):
        ran = xent("encode", "h.parquet", "--to", "one-hot", "-o", "y.csv", "-f", form)
        assert ran.status == 0
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out
    assert xentcli.encode("y.csv", to="class-names").table["label"].to_pylist() == names * 5


def test_tags_of_a_sidecar_without_a_separator_are_split_as_detected(folder):
    (folder / "t.csv").write_text("tags\n" + "a|b\nb\na\nnone\n" * 10)
    said = {"schema": SCHEMA, "classes": ["b", "a"], "encoding": "tag-lists"}
    (folder / "t.classes.json").write_text(json.dumps(said))
    report = xentcli.encode(folder / "t.csv", to="tag-lists")
    assert report.table["tags"].to_pylist()[:4] == [["a", "b"], ["b"], ["a"], []]


def test_a_list_of_one_tag_a_row_is_read_as_one_class_and_written_as_it_was(folder):
    table = pa.table({"label": [["a"], ["b"], ["a"], None] * 10})
    report = xentcli.encode(table, to="tag-lists", output=folder / "y.jsonl.zst")
    assert report.task.encoding == "class-names"
    back = xentcli.encode(folder / "y.jsonl.zst", to="tag-lists")
    assert back.table["label"].to_pylist() == table["label"].to_pylist()


def test_a_long_list_of_classes_is_cut_on_the_page_and_whole_in_the_document(xent, folder):
    (folder / "many.csv").write_text("label\n" + "".join(f"class {at:02}\n" for at in range(30)) * 4)
    ran = xent("encode", "many.csv", "--to", "one-hot", "-o", "y.npz")
    assert "class 10, class 11, ... (30 in all)" in ran.out
    assert "class 12" not in ran.out
    ran = xent("encode", "many.csv", "--to", "class-names", "-o", "y.npy", "-f", "json")
    assert len(ran.document()["classes"]) == 30
    assert ran.document()["output"]["dtype"] == "<U8"


def test_labels_that_say_which_is_positive_keep_it(xent, folder):
    (folder / "b.csv").write_text("label\n" + "ham\nspam\nham\n" * 10)
    ran = xent("encode", "b.csv", "--to", "booleans", "-o", "y.npy", "--positive", "ham")
    assert "positive     ham (--positive overrides)" in ran.out
    assert np.load("y.npy").tolist() == [True, False, True] * 10
    xent("encode", "y.npy", "--to", "plus-minus-one", "-o", "z.csv")
    assert (folder / "z.csv").read_text().startswith("f0\n1\n-1\n1\n")
    xent("encode", "z.csv", "--to", "class-names", "-o", "n.csv")
    assert (folder / "n.csv").read_text() == "f0\n" + "ham\nspam\nham\n" * 10


def test_standard_input_is_read(xent, folder, monkeypatch):
    class Standard:
        buffer = (folder / "full.csv").open("rb")

    monkeypatch.setattr("sys.stdin", Standard)
    ran = xent("encode", "-", "--to", "class-indices", "-o", "y.csv", "--input-format", "csv")
    Standard.buffer.close()
    assert ran.status == 0
    assert (folder / "y.csv").read_text().startswith("label\n0\n1\n2\n")
