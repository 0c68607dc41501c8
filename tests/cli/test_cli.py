"""The command line: statuses, streams, formats, files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import xentcli
from xentcli.cli import main, output
from xentcli.errors import UnreadableError
from xentcli.options.forms import Color

ROOT = Path(__file__).parent.parent.parent
TOOL = [sys.executable, "-m", "xentcli"]


def run(*arguments, shell=None, **environment):
    plain = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR"}}
    command = shell or [*TOOL, *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, shell=bool(shell), cwd=ROOT, env=plain | environment,
        executable="/bin/bash" if shell else None,
    )  # fmt: skip


def test_the_version_and_the_help_answer(xent):
    assert xent("--version").out == f"xent {xentcli.__version__}\n"
    assert "inspect" in xent("-h").out
    for flag in ("--label", "--scores", "--classes", "--skip-bad-rows", "--confidence-level", "--input-format"):
        assert flag in xent("score", "--help").out


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["scroe", "x.csv"], "there is no command 'scroe'", "did you mean score?"),
        (["score", "x.csv", "--lable", "a"], "there is no option --lable", "did you mean --label?"),
        (["score"], "missing argument", "see xent score --help"),
        (["score", "x.csv", "-f", "yaml"], "no format 'yaml'", "the formats are full, concise, json, markdown, html"),
        (["score", "x.csv", "--threshold", "high"], "threshold", "see xent score --help"),
        (["score", "x.csv", "--qqqqq"], "there is no option --qqqqq", "see xent score --help"),
    ],
)
def test_usage_errors_have_the_tools_own_form(xent, arguments, message, hint):
    ran = xent(*arguments)
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.startswith("error: ")
    assert message in ran.err
    assert f"help: {hint}\n" in ran.err


def test_errors_go_to_stderr_and_to_every_output_file(xent, tmp_path):
    report, text = tmp_path / "r.json", tmp_path / "r.txt"
    report.write_text("old")
    ran = xent("score", "nowhere.csv", "-o", report, f"--output={text}", f"-ojson={tmp_path / 'second'}")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "error: nowhere.csv: no such file\n"
    document = json.loads(report.read_text())
    assert document["schema"] == "xent.error/1"
    assert document["error"]["path"] == "nowhere.csv"
    assert document["exit_status"] == 2
    assert text.read_text() == ran.err
    assert json.loads((tmp_path / "second").read_text()) == document


def test_even_a_usage_error_replaces_an_old_report(xent, tmp_path):
    report = tmp_path / "r.json"
    assert xent("score", "--nonsense", "-o", report).status == 2
    assert json.loads(report.read_text())["error"]["kind"] == "UsageError"
    assert xent("score", "x.csv", "--nonsense", "--", "-o", tmp_path / "none.json").status == 2
    assert not (tmp_path / "none.json").exists()


def test_outputs_are_written_beside_what_stdout_shows(xent, sample, tmp_path):
    file = sample / "preds_digits.csv"
    ran = xent(
        "score",
        file,
        "-f",
        "concise",
        "-o",
        tmp_path / "a.json",
        "-o",
        tmp_path / "b.md",
        "-o",
        f"full={tmp_path / 'c'}",
    )
    assert ran.out.startswith(f"{file}: multiclass loss=0.3999 accuracy=0.9422 read=450")
    document = json.loads((tmp_path / "a.json").read_text())
    assert document["rows"]["read"] == 450
    assert "| class |" in (tmp_path / "b.md").read_text()
    assert "Multi-class classification" in (tmp_path / "c").read_text()


def test_a_report_never_overwrites_an_input(xent, tmp_path):
    file = tmp_path / "p.csv"
    file.write_text("y,p\n1,0.5\n0,0.5\n")
    ran = xent("score", file, "-o", file)
    assert ran.status == 2
    assert "would overwrite an input" in ran.err
    assert file.read_text().startswith("y,p")


def test_a_report_that_cannot_be_written_is_an_error(xent, sample, tmp_path):
    ran = xent("score", sample / "preds_digits.csv", "-o", tmp_path / "no" / "r.json")
    assert ran.status == 2
    assert "r.json" in ran.err


def test_inspect_exits_one_where_there_is_no_target(xent, tmp_path):
    np.save(tmp_path / "wages.npy", np.random.default_rng(1).normal(size=300))
    ran = xent("inspect", tmp_path / "wages.npy")
    assert ran.status == 1
    assert "no classification target" in ran.out
    assert xent("inspect", tmp_path / "wages.npy", "--exit-zero").status == 0
    assert xent("inspect", "nowhere.npy", "--exit-zero").status == 2


def test_every_command_gives_valid_json_concise_and_markdown(xent, sample):
    for name in ("labels_names.csv", "labels_tags.parquet", "labels_soft.csv", "labels_one_hot.csv"):
        assert xent("inspect", sample / name, "-f", "json").document()["task"]["kind"] is not None
        lines = xent("inspect", sample / name, "-f", "concise").out.splitlines()
        assert all(" XE" in line for line in lines[1:])
        assert "classes=" in lines[0]
        assert xent("inspect", sample / name, "-f", "markdown", "--framework", "keras").out.startswith("### ")
    for name in ("preds_binary.csv", "preds_multilabel.csv", "preds_keras_trap.parquet"):
        assert xent("score", sample / name, "-f", "json").document()["rows"]["bad"] == 0
        assert "accuracy" in xent("score", sample / name, "--all").out


def test_a_framework_without_advice_is_met_with_the_closest_one(xent, sample):
    ran = xent("inspect", sample / "labels_names.csv", "--framework", "kears")
    assert ran.status == 2
    assert "did you mean 'keras'?" in ran.err
    assert "criterion" in xent("inspect", sample / "labels_names.csv", "--framework", "torch").out


def test_a_configuration_file_gives_options_and_flags_come_first(xent, tmp_path, monkeypatch):
    (tmp_path / "xent.toml").write_text('label = "truth"\npositive = "no"\n')
    (tmp_path / "p.csv").write_text("truth,score,remark\nno,0.2,yes\nyes,0.7,no\n")
    monkeypatch.chdir(tmp_path)
    document = xent("score", "p.csv", "--scores", "score", "-f", "json", isolated=False).document()
    assert document["task"]["positive"] == "no"
    flagged = xent("score", "p.csv", "--scores", "score", "--positive", "yes", "-f", "json", isolated=False).document()
    assert flagged["task"]["positive"] == "yes"
    assert xent("score", "p.csv", "--scores", "score", "-f", "json").document()["task"]["positive"] == "yes"


def test_a_bug_is_one_line_and_status_three(xent, sample, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("by \x1b[31m zero")

    monkeypatch.setattr("xentcli.api.scoring.score", broken)
    ran = xent("score", sample / "preds_binary.csv")
    assert ran.status == 3
    assert ran.err.startswith("error: a bug in xent: ZeroDivisionError: by \\x1b[31m zero\n")
    assert "Traceback" not in ran.err
    assert "Traceback" in xent("score", sample / "preds_binary.csv", "--debug").err
    assert "Traceback" in xent("score", "nowhere.csv", "--debug").err


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt, 130), (MemoryError, 2)])
def test_interrupts_and_exhaustion_have_their_statuses(xent, sample, monkeypatch, error, status):
    def stopped(*_, **__):
        raise error

    monkeypatch.setattr("xentcli.api.scoring.score", stopped)
    assert xent("score", sample / "preds_binary.csv").status == status


def test_colour_follows_its_precedence(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    assert not output.wants_colour(Color.AUTO)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert output.wants_colour(Color.AUTO)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not output.wants_colour(Color.AUTO)
    assert output.wants_colour(Color.ALWAYS)
    assert not output.wants_colour(Color.NEVER)


def test_a_terminal_gets_the_console_view(xent, sample, monkeypatch):
    monkeypatch.setattr(output, "is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    ran = xent("score", sample / "preds_digits.parquet", "--color", "always")
    assert "\x1b[" in ran.out
    plain = xent("score", sample / "preds_digits.parquet")
    assert "\x1b[" not in plain.out
    assert max(len(line) for line in plain.out.splitlines()) <= 80


def test_a_reader_that_goes_away_changes_nothing():
    tool = f"{sys.executable} -m xentcli"
    ran = run(shell=f"set -o pipefail; {tool} score sample_data/preds_digits.csv | head -1; echo ${{PIPESTATUS[0]}}")
    assert ran.stdout.splitlines()[-1] == "0"
    assert ran.stderr == ""
    closed = run(shell=f"{tool} score sample_data/preds_digits.csv >&-; echo $? >&2")
    assert closed.stderr == "0\n"
    full = run(shell=f"{tool} score sample_data/preds_digits.csv >/dev/full; echo $? >&2")
    assert full.stderr.endswith("2\n")
    assert "<stdout>: cannot be written" in full.stderr


def test_standard_input_is_read(sample):
    with (sample / "preds_digits.csv").open() as file:
        ran = subprocess.run(
            [*TOOL, "score", "-", "-f", "concise"], stdin=file, capture_output=True, text=True, check=True
        )
    assert "loss=0.3999 accuracy=0.9422" in ran.stdout


def test_start_up_imports_only_what_it_needs(tmp_path):
    (tmp_path / "labels.csv").write_text("label\n" + "cat\ndog\n" * 100)
    code = (
        "import sys\nfrom xentcli.cli import main\nstatus = main.main(sys.argv[1:])\n"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    )
    for arguments in (["--help"], ["inspect", str(tmp_path / "labels.csv")]):
        ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        loaded = set(ran.stderr.splitlines())
        assert not loaded & {"pandas", "pyarrow.dataset", "rich.console", "rich.table", "jinja2", "markdown_it"}
        assert not [name for name in loaded if name.startswith(("xentcli.views.html", "xentcli.views.figures"))]
        if arguments == ["--help"]:
            assert not loaded & {"numpy", "pyarrow", "rich"}


def test_a_full_disk_under_stdout_is_an_error(monkeypatch):
    class Full:
        def write(self, _):
            raise OSError(28, "No space left on device")

        def flush(self):
            """Never reached."""

        def fileno(self):
            raise ValueError

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(UnreadableError, match="No space left"):
        output.to_stdout("x")
    monkeypatch.setattr(sys, "stdout", None)
    output.to_stdout("x")
    monkeypatch.setattr(sys, "stderr", None)
    output.to_stderr("x")
    assert main.main(["score", "nowhere.csv"]) == 2


def test_the_entrance_exits_with_the_status(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["xent", "score", "nowhere.csv"])
    with pytest.raises(SystemExit) as caught:
        main.run()
    assert caught.value.code == 2


def test_a_report_goes_to_a_pipe_by_name():
    ran = run(
        shell=f"{sys.executable} -m xentcli score sample_data/preds_binary.csv -f concise -o json=/dev/stdout | head -2"
    )
    assert ran.stdout.startswith('{\n  "schema": "xent.score/1"')
    assert ran.stderr == ""
