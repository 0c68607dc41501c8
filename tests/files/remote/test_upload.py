"""Objects that are written: whole or not at all, and what stood there stays."""

import json

import pyarrow.fs as arrow_fs
import pytest

from xentcli.errors import UnreadableError, UsageError, XentError
from xentcli.files.write import write_atomically, writing

LABELS = b"label\n" + b"cat\ndog\n" * 50


def fail_after_half(opened):
    """Write something, then raise."""
    with opened as stream:
        stream.write(b"half")
        raise ZeroDivisionError


def test_arrow_alone_leaves_half_an_object_behind_an_exception(store):
    system, path = arrow_fs.FileSystem.from_uri(store.uri("half.txt"))
    with pytest.raises(ZeroDivisionError):
        fail_after_half(system.open_output_stream(path))
    assert store.get("half.txt") == b"half"


def test_an_exception_while_it_is_rendered_sends_nothing(store):
    store.put("kept.txt", b"before")
    for key in ("new.txt", "kept.txt"):
        with pytest.raises(ZeroDivisionError):
            fail_after_half(writing(store.uri(key)))
    assert (store.get("new.txt"), store.get("kept.txt")) == (None, b"before")


@pytest.mark.parametrize("content", [b"", b"whole", b"0123456789" * 1_200_000], ids=["empty", "small", "several parts"])
def test_a_whole_object_arrives_byte_for_byte(store, content):
    write_atomically(store.uri("whole.bin"), content)
    assert store.get("whole.bin") == content


def test_a_connection_that_is_cut_while_sending_is_status_2_and_leaves_what_stood_there(store, cutting):
    behind, cuts = cutting
    store.put("sent.txt", b"before")
    cuts.left, cuts.method = 1000, "PUT"
    with pytest.raises(XentError, match="cannot be written: cannot be reached"):
        write_atomically(behind.uri("sent.txt"), b"after, and longer")
    assert cuts.done > 0
    assert store.get("sent.txt") == b"before"


def test_an_object_cannot_be_written_to_a_bucket_that_is_not_there(store):
    with pytest.raises(XentError, match="cannot be written: there is no such bucket"):
        write_atomically(store.uri("a.txt", bucket="nowhere"), b"a")


def test_addresses_that_are_only_read_are_refused_before_anything_is_read():
    for uri in ("https://host/a.json", "hf://datasets/user/data/a.json"):
        with pytest.raises(UsageError, match="addresses are only read"):
            write_atomically(uri, b"a")
    with pytest.raises(UnreadableError, match="no kind of address that is known here"):
        write_atomically("gopher://host/a", b"a")


def test_a_file_uri_is_written_like_its_path(tmp_path):
    path = tmp_path / "with blank.txt"
    write_atomically(path.as_uri(), b"a")
    assert path.read_bytes() == b"a"


def test_encode_writes_labels_and_their_classes_beside_each_other_and_inspect_finds_both(xent, store):
    source = store.put("in/labels.csv", LABELS)
    goal = store.uri("out/y.csv").replace("s3://", "s3://KEYID7777:hunter%2F22@")
    ran = xent("encode", source, "--to", "class-indices", "-o", goal, "-f", "json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.document()["output"]["path"] == store.uri("out/y.csv")
    assert "KEYID7777" not in ran.out
    assert store.get("out/y.csv") == b"label\n" + b"0\n1\n" * 50
    assert json.loads(store.get("out/y.classes.json"))["classes"] == ["cat", "dog"]
    found = xent("inspect", store.uri("out/y.csv"), "-f", "json").document()
    assert [one["name"] for one in found["classes"]] == ["cat", "dog"]


def test_encode_refuses_to_write_over_an_object_that_it_reads(xent, store):
    store.put("in/over.csv", LABELS)
    ran = xent("encode", store.uri("in"), "--to", "one-hot", "-o", store.uri("in/over.csv"))
    assert ran.status == 2
    assert "would overwrite an input" in ran.err
    assert store.get("in/over.csv") == LABELS


def test_a_report_of_a_run_that_fails_is_an_error_in_the_object_store_too(xent, store):
    store.put("out/report.json", b'{"old": true}')
    ran = xent("inspect", "missing.csv", "-o", store.uri("out/report.json"))
    assert ran.status == 2
    assert json.loads(store.get("out/report.json"))["error"]["message"] == "no such file"


def test_a_stored_score_in_the_object_store_is_a_baseline(xent, store):
    predictions = store.put("in/preds.csv", b"label,p_cat,p_dog\n" + b"cat,0.9,0.1\ndog,0.25,0.75\n" * 20)
    assert xent("score", predictions, "-o", store.uri("out/main.json")).status == 0
    ran = xent(
        "check", predictions, "--baseline", store.uri("out/main.json"), "--max-regression", "loss=0.1", "-f", "json"
    )
    assert (ran.status, ran.err) == (0, "")
    assert (
        ran.document()["models"][0]["checks"][0]["baseline"]["value"]
        == ran.document()["models"][0]["checks"][0]["value"]
    )
