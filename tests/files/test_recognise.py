"""Recognising: suffix and content agree, or the error says what it looks like."""

import io
import pickle
import sys
import zipfile

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xentcli.errors import UnreadableError
from xentcli.files.blob import blob_of
from xentcli.files.format import SUFFIXES, Format
from xentcli.files.open import look, recognise


def parquet():
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": [1]}), sink)
    return sink.getvalue().to_pybytes()


def npy():
    sink = io.BytesIO()
    np.save(sink, np.arange(3))
    return sink.getvalue()


def npz():
    sink = io.BytesIO()
    np.savez(sink, a=np.arange(3))
    return sink.getvalue()


def xlsx():
    sink = io.BytesIO()
    openpyxl.Workbook().save(sink)
    return sink.getvalue()


def torch_archive():
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("model/data.pkl", b"\x80\x02.")
    return sink.getvalue()


def recognised(tmp_path, name, content, given=None):
    path = tmp_path / name
    path.write_bytes(content)
    return recognise(blob_of(str(path)), given)


@pytest.mark.parametrize("suffix", [one for one, form in SUFFIXES.items() if form.is_text])
def test_text_suffixes_are_believed_of_text(tmp_path, suffix):
    assert recognised(tmp_path, f"a{suffix}", b"a,b\n1,2\n") == (SUFFIXES[suffix], None)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.pq", parquet(), Format.PARQUET),
        ("a.PARQUET", parquet(), Format.PARQUET),
        ("a.npy", npy(), Format.NPY),
        ("a.npz", npz(), Format.NPZ),
        ("a.xlsx", xlsx(), Format.XLSX),
        ("a.jsonl", b'{"a": 1}\n', Format.JSONL),
        ("a.ndjson", b"", Format.JSONL),
        ("a.json", b' [{"a": 1}]', Format.JSON),
        ("a.dta", b"\x72\x02\x01\x00\x05\x00", Format.DTA),
        ("a.dta", b"<stata_dta><header>", Format.DTA),
        ("a.sav", b"$FL2@(#)", Format.SAV),
        ("a.csv", '\ufeff{"a": 1},b\n1,2\n'.encode(), Format.CSV),
        ("a.csv", "é".encode("utf-16"), Format.CSV),
        ("a.txt", b"[1], 2\n", Format.TXT),
    ],
)
def test_a_suffix_that_agrees_with_the_content_is_believed(tmp_path, name, content, expected):
    assert recognised(tmp_path, name, content) == (expected, None)


@pytest.mark.parametrize(
    ("name", "content", "words", "advice"),
    [
        ("a.parquet", b"label,p\n", "is named parquet but looks like text", "--input-format csv"),
        ("a.csv", parquet(), "is named csv but looks like a Parquet file", "--input-format parquet"),
        ("a.csv", b'{"a": 1}\n{"a": 2}\n', "looks like JSON lines", "--input-format jsonl"),
        ("a.npy", npz(), "looks like a NumPy archive", "--input-format npz"),
        ("a.npz", xlsx(), "looks like an Excel workbook", "--input-format xlsx"),
        ("a.jsonl", parquet(), "looks like a Parquet file", "--input-format parquet"),
        ("a.tsv", b"<!DOCTYPE html><html>", "looks like a web page", "fetch the file again"),
        ("a.json", b"  <HTML>", "looks like a web page", "fetch the file again"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook", "fetch the file again"),
        ("a.parquet", b"PARE....", "an encrypted Parquet file", "fetch the file again"),
        ("a.npz", b"PK\x03\x04" + bytes(40) + b"x.txt", "a zip archive", "fetch the file again"),
        ("a.orc", b"\x00\x01\x02", "binary data of no format known here", "fetch the file again"),
        ("a.arrow", b"[1, 2]", "a JSON array", "--input-format json"),
    ],
)
def test_a_suffix_that_the_content_contradicts_is_an_error(tmp_path, name, content, words, advice):
    with pytest.raises(UnreadableError, match=words) as caught:
        recognised(tmp_path, name, content)
    assert advice in caught.value.help


def test_a_given_format_overrules_the_suffix_and_is_checked_too(tmp_path):
    assert recognised(tmp_path, "a.csv", parquet(), Format.PARQUET) == (Format.PARQUET, None)
    with pytest.raises(UnreadableError, match="is given as npy but looks like a Parquet file"):
        recognised(tmp_path, "a.csv", parquet(), Format.NPY)


@pytest.mark.parametrize("name", ["a.pkl", "a.pickle", "a.joblib", "a.pt", "a.pth", "a.pkl.gz"])
def test_pickles_are_refused_by_name(tmp_path, name):
    path = tmp_path / name
    import gzip  # noqa: PLC0415  one case needs it

    path.write_bytes(gzip.compress(b"x") if name.endswith(".gz") else b"x")
    with pytest.raises(UnreadableError, match="can run code when they are loaded") as caught:
        recognise(blob_of(str(path)), None)
    assert "numpy.save" in caught.value.help


@pytest.mark.parametrize("content", [pickle.dumps([1, 2]), torch_archive()])
@pytest.mark.parametrize("name", ["a", "a.csv", "a.npz"])
def test_pickles_are_refused_by_content(tmp_path, name, content):
    with pytest.raises(UnreadableError, match="is a pickle, and pickles can run code"):
        recognised(tmp_path, name, content)


def test_an_unknown_suffix_names_the_known_ones(tmp_path):
    with pytest.raises(UnreadableError, match=r"suffix \.parqet \(did you mean \.parquet\?\)") as caught:
        recognised(tmp_path, "a.parqet", parquet())
    assert ".csv" in caught.value.details[0]
    assert "--input-format" in caught.value.help


def test_an_unknown_suffix_can_be_overruled(tmp_path):
    assert recognised(tmp_path, "a.xyz", b"a,b\n", Format.CSV) == (Format.CSV, None)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\n1,2\n", Format.CSV),
        (b' {"a": 1}\n', Format.JSONL),
        (b'[{"a": 1}]', Format.JSON),
        (parquet(), Format.PARQUET),
        (npy(), Format.NPY),
    ],
)
def test_stdin_is_read_as_what_its_content_suggests_and_that_is_said(monkeypatch, content, expected):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    form, note = recognise(blob_of("-"), None)
    assert form is expected
    assert note == f"read as {expected.value}, as its content suggests (--input-format overrides)"


def test_binary_content_without_a_name_asks_for_the_format(tmp_path):
    with pytest.raises(UnreadableError, match="looks like an HDF5 file, and no format is given"):
        recognised(tmp_path, "a", b"\x89HDF\r\n\x1a\n")


def test_an_object_over_several_lines_is_json_but_not_lines():
    assert look(b'{\n "a": 1\n}').words == "JSON"
    assert look(b"PK\x05\x06" + bytes(18)).format is Format.NPZ
