#!/usr/bin/env python3
"""Imports policy documents by the command line and compares the clauses found with a table of those that are there. Prints one JSON object a document.

usage: policy_import.py --data DIR --body B --user U --clauses clauses.tsv FILE=doc[,doc…] …
The table has columns doc and ref; '#2' is a sentence of the clause before it, '3a' behind a slash a part of the third entry of a column."""
import argparse
import json
import pathlib
import re
import subprocess
import time

SEKISHO = pathlib.Path(__file__).parents[1] / "build/release/bin/sekisho"
NUMBERED = {"clause", "row", "item", "preamble", "signature", "front"}


def sekisho(options, *words):
    command = [SEKISHO, *words[:2], "--data", options.data, "--body", options.body, "--user", options.user, "--json", *words[2:]]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def wanted_refs(table, documents):
    refs = set()
    for row in pathlib.Path(table).read_text(encoding="utf-8").splitlines()[1:]:
        document, ref = row.split("\t")[:2]
        if document in documents:
            refs.add(re.sub(r"#\d+$", "", ref))
    return refs


def present(ref, refs):
    """Exactly once; of an entry of a column the table may give the end of the column's name."""
    entry = re.fullmatch(r"(.*/)(\D+\d+)[ab]?", ref)
    if refs.count(ref) == 1 or entry is None:
        return refs.count(ref) == 1
    return sum(1 for r in refs if r.startswith(entry[1]) and r.endswith(entry[2])) == 1


def main():
    parser = argparse.ArgumentParser()
    for name in ("--data", "--body", "--user", "--clauses"):
        parser.add_argument(name, required=True)
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    for pair in options.files:
        path, documents = pair.rsplit("=", 1)
        begin = time.monotonic()
        made = sekisho(options, "policy", "import", path)
        seconds = time.monotonic() - begin
        refs = [c["ref"] for c in sekisho(options, "policy", "tree", made["version"])["clauses"] if c["kind"] in NUMBERED]
        wanted = wanted_refs(options.clauses, documents.split(","))
        missing = sorted(w for w in wanted if not present(w, refs))
        ends = {re.sub(r"[ab]$", "", w) for w in wanted}
        spurious = sorted(r for r in set(refs) if not any(w.startswith(r) for w in wanted) and not any("/" in e and r.split("/")[0] == e.split("/")[0] and r.endswith(e.split("/")[1]) for e in ends))
        print(json.dumps({"file": path, "wanted": len(wanted), "found": len(wanted) - len(missing), "missing": missing, "spurious": spurious, "attributed": made["attributed"],
                          "repairs": len(made["repairs"]), "seconds": round(seconds, 2)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
