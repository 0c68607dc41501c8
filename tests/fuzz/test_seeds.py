"""The seeds of the fuzzers, and the inputs that once were faults: nothing but `XentError` comes of any."""

import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.targets import SEEDS, TARGETS

FILES = sorted(path for path in SEEDS.glob("*/*") if path.is_file())
CRASHED = [path for path in FILES if path.parent.name == "parquet" and path.name.startswith("fault_")]
"""Those at which a library written in C++ ended the process: another process reads them."""

ONE = (
    "import sys; from pathlib import Path; from fuzz.targets import TARGETS; "
    "TARGETS[sys.argv[1]](Path(sys.argv[2]).read_bytes())"
)


@pytest.mark.parametrize("path", sorted(set(FILES) - set(CRASHED)), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_seed_is_read_or_refused(path):
    assert TARGETS[path.parent.name](path.read_bytes()) is None


@pytest.mark.parametrize("path", CRASHED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_seed_that_ended_the_process_is_read_or_refused(path):
    run = subprocess.run(
        [sys.executable, "-c", ONE, path.parent.name, path], cwd=Path(__file__).parents[1], capture_output=True,
        check=False,
    )  # fmt: skip

    assert (run.returncode, run.stderr.decode()) == (0, "")


def test_every_target_has_seeds():
    assert {path.parent.name for path in FILES} == set(TARGETS)
