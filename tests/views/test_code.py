"""Code on a page can be pasted as it stands, however narrow the terminal is."""

import re
from pathlib import Path

import pytest

import xentcli
from xentcli.views import console, plain
from xentcli.views.inspect_page import inspect_page

SAMPLE = Path(__file__).parent.parent.parent / "sample_data"


@pytest.mark.parametrize("width", [40, 80, 160])
@pytest.mark.parametrize("framework", ["torch", "keras", "sklearn", "xgboost"])
def test_code_is_neither_indented_nor_broken(framework, width):
    found = xentcli.inspect(SAMPLE / "labels_tags.csv")
    page = inspect_page(found, framework=framework)
    snippet = found.advice.frameworks[framework].snippet.strip()
    assert snippet in plain.render(page)
    assert snippet in console.render(page, width=width, colour=False)
    coloured = re.sub(r"\x1b\[[0-9;]*m", "", console.render(page, width=width, colour=True))
    assert snippet in coloured
    compile(snippet, framework, "exec")
