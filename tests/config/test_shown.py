"""Where each value came from: the file's line, a flag, or nobody."""

import inspect
import tomllib

import xentcli
from xentcli import config
from xentcli.config.flags import flag_limits
from xentcli.config.model import ModelSettings
from xentcli.config.shown import ShownValue, shown
from xentcli.config.table import SETTINGS
from xentcli.config.toml import toml_text

FILE = """predictions = ["a.csv", "b.csv"]
label = "y"
threshold = 0.4
[class-weights]
"big cat" = 2

[checks."no regression"]
metric = "loss"
max = 0.5
max-regression = "2.3%"
[checks.recall]
metric = "recall"
by = "class"
min = 0.7
overrides = { eel = 0.55, "a.b" = 0.1 }
"""


def rows(found):
    return [(row.key, row.value, row.source) for row in found]


def test_every_option_is_told_with_its_source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "xent.toml").write_text(FILE)
    (model,) = config.load_project().models
    found = {row.key: row for row in shown(model, {"header": False, "skip_bad_rows": True, "label": None, "id": "i"})}
    assert [key for key in found if not key.startswith("checks")] == ["predictions", "baseline", *SETTINGS]
    assert found["predictions"] == ShownValue("predictions", '["a.csv", "b.csv"]', "xent.toml:1")
    assert found["label"] == ShownValue("label", '["y"]', "xent.toml:2")
    assert found["threshold"] == ShownValue("threshold", "0.4", "xent.toml:3")
    assert found["class-weights"] == ShownValue("class-weights", '{ "big cat" = 2.0 }', "xent.toml:4")
    assert found["header"] == ShownValue("header", "false", "--no-header")
    assert found["skip-bad-rows"] == ShownValue("skip-bad-rows", "true", "--skip-bad-rows")
    assert found["id"] == ShownValue("id", '"i"', "--id")
    assert found["confidence-level"] == ShownValue("confidence-level", "0.95", "default")
    assert found["weight"] == ShownValue("weight", None, "default")
    assert found["baseline"] == ShownValue("baseline", None, "default")


def test_every_key_of_a_limit_is_told_with_its_source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "xent.toml").write_text(FILE)
    (model,) = config.load_project().models
    flags = flag_limits(minimums=["accuracy=0.9"], maximums=["loss=0.45"])
    found = rows(shown(model, {}, flags)[2 + len(SETTINGS) :])
    assert found == [
        ('checks."no regression".metric', '"loss"', "xent.toml:8"),
        ('checks."no regression".max', "0.45", "--max"),
        ('checks."no regression".max-regression', '"2.3%"', "xent.toml:10"),
        ('checks."no regression".bound', '"point"', "default"),
        ('checks."no regression".level', '"fail"', "default"),
        ('checks."no regression".inconclusive', '"warn"', "default"),
        ("checks.recall.metric", '"recall"', "xent.toml:12"),
        ("checks.recall.min", "0.7", "xent.toml:14"),
        ("checks.recall.by", '"class"', "xent.toml:13"),
        ("checks.recall.overrides.eel", "0.55", "xent.toml:15"),
        ('checks.recall.overrides."a.b"', "0.1", "xent.toml:15"),
        ("checks.recall.min-count", "0", "default"),
        ("checks.recall.bound", '"point"', "default"),
        ("checks.recall.level", '"fail"', "default"),
        ('checks."min accuracy".metric', '"accuracy"', "--min"),
        ('checks."min accuracy".min', "0.9", "--min"),
        ('checks."min accuracy".bound', '"point"', "default"),
        ('checks."min accuracy".level', '"fail"', "default"),
    ]


def test_what_is_shown_is_a_file_that_says_the_same(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "xent.toml").write_text(FILE)
    found = shown(config.load_project().models[0])
    text = "".join(f"{row.key} = {row.value}\n" for row in found if row.value is not None)
    tomllib.loads(text)
    (tmp_path / "again.toml").write_text(text)
    again = shown(config.load_project("again.toml").models[0])
    assert [(row.key, row.value) for row in again] == [(row.key, row.value) for row in found]


def test_without_a_file_all_comes_from_flags_or_nobody():
    found = shown(
        ModelSettings(), {"predictions": ("p.csv",), "baseline": "b.json"}, flag_limits(regressions=["mcc=1"])
    )
    assert rows(found)[:2] == [("predictions", '["p.csv"]', "FILES"), ("baseline", '"b.json"', "--baseline")]
    assert {row.source for row in found[2:-4]} == {"default"}
    assert rows(found)[-4:] == [
        ('checks."max-regression mcc".metric', '"mcc"', "--max-regression"),
        ('checks."max-regression mcc".max-regression', "1.0", "--max-regression"),
        ('checks."max-regression mcc".level', '"fail"', "default"),
        ('checks."max-regression mcc".inconclusive', '"warn"', "default"),
    ]


def test_the_defaults_are_those_of_the_library():
    held = inspect.signature(xentcli.score).parameters
    found = {one.key: one.value for one in shown(ModelSettings())[2:]}
    given = {key: held[one.name].default for key, one in SETTINGS.items()}
    assert found == {key: None if value in (None, ()) else toml_text(value) for key, value in given.items()}
    assert (found["threshold"], found["normalize"], found["label"]) == ("0.5", "false", None)
