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
FIXED = {"code": "kaikei", "name": "会計年度任用職員", "counts_as_staff": True, "consent_asked": True, "internet_and_mail": True, "contractor": False}
BODY = PROFILE | {"staff_categories": [*PROFILE["staff_categories"], FIXED,
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


def test_reading_a_question_about_a_clause_goes_to_the_manager_and_comes_back(world, made):
    where = f"{READINGS}/{made['document']}/questions"
    asker, page = world("hanako"), read(world("hanako"), made)
    second = next(c for c in page["clauses"] if c["ref"] == "第2条")
    asked = {"version": made["version"], "clause": second["id"], "question": "裏口の戸もですか"}
    assert asker.get(where).ok() == {"items": []}
    asker.post(where, asked | {"version": NOBODYS}).refused(409, "reading.changed")
    asker.post(where, asked | {"clause": NOBODYS}).refused(404, "policies.clause_not_found")
    asker.post(where, asked | {"question": ""}).refused(400, "office.missing")
    world("nashi").post(where, asked).refused(403)
    item, = asker.post(where, asked).ok()["items"]
    assert (item["ref"], item["clause"], item["state"], item["open"], item["answer"]) == ("第2条", second["id"], "相談中", True, "") and "第1版" in item["version"]
    whole = asker.post(where, {"version": made["version"], "question": "写しはもらえますか"}).ok()["items"]
    assert [i["ref"] for i in whole] == ["", "第2条"]
    task = next(c for c in world("kacho").get("/api/v1/office/tasks").ok()["items"] if c["id"] == item["id"])
    case = world("kacho").get(f"/api/v1/office/cases/{task['id']}").ok()
    told = {f["key"]: f["value"] for f in case["fields"] if f.get("value") is not None}
    assert (told["question"], told["document"], told["clause"]) == ("裏口の戸もですか", "倉庫の規程", "第2条"), told
    world("fukacho").get(f"/api/v1/office/cases/{task['id']}").refused(404)
    world("kacho").post(f"/api/v1/office/cases/{task['id']}/moves/answer", {"hash": case["hash"], "fields": {"answer": "裏口の戸もです"}}).ok()
    answered = next(i for i in asker.get(where).ok()["items"] if i["id"] == item["id"])
    assert (answered["state"], answered["answer"]) == ("指示あり", "裏口の戸もです")
    assert world("jiro").get(where).ok() == {"items": []}, "each sees her own"
    # Who reads what is withheld asks about it by its number alone: the manager who answers may not read it.
    admin = world("kanri")
    fifth = next(c for c in read(admin, made)["clauses"] if SECRET in c["text"])
    about, = admin.post(where, {"version": made["version"], "clause": fifth["id"], "question": "誰の番号ですか"}).ok()["items"]
    assert about["ref"] == "第5条" and SECRET not in json.dumps(admin.get(f"/api/v1/office/cases/{about['id']}").ok(), ensure_ascii=False)


def category(world, login, code):
    """As the personnel office's list says it."""
    head = "職員番号,利用者ID,氏名,所属,役割,区分,機密性,発令日,退職日\r\n"
    content = base64.b64encode((head + f"N-1,{login},{login} さん,税務課,職員,{code},2,,\r\n").encode()).decode()
    seen = world("kanri").post("/api/v1/staff/preview", {"content": content}).ok()
    assert not seen["refused"], seen
    world("kanri").post("/api/v1/staff/import", {"content": content, "expect": seen["plan"]}).ok()


def consent(client, page):
    return client.post(f"{READINGS}/{page['reading']['document']}/consent", {"version": page["reading"]["version"], "sha256": page["sha256"]})


def test_reading_of_some_categories_a_consent_is_asked_for_to_exactly_what_is_shown(world, made):
    manager = world("kacho")
    unit = next(d["id"] for d in world("kanri").get("/api/v1/departments").ok()["items"] if d["code"] == "zeimu")
    consent(world("hanako"), read(world("hanako"), made)).refused(409, "reading.no_consent")
    category(world, "hanako", FIXED["name"])
    client, page = world("hanako"), read(world("hanako"), made)
    assert page["reading"]["consent_asked"] and page["reading"]["consented_at"] is None
    joined = manager.post("/api/v1/office/definitions/onboarding/cases", {"fields": {"person": "hanako", "unit": "zeimu", "category": "fixed", "joined_on": "2026-04-01"}}).ok()
    acknowledge(client, page).ok()
    waiting = [p for p in manager.get(READINGS + "/people").ok()["items"] if p["name"] == "hanako さん"]
    assert [(p["state"], p["consent_asked"], p["consented_at"]) for p in waiting] == [("acknowledged", True, None)], "read, and not consented"
    consent(client, page | {"sha256": "0" * 64}).refused(409, "reading.changed")
    done = consent(client, page).ok()
    assert done["consented_at"] and done["state"] == "acknowledged"
    assert consent(client, page).ok()["consented_at"] == done["consented_at"], "once is enough"
    department, = [d for d in manager.get(READINGS + "/people").ok()["departments"] if d["department"] == unit]
    assert (department["consents_asked"], department["consented"]) == (1, 1)
    assert not [p for p in manager.get(READINGS + "/people").ok()["items"] if p["name"] == "hanako さん"]
    table = base64.b64decode(world("kansa").get(READINGS + "/people/file?show=all").ok()["content"]).decode("utf-8-sig")
    row = next(r for r in csv.DictReader(io.StringIO(table)) if r["氏名"] == "hanako さん")
    assert row["同意した日時"] and row["同意書を求める区分"] == "はい" and row["区分"] == FIXED["name"]
    case = manager.get(f"/api/v1/office/cases/{joined['id']}").ok()
    told = {f["key"]: f["value"] for f in case["fields"] if f.get("value") is not None}
    assert told["consent"] == "electronic" and page["sha256"] in json.dumps(case, ensure_ascii=False)
    with sqlite3.connect(f"file:{world.server.data / 'bodies/shiken/body.db'}?mode=ro", uri=True) as db:
        assert db.execute("SELECT consented_sha256 FROM policy_acknowledgement WHERE consented_at IS NOT NULL").fetchall() == [(page["sha256"],)]


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
    assert mine(world("hanako"), made)["consented_at"] is None, "asked anew"
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
