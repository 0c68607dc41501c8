"""The page for a browser: one file that needs nothing else, under a policy that lets only its own script run."""

import json
import re
import time
from base64 import b64encode
from hashlib import sha256
from html import unescape

import pytest
from conftest import validated
from drawn import SCORES, made
from lxml import html as lxml_html

from xentcli.errors import ConfigError, Place
from xentcli.record import replace
from xentcli.rules.rule import Finding, Level
from xentcli.views import html
from xentcli.views import json as json_view
from xentcli.views.html.embedded import MOST_CELLS

EVERY = (*SCORES, "compared", "judged", "inspected")


def page(name):
    """Return the page of a result, and its tree."""
    text = made(name).to_html()
    return text, lxml_html.document_fromstring(text)


def texts(tree, path):
    """Return the texts of elements, blanks folded."""
    return [" ".join(one.text_content().split()) for one in tree.xpath(path)]


@pytest.mark.parametrize("name", EVERY)
def test_a_page_names_nothing_that_lies_elsewhere(name):
    text, tree = page(name)
    assert text.startswith("<!doctype html>\n")
    assert not tree.xpath(
        "//link | //img | //iframe | //object | //*[@src] | //form | //a[not(starts-with(@href, '#'))]"
    )
    assert not tree.xpath("//*[@style] | //*[@*[starts-with(name(), 'on')]]")
    style, script = tree.xpath("string(//style)"), tree.xpath("string(//script[not(@type)])")
    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in script


@pytest.mark.parametrize("name", EVERY)
def test_the_policy_names_the_hashes_of_the_one_style_and_the_one_script(name):
    text, tree = page(name)
    policy = tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    hashes = {
        tag: b64encode(sha256(re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[1].encode()).digest()).decode()
        for tag in ("style", "script")
    }
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}';"
        " base-uri 'none'; form-action 'none'"
    )
    assert text.count("<style") == 1
    assert text.count("<script") == 2


@pytest.mark.parametrize("name", EVERY)
def test_a_page_can_be_walked_by_ear(name):
    _, tree = page(name)
    assert tree.get("lang") == "en"
    assert [len(tree.xpath(f"//{tag}")) for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    identities = tree.xpath("//@id")
    assert len(identities) == len(set(identities))
    for named in tree.xpath("//@aria-labelledby"):
        assert set(named.split()) <= set(identities)
    for head in tree.xpath("//th"):
        assert head.get("scope") in {"col", "row"}
    for figure in tree.xpath("//figure"):
        assert figure.xpath("./*[local-name()='svg'][@role='img']")
        assert figure.xpath("string(./figcaption)").strip()
        assert figure.xpath("./details//table/tbody/tr")


@pytest.mark.parametrize("name", EVERY)
def test_the_document_inside_is_that_of_the_json(name):
    text, tree = page(name)
    held = re.search('<script type="application/json" id="document">(.*?)</script>', text, re.DOTALL)[1]
    assert not set("<>&\n") & set(held)
    expected = json.loads(json_view.render(made(name).to_dict()))
    said = texts(tree, "//section[h2[@id='machines']]/p[1]")[0]
    if name == "many classes":
        cells = len(expected["confusion"]["cells"])
        assert cells > MOST_CELLS
        expected["confusion"] = None
        assert said.endswith(f"The confusion counts, {cells:,} cells, are left out here; -o report.json writes them.")
    else:
        assert said.endswith("all numbers, unrounded.")
        validated(held)
    assert json.loads(held) == expected


def test_a_page_of_ten_classes_is_small_and_one_of_a_thousand_is_no_megabyte():
    for name, most in (("digits", 150_000), ("many classes", 1_000_000)):
        text, _ = page(name)
        without = re.sub('<script type="application/json".*?</script>', "", text, flags=re.DOTALL)
        assert len(without.encode()) < most, name


@pytest.mark.parametrize("name", ["digits", "many classes"])
def test_a_page_is_written_at_once(name):
    page(name)
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        made(name).to_html()
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.3


def test_the_answer_stands_first_then_the_numbers_with_their_intervals():
    _, tree = page("digits")
    assert texts(tree, "//header/p[contains(@class, 'verdict')]")[0].startswith("The loss beats predicting the label")
    tiles = texts(tree, "//li[contains(@class, 'tile')]")
    assert tiles[0] == "loss in nats 0.3999 [0.3587, 0.4411] 95 % label shares alone: 2.302"
    assert tiles[1] == "accuracy 0.9422 [0.9167, 0.9603] 95 % always the most frequent: 0.1022"
    assert tiles[2] == "rows scored 450 of 450 read"
    assert tiles[3].startswith("worst finding XE4")


def test_the_parts_of_a_page_keep_their_order():
    _, tree = page("digits")
    heads = texts(tree, "//h2")
    wanted = [
        "Findings", "Figures", "The numbers", "What frameworks would say", "Classes, worst loss first", "By ink",
        "Rows that cost most", "How the file was read", "Columns", "For machines",
    ]  # fmt: skip
    assert [one for one in heads if one in wanted] == wanted


def test_a_finding_folds_out_why_it_matters_and_how_to_mend_it():
    _, tree = page("digits")
    found = tree.xpath("//details[contains(@class, 'finding')]")
    assert len(found) == len(made("digits").findings)
    body = " ".join(found[0].xpath("string(./div)").split())
    assert "What to do:" in body
    assert "Why it bites." in body
    assert "Mend it." in body
    assert found[0].xpath(".//code")


def test_errors_stand_first_and_open():
    error = Finding("XE303", "shuffled", Level.ERROR, "rows are shuffled", "join by id", 3)
    report = made("digits")
    text = replace(report, findings=(*report.findings, error)).to_html()
    tree = lxml_html.document_fromstring(text)
    found = tree.xpath("//details[contains(@class, 'finding')]")
    assert [one.get("open") is not None for one in found] == [True, *[False] * len(report.findings)]
    assert "error" in found[0].get("class")
    assert tree.xpath("//header/p[@class='verdict bad']")
    assert "error: shuffled" in texts(tree, "//li[contains(@class, 'tile')]")[-1]


def test_every_class_is_in_a_table_that_sorts():
    _, tree = page("many classes")
    tables = tree.xpath("//section[h2[starts-with(., 'Classes')]]//table[@data-sort]")
    assert len(tables[0].xpath("./tbody/tr")) == 1000


def test_a_verdict_shows_each_limit_as_a_picture():
    _, tree = page("judged")
    assert texts(tree, "//header/p[contains(@class, 'verdict')]")[0].startswith("Failed: ")
    checks = made("judged").models[0].checks
    titles = texts(tree, "//section[h2[.='Limits']]//h3")
    assert len(titles) == sum((one.limit.min or one.limit.max) is not None for one in checks) + sum(
        one.baseline is not None for one in checks
    )


def test_models_of_a_verdict_have_a_part_each():
    report = made("judged")
    both = replace(report, models=(*report.models, replace(report.models[0], name="second", checks=())))
    tree = lxml_html.document_fromstring(html.check(both))
    assert len(texts(tree, "//h2[@class='part']")) == 2
    assert [one.partition(" ")[0] for one in texts(tree, "//nav//li")] == ["default:", "second:"]
    assert set(tree.xpath("//nav//a/@href")) == {"#part-1", "#part-2"}
    assert texts(tree, "//h1") == ["2 models"]
    identities = tree.xpath("//@id")
    assert len(identities) == len(set(identities))


def test_a_comparison_says_which_file_a_finding_is_on_and_how_each_was_read():
    _, tree = page("compared")
    sides = texts(tree, "//span[@class='side']")
    assert set(sides) == {"A", "B"}
    assert {"How the file was read (A)", "How the file was read (B)", "Columns (A)", "Columns (B)"} <= set(
        texts(tree, "//h2")
    )


def test_an_inspection_shows_the_snippet_that_is_asked_for_as_it_is_typed():
    result = made("inspected")
    tree = lxml_html.document_fromstring(html.inspect(result, "torch"))
    assert tree.xpath("string(//pre/code)") == result.advice.frameworks["torch"].snippet.rstrip()


def test_an_error_is_a_page_too():
    failed = ConfigError("there is no metric 'acuracy'", place=Place("xent.toml", 7), help="did you mean accuracy?")
    tree = lxml_html.document_fromstring(html.error(failed))
    assert texts(tree, "//header/p[@class='verdict bad']") == ["error: xent.toml, line 7: there is no metric 'acuracy'"]
    assert texts(tree, "//section/p")[0] == "did you mean accuracy?"
    assert json.loads(unescape(tree.xpath("string(//script[@id='document'])")))["schema"] == "xent.error/1"


def test_one_row_has_a_page(tmp_path, xent, sample):
    ran = xent("score", sample / "preds_binary.csv", "--row", "1", "-o", tmp_path / "r.html")
    assert ran.status == 0
    tree = lxml_html.document_fromstring((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert not tree.xpath("//figure")
    assert tree.xpath("//table")


@pytest.mark.parametrize(
    "command",
    [
        ["inspect", "labels_names.csv"],
        ["score", "preds_soft.csv"],
        ["compare", "preds_main.parquet", "preds_next.parquet"],
        ["check", "preds_main.parquet", "--isolated", "--max", "loss=0.1", "--exit-zero"],
    ],
)
def test_the_commands_write_it_to_stdout_and_to_files_by_suffix(xent, sample, tmp_path, command):
    words = [str(sample / one) if "." in one and "=" not in one else one for one in command]
    ran = xent(*words, "-f", "html", "-o", tmp_path / "r.htm", "-o", tmp_path / "r.html")
    assert ran.status == 0
    assert (
        ran.out == (tmp_path / "r.htm").read_text(encoding="utf-8") == (tmp_path / "r.html").read_text(encoding="utf-8")
    )
    assert ran.out.startswith("<!doctype html>")


def test_a_run_that_fails_leaves_no_old_page(xent, sample, tmp_path):
    (tmp_path / "r.html").write_text("old")
    ran = xent("score", sample / "broken" / "ragged.csv", "-o", tmp_path / "r.html")
    assert ran.status == 2
    assert "ragged.csv" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_command_without_pages_says_so(xent, tmp_path):
    ran = xent("explain", "-o", tmp_path / "r.html")
    assert ran.status == 2
    assert "there is no format 'html'" in ran.err


def test_what_follows_from_a_finding_stands_within_it():
    root = Finding("XE304", "misaligned-rows", Level.ERROR, "rows are shifted", "join them", 8)
    other = Finding("XE404", "majority-beats-model", Level.WARNING, "accuracy is low", "look", 8, because_of="XE304")
    report = replace(made("binary"), findings=(root, other))
    tree = lxml_html.document_fromstring(report.to_html())
    assert len(tree.xpath("//details[contains(@class, 'finding')]")) == 1
    assert texts(tree, "//details[contains(@class, 'finding')]//li") == [
        "warning XE404 majority-beats-model accuracy is low"
    ]


def test_errors_that_follow_from_another_one_fail_a_model_as_well():
    root = Finding("XE304", "misaligned-rows", Level.ERROR, "rows are shifted", "join them", 8)
    other = Finding("XE303", "flipped-positive", Level.ERROR, "area 0.1", "turn it", 8, because_of="XE304")
    report = made("judged")
    judged = report.models[0]
    judged = replace(judged, report=replace(judged.report, findings=(root, other)))
    text = html.check(replace(report, models=(judged,)))
    assert "Each of these fails the model" in text
    assert "--ignore XE304 --ignore XE303" in text
