"""The one writer: a file appears whole or not at all."""

import os
from pathlib import Path

import pytest

from xentcli.errors import UsageError, XentError
from xentcli.files.write import write_atomically, writing


def test_text_is_written_as_utf8_and_replaces_what_was_there(tmp_path):
    path = tmp_path / "a.json"
    write_atomically(path, "old")
    write_atomically(str(path), "nü")
    assert path.read_bytes() == "nü".encode()
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_bytes_are_written_as_they_are(tmp_path):
    path = tmp_path / "a.bin"
    write_atomically(path, b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"


def test_text_that_is_no_unicode_is_escaped(tmp_path):
    write_atomically(tmp_path / "a", "a\udc80")
    assert (tmp_path / "a").read_bytes() == b"a\\udc80"


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path):
    mask = os.umask(0o027)
    try:
        write_atomically(tmp_path / "a", "x")
    finally:
        os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_the_mode_of_a_replaced_file_stays(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o600)
    write_atomically(path, "new")
    assert (path.stat().st_mode & 0o777, path.read_text()) == (0o600, "new")


def test_a_link_stays_and_its_target_is_replaced(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_pipe_is_written_to_directly():
    write_atomically("/dev/null", "x")
    assert Path("/dev/null").is_char_device()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UsageError, match="its folder does not exist") as caught:
        write_atomically(tmp_path / "no" / "a", "x")
    assert caught.value.help == f"create {tmp_path / 'no'}"


def test_a_folder_is_no_file_to_write_to(tmp_path):
    with pytest.raises(UsageError, match="is a folder"):
        write_atomically(tmp_path, "x")


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(XentError, match="cannot be written: No space left on device"):
        write_atomically(path, "new")
    assert [one.name for one in tmp_path.iterdir()] == ["a"]
    assert path.read_text() == "old"


def test_a_file_that_is_written_bit_by_bit_appears_at_the_end_or_not_at_all(tmp_path, refused):
    with writing(tmp_path / "a") as file:
        file.write(b"half")
        assert not (tmp_path / "a").exists()
        file.write(b" and half")
    assert (tmp_path / "a").read_bytes() == b"half and half"
    with pytest.raises(KeyboardInterrupt), writing(tmp_path / "a") as file:
        raise KeyboardInterrupt
    assert [one.name for one in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"half and half"
    os.mkfifo(tmp_path / "pipe")
    assert "a device or pipe" in refused(writing(tmp_path / "pipe").__enter__).message


@pytest.mark.parametrize("name", ["a" * 255, "\U0001f600" * 61, "e\u0301" * 85, "\udcff" * 200])
def test_a_name_as_long_as_names_may_be_can_be_written(tmp_path, name):
    write_atomically(tmp_path / name, "x")
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["a" * 256, "\U0001f600" * 64])
def test_a_longer_name_is_refused(tmp_path, name):
    with pytest.raises(XentError, match="cannot be written: File name too long"):
        write_atomically(tmp_path / name, "x")


def test_a_name_that_no_file_can_have_is_refused():
    with pytest.raises(UsageError, match="cannot be written: embedded null byte"):
        write_atomically("a\0b", "x")


def test_a_working_folder_that_is_gone_is_told(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(XentError, match="cannot be written: the working directory has been deleted"):
        write_atomically("a", "x")


def test_a_folder_that_takes_no_files_is_told():
    with pytest.raises(XentError, match="cannot be written: "):
        write_atomically("/proc/a", "x")
