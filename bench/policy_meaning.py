#!/usr/bin/env python3
"""How far what the rules suggest for the clauses of policy documents agrees with a table made by people. Prints one JSON object a document.

usage: policy_meaning.py --data DIR --body B --user U --clauses clauses.tsv [--show FIELD] FILE=doc[,doc…] …
The table has columns doc, ref, actor, modality, kind, capability. '#2' of a ref is a further thing that the same clause asks for: a clause has one
meaning, so `clauses` counts it right when it is that of one of its rows; `rows` counts every row by itself, which a clause with several cannot all meet.
With SEKISHO_PACKS_DIR pointing at packs whose structure.json has no sections, the words' rules are measured alone. --show lists what differs."""
import argparse
import json
import pathlib
import re
import subprocess
from collections import defaultdict

SEKISHO = pathlib.Path(__file__).parents[1] / "build/release/bin/sekisho"
MODALITY = {"definition": "is", "must-not": "must_not"}
FIELDS = ("modality", "kind", "capability", "actor")
# Words of the table for what the program stores in the body's own words.
BODY = "団体"


def sekisho(options, *words):
    command = [SEKISHO, *words[:2], "--data", options.data, "--body", options.body, "--user", options.user, "--json", *words[2:]]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def table(path, documents):
    rows = defaultdict(list)
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    names = lines[0].split("\t")
    for line in lines[1:]:
        row = dict(zip(names, line.split("\t")))
        if row["doc"] in documents:
            row["modality"] = MODALITY.get(row["modality"], row["modality"])
            rows[re.sub(r"#\d+$", "", row["ref"])].append(row)
    return rows


def names_of(actor):
    return {re.sub(r"[（(].*", "", one) for one in re.split("[、・]", actor)}


def actor_agrees(meaning, row, aliases):
    suggested = {aliases.get(n, n) for n in names_of(meaning["actor_name"])}
    if meaning["actor"] == "@body":
        suggested = {BODY}
    return suggested == {aliases.get(n, n) for n in names_of(row["actor"])}


def agrees(field, meaning, row, aliases):
    return actor_agrees(meaning, row, aliases) if field == "actor" else meaning[field] == row[field]


def found_for(ref, by_ref):
    """Of an entry of a column the table may give the end of the column's name, and parts a, b of one entry."""
    entry = re.fullmatch(r"(.*/)(\D+\d+)[ab]?", ref)
    if ref in by_ref or entry is None:
        return by_ref.get(ref)
    return next((m for r, m in by_ref.items() if r.startswith(entry[1]) and r.endswith(entry[2])), None)


def measure(options, version, documents, aliases):
    rows = table(options.clauses, documents)
    meanings = sekisho(options, "policy", "meaning", version)["items"]
    by_ref = {}
    for meaning in meanings:
        by_ref.setdefault(meaning["ref"], meaning)
    right_rows, right_clauses, found_rows, found = dict.fromkeys(FIELDS, 0), dict.fromkeys(FIELDS, 0), 0, 0
    for ref, here in rows.items():
        meaning = found_for(ref, by_ref)
        if meaning is None:
            continue
        found += 1
        found_rows += len(here)
        for field in FIELDS:
            right = [agrees(field, meaning, row, aliases) for row in here]
            right_rows[field] += sum(right)
            right_clauses[field] += any(right)
            if field == options.show and not any(right):
                print(ref, "|", meaning[field if field != "actor" else "actor_name"], "| table:", "/".join(row[field] for row in here), "|", (meaning["title"] + " " + meaning["text"])[:90].replace("\n", " "))
    share = lambda part, all_: {field: round(part[field] / all_, 3) for field in FIELDS} if all_ else {}
    return {"clauses": found, "of": len(rows), "clauses_agree": share(right_clauses, found), "rows": found_rows, "rows_agree": share(right_rows, found_rows)}


def main():
    parser = argparse.ArgumentParser()
    for name in ("--data", "--body", "--user", "--clauses"):
        parser.add_argument(name, required=True)
    parser.add_argument("--show")
    parser.add_argument("--alias", action="append", default=[], help="NAME=NAME: two names of one actor, such as a role's name in the profile and in the table")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    aliases = dict(pair.split("=", 1) for pair in options.alias)
    for pair in options.files:
        path, documents = pair.rsplit("=", 1)
        made = sekisho(options, "policy", "import", path) if pathlib.Path(path).exists() else {"version": path}
        for document in documents.split(","):
            print(json.dumps({"document": document, **measure(options, made["version"], {document}, aliases)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
