"""Another classification scheme: three levels become five and three again. What is classified rises, what permits sinks, people choose where several
classes are possible, and nobody reads what was closed to her before."""
import base64
import json
import sqlite3

import pytest
from sekisho import PASSWORD, wait_until
from shiken import PROFILE, levels
from test_classes import queue
from test_lowering import grant
from test_profiles import new_person

FIVE = ["機密性1", "機密性2", "機密性3C", "機密性3B", "機密性3A"]
UP = [{"from": "機密性1", "to": ["機密性1"]}, {"from": "機密性2", "to": ["機密性2"]}, {"from": "機密性3", "to": ["機密性3C", "機密性3B", "機密性3A"]}]
DOWN = [{"from": "機密性1", "to": ["機密性1"]}, {"from": "機密性2", "to": ["機密性2"]}] + [{"from": f"機密性3{x}", "to": ["機密性3"]} for x in "CBA"]
CHOICE = {"confidentiality": 3, "reason": "影響は一つの事務にとどまる"}
READERS = ("kacho", "kacho2", "hiku", "hanako", "jiro", "fukacho", "kanri")
SECRET, OWN = "白藤の名簿は、税務課の金庫に置く。", "山鳩の台帳は、税務課の棚に置く。"


def profile(names, carried=None):
    return PROFILE | {"confidentiality": levels(*names)} | ({"carried_over": {"confidentiality": carried}} if carried else {})


class World:
    """税務課 with a collection of class 3, and one of class 2 in which a document was raised by itself."""

    def __init__(self, server, login, model):
        self.server, self.login = server, login
        admin = login("kanri")
        self.units = {d["code"]: d["id"] for d in admin.get("/api/v1/departments").ok()["items"]}
        new_person(admin, self.units, "kakunin", "joho", ["system"])
        for name, clearance in (("kacho2", 3), ("hiku", 2)):
            admin.post("/api/v1/users", {"login": name, "name": name, "department_id": self.units["zeimu"], "roles": ["kanri"], "clearance": clearance, "password": PASSWORD}).ok()
        manager = login("kacho")
        self.high = manager.new_collection("名簿", confidentiality=3, readers="all")["id"]
        self.low = manager.new_collection("台帳", confidentiality=2, readers="all")["id"]
        added = manager.add_files(self.high, {"名簿.txt": SECRET.encode(), "名簿二.txt": SECRET.encode()})
        self.in_high = [d["id"] for d in added.values()]
        added = manager.add_files(self.low, {"台帳.txt": OWN.encode(), "残る.txt": OWN.encode()})
        self.raised, self.plain = added["台帳.txt"]["id"], added["残る.txt"]["id"]
        manager.post(f"/api/v1/documents/{self.raised}/raise", {"confidentiality": 3}).ok()
        self.chat = manager.new_chat([self.high])
        manager.answer(self.chat, "白藤の名簿はどこに置きますか")
        self.endpoint = admin.new_endpoint("体系の試験", model.url, "ok", ceiling=3)["id"]
        # Asked for in the scheme of before, signed in that of after.
        self.asked = login("hanako").post(f"/api/v1/documents/{self.plain}/lowering", {"confidentiality": 1, "reason": "公表した資料のため"}).ok()["approval"]

    def readable(self):
        """Who reads what, by every way to it."""
        out = set()
        for name in READERS:
            client = self.login(name)
            for d in [*self.in_high, self.raised, self.plain]:
                if client.get(f"/api/v1/documents/{d}").status == 200:
                    out.add((name, d))
            out |= {(name, c["id"]) for c in client.get("/api/v1/collections").ok()["items"]}
            for words in ("白藤の名簿", "山鳩の台帳"):
                out |= {(name, h["document_id"]) for h in client.post("/api/v1/search", {"query": words, "collections": [], "limit": 50}).ok()["hits"]}
            out |= {(name, c["id"]) for c in client.get("/api/v1/chats").ok()["items"]}
        return out

    def take_up(self, document):
        """Drafted by one, confirmed by another, in force."""
        admin = self.login("kanri")
        number = admin.post("/api/v1/organisation/versions", {"document": document, "note": "分類の体系を改める"}).ok()["number"]
        at = f"/api/v1/organisation/versions/{number}"
        self.login("kakunin").post(at + "/confirm", {}).ok()
        admin.post(at + "/start", {}).ok()

    def clear(self, login, rank):
        """The personnel office gives a clearance."""
        admin = self.login("kanri")
        text = base64.b64encode(f"職員番号,利用者ID,氏名,所属,役割,機密性\r\nS-{login},{login},{login} さん,税務課,管理者,{rank}\r\n".encode()).decode()
        seen = admin.post("/api/v1/staff/preview", {"content": text}).ok()
        admin.post("/api/v1/staff/import", {"content": text, "expect": seen["plan"]}).ok()

    def clearance(self, login):
        return next(u["clearance"] for u in self.login("kanri").get("/api/v1/users").ok()["items"] if u["login"] == login)

    def rows(self, statement):
        database = sqlite3.connect(f"file:{self.server.data}/bodies/shiken/body.db?mode=ro", uri=True)
        try:
            return database.execute(statement).fetchall()
        finally:
            database.close()


@pytest.fixture(scope="module")
def world(own_server, prepared, model):
    return World(own_server, prepared, model)


@pytest.mark.parametrize("document,place", [
    (profile(FIVE), "$.confidentiality"),
    (profile(FIVE, UP[:2]), "機密性3"),
    (profile(FIVE, UP + [{"from": "極秘", "to": ["機密性3A"]}]), "極秘"),
    (profile(FIVE, [UP[0], {"from": "機密性2", "to": ["機密性3C"]}, {"from": "機密性3", "to": ["機密性2", "機密性3A"]}]), "機密性3"),
    (profile(FIVE, [UP[0], UP[1], {"from": "機密性3", "to": ["機密性3C"]}]), "highest")], ids=["said nothing", "one left out", "one too many", "falls", "top becomes lower"])
def test_schemes_what_becomes_of_a_level_must_be_said(world, document, place):
    admin = world.login("kanri")
    problem = admin.post("/api/v1/organisation/versions", {"document": document, "note": "x"}).refused(409, "bodies.cannot_follow")
    assert place in json.dumps(problem, ensure_ascii=False), problem


def test_schemes_levels_that_the_document_itself_does_not_have_are_refused(world):
    document = profile(FIVE, [UP[0], UP[1], {"from": "機密性3", "to": ["機密性4"]}])
    problem = world.login("kanri").post("/api/v1/organisation/versions", {"document": document, "note": "x"}).refused(400, "bodies.profile")
    assert problem["where"].startswith("$.carried_over.confidentiality[2].to[0]")


def test_schemes_three_levels_become_five(world):
    before = world.readable()
    assert ("kacho", world.in_high[0]) in before and ("kacho", world.chat) in before and ("hanako", world.plain) in before and ("hanako", world.in_high[0]) not in before
    prompts = lambda: [(q["question"], q["content"], q["label"]["c"]) for q in world.login("kanri").post("/api/v1/log/questions", {}).ok()["items"]]
    assert prompts() == [("白藤の名簿はどこに置きますか", "shown", 3)]
    world.take_up(profile(FIVE, UP))
    assert [level["name"] for level in world.login("hanako").get("/api/v1/profile").ok()["confidentiality"]] == FIVE
    # Nothing is lowered, and nobody reads more than before.
    after = world.readable()
    assert after <= before and ("hanako", world.plain) in after
    assert not after & {(name, d) for name in READERS for d in [*world.in_high, world.raised, world.high, world.chat]}
    ranks = dict(world.rows("SELECT id, label FROM document UNION SELECT id, label FROM collection UNION SELECT id, label FROM chat"))
    assert all(";c=5;" in ranks[i] for i in [*world.in_high, world.raised, world.high, world.chat]) and ";c=2;" in ranks[world.plain]
    assert {label.split(";")[1] for label, in world.rows("SELECT label FROM message")} == {"c=1", "c=5"}  # the question by itself, and the answer
    assert world.rows("SELECT count(*) FROM label_move") == [(0,)]
    # What permits went down to the least that it may be.
    assert (world.clearance("kacho"), world.clearance("hanako"), world.clearance("nashi")) == (3, 2, 1)
    assert next(e["ceiling"] for e in world.login("kanri").get("/api/v1/endpoints").ok()["items"] if e["id"] == world.endpoint) == 3
    # What was asked before is decided on in the scheme of now, although its record is never rewritten.
    assert prompts() == [("", "hidden", 5)]


def test_schemes_an_approval_of_before_is_not_good_after(world):
    request = world.login("kacho2").get(f"/api/v1/approvals/{world.asked}").ok()
    shown = {f["key"]: f["value"] for f in request["fields"]}
    assert "機密性2" in shown["from"] and "機密性1" in shown["to"]
    grant(world.login("kacho2"), request).refused(403, "policy.lowering_other_content")


def test_schemes_what_may_be_several_classes_waits_for_its_unit(world):
    waits = queue(world.login("kacho"))
    assert set(waits) == {world.high, world.raised, *world.in_high}
    item = waits[world.high]
    assert (item["what"], item["waits_for"], item["department"]) == ("collection", "choice", "税務課")
    assert item["given"]["confidentiality"] == 5 and item["least"]["confidentiality"] == 3
    first = world.login("kacho").get("/api/v1/unruled?limit=1").ok()
    seen = [first["items"][0]["id"]]
    while first.get("next"):
        first = world.login("kacho").get(f"/api/v1/unruled?limit=1&after={first['next']}").ok()
        seen += [i["id"] for i in first["items"]]
    assert seen[0] == world.high and sorted(seen) == sorted(waits)
    # To who could not read it before, not even its name is told; others do not choose.
    assert queue(world.login("hiku")) == {} and queue(world.login("fukacho")) == {}
    for name in ("hiku", "fukacho"):
        world.login(name).post(f"/api/v1/documents/{world.raised}/choice", CHOICE).refused(404, "documents.not_found")
        world.login(name).post(f"/api/v1/collections/{world.high}/choice", CHOICE).refused(404, "collections.not_found")
    world.login("hanako").post(f"/api/v1/documents/{world.raised}/choice", CHOICE).refused(403, "policy.power")


@pytest.mark.parametrize("wrong,key", [({"confidentiality": 2}, "documents.choice"), ({"confidentiality": 6}, "collections.class"), ({"confidentiality": 0}, "collections.class"),
                                       ({"confidentiality": 3, "integrity": 2}, "documents.choice"), ({"reason": ""}, "documents.ruling_reason")], ids=str)
def test_schemes_only_what_it_may_be_is_chosen(world, wrong, key):
    world.login("kacho").post(f"/api/v1/documents/{world.raised}/choice", CHOICE | wrong).refused(400, key)


def test_schemes_the_command_line_shows_and_chooses(world):
    world.server.stop()
    try:
        shown = world.server.cli("class", "waiting", "--body", "shiken", "--user", "kacho").stdout
        assert world.raised in shown and "choice" in shown
        refused = world.server.cli("class", "choose", "--body", "shiken", "--user", "hanako", "--document", world.raised, "--confidentiality", "5", "--reason", "x", check=False)
        assert refused.returncode == 1
        done = world.server.cli("class", "choose", "--body", "shiken", "--user", "kacho", "--document", world.raised, "--confidentiality", "5", "--reason", "台帳は個人番号を含む").stdout
        assert "機密性3A" in done
    finally:
        world.server.start()


def test_schemes_choosing_what_counts_now_holds_at_once(world):
    """Confirmed by the command line above."""
    assert set(queue(world.login("kacho"))) == {world.high, *world.in_high}
    world.clear("kacho", 5)
    manager = world.login("kacho")
    assert manager.get(f"/api/v1/documents/{world.raised}").ok()["label"]["classes"][0] == "機密性3A"
    manager.post(f"/api/v1/documents/{world.raised}/choice", CHOICE).refused(409, "documents.not_choosing")


def test_schemes_choosing_a_lower_class_is_a_lowering_by_others(world):
    manager, second = world.login("kacho"), world.login("kacho2")
    chosen = second.post(f"/api/v1/collections/{world.high}/choice", CHOICE).ok()
    assert chosen["label"]["c"] == 5 and chosen["approval"], "asking changes nothing"
    request = second.get(f"/api/v1/approvals/{chosen['approval']}").ok()
    assert request["kind"] == "declassify_collection"
    grant(second, request).refused(403, "approvals.separation")   # own
    grant(manager, request).refused(403, "approvals.separation")  # brought it in
    assert {world.high, *world.in_high} == set(queue(manager))
    assert grant(world.login("saiko"), request).ok()["state"] == "finished"
    assert queue(manager) == {}, "the documents that bore its class went with it"
    for client in (manager, second):  # 3C is what class 3 permits now
        assert [client.get(f"/api/v1/documents/{d}").ok()["label"]["classes"][0] for d in world.in_high] == ["機密性3C"] * 2
        assert world.in_high[0] in [h["document_id"] for h in client.post("/api/v1/search", {"query": "白藤の名簿", "collections": [], "limit": 50}).ok()["hits"]]
    world.login("hanako").get(f"/api/v1/documents/{world.in_high[0]}").refused(404)
    second.get(f"/api/v1/documents/{world.raised}").refused(404)
    # The chat stays as it was carried over: nothing is lowered by itself.
    assert manager.get(f"/api/v1/chats/{world.chat}").ok()["chat"]["label"]["c"] == 5


def test_schemes_five_levels_become_three_again(world):
    before = world.readable()
    world.take_up(profile(["機密性1", "機密性2", "機密性3"], DOWN))
    after = world.readable()
    assert after <= before
    assert ("kacho", world.raised) in after and ("kacho", world.in_high[0]) in after, "who was cleared for the highest is so again"
    assert ("kacho2", world.in_high[0]) in before and ("kacho2", world.in_high[0]) not in after, "3C alone permits nothing of what holds 3A"
    assert (world.clearance("kacho"), world.clearance("kacho2"), world.clearance("hanako")) == (3, 2, 2)
    assert queue(world.login("kacho")) == {}
    ranks = dict(world.rows("SELECT id, label FROM document UNION SELECT id, label FROM collection UNION SELECT id, label FROM chat"))
    assert all(";c=3;" in ranks[i] for i in [*world.in_high, world.raised, world.high, world.chat]) and ";c=2;" in ranks[world.plain]
    # A version that says the same again moves nothing.
    world.take_up(profile(["機密性1", "機密性2", "機密性3"], DOWN))
    assert world.clearance("kacho") == 3 and world.rows("SELECT count(*) FROM scheme_change") == [(2,)]


def test_schemes_an_answer_that_is_being_made_is_closed_in_the_new_scheme(world, model):
    """Asked under three levels, finished under five: it is stored as the strictest that it may be."""
    admin, manager = world.login("kanri"), world.login("kacho")
    slow = admin.new_endpoint("体系の試験（遅い）", model.url, "slow", ceiling=2)["id"]
    chat = manager.new_chat(endpoint=slow)
    events = manager.ask(chat, "紫陽花の時期はいつですか")
    next(iter(events))
    world.take_up(profile(["機密性1", "機密性2", "機密性3", "機密性4"], [{"from": "機密性1", "to": ["機密性1", "機密性2"]}, {"from": "機密性2", "to": ["機密性3"]},
                                                                       {"from": "機密性3", "to": ["機密性4"]}]))
    events.all()
    ended = wait_until(lambda: [s for s, in world.rows("SELECT state FROM message ORDER BY id DESC LIMIT 1") if s != "streaming"], 30, "the answer")
    assert ended
    labels = {label.split(";")[1] for label, in world.rows(f"SELECT m.label FROM message m WHERE m.chat_id = '{chat}'")}
    assert labels == {"c=2"}
