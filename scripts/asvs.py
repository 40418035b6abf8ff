"""docs/asvs.md against the tree: every requirement of levels 1 and 2 has one row, and what a row leans on exists.

A row that is met or partly met names a test, or links to a heading where documentation is what is asked for; the others give a reason. Numbers
are those of OWASP ASVS 5.0.0. Used by scripts/check; alone: /usr/bin/python3 scripts/asvs.py
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = "docs/asvs.md"
# Section -> how many of its requirements, counted from 1, belong to levels 1 and 2. Those of level 3 stand behind them.
LEVEL_2 = {"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1}
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \|([^|]*)\| (.) \|(.*)\|$")
REASON = "理由:"


def text_of(pattern):
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob(pattern)))


def known_tests():
    functional = set(re.findall(r"^def (test_\w+)", text_of("tests/functional/test_*.py"), re.M))
    units = {f"{suite}.{name}" for suite, name in re.findall(r"^\s*TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", text_of("src/**/*_test.cpp"), re.M)}
    browser = set()
    for path in ROOT.glob("tests/browser/*.test.mjs"):
        browser |= {f"{path.name}「{title}」" for title in re.findall(r"\btest\('([^']+)'", path.read_text(encoding="utf-8"))}
    return functional | units, browser


def anchors(document):
    """The headings of a document, as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", (ROOT / "docs" / document).read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def wanted():
    return {f"{section}.{n}" for section, count in LEVEL_2.items() for n in range(1, count + 1)}


def problems(lines):
    """(line, what) of everything that is not right in the document."""
    tests, browser = known_tests()
    out, seen = [], set()
    for number, line in enumerate(lines, 1):
        names = [n for n in re.findall(r"`([^`]+)`", line) if re.fullmatch(r"test_\w+|[A-Z]\w+\.[A-Z]\w+", n)]
        titles = re.findall(r"[\w.]+\.test\.mjs「[^」]+」", line)
        links = re.findall(r"\]\(([\w.]+\.md)#([^)]+)\)", line)
        out += [(number, f"no test is called {n}") for n in names if n not in tests]
        out += [(number, f"no browser test is called {t}") for t in titles if t not in browser]
        out += [(number, f"{document} has no heading #{anchor}") for document, anchor in links if not (ROOT / "docs" / document).is_file() or anchor not in anchors(document)]
        row = ROW.match(line)
        if not row:
            continue
        requirement, verdict, evidence = row.group(1), row.group(3), row.group(4)
        if requirement in seen:
            out.append((number, f"{requirement} stands twice"))
        seen.add(requirement)
        if requirement not in wanted():
            out.append((number, f"{requirement} is no requirement of levels 1 and 2"))
        if verdict not in "○△×－":
            out.append((number, f"{requirement}: no verdict"))
        if verdict in "×－" and REASON not in evidence:
            out.append((number, f"{requirement}: no reason"))
        if verdict in "○△" and not (names or titles or links or (verdict == "△" and REASON in evidence)):
            out.append((number, f"{requirement}: neither a test nor a heading"))
    return out + [(1, f"{missing} is missing") for missing in sorted(wanted() - seen)]


def check(report):
    for number, what in problems((ROOT / DOCUMENT).read_text(encoding="utf-8").splitlines()):
        report(f"{DOCUMENT}:{number}: {what}")


if __name__ == "__main__":
    found = []
    check(found.append)
    print("\n".join(found) or "every row stands on something that exists")
    sys.exit(1 if found else 0)
