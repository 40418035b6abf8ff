"""The definitions of the security office (packs/office) as data: read, narrowed to one body, addressed, and walked. No server, no program.

Used by scripts/office_trace.py and by tests/functional/test_office_definitions.py. The program has its own reader (src/workflow); this one is a second
pair of eyes. Needs python3-yaml.
"""
import csv
import functools
import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
OFFICE = ROOT / "packs" / "office"
BODIES = ("city-standards", "city-revised", "association-single", "association-compound", "village")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Dates stay text: the program's reader knows text, numbers and true/false only."""


_Loader.yaml_implicit_resolvers = {first: [r for r in resolvers if r[0] != "tag:yaml.org,2002:timestamp"] for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


@functools.cache
def definitions(folder=OFFICE):
    """id -> definition, in the order of the files. Read once: nobody changes what this returns."""
    return {path.stem: yaml.load(path.read_text(encoding="utf-8"), _Loader) for path in sorted(folder.glob("*.yaml"))}


def bodies():
    return {name: json.loads((ROOT / "packs" / "bodies" / f"{name}.json").read_text(encoding="utf-8")) for name in BODIES}


def body_has(body, what):
    """Whether a body's profile has what a `when` names; None: there is no such switch."""
    plain = {"segments": bool(body["segments"]), "event_levels": len(body["incident_levels"]) > 1, "elevation": bool(body.get("elevation"))}
    if what in plain:
        return plain[what]
    kind, _, value = what.partition(":")
    first, _, second = value.partition("/")
    posts = body["permitters"]
    return {"time_word": any(w["word"] == first and second in w["process"] for w in body["time_words"]), "role_scope": any(s["code"] == first for s in body["role_scopes"]),
            "unit_kind": any(u["code"] == first for u in body["unit_kinds"]), "role": any(r["code"] == first for r in body["roles"]),
            "distinct": first in posts and second in posts and posts[first] != posts[second]}.get(kind)


def holds(when, body):
    return all(body_has(body, w) for w in when.get("has", [])) and not any(body_has(body, w) for w in when.get("lacks", []))


def narrowed(node, body):
    """The definition as the body has it: what its `when` leaves out is gone."""
    if isinstance(node, list):
        return [narrowed(item, body) for item in node if not (isinstance(item, dict) and "when" in item and not holds(item["when"], body))]
    if isinstance(node, dict):
        return {key: narrowed(value, body) for key, value in node.items() if key != "when"}
    return node


def _keys(node):
    if isinstance(node, dict):
        return ({node["key"]} if isinstance(node.get("key"), str) else set()).union(*(_keys(v) for v in node.values())) if node else set()
    return set().union(*(_keys(item) for item in node)) if isinstance(node, list) else set()


def _without(node, gone):
    """What points to something that is gone goes too."""
    if isinstance(node, list):
        return [_without(item, gone) for item in node if not (isinstance(item, str) and item in gone or isinstance(item, dict) and {item.get("transition"), item.get("field")} & gone)]
    return {key: _without(value, gone) for key, value in node.items()} if isinstance(node, dict) else node


def of_body(definition, body):
    """None: the whole definition is off for this body."""
    if "when" in definition and not holds(definition["when"], body):
        return None
    out = narrowed(definition, body)
    return _without(out, _keys(definition) - _keys(out))


def parts(definition):
    """The case itself and its parallel regions: each has states and transitions."""
    return [definition, *definition.get("regions", [])]


def transitions(definition):
    return [t for part in parts(definition) for t in part["transitions"]]


def elements(definition):
    """(address, element) of everything that a row of the trace can point to."""
    name = definition["id"]
    yield name, definition
    yield f"{name}/open", definition["open"]
    for field in definition["fields"]:
        yield f"{name}/field/{field['key']}", field
        for item in field.get("items", []):
            yield f"{name}/item/{field['key']}.{item['key']}", item
    for transition in transitions(definition):
        yield f"{name}/transition/{transition['key']}", transition
    for duty in definition.get("duties", []):
        yield f"{name}/duty/{duty['key']}", duty


def cited(element):
    """(document, clause) pairs that an element stands on, its notices and separations included."""
    out = set()
    for clause in element.get("clauses", []):
        out.add(("std", clause) if isinstance(clause, str) else (clause.get("source", "std"), clause["ref"]))
    for inner in [*element.get("notices", []), *element.get("separate", [])]:
        out |= cited(inner)
    return out


def whos_in(node):
    """Every way of saying who, anywhere in a definition."""
    if isinstance(node, list):
        for item in node:
            yield from whos_in(item)
    elif isinstance(node, dict):
        if "post" in node and set(node) <= {"post", "in"} or "power" in node and set(node) <= {"power", "in"}:
            yield node
        for value in node.values():
            yield from whos_in(value)


def base(ref):
    """The clause of a row: without the number of the duty in it and without the row of a table."""
    return re.sub(r"/.*$", "", re.sub(r"#\d+$", "", ref))


def rows():
    with open(OFFICE / "trace.tsv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


# ---- what cannot work

CHOOSING = {"choice", "choices"}
BUILT_IN = {"number", "subject", "state", "opened", "updated", "due", "unit", "opener", "assigned", "closed"}
DAYS = ("date", "datetime")
PEOPLE = ("person", "people")
UNITS = ("department", "departments")


def decided(condition, states):
    """What a condition on states says: True, False, or None where people decide. `states`: region → state, "" for the case itself."""
    if "all" in condition or "any" in condition:
        inner = [decided(c, states) for c in condition.get("all", condition.get("any"))]
        wins = "any" in condition
        return wins if wins in inner else None if None in inner else not wins
    if "not" in condition:
        inner = decided(condition["not"], states)
        return None if inner is None else not inner
    if "region" in condition:
        return states[condition["region"]] in condition["in"]
    if set(condition) == {"state"}:
        return states[""] in condition["state"]
    return None


def possible(definition, states):
    """(part, transition) of everything that may be made in these states."""
    for part in parts(definition):
        name = part["key"] if part is not definition else ""
        if name and states[""] not in part["live_in"]:
            continue
        for t in part["transitions"]:
            if states[name] in t["from"] and not any(decided(g["that"], states) is False for g in t.get("guards", [])):
                yield name, t


def start(definition):
    first = definition["open"].get("state") or definition["states"][0]["key"]
    return {"": first, **{r["key"]: r["states"][0]["key"] for r in definition.get("regions", [])}}


def explored(definition):
    """Every combination of states that can be reached → the combinations that follow; and the keys of the transitions that can be made."""
    first = tuple(sorted(start(definition).items()))
    graph, made, waiting = {}, set(), [first]
    while waiting:
        node = waiting.pop()
        if node in graph:
            continue
        graph[node] = set()
        for name, t in possible(definition, dict(node)):
            made.add(t["key"])
            if "to" in t:
                after = tuple(sorted({**dict(node), name: t["to"]}.items()))
                graph[node].add(after)
                waiting.append(after)
    return graph, made


def machine_faults(definition):
    graph, made = explored(definition)
    closed = {s["key"] for s in definition["states"] if s["kind"] == "closed"}
    good = {node for node in graph if dict(node)[""] in closed}
    back = {}
    for node, after in graph.items():
        for other in after:
            back.setdefault(other, set()).add(node)
    waiting = list(good)
    while waiting:
        for node in back.get(waiting.pop(), ()):
            if node not in good:
                good.add(node)
                waiting.append(node)
    stuck = {dict(node)[""] for node in set(graph) - good}
    out = [f"dead end: from {state} no way leads to an end" for state in sorted(stuck)]
    for part in parts(definition):
        name = part["key"] if part is not definition else ""
        seen = {dict(node)[name] for node in graph}
        out += [f"nothing leads to the state {name}.{s['key']}" for s in part["states"] if s["key"] not in seen]
        out += [f"the transition {t['key']} can never be made" for t in part["transitions"] if t["key"] not in made]
    return out


class _References:
    """What a definition names exists: fields of the right kind, states, transitions, other definitions."""

    def __init__(self, definition, known):
        self.d, self.known, self.out = definition, known, []
        self.fields = {f["key"]: f for f in definition["fields"]}
        self.moves = {t["key"]: t for t in transitions(definition)}
        self.states = {s["key"] for s in definition["states"]}

    def say(self, place, what):
        self.out.append(f"{place}: {what}")

    def field(self, key, place, kinds=None):
        if key not in self.fields:
            self.say(place, f"no field {key}")
        elif kinds and self.fields[key]["type"] not in kinds:
            self.say(place, f"the field {key} is of the kind {self.fields[key]['type']}")

    def value(self, fields, key, values, place):
        """A value that is set or compared is one of the choices."""
        choices = [c["key"] for c in fields.get(key, {}).get("choices", [])]
        for value in values:
            if choices and value not in choices and not str(value).startswith("@"):
                self.say(place, f"{value} is no choice of {key}")

    def relation(self, text, place):
        if text.startswith("mover:"):
            if text[6:] not in self.moves:
                self.say(place, f"no transition {text[6:]}")
        elif text.startswith("field:"):
            self.field(text[6:], place, PEOPLE)
        elif text == "assigned" and "assigned" not in self.d and not self.d.get("duties"):
            self.say(place, "nobody is assigned")

    def walk(self, node, place):
        if isinstance(node, list):
            for item in node:
                self.walk(item, place)
        if not isinstance(node, dict):
            return
        at = f"{place}/{node['key']}" if "key" in node and isinstance(node["key"], str) else place
        if set(node) == {"field"}:
            self.field(node["field"], at, PEOPLE)
        elif "field" in node and "headers" not in node and node.get("say") is None:
            self.field(node["field"], at)
            self.value(self.fields, node["field"], [node[k] for k in ("equals", "not_equals") if k in node] + (node["in"] if isinstance(node.get("in"), list) else []), at)
        if str(node.get("in", "")).startswith("field:"):
            self.field(node["in"][6:], at, UNITS)
        if set(node) == {"person"}:
            self.relation(node["person"], at)
        if isinstance(node.get("not"), str):
            self.relation(node["not"], at)
        if "outside" in node:
            self.field(node["outside"], at, UNITS)
        for name in ("definition", "linked", "of"):
            if isinstance(node.get(name), str) and (name != "of" or "op" not in node) and node[name] not in self.known:
                self.say(at, f"no definition {node[name]}")
        if "passed" in node and node["passed"] not in self.moves:
            self.say(at, f"no transition {node['passed']}")
        for key, value in node.items():
            if key == "ask":
                for field in value:
                    self.field(field, at)
            elif key == "set":
                other = self.known.get(node["definition"]) if "definition" in node else self.d
                fields = {f["key"]: f for f in (other or self.d)["fields"]}
                for field, given in value.items():
                    self.value(fields, field, [given], at)
                    if field not in fields:
                        self.say(at, f"no field {field}")
            elif key == "gather":
                for each in value:
                    columns = [{c["key"] for c in self.fields.get(each[end], {}).get("columns", [])} for end in ("into", "from")]
                    for there, here in each["copy"].items():
                        if there not in columns[0] or here not in columns[1]:
                            self.say(at, f"no column {there} or {here}")
            elif key == "renew":
                for field in value:
                    self.field(field, at, {"table"})
            elif key == "copy":
                other = self.known.get(node["definition"])
                for theirs, ours in value.items():
                    self.field(ours, at)
                    if other and theirs not in {f["key"] for f in other["fields"]}:
                        self.say(at, f"{node['definition']} has no field {theirs}")
            else:
                self.walk(value, at)


def reference_faults(definition, known):
    r = _References(definition, known)
    r.walk({k: v for k, v in definition.items() if k not in ("print", "list", "exchange")}, definition["id"])
    for part in parts(definition):
        here = {s["key"] for s in part["states"]}
        for t in part["transitions"]:
            for state in [*t["from"], *([t["to"]] if "to" in t else [])]:
                if state not in here:
                    r.say(t["key"], f"no state {state}")
        for state in part.get("live_in", []):
            if state not in r.states:
                r.say(part["key"], f"no state {state}")
        for state in part["states"]:
            deadline = state.get("deadline", {})
            if "field" in deadline:
                r.field(deadline["field"], state["key"], DAYS)
            if deadline.get("from", "entered") not in ("entered", "opened"):
                r.field(deadline["from"], state["key"], DAYS)
            move = deadline.get("overdue", {}).get("move")
            if move and move not in r.moves:
                r.say(state["key"], f"no transition {move}")
            elif move and {"program": True} not in r.moves[move]["by"]:
                r.say(state["key"], f"the program may not make the transition {move}")
    for t in transitions(definition):  # what another definition needs from the start must come with the opening
        for opened in t.get("opens", []):
            other = known.get(opened["definition"])
            given = set(opened.get("set", {})) | set(opened.get("copy", {}))
            for f in (other or {}).get("fields", []):
                if f.get("required") is True and f["key"] not in given:
                    r.say(t["key"], f"{opened['definition']} needs {f['key']} from the start")
            if other and not {"program": True} in other["open"]["by"]:
                r.say(t["key"], f"the program may not open {opened['definition']}")
    for duty in definition.get("duties", []):
        each = duty["for"] if isinstance(duty["for"], dict) else {}
        for f in definition["fields"]:
            if f.get("required") is True and f["key"] not in duty.get("set", {}) and f["key"] != each.get("link"):
                r.say(duty["key"], f"the program cannot fill in {f['key']}")
        if each and each["each_case"] not in known:
            r.say(duty["key"], f"no definition {each['each_case']}")
    return r.out


def output_faults(definition):
    fields, moves = {f["key"]: f for f in definition["fields"]}, {t["key"] for t in transitions(definition)}
    out = [f"list: no column {c}" for c in definition["list"]["columns"] if c not in fields and c not in BUILT_IN]
    out += [f"list: {f} is no filter" for f in definition["list"].get("filters", []) if f not in ("state", "unit", "assigned", "fiscal_year") and not fields.get(f, {}).get("index")]
    printed = definition.get("print", {"sections": []})
    out += [f"print: no field {f}" for section in printed["sections"] for f in section.get("fields", []) if f not in fields]
    out += [f"print: no transition {s['transition']}" for s in printed.get("seals", []) if "transition" in s and s["transition"] not in moves]
    exchange = definition.get("exchange", {"columns": []})
    out += [f"exchange: no column {c['field']}" for c in exchange["columns"] if c["field"] not in fields and c["field"] not in BUILT_IN]
    heads = [h for c in exchange["columns"] for h in c["headers"]]
    out += [f"exchange: the header {h} stands twice" for h in sorted({h for h in heads if heads.count(h) > 1})]
    return out + [f"the field {key} has a reserved name" for key in fields if key in BUILT_IN - {"unit"}]


def twice(definition):
    """Keys that stand twice where they must be different."""
    lists = {"fields": definition["fields"], "transitions": transitions(definition), "duties": definition.get("duties", [])}
    lists |= {f"states of {p.get('key', 'the case')}": p["states"] for p in parts(definition)}
    lists |= {f"{part} of {f['key']}": f[part] for f in definition["fields"] for part in ("items", "columns", "choices") if part in f}
    out = []
    for name, items in lists.items():
        keys = [item["key"] for item in items]
        out += [f"{name}: {key} stands twice" for key in sorted({k for k in keys if keys.count(k) > 1})]
    return out


def faults(definition, known):
    """What cannot work in a definition as one body has it; `known`: every definition of that body."""
    out = [f"the transition {t['key']} has no mover" for t in transitions(definition) if not t.get("by")]
    out += [f"the transition {t['key']} has no clause" for t in transitions(definition) if not t.get("clauses")]
    out += twice(definition)
    if sum(1 for f in definition["fields"] if f.get("index")) > 4:
        out.append("more than four indexed fields")
    return [f"{definition['id']}: {what}" for what in out + machine_faults(definition) + reference_faults(definition, known) + output_faults(definition)]
