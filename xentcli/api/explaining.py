"""`xentcli.explain`: the manual, a page a code.

Floor 8.
"""

from xentcli.errors import UsageError, did_you_mean
from xentcli.results import Explanation, Topic
from xentcli.rules.registry import RULES, by_code, page


def topics() -> tuple[Topic, ...]:
    """Return all that can be explained, in order."""
    return tuple(
        Topic(rule.code, rule.name, tuple(level.value for level in rule.levels), rule.summary) for rule in RULES
    )


def explain(topic: str) -> Explanation:
    """Return the page of a rule.

    Args:
        topic: its code, such as `XE101` in any letter case, or its name, such as `one-based-indices`.

    Raises:
        UsageError: there is none.
    """
    rule = by_code(topic)
    if rule is None:
        known = [name for one in RULES for name in (one.code, one.name)]
        close = did_you_mean(topic.strip(), known) or did_you_mean(topic.strip().upper(), known)
        raise UsageError(
            f"there is no page on {topic!r}",
            help=f"did you mean {close}?" if close else "xent explain lists all pages",
        )
    return Explanation(rule.code, rule.name, page(rule))
