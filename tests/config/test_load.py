"""The configuration file: where it is found, the shared options that it holds, and what its mistakes are met with."""

from pathlib import Path

import pytest

from xentcli import config
from xentcli.errors import ConfigError


def test_the_closest_file_counts_up_to_the_repositorys_root(tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "xent.toml").write_text('label = "far"\n')
    assert config.load(start=deep)["label"] == ("far",)
    (tmp_path / "a" / ".git").mkdir()
    assert config.load(start=deep) == {}
    (tmp_path / "a" / "pyproject.toml").write_text('[tool.xent]\nlabel = "near"\n')
    assert config.load(start=deep)["label"] == ("near",)
    (tmp_path / "a" / "xent.toml").write_text('label = ["nearest", "two"]\n')
    assert config.load(start=deep)["label"] == ("nearest", "two")


def test_a_project_file_without_the_table_is_passed_over(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tmp_path / ".git").mkdir()
    assert config.load(start=tmp_path) == {}


def test_values_are_typed_and_paths_are_relative_to_the_file(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text(
        'threshold = 1\nnormalize = true\nlabels = "l.csv"\nclasses = "@names"\nskip-bad-rows = false\n'
        'null-values = "?"\n[checks.loss]\nmax = 1\n'
    )
    found = config.load(str(path))
    assert found == {
        "threshold": 1.0,
        "normalize": True,
        "labels": str(tmp_path / "l.csv"),
        "classes": f"@{tmp_path / 'names'}",
        "skip_bad_rows": False,
        "null_values": ("?",),
    }
    path.write_text('classes = ["a", "b"]\nlabels = "s3://x/y.csv"\n')
    assert config.load(str(path))["classes"] == ("a", "b")
    assert config.load(str(path))["labels"] == "s3://x/y.csv"


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('label = "a"\nlable = "b"\n', "did you mean 'label'?", 2),
        ("zzzzzz = 1\n", "known keys: at-least-one", 1),
        ("threshold = 'x'\n", "threshold must be a number", 1),
        ("normalize = 1\n", "normalize must be true or false", 1),
        ("label = [1]\n", "label must be a text or a list of texts", 1),
        ("weight = 3\n", "weight must be a text", 1),
        ("label = \n", "is no TOML", 1),
        ("[zzzz]\na = 1\n", "unknown key 'zzzz'", 1),
    ],
)
def test_mistakes_are_named_with_their_line(tmp_path, text, words, line):
    path = tmp_path / "xent.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        config.load(str(path))
    assert words in str(caught.value)
    assert caught.value.place.line == line


def test_a_file_that_is_missing_or_no_text_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml: no such file"):
        config.load(str(tmp_path / "none.toml"))
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        config.load(str(tmp_path))
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        config.load(str(tmp_path / "x.toml"))


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('[tool.other]\nlable = 3\n[tool.xent]\n"lable" = "y"\n', "unknown key 'lable'", 4),
        ("[tool.xent]\nlabel = 'y'\n[tool.xent.nope]\na = 3\n", "unknown key 'nope'", 3),
        ("[tool]\nxent = 3\n", "holds no table [tool.xent]", 2),
        ("[tool]\nxent = {lable = 3}\n", "unknown key 'lable'", 2),
        ("[tool.xent]\nlabel = \n", "is no TOML", 2),
    ],
)
def test_mistakes_in_a_projects_file_are_named_with_the_line_of_its_own_table(tmp_path, text, words, line):
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    for options in ({"start": tmp_path}, {"path": str(path)}):
        with pytest.raises(ConfigError) as caught:
            config.load(**options)
        assert words in str(caught.value)
        assert caught.value.place.line == line


@pytest.mark.parametrize(
    "text", [b"tool = 1\n# [tool.xent]\n", b"xent = \xff\n", b"[tool.xentium]\na = 1\n", b"# xent\nbroken = \n"]
)
def test_a_projects_file_of_others_is_passed_over_even_if_broken(tmp_path, text):
    (tmp_path / "pyproject.toml").write_bytes(text)
    (tmp_path / ".git").mkdir()
    assert config.load(start=tmp_path) == {}


def test_a_projects_file_that_may_not_be_read_is_passed_over(tmp_path, monkeypatch):
    (tmp_path / "xent.toml").write_text("label = 'far'\n")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.xent]\nlabel = 'near'\n")
    whole = Path.read_bytes

    def locked(path):
        if path.name == "pyproject.toml":
            raise PermissionError(13, "Permission denied")
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", locked)
    assert config.load(start=tmp_path / "a")["label"] == ("far",)
    with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        config.load(str(tmp_path / "a" / "pyproject.toml"))


def test_a_folder_that_may_not_be_looked_at_holds_no_file(tmp_path):
    (tmp_path / "xent.toml").write_text("label = 'far'\n")
    assert config.load(start=tmp_path / ("x" * 300))["label"] == ("far",)


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        (f"id = 'a'\n\nthreshold = 1{'0' * 5000}\n", "holds a number of too many digits", 3),
        (f"[checks.c]\nmetric = 'loss'\nmax = -{'1_0' * 2500}\n", "holds a number of too many digits", 3),
        (f"id = 'a'\nignore-label = 0x1{'0' * 5000}\n", "ignore-label must be a text", 2),
        ('x = { "a(\'b)" = 1, "a(\'b)" = 2 }\n', 'is no TOML: Duplicate inline table key "a(\'b)"', 1),
        ("x = { \"('b')\" = 1, \"('b')\" = 2 }\n", "is no TOML: Duplicate inline table key \"('b')\"", 1),
        ('["a(\'b)"]\n["a(\'b)"]\n', 'is no TOML: declares "a(\'b)" twice', 2),
    ],
)
@pytest.mark.parametrize("name", ["xent.toml", "pyproject.toml"])
def test_what_python_cannot_read_is_a_mistake_with_its_line_too(tmp_path, text, words, line, name):
    path = tmp_path / name
    path.write_text("[tool.xent]\n" + text.replace("[checks", "[tool.xent.checks") if "py" in name else text)
    for options in ({"start": tmp_path}, {"path": str(path)}):
        with pytest.raises(ConfigError) as caught:
            config.load_project(**options)
        assert words in caught.value.message
        assert caught.value.place.line == line + ("py" in name)


def test_a_file_named_as_the_configuration_must_hold_one(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    with pytest.raises(ConfigError, match=r"holds no table \[tool.xent\]"):
        config.load(str(tmp_path / "pyproject.toml"))


def test_what_the_closest_file_names_is_told_from_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "xent.toml").write_text('labels = "l.csv"\nclasses = "@c"\n')
    monkeypatch.chdir(tmp_path / "a")
    assert (config.load()["labels"], config.load()["classes"]) == ("../l.csv", "@../c")
    (tmp_path / "xent.toml").write_text('labels = "-"\nthreshold = 1e999\n')
    with pytest.raises(ConfigError, match=r"xent\.toml, line 2: threshold must be a number"):
        config.load()
    (tmp_path / "xent.toml").write_text('labels = "-"\n')
    assert config.load()["labels"] == "-"


def test_a_working_folder_that_is_gone_has_no_file(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert config.load() == {}


@pytest.mark.parametrize("folder", ["a", "a/b"])
def test_where_no_folder_has_a_file_there_is_none(monkeypatch, folder):
    monkeypatch.setattr("os.path.isfile", lambda _: False)
    monkeypatch.setattr("os.path.exists", lambda _: False)
    assert config.load(start=Path("/") / folder) == {}


def test_a_label_to_ignore_may_be_written_as_a_number(tmp_path):
    path = tmp_path / "xent.toml"
    path.write_text("ignore-label = -100\n")
    assert config.load(str(path))["ignore_label"] == "-100"


def test_depth_without_end_is_no_bug(tmp_path):
    (tmp_path / "xent.toml").write_text("a = " + "[" * 5000)
    with pytest.raises(ConfigError, match="is no TOML that can be read: it is nested too deep"):
        config.load(start=tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "words", "advice"),
    [
        ("[checks.loss]\nmax = 1\n\n[checks.loss]\n", 4, "declares checks.loss twice", None),
        ("[checks.'a) \"(\\'.b]\n[checks.'a) \"(\\'.b]\n", 2, r'declares checks."a) \"(\\".b twice', None),
        ("[[a]]\n[a]\n", 2, "declares a twice", None),
        ("a = []\n[[a]]\n", 2, "Cannot mutate immutable namespace a", None),
        ("a = 1\na = 2\n", 2, "Cannot overwrite a value", None),
        ("a = 'x", None, 'Expected "\'" (at end of document)', None),
        ("[checks.a]\r\nmin=.5\r\n", 2, "Invalid value", "a number needs a digit before the point: 0.5"),
        ("x = [1, -.25]", 1, "Invalid value", "a number needs a digit before the point: -0.25"),
        ("x = nope\ny = .5\n", 1, "Invalid value", None),
    ],
)
def test_what_is_no_toml_is_told_without_the_words_of_the_parser(tmp_path, text, line, words, advice):
    path = tmp_path / "xent.toml"
    path.write_bytes(text.encode())
    with pytest.raises(ConfigError) as caught:
        config.load(str(path))
    error = caught.value
    assert (error.message, error.place.line, error.help) == (f"is no TOML: {words}", line, advice)
