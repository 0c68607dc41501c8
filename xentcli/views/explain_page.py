"""The pages of `xent explain`: the list of what there is, and one page of it.

Floor 8. Formats; computes nothing.
"""

from typing import Any

from xentcli.results import EXPLAIN_SCHEMA, Explanation, Topic
from xentcli.views.page import Grid, Heading, Page, Prose, Sentence

_GROUPS = {
    "XE1": "Labels",
    "XE2": "Scores",
    "XE3": "Labels against scores",
    "XE4": "Metrics",
}


def explain_page(found: Explanation) -> Page:
    """Return a page of the manual."""
    return Page((Prose(found.markdown),))


def topics_page(topics: tuple[Topic, ...]) -> Page:
    """Return the list of all pages: lessons, then findings grouped by what they look at."""
    lessons = tuple((one.topic, one.summary) for one in topics if not one.levels)
    blocks: list[Heading | Grid | Sentence] = [Heading("Lessons"), Grid(("topic", "in a sentence"), lessons)]
    for prefix, title in _GROUPS.items():
        rows = tuple(
            (one.topic, one.title, " or ".join(one.levels), one.summary)
            for one in topics
            if one.topic.startswith(prefix)
        )
        if rows:
            blocks += [Heading(title), Grid(("code", "name", "level", "looks at"), rows)]
    return Page((*blocks, Sentence("xent explain TOPIC shows a lesson, xent explain CODE the page of a finding.")))


def topics_document(topics: tuple[Topic, ...]) -> dict[str, Any]:
    """Return the document `xent.explain/1` of the list."""
    listed = [
        {"topic": one.topic, "title": one.title, "levels": list(one.levels), "summary": one.summary} for one in topics
    ]
    return {"schema": EXPLAIN_SCHEMA, "topics": listed}


def topics_lines(topics: tuple[Topic, ...]) -> str:
    """Return one line a page, made for grep."""
    return "".join(f"{one.topic}: {one.title}: {one.summary}\n" for one in topics)
