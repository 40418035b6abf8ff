"""Requests and signatures over HTTP: who asks never signs, by whatever way he comes."""
import sqlite3

import pytest
from sekisho import PASSWORD, wait_until
from shiken import carry_out, later

KEYED = {"kind": "software", "fields": {"software": "表計算 3.1", "device": "端末12", "licence": "台帳で管理"}, "reason": "集計の事務に要るため", "submit": True}


def asked(client, **more):
    return client.post("/api/v1/approvals", {**carry_out(), **more}).ok()


def grant(client, request, **more):
    return client.post(f"/api/v1/approvals/{request['id']}/grant", {"content_hash": request["content_hash"], **more})


def test_approvals_approver_in_the_body_is_refused(manager):
    own = asked(manager)
    for extra in ({"approver": "x"}, {"approver_id": manager.session["user"]["id"]}, {"person": "x"}, {"account_id": "x"}, {"on_behalf": "x"}, {"slot": 0}):
        grant(manager, own, **extra).refused(400)
    problem = grant(manager, own).refused(403, "approvals.separation")
    assert problem["clause"] == "6(8)ア"


def test_approvals_requester_is_not_named_in_the_body_either(staff, manager):
    staff.post("/api/v1/approvals", {**carry_out(), "requester": manager.session["user"]["id"]}).refused(400)


def test_approvals_own_request_is_not_signed_by_an_api_key(server, admin):
    """The system's manager decides for systems and holds keys; his key is himself, and no key decides anything at all."""
    key = admin.post("/api/v1/keys", {"name": "承認の試験"}).ok()
    program = server.client(key=key["secret"])
    own = admin.post("/api/v1/approvals", {**KEYED, "ends_at": later(30)}).ok()
    grant(program, own).refused(403, "approvals.session_only")
    grant(admin, own).refused(403, "approvals.separation")
    admin.delete(f"/api/v1/keys/{key['id']}").ok()


def test_approvals_minor_change_after_a_signature_voids_it(staff, tokatsu, admin):
    request = staff.post("/api/v1/approvals", {**KEYED, "ends_at": later(30)}).ok()
    assert grant(tokatsu, request).ok()["state"] == "submitted"
    bumped = {"fields": {**KEYED["fields"], "software": "表計算 3.1.1"}, "reason": KEYED["reason"], "ends_at": later(30)}
    assert staff.patch(f"/api/v1/approvals/{request['id']}", bumped).ok()["state"] == "draft"
    again = staff.post(f"/api/v1/approvals/{request['id']}/submit").ok()
    assert all(slot["open"] for slot in again["slots"])
    grant(admin, request).refused(409, "approvals.changed")
    assert grant(admin, again).ok()["state"] == "submitted"
    assert grant(tokatsu, again).ok()["state"] == "in_force"
    staff.patch(f"/api/v1/approvals/{request['id']}", bumped).refused(409, "approvals.settled")


def test_approvals_other_section_and_strangers_find_nothing(staff, other, other_manager):
    request = asked(staff)
    grant(other_manager, request).refused(404, "approvals.not_found")
    other.get(f"/api/v1/approvals/{request['id']}").refused(404, "approvals.not_found")
    assert request["id"] not in [i["id"] for i in other_manager.get("/api/v1/approvals?box=rule").ok()["items"]]


def test_approvals_auditor_sees_all_and_others_do_not(staff, kansa):
    request = asked(staff)
    assert request["id"] in [i["id"] for i in kansa.get("/api/v1/approvals?box=all").ok()["items"]]
    assert kansa.get(f"/api/v1/approvals/{request['id']}").ok()["can"] == []
    problem = staff.get("/api/v1/approvals?box=all").refused(403, "approvals.auditors")
    assert problem["who_can_permit"] == "監査"


def test_approvals_pages_go_on_where_they_ended(staff):
    made = [asked(staff)["id"] for _ in range(5)]
    seen, after = [], ""
    while True:
        page = staff.get(f"/api/v1/approvals?box=mine&limit=2{after}").ok()
        seen += [i["id"] for i in page["items"]]
        if not page["next"]:
            break
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen)) and [i for i in seen if i in made] == made[::-1]


def test_approvals_end_by_the_clock_is_written_down_and_told(own_server):
    """The server's own clockwork settles; nobody has to look."""
    client, head = own_server.client(), own_server.client()
    client.login("hanako").ok()
    head.login("kacho").ok()
    request = client.post("/api/v1/approvals", {**carry_out(), "ends_at": later(4 / 86400)}).ok()
    grant(head, request).ok()

    def ended():
        view = client.get(f"/api/v1/approvals/{request['id']}").ok()
        return view if any(e["event"] == "expire" for e in view["history"]) else None
    view = wait_until(ended, 20, "the end of the grant")
    assert view["state"] == "expired" and any(n["event"] == "expire" for n in view["notices"])


def test_approvals_row_of_a_ruling_by_the_requester_is_refused_by_the_database(own_server):
    """Somebody with a hand on the data file: the schema still knows that who asks does not sign."""
    client = own_server.client()
    client.login("kacho").ok()
    request = client.post("/api/v1/approvals", carry_out()).ok()
    own_server.stop()
    db = sqlite3.connect(own_server.data / "bodies/shiken/body.db")
    db.execute("PRAGMA foreign_keys = ON")
    person, revision = db.execute("SELECT requester_person, revision FROM approval WHERE id = ?", (request["id"],)).fetchone()
    for side in ("rules", "excepted"):
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("INSERT INTO approval_ruling (id, approval_id, revision, content_hash, slot, ruling, person, account_id, name, on_behalf, side, requester_person, several, "
                       "exception_id, note, at) VALUES ('r', ?, ?, 'h', 0, 'grant', ?, 'a', 'n', '', ?, ?, 0, NULL, '', 0)", (request["id"], revision, person, side, person))
            db.commit()
        db.rollback()
    db.close()
    own_server.start()


def test_approvals_stopped_account_decides_nothing(server, admin, staff):
    """A head who is stopped has no session any more, and is no candidate."""
    department = [d for d in admin.get("/api/v1/departments").ok()["items"] if d["code"] == "zeimu"][0]["id"]
    user = admin.post("/api/v1/users", {"login": "hojo", "name": "補助 長", "department_id": department, "roles": ["kanri"], "password": PASSWORD}).ok()["user"]["id"]
    head = server.client()
    head.login("hojo").ok()
    request = asked(staff)
    assert "補助 長" in staff.get(f"/api/v1/approvals/{request['id']}").ok()["slots"][0]["candidates"]
    admin.patch(f"/api/v1/users/{user}", {"enabled": False}).ok()
    grant(head, request).refused(401)
    assert "補助 長" not in staff.get(f"/api/v1/approvals/{request['id']}").ok()["slots"][0]["candidates"]


def test_approvals_are_listed_and_shown_by_command(own_server):
    client = own_server.client()
    client.login("hanako").ok()
    request = client.post("/api/v1/approvals", carry_out()).ok()
    own_server.stop()
    assert request["id"] in own_server.cli("approval", "list", "--body", "shiken", "--user", "kacho", "--box", "rule").stdout
    shown = own_server.cli("approval", "show", "--body", "shiken", "--user", "hanako", "--id", request["id"]).stdout
    assert "端末・媒体・情報資産などの持出し" in shown and "支所での会議に使うため" in shown and "submit" in shown
    other = own_server.cli("approval", "show", "--body", "shiken", "--user", "jiro", "--id", request["id"], check=False)
    assert other.returncode == 1 and "approvals.not_found" in other.stderr
    own_server.start()
