"""JUnit: the checks as test cases, for whatever reads the XML that Ant, Jenkins and most runners agree on.

Floor 8. JUnit knows no warning: a check that only warns, or that cannot be told, passes and says so in `system-out`.
Time is always 0, and no host is named: the same result gives the same bytes. ASCII, so that every stream can carry it.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from xentcli.errors import XentError
from xentcli.gate.model import Check, Outcome
from xentcli.verdicts import CheckReport, JudgedModel
from xentcli.views import check_words as words
from xentcli.views import error as error_view
from xentcli.views.page import traced
from xentcli.views.safe import printable

TOOL = "xent"


class _Names:
    """Names made unique: what reads JUnit tells test cases apart by their names alone."""

    def __init__(self) -> None:
        """Start without names."""
        self._taken: set[str] = set()

    def unique(self, text: str) -> str:
        """Return the text made safe, with a number behind it if that name is taken."""
        name = wanted = printable(text) or TOOL
        number = 1
        while name in self._taken:
            number += 1
            name = f"{wanted} ({number})"
        self._taken.add(name)
        return name


def check(report: CheckReport) -> str:
    """Return the document: a suite a model; in it a case a check and group, and a failed one an error-level finding."""
    root = Element("testsuites", name=f"{TOOL} check")
    names = _Names()
    for model in report.models:
        _suite(root, names.unique(model.name), model)
    return _document(root)


def error(found: XentError) -> str:
    """Return the document of a run that could not judge: one case, with the error."""
    root = Element("testsuites", name=f"{TOOL} check")
    suite = SubElement(root, "testsuite", name=TOOL)
    case = SubElement(suite, "testcase", classname=TOOL, name=f"{TOOL} check", time="0")
    lines = error_view.render(found).splitlines()
    case.append(_element("error", *lines, message=found.message, type=type(found).__name__))
    return _document(root)


def _suite(root: Element, name: str, model: JudgedModel) -> None:
    suite = SubElement(root, "testsuite", name=name)
    names = _Names()
    for text, one in _cases(model):
        case = SubElement(suite, "testcase", classname=name, name=names.unique(text), time="0")
        case.extend(one)


def _cases(model: JudgedModel) -> Iterator[tuple[str, list[Element]]]:
    """Yield the name of each case and what it holds; nothing if it passes."""
    for one in model.checks:
        yield words.label(one), _told(one)
    for finding in model.errors:
        message = traced(finding)
        lines = (message, f"help: {finding.help}")
        yield (
            f"{finding.code} {finding.name}",
            [_element("failure", *lines, message=message, type=finding.code)],
        )


def _told(one: Check) -> list[Element]:
    if one.outcome is Outcome.PASSED:
        return []
    text = f"{one.message}{words.place(one)}"
    if one.outcome is Outcome.FAILED:
        return [_element("failure", text, message=one.message, type=one.metric)]
    return [_element("system-out", f"{one.outcome.value}: {text}")]


def _element(tag: str, *lines: str, **attributes: str) -> Element:
    made = Element(tag, {name: printable(value) for name, value in attributes.items()})
    made.text = "\n".join(printable(line) for line in lines)
    return made


def _document(root: Element) -> str:
    """Return the XML, after every suite and the whole have been told their numbers of cases."""
    for group in (*root, root):
        cases = list(group.iter("testcase"))
        counts = {"tests": len(cases)} | {
            f"{tag}s": sum(case.find(tag) is not None for case in cases) for tag in ("failure", "error")
        }
        for name, count in counts.items():
            group.set(name, str(count))
        group.set("time", "0")
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="us-ascii").decode("ascii")}\n'
