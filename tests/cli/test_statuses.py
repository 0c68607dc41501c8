"""How the process ends: the statuses that are promised, seen from outside."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent.parent.parent / "sample_data"
TOOL = [sys.executable, "-m", "xentcli"]


def status(*arguments):
    return subprocess.run([*TOOL, *map(str, arguments)], capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--version"], 0),
        (["-h"], 0),
        (["inspect", SAMPLE / "labels_names.csv"], 0),
        (["inspect", SAMPLE / "labels_names.csv", "--label", ":0", "--exit-zero"], 0),
        (["score", SAMPLE / "preds_binary.csv"], 0),
        ([], 2),
        (["scroe"], 2),
        (["score", SAMPLE / "broken" / "ragged.csv"], 2),
        (["score", SAMPLE / "broken" / "ragged.csv", "--exit-zero"], 2),
    ],
)
def test_the_process_ends_with_the_status_that_is_promised(arguments, expected):
    assert status(*arguments) == expected


def test_a_bare_call_explains_the_tool_where_errors_go(xent):
    ran = xent()
    assert (ran.status, ran.out) == (2, "")
    assert "Usage: xent" in ran.err
    assert "score" in ran.err


def test_an_interrupt_ends_a_run_at_once_without_a_traceback(tmp_path):
    path = tmp_path / "fifo"
    subprocess.run(["mkfifo", path], check=True)
    run = subprocess.Popen([*TOOL, "score", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with path.open("w"):  # opens once the tool reads
        time.sleep(0.1)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=20)
    assert (run.returncode, out, err) == (130, b"", b"interrupted\n")


def test_contradicting_options_for_the_configuration_are_refused(xent, sample):
    ran = xent("score", sample / "preds_binary.csv", "--config", "x.toml")
    assert ran.status == 2
    assert ran.err.startswith("error: --config and --isolated contradict each other\n")


def test_a_working_folder_that_is_gone_does_not_matter(tmp_path):
    script = f'mkdir "{tmp_path}/gone" && cd "{tmp_path}/gone" && rmdir "{tmp_path}/gone" && exec "$@"'
    command = ["bash", "-c", script, "bash", *TOOL, "score", str(SAMPLE / "preds_binary.csv"), "-f", "concise"]
    root = str(SAMPLE.parent)
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": root})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "accuracy=0.88" in ran.stdout


def test_a_framework_is_checked_whatever_the_format(xent, sample):
    ran = xent("inspect", sample / "labels_names.csv", "--framework", "kears", "-f", "json")
    assert ran.status == 2
    assert ran.out == ""
    assert "did you mean 'keras'?" in ran.err
