"""The documents of the repository, by their paths: the README, the pages of `docs/`, and those beside the README."""

import os
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
_AT_THE_TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md")

PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in [*(ROOT / name for name in _AT_THE_TOP), *sorted((ROOT / "docs").rglob("*.md"))]
    if path.is_file()
}
"""The text of each page, by its path from the root."""

ALL_TEXT = "\n".join(PAGES.values())


def table_between(page, mark, drawn):
    """Return the table between `<!-- mark -->` and its end; with WRITE_SCREENS set the drawn one becomes it first."""
    pattern = re.compile(rf"(<!-- {mark} -->\n)(.*?)(<!-- /{mark} -->)", re.DOTALL)
    if os.environ.get("WRITE_SCREENS"):
        text = (ROOT / page).read_text(encoding="utf-8")
        (ROOT / page).write_text(pattern.sub(lambda kept: kept[1] + drawn + kept[3], text), encoding="utf-8")
    return pattern.search((ROOT / page).read_text(encoding="utf-8"))[2]
