"""What the runners of pipelines read: JUnit, GitHub's commands, GitLab's code-quality report."""

import judged
import pytest
from pipelines import valid_gitlab, valid_junit

from xentcli.errors import ConfigError, InputError, Place
from xentcli.gate.model import Outcome
from xentcli.record import replace
from xentcli.verdicts import CheckReport
from xentcli.views import github, gitlab, junit

EVERY = (junit, github, gitlab)
FAILURE = ConfigError("there is no metric 'acuracy'", place=Place("xent.toml", 7), help="did you mean accuracy?")


def one(made, *checks, findings=(), **changes):
    return CheckReport((judged.judged(made["scored"](), checks=checks, findings=findings, **changes),))


@pytest.mark.parametrize("build", [judged.failed, judged.passed, judged.several, judged.many])
@pytest.mark.parametrize("view", EVERY)
def test_the_same_verdict_gives_the_same_bytes(made, view, build):
    assert view.check(build(made["scored"]())) == view.check(build(made["scored"]()))


@pytest.mark.parametrize("build", [judged.failed, judged.passed, judged.several, judged.many])
def test_junit_has_a_case_a_check_and_one_an_error(made, build):
    report = build(made["scored"]())
    root = valid_junit(junit.check(report))
    assert [suite.get("name") for suite in root] == [model.name for model in report.models]
    for suite, model in zip(root, report.models, strict=True):
        assert len(suite) == len(model.checks) + len(model.errors)
        assert {case.get("classname") for case in suite} == {model.name}


def test_junit_fails_what_failed_and_tells_of_doubts(made):
    cases = {
        case.get("name"): case for case in valid_junit(junit.check(judged.failed(made["scored"]()))).iter("testcase")
    }
    failed = cases["recall[eel]"].find("failure")
    assert (failed.get("message"), failed.get("type")) == ("0.47 is below 0.55", "recall")
    assert failed.text == "0.47 is below 0.55 (xent.toml, line 20)"
    assert cases["country[DE]"].find("failure") is None
    assert cases["country[DE]"].find("system-out").text.startswith("warned: 0.84996 is below 0.85")
    assert cases["no-regression"].find("system-out").text.startswith("inconclusive: 0.00223 worse")
    assert len(cases["loss"]) == 0
    finding = cases["XE208 bad-scores"].find("failure")
    assert (finding.get("type"), finding.text) == (
        "XE208", "3 of 9,993 rows were skipped\nhelp: mend what writes the scores",
    )  # fmt: skip


def test_junit_tells_names_apart_that_look_alike(made):
    names = ["a\x00", "a\\x00", "a\\x00 (2)", "a\\x00", ""]
    root = valid_junit(junit.check(one(made, *(judged.check(name) for name in names))))
    assert [case.get("name") for case in root.iter("testcase")] == [
        "a\\x00", "a\\x00 (2)", "a\\x00 (2) (2)", "a\\x00 (3)", "xent",
    ]  # fmt: skip
    both = replace(judged.judged(made["scored"](), "m\x00", [judged.check()]))
    suites = valid_junit(junit.check(CheckReport((both, replace(both, name="m\\x00")))))
    assert [suite.get("name") for suite in suites] == ["m\\x00", "m\\x00 (2)"]


def test_junit_is_ascii_and_keeps_every_letter(made):
    text = junit.check(one(made, judged.check("größe 猫", Outcome.FAILED, message="zu groß")))
    assert text.isascii()
    assert valid_junit(text).find(".//testcase").get("name") == "größe 猫"


def test_junit_of_an_error_has_one_erroring_case():
    root = valid_junit(junit.error(FAILURE))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("1", "0", "1")
    held = root.find("testsuite/testcase/error")
    assert (held.get("type"), held.get("message")) == ("ConfigError", "there is no metric 'acuracy'")
    assert held.text == "error: xent.toml, line 7: there is no metric 'acuracy'\nhelp: did you mean accuracy?"


def test_github_points_at_the_line_that_set_the_limit(made):
    lines = github.check(judged.failed(made["scored"]())).splitlines()
    assert [line.partition("::")[2].split("::") for line in lines] == [
        ["error title=xent%3A XE208 bad-scores",
         "XE208 bad-scores: 3 of 9,993 rows were skipped%0Ahelp: mend what writes the scores"],
        ["error file=xent.toml,line=12,title=xent%3A failed accuracy",
         "accuracy: the interval of 0.9012 reaches down to 0.8951, below 0.9"],
        ["error file=xent.toml,line=20,title=xent%3A failed recall[eel]", "recall[eel]: 0.47 is below 0.55"],
        ["warning file=xent.toml,line=25,title=xent%3A warned country[DE]", "country[DE]: 0.84996 is below 0.85"],
        ["warning file=xent.toml,line=16,title=xent%3A inconclusive no-regression",
         "no-regression: 0.00223 worse than the baseline; 9,990 rows cannot tell that from the margin 0.01"],
    ]  # fmt: skip


def test_github_names_the_model_where_there_are_several(made):
    assert "title=xent big%3A failed accuracy::" in github.check(judged.several(made["scored"]()))


@pytest.mark.parametrize(
    ("errors", "warnings", "told"),
    [
        (9, 9, None),
        (10, 0, "not shown: 1 more error"),
        (0, 11, "not shown: 2 more warnings"),
        (30, 10, "not shown: 21 more errors, 1 more warning"),
    ],
)
def test_github_counts_what_it_has_no_room_for(made, errors, warnings, told):
    outcomes = [Outcome.FAILED] * errors + [Outcome.WARNED] * warnings
    lines = github.check(one(made, *(judged.check(f"c{at}", word) for at, word in enumerate(outcomes)))).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == min(errors, 9)
    assert sum(line.startswith("::warning ") for line in lines) == min(warnings, 9)
    notices = [line for line in lines if line.startswith("::notice ")]
    assert [line.partition("; ")[2] for line in notices] == ([told] if told else [])


def test_github_gives_one_notice_for_a_passed_run(made):
    assert github.check(judged.passed(made["scored"]())) == "::notice title=xent::passed: 3 of 3 checks\n"


def test_github_escapes_what_its_runner_reads(made):
    bad = judged.check("a,b:c%\n", Outcome.FAILED, message="50 %\r", place=Place("x,y:z%.toml", 3))
    assert github.check(one(made, bad)) == (
        "::error file=x%2Cy%3Az%25.toml,line=3,title=xent%3A failed a%2Cb%3Ac%25\\n::a,b:c%25\\n: 50 %25\\r\n"
    )


def test_github_of_an_error_is_one_error():
    assert github.error(FAILURE) == (
        "::error file=xent.toml,line=7,title=xent::xent.toml, line 7: there is no metric 'acuracy'%0Ahelp: did you mean"
        " accuracy?\n"
    )
    assert github.error(InputError("no rows")) == "::error title=xent::no rows\n"


def test_gitlab_ranks_entries_and_points_at_the_configuration(made):
    entries = valid_gitlab(gitlab.check(judged.failed(made["scored"]())))
    assert [(one["check_name"], one["severity"], one["location"]["lines"]["begin"]) for one in entries] == [
        ("XE208 bad-scores", "critical", 1), ("accuracy", "major", 12), ("recall", "major", 20),
        ("country", "minor", 25), ("no-regression", "info", 16),
    ]  # fmt: skip
    assert [one["location"]["path"] for one in entries] == ["preds.csv", *["xent.toml"] * 4]
    assert entries[2]["description"] == "failed recall[eel]: 0.47 is below 0.55"


def test_gitlab_of_a_passed_run_is_empty(made):
    assert gitlab.check(judged.passed(made["scored"]())) == "[]\n"


def test_gitlab_knows_an_entry_again_whatever_its_value(made):
    def prints(*checks, **changes):
        return [entry["fingerprint"] for entry in valid_gitlab(gitlab.check(one(made, *checks, **changes)))]

    first = prints(judged.recall(), judged.recall("cat"))
    moved = judged.recall("cat", 0.1, message="other", place=Place("other.toml", 3), rows=7)
    assert prints(moved, judged.recall(outcome=Outcome.WARNED)) == first[::-1]
    assert not set(first) & set(prints(judged.recall(), judged.recall("cat"), name="other"))
    assert not set(first) & set(prints(judged.check("recall", Outcome.FAILED)))
    assert len(prints(judged.recall(), judged.recall())) == 2
    empty = [judged.recall(None), judged.recall("None"), judged.recall("null")]
    assert len(set(prints(*empty))) == 3


def test_gitlab_takes_paths_from_the_root(made):
    [entry] = valid_gitlab(
        gitlab.check(one(made, judged.check(outcome=Outcome.FAILED, place=Place("./ci/xent.toml", 2))))
    )
    assert entry["location"] == {"path": "ci/xent.toml", "lines": {"begin": 2}}


def test_gitlab_of_an_error_is_one_blocker():
    [entry] = valid_gitlab(gitlab.error(FAILURE))
    assert (entry["severity"], entry["location"]) == ("blocker", {"path": "xent.toml", "lines": {"begin": 7}})
    assert entry["description"].startswith("xent.toml, line 7: there is no metric 'acuracy'")
    [entry] = valid_gitlab(gitlab.error(InputError("no rows")))
    assert entry["location"] == {"path": "xent.toml", "lines": {"begin": 1}}
