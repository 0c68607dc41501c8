"""Reports never replace what is read, and JSON is valid on every stream."""

import json
import os
import subprocess
import sys

import pytest

ROWS = "y,p\n1,0.9\n0,0.2\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with an input, and a folder of two more."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    for name in ("p.csv", "d/a.csv", "d/b.csv"):
        (tmp_path / name).write_text(ROWS)
    (tmp_path / "l.csv").write_text("y\n1\n0\n")
    (tmp_path / "names").write_text("0\n1\n")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (["score", "p.csv", "-o", "p.csv"], "p.csv"),
        (["score", "d", "-o", "d/a.csv"], "d/a.csv"),
        (["score", "d/*.csv", "-o", "json=d/b.csv"], "d/b.csv"),
        (["score", "d/a.csv", "--labels", "l.csv", "-o", "l.csv"], "l.csv"),
        (["score", "p.csv", "--classes", "@names", "-o", "full=names"], "names"),
        (["inspect", "l.csv", "--classes", "@names", "-o", "names"], "names"),
    ],
)
def test_a_report_over_an_input_is_refused(xent, folder, arguments, kept):
    held = (folder / kept).read_text()
    ran = xent(*arguments)
    assert ran.status == 2
    assert ran.err == f"error: -o {kept} would overwrite an input\nhelp: write the report elsewhere\n"
    assert (folder / kept).read_text() == held


def test_labels_that_the_configuration_names_are_inputs_too(xent, folder):
    (folder / "xent.toml").write_text('labels = "l.csv"\n')
    ran = xent("score", "d/a.csv", "-o", "l.csv", "-o", "other.json", isolated=False)
    assert "-o l.csv would overwrite an input" in ran.err
    assert (folder / "l.csv").read_text() == "y\n1\n0\n"
    assert json.loads((folder / "other.json").read_text())["error"]["kind"] == "OverwriteError"


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (["score", "p.csv", "--nonsense", "-o", "p.csv"], "p.csv"),
        (["score", "d", "--nonsense", "-od/a.csv"], "d/a.csv"),
        (["score", "d/*.csv", "--nonsense", "--output=d/a.csv"], "d/a.csv"),
        (["score", "d/a.csv", "--labels=l.csv", "--nonsense", "-o", "l.csv"], "l.csv"),
        (["score", "d/a.csv", "--classes", "@names", "--nonsense", "-o", "names"], "names"),
        (["score", "nowhere.csv", "p.csv", "-o", "p.csv"], "p.csv"),
    ],
)
def test_an_error_is_not_written_over_an_input_either(xent, folder, arguments, kept):
    held = (folder / kept).read_text()
    assert xent(*arguments).status == 2
    assert (folder / kept).read_text() == held


CONFIGURED = "[models.a]\npredictions = 'p.csv'\n[models.b]\npredictions = 'd'\n[checks.a]\nmetric = 'loss'\nmax = 1\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--show-config"],
        ["check", "--model", "a"],
        ["check", "--model", "typo"],
        ["check", "--min", "foo"],
        ["check", "--nonsense"],
        ["check", "l.csv", "--model", "a"],
        ["compare", "d/a.csv", "d/b.csv", "--config", "other.toml"],
    ],
)
@pytest.mark.parametrize("kept", ["xent.toml", "p.csv", "d/b.csv"])
def test_nothing_is_written_over_the_configuration_or_what_any_of_its_models_reads(xent, folder, arguments, kept):
    (folder / "xent.toml").write_text(CONFIGURED)
    (folder / "other.toml").write_text('labels = "p.csv"\nclasses = "@xent.toml"\n')
    held = (folder / kept).read_text()
    assert xent(*arguments, "-o", f"full={kept}", isolated=False).status == 2
    assert (folder / kept).read_text() == held


@pytest.mark.parametrize("command", [["score", "p.csv"], ["inspect", "l.csv"], ["compare", "d/a.csv", "d/b.csv"]])
@pytest.mark.parametrize("more", [[], ["--config", "xent.toml"]])
def test_a_report_of_scores_is_not_written_over_the_configuration_file(xent, folder, command, more):
    (folder / "xent.toml").write_text("threshold = 0.5\n")
    ran = xent(*command, *more, "-o", "full=xent.toml", isolated=False)
    assert (ran.status, ran.err.splitlines()[0]) == (2, "error: -o xent.toml would overwrite an input")
    assert (folder / "xent.toml").read_text() == "threshold = 0.5\n"


@pytest.mark.parametrize(
    "text",
    [
        "predictons = 'p.csv'\n",
        "predictions = p.csv  # not quoted\n",
        "predictions = 'p.csv'\n[checks\n",
        'predictions = "p.csv\nbaseline = "b"\n',
        'predictions = [\'d/a.csv, "p.csv"]\n',
        f"baseline = 'p.csv'\nthreshold = 1{'0' * 5000}\n",
        "labels = 'p.csv'\npredictions = 3\n",
        "class-weights = '@p.csv'\npredictions = 3\n",
    ],
)
@pytest.mark.parametrize("name", ["xent.toml", "pyproject.toml"])
def test_a_configuration_with_mistakes_still_keeps_its_files_and_old_reports_go(xent, folder, text, name):
    (folder / name).write_text(f"[tool.xent]\n{text.replace('[models', '[tool.xent.models')}" if "py" in name else text)
    (folder / "old.json").write_text('{"passed": true}')
    held = {one: (folder / one).read_text() for one in (name, "p.csv")}
    ran = xent("check", "-o", "full=p.csv", "-o", f"full={name}", "-o", "old.json", isolated=False)
    assert ran.status == 2
    assert {one: (folder / one).read_text() for one in held} == held
    assert json.loads((folder / "old.json").read_text())["schema"] == "xent.error/1"


def test_an_error_that_cannot_be_written_is_told_after_the_first(xent, folder):
    ran = xent("score", "nowhere.csv", "-o", folder / "no" / "r.json")
    assert ran.status == 2
    assert ran.err.startswith("error: nowhere.csv: no such file\nerror: ")
    assert "r.json" in ran.err


def test_a_report_that_cannot_be_written_is_told_once(xent, folder):
    ran = xent("score", "p.csv", "-o", "no/r.json", "-o", "yes.json")
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.count("no/r.json") == 1
    assert json.loads((folder / "yes.json").read_text())["error"]["path"] == "no/r.json"


@pytest.mark.parametrize("value", ["", "json=", "-"])
def test_an_output_without_a_file_is_refused(xent, folder, value):
    ran = xent("score", "p.csv", "-o", value)
    assert ran.status == 2
    assert ran.err.startswith("error: -o names no file: ")
    assert ran.err.count("\n") == 2
    assert not (folder / "-").exists()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_is_valid_in_the_encoding_of_every_stream(folder, encoding):
    names = ["caf\u00e9", "\u732b", "\x9b31m\u202e"]
    (folder / "u.csv").write_text("label\n" + "".join(f"{name}\n" for name in names * 3), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "xentcli", "inspect", "u.csv", "-f", "json", "-o", "u.json"],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )
    document = json.loads(ran.stdout.decode(encoding))
    assert sorted(document["task"]["classes"]) == sorted(names)
    assert b"\xc2\x9b" not in ran.stdout
    written = (folder / "u.json").read_text(encoding="utf-8")
    assert json.loads(written) == document
    assert "\u732b" in written
    assert "\u202e" not in written


@pytest.mark.parametrize(
    "command",
    [["score", "p.csv", "-o", "ro/r.json"], ["encode", "l.csv", "--to", "one-hot", "-o", "ro/y.csv"]],
    ids=lambda one: one[0],
)
def test_a_mount_that_cannot_be_written_is_told_in_one_line(folder, command):
    (folder / "ro").mkdir()
    mounted = ["unshare", "--mount", "sh", "-c", 'mount --bind ro ro && mount -o remount,ro,bind ro && exec "$@"', "sh"]
    try:
        if subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode:
            pytest.skip("mounts cannot be made here")
    except FileNotFoundError:
        pytest.skip("there is no unshare")
    ran = subprocess.run(
        [*mounted, sys.executable, "-m", "xentcli", *command, "--isolated"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "cannot be written: Read-only file system" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list((folder / "ro").iterdir()) == []
