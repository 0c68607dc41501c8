"""What the runners of pipelines read, held against their schemas."""

import json
from pathlib import Path

import jsonschema
from lxml import etree

SCHEMAS = Path(__file__).parent / "schemas"
JUNIT = etree.XMLSchema(etree.parse(SCHEMAS / "junit.xsd"))
GITLAB = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "gitlab-codequality.json").read_text()))


def valid_junit(text):
    """Return the root of a JUnit document that is valid and whose counts are right."""
    root = etree.fromstring(text.encode("ascii"))
    JUNIT.assertValid(root)
    for group in (root, *root):
        cases = list(group.iter("testcase"))
        assert int(group.get("tests")) == len(cases)
        assert int(group.get("failures")) == sum(case.find("failure") is not None for case in cases)
        assert int(group.get("errors")) == sum(case.find("error") is not None for case in cases)
    assert {element.get("time", "0") for element in root.iter()} == {"0"}
    return root


def valid_gitlab(text):
    """Return the entries of a valid code-quality report, each with a fingerprint of its own."""
    entries = json.loads(text)
    GITLAB.validate(entries)
    prints = [one["fingerprint"] for one in entries]
    assert len(set(prints)) == len(prints)
    return entries
