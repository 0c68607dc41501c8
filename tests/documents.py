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


WRITES = bool(os.environ.get("WRITE_SCREENS"))
"""Whether what is drawn now becomes what the documents show; `make screens` asks for it."""


def screen_of(page, command, screen, printed):
    """Return the screen of a page below a command; if it is to be written, what is printed becomes it."""
    if not WRITES:
        return screen
    before, after = (f"```console\n$ {command}\n{text}\n```" for text in (screen.strip("\n"), printed))
    text = (ROOT / page).read_text(encoding="utf-8")
    (ROOT / page).write_text(text.replace(before, after), encoding="utf-8")
    return printed


def table_between(page, mark, drawn):
    """Return the table between `<!-- mark -->` and its end; if it is to be written, the drawn one becomes it."""
    pattern = re.compile(rf"(<!-- {mark} -->\n)(.*?)(<!-- /{mark} -->)", re.DOTALL)
    if WRITES:
        text = (ROOT / page).read_text(encoding="utf-8")
        (ROOT / page).write_text(pattern.sub(lambda kept: kept[1] + drawn + kept[3], text), encoding="utf-8")
    return pattern.search((ROOT / page).read_text(encoding="utf-8"))[2]
