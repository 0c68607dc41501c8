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
    HTML = "html"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"


REPORT_FORMS = (OutputFormat.FULL, OutputFormat.CONCISE, OutputFormat.JSON, OutputFormat.MARKDOWN)
"""Of every report."""

RESULT_FORMS = (*REPORT_FORMS, OutputFormat.HTML)
"""Of what is found in data: also a page for a browser."""

CHECK_FORMS = tuple(OutputFormat)
"""Of a verdict: also those that the runners of pipelines read."""


class Plot(StrEnum):
    """The figures that `xent plot` draws."""

    RELIABILITY = "reliability"
    SCORES = "scores"
    ROC = "roc"
    PR = "pr"
    CONFUSION = "confusion"
    LOSS = "loss"
    CLASSES = "classes"
    SHARES = "shares"
    SLICES = "slices"


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"
