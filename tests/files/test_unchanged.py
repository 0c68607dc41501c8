"""A file that changes while it is read is refused, whatever its format; what cannot be compared is not."""

import bz2
import gzip
import json
import lzma
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.orc
import pyarrow.parquet
import pytest

import xentcli
from xentcli.errors import UnreadableError
from xentcli.files import open as opening
from xentcli.files.blob import blob_of
from xentcli.files.unchanged import unchanged_inputs

ROWS = 600
TABLE = pa.table({"y": [0, 1] * (ROWS // 2), "p": [0.25, 0.75] * (ROWS // 2)})
TEXT = "y,p\n" + "0,0.25\n1,0.75\n" * (ROWS // 2)


WRITERS = {
    "csv": lambda path: path.write_text(TEXT),
    "jsonl": lambda path: path.write_text("".join(f"{json.dumps(row)}\n" for row in TABLE.to_pylist())),
    "json": lambda path: path.write_text(json.dumps(TABLE.to_pylist())),
    "parquet": lambda path: pa.parquet.write_table(TABLE, path),
    "arrow": lambda path: pa.feather.write_feather(TABLE, path, compression="uncompressed"),
    "orc": lambda path: pa.orc.write_table(TABLE, path),
    "npz": lambda path: np.savez(path, y_true=np.array([0, 1] * 300), y_pred=np.array([0.25, 0.75] * 300)),
    "xlsx": lambda path: TABLE.to_pandas().to_excel(path, index=False),
    "csv.gz": lambda path: path.write_bytes(gzip.compress(TEXT.encode())),
    "csv.bz2": lambda path: path.write_bytes(bz2.compress(TEXT.encode())),
    "csv.xz": lambda path: path.write_bytes(lzma.compress(TEXT.encode())),
    "csv.zst": lambda path: path.write_bytes(pa.compress(TEXT.encode(), "zstd", asbytes=True)),
}


def saved(path):
    """Write the rows in the format that the name tells."""
    WRITERS[path.name.partition(".")[2]](path)
    return path


def shrink(path):
    os.truncate(path, path.stat().st_size // 2)


def grow(path):
    with path.open("ab") as file:
        file.write(b"1,0.75\n")


def replace(path):
    other = path.with_name("other")
    shutil.copy2(path, other)
    other.replace(path)


def rewrite(path):
    path.write_bytes(path.read_bytes())
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))


def remove(path):
    path.unlink()


SAID = [
    (shrink, r"shrank while it was read: from [\d,]+ bytes to [\d,]+", "run again when nothing writes to it"),
    (grow, r"grew while it was read: from [\d,]+ bytes to [\d,]+", "copy it first and read the copy"),
    (replace, "was replaced by another file while it was read", "run again when nothing writes to it"),
    (rewrite, "was changed while it was read", "run again when nothing writes to it"),
    (remove, "cannot be found any more after it was read: No such file", "run again when nothing writes to it"),
]


@pytest.fixture
def changing(monkeypatch):
    """Change a file as soon as it has been opened."""

    def change(how, path):
        read = opening._read

        def opened(blob, *rest):
            table = read(blob, *rest)
            if blob.name == str(path):
                monkeypatch.setattr(opening, "_read", read)
                how(path)
            return table

        monkeypatch.setattr(opening, "_read", opened)

    return change


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize(("how", "said", "advice"), SAID)
def test_a_file_of_any_format_that_changes_is_refused(tmp_path, changing, suffix, how, said, advice):
    path = saved(tmp_path / f"p.{suffix}")
    changing(how, path)
    with pytest.raises(UnreadableError, match=said) as caught:
        xentcli.score(path)
    assert caught.value.place.path == str(path)
    assert caught.value.help == advice


@pytest.mark.parametrize("command", [xentcli.inspect, xentcli.score])
def test_a_file_that_does_not_change_is_read(tmp_path, command):
    assert command(saved(tmp_path / "p.csv")).source.rows == ROWS


@pytest.mark.parametrize(("how", "said", "_advice"), SAID)
def test_what_is_written_from_a_file_that_changes_does_not_appear(tmp_path, changing, how, said, _advice):
    path = saved(tmp_path / "p.csv")
    changing(how, path)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(UnreadableError, match=said):
        xentcli.encode(path, to="one-hot", label="y", output=out / "y.csv")
    assert list(out.iterdir()) == []


def test_labels_in_a_file_of_their_own_are_watched_too(tmp_path, changing):
    path, labels = saved(tmp_path / "p.csv"), tmp_path / "l.csv"
    labels.write_text("y\n" + "0\n1\n" * (ROWS // 2))
    changing(grow, labels)
    with pytest.raises(UnreadableError, match="grew while it was read") as caught:
        xentcli.score(path, labels=labels)
    assert caught.value.place.path == str(labels)


def test_a_file_of_a_folder_is_watched_and_named(tmp_path, changing):
    folder = tmp_path / "d"
    folder.mkdir()
    paths = [saved(folder / f"part-{at}.csv") for at in range(3)]
    changing(shrink, paths[1])
    with pytest.raises(UnreadableError, match="shrank while it was read") as caught:
        xentcli.inspect(folder)
    assert caught.value.place.path == str(paths[1])


@pytest.mark.parametrize(
    "judge",
    [xentcli.compare, lambda path, other: xentcli.check(path, baseline=other, max_regression={"loss": 0.1})],
    ids=["compare", "check"],
)
def test_models_that_are_judged_are_watched(tmp_path, changing, judge):
    path, other = saved(tmp_path / "a.csv"), saved(tmp_path / "b.csv")
    changing(rewrite, other)
    with pytest.raises(UnreadableError, match="was changed while it was read"):
        judge(path, other)


def test_the_command_line_ends_with_status_2_and_writes_the_error(xent, tmp_path, changing):
    path = saved(tmp_path / "p.csv")
    changing(grow, path)
    ran = xent("score", path, "-o", tmp_path / "r.json")
    grown = len(TEXT) + 7
    assert ran.status == 2
    assert ran.err == (
        f"error: {path}: grew while it was read: from {len(TEXT):,} bytes to {grown:,}\n"
        "help: copy it first and read the copy\n"
    )
    assert json.loads((tmp_path / "r.json").read_text())["error"]["path"] == str(path)


def test_a_pipe_is_not_watched(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with subprocess.Popen(["sh", "-c", f"cat > '{path}'"], stdin=subprocess.PIPE, text=True) as writer:
        writer.stdin.write(TEXT)
        writer.stdin.close()
        assert xentcli.score(path).source.rows == ROWS


def test_stdin_that_is_a_file_which_grows_is_not_watched(tmp_path, monkeypatch):
    path = saved(tmp_path / "p.csv")
    with path.open() as file:
        monkeypatch.setattr("sys.stdin", file)
        read = opening._read
        monkeypatch.setattr(opening, "_read", lambda *rest: (read(*rest), grow(path))[0])
        assert xentcli.score("-", input_format="csv").source.rows == ROWS


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_the_files_of_proc_are_read_and_not_watched(tmp_path):
    link = tmp_path / "status.txt"
    link.symlink_to("/proc/self/status")
    for path in (link, "/proc/self/status"):
        found = xentcli.inspect(path, input_format="txt", separator=":", header=False)
        assert found.source.columns == ("f0", "f1")
        assert found.source.rows > 10


def test_an_empty_file_that_grows_is_watched(tmp_path):
    path = tmp_path / "p.csv"
    path.touch()

    def read():
        with unchanged_inputs():
            blob_of(str(path))
            grow(path)

    with pytest.raises(UnreadableError, match="grew while it was read"):
        read()


def test_a_file_that_changes_outside_of_a_run_is_none_of_its_business(tmp_path):
    path = saved(tmp_path / "p.csv")
    table = opening.as_table(path)
    grow(path)
    assert table.names == ("y", "p")
    with unchanged_inputs():
        assert xentcli.score(path).source.rows == ROWS + 1
