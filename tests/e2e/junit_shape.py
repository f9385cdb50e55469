"""Reads a JUnit report on standard input as its consumers do, prints one line a suite, and fails where it is not in the
shape of junit-10.xsd of jenkinsci/xunit-plugin (names, order of children, types of attributes, sums that are right)."""
import re
import sys
import xml.etree.ElementTree as ElementTree

NUMBER = re.compile(r"^[0-9]+$")
TIME = re.compile(r"^[0-9]+\.[0-9]{1,3}$")
STAMP = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$")
ALLOWED = {
    "testsuites": {"name", "time", "tests", "failures", "errors", "skipped"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "skipped": {"message"},
    "system-err": set(),
}


def check(element):
    assert element.tag in ALLOWED, element.tag
    extra = set(element.attrib) - ALLOWED[element.tag]
    assert not extra, (element.tag, extra)
    for name in ("tests", "failures", "errors", "skipped"):
        assert name not in element.attrib or NUMBER.match(element.attrib[name]), (element.tag, name)
    assert "time" not in element.attrib or TIME.match(element.attrib["time"]), element.attrib["time"]
    assert "timestamp" not in element.attrib or STAMP.match(element.attrib["timestamp"])
    for child in element:
        check(child)


def count(suite):
    cases = suite.findall("testcase")
    return {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": sum(case.find("error") is not None for case in cases),
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }


root = ElementTree.fromstring(sys.stdin.buffer.read())
assert root.tag == "testsuites"
check(root)
totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
for suite in root:
    assert suite.tag == "testsuite" and suite.attrib["name"]
    order = [child.tag for child in suite]
    assert order == sorted(order, key=["testcase", "system-out", "system-err"].index), order
    counted = count(suite)
    for name, value in counted.items():
        assert int(suite.attrib[name]) == value, (suite.attrib["name"], name)
        totals[name] += value
    for case in suite.findall("testcase"):
        assert case.attrib["name"] and case.attrib["classname"]
        assert len(case) <= 1, "a testcase ends in one way"
    outcomes = [case.attrib["name"] + ":" + (case[0].tag if len(case) else "passed") for case in suite.findall("testcase")]
    print(suite.attrib["name"], " ".join(outcomes))
for name, value in totals.items():
    assert int(root.attrib[name]) == value, name
