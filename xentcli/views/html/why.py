"""Why a finding matters and how to mend it, from the page of its rule.

Floor 8. The text is the tool's own Markdown; raw HTML in it is not passed on.
"""

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

from xentcli.rules.pages import rule_page

_WANTED = ("**Why it bites.**", "**Mend it.**")


@cache
def why(code: str) -> Markup:
    """Return the two paragraphs as HTML; empty where there is no such page."""
    page = rule_page(code)
    if page is None:
        return Markup()
    paragraphs = [one for one in page.explanation.split("\n\n") if one.startswith(_WANTED)]
    drawn: str = MarkdownIt("commonmark", {"html": False}).render("\n\n".join(paragraphs))
    return Markup(drawn)  # noqa: S704  made from the tool's own text, which holds no data
