"""The definitions of the security office as data: no server. The program's own reader and engine are tested beside them (src/workflow)."""
import copy
import json
import random
import re
import sys

import pytest
from jsonschema import Draft202012Validator
from sekisho import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import office_model as model  # noqa: E402
import office_trace  # noqa: E402

DEFINITIONS = model.definitions()
BODIES = model.bodies()
SCHEMA = Draft202012Validator(json.loads((model.OFFICE / "schema.json").read_text(encoding="utf-8")))
MOST_WALKS = 400


def of(body):
    """Every definition as the body has it."""
    narrowed = {name: model.of_body(definition, BODIES[body]) for name, definition in DEFINITIONS.items()}
    return {name: definition for name, definition in narrowed.items() if definition is not None}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_office_definitions_are_valid(name):
    found = sorted(SCHEMA.iter_errors(DEFINITIONS[name]), key=lambda e: list(map(str, e.absolute_path)))
    assert not found, [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in found[:5]]
    assert DEFINITIONS[name]["id"] == name


@pytest.mark.parametrize("body", BODIES)
def test_office_definitions_are_sound(body):
    """No dead end, no unreachable state, no transition without mover and clause, nothing named that is not there."""
    here = of(body)
    assert [fault for definition in here.values() for fault in model.faults(definition, here)] == []


def broken(name, change):
    definition = copy.deepcopy(of("city-standards")[name])
    change({t["key"]: t for t in model.transitions(definition)}, definition)
    return "\n".join(model.faults(definition, of("city-standards")))


@pytest.mark.parametrize("change,said", [
    (lambda t, d: d["transitions"].remove(t["close"]), "dead end: from prevention_ordered"),
    (lambda t, d: t["propose"].update(to="cause"), "nothing leads to the state .prevention_proposed"),
    (lambda t, d: t["propose"].update(by=[]), "the transition propose has no mover"),
    (lambda t, d: t["propose"].update(clauses=[]), "the transition propose has no clause"),
    (lambda t, d: t["order"].update(separate=[{"not": "mover:proposal"}]), "no transition proposal"),
    (lambda t, d: t["restore"].update({"from": ["not_needed"]}), "dead end: from"),
    (lambda t, d: t["close"].update(ask=["reason_of_all"]), "no field reason_of_all"),
    (lambda t, d: d["list"]["columns"].append("colour"), "no column colour"),
    (lambda t, d: d["fields"].append(d["fields"][0]), "fields: origin stands twice"),
    (lambda t, d: t["isolate"]["guards"][0]["that"].update(equals="flu"), "flu is no choice of kind"),
])
def test_office_definitions_faults_are_found(change, said):
    assert said in broken("incidents", change)


# ---- people of a body play a case

class Town:
    """One person for each role of the profile, and three of the staff."""

    def __init__(self, body):
        self.profile = BODIES[body]
        self.people = {f"{role['code']}": {role["code"]} for role in self.profile["roles"]}
        staff = self.profile["roles"][-1]["code"]
        self.people |= {f"staff{n}": {staff} for n in range(3)}
        self.staff = [f"staff{n}" for n in range(3)]

    def may(self, who, case):
        """The people who are meant: a post is a role of the profile; where somebody sits is not played."""
        if "post" in who:
            return {p for p, roles in self.people.items() if self.profile["permitters"][who["post"]] in roles}
        if "power" in who:
            holders = {r["code"] for r in self.profile["roles"] if who["power"] in r["powers"]}
            return {p for p, roles in self.people.items() if roles & holders}
        if "field" in who:
            return {case["fields"][who["field"]]}
        if "person" in who:
            return {case["movers"].get(who["person"], case["opener"] if who["person"] in ("opener", "assigned", "participant") else None)} - {None}
        return {"program"} if "program" in who else set(self.people)


def kept_apart(t, definition, case, person):
    """The rules of separation that this person would break: hard ones, and those that a recorded reason may cross."""
    hard, soft = [], []
    for rule in [*t.get("separate", []), *definition.get("separate", [])]:
        other = rule.get("not", "")
        met = {"opener": case["opener"], "assigned": case["opener"]}.get(other) or (case["movers"].get(other) if other.startswith("mover:") else case["fields"].get(other[6:]))
        if met == person:
            (soft if rule.get("unavoidable") else hard).append(rule)
    return hard, soft


def step(town, definition, case, t, dice):
    """Who makes the transition, or None; with the number of rules crossed for a reason."""
    free = [[p for p in sorted(town.may(who, case)) if not kept_apart(t, definition, case, p)[0]] for who in t["by"]]
    if t.get("joint") != "all":
        anybody = [p for place in free for p in place]
        return ([dice.choice(anybody)] if anybody else None)
    signed = []
    for place in free:
        left = [p for p in place if p not in signed]
        if not left:
            return None
        signed.append(dice.choice(left))
    return signed


def play(town, definition, dice, made):
    people = sorted(town.people)
    openers = sorted({p for who in definition["open"]["by"] for p in (town.may(who, {"fields": {f["key"]: dice.choice(people) for f in definition["fields"]}, "movers": {}, "opener": None}))} - {None})
    case = {"opener": dice.choice(openers), "fields": {f["key"]: dice.choice(people) for f in definition["fields"] if f["type"] in model.PEOPLE}, "movers": {}}
    states = model.start(definition)
    closed = {s["key"] for s in definition["states"] if s["kind"] == "closed"}
    for _ in range(40):
        ways = [(name, t) for name, t in model.possible(definition, states)]
        fresh = [way for way in ways if way[1]["key"] not in made]
        if not ways or states[""] in closed and not fresh:
            return
        name, t = dice.choice(fresh if fresh and dice.random() < 0.6 else ways)
        movers = step(town, definition, case, t, dice)
        if movers is None:
            continue
        for person in movers:
            hard, soft = kept_apart(t, definition, case, person)
            assert not hard, (definition["id"], t["key"], person)
            assert all(rule["clauses"] for rule in soft), (definition["id"], t["key"])
        if t.get("joint") == "all":
            assert len(set(movers)) == len(t["by"]), (definition["id"], t["key"])
        made.add(t["key"])
        case["movers"][f"mover:{t['key']}"] = movers[-1]
        states[name] = t.get("to", states[name])


@pytest.mark.parametrize("body", BODIES)
def test_office_definitions_every_transition_can_be_made(body):
    """In a body with one person for each role and three of the staff, nobody is locked out by the separation of duties."""
    town, stuck = Town(body), []
    for name, definition in of(body).items():
        dice, made = random.Random(f"{body} {name}"), set()
        wanted = {t["key"] for t in model.transitions(definition)}
        for _ in range(MOST_WALKS):
            play(town, definition, dice, made)
            if made == wanted:
                break
        stuck += [f"{name}: {key}" for key in sorted(wanted - made)]
    assert stuck == []


# ---- what the rules ask for by name

# row of the trace → (definition, transition, how): "not X" a rule of separation, "joint" two people, "by" only these posts.
SEPARATED = {
    "3#1": [("software", "grant", "not opener"), ("carry-out", "grant", "not opener"), ("disposals", "permit", "not opener"), ("exceptions", "grant", "not opener"), ("common-services", "approve", "not opener")],
    "3#2": [("audits", "report", "outside unit"), ("audits", "engage", "outside unit")],
    "3#3": [("audits", "gather", "hard outside unit")],
    "3#5": [("system-changes", "begin", "hard not field:worker"), ("system-changes", "check", "hard not mover:done")],
    "3#6": [("developments", "accept_user", "hard not mover:accept_builder")],
    "3#8": [("privilege-deputies", "nominate", "joint head system_manager"), ("privilege-deputies", "recognise", "by top"), ("privilege-deputies", "recognise", "hard not field:deputy")],
    "3#9": [("malware-settings", "grant", "by system_manager")],
    "3#10": [("software", "grant", "joint head system_manager"), ("hardware-changes", "grant", "joint head system_manager"), ("remote-access", "grant", "joint head system_manager"), ("exchanges", "grant", "joint division_head head"), ("outside-networks", "grant", "joint head top")],
    "3#11": [("training-plans", "approve", "not mover:propose"), ("training-plans", "approve", "by committee"), ("audit-plans", "approve", "not mover:propose"), ("audit-plans", "approve", "by committee")],
    "3#12": [("exceptions", "grant", "by top"), ("exceptions", "open", "by manager system_manager"), ("emergency-exceptions", "open", "by manager system_manager")],
    "3#13": [("external-services", "approve", "not mover:request"), ("external-services", "approve", "by service_permitter"), ("external-services", "request", "by division_head"), ("common-services", "approve", "by division_head")],
    "3#14": [("usage-examinations", "open", "by top"), ("usage-examinations", "name_investigators", "by top")],
    "3#20": [("assets", "regrade", "not opener"), ("assets", "regrade", "by manager")],
}


def written(element, how):
    kind, _, rest = how.removeprefix("hard ").partition(" ")
    rules = [r for r in element.get("separate", []) if r.get("outside" if kind == "outside" else "not") == rest]
    if kind in ("not", "outside"):
        return bool(rules) and not (how.startswith("hard ") and any(r.get("unavoidable") for r in rules))
    return sorted(who.get("post", "") for who in element["by"]) == rest.split() and (kind == "by" or element.get("joint") == "all")


def test_office_definitions_separation_of_duties_is_written_down():
    for row, places in SEPARATED.items():
        for name, key, how in places:
            element = dict(model.elements(DEFINITIONS[name]))[f"{name}/open" if key == "open" else f"{name}/transition/{key}"]
            assert written(element, how), (row, name, key, how)


def test_office_definitions_every_permission_is_decided_by_another():
    """Wherever a case is asked for and then granted or approved, the one who decides is not the one who asked; crossing it takes a recorded reason."""
    deciding = ("grant", "grant_alone", "approve", "permit", "recognise", "accept_user", "fit", "adopt", "allow", "refuse")
    for name, definition in DEFINITIONS.items():
        for t in model.transitions(definition):
            if t["key"] in deciding and t["key"] != "refuse":
                assert t.get("separate"), f"{name}: {t['key']}"
                assert all(rule.get("clauses") for rule in t["separate"]), f"{name}: {t['key']}"


# Rows of the fifth table that no calendar opens: something else happens first, or the program does it all the time.
STEPS = {"5#21", "5#22", "5#23", "5#28", "5#30", "5#31", "5#32", "5#33", "5#34", "5#35", "5#36", "5#37", "5#38", "5#39"}


def test_office_definitions_every_duty_opens_by_itself_or_has_its_step():
    elements = {a: e for d in DEFINITIONS.values() for a, e in model.elements(d)}
    for row in model.rows():
        if not row["row"].startswith("5#") or row["row"] in STEPS:
            continue
        duties = [elements[a] for a in row["where"].split() if "/duty/" in a]
        assert duties, f"{row['row']} {row['what']}"
        assert all(duty["every"] and duty["clauses"] for duty in duties)
    yearly = {row["row"] for row in model.rows() for a in row["where"].split() if "/duty/" in a and elements[a]["every"] == "fiscal_year"}
    assert {f"5#{n}" for n in (1, 2, 3, 4, 5, 6)} <= yearly  # what the rules ask for every fiscal year
    assert any(elements[a]["every"] == "month" for row in model.rows() if row["row"] == "5#27" for a in row["where"].split() if "/duty/" in a)


def test_office_definitions_can_be_printed_listed_and_exchanged():
    for told_apart in (lambda d: d["title"], lambda d: d["number"]["prefix"]):
        values = [told_apart(d) for d in DEFINITIONS.values()]
        assert len(set(values)) == len(values)
    for name, definition in DEFINITIONS.items():
        assert definition["list"]["columns"][0] == "number", name
        assert definition["print"]["seals"], f"{name}: no 決裁欄"
        assert definition["exchange"]["columns"], name


def test_office_definitions_contract_and_selection_items_are_complete():
    items = {f["key"]: f["items"] for name in ("contractors", "external-services", "service-rules", "emergency-plans") for f in DEFINITIONS[name]["fields"] if f["type"] == "checklist"}
    assert len(items["contract_items"]) == 13
    assert [len(items[k]) for k in ("build", "run", "finish")] == [4, 8, 3]
    assert len(items["conditions"]) >= 7 + 2
    required = [f["key"] for f in DEFINITIONS["emergency-plans"]["fields"] if f.get("required") == ["proposed"]]
    assert required == ["contacts", "reporting", "measures", "prevention"]


def test_office_definitions_time_words_are_the_bodys_own():
    """A deadline that the rules give in words is never a number in a definition."""
    words = {"速やかに", "直ちに", "早急に", "事後速やかに", "定期的", "定期"}
    text = json.dumps(DEFINITIONS, ensure_ascii=False)
    assert words >= set(re.findall(r'"word": "([^"]+)"', text))


# ---- the trace

def test_office_definitions_trace_has_no_hole():
    assert office_trace.problems() == []


def test_office_definitions_trace_table_is_new():
    assert office_trace.TABLE.read_text(encoding="utf-8") == office_trace.table()


def test_office_definitions_trace_notices_what_is_missing(monkeypatch):
    rows = model.rows()
    monkeypatch.setattr(model, "rows", lambda: [r for r in rows if r["row"] != "4#17"])
    assert "row 4#17 is missing" in office_trace.problems()
    monkeypatch.setattr(model, "rows", lambda: [dict(r, where="incidents/transition/begin_cause") if r["row"] == "std:12(4)ア" else r for r in rows])
    assert "std:12(4)ア: nothing that it points to stands on 12(4)ア" in office_trace.problems()
    monkeypatch.setattr(model, "rows", lambda: [dict(r, where="exceptions/transition/forgotten") if r["row"] == "4#28" else r for r in rows])
    assert "4#28: exceptions/transition/forgotten is not there" in office_trace.problems()
    monkeypatch.setattr(model, "rows", lambda: [dict(r, shows="", told="") if r["row"] == "2.2#2" else r for r in rows])
    assert "2.2#2: no test: it does not say what a play shows" in office_trace.problems()
    monkeypatch.setattr(model, "bodies", lambda: {"small": dict(BODIES["village"], permitters={"top": "soncho"})})
    assert any("nobody holds the post committee under small" in p for p in office_trace.problems())
