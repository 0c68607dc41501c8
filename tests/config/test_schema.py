"""The JSON Schema of xent.toml: editors are told what the loader would say."""

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
from documents import PAGES

import xentcli
from xentcli import config
from xentcli.config.schema import FILE_NAME, schema, schema_text
from xentcli.config.table import SETTINGS
from xentcli.errors import ConfigError
from xentcli.gate.init import first_file

ROOT = Path(__file__).parent.parent.parent
VALIDATOR = jsonschema.Draft7Validator(schema())
LIMIT = '[checks.a]\nmetric = "loss"\n'

RIGHT = (
    "",
    'label = ["a", "b"]\nscores = "p_"\nclasses = ["a", "b"]\nignore-label = -100\nmemory = 1000\nthreshold = 1\n',
    'classes = "@names"\nclass_weights = { a = 1, "big cat" = 2.5 }\nnull_values = ["?"]\ntask = "binary"\n',
    'class-weights = "balanced"\nheader = false\npredictions = ["a.csv", "b.csv"]\nbaseline = "b.parquet"\n',
    LIMIT + "max = 0.5\nbound = 'interval'\nlevel = 'warn'\n",
    LIMIT + "max-regression = '2.3%'\ninconclusive = 'fail'\n",
    LIMIT + "max_regression = 0\nby = 'country'\nmin_count = 5\noverrides = { de = 0.1 }\n",
    "[models.a]\npredictions = 'a.csv'\nscale = 'logits'\n[models.a.checks.b]\nmetric = 'accuracy'\nmin = 0.5\n",
)
WRONG = (
    "treshold = 0.5\n",
    'threshold = "0.5"\n',
    "normalize = 1\n",
    "label = 3\n",
    "label = [1]\n",
    "separator = 5\n",
    "memory = 1.5\n",
    "class-weights = { a = 'b' }\n",
    "class-weights = {}\n",
    "predictions = []\n",
    "baseline = ' '\n",
    "[checks]\n",
    "[models]\n",
    LIMIT,
    "[checks.a]\nmax = 1\n",
    LIMIT + "max = '0.5'\n",
    LIMIT + "max = 1\ninconclusive = 'warn'\n",
    LIMIT + "max-regression = 1\nbound = 'point'\n",
    LIMIT + "max = 1\nmin-count = 5\n",
    LIMIT + "max = 1\noverrides = { a = 1 }\n",
    LIMIT + "max = 1\nby = 'a'\nmin-count = -1\n",
    LIMIT + "max = 1\nby = 3\n",
    LIMIT + "max = 1\nbound = 'middle'\n",
    LIMIT + "max-regression = -1\n",
    LIMIT + "max-regression = 'two'\n",
    LIMIT + "max = 1\nmodels = 1\n",
    "[models.a]\nmodels = 1\n",
)
SET_BY_THE_RUN = ("threshold = 2\n", "confidence-level = 1\n", "task = 'ternary'\n", "focal-gamma = -1\n")


def errors(text):
    return [one.message for one in VALIDATOR.iter_errors(tomllib.loads(text))]


def test_the_schema_is_a_schema_and_stands_in_the_package_as_it_is_made():
    jsonschema.Draft7Validator.check_schema(schema())
    assert (ROOT / "xentcli" / "config" / FILE_NAME).read_text(encoding="utf-8") == schema_text()


def test_the_command_prints_it(xent):
    ran = xent("config", "schema")
    assert (ran.status, json.loads(ran.out)) == (0, schema())
    ran = xent("config", "shema")
    assert (ran.status, ran.err) == (2, "error: config prints no 'shema'\nhelp: xent config schema\n")


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_loader_takes_is_right(text, tmp_path):
    (tmp_path / "xent.toml").write_text(text)
    config.load_project(str(tmp_path / "xent.toml"))
    assert errors(text) == []


@pytest.mark.parametrize("text", WRONG)
def test_what_the_loader_refuses_is_wrong(text, tmp_path):
    (tmp_path / "xent.toml").write_text(text)
    with pytest.raises(ConfigError):
        config.load_project(str(tmp_path / "xent.toml"))
    assert errors(text)


@pytest.mark.parametrize("text", SET_BY_THE_RUN)
def test_what_a_run_would_refuse_is_wrong_already(text):
    assert errors(text)


def test_every_shared_option_has_a_schema_with_its_help_and_default():
    for key, one in SETTINGS.items():
        found = schema()["definitions"][key]
        assert found["description"] == one.help
        assert found.get("default", one.default) == one.default


def test_the_file_of_the_sample_data_and_those_of_the_guide_are_right():
    assert errors((ROOT / "sample_data" / "xent.toml").read_text(encoding="utf-8")) == []
    blocks = re.findall(r"```toml\n(.*?)```", PAGES["docs/guides/check.md"], re.DOTALL)
    assert blocks
    assert not any(errors(one) for one in blocks)


def test_a_first_file_names_the_schema_and_is_right(sample):
    score = xentcli.score(str(sample / "preds_digits.csv")).score
    text = first_file(score, ["p.csv"], {"label": ("y",), "class-weights": {"a": 1.0}, "threshold": 0.4})
    assert text.startswith(f"#:schema ./{FILE_NAME}\n")
    assert errors(text) == errors(re.sub(r"(?m)^#(?![ :])", "", text)) == []
