"""Reading the policy: the clauses addressed to each, the acknowledgement of exactly what was shown, who has not read, and the AI that waits for it."""
import base64
import csv
import io
import json
import sqlite3

import pytest
from sekisho import Server
from shiken import PROFILE, SETTINGS, set_up
from test_policy import clause, send, tree_of
from test_policy_versions import NOBODYS, amendment, declared, document, grant, put_before, version

DAY = 86400
GRACE = 14
BODY = PROFILE | {"staff_categories": [*PROFILE["staff_categories"],
                                      {"code": "itaku", "name": "委託の人", "counts_as_staff": False, "consent_asked": False, "internet_and_mail": False, "contractor": True}]}
SECRET = "アオバズク"  # stands in a withheld clause alone
TEXT = f"""倉庫の規程

第1章 総則
（目的）
第1条 この規程は、倉庫の扱いを定める。

第2章 守ること
（職員）
第2条 職員は、次に掲げることを守らなければならない。
(1) 倉庫の戸を閉めること。
(2) 鍵を持ち歩かないこと。
（管理者）
第3条 管理者は、倉庫の鍵を毎月数えなければならない。
（委託）
第4条 委託事業者は、倉庫に一人で入ってはならない。
（番号）
第5条 職員は、{SECRET}の番号を漏らしてはならない。
"""
READINGS = "/api/v1/policies/readings"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A server of its own: whether the AI waits is the whole body's, and so is its clock."""
    server = set_up(Server(tmp_path_factory.mktemp("reading") / "data", SETTINGS), BODY)
    server.shift_clock(0)
    server.start()
    yield World(server)
    server.stop()
    server.verify_log("shiken")


class World:
    def __init__(self, server):
        self.server, self.people = server, {}

    def __call__(self, name):
        if name not in self.people:
            self.people[name] = self.server.client()
            self.people[name].login(name).ok()
        return self.people[name]

    def later(self, days):
        self.server.shift_clock(int(days * DAY))
        self.people = {}


@pytest.fixture(scope="module")
def made(world):
    admin = world("kanri")
    made = declared(admin, TEXT)
    fifth = clause(tree_of(admin, made["version"]), "第5条")["id"]
    admin.post(f"{document(made['document'])}/withheld/{fifth}", {"reason": "番号を知らせないため"}).ok()
    return made


def mine(client, made):
    return next((i for i in client.get(READINGS).ok()["items"] if i["document"] == made["document"]), None)


def read(client, made):
    return client.post(f"{READINGS}/{made['document']}").ok()


def acknowledge(client, page):
    return client.post(f"{READINGS}/{page['reading']['document']}/acknowledgement", {"version": page["reading"]["version"], "sha256": page["sha256"]})


def addressed(page):
    return [c["ref"] for c in page["clauses"] if c["addressed"]]


def test_reading_is_asked_only_of_what_is_shown_to_the_staff(world, made):
    where = document(made["document"]) + "/reading"
    assert world("hanako").get(READINGS).ok() == {"items": [], "closed": False, "may_see_people": False}
    world("hanako").post(f"{READINGS}/{made['document']}").refused(404, "policies.not_found")
    assert world("kanri").get(where).ok()["shown"] is False
    world("kanri").delete(where).refused(409, "reading.not_shown")
    draft = send(world("kanri"), "x.txt", "1 職員は、戸を閉めなければならない。\n").ok()
    world("kanri").post(document(draft["document"]) + "/reading").refused(409, "policies.none_in_force")
    world("kanri").post(f"/api/v1/policies/documents/{NOBODYS}/reading").refused(404, "policies.not_found")
    world("hanako").post(where).refused(403)
    shown = world("kanri").post(where).ok()
    assert shown["shown"] and not shown["held"] and shown["version"] == made["version"]
    item = mine(world("hanako"), made)
    assert (item["state"], item["number"], item["effective_on"], item["closes_at"]) == ("unread", 1, "2026-04-01", None)
    rule = READINGS + "/rule"
    world("hanako").put(rule, {"before_ai": True, "grace_days": 0}).refused(403)
    world("kanri").put(rule, {"before_ai": True, "grace_days": 366}).refused(400, "reading.grace")
    assert world("kanri").put(rule, {"before_ai": True, "grace_days": GRACE}).ok()["set_by"] and world("kacho").get(rule).ok()["grace_days"] == GRACE
    assert mine(world("hanako"), made)["closes_at"]


def test_reading_shows_each_the_clauses_that_name_her(world, made):
    page = read(world("hanako"), made)
    assert "第2条" in addressed(page) and not {"第3条", "第4条", "第5条"} & set(addressed(page))
    assert {"第2章", "第2条第1号", "第2条第2号"} <= {c["ref"] for c in page["clauses"]}, "with what stands above and below it"
    assert "第1条" not in {c["ref"] for c in page["clauses"]} and page["reading"]["clauses"] == len(addressed(page))
    assert mine(world("hanako"), made)["state"] == "opened"
    manager = read(world("kacho"), made)
    assert {"第2条", "第3条"} <= set(addressed(manager)) and "第4条" not in addressed(manager)
    assert manager["sha256"] != page["sha256"]


def test_reading_never_shows_what_is_withheld_but_to_whoever_may_read_it(world, made):
    for name in ("hanako", "kacho", "nashi", "saiko"):
        client = world(name)
        heard = [json.dumps(read(client, made), ensure_ascii=False)] + [
            client.call("GET", path).body.decode() for path in (READINGS, READINGS + "/people?show=all", READINGS + "/people/file?show=all", READINGS + "/state")]
        heard.append(acknowledge(client, {"reading": {"document": made["document"], "version": made["version"]}, "sha256": "0" * 64}).body.decode())
        assert all(SECRET not in text and base64.b64encode(SECRET.encode()).decode()[:12] not in text for text in heard)
    whole = read(world("kanri"), made)
    assert "第5条" in addressed(whole) and SECRET in json.dumps(whole, ensure_ascii=False)


def test_reading_is_acknowledged_exactly_as_shown(world, made):
    client = world("jiro")
    acknowledge(client, {"reading": {"document": made["document"], "version": made["version"]}, "sha256": "0" * 64}).refused(409, "reading.changed")
    page = read(client, made)
    stale = page | {"reading": page["reading"] | {"version": NOBODYS}}
    acknowledge(client, stale).refused(409, "reading.changed")
    done = acknowledge(client, page).ok()
    assert done["state"] == "acknowledged" and done["closes_at"] is None and mine(client, made)["state"] == "acknowledged"
    assert acknowledge(client, page).ok()["acknowledged_at"] == done["acknowledged_at"], "once is enough"
    database = world.server.data / "bodies/shiken/body.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT version_id, shown_sha256, clauses, audience FROM policy_acknowledgement WHERE acknowledged_at IS NOT NULL").fetchall()
    assert (made["version"], page["sha256"], page["reading"]["clauses"], "@staff,shokuin") in rows


def test_reading_who_has_not_is_told_by_department_to_those_who_answer_for_it(world, made):
    for name in ("hanako", "nashi"):
        world(name).get(READINGS + "/people").refused(403)
    section = world("kacho").get(READINGS + "/people").ok()
    assert [d["name"] for d in section["departments"]] == ["税務課"] and {p["state"] for p in section["items"]} <= {"unread", "opened"}
    whole = world("kansa").get(READINGS + "/people").ok()
    assert {"税務課", "福祉課", "情報課"} <= {d["name"] for d in whole["departments"]}
    fukushi = next(d for d in whole["departments"] if d["name"] == "福祉課")
    assert fukushi["acknowledged"] == 1 and fukushi["people"] == 3
    assert not [p for p in whole["items"] if p["state"] == "acknowledged"]
    one = world("kansa").get(f"{READINGS}/people?show=all&department={fukushi['department']}").ok()
    assert sorted(p["state"] for p in one["items"])[0] == "acknowledged" and {p["department"] for p in one["items"]} == {"福祉課"}
    table = base64.b64decode(world("kansa").get(READINGS + "/people/file?show=all").ok()["content"]).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == sum(d["people"] for d in whole["departments"]) and {"確認済み", "未読"} <= {r["状態"] for r in rows}


def test_reading_begins_anew_with_a_version_and_with_a_role(world, made):
    admin = world("kanri")
    departments = {d["code"]: d["id"] for d in admin.get("/api/v1/departments").ok()["items"]}
    person = next(u for u in admin.get("/api/v1/users").ok()["items"] if u["login"] == "jiro")["id"]
    post = admin.post("/api/v1/appointments", {"user_id": person, "department_id": departments["fukushi"], "role": "kanri", "kind": "concurrent", "from": "2026-04-01", "basis": "兼務"}).ok()
    assert mine(world("jiro"), made)["state"] == "extended"
    page = read(world("jiro"), made)
    assert "第3条" in addressed(page)
    acknowledge(world("jiro"), page).ok()
    admin.post(f"/api/v1/appointments/{post['id']}/end", {}).ok()
    assert mine(world("jiro"), made)["state"] == "acknowledged", "less than what was read"
    draft = amendment(admin, made)
    second = clause(tree_of(admin, draft["version"]), "第2条")["id"]
    admin.patch(f"{version(draft['version'])}/clauses/{second}", {"text": "職員は、倉庫の戸を必ず閉めなければならない。"}).ok()
    assert mine(world("jiro"), made)["state"] == "acknowledged", "a draft asks nothing"
    grant(world("saiko"), put_before(admin, draft)).ok()
    item = mine(world("jiro"), made)
    assert (item["state"], item["number"], item["version"]) == ("unread", 2, draft["version"])
    acknowledge(world("jiro"), page).refused(409, "reading.changed")
    assert SECRET not in json.dumps(read(world("jiro"), made), ensure_ascii=False)


def test_reading_an_imported_version_waits_for_a_look(world, made):
    admin = world("kanri")
    again = send(admin, "規程3.txt", TEXT.replace("（番号）\n第5条", "（符号）\n第6条"), made["document"]).ok()
    grant(world("saiko"), put_before(admin, again)).ok()
    where = document(made["document"]) + "/reading"
    assert admin.get(where).ok()["held"] and mine(world("hanako"), made) is None
    world("hanako").post(f"{READINGS}/{made['document']}").refused(404, "policies.not_found")
    sixth = next(c for c in tree_of(admin, again["version"])["clauses"] if SECRET in c["text"])
    publicity = {c["id"]: c for c in admin.get(document(made["document"]) + "/publication").ok()["clauses"]}
    if not publicity[sixth["id"]]["withheld"]:
        admin.post(f"{document(made['document'])}/withheld/{sixth['id']}", {"reason": "番号を知らせないため"}).ok()
    assert admin.post(where).ok()["held"] is False
    assert mine(world("hanako"), made)["state"] == "unread" and SECRET not in json.dumps(read(world("hanako"), made), ensure_ascii=False)


def test_reading_comes_before_the_ai_when_the_grace_is_over(world, made):
    question = {"model": "sekisho-extractive", "messages": [{"role": "user", "content": "戸は閉めますか"}]}
    chat = world("hanako").new_chat()
    world("hanako").answer(chat, "戸は閉めますか")
    acknowledge(world("jiro"), read(world("jiro"), made)).ok()
    world.later(GRACE + 1)
    late, done = world("hanako"), world("jiro")
    assert late.get(READINGS + "/state").ok()["closed"] and late.get(READINGS).ok()["closed"] and not done.get(READINGS + "/state").ok()["closed"]
    refused = late.post(f"/api/v1/chats/{chat}/messages", {"text": "戸は閉めますか"}).refused(403, "reading.unread")
    assert refused["clause"] == "10(1)ア(ア)" and refused["who_can_permit"] == "管理者"
    done.answer(done.new_chat(), "戸は閉めますか")
    admin = world("kanri")
    tool = world.server.client(key=admin.post("/api/v1/keys", {"name": "道具"}).ok()["secret"])
    assert tool.post("/v1/chat/completions", question).status == 403, "a tool asks for its owner"
    acknowledge(admin, read(admin, made)).ok()
    assert tool.post("/v1/chat/completions", question).status == 200
    acknowledge(late, read(late, made)).ok()
    assert not late.get(READINGS + "/state").ok()["closed"]
    late.answer(chat, "戸は閉めますか")
    admin.delete(document(made["document"]) + "/reading").ok()
    assert mine(late, made) is None and not world("kacho").get(READINGS + "/state").ok()["closed"], "what is not shown asks nothing"
