"""What a reader is not sure of is told on stderr and in the report on stdout, whatever the command and the form."""

import pytest

BYTES = "label,p_café,p_thé\n".encode("latin-1") + "café,0.9,0.1\nthé,0.2,0.8\n".encode("latin-1") * 20
NOTE = "not UTF-8 (byte 0xe9 in line 1): read as Latin-1"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with predictions, and labels of their own, that are no UTF-8."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.csv").write_bytes(BYTES)
    (tmp_path / "l.csv").write_bytes(b"label\n" + "café\nthé\n".encode("latin-1") * 20)
    (tmp_path / "s.csv").write_text("p_café,p_thé\n" + "0.9,0.1\n0.2,0.8\n" * 20)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        ["inspect", "p.csv"],
        ["score", "p.csv"],
        ["encode", "p.csv", "--to", "one-hot", "-o", "y.csv"],
        ["check", "p.csv", "--max", "loss=9"],
        ["compare", "p.csv", "p.csv"],
    ],
)
@pytest.mark.usefixtures("folder")
def test_invalid_utf8_that_is_read_as_latin_1_is_said_on_both_streams(xent, command):
    for form in ("full", "json", "concise", "markdown"):
        ran = xent(*command, "-f", form)
        assert ran.status == 0
        assert ran.err == f"warning: p.csv: {NOTE}\n"
        assert "read as Latin-1" in ran.out


@pytest.mark.usefixtures("folder")
def test_a_file_of_labels_is_told_by_its_own_name(xent):
    ran = xent("score", "s.csv", "--labels", "l.csv")
    assert ran.status == 0
    assert ran.err == "warning: l.csv: not UTF-8 (byte 0xe9 in line 2): read as Latin-1\n"


@pytest.mark.usefixtures("folder")
def test_what_is_utf8_is_not_doubted(xent, folder):
    (folder / "u.csv").write_text(BYTES.decode("latin-1"), encoding="utf-8")
    assert xent("inspect", "u.csv").err == ""


@pytest.mark.usefixtures("folder")
def test_a_baseline_is_told_by_its_own_name(xent, folder):
    (folder / "u.csv").write_text(BYTES.decode("latin-1"), encoding="utf-8")

    ran = xent("check", "u.csv", "--baseline", "p.csv", "--max-regression", "loss=0.1")

    assert ran.status == 0
    assert ran.err == f"warning: p.csv: {NOTE}\n"
