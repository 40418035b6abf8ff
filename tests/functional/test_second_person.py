"""Changes of the system by two people: registered or changed by one, without effect until another has checked; by one where the body says so."""
import json
import sqlite3

import pytest
from sekisho import PASSWORD, ROOT, Server
from shiken import PEOPLE, PROFILE, SETTINGS, later, set_up

CHANGES = ["services", "flows", "endpoints"]
ROLES = [r | {"powers": r["powers"] + ["systems.change", "systems.second"]} if r["code"] == "system" else r for r in PROFILE["roles"]]
BODY = PROFILE | {"roles": ROLES, "two_person_changes": CHANGES}
SERVICE = {"provider": "試験の提供者", "name": "試験のサービス", "ceiling": 3, "approved_by": "統括", "approval": "承認第9号"}


class Office:
    def __init__(self, folder):
        self.server = set_up(Server(folder / "data", SETTINGS), BODY).start()
        self.one = self.login("kanri")
        self.units = {d["code"]: d["id"] for d in self.one.get("/api/v1/departments").ok()["items"]}
        self.user("futari", ["system"])
        self.two = self.login("futari")

    def user(self, login, roles):
        return self.one.post("/api/v1/users", {"login": login, "name": login, "department_id": self.units["joho"], "roles": roles, "clearance": 3, "password": PASSWORD}).ok()["user"]["id"]

    def login(self, name):
        client = self.server.client()
        client.login(name).ok()
        return client

    def grant(self, client, approval, **more):
        seen = self.one.get(f"/api/v1/approvals/{approval}").ok()
        return client.post(f"/api/v1/approvals/{approval}/grant", {"content_hash": seen["content_hash"], **more})

    def service(self, approval):
        made = self.one.post("/api/v1/services", SERVICE | {"approval": approval}).ok()
        self.grant(self.two, made["waits_for"]).ok()
        return made["id"]

    def endpoint(self, service, url, **more):
        return self.one.post("/api/v1/endpoints", {"name": f"接続先 {service[-6:]} {len(more)}", "protocol": "openai", "url": url, "model": "ok", "ceiling": 2, "segments": ["lgwan"],
                                                   "enabled": True, "service": service} | more)

    def flow(self, endpoint):
        return self.one.post("/api/v1/flows", {"from_segment": "lgwan", "to_endpoint": endpoint, "purpose": "試験の質問", "content": ["text"], "permitted_by": "統括"}).ok()

    def item(self, path, id):
        return next(i for i in self.one.get(path).ok()["items"] if i["id"] == id)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("futari"))
    yield office
    office.server.stop()
    office.server.verify_log("shiken")


def test_second_person_a_registration_waits_for_the_other(office, model):
    made = office.one.post("/api/v1/services", SERVICE).ok()
    assert made["state"] == "waiting" and made["waits_for"]
    office.endpoint(made["id"], model.url).refused(400, "endpoints.service")  # nothing stands on what waits
    request = office.two.get(f"/api/v1/approvals/{made['waits_for']}").ok()
    assert request["kind"] == "product_change" and request["clauses"] == ["11(1)エ(ウ)"] and request["id"] in [i["id"] for i in office.two.get("/api/v1/approvals?box=rule").ok()["items"]]
    assert {f["key"]: f["value"] for f in request["fields"]}["name"] == SERVICE["name"]
    assert office.grant(office.two, made["waits_for"]).ok()["state"] == "finished"
    assert office.item("/api/v1/services", made["id"])["state"] == "in force"
    endpoint = office.endpoint(made["id"], model.url).ok()
    flow = office.flow(endpoint["id"])
    assert (endpoint["state"], flow["state"]) == ("waiting", "waiting")
    chat = office.one.new_chat(endpoint=endpoint["id"])
    model.forget()
    assert "この内容を送れません" in office.one.answer(chat, "こんにちは")["text"] and model.requests() == []
    office.grant(office.two, flow["waits_for"]).ok()
    assert "この内容を送れません" in office.one.answer(chat, "こんにちは")["text"] and model.requests() == [], "the endpoint itself waits still"
    office.grant(office.two, endpoint["waits_for"]).ok()
    assert office.item("/api/v1/endpoints", endpoint["id"])["state"] == "usable"
    assert "この内容を送れません" not in office.one.answer(chat, "こんにちは")["text"] and len(model.requests()) == 1


def test_second_person_a_change_waits_anew_and_voids_the_check_before(office, model):
    service = office.service("承認第10号")
    endpoint = office.endpoint(service, model.url).ok()
    flow = office.flow(endpoint["id"])
    office.grant(office.two, flow["waits_for"]).ok()
    at = f"/api/v1/endpoints/{endpoint['id']}"
    changed = office.one.patch(at, {"url": model.url + "/x"}).ok()
    assert changed["state"] == "waiting" and changed["waits_for"] != endpoint["waits_for"]
    office.grant(office.two, endpoint["waits_for"]).refused(409, "changes.other")
    office.grant(office.two, changed["waits_for"]).ok()
    assert office.item("/api/v1/endpoints", endpoint["id"])["state"] == "usable"
    for change in ({"ceiling": 3}, {"api_key": "geheim"}, {"model": "other"}, {"name": "別の名前"}, {"segments": ["lgwan", "internet"]}):
        waits = office.one.patch(at, change).ok()
        assert waits["state"] == "waiting", change
        office.grant(office.two, waits["waits_for"]).ok()
    # Taking away waits for nobody, giving back does.
    assert office.one.patch(at, {"enabled": False}).ok()["state"] == "disabled"
    back = office.one.patch(at, {"enabled": True}).ok()
    assert back["state"] == "waiting"
    office.one.delete(at).ok()
    office.grant(office.two, back["waits_for"]).refused(409, "changes.other")
    office.one.post(f"/api/v1/services/{service}/end", {"reason": "試験の終わり"}).ok()


def test_second_person_is_another_human(office):
    made = office.one.post("/api/v1/services", SERVICE | {"approval": "承認第11号"}).ok()
    approval = made["waits_for"]
    office.grant(office.one, approval).refused(403, "approvals.separation")                       # own
    for extra in ({"approver": "futari"}, {"person": "futari"}, {"on_behalf": "futari"}, {"slot": 0}):
        office.grant(office.one, approval, **extra).refused(400)                                   # an approver in the body
    office.one.post("/api/v1/services", SERVICE | {"approval": "承認第12号", "checked_by": "futari"}).refused(400)
    office.one.patch(f"/api/v1/approvals/{approval}", {"reason": "少しだけ直します"}).refused(409, "approvals.by_feature")
    key = office.one.post("/api/v1/keys", {"name": "確認の試験"}).ok()["secret"]
    assert office.grant(office.server.client(key=key), approval).status in (403, 404)              # by the API
    office.one.post(f"/api/v1/approvals/{approval}/override", {"content_hash": office.one.get(f"/api/v1/approvals/{approval}").ok()["content_hash"],
                                                               "reason": "ほかに確かめる人がいないため"}).refused(403)
    assert office.grant(office.login("hanako"), approval).status in (403, 404)                     # who holds no power for it
    assert office.item("/api/v1/services", made["id"])["state"] == "waiting"


def test_second_person_the_tables_refuse_one_human_on_both_sides(office):
    made = office.one.post("/api/v1/services", SERVICE | {"approval": "承認第13号"}).ok()
    office.server.stop()
    database = sqlite3.connect(office.server.data / "bodies/shiken/body.db")
    try:
        me, = database.execute("SELECT changed_person FROM service WHERE id = ?", (made["id"],)).fetchone()
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("UPDATE service SET waits_for = NULL, checked_person = ? WHERE id = ?", (me, made["id"]))
        database.rollback()
    finally:
        database.close()
        office.server.start()


def test_second_person_refused_is_without_effect(office):
    made = office.one.post("/api/v1/services", SERVICE | {"approval": "承認第14号", "valid_to": later(30)}).ok()
    seen = office.two.get(f"/api/v1/approvals/{made['waits_for']}").ok()
    office.two.post(f"/api/v1/approvals/{seen['id']}/refuse", {"content_hash": seen["content_hash"], "note": "条件が足りない"}).ok()
    assert office.item("/api/v1/services", made["id"])["state"] == "waiting"
    office.grant(office.two, made["waits_for"]).refused(409, "approvals.state")


def test_second_person_the_command_line_alone_does_not_register(tmp_path):
    server = set_up(Server(tmp_path / "data", SETTINGS), BODY)
    done = server.cli("endpoint", "create", "--body", "shiken", "--name", "x", "--url", "http://127.0.0.1:9/v1", "--model", "m", "--ceiling", "1", check=False)
    assert done.returncode == 1 and "もう一人" in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_second_person_where_the_body_does_not_ask_one_is_enough(admin):
    made = admin.post("/api/v1/services", SERVICE | {"approval": "承認第15号"}).ok()
    assert made["state"] == "in force" and made["waits_for"] is None


def test_second_person_is_asked_for_in_the_profile_modelled_on_the_standards():
    assert json.loads((ROOT / "packs/bodies/city-standards.json").read_text(encoding="utf-8"))["two_person_changes"] == CHANGES
    assert "two_person_changes" not in PROFILE and PEOPLE["kanri"][1] == "system"


def test_second_person_an_unknown_change_is_no_profile(admin):
    problem = admin.post("/api/v1/organisation/versions", {"document": PROFILE | {"two_person_changes": ["moon"]}, "note": "x"}).refused(400, "bodies.profile")
    assert problem["where"].startswith("$.two_person_changes[0]")
