"""GitLab: a code-quality report, whose entries a merge request shows beside the lines that they are about.

Floor 8. An entry is known again by its fingerprint: it is made of names and never of values, so that a check which
still fails is not taken for a new one. A passed run gives an empty list. The format:
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from xentcli.errors import Place, XentError
from xentcli.gate.model import Check, Outcome
from xentcli.verdicts import CheckReport, JudgedModel
from xentcli.views import check_words as words
from xentcli.views import json as json_view
from xentcli.views.page import traced
from xentcli.views.safe import printable

TOOL = "xent"
_SEVERITY = {Outcome.FAILED: "major", Outcome.WARNED: "minor", Outcome.INCONCLUSIVE: "info"}


def check(report: CheckReport) -> str:
    """Return an entry for each check that did not pass and for each error-level finding."""
    taken: set[str] = set()
    entries = [
        _entry(text, name, severity, place, _fingerprint(key, taken))
        for model in report.models
        for text, name, severity, place, key in _issues(model)
    ]
    return json_view.render(entries, ascii_only=True)


def error(found: XentError) -> str:
    """Return one entry: why the run could not judge."""
    key = (type(found).__name__, found.message)
    place = found.place or Place()
    entry = _entry(str(found), TOOL, "blocker", place, _fingerprint(key, set()))
    return json_view.render([entry], ascii_only=True)


def _issues(model: JudgedModel) -> Iterator[tuple[str, str, str, Place, tuple[str | None, ...]]]:
    """Yield description, name, severity, place and what identifies it of each entry."""
    predictions = Place(model.report.source.path)
    for one in model.errors:
        text = f"{one.code} {one.name}: {traced(one)}"
        yield text, f"{one.code} {one.name}", "critical", predictions, (model.name, "finding", one.code)
    for check in words.ordered(model.checks):
        if check.outcome is not Outcome.PASSED:
            text = f"{check.outcome.value} {words.label(check)}: {check.message}"
            yield text, check.name, _SEVERITY[check.outcome], check.place or predictions, _key(model, check)


def _key(model: JudgedModel, check: Check) -> tuple[str | None, ...]:
    group = () if check.group is None else (check.group.by, check.group.value)
    return (model.name, "check", check.name, *group)


def _fingerprint(key: tuple[str | None, ...], taken: set[str]) -> str:
    """Return the SHA-256 of what identifies an entry; with a number behind it where two have all of that in common."""
    number = 0
    while (found := _hash([*key, *([str(number)] if number else [])])) in taken:
        number += 1
    taken.add(found)
    return found


def _hash(parts: list[str | None]) -> str:
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


def _entry(description: str, name: str, severity: str, place: Place, fingerprint: str) -> dict[str, Any]:
    return {
        "description": printable(description),
        "check_name": printable(name) or TOOL,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            "path": printable(place.path or "xent.toml").removeprefix("./"),
            "lines": {"begin": place.line or 1},
        },
    }
