"""Privileged rights: opened for minutes with a reason and a fresh proof, deputies while the holder is away, no default names, nothing of it for contractors."""
import base64
import copy
import datetime
import itertools
import threading

import pytest
from sekisho import PASSWORD, Server
from shiken import PROFILE, SETTINGS, carry_out, later, set_up
from test_factors import enrol_app, give

HEAD = "職員番号,利用者ID,氏名,所属,役割,区分\r\n"
NUMBERS = itertools.count(1)
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date().isoformat()


def profile():
    body = copy.deepcopy(PROFILE)
    body["elevation"] = {"asked": True, "most_minutes": 20}
    body["staff_categories"].append({"code": "itaku", "name": "委託先の人", "counts_as_staff": False, "consent_asked": False, "internet_and_mail": False, "contractor": True})
    return body


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    server = set_up(Server(tmp_path_factory.mktemp("privileges") / "data", SETTINGS), profile()).start()
    yield server
    server.stop()
    server.verify_log("shiken")


@pytest.fixture(scope="module")
def login(house):
    def get(name):
        client = house.client()
        client.login(name).ok()
        return client
    return get


@pytest.fixture(scope="module")
def maker(login):
    """Somebody with privileged rights open, to prepare the tests; not the one that tests look at."""
    client = login("kanri")
    client.elevate(20)
    return client


@pytest.fixture(scope="module")
def units(maker):
    return {d["code"]: d["id"] for d in maker.get("/api/v1/departments").ok()["items"]}


@pytest.fixture
def person(maker, units, login):
    """person(roles) -> (id, session) of somebody new in 税務課."""
    def make(roles=("system",)):
        name = f"tokken{next(NUMBERS)}"
        made = maker.post("/api/v1/users", {"login": name, "name": f"{name} さん", "department_id": units["zeimu"], "roles": list(roles), "clearance": 3, "password": PASSWORD}).ok()
        return made["user"]["id"], login(name)
    return make


def begin(client, minutes=5, reason="利用者の所属を変えるため", **more):
    return client.post("/api/v1/elevation", {"minutes": minutes, "reason": reason, "password": PASSWORD, **more})


def elevation(client):
    return client.get("/api/v1/session").ok()["elevation"]


# --- elevation ------------------------------------------------------------------------------------------------------------------

def test_privileges_are_closed_until_they_are_opened_and_only_there(person, login):
    _, client = person()
    second = login(client.session["user"]["login"])
    state = elevation(client)
    assert state["asked"] is True and state["id"] is None and state["most_minutes"] == 20 and state["by_factor"] is False and "users.manage" in state["powers"]
    client.get("/api/v1/chats").ok()
    client.new_collection("普段の仕事", confidentiality=1)
    for path in ("/api/v1/users", "/api/v1/organisation", "/api/v1/services"):
        problem = client.get(path).refused(403, "policy.not_elevated")
        assert problem["clause"] == "11(2)オ" and problem["who_can_permit"], path
    opened = begin(client).ok()
    assert opened["id"] and 0 < opened["seconds_left"] <= 300 and opened["reason"] == "利用者の所属を変えるため"
    assert elevation(client)["id"] == opened["id"]
    client.get("/api/v1/users").ok()
    second.get("/api/v1/users").refused(403, "policy.not_elevated")
    # A second one takes the first one's place; minutes are never added.
    again = begin(client, minutes=1).ok()
    assert again["id"] != opened["id"] and again["seconds_left"] <= 60
    assert client.post("/api/v1/elevation/end").ok()["id"] is None
    client.get("/api/v1/users").refused(403, "policy.not_elevated")


def test_privileges_are_not_opened_without_time_reason_and_proof(person):
    _, client = person()
    for minutes in (0, -1, 21, 1_000_000):
        assert begin(client, minutes=minutes).refused(400, "privileges.minutes")["clause"] == "11(2)オ"
    begin(client, reason="急ぐ").refused(400, "privileges.reason")
    begin(client, password="wrong-password-123").refused(401, "factors.wrong_password")
    client.post("/api/v1/elevation", {"minutes": 5, "reason": "パスワードのない申し出"}).refused(401, "factors.wrong_password")
    client.get("/api/v1/users").refused(403, "policy.not_elevated")
    for _ in range(3):
        begin(client, password="wrong-password-123").refused(401)
    begin(client).refused(429, "factors.locked")


def test_privileges_are_nothing_to_open_for_others(login):
    staff = login("hanako")
    assert elevation(staff)["asked"] is False
    problem = begin(staff).refused(403, "privileges.none")
    assert problem["clause"] and problem["who_can_permit"]
    staff.get("/api/v1/users").refused(403, "policy.power")


def test_privileges_ask_whoever_has_a_factor_for_a_fresh_one_each_time(person):
    _, client = person()
    app, _ = enrol_app(client)
    assert elevation(client)["by_factor"] is True
    begin(client).ok()  # the enrolment has just proved it
    problem = begin(client).refused(403, "factors.again")
    assert problem["clause"] == "9(4)ウ"
    assert elevation(client)["id"], "a refusal leaves what is open"
    give(client, app.code()).ok()
    begin(client).ok()


def test_privileges_end_with_the_session_and_show_it(person, login):
    _, client = person()
    opened = begin(client).ok()
    client.delete("/api/v1/session").ok()
    listed = {i["id"]: i for i in login("kansa").get("/api/v1/privileges").ok()["items"]}
    assert listed[opened["id"]]["open"] is False and listed[opened["id"]]["minutes"] == 5
    login(client.session["user"]["login"]).get("/api/v1/users").refused(403, "policy.not_elevated")


def test_privileges_do_not_come_with_a_key(house, person):
    _, client = person()
    begin(client).ok()
    key = client.post("/api/v1/keys", {"name": "鍵"}).ok()["secret"]
    program = house.client(key=key)
    assert program.get("/v1/models").status == 200
    program.get("/api/v1/users").refused(403, "policy.not_elevated")
    begin(program).refused(403, "privileges.session_only")


def test_privileges_are_listed_for_audits(person, login):
    _, client = person()
    opened = begin(client, reason="監査で読まれる理由").ok()
    seen = login("kansa").get("/api/v1/privileges").ok()
    item = next(i for i in seen["items"] if i["id"] == opened["id"])
    assert item["open"] and item["reason"] == "監査で読まれる理由" and item["name"] == client.session["user"]["name"]
    assert {"kanri", client.session["user"]["login"]} <= {h["login"] for h in seen["holders"]} and "hanako" not in {h["login"] for h in seen["holders"]}
    first = login("kansa").get("/api/v1/privileges?limit=1").ok()
    older = login("kansa").get(f"/api/v1/privileges?limit=1&before={first['next']}").ok()
    assert older["items"][0]["id"] < first["items"][0]["id"]
    problem = login("hanako").get("/api/v1/privileges").refused(403, "policy.power")
    assert problem["clause"] == "11(2)ア(ウ)a"


def test_privileges_many_tries_at_once_open_one(person):
    _, client = person()
    threads = [threading.Thread(target=lambda: begin(client)) for _ in range(5)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert elevation(client)["seconds_left"] <= 300
    client.post("/api/v1/elevation/end").ok()
    client.get("/api/v1/users").refused(403, "policy.not_elevated")


def test_privileges_command_line_needs_no_elevation(tmp_path):
    server = set_up(Server(tmp_path / "data", SETTINGS), profile())
    server.cli("user", "list", "--body", "shiken", "--user", "kanri")
    refused = server.cli("user", "list", "--body", "shiken", "--user", "hanako", check=False)
    assert refused.returncode == 1


# --- no default names -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["admin", "root", "administrator", "sekisho", "guest", "test", "admin1", "root-01", "test_2", "kanrisha"])
def test_names_that_everybody_tries_first_are_refused(maker, units, name):
    problem = maker.post("/api/v1/users", {"login": name, "name": "初期 値", "department_id": units["zeimu"], "roles": [], "password": PASSWORD}).refused(403, "accounts.default_login")
    assert problem["clause"] == "11(2)ア(ウ)f"
    seen = preview(maker, f"N-{name},{name},初期 値,税務課,職員,\r\n")
    assert [r["key"] for r in seen["refused"]] == ["accounts.default_login"] and "11(2)ア(ウ)f" in seen["refused"][0]["reason"]


def test_names_that_only_begin_so_are_taken(maker, units):
    for name in ("adminami", "testuya", "rootaro"):
        maker.post("/api/v1/users", {"login": name, "name": "ふつう の人", "department_id": units["zeimu"], "roles": [], "password": PASSWORD}).ok()


# --- contractors ----------------------------------------------------------------------------------------------------------------

def content(rows):
    return base64.b64encode((HEAD + rows).encode()).decode()


def preview(client, rows):
    return client.post("/api/v1/staff/preview", {"content": content(rows)}).ok()


def take(client, rows):
    seen = preview(client, rows)
    assert not seen["refused"], seen
    return client.post("/api/v1/staff/import", {"content": content(rows), "expect": seen["plan"]}).ok()


def find(client, name):
    return next(u for u in client.get("/api/v1/users").ok()["items"] if u["login"] == name)


def test_contractors_are_given_no_power_over_credentials(maker, units):
    seen = preview(maker, "C-1,gaichu1,外注 一,税務課,担当,委託先の人\r\n")
    assert [r["key"] for r in seen["refused"]] == ["import.contractor"] and "11(2)ア(ウ)d" in seen["refused"][0]["reason"]
    take(maker, "C-1,gaichu1,外注 一,税務課,職員,委託先の人\r\n")
    user = find(maker, "gaichu1")["id"]
    appointment = {"user_id": user, "department_id": units["zeimu"], "role": "system", "kind": "concurrent", "from": TODAY, "basis": "辞令"}
    for answer in (maker.post("/api/v1/appointments", appointment), maker.patch(f"/api/v1/users/{user}", {"roles": ["system"]})):
        problem = answer.refused(403, "accounts.contractor")
        assert problem["clause"] == "11(2)ア(ウ)d" and problem["who_can_permit"]
    maker.post("/api/v1/appointments", {**appointment, "role": "kanri"}).ok()


def test_contractors_change_no_credentials_whatever_they_hold(maker, units, login, person):
    """Somebody appointed while he was the body's own, who then works for a contractor."""
    user, client = person(["shokuin"])
    name = client.session["user"]["login"]
    maker.post("/api/v1/appointments", {"user_id": user, "department_id": units["zeimu"], "role": "system", "kind": "concurrent", "from": TODAY, "basis": "辞令"}).ok()
    victim, _ = person()
    begin(client).ok()
    client.get("/api/v1/users").ok()
    take(maker, f"C-2,{name},{name} さん,税務課,職員,委託先の人\r\n")
    for method, path, body in (("POST", f"/api/v1/users/{victim}/password", {}), ("POST", f"/api/v1/users/{victim}/unlock", {"identity_check": "名札"}),
                               ("POST", f"/api/v1/users/{victim}/factors/reset", {"identity_check": "名札"}), ("PATCH", f"/api/v1/users/{victim}", {"enabled": False}),
                               ("GET", "/api/v1/users", None)):
        problem = client.call(method, path, body).refused(403, "policy.contractor")
        assert problem["clause"] == "11(2)ア(ウ)d" and problem["who_can_permit"], path
    client.get("/api/v1/services").ok()  # privileged, but no credentials
    problem = client.put("/api/v1/session/password", {"current": PASSWORD, "next": "atarashii kagi wa nagai"}).refused(403, "accounts.contractor")
    assert problem["clause"] == "11(2)ア(ウ)d"
    # The body's own staff may, as before.
    assert maker.post(f"/api/v1/users/{victim}/password").ok()["password"]


# --- deputies -------------------------------------------------------------------------------------------------------------------

def nominate(client, deputy, principal, **more):
    return client.post("/api/v1/approvals", {"kind": "privilege_deputy", "fields": {"deputy": deputy, "principal": principal, "system": "関所"}, "reason": "不在のときに代わるため",
                                             "ends_at": later(30), "submit": True, **more})


def grant(client, request):
    return client.post(f"/api/v1/approvals/{request['id']}/grant", {"content_hash": request["content_hash"]})


def test_deputies_hold_the_powers_while_the_holder_is_away(login, person):
    _, holder = person()
    _, deputy = person(["shokuin"])
    names = [c.session["user"]["login"] for c in (deputy, holder)]
    request = nominate(login("tokatsu"), *names).ok()
    deputy.get("/api/v1/users").refused(403, "policy.power")
    chief = login("saiko")
    assert grant(chief, request).ok()["state"] == "in_force"
    told = {"tokatsu", "kacho", "kanri"}  # 統括・責任者 (decide.central, decide.division), 管理者 (decide.section), 情報管理者 (decide.system)
    for name in told:
        assert request["id"] in [i["id"] for i in login(name).get("/api/v1/approvals?box=notified").ok()["items"]], name
    # The holder is here: nothing is held for him.
    assert elevation(deputy)["asked"] is False
    deputy.get("/api/v1/users").refused(403, "policy.power")
    holder.delete("/api/v1/session").ok()
    state = elevation(deputy)
    assert state["asked"] and state["deputy_for"] == [holder.session["user"]["name"]] and "users.manage" in state["powers"]
    assert "keys.manage" not in deputy.get("/api/v1/session").ok()["user"]["powers"], "privileged powers only"
    deputy.get("/api/v1/users").refused(403, "policy.not_elevated")
    begin(deputy).ok()
    deputy.get("/api/v1/users").ok()
    listed = login("kansa").get("/api/v1/privileges").ok()["deputies"]
    assert next(d for d in listed if d["approval_id"] == request["id"])["in_force"] is True
    # He comes back: at the next request it is over.
    back = login(names[1])
    deputy.get("/api/v1/users").refused(403, "policy.power")
    back.delete("/api/v1/session").ok()
    deputy.get("/api/v1/users").ok()
    assert chief.post(f"/api/v1/approvals/{request['id']}/revoke", {"reason": "もう要らないため"}).ok()["state"] == "revoked"
    deputy.get("/api/v1/users").refused(403, "policy.power")
    assert request["id"] not in [d["approval_id"] for d in login("kansa").get("/api/v1/privileges").ok()["deputies"]]


def test_deputies_are_nominated_and_recognised_by_others(maker, login, person):
    _, holder = person()
    _, other = person(["shokuin"])
    name, deputy = (c.session["user"]["login"] for c in (holder, other))
    nominator = login("tokatsu")
    problem = nominate(login("hanako"), deputy, name).refused(403, "approvals.not_asking")
    assert problem["clause"] == "11(2)ア(ウ)b"
    assert nominate(nominator, name, name).refused(403, "privileges.deputy_same")["clause"] == "11(2)ア(ウ)b"
    nominate(nominator, deputy, "hanako").refused(403, "privileges.no_principal")
    assert nominate(nominator, "tokatsu", name).refused(403, "privileges.deputy_own")["clause"] == "6(8)ア"
    assert nominate(nominator, "saiko", name).refused(403, "privileges.deputy_signs")["clause"] == "6(8)ア"
    take(maker, "C-3,gaichu3,外注 三,税務課,職員,委託先の人\r\n")
    assert nominate(nominator, "gaichu3", name).refused(403, "privileges.deputy_contractor")["clause"] == "11(2)ア(ウ)d"
    nominate(nominator, deputy, name, ends_at=None).refused(400, "approvals.period")
    request = nominate(nominator, deputy, name).ok()
    grant(nominator, request).refused(403)
    grant(other, request).refused(403)
    grant(holder, request).refused(403)
    other.get("/api/v1/users").refused(403, "policy.power")


def test_deputies_do_not_sign_for_what_their_holder_asks(login, person):
    """The shared deputy: whoever stands in for the requester is the requester."""
    _, holder = person()
    request = nominate(login("tokatsu"), "kacho", holder.session["user"]["login"]).ok()
    grant(login("saiko"), request).ok()
    asked = holder.post("/api/v1/approvals", carry_out()).ok()
    problem = grant(login("kacho"), asked).refused(403, "approvals.separation")
    assert problem["clause"] == "6(8)ア"
    login("saiko").post(f"/api/v1/approvals/{request['id']}/revoke", {"reason": "試験の終わり"}).ok()
    assert grant(login("kacho"), asked).ok()["state"] == "in_force"


def test_deputies_come_and_go_with_their_days(login, person):
    _, holder = person()
    _, deputy = person(["shokuin"])
    request = nominate(login("tokatsu"), deputy.session["user"]["login"], holder.session["user"]["login"], starts_at=later(1)).ok()
    assert grant(login("saiko"), request).ok()["state"] == "granted"
    holder.delete("/api/v1/session").ok()
    assert elevation(deputy)["asked"] is False
    deputy.get("/api/v1/users").refused(403, "policy.power")
