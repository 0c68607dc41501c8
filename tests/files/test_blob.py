"""Blobs: the same bytes again and again, whatever they are wrapped in, and damage that is told."""

import bz2
import gzip
import io
import lzma
import os
import sys
import threading

import pyarrow as pa
import pytest

from xentcli.addresses import is_uri
from xentcli.errors import UnreadableError
from xentcli.files.blob import Blob, arrow_file, blob_of, random_access, section, split_suffix
from xentcli.files.streams import SectionStream, SpooledFile, SpoolStream

TEXT = b"label,p\n" + b"cat,0.25\n" * 40_000


def zstd(data):
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()


COMPRESS = {".gz": gzip.compress, ".bz2": bz2.compress, ".zst": zstd, ".xz": lzma.compress}


def read(blob):
    with blob.open() as stream:
        return stream.read()


@pytest.mark.parametrize("suffix", COMPRESS)
def test_compressed_content_reads_the_same_twice(tmp_path, suffix):
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(COMPRESS[suffix](TEXT))
    blob = blob_of(str(path))
    assert read(blob) == TEXT
    assert read(blob) == TEXT
    assert (blob.size, blob.seekable, blob.suffix, blob.notes) == (None, False, ".csv", ())


@pytest.mark.parametrize("suffix", COMPRESS)
def test_two_compressed_members_in_a_row_are_one_content(tmp_path, suffix):
    path = tmp_path / f"a.csv{suffix}"
    path.write_bytes(COMPRESS[suffix](TEXT) + COMPRESS[suffix](b"end"))
    assert read(blob_of(str(path))) == TEXT + b"end"


@pytest.mark.parametrize("suffix", COMPRESS)
def test_truncated_compressed_content_is_told_in_mid_read(tmp_path, suffix):
    path = tmp_path / f"a.csv{suffix}"
    random = os.urandom(300_000)
    path.write_bytes(COMPRESS[suffix](random)[:-1000])
    with (
        blob_of(str(path)).open() as stream,
        pytest.raises(UnreadableError, match="cannot be read to its end"),
    ):
        stream.read()


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz"])  # zstd need not keep a checksum
def test_damaged_compressed_content_is_told(tmp_path, suffix):
    path = tmp_path / f"a.csv{suffix}"
    data = bytearray(COMPRESS[suffix](os.urandom(300_000)))
    data[1000:1100] = bytes(100)
    path.write_bytes(bytes(data))
    with pytest.raises(UnreadableError, match="truncated or damaged"):
        random_access(blob_of(str(path)))


def test_compression_that_the_name_hides_is_read_and_noted(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(gzip.compress(TEXT))
    blob = blob_of(str(path))
    assert read(blob) == TEXT
    assert blob.notes == ("compressed with gzip, although its name does not say so",)


def test_text_that_starts_like_bzip2_is_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"BZh9,b\n1,2\n")
    assert read(blob_of(str(path))) == b"BZh9,b\n1,2\n"


def test_a_suffix_of_compression_without_compressed_bytes_is_an_error(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(TEXT)
    with pytest.raises(UnreadableError, match=r"is named \.gz but does not hold gzip data"):
        blob_of(str(path))


@pytest.mark.parametrize(
    ("name", "content", "command"),
    [
        ("a.csv.gz", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n", "git lfs pull"),
        ("a.parquet", b"outs:\n- md5: 00\n  path: a.parquet\n", "dvc pull"),
        ("a.csv.dvc", b"md5: 00\nouts:\n", "dvc pull"),
        ("a.npy", b"/annex/objects/SHA256E-s1--00\n", "git annex get"),
    ],
)
def test_a_pointer_to_data_kept_elsewhere_says_how_to_fetch_them(tmp_path, name, content, command):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match="pointer") as caught:
        blob_of(str(path))
    assert caught.value.help == f"run: {command}"


def test_a_missing_file_names_the_closest_one_beside_it(tmp_path):
    (tmp_path / "preds.csv").write_bytes(TEXT)
    with pytest.raises(UnreadableError, match="no such file") as caught:
        blob_of(str(tmp_path / "pred.csv"))
    assert caught.value.help == f"did you mean {str(tmp_path / 'preds.csv')!r}?"


@pytest.mark.parametrize("name", ["nowhere/at/all.csv", "a\x00b.csv"])
def test_a_missing_folder_and_an_impossible_name_are_no_such_file(name):
    with pytest.raises(UnreadableError, match="no such file") as caught:
        blob_of(name)
    assert caught.value.help is None


def test_a_name_that_is_too_long_is_unreadable():
    with pytest.raises(UnreadableError, match="cannot be read: File name too long"):
        blob_of("a" * 300)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(UnreadableError, match="is a folder"):
        blob_of(str(tmp_path))


def test_a_pipe_is_copied_once_and_read_again_and_again(tmp_path):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(TEXT,))
    writer.start()
    blob = blob_of(str(path))
    writer.join()
    assert (blob.size, blob.seekable, blob.suffix) == (len(TEXT), True, ".csv")
    assert read(blob) == read(blob) == TEXT


def test_stdin_is_copied_and_decompressed(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(TEXT))))
    blob = blob_of("-")
    assert blob.name == "<stdin>"
    assert read(blob) == read(blob) == TEXT
    assert blob.notes == ()


def test_closed_stdin_is_an_error(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UnreadableError, match="<stdin>: is closed"):
        blob_of("-")


def test_a_spool_without_room_is_told(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT)))
    with pytest.raises(UnreadableError, match="temporary file: No space left on device"):
        blob_of("-")


def test_streams_of_one_spool_have_positions_of_their_own():
    spool = SpooledFile(io.BytesIO(b"0123456789"))
    one, other = SpoolStream("x", spool), SpoolStream("x", spool)
    assert one.seek(-3, os.SEEK_END) == 7
    assert one.read() == b"789"
    assert other.read(2) == b"01"
    assert other.seek(1, os.SEEK_CUR) == other.tell() == 3
    assert other.seekable()


def test_a_section_is_a_range_of_a_file(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"0123456789")
    blob = section(blob_of(str(path)), "part", 2, 5)
    assert read(blob) == b"23456"
    with arrow_file(blob) as source:
        assert source.size() == 5


def test_a_disk_that_fails_at_the_start_is_told():
    def broken():
        raise OSError(5, "Input/output error")

    with pytest.raises(UnreadableError, match=r"a\.bin: cannot be read to its end: Input/output error"):
        Blob("a.bin", broken, 3, seekable=True, suffix=".bin").head(3)


def test_a_disk_that_fails_in_mid_read_is_told():
    def broken(_count):
        raise OSError(5, "Input/output error")

    inner = io.BytesIO(b"0123456789")
    inner.read = broken
    with pytest.raises(UnreadableError, match="Input/output error"):
        SectionStream("a.bin", inner, 0, 10).read(3)


def test_a_file_uri_reads_like_its_path(tmp_path):
    path = tmp_path / "with blank ü.csv"
    path.write_bytes(TEXT)
    blob = blob_of(path.as_uri())
    assert (blob.size, blob.suffix) == (len(TEXT), ".csv")
    assert read(blob) == TEXT
    with arrow_file(blob) as source:
        assert source.size() == len(TEXT)


@pytest.mark.parametrize(
    ("uri", "words"),
    [("gopher://x/y.csv", "cannot be opened"), ("file:///nowhere/y.csv", "no such file"), ("file:///", "is a folder")],
)
def test_a_uri_that_cannot_be_opened_is_told(uri, words):
    with pytest.raises(UnreadableError, match=words):
        blob_of(uri)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.CSV", (".csv", None)),
        ("a.b.csv.GZ", (".csv", ".gz")),
        ("a.gz", ("", ".gz")),
        ("s3://b/a.parquet?region=x", (".parquet", None)),
        ("a", ("", None)),
    ],
)
def test_suffixes_are_split_into_format_and_compression(name, expected):
    assert split_suffix(name) == expected


def test_a_uri_has_a_scheme_of_more_than_one_letter():
    assert is_uri("s3://a")
    assert not is_uri("c://a")
    assert not is_uri("a b://c")
    assert not is_uri("a.csv")
