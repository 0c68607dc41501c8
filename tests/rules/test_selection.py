"""Which findings speak: by code, by the beginning of codes, by name; from flags, the file and the library."""

import pandas as pd
import pytest

import xentcli

DATA = pd.DataFrame({"label": [0, 1] * 10, "p_0": [0.5, 0.4] * 10, "p_1": [0.5, 0.6] * 10})
"""Ten rows on the threshold (XE411), of twenty (XE410)."""


def codes(**options):
    return {one.code for one in xentcli.score(DATA, **options).findings}


def test_without_a_choice_all_speak():
    assert {"XE410", "XE411"} <= codes()


@pytest.mark.parametrize("select", ["XE411", "xe411", "scores-on-threshold", ["XE411", "XE1"], ("XE41", "XE3")])
def test_only_what_is_selected_speaks(select):
    assert "XE411" in codes(select=select)
    assert codes(select=select) <= {"XE108", "XE410", "XE411", "XE412"}


def test_what_is_ignored_does_not_speak_even_if_it_is_selected():
    assert codes(select="XE41", ignore="XE410") == {"XE411"}
    assert codes(ignore=["XE"]) == set()
    assert codes(ignore="small-sample") == codes() - {"XE410"}


@pytest.mark.parametrize("command", ["score", "inspect"])
@pytest.mark.parametrize("flag", ["--select", "--ignore"])
def test_an_unknown_code_is_a_usage_error_with_the_closest(xent, tmp_path, command, flag):
    path = tmp_path / "p.csv"
    DATA.to_csv(path, index=False)
    ran = xent(command, path, flag, "small-sampel")
    assert (ran.status, ran.out) == (2, "")
    assert f"{flag} 'small-sampel' is no finding" in ran.err
    assert "did you mean small-sample?" in ran.err
    assert "did you mean XE411?" in xent(command, path, flag, "XE4111").err
    assert xent(command, path, flag, "").status == 2


def test_flags_repeat_and_come_before_the_file(xent, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    DATA.to_csv("p.csv", index=False)
    (tmp_path / "xent.toml").write_text('select = ["XE4"]\nignore = "XE410"\n')

    def found(*options):
        ran = xent("score", "p.csv", "-f", "json", *options, isolated=False)
        return {one["code"] for one in ran.document()["findings"]}

    assert "XE411" in found()
    assert "XE410" not in found()
    assert found("--ignore", "XE411", "--ignore", "XE40") == {"XE410"}
    assert found("--select", "XE410", "--isolated") == {"XE410"}


def test_inspect_speaks_of_what_is_selected(xent, tmp_path):
    path = tmp_path / "l.csv"
    path.write_text("label\n" + "1\n2\n3\n" * 30)
    assert "XE101" in xent("inspect", path, "--select", "XE10").out
    assert "XE101" not in xent("inspect", path, "--ignore", "one-based-indices").out
