"""Metering over the interface: what is counted, for whom, against which budget; refusals, CSV, crash, command line."""
import base64
import csv
import io
import json
import re

import pytest

QUESTION = "転入届はいつまでですか"  # 11 characters


def month_of(admin):
    return admin.get("/api/v1/usage").ok()


def done(stream):
    events = stream.all()
    assert events[-1].name == "done", events[-1]
    return events[-1].data["characters"], events[-1].data["message"]


def row(items, key, value):
    return next((i for i in items if i[key] == value), {"uses": 0, "characters_in": 0, "characters_out": 0, "characters_context": 0, "counted": 0})


@pytest.fixture
def budget(admin):
    """budget(scope, monthly, target) sets one; all are taken away afterwards."""
    made = []

    def put(scope, monthly, target=None):
        made.append((scope, target))
        return admin.put("/api/v1/usage/budgets", {"scope": scope, "target": target, "monthly": monthly}).ok()["items"]
    yield put
    for scope, target in made:
        admin.put("/api/v1/usage/budgets", {"scope": scope, "target": target}).ok()


def test_usage_counts_what_was_typed_and_answered_and_the_context_apart(staff, admin, library, endpoint):
    before = month_of(admin)
    counts, message = done(staff.ask(staff.new_chat(collections=[library], endpoint=endpoint("ok")), QUESTION))
    after = month_of(admin)
    assert counts["in"] == len(QUESTION) and counts["out"] > 0 and counts["context"] > 0
    assert after["counted"] - before["counted"] == counts["in"] + counts["out"]
    assert after["characters_context"] - before["characters_context"] == counts["context"]
    assert after["reserved"] == 0 and after["remaining"] == after["budget"] - after["counted"]
    mine = row(after["departments"], "name", staff.session["user"]["department"])
    assert mine["counted"] - row(before["departments"], "name", mine["name"])["counted"] == counts["in"] + counts["out"]
    assert any(e["name"] == message["engine"] and e["counted"] >= counts["in"] + counts["out"] for e in after["endpoints"])
    used = [d for d in after["days"] if d["uses"]]  # two when the suite began before midnight
    assert used and sum(d["counted"] for d in used) == after["counted"]
    assert after["months"][-1]["day"] == after["month"] and len(after["months"]) == 12


def test_usage_characters_are_graphemes(staff, admin, endpoint):
    before = month_of(admin)
    counts, _ = done(staff.ask(staff.new_chat(endpoint=endpoint("ok")), "葛󠄀城さん👨‍👩‍👧は？"))  # an ideograph with a selector and a family are one each
    assert counts["in"] == 7
    assert month_of(admin)["characters_in"] - before["characters_in"] == 7


def test_usage_built_in_engine_counts_nothing(staff, admin, library):
    before = month_of(admin)
    counts, _ = done(staff.ask(staff.new_chat(collections=[library]), QUESTION))
    after = month_of(admin)
    assert after["counted"] == before["counted"] and after["uses"] == before["uses"] + 1
    assert row(after["endpoints"], "id", "")["characters_out"] - row(before["endpoints"], "id", "")["characters_out"] == counts["out"]


def test_usage_every_use_of_a_model_counts(server, admin, endpoint):
    """The API door and the trial of an endpoint, too."""
    name = next(e["name"] for e in admin.get("/api/v1/endpoints").ok()["items"] if e["id"] == endpoint("ok"))
    secret = admin.post("/api/v1/keys", {"name": "利用量"}).ok()["secret"]
    before = month_of(admin)
    answer = server.client(key=secret).post("/v1/chat/completions", {"model": name, "messages": [{"role": "system", "content": "短く"}, {"role": "user", "content": "税は"}]}).ok()
    text = answer["choices"][0]["message"]["content"]
    after = month_of(admin)
    assert row(after["purposes"], "id", "api")["counted"] - row(before["purposes"], "id", "api")["counted"] == 4 + len(text)
    assert admin.post(f"/api/v1/endpoints/{endpoint('ok')}/test").ok()["ok"] is True
    again = month_of(admin)
    assert row(again["purposes"], "id", "test")["counted"] > row(before["purposes"], "id", "test")["counted"]
    assert again["reserved"] == 0


def test_usage_a_model_that_fails_before_a_word_counts_nothing(staff, admin, endpoint):
    before = month_of(admin)
    assert staff.ask(staff.new_chat(endpoint=endpoint("error-500")), QUESTION).all()[-1].name == "error"
    after = month_of(admin)
    assert after["counted"] == before["counted"] and after["reserved"] == 0 and after["uses"] == before["uses"] + 1


def test_usage_over_the_budget_is_refused_before_anything_is_sent(staff, admin, endpoint, model, library, budget):
    chat = staff.new_chat(endpoint=endpoint("ok"))
    budget("body", month_of(admin)["counted"] + 100)
    seen = len(model.requests())
    problem = staff.post(f"/api/v1/chats/{chat}/messages", {"text": QUESTION, "parent_id": None, "regenerate_of": None}).refused(403, "usage.over_budget")
    assert problem["clause"] and problem["who_can_permit"] == "担当"
    assert len(model.requests()) == seen and staff.get(f"/api/v1/chats/{chat}").ok()["messages"] == []
    assert month_of(admin)["reserved"] == 0
    done(staff.ask(staff.new_chat(collections=[library]), QUESTION))  # the built-in engine goes on


def test_usage_over_the_budget_by_api_is_the_protocols_error(server, admin, endpoint, budget):
    name = next(e["name"] for e in admin.get("/api/v1/endpoints").ok()["items"] if e["id"] == endpoint("ok"))
    secret = admin.post("/api/v1/keys", {"name": "利用量"}).ok()["secret"]
    budget("body", 0)
    answer = server.client(key=secret).post("/v1/chat/completions", {"model": name, "messages": [{"role": "user", "content": "税は"}]})
    assert answer.status == 403 and answer.json["error"]["code"] == "usage.over_budget"


def test_usage_budgets_of_departments_and_people_bind_them_alone(staff, manager, other, admin, endpoint, budget):
    chat = staff.new_chat(endpoint=endpoint("ok"))
    ask = {"text": QUESTION, "parent_id": None, "regenerate_of": None}
    items = budget("person", 10, staff.session["user"]["id"])
    assert row(items, "scope", "person")["name"] == staff.session["user"]["name"]
    staff.post(f"/api/v1/chats/{chat}/messages", ask).refused(403, "usage.over_person_budget")
    own = staff.get("/api/v1/usage/own").ok()
    assert own["budget"] == 10 and own["level"] == (100 if own["characters"] >= 10 else 0)
    department = next(d["id"] for d in admin.get("/api/v1/departments").ok()["items"] if d["name"] == manager.session["user"]["department"])
    budget("department", 10, department)
    manager.post(f"/api/v1/chats/{manager.new_chat(endpoint=endpoint('ok'))}/messages", ask).refused(403, "usage.over_department_budget")
    if other.session["user"]["department"] != manager.session["user"]["department"]:
        done(other.ask(other.new_chat(endpoint=endpoint("ok")), QUESTION))


@pytest.mark.parametrize("wrong,status,key", [({"scope": "x", "monthly": 1}, 400, "usage.scope"), ({"scope": "body", "monthly": -1}, 400, "usage.monthly"),
                                              ({"scope": "person", "target": "nobody", "monthly": 1}, 404, "usage.target"),
                                              ({"scope": "department", "monthly": 1}, 404, "usage.target"), ({"scope": "body", "target": "x", "monthly": 1}, 400, "usage.target"),
                                              ({"scope": "body", "monthly": 10**13}, 400, "usage.monthly"), ({"scope": "body", "monthly": "5"}, 400, None)], ids=lambda v: str(v)[:40])
def test_usage_wrong_budgets_are_refused(admin, wrong, status, key):
    admin.put("/api/v1/usage/budgets", wrong).refused(status, key)


@pytest.mark.parametrize("query", ["?month=2026-13", "?month=2026-1", "?month=', DROP", "?month="])
def test_usage_wrong_months_are_refused(admin, query):
    admin.get("/api/v1/usage" + query.replace(" ", "%20")).refused(400, "usage.month")


def test_usage_thresholds_tell_when_they_were_reached(staff, admin, endpoint, budget):
    done(staff.ask(staff.new_chat(endpoint=endpoint("ok")), QUESTION))
    counted = month_of(admin)["counted"]
    budget("body", counted)
    usage = month_of(admin)
    assert usage["level"] == 100 and usage["remaining"] == 0
    assert [t["percent"] for t in usage["thresholds"]] == [80, 90, 100] and all(t["reached_at"] for t in usage["thresholds"])


def test_usage_csv_per_department_opens_in_a_spreadsheet(staff, admin, endpoint):
    done(staff.ask(staff.new_chat(endpoint=endpoint("ok")), QUESTION))
    usage = month_of(admin)
    for by, width in (("department", 8), ("person", 9), ("endpoint", 7), ("purpose", 7), ("day", 6)):
        file = admin.get(f"/api/v1/usage/export?by={by}&month={usage['month']}").ok()
        raw = base64.b64decode(file["bytes_base64"])
        assert raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\r\n") and file["name"] == f"usage-{usage['month']}-{by}.csv"
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
        assert {len(r) for r in rows} == {width} and rows[0][-2] == "計上した文字数"
        assert sum(int(r[-2]) for r in rows[1:]) == usage["counted"], by
        assert not [c for r in rows for c in r if re.match(r"[=+\-@]", c)]
    admin.get("/api/v1/usage/export?by=nonsense").refused(400, "usage.by")


def test_usage_people_of_a_department(staff, admin):
    department = next(d["id"] for d in admin.get("/api/v1/departments").ok()["items"] if d["name"] == staff.session["user"]["department"])
    people = admin.get(f"/api/v1/usage/people?department={department}").ok()["items"]
    assert staff.session["user"]["id"] in [p["id"] for p in people] and {p["department"] for p in people} == {staff.session["user"]["department"]}


def test_usage_storage_is_shown_by_department(manager, admin):
    before = month_of(admin)["storage"]
    assert before["limit"] == 20 * 2**30
    collection = manager.new_collection("容量の試験")["id"]
    manager.add_files(collection, {"容量.txt": b"x" * 1000})
    after = month_of(admin)["storage"]
    assert after["bytes"] - before["bytes"] == 1000
    name = manager.session["user"]["department"]
    assert row(after["departments"], "name", name)["bytes"] >= 1000


def test_usage_left_open_by_a_killed_program_is_settled_once(own_server, prepared, model):
    admin, staff = prepared("kanri"), prepared("hanako")
    hang = admin.new_endpoint("利用量 hang", model.url, "hang", 2, ("lgwan",), "承認第1号")["id"]
    before = month_of(admin)
    stream = staff.ask(staff.new_chat(endpoint=hang), QUESTION)
    next(iter(stream))
    assert month_of(admin)["reserved"] == len(QUESTION) + 2000
    own_server.kill()
    stream.close()
    own_server.start()
    admin = own_server.client()
    admin.login("kanri").ok()
    after = month_of(admin)
    assert after["reserved"] == 0 and after["counted"] - before["counted"] == len(QUESTION) and after["uses"] == before["uses"] + 1
    own_server.stop()
    told = json.loads(own_server.cli("usage", "--body", "shiken", "--json").stdout)
    assert told["counted"] == after["counted"]
    own_server.start()


def test_usage_commands(own_server, tmp_path):
    own_server.stop()
    cli = lambda *words: own_server.cli(*words)
    assert "1,000,000,000" in cli("usage").stdout
    assert json.loads(cli("usage", "budget", "--monthly", "7000000", "--json").stdout)["items"][0]["monthly"] == 7_000_000
    out = tmp_path / "u.csv"
    cli("usage", "export", "--by", "department", "--out", str(out))
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    cli("usage", "budget", "--default")
    own_server.start()
