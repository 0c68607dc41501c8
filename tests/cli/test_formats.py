"""Each command has its forms and refuses the others; a form of its own is drawn by what the command offers."""

import json

import pytest
from pipelines import valid_gitlab, valid_junit

from xentcli.cli import output
from xentcli.cli.deliver import Report, deliver
from xentcli.cli.help import of_command
from xentcli.cli.output import UnknownFormatError
from xentcli.cli.parse import parsed
from xentcli.errors import ConfigError, Place, XentError
from xentcli.options.commands import COMMANDS
from xentcli.options.forms import CHECK_FORMS, Color, OutputFormat

ALL = "the formats are full, concise, json, markdown"
RESULTS = f"{ALL}, html"


@pytest.mark.parametrize(
    ("word", "says", "hint"),
    [
        ("junit", "-f junit: there is no format 'junit' here; xent check has it", ALL),
        ("github", "-f github: there is no format 'github' here; xent check has it", ALL),
        ("gitlab", "-f gitlab: there is no format 'gitlab' here; xent check has it", ALL),
        ("jsn", "-f jsn: there is no format 'jsn'", "did you mean json?"),
        ("Markdown", "-f Markdown: there is no format 'Markdown'", "did you mean markdown?"),
        ("", "-f : there is no format ''", ALL),
    ],
)
@pytest.mark.parametrize("command", ["inspect", "score", "explain"])
def test_a_command_refuses_a_form_that_it_does_not_have(xent, command, word, says, hint):
    ran = xent(command, "x.csv", "-f", word)
    assert (ran.status, ran.out) == (2, "")
    known = RESULTS if hint == ALL and command != "explain" else hint
    assert ran.err == f"error: {says}\nhelp: {known}\n"


@pytest.mark.parametrize("given", ["junit=r.xml", "r.xml", "github=r.txt", "gitlab=r.json"])
def test_a_file_of_such_a_form_is_refused_and_holds_the_error(xent, sample, tmp_path, monkeypatch, given):
    monkeypatch.chdir(tmp_path)
    ran = xent("score", sample / "preds_binary.csv", "-o", given)
    assert ran.status == 2
    assert "xent check has it" in ran.err
    text = (tmp_path / given.rpartition("=")[2]).read_text()
    assert "there is no format" in text
    if given.endswith("xml"):
        assert valid_junit(text).get("errors") == "1"


@pytest.mark.parametrize(
    ("given", "form"),
    [
        ("r.xml", OutputFormat.JUNIT), ("junit=r", OutputFormat.JUNIT), ("github=r.txt", OutputFormat.GITHUB),
        ("gitlab=r.json", OutputFormat.GITLAB), ("r.json", OutputFormat.JSON), ("full=r.xml", OutputFormat.FULL),
        ("r.html", OutputFormat.HTML), ("r.HTM", OutputFormat.HTML), ("html=r", OutputFormat.HTML),
    ],
)  # fmt: skip
def test_a_verdict_can_be_written_in_every_form(given, form):
    assert output.requests([given], CHECK_FORMS)[0].form is form


def test_an_unknown_form_is_answered_with_those_that_the_command_has():
    with pytest.raises(UnknownFormatError) as caught:
        output.requests(["junt=r"], CHECK_FORMS)
    assert caught.value.help == "did you mean junit? (a file of that name is ./junt=...)"
    with pytest.raises(UnknownFormatError) as caught:
        output.requests(["junit=r"])
    assert caught.value.help == f"{ALL} (a file of that name is ./junit=...)"
    with pytest.raises(UnknownFormatError) as caught:
        output.requests(["r.xml"])
    assert caught.value.help == f"{ALL} (text in a file of that name is full=r.xml)"


@pytest.mark.parametrize(
    ("given", "form", "path"),
    [
        ("a=b.json", OutputFormat.JSON, "a=b.json"),
        ("run=3/r", OutputFormat.FULL, "run=3/r"),
        ("json=a=b.md", OutputFormat.JSON, "a=b.md"),
        ("git=r.json", OutputFormat.JSON, "git=r.json"),
        ("=r.md", OutputFormat.MARKDOWN, "=r.md"),
    ],
)
def test_what_stands_before_an_equals_sign_and_is_no_form_belongs_to_the_name(given, form, path):
    assert output.requests([given], CHECK_FORMS) == (output.Request(form, path),)


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf", "csv", "tsv", "xlsx", "parquet"])
def test_a_form_that_no_report_has_is_refused_by_name_and_the_other_files_get_the_error(xent, sample, tmp_path, suffix):
    ran = xent("score", sample / "preds_binary.csv", "-o", tmp_path / f"r.{suffix}", "-o", tmp_path / "r.json")
    assert ran.status == 2
    assert ran.err.startswith(f"error: -o {tmp_path}/r.{suffix}: there is no format {suffix!r}\nhelp: ")
    assert f"(text in a file of that name is full={tmp_path}/r.{suffix})" in ran.err
    assert [one.name for one in tmp_path.iterdir()] == ["r.json"]
    assert json.loads((tmp_path / "r.json").read_text())["error"]["kind"] == "UnknownFormatError"
    assert xent("score", sample / "preds_binary.csv", "-o", f"full={tmp_path}/r.{suffix}").status == 0


def test_the_option_of_a_verdict_takes_every_form():
    for form in OutputFormat:
        assert parsed(COMMANDS["check"], ["-f", form.value])["output_format"] == form
    assert parsed(COMMANDS["check"], [])["output_format"] is None
    shown = "".join(of_command(COMMANDS["check"]).split())
    assert all(form.value in shown for form in OutputFormat)


def test_a_further_form_goes_to_stdout_and_to_files(capsys, tmp_path):
    def never():
        raise AssertionError

    report = Report(dict, lambda: "line\n", never, {OutputFormat.JUNIT: lambda: "<x/>\n"})
    wanted = output.requests([f"{tmp_path}/r.xml", f"concise={tmp_path}/r.txt"], CHECK_FORMS)
    deliver(report, OutputFormat.JUNIT, wanted, Color.NEVER)
    assert capsys.readouterr().out == (tmp_path / "r.xml").read_text() == "<x/>\n"
    assert (tmp_path / "r.txt").read_text() == "line\n"


def test_an_error_is_written_in_every_form(tmp_path):
    failed = ConfigError("there is no metric 'acuracy'", place=Place("xent.toml", 7), help="did you mean accuracy?")
    wanted = output.requests([f"{form.value}={tmp_path}/{form.value}" for form in OutputFormat], CHECK_FORMS)
    output.write_error_files(wanted, failed)
    held = {form: (tmp_path / form.value).read_text() for form in OutputFormat}
    assert json.loads(held[OutputFormat.JSON])["error"]["line"] == 7
    assert valid_junit(held[OutputFormat.JUNIT]).get("errors") == "1"
    assert valid_gitlab(held[OutputFormat.GITLAB])[0]["severity"] == "blocker"
    assert held[OutputFormat.GITHUB].startswith("::error file=xent.toml,line=7,title=xent::")
    for form in (OutputFormat.FULL, OutputFormat.CONCISE):
        assert held[form].startswith("error: xent.toml, line 7: ")
    assert "error: xent.toml, line 7: " in held[OutputFormat.HTML]
    assert held[OutputFormat.MARKDOWN].startswith("**error: xent.toml, line 7: ")


def test_an_error_that_cannot_be_written_is_told(capsys, tmp_path):
    output.write_error_files(output.requests([f"{tmp_path}/no/r.xml"], CHECK_FORMS), XentError("first"))
    assert "no/r.xml" in capsys.readouterr().err
