"""What a killed run left beside its target goes with the next run; what a living one writes stays."""

import os
import signal
import subprocess
import sys

import pytest

from xentcli.files import write
from xentcli.files.write import write_atomically, writing

WRITER = """
import sys, time
from xentcli.files.write import writing
with writing(sys.argv[1]) as file:
    file.write(b"half")
    file.flush()
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def writer(tmp_path):
    """A process that is writing the file `a`."""
    command = [sys.executable, "-c", WRITER, str(tmp_path / "a")]
    run = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert run.stdout.readline() == b"ready\n"
    yield run
    run.kill()
    run.communicate()


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_what_a_killed_run_left_is_removed_by_the_next_that_writes_the_target(tmp_path, writer):
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert len(names(tmp_path)) == 1
    write_atomically(tmp_path / "b", "another target")
    assert len(names(tmp_path)) == 2
    write_atomically(tmp_path / "a", "whole")
    assert names(tmp_path) == ["a", "b"]


def test_what_a_living_run_writes_stays(tmp_path, writer):
    assert writer.poll() is None
    write_atomically(tmp_path / "a", "whole")
    assert len(names(tmp_path)) == 2
    assert (tmp_path / "a").read_text() == "whole"


def test_the_lock_outlasts_the_file_that_its_writer_closes(tmp_path):
    with writing(tmp_path / "a") as file:
        file.write(b"whole")
        file.close()
        write.remove_leftovers(tmp_path / "a")
        assert len(names(tmp_path)) == 1
    assert (tmp_path / "a").read_bytes() == b"whole"


@pytest.mark.parametrize(
    "name",
    [
        ".a.xent-0123456789ab", ".a.xent-0123456789ab.tmp.gz", ".a.xent-0123456789ag.tmp", ".a.0123456789ab.tmp",
        ".ab.xent-0123456789ab.tmp", "a.xent-0123456789ab.tmp", ".a.xent-0123456789abc.tmp",
    ],
)  # fmt: skip
def test_files_of_another_pattern_stay(tmp_path, name):
    (tmp_path / name).write_text("mine")
    write_atomically(tmp_path / "a", "x")
    assert names(tmp_path) == sorted(["a", name])


def test_only_files_are_removed_and_links_are_not_followed(tmp_path):
    (tmp_path / "kept").write_text("kept")
    pipe, link, folder = (f".a.xent-{digit * 12}.tmp" for digit in "123")
    os.mkfifo(tmp_path / pipe)
    (tmp_path / link).symlink_to(tmp_path / "kept")
    (tmp_path / folder).mkdir()
    write_atomically(tmp_path / "a", "x")
    assert names(tmp_path) == sorted(["a", "kept", pipe, link, folder])
    assert (tmp_path / "kept").read_text() == "kept"


def test_a_file_that_is_taken_for_a_leftover_between_its_creation_and_its_lock_is_made_anew(tmp_path, monkeypatch):
    lock, taken = write._locked, []

    def late(descriptor):
        if not taken:
            taken.extend(names(tmp_path))
            write.remove_leftovers(tmp_path / "a")
        return lock(descriptor)

    monkeypatch.setattr(write, "_locked", late)
    write_atomically(tmp_path / "a", "whole")
    assert len(taken) == 1
    assert names(tmp_path) == ["a"]


def test_a_file_system_without_locks_loses_nothing_and_keeps_leftovers(tmp_path, monkeypatch):
    def unsupported(*_):
        raise OSError(95, "Operation not supported")

    left = ".a.xent-0123456789ab.tmp"
    (tmp_path / left).write_text("half")
    monkeypatch.setattr(write.fcntl, "flock", unsupported)
    write_atomically(tmp_path / "a", "whole")
    assert names(tmp_path) == [left, "a"]
