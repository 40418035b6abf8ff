"""Every shipped register out of one body, in each form, into a body that is empty, and out again: no column is lost on the way."""
import base64
import csv
import io

import pytest
from sekisho import PASSWORD, Server
from shiken import PROFILE, SETTINGS, set_up

FORMS = {"csv": ".csv", "csv-cp932": ".csv", "xlsx": ".xlsx"}
ELSEWHERE = "（元の台帳）"
WHERE = "/api/v1/office/definitions/{}"


def everyone(folder):
    """A server, and one person who holds every role of the body."""
    server = set_up(Server(folder, SETTINGS)).start()
    admin = server.client()
    admin.login("kanri").ok()
    departments = {d["code"]: d["id"] for d in admin.get("/api/v1/departments").ok()["items"]}
    admin.post("/api/v1/users", {"login": "zenbu", "name": "全部 一人", "department_id": departments["zeimu"], "roles": [r["code"] for r in PROFILE["roles"]], "clearance": 3, "password": PASSWORD}).ok()
    return server, server.first_login("zenbu")


@pytest.fixture(scope="module")
def bodies(tmp_path_factory):
    """One with cases of every register, and an empty one for each form of a file."""
    made = {name: everyone(tmp_path_factory.mktemp(name) / "data") for name in ("full", *FORMS)}
    yield {name: client for name, (_, client) in made.items()}
    for server, _ in made.values():
        server.stop()
        server.verify_log("shiken")


def cell(slot, n):
    kind = slot["type"]
    if kind in ("choice", "choices"):
        key = slot["choices"][n % len(slot["choices"])]["key"]
        return key if kind == "choice" else [key]
    if kind == "number":
        low, high = slot.get("min"), slot.get("max")
        return max(0 if low is None else low, min(1234.5, 1e6 if high is None else high))
    simple = {"text": f"{slot['title']}、\"{n}\"㈱", "long_text": f"1行目 {n}\n2行目、森鷗外", "clause": "10(3)ア(ア)", "yes_no": n % 2 == 0, "date": f"2026-12-{10 + n}", "datetime": "2026-11-20T00:05:00Z",
              "person": "hanako", "people": ["hanako", "jiro"], "department": "fukushi", "departments": ["fukushi", "zeimu"], "class": {"c": 2, "i": 1, "a": 2}}
    return simple.get(kind)


def value(field, n):
    if field["type"] == "checklist":
        return {item["key"]: {"done": True} if i % 2 == 0 else {"done": False, "note": "対象がない"} for i, item in enumerate(field["items"])}
    if field["type"] == "table":
        return None if field.get("rows") else [{c["key"]: got for c in field["columns"] if (got := cell(c, n + i)) is not None} for i in range(2)]
    return cell(field, n)


def open_one(client, name, view, n, references):
    """With every field that may be filled in at the opening."""
    fields = {}
    for field in view["definition"]["fields"]:
        if field["key"] not in view["open_edit"]:
            continue
        if field["type"] in ("reference", "references"):
            there = references.get(field["of"])
            got = there and (there if field["type"] == "reference" else [there])
        else:
            got = value(field, n)
        if got is not None:
            fields[field["key"]] = got
    return client.post(WHERE.format(name) + "/cases", {"fields": fields})


def exported(client, name, form):
    return base64.b64decode(client.get(WHERE.format(name) + f"/export?format={form}").ok()["content"])


def rows_of(content):
    """By header; a name that stands twice fails."""
    head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert len(set(head)) == len(head), [h for h in head if head.count(h) > 1]
    return [dict(zip(head, line, strict=True)) for line in lines]


@pytest.fixture(scope="module")
def filled(bodies):
    """Cases of every definition that people open, those first that others name."""
    client, references, opened, left = bodies["full"], {}, {}, []
    waiting = [r["name"] for r in client.get("/api/v1/office").ok()["items"]]
    for _ in range(4):
        left = []
        for name in waiting:
            view = client.get(WHERE.format(name)).ok()
            made = [open_one(client, name, view, n, references) for n in (1, 2)] if view["may_open"] else []
            if any(m.status != 200 for m in made):
                left.append((name, next(m.text for m in made if m.status != 200)))
            elif made:
                references.setdefault(name, made[0].ok()["id"])
                opened[name] = {m.ok()["number"] for m in made}  # beside them stand those that the work of the year opened
        waiting = [name for name, _ in left]
    assert left == []
    assert len(opened) > 85
    return opened


def read_in(client, name, form, content):
    """What a person does: where a case that a column names is not there, the column is kept as it is."""
    asked = {"name": "台帳" + FORMS[form], "content": base64.b64encode(content).decode(), "key": "@none", "good_only": True}
    seen = client.post(WHERE.format(name) + "/import/preview", asked).ok()
    wrong = {e["column"] for e in seen["errors"] if e["value"]}  # without a value: the program opened it, and a person could not
    if wrong:
        fields = {f["key"]: f for f in client.get(WHERE.format(name)).ok()["definition"]["fields"]}
        bad = [c for c in seen["columns"] if c["header"] in wrong]
        assert bad and all(fields[c["to"]]["type"] in ("reference", "references") for c in bad), (name, seen["errors"][:3])
        asked["columns"] = [{"column": c["column"], "to": "@keep"} for c in bad]
    done = client.post(WHERE.format(name) + "/import", asked).ok()
    assert done["done"] and not any(e["value"] for e in done["errors"]), (name, form, done["errors"][:3])
    return asked


@pytest.mark.parametrize("form", FORMS)
def test_office_round_no_column_of_any_register_is_lost(bodies, filled, form):
    source, target = bodies["full"], bodies[form]
    lost = []
    for name, numbers in filled.items():
        before = [row for row in rows_of(exported(source, name, "csv")) if row["番号"] in numbers]
        assert len(before) == 2, name
        asked = read_in(target, name, form, exported(source, name, form))
        after = {row.get("番号" + ELSEWHERE): row for row in rows_of(exported(target, name, "csv"))}
        for row in before:
            came = after[row["番号"]]
            lost += [(name, header, text, came.get(header), came.get(header + ELSEWHERE)) for header, text in row.items()
                     if text and text not in (came.get(header), came.get(header + ELSEWHERE))]
        # The same file once more is known to come from elsewhere: its numbers are not taken for those of these cases.
        again = target.post(WHERE.format(name) + "/import/preview", asked).ok()
        assert not any(c["to"] == "@number" for c in again["columns"]), name
    assert lost == []


def test_office_round_a_file_of_these_cases_changes_nothing(bodies, filled):
    client = bodies["full"]
    for name in filled:
        for form, ending in FORMS.items():
            content = base64.b64encode(exported(client, name, form)).decode()
            seen = client.post(WHERE.format(name) + "/import/preview", {"name": "台帳" + ending, "content": content, "key": "@number"}).ok()
            assert seen["same"] >= 2 and (seen["opened"], seen["changed"], seen["bad"]) == (0, 0, 0), (name, form, seen["errors"][:3], seen["columns"])
