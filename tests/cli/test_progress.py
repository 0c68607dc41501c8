"""Progress: a line on a terminal once a run has lasted, and nothing anywhere else."""

import io
from types import SimpleNamespace

import pytest

import xentcli
from xentcli.cli import progress


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self):
        """See `io.IOBase.isatty`."""
        return True

    @property
    def text(self):
        """All that was written."""
        return self.getvalue()


@pytest.fixture
def terminal(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=stream))
    monkeypatch.setattr(progress.output, "to_stderr", stream.write)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def test_a_short_run_shows_nothing(terminal):
    with progress.shown() as told:
        told(1_000, 2_000)
    assert terminal.text == ""


def test_a_long_run_shows_its_rows_and_wipes_them(terminal, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "PERIOD", 0.0)
    with progress.shown() as told:
        told(1_000, 4_000)
        told(1_000, 4_000)
    assert "1,000 rows of 4,000 (25 %), 0 s" in terminal.text
    assert "2,000 rows of 4,000 (50 %)" in terminal.text
    assert terminal.text.endswith("\r\x1b[2K")


def test_rows_are_counted_where_their_number_is_unknown(terminal, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with progress.shown() as told:
        told(123_456, None)
    assert "123,456 rows, 0 s" in terminal.text


def test_a_second_pass_starts_anew(terminal, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "PERIOD", 0.0)
    with progress.shown() as told:
        told(100, 100)
        told(30, 100)
    assert "100 rows of 100 (100 %)" in terminal.text
    assert "30 rows of 100 (30 %)" in terminal.text


@pytest.mark.parametrize("term", ["dumb", None])
def test_what_is_no_terminal_sees_nothing(monkeypatch, capsys, term):
    monkeypatch.setenv("TERM", term or "xterm")
    with progress.shown() as told:
        assert told is None
    assert capsys.readouterr().err == ""


def test_a_run_tells_of_all_rows(sample):

    seen = []
    xentcli.score(str(sample / "preds_digits.parquet"), progress=lambda rows, total: seen.append((rows, total)))
    assert sum(rows for rows, _ in seen) == 450
    assert {total for _, total in seen} == {450}
