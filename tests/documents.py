"""The documents of the repository, by their paths: the README, the pages of `docs/`, and those beside the README."""

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
