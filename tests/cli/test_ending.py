"""However a run ends, its status is one of those that are promised, and what it says is one error."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from xentcli.cli import failure, main, output
from xentcli.errors import UsageError, XentError

TOOL = [sys.executable, "-m", "xentcli"]
PAGES = [["--help"], ["score", "-h"], ["--version"], ["explain"], ["explain", "XE101", "-f", "json"]]


def closed_pipe():
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def ended(arguments, **streams):
    ran = subprocess.run([*TOOL, *map(str, arguments)], check=False, text=True, **streams)
    return ran.returncode, ran.stderr


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with predictions."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.csv").write_text("y,p\n1,0.9\n0,0.2\n")
    return tmp_path


@pytest.mark.parametrize("arguments", [*PAGES, ["score", "p.csv"]])
@pytest.mark.usefixtures("folder")
def test_a_full_disk_behind_stdout_is_an_error(arguments):
    with Path("/dev/full").open("w") as full:
        status, said = ended(arguments, stdout=full, stderr=subprocess.PIPE)
    assert (status, said) == (2, "error: <stdout>: cannot be written: No space left on device\n")


@pytest.mark.parametrize("arguments", [*PAGES, ["score", "p.csv"]])
@pytest.mark.usefixtures("folder")
def test_a_reader_of_stdout_that_has_gone_away_changes_nothing(arguments):
    assert ended(arguments, stdout=closed_pipe(), stderr=subprocess.PIPE) == (0, "")


@pytest.mark.parametrize("arguments", [[], ["scroe"], ["score", "no.csv"], ["score", "no.csv", "-o", "r.json"]])
@pytest.mark.parametrize("where", ["/dev/full", "pipe"])
@pytest.mark.usefixtures("folder")
def test_an_error_that_stderr_cannot_take_keeps_its_status(arguments, where):
    stream = closed_pipe() if where == "pipe" else os.open(where, os.O_WRONLY)
    assert ended(arguments, stdout=subprocess.DEVNULL, stderr=stream)[0] == 2
    os.close(stream)


@pytest.mark.parametrize("mebibytes", [192, 256, 288, 384])
@pytest.mark.usefixtures("folder")
def test_a_narrow_address_space_is_an_error_and_never_the_status_of_a_failed_check(mebibytes):
    limit = mebibytes << 20
    status, said = ended(
        ["score", "p.csv"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert status == 2
    assert said.startswith("error: out of memory")
    assert said.count("\n") <= 2


@pytest.mark.parametrize("command", [["score", "p.csv"], ["encode", "p.csv", "--label", "y", "--to", "one-hot"]])
@pytest.mark.parametrize("name", ["a" * 256, "\U0001f600" * 64])
@pytest.mark.usefixtures("folder")
def test_a_report_that_no_file_can_hold_is_an_error_in_one_line(xent, command, name):
    ran = xent(*command, "-o", f"{name}.json")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == f"error: {name}.json: cannot be written: File name too long\n"


@pytest.mark.usefixtures("folder")
def test_a_working_folder_that_has_been_deleted_is_an_error_in_one_line(xent, tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    ran = xent("score", tmp_path / "p.csv", "-o", "r.json")
    assert ran.status == 2
    assert ran.err == "error: r.json: cannot be written: the working directory has been deleted\n"


def test_an_error_that_cannot_be_written_for_any_reason_keeps_its_status_and_the_other_files_get_it(
    capsys, folder, monkeypatch
):
    write = output.write_error_files

    def broken(wanted, error):
        if wanted[0].path == "a.json":
            raise MemoryError
        if wanted[0].path == "b.json":
            raise RuntimeError("whatever")
        write(wanted, error)

    monkeypatch.setattr(output, "write_error_files", broken)
    assert main.main(["score", "gone/no.csv", "--isolated", "-o", "a.json", "-o", "b.json", "-o", "c.json"]) == 2
    assert capsys.readouterr().err == (
        "error: gone/no.csv: no such file\nerror: out of memory\nerror: it cannot be told in full: RuntimeError\n"
    )
    assert json.loads((folder / "c.json").read_text())["error"]["message"] == "no such file"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (UsageError("no"), 2, "error: no"),
        (MemoryError(), 2, "error: out of memory"),
        (ImportError("libx.so: failed to map segment from shared object"), 2, "error: out of memory"),
        (RuntimeError("can't start new thread"), 2, "error: out of memory"),
        (OSError(24, "Too many open files", "a.csv"), 2, "error: a.csv: the system refuses: Too many open files"),
        (SystemExit(1), 2, "error: cannot go on: EPIPE, a pipe has been closed"),
        (KeyError("x"), 3, "error: a bug in xent: KeyError: 'x'"),
        (KeyError("x" * 100_000), 3, "error: a bug in xent: KeyError: 'xxx"),
    ],
)
def test_whatever_is_raised_has_a_status_and_a_line(capsys, error, status, said):
    assert failure.told(error, ["score"]) == status
    told = capsys.readouterr().err
    assert told.startswith(said)
    assert len(told) < 1200


@pytest.mark.parametrize("option", ["--label", "--classes", "--scores", "--separator", "--task", "--nonsense", "-f"])
@pytest.mark.usefixtures("folder")
def test_what_an_option_says_is_echoed_shortened(xent, option):
    ran = xent("score", "p.csv", f"{option}={'x' * 100_000}" if option == "--nonsense" else option, "x" * 100_000)
    assert ran.status == 2
    assert len(ran.err) < 4000


@pytest.mark.parametrize("command", ["score", "inspect", "encode"])
@pytest.mark.parametrize("place", ["cell", "name", "path"])
def test_what_a_file_holds_is_echoed_shortened(xent, folder, command, place):
    long = "x" * 500_000
    rows = {"cell": f"y,p\n1,{long}\n0,0.2\n", "name": f"y,{long}\n1,z\n0,0.2\n", "path": ""}[place]
    (folder / "long.csv").write_text(rows)
    named = long if place == "path" else "long.csv"
    more = {
        "encode": ["--to", "one-hot", "-o", "r.csv", "--label", "no"],
        "inspect": ["--label", "no"],
        "score": ["--scores", ":1"],
    }[command]
    ran = xent(command, named, *more)
    assert ran.status == 2
    assert len(ran.err) < 4000


def test_an_error_has_a_bounded_number_of_details():
    error = XentError("m" * 9000, details=tuple(f"row {row}" for row in range(1_000_000)), help="h" * 9000)
    assert len(str(error)) < 6000
    assert error.details[-1] == "... and 999,900 more"
    assert error.message.startswith("mmm")
    assert "8,001 characters left out" in error.message
