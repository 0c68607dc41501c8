"""Arrays whose headers lie or end early, and whose elements are none: one message, never a crash."""

import io
import struct
import zipfile

import numpy as np
import pytest

import xentcli
from xentcli.errors import ColumnError, UnreadableError, XentError

HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }"


def npy(header, data=b"\0" * 16, version=(1, 0)):
    text = header.encode("latin-1") + b" " * 20 + b"\n"
    length = struct.pack("<H" if version == (1, 0) else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + length + text + data


def saved(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"\x93NUMPY",
        b"\x93NUMPY\x01\x00",
        npy(HEADER)[:40],
        npy(HEADER.removesuffix(", }")),
        npy(HEADER.replace("'fortran_order': False", "'fortran_order'1 False   (")),
        npy("{" * 5000),
        npy("(" * 90 + ")" * 90),
        npy(HEADER.replace("<f4", "<f3")),
        npy(HEADER.replace("<f4", "no such type")),
        npy(HEADER.replace("(2, 2)", "'2'")),
        npy(HEADER.replace("(2, 2)", "(2.0,)")),
        npy(HEADER.replace("False", "0")),
        npy("\xff" * 50, version=(3, 0)),
        npy(HEADER, version=(9, 9)),
    ],
)
def test_a_header_that_is_none(tmp_path, content):
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(UnreadableError, match="cannot be read as a NumPy array"):
        xentcli.inspect(tmp_path / "a.npy")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (HEADER.replace("(2, 2)", "(2, 5000000)"), "its header promises 40,000,096"),
        (HEADER.replace("(2, 2)", "(1000000000000000000000, 2)"), "its header promises 8,000,000"),
        (HEADER.replace("(2, 2)", "(2, 1000000000000000000000)"), "its header promises 8,000,000"),
        (HEADER.replace("(2, 2)", "(-2, 2)"), "has shape"),
        (HEADER.replace("(2, 2)", "(2, -2)"), "has shape"),
        (HEADER.replace("(2, 2)", "()"), "has shape"),
        (HEADER.replace("<f4", "<U0"), "holds elements of no size"),
        (HEADER.replace("<f4", "|V0"), "holds elements of no size"),
        (HEADER.replace("<f4", "<c8").replace("(2, 2)", "(2,)"), "holds elements of type complex64"),
        (HEADER.replace("'<f4'", "('<f4', (2,))"), "bytes long, its header promises 130"),
        (HEADER.replace("'<f4'", "[('a', '<f4', (2,))]").replace("(2, 2)", "(2,)"), "holds elements of type"),
        (HEADER.replace("<f4", "|O"), "holds Python objects"),
    ],
)
def test_a_header_that_lies(tmp_path, header, found):
    (tmp_path / "a.npy").write_bytes(npy(header))
    with pytest.raises(UnreadableError, match=found):
        xentcli.inspect(tmp_path / "a.npy")


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("shape", [(3,), (3, 1), (2, 2)])
def test_text_of_numbers_that_are_no_characters(tmp_path, order, shape):
    array = np.full(shape, "cat", dtype=f"{order}U3")
    (tmp_path / "a.npy").write_bytes(
        saved(array).replace(array.dtype.type("c").astype(f"{order}U1").tobytes(), b"\x7f" * 4)
    )
    with pytest.raises(UnreadableError, match="holds text of numbers that are no characters"):
        xentcli.inspect(tmp_path / "a.npy")


@pytest.mark.parametrize("day", [2**32 + 1, -(2**40), 2_932_897])
def test_days_beyond_the_calendar_are_not_cut_to_others(tmp_path, day):
    np.save(tmp_path / "a.npy", np.array([1, day]).astype("M8[D]"))
    with pytest.raises(ColumnError, match="holds days beyond the years 1 to 9999"):
        xentcli.inspect(tmp_path / "a.npy")


def test_the_last_day_and_no_day_are_fine(tmp_path):
    np.save(tmp_path / "a.npy", np.array(["9999-12-31", "0001-01-01", "NaT"], dtype="M8[D]"))
    assert xentcli.inspect(tmp_path / "a.npy").to_dict()["source"]["rows"] == 3


def archive(tmp_path, content):
    path = tmp_path / "a.npz"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("y_pred.npy", content)
    return path


@pytest.mark.parametrize("keep", [60, 150, 250])
def test_an_archive_that_ends_early(tmp_path, keep):
    path = archive(tmp_path, saved(np.full((4, 2), 0.5)))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(UnreadableError, match=r"cannot be read as \.npz"):
        xentcli.inspect(path)


def xentcli_says(path):
    try:
        xentcli.inspect(path)
    except XentError as error:
        return str(error)


@pytest.mark.parametrize("at", range(4, 46, 3))
def test_a_directory_that_lies(tmp_path, at):
    path = archive(tmp_path, saved(np.full((4, 2), 0.5)))
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + at] ^= 0xFF
    path.write_bytes(content)
    assert xentcli_says(path) is None or str(path) in xentcli_says(path)
