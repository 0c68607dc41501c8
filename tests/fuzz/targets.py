"""What is fuzzed: functions of some bytes that may raise nothing but `XentError`.

Each writes the bytes to a file of its format and hands it to the public functions, as a user would. Seeds are small
files in `seeds/`, a folder per target; every one is also a test of the gate (`tests/fuzz/test_seeds.py`), so that a
fault that was found once stays found.
"""

import contextlib
import io
import tempfile
from pathlib import Path

import xentcli
from xentcli.cli import main
from xentcli.errors import ExitStatus, XentError

SEEDS = Path(__file__).parent / "seeds"
_TEMPORARY = tempfile.TemporaryDirectory(prefix="xent-fuzz-")
FOLDER = Path(_TEMPORARY.name)
PREDICTIONS = "label,p_cat,p_dog\ncat,0.7,0.3\ndog,0.4,0.6\ndog,0.2,0.8\n"
CONFIG = ("check", "--config", str(FOLDER / "xent.toml"), "-f", "json")


def read(name, content):
    """Inspect and score a file that holds some bytes, and write the reports as documents."""
    path = FOLDER / name
    path.write_bytes(content)
    for command in xentcli.inspect, xentcli.score:
        with contextlib.suppress(XentError):
            command(path).to_dict()
    with contextlib.suppress(XentError):
        xentcli.encode(path, to="class-names")


def text(content):
    """Read delimited text."""
    read("a.csv", content)


def json(content):
    """Read JSON lines, and an array of objects."""
    read("a.jsonl", content)
    read("a.json", content)


def npy(content):
    """Read an array, or an archive of arrays."""
    read("a.npz" if content.startswith(b"PK") else "a.npy", content)


def arrow(content):
    """Read an IPC file, or a stream."""
    read("a.arrow", content)


def parquet(content):
    """Read Parquet."""
    read("a.parquet", content)


def config(content):
    """Check predictions against limits; the command ends with a status of its own, never as a bug."""
    (FOLDER / "preds.csv").write_text(PREDICTIONS)
    (FOLDER / "xent.toml").write_bytes(content)
    said = io.StringIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())), contextlib.redirect_stderr(said):
        status = main.main([*CONFIG, "--debug"])
    if status == ExitStatus.BUG:
        raise AssertionError(said.getvalue())


TARGETS = {one.__name__: one for one in (text, json, npy, arrow, parquet, config)}
