"""`xentcli.explain`: the manual, a page a lesson and a page a code.

Floor 8.
"""

from xentcli.errors import UsageError, did_you_mean
from xentcli.lessons import pages as lesson_pages
from xentcli.results import Explanation, Topic
from xentcli.rules.pages import pages, rule_page


def topics() -> tuple[Topic, ...]:
    """Return all that can be explained: the lessons, then the codes, in order."""
    lessons = tuple(Topic(one.name, one.title, (), one.summary) for one in lesson_pages.lessons())
    return lessons + tuple(
        Topic(rule.code, rule.name, tuple(level.value for level in rule.levels), rule.summary) for rule in pages()
    )


def explain(topic: str) -> Explanation:
    """Return a lesson, or the page of a rule.

    Args:
        topic: a lesson, such as `cross-entropy`; or a rule's code, such as `XE101`, or name, such as
            `one-based-indices`; all in any letter case.

    Raises:
        UsageError: there is none.
    """
    found = lesson_pages.lesson(topic)
    return _page_of_a_rule(topic) if found is None else Explanation(found.name, found.title, found.markdown)


def _page_of_a_rule(topic: str) -> Explanation:
    rule = rule_page(topic)
    if rule is None:
        known = [*lesson_pages.NAMES, *(name for one in pages() for name in (one.code, one.name))]
        close = did_you_mean(topic.strip(), known)
        raise UsageError(
            f"there is no page on {topic!r}",
            help=f"did you mean {close}?" if close else "xent explain lists all pages",
        )
    return Explanation(rule.code, rule.name, rule.markdown)
