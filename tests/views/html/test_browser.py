"""The page in a real browser: it opens from a file, asks for nothing, fits, sorts, copies, prints, and can be heard."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from drawn import made
from playwright.sync_api import sync_playwright

BROWSER = os.environ.get("CHROME") or shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no browser: chromium, google-chrome and $CHROME are not there")

DRAWN = (
    "binary", "digits", "many classes", "labels", "outputs", "decisions", "compared", "judged", "models", "inspected",
)  # fmt: skip


UNFOLD = "() => { for (const one of document.querySelectorAll('details')) one.open = true; }"
REFUSE = "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }"
TAKE = "() => { navigator.clipboard.writeText = async (text) => { window.taken = text; }; }"
SELECTED = "() => document.getElementById('json').selectionEnd - document.getElementById('json').selectionStart"


@pytest.fixture(scope="module")
def browser():
    """One browser for all tests; in a container of root it can have no sandbox of its own."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of the pages, each written once."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def opened(browser, folder):
    """Open the page of a result from its file, and watch what it says and asks for."""
    contexts = []

    def open_page(name, *, scheme="light", width=1440, script=True):
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(made(name).to_html(), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.heard = []
        page.on("console", lambda message: page.heard.append(message.text))
        page.on("pageerror", lambda error: page.heard.append(str(error)))
        page.on("request", lambda request: page.heard.append(request.url))
        page.goto(path.as_uri())
        assert page.heard.pop(0) == path.as_uri()
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", DRAWN)
def test_a_page_opens_from_its_file_says_nothing_asks_for_nothing_and_fits(opened, name):
    for scheme, width in (("light", 1440), ("dark", 360)):
        page = opened(name, scheme=scheme, width=width)
        assert page.locator("h1").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("document.fonts.size") == 0
        page.evaluate(UNFOLD)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.heard == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [name for name in DRAWN if name != "many classes"])
def test_axe_finds_no_violation(opened, name, scheme):
    page = opened(name, scheme=scheme, width=360 if scheme == "dark" else 1440)
    page.evaluate(UNFOLD)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_reader_gets_the_colours_of_the_system(opened):
    light, dark = (
        opened("digits", scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    )
    assert light == "rgb(244, 245, 248)"
    assert dark == "rgb(14, 18, 25)"


def test_pictures_are_as_large_as_their_place(opened):
    page = opened("digits", width=360)
    for box in (one.bounding_box() for one in page.locator("svg.figure").all()):
        assert box["width"] > 250
        assert box["height"] > 50


def column(page, title, at):
    """Return the texts of a column of the table under a title."""
    table = page.locator("section", has=page.get_by_role("heading", name=title)).locator("table").first
    return table, table.locator(f"tbody tr > :nth-child({at})").all_inner_texts()


def test_a_table_sorts_by_numbers_and_by_names_and_says_so(opened):
    page = opened("digits")
    table, before = column(page, "Classes, worst loss first", 7)
    assert before == sorted(before, key=float, reverse=True)
    table.get_by_role("button", name="rows").click()
    _, rows = column(page, "Classes, worst loss first", 2)
    assert rows == sorted(rows, key=int, reverse=True)
    table.get_by_role("button", name="rows").click()
    _, rows = column(page, "Classes, worst loss first", 2)
    assert rows == sorted(rows, key=int)
    assert table.locator("th[aria-sort=ascending]").inner_text().startswith("rows")
    table.get_by_role("button", name="class").focus()
    page.keyboard.press("Enter")
    _, names = column(page, "Classes, worst loss first", 1)
    assert names == [str(digit) for digit in range(10)]
    assert table.locator("th[aria-sort]").count() == 1


def test_undefined_cells_sort_to_the_end(opened):
    page = opened("many classes")
    title = "Classes, worst loss first"
    table, _ = column(page, title, 4)
    for _ in range(2):
        table.get_by_role("button", name="precision").click()
        _, cells = column(page, title, 4)
        undefined = [at for at, cell in enumerate(cells) if cell == "undefined"]
        assert undefined == list(range(1000 - len(undefined), 1000))


def test_without_the_script_everything_is_there(opened):
    page = opened("digits", script=False)
    assert page.locator("#copy").is_hidden()
    assert page.locator("table").count() > 10
    page.locator("details.finding summary").first.click()
    assert page.locator("details.finding .body").first.is_visible()


def test_the_json_is_copied_or_selected(opened):
    page = opened("digits")
    page.evaluate(REFUSE)
    page.locator("#copy").click()
    page.wait_for_function("document.getElementById('copied').textContent")
    assert page.locator("#copied").inner_text() == "Selected: copy it with the keyboard."
    text = page.locator("#json").input_value()
    assert '"schema": "xent.score/1"' in text
    assert page.evaluate(SELECTED) == len(text)
    page = opened("digits")
    page.evaluate(TAKE)
    page.locator("#copy").click()
    page.wait_for_function("document.getElementById('copied').textContent === 'Copied.'")
    assert page.evaluate("() => JSON.parse(window.taken).schema") == "xent.score/1"


def test_a_script_that_is_slipped_in_does_not_run(opened, folder):
    text = made("digits").to_html().replace("</main>", "<script>document.title = 'taken'</script></main>")
    (folder / "slipped.html").write_text(text, encoding="utf-8")
    page = opened("digits")
    page.heard.clear()
    page.goto((folder / "slipped.html").as_uri())
    assert page.title() != "taken"
    assert any("Content Security Policy" in one for one in page.heard)


def test_it_prints_with_the_findings_unfolded(opened, tmp_path):
    page = opened("digits")
    page.pdf(path=tmp_path / "r.pdf", format="A4")
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.finding:not([open])").count() == 0
    assert page.locator("#copy").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_keyboard_reaches_the_report_first(opened):
    page = opened("digits")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"
