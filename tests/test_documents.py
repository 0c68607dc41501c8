"""The documents hang together: their links lead somewhere, and every page is listed."""

import re

import pytest
from documents import PAGES, ROOT
from test_layers import FLOORS

LINKS = [
    (page, target)
    for page, text in PAGES.items()
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    if "://" not in target
]


def anchors(text):
    """Return the names of a page's headings, as links to them are written."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("page", "target"), LINKS, ids=[f"{page}: {target}" for page, target in LINKS])
def test_a_link_leads_to_a_page_and_a_heading_that_are_there(page, target):
    path, _, anchor = target.partition("#")
    file = ((ROOT / page).parent / path).resolve() if path else ROOT / page
    assert file.exists()
    if anchor:
        assert anchor in anchors(file.read_text(encoding="utf-8"))


def test_every_page_of_the_documentation_is_in_its_table_of_contents():
    contents = "docs/README.md"
    listed = {(ROOT / "docs" / target).resolve() for page, target in LINKS if page == contents}
    assert [page for page in PAGES if page.startswith("docs/") and page != contents and ROOT / page not in listed] == []


def named_in(text):
    """Return the files of this repository that a page names; `NAME` stands for a name that a reader chooses."""
    found = re.findall(r"`((?:xentcli|tests|docs|sample_data|\.ci|\.github)/[\w./-]*)`", text)
    return [path for path in found if "NAME" not in path]


@pytest.mark.parametrize("page", PAGES)
def test_the_files_of_this_repository_that_a_page_names_are_there(page):
    assert [path for path in named_in(PAGES[page]) if not (ROOT / path).exists()] == []


def test_the_page_on_the_architecture_has_every_floor_with_what_lies_on_it():
    table = re.findall(r"^\| (\d+) \| (`.+?`) \|", PAGES["docs/architecture.md"], re.MULTILINE)
    told = {name: int(floor) for floor, names in table for name in re.findall(r"`(\w+)`", names)}
    assert told == FLOORS
