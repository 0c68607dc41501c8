"""Forms: the closed sets of what a report may look like.

Floor 1.
"""

from enum import StrEnum


class OutputFormat(StrEnum):
    """The forms of a report."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"


REPORT_FORMS = (OutputFormat.FULL, OutputFormat.CONCISE, OutputFormat.JSON, OutputFormat.MARKDOWN)
"""Of every report."""

CHECK_FORMS = tuple(OutputFormat)
"""Of a verdict: also those that the runners of pipelines read."""


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"
