#!/usr/bin/env python3
"""Time of computing the coverage of a body anew, as a person waits for it: request by request, nothing kept between them but what the program keeps.

usage: bench/policy_coverage.py [--clauses 900] [--requests 20] [--binary build/release/bin/sekisho]

A body of its own imports a policy of so many clauses, made of the controls' own words. Prints one JSON object: milliseconds of GET
/api/v1/policies/coverage (median, worst), and how many clauses and controls it told of.
"""
import argparse
import base64
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/functional"))


def policy(clauses):
    controls = json.loads((ROOT / "packs/standard/controls.json").read_text(encoding="utf-8"))["controls"]
    lines, made, chapter = [], 0, 0
    while made < clauses:
        chapter += 1
        lines += [f"{chapter} 第{chapter}の対策", ""]
        for number in range(1, min(30, clauses - made) + 1):
            control = controls[made % len(controls)]
            lines += [f"({number}) {''.join(control.get('words', [])[:1])}について、{control['title']}を、責任者の定めるところにより行わなければならない。", ""]
            made += 1
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clauses", type=int, default=900)
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--binary")
    options = parser.parse_args()
    if options.binary:
        os.environ["SEKISHO_BINARY"] = options.binary
    from sekisho import Server
    from shiken import SETTINGS, set_up
    with tempfile.TemporaryDirectory() as folder:
        server = set_up(Server(Path(folder) / "data", SETTINGS)).start()
        try:
            admin = server.client()
            admin.login("kanri").ok()
            admin.post("/api/v1/policies", {"name": "houshin.txt", "content": base64.b64encode(policy(options.clauses).encode()).decode()}).ok()
            times = []
            for _ in range(options.requests):
                begun = time.monotonic()
                out = admin.get("/api/v1/policies/coverage").ok()
                times.append((time.monotonic() - begun) * 1000)
            print(json.dumps({"clauses": len(out["clauses"]), "controls": len(out["controls"]), "requests": options.requests, "median_ms": round(statistics.median(times), 1),
                              "worst_ms": round(max(times), 1)}))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
