"""The whole configuration file: models and limits, and each mistake with the line of the very key."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xentcli import config
from xentcli.config.model import Bound, FailLevel, Inconclusive, Limit, Margin, ModelSettings
from xentcli.config.models import KEYS
from xentcli.config.table import FILE_KEYS
from xentcli.config.toml import toml_text
from xentcli.errors import ConfigError
from xentcli.record import fields

FILE = """predictions = "out/preds.parquet"      # paths relative to this file
id = "id"
baseline = "baselines/main.parquet"
confidence_level = 0.95
select = ["XE"]
ignore = ["XE107"]

[checks.loss]
metric = "loss"
max = 0.45
[checks.accuracy]
metric = "accuracy"
min = 0.90
bound = "interval"            # the whole interval must clear the limit; default "point"
[checks.no-regression]
metric = "loss"
max-regression = 0.01         # or "2%"; in the metric's worse direction
inconclusive = "warn"         # warn (default) | fail | pass
[checks.recall]
metric = "recall"
by = "class"
min = 0.70
overrides = { eel = 0.55 }
level = "warn"
[checks.country]
metric = "accuracy"
by = "country"
min = 0.85
min-count = 100
"""


@pytest.fixture
def project(tmp_path):
    """Load a text as the configuration file."""

    def run(text, name="xent.toml"):
        path = tmp_path / name
        path.write_bytes(text.encode())
        return config.load_project(str(path))

    return run


@pytest.fixture
def mistake(project, refused):
    """Return the error of a text, as (line, message and help)."""

    def run(text, name="xent.toml"):
        error = refused(project, text, name)
        assert isinstance(error, ConfigError)
        assert error.place.path.endswith(name)
        return error.place.line, f"{error.message}; {error.help}"

    return run


def bare(limit):
    """Return a limit without its places."""
    return Limit(**{name: getattr(limit, name) for name in fields(Limit) if name not in {"place", "places"}})


def test_a_whole_file_is_read_into_limits_in_its_order(project, tmp_path):
    found = project(FILE)
    (model,) = found.models
    assert found.path == str(tmp_path / "xent.toml")
    assert model.name == "default"
    assert (model.settings["id"], model.settings["confidence_level"]) == ("id", 0.95)
    assert model.predictions == (str(tmp_path / "out/preds.parquet"),)
    assert model.baseline == str(tmp_path / "baselines/main.parquet")
    assert [bare(limit) for limit in model.limits] == [
        Limit("loss", "loss", max=0.45),
        Limit("accuracy", "accuracy", min=0.9, bound=Bound.INTERVAL),
        Limit("no-regression", "loss", max_regression=Margin(0.01), inconclusive=Inconclusive.WARN),
        Limit("recall", "recall", min=0.7, by="class", overrides={"eel": 0.55}, level=FailLevel.WARN),
        Limit("country", "accuracy", min=0.85, by="country", min_count=100),
    ]


def test_a_key_may_be_spelled_with_underscores(project):
    (model,) = project("id = 'x'\nnull_values = '?'\n[checks.a_b]\nmetric = 'f1_macro'\nmax_regression = 1\n").models
    assert (model.settings["null_values"], model.places["null-values"].line) == (("?",), 2)
    (limit,) = model.limits
    assert (limit.name, limit.metric, limit.max_regression) == ("a_b", "f1_macro", Margin(1.0))
    assert limit.places["max-regression"].line == 5


def test_every_key_of_a_limit_knows_its_line(project):
    recall = project(FILE).models[0].limits[3]
    assert recall.place.line == 19
    assert {key: place.line for key, place in recall.places.items()} == {
        "metric": 20, "by": 21, "min": 22, "overrides": 23, "overrides.eel": 23, "level": 24,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "places"),
    [
        ("checks.loss.metric = 'loss'\nchecks.loss.max = 1\n", 1, {"metric": 1, "max": 2}),
        ("\n[checks]\nloss = {metric = 'loss', max = 1}\n", 3, {"metric": 3, "max": 3}),
        ("\r\n[checks . 'loss']\r\n\r\nmetric = 'loss'\r\n'max' = 1\r\n", 2, {"metric": 4, "max": 5}),
        ("null-values = [\n  '#',\n]\n[checks.loss]\nmax = 1\nmetric = 'loss'\n", 4, {"metric": 6, "max": 5}),
    ],
)
def test_a_limit_may_be_written_in_every_way_of_toml(project, text, line, places):
    (limit,) = project(text).models[0].limits
    assert bare(limit) == Limit("loss", "loss", max=1.0)
    assert limit.place.line == line
    assert {key: place.line for key, place in limit.places.items()} == places


def test_names_with_blanks_and_dots_are_quoted(project, mistake):
    text = '[checks."no regression, v1.2"]\nmetric = "loss"\n'
    assert project(f"{text}max = 1").models[0].limits[0].name == "no regression, v1.2"
    line, words = mistake(f"{text}max = true")
    assert (line, words) == (3, 'checks."no regression, v1.2".max must be a number; None')


def test_a_file_that_starts_with_a_mark_of_its_byte_order_is_read(project):
    assert project("\ufefflabel = 'y'\n").models[0].settings["label"] == ("y",)


@pytest.mark.parametrize(
    ("written", "margin"),
    [
        ("0", Margin(0.0)),
        ("0.01", Margin(0.01)),
        ('"2%"', Margin(0.02, relative=True)),
        ('" 2.3 % "', Margin(0.023, relative=True)),
        ('"0%"', Margin(0.0, relative=True)),
    ],
)
def test_a_margin_is_a_number_or_a_share(project, written, margin):
    text = f"[checks.r]\nmetric = 'loss'\nmax-regression = {written}\n"
    assert project(text).models[0].limits[0].max_regression == margin


def test_groups_may_have_other_margins_of_the_same_kind(project, mistake):
    text = "[checks.r]\nmetric = 'loss'\nby = 'class'\nmax-regression = '2%'\n"
    assert project(f"{text}overrides = {{ eel = '5%' }}").models[0].limits[0].overrides == {"eel": 0.05}
    line, words = mistake(f"{text}\n[checks.r.overrides]\neel = 0.05\n")
    assert (line, words) == (7, "checks.r.overrides.eel must be a share as max-regression is; None")


MODELS = """
predictions = ["all.csv", "-", "s3://b/k", "/abs.csv"]
baseline = "main.json"
threshold = 0.4
id = "id"
[checks.loss]
metric = "loss"
max = 1
[checks.accuracy]
metric = "accuracy"
min = 0.5
[models.small]
threshold = 0.3
[models.large]
predictions = "large.csv"
baseline = "large.json"
[models.large.checks.loss]
metric = "loss"
max = 0.5
[models.large.checks.f1]
metric = "f1_macro"
min = 0.5
"""


def test_what_stands_at_the_top_holds_for_every_model_that_does_not_say_otherwise(project, tmp_path):
    small, large = project(MODELS).models
    assert (small.name, large.name) == ("small", "large")
    assert small.predictions == (str(tmp_path / "all.csv"), "-", "s3://b/k", "/abs.csv")
    assert large.predictions == (str(tmp_path / "large.csv"),)
    assert (small.baseline, large.baseline) == (str(tmp_path / "main.json"), str(tmp_path / "large.json"))
    assert (small.settings["threshold"], large.settings["threshold"]) == (0.3, 0.4)
    assert (small.settings["id"], large.settings["id"]) == ("id", "id")
    assert [(limit.name, limit.max, limit.place.line) for limit in small.limits] == [
        ("loss", 1.0, 6), ("accuracy", None, 9),
    ]  # fmt: skip
    assert [(limit.name, limit.max, limit.place.line) for limit in large.limits] == [
        ("loss", 0.5, 17), ("accuracy", None, 9), ("f1", None, 20),
    ]  # fmt: skip
    lines = [{key: place.line for key, place in model.places.items()} for model in (small, large)]
    assert lines == [
        {"predictions": 2, "baseline": 3, "threshold": 13, "id": 5},
        {"predictions": 15, "baseline": 16, "threshold": 4, "id": 5},
    ]


def test_without_a_file_there_is_one_model_without_limits(tmp_path):
    (tmp_path / ".git").mkdir()
    found = config.load_project(start=tmp_path)
    assert (found.models, found.path) == ((ModelSettings(),), None)


def test_a_projects_file_holds_the_same_tables(project, mistake):
    text = "[project]\nname = 'x'\n[tool.xent]\nid = 'i'\n[tool.xent.checks]\nloss.metric = 'loss'\nloss.max = "
    (limit,) = project(f"{text}1", "pyproject.toml").models[0].limits
    assert (limit.place.line, limit.places["max"].line) == (6, 7)
    assert mistake(f"{text}'1'", "pyproject.toml") == (7, "checks.loss.max must be a number; None")


def test_what_only_describes_passes_over_what_only_judges(tmp_path):
    path = tmp_path / "xent.toml"
    path.write_text("predictions = 3\nbaseline = 3\nchecks = 3\nid = 'i'\n[models.a]\nzzz = 3\n")
    assert config.load(str(path)) == {"id": "i"}
    path.write_text("[check.loss]\n")
    with pytest.raises(ConfigError, match="line 1: unknown key 'check'\nhelp: did you mean 'checks'"):
        config.load(str(path))


CHECK = "[checks.c]\nmetric = 'loss'\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        # unknown keys, at every level
        ("\nlable = 'a'", 2, "unknown key 'lable'; did you mean 'label'?"),
        ("\nprediction = 'a'", 2, "did you mean 'predictions'?"),
        ("id = 'a'\n[check.loss]", 2, "did you mean 'checks'?"),
        ("[model.a]", 1, "did you mean 'models'?"),
        ("Threshold = 1", 1, "did you mean 'threshold'?"),
        (f"{CHECK}maximum = 1", 3, "unknown key 'maximum' in [checks.c]; did you mean 'max'?"),
        (f"{CHECK}max-regresion = 1", 3, "did you mean 'max-regression'?"),
        (f"{CHECK}max_regression = '1'", 3, "checks.c.max_regression must be a number from 0"),
        (
            f"{CHECK}max-regression = 1\nmax_regression = 2",
            4,
            "checks.c.max_regression is set as max-regression already",
        ),
        ("confidence_level = 1\nconfidence-level = 2", 2, "confidence-level is set as confidence_level already"),
        ("[class_weights]\ncat = 'x'", 2, "class_weights.cat must be a number"),
        (f"{CHECK}Max = 1", 3, "unknown key 'Max' in [checks.c]; did you mean 'max'?"),
        (f"{CHECK}zzzz = 1", 3, "known keys: bound, by, group, inconclusive, level, max, "),
        ("[checks.a.b]\nmetric = 'loss'\nmax = 1", 1, "unknown key 'b' in [checks.a]"),
        ("[checks.v1.2]\nmetric = 'loss'\nmax = 1", 1, "a name that holds dots must be quoted"),
        ("[models.a]\n\nbaselin = 'x'", 3, "unknown key 'baselin' in [models.a]; did you mean 'baseline'?"),
        ("[models.a.models.b]\nid = 'x'", 1, "unknown key 'models' in [models.a]"),
        ("[models.a.checks.c]\nmetric = 'loss'\nmxa = 1", 3, "unknown key 'mxa' in [models.a.checks.c]"),
        # wrong types
        ("predictions = 3", 1, "predictions must be a text or a list of texts"),
        ("id = 'x'\npredictions = [\n'a',\n3]", 2, "predictions must be a text or a list of texts"),
        ("predictions = []", 1, "predictions must name a file"),
        ("predictions = ['a', ' ']", 1, "predictions must name a file"),
        ("baseline = ['a']", 1, "baseline must be a text"),
        ("baseline = ''", 1, "baseline must not be empty"),
        ("checks = 3", 1, "checks must be a table of checks, such as [checks.loss]"),
        ("[[checks]]\nmetric = 'loss'\n[[checks]]", 1, "checks must be a table of checks"),
        ("[checks]\n\nloss = 0.4", 3, "checks.loss must be a table of keys"),
        ("models = ['a']", 1, "models must be a table of models, such as [models.small]"),
        ("[models]\na = 'x'", 2, "models.a must be a table"),
        ("[models.a]\nthreshold = '1'", 2, "models.a.threshold must be a number"),
        ("[models.a.class-weights]\ncat = 1\ndog = true", 3, "models.a.class-weights.dog must be a number"),
        ("[checks.c]\nmetric = 3\nmax = 1", 2, "checks.c.metric must be a text"),
        ("[checks.c]\nmetric = ''\nmax = 1", 2, "checks.c.metric must not be empty"),
        (f"{CHECK}max = 1\nby = ['class']", 4, "checks.c.by must be a text"),
        # numbers
        ("threshold = nan", 1, "threshold must be a number"),
        (f"{CHECK}max = '1'", 3, "checks.c.max must be a number"),
        (f"{CHECK}max = nan", 3, "checks.c.max must be a number"),
        (f"{CHECK}min = -inf", 3, "checks.c.min must be a number"),
        (f"{CHECK}max = {10**400}", 3, "checks.c.max must be a number"),
        (f"{CHECK}min = 0.5\nmax = 0.4", 4, "checks.c.max 0.4 is below min 0.5"),
        # margins
        (f"{CHECK}max-regression = -0.1", 3, 'must be a number from 0, or a share of the baseline such as "2%"'),
        (f"{CHECK}max-regression = inf", 3, "must be a number from 0"),
        (f"{CHECK}max-regression = '0.1'", 3, "must be a number from 0"),
        (f"{CHECK}max-regression = '-2%'", 3, "must be a number from 0"),
        (f"{CHECK}max-regression = 'two %'", 3, "must be a number from 0"),
        (f"{CHECK}max-regression = 'nan%'", 3, "must be a number from 0"),
        (f"{CHECK}max-regression = 'snan%'", 3, "must be a number from 0"),
        (f"{CHECK}max-regression = '1e999%'", 3, "must be a number from 0"),
        (f"{CHECK}max-regression = '%'", 3, "must be a number from 0"),
        (f"{CHECK}max-regression = true", 3, "must be a number from 0"),
        # what a limit needs
        ("\n[checks.c]\nmax = 1", 2, 'checks.c names no metric; such as metric = "loss"'),
        (f"\n{CHECK}", 2, "checks.c sets no limit; give it one of min, max, max-regression"),
        (f"{CHECK}max = 1\noverrides = {{ eel = 2 }}", 4, "checks.c.overrides means nothing without by"),
        (f"{CHECK}max = 1\nmin-count = 3", 4, "checks.c.min-count means nothing without by"),
        (f"{CHECK}max = 1\ninconclusive = 'fail'", 4, "checks.c.inconclusive means nothing without max-regression"),
        (f"{CHECK}max-regression = 1\nbound = 'interval'", 4, "checks.c.bound means nothing without min or max"),
        # groups
        (
            f"{CHECK}by = 'class'\nmin = 0\nmax = 1\noverrides = {{ eel = 2 }}",
            6,
            "checks.c.overrides could be of min or max; give each limit a table of its own",
        ),
        (f"{CHECK}by = 'class'\nmax = 1\noverrides = 3", 5, "checks.c.overrides must be a table of limits by group"),
        (f"{CHECK}by = 'class'\nmax = 1\n[checks.c.overrides]\n\n7 = 'x'", 7, "checks.c.overrides.7 must be a number"),
        (f"{CHECK}by = 'class'\nmax = 1\noverrides.1.0 = 2", 5, "a name that holds dots must be quoted"),
        (f"{CHECK}by = 'class'\nmax = 1\nmin-count = -1", 5, "checks.c.min-count must be a whole number of rows"),
        (f"{CHECK}by = 'class'\nmax = 1\nmin-count = 1.0", 5, "checks.c.min-count must be a whole number of rows"),
        (f"{CHECK}by = 'class'\nmax = 1\nmin-count = true", 5, "checks.c.min-count must be a whole number of rows"),
        # closed sets
        (f"{CHECK}max = 1\nbound = 'intervals'", 4, "checks.c.bound must be one of point, interval; did you mean"),
        (f"{CHECK}max = 1\nlevel = 'warning'", 4, "checks.c.level must be one of fail, warn; did you mean 'warn'?"),
        (f"{CHECK}max = 1\nlevel = 1", 4, "checks.c.level must be one of fail, warn; None"),
        (f"{CHECK}max-regression = 1\ninconclusive = 'Fail'", 4, "did you mean 'fail'?"),
        # empty tables
        ("\n[checks]", 2, "checks holds no checks"),
        ("\n[models]", 2, "models holds no models"),
        ("\n[checks.c]", 2, "checks.c holds no keys, such as metric and max"),
        ("[models.a]\nid = 'x'\n[models.b]", 3, "models.b holds no keys"),
        ("[models.a.checks]", 1, "models.a.checks holds no checks"),
        (f"{CHECK}by = 'class'\nmax = 1\noverrides = {{}}", 5, "checks.c.overrides holds no limits by group"),
        ("class-weights = {}", 1, "class-weights holds no weights by class"),
        ("[checks.'']\nmetric = 'loss'\nmax = 1", 1, 'checks."" must have a name'),
        ("[models.' ']\nid = 'x'", 1, 'models." " must have a name'),
    ],
)
def test_a_mistake_is_named_with_the_line_of_its_key(mistake, text, line, words):
    found = mistake(text)
    assert words in found[1]
    assert found[0] == line


WORDS = st.sampled_from(("loss", "class", "fail", "interval", "2%", "-1%", "", "a.b"))
NUMBERS = st.sampled_from((0, 1, -1, 0.5, float("nan"), float("inf"), 10**400))
VALUES = WORDS | NUMBERS | st.booleans() | st.lists(WORDS | NUMBERS, max_size=2)
GROUPS = VALUES | st.dictionaries(WORDS, VALUES, max_size=2)
CHECKS = VALUES | st.dictionaries(
    WORDS, VALUES | st.dictionaries(st.sampled_from(KEYS), GROUPS, max_size=5), max_size=2
)


def tables(keys, **others):
    """Draw a table: any value for some of the keys, and what is told for the others."""
    plain = st.dictionaries(st.sampled_from(keys), GROUPS, max_size=3)
    return st.builds(lambda one, other: one | other, plain, st.fixed_dictionaries({}, optional=others))


MODELS_OF_ANY_KIND = st.dictionaries(WORDS, VALUES | tables(FILE_KEYS, checks=CHECKS), max_size=2)


@given(tables(FILE_KEYS, checks=CHECKS, models=MODELS_OF_ANY_KIND))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_says_is_taken_or_refused_with_a_line(project, document):
    lines = "".join(f"{key} = {toml_text(value)}\n" for key, value in document.items())
    try:
        found = project(lines)
    except ConfigError as error:
        assert error.place.line is not None  # noqa: PT017  an error is one of two good ends
        return
    for model in found.models:
        assert all(place.line is not None for place in model.places.values())
        for limit in model.limits:
            assert set(limit.places) >= {"metric"}
            assert None not in {place.line for place in limit.places.values()}


def test_a_metric_that_there_is_not_is_told_with_its_line_when_the_file_is_read(project, refused):
    error = refused(project, "\n[checks.c]\nmin = 0.5\nmetric = 'acuracy'\n")
    assert (error.place.line, error.message) == (4, "check 'c': there is no metric 'acuracy'")
    assert error.help == "did you mean 'accuracy'?"
    assert refused(project, "[checks.c]\nmin = 0.5\nmetric = 'pr_auc'\n").help == "did you mean 'average_precision'?"


def test_one_group_is_limited_by_its_name_or_by_a_key(project):
    first = "[checks.a]\nmetric = 'recall[eel]'\nmin-count = 3\nmin = 0.5\n"
    a, b = project(f"{first}[checks.b]\nmetric = 'f1'\nby = 'class'\ngroup = 'eel'\nmin = 0.4\n").models[0].limits
    assert (a.metric, a.by, a.group, a.min_count) == ("recall", "class", "eel", 3)
    assert (b.metric, b.by, b.group, b.places["group"].line) == ("f1", "class", "eel", 8)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("metric = 'recall[eel]'\nby = 'class'", "by means nothing beside recall[eel], which names its group"),
        ("metric = 'recall'\ngroup = 'eel'", "group means nothing without by"),
        (
            "metric = 'recall[eel]'\noverrides = { cat = 0.4 }",
            "overrides means nothing where 'eel' is the one group",
        ),
    ],
)
def test_a_group_that_is_named_twice_or_without_its_kind_is_refused(project, refused, text, words):
    assert words in refused(project, f"[checks.c]\nmin = 0.5\n{text}\n").message
