"""Each route once allowed and once denied. The list of routes is the program's own (src/http/routes.cpp): a new one without a row here fails."""
import base64
import re

import pytest
from reach_world import REGISTER
from security_key import App, Key
from sekisho import PASSWORD, ROOT, wait_until
from shiken import PROFILE, carry_out, later

ROUTES = re.findall(r'Route\{"(\w+)", "([^"]+)"', (ROOT / "src/http/routes.cpp").read_text(encoding="utf-8"))
OPEN = {("GET", "/api/v1/bodies"), ("POST", "/api/v1/session"), ("POST", "/api/v1/session/turn")}  # before login
# Signed-in people without any power may still do these (their own session, the streams they own, the service's state).
NO_POWER_NEEDED = {"/api/v1/session", "/api/v1/session/lock", "/api/v1/session/password", "/api/v1/session/password/check", "/api/v1/sessions",
                   "/api/v1/sessions/{id}", "/api/v1/sessions/end-others", "/api/v1/streams/{id}", "/api/v1/streams/{id}/stop", "/api/v1/status", "/api/v1/profile",
                   "/api/v1/session/second-factor", "/api/v1/session/second-factor/challenge", "/api/v1/factors", "/api/v1/factors/totp", "/api/v1/factors/totp/{id}",
                   "/api/v1/factors/keys", "/api/v1/factors/keys/confirm", "/api/v1/factors/{id}/stop", "/api/v1/elevation/end", "/api/v1/policies/coverage/own",
                   "/api/v1/policies/public", "/api/v1/policies/public/{document}", "/api/v1/policies/public/{document}/file",
                   "/api/v1/session/mail", "/api/v1/policies/readings", "/api/v1/policies/readings/state", "/api/v1/policies/readings/{document}", "/api/v1/policies/readings/{document}/acknowledgement",
                   "/api/v1/policies/readings/{document}/consent", ("GET", "/api/v1/policies/readings/{document}/questions")}
ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"  # well formed, nobody's

# What to send where a body is needed to get as far as the decision.
BODIES = {
    ("PUT", "/api/v1/session/password"): {"current": "a" * 12, "next": "b" * 12},
    ("POST", "/api/v1/session/password/check"): {"next": "b" * 12},
    ("POST", "/api/v1/users/{id}/unlock"): {"identity_check": "x"},
    ("POST", "/api/v1/users/{id}/review"): {"decision": "keep", "reason": "x"},
    ("POST", "/api/v1/session/second-factor"): {"kind": "totp", "code": "x"},
    ("POST", "/api/v1/factors/totp"): {"password": "x", "name": "x"},
    ("POST", "/api/v1/factors/totp/{id}"): {"code": "x"},
    ("POST", "/api/v1/factors/keys"): {"password": "x", "name": "x"},
    ("POST", "/api/v1/factors/keys/confirm"): {"client_data": "", "attestation_object": ""},
    ("POST", "/api/v1/factors/recovery-codes"): {"password": "x"},
    ("POST", "/api/v1/factors/{id}/stop"): {"password": "x"},
    ("POST", "/api/v1/factors/{id}/remove"): {"password": "x"},
    ("POST", "/api/v1/users/{id}/factors/reset"): {"identity_check": "x"},
    ("POST", "/api/v1/collections"): {"name": "x", "description": "", "confidentiality": 1, "readers": "all"},
    ("POST", "/api/v1/documents/{id}/encoding"): {"encoding": "CP932"},
    ("POST", "/api/v1/documents/{id}/class"): {"confidentiality": 2, "reason": "x"},
    ("POST", "/api/v1/documents/{id}/raise"): {"confidentiality": 3},
    ("POST", "/api/v1/collections/{id}/lowering"): {"confidentiality": 1, "reason": "公表した資料のため"},
    ("POST", "/api/v1/collections/{id}/choice"): {"confidentiality": 1, "reason": "体系が変わったため"},
    ("POST", "/api/v1/documents/{id}/choice"): {"confidentiality": 1, "reason": "体系が変わったため"},
    ("POST", "/api/v1/documents/{id}/lowering"): {"confidentiality": 1, "reason": "公表した資料のため"},
    ("POST", "/api/v1/search"): {"query": "税", "collections": [], "limit": 1},
    ("POST", "/api/v1/chats"): {"title": "", "collections": [], "endpoint": None},
    ("PATCH", "/api/v1/chats/{id}"): {"title": "x"},
    ("POST", "/api/v1/chats/{id}/messages"): {"text": "x", "parent_id": None, "regenerate_of": None},
    ("POST", "/api/v1/endpoints"): {"name": "x", "protocol": "openai", "url": "http://127.0.0.1:9/v1", "model": "m", "ceiling": 1, "segments": []},
    ("PATCH", "/api/v1/endpoints/{id}"): {"name": "x"},
    ("POST", "/api/v1/users"): {"login": "x", "name": "x", "department_id": ID, "roles": []},
    ("PATCH", "/api/v1/users/{id}"): {"name": "x"},
    ("POST", "/api/v1/keys"): {"name": "x"},
    ("POST", "/api/v1/organisation/versions"): {"document": PROFILE, "note": "x"},
    ("POST", "/api/v1/staff/preview"): {"content": ""},
    ("POST", "/api/v1/staff/import"): {"content": ""},
    ("POST", "/api/v1/appointments"): {"user_id": ID, "department_id": ID, "role": None, "kind": "main", "from": "2026-04-01", "basis": "x"},
    ("POST", "/api/v1/policies"): {"name": "x.txt", "content": "eA=="},
    ("POST", "/api/v1/policies/compare"): {"before": ID, "after": ID},
    ("POST", "/api/v1/policies/oscal"): {"name": "x.json", "content": "e30="},
    ("POST", "/api/v1/policies/oscal/preview"): {"name": "x.json", "content": "e30="},
    ("POST", "/api/v1/policies/versions/{version}/table"): {"name": "x.csv", "content": "eA=="},
    ("POST", "/api/v1/policies/versions/{version}/table/preview"): {"name": "x.csv", "content": "eA=="},
    ("POST", "/api/v1/policies/compare/file"): {"before": ID, "after": ID, "format": "html"},
    ("POST", "/api/v1/policies/versions/{version}/repairs/{repair}"): {"state": "confirmed"},
    ("PATCH", "/api/v1/policies/versions/{version}/clauses/{clause}"): {"title": "x"},
    ("POST", "/api/v1/policies/compare/amendment"): {"before": ID, "after": ID},
    ("POST", "/api/v1/policies/versions/{version}/clauses"): {"after": ID, "text": "x"},
    ("POST", "/api/v1/policies/versions/{version}/clauses/{clause}/move"): {"after": ID},
    ("POST", "/api/v1/policies/versions/{version}/state"): {"to": "opinions"},
    ("POST", "/api/v1/policies/versions/{version}/declare"): {"effective_on": "2026-04-01", "decision": "x"},
    ("POST", "/api/v1/policies/versions/{version}/opinions"): {"content": "x"},
    ("POST", "/api/v1/policies/opinions/{opinion}"): {"adopted": True, "answer": "x"},
    ("POST", "/api/v1/policies/documents/{document}/amendments"): {"reason": "x"},
    ("POST", "/api/v1/policies/documents/{document}/withheld/{clause}"): {"reason": "x"},
    ("POST", "/api/v1/office/definitions"): {"source": "x"},
    ("POST", "/api/v1/office/definitions/check"): {"source": "x"},
    ("POST", "/api/v1/office/cases/{id}/drafts"): {"field": "what"},
    ("PUT", "/api/v1/session/mail"): {"address": None},
    ("PUT", "/api/v1/mail/boxes"): {"login": "x", "address": "x@y"},
    ("PUT", "/api/v1/mail/rule"): {"opt_out": True},
    ("POST", "/api/v1/office/definitions/{definition}/cases"): {"fields": {}},
    ("POST", "/api/v1/office/definitions/{definition}/import/preview"): {"name": "x.csv", "content": "d2hhdAo="},
    ("POST", "/api/v1/office/definitions/{definition}/import"): {"name": "x.csv", "content": "d2hhdAo="},
    ("PATCH", "/api/v1/office/cases/{id}"): {"hash": "x", "fields": {}},
    ("POST", "/api/v1/office/cases/{id}/moves/{transition}"): {"hash": "x"},
    ("POST", "/api/v1/office/cases/{id}/comments"): {"text": "x"},
    ("POST", "/api/v1/office/cases/{id}/participants"): {"login": "x"},
    ("POST", "/api/v1/office/cases/{id}/links"): {"other": ID},
    ("POST", "/api/v1/office/cases/{id}/attachments"): {"field": "x", "name": "x", "content": "eA=="},
    ("POST", "/api/v1/policies/readings/{document}/acknowledgement"): {"version": ID, "sha256": "x"},
    ("POST", "/api/v1/policies/readings/{document}/consent"): {"version": ID, "sha256": "x"},
    ("POST", "/api/v1/policies/readings/{document}/questions"): {"version": ID, "question": "x"},
    ("PUT", "/api/v1/policies/readings/rule"): {"before_ai": False, "grace_days": 14},
    ("POST", "/api/v1/policies/coverage/evidence"): {"control": "training_yearly", "what": "x", "date": "2026-04-01"},
    ("POST", "/api/v1/policies/coverage/evidence/{id}/withdraw"): {"reason": "x"},
    ("POST", "/api/v1/policies/coverage/gaps/{id}/close"): {"reason": "x"},
    ("POST", "/api/v1/policies/versions/{version}/meanings"): {"items": [{"clause": ID, "hash": "x", "state": "confirmed"}]},
    ("POST", "/api/v1/policies/guideline"): {"version": ID, "clause": ID, "item": "基1-1", "state": "confirmed"},
    ("POST", "/api/v1/services"): {"provider": "x", "name": "x", "ceiling": 1, "approved_by": "x", "approval": "x"},
    ("POST", "/api/v1/services/{id}/end"): {"reason": "x"},
    ("PUT", "/api/v1/switches"): {"outside_networks": "", "private_networks": "", "training": []},
    ("POST", "/api/v1/flows"): {"from_segment": "lgwan", "to_endpoint": ID, "purpose": "x", "content": ["text"], "permitted_by": "x"},
    ("POST", "/api/v1/flows/{id}/end"): {"reason": "x"},
    ("PUT", "/api/v1/usage/budgets"): {"scope": "body", "monthly": 1},
    ("POST", "/api/v1/log/questions"): {"words": "x"},
    ("POST", "/api/v1/log/questions/export"): {"format": "csv"},
    ("POST", "/api/v1/alarms/{id}/confirm"): {"finding": "x"},
    ("POST", "/api/v1/reviews/{period}/entries"): {"kind": "burst", "person": "x", "basis": "x"},
    ("POST", "/api/v1/reviews/{period}/conclude"): {"conclusion": "x"},
    ("PUT", "/api/v1/retention/rules"): {"kind": "content", "months": 12},
    ("POST", "/api/v1/retention/holds"): {"incident": "", "reason": "x"},
    ("POST", "/api/v1/retention/holds/{id}/release"): {"reason": "x"},
    ("POST", "/api/v1/disposals"): {"scope": "chat", "target": ID, "what": "x", "reason": "経路の試験のため"},
    ("POST", "/api/v1/stops"): {"kind": "uploads", "basis": "ordered", "basis_by": "x", "reason": "x"},
    ("POST", "/api/v1/stops/{id}/release"): {"reason": "x"},
    ("POST", "/api/v1/guards/check"): {"text": "x"},
    ("PUT", "/api/v1/guards/rules"): {"rules": []},
    ("PATCH", "/api/v1/guards/words"): {},
    ("PUT", "/api/v1/guards/words"): {"csv_base64": "44GC44GE", "dry_run": True},
    ("POST", "/api/v1/approvals"): {"kind": "carry_out"},
    ("POST", "/api/v1/elevation"): {"minutes": 5, "reason": "経路の試験", "password": "x"},
    ("PATCH", "/api/v1/approvals/{id}"): {"reason": "x"},
    ("POST", "/api/v1/approvals/{id}/grant"): {"content_hash": "x"},
    ("POST", "/api/v1/approvals/{id}/refuse"): {"content_hash": "x", "note": "x"},
    ("POST", "/api/v1/approvals/{id}/return"): {"content_hash": "x", "note": "x"},
    ("POST", "/api/v1/approvals/{id}/revoke"): {"reason": "x"},
    ("POST", "/api/v1/approvals/{id}/override"): {"content_hash": "x", "reason": "x"},
}
QUERIES = {"/api/v1/policies/public/{document}/file": "?format=html", "/api/v1/policies/versions/{version}/table": "?format=csv", "/api/v1/log/proof": "?seq=0", "/api/v1/log/continuation": "?old_size=0", "/api/v1/uploads": f"?collection={ID}", "/api/v1/uploads/{id}/files": "?name=a.txt", "/api/v1/messages/{id}/export": "?format=txt",
           "/api/v1/guards/words/export": "?encoding=utf8", "/api/v1/usage/export": "?by=day"}


def query(method, path):
    """A file is asked for in a form; one that comes says its own."""
    return "" if (method, path) == ("POST", "/api/v1/policies/versions/{version}/table") else QUERIES.get(path, "")


def target(method, path):
    return re.sub(r"\{\w+\}", ID, path) + query(method, path)


def send(client, method, path):
    body = b"x" if path.endswith("/files") else BODIES.get((method, path), {} if method == "POST" else None)
    return client.call(method, target(method, path), body)


def test_routes_are_all_found():
    assert len(ROUTES) >= 45 and len(set(ROUTES)) == len(ROUTES)


@pytest.mark.parametrize("method,path", [r for r in ROUTES if r not in OPEN], ids=lambda v: v)
def test_routes_without_session_are_refused(server, method, path):
    send(server.client(), method, path).refused(401)


@pytest.mark.parametrize("method,path", [r for r in ROUTES if r not in OPEN and r not in NO_POWER_NEEDED and r[1] not in NO_POWER_NEEDED], ids=lambda v: v)
def test_routes_without_the_power_are_denied_with_the_clause(powerless, method, path):
    problem = send(powerless, method, path).refused(403)
    assert problem["clause"] and problem["who_can_permit"], problem


@pytest.mark.parametrize("method,path", [r for r in ROUTES if "{" in r[1]], ids=lambda v: v)
def test_routes_with_an_unknown_id_find_nothing(admin, tokatsu, method, path):
    answer = send(tokatsu if path.startswith("/api/v1/retention/") or path.endswith("/conclude") else admin, method, path)
    if (method, path) == ("GET", "/api/v1/collections/{collection_id}/documents") and answer.status == 200:
        assert answer.json["items"] == []
    elif path == "/api/v1/factors/{id}/remove":
        answer.refused(403, "policy.second_factor")  # asked of everybody, before anything is looked up
    else:
        answer.refused(404)


@pytest.mark.parametrize("method,path", [r for r in ROUTES if "{" in r[1]], ids=lambda v: v)
def test_routes_with_a_malformed_id_are_refused(admin, method, path):
    body = b"x" if path.endswith("/files") else BODIES.get((method, path), {} if method == "POST" else None)
    answer = admin.call(method, re.sub(r"\{\w+\}", "..%2f..%2fetc", path) + query(method, path), body)
    assert answer.status in (400, 404), answer.status


@pytest.mark.parametrize("method,path", [r for r in ROUTES if r[0] in ("POST", "PATCH") and r in BODIES], ids=lambda v: v)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"a":' * 200, b'{"no_such_member":1}', b"[" * 100_000], ids=range(8))
def test_routes_refuse_wrong_bodies_clearly(admin, method, path, body):
    answer = admin.call(method, target(method, path), body, headers={"Content-Type": "application/json"})
    if not (body == b"" and answer.status in (404, 200)):  # an object whose members are all optional
        answer.refused(400)


def test_routes_unknown_paths_and_methods_are_refused(admin):
    admin.get("/api/v1/no-such-thing").refused(404, "http.not_found")
    admin.call("DELETE", "/api/v1/status").refused(400, "http.method")
    admin.call("PATCH", "/no-such-thing", b"").refused(404)


# --- allowed ------------------------------------------------------------------------------------------------------------------

ALLOWED = set()


def allowed(method, path):
    ALLOWED.add((method, path))


def test_routes_session_allowed(server):
    client = server.client()
    client.login("hanako").ok()
    client.get("/api/v1/session").ok()
    client.get("/api/v1/bodies").ok()
    client.delete("/api/v1/session").ok()
    for route in [("POST", "/api/v1/session"), ("GET", "/api/v1/session"), ("DELETE", "/api/v1/session"), ("GET", "/api/v1/bodies")]:
        allowed(*route)


def test_routes_own_sessions_allowed(server, admin):
    """POST /api/v1/session/turn is allowed in test_accounts.py, where logins wait; here its ticket is nobody's. She is nobody else: the sessions
    of the shared people must not end."""
    unit = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    admin.post("/api/v1/users", {"login": "hitori", "name": "一人 花", "department_id": unit, "roles": ["shokuin"], "clearance": 1, "password": PASSWORD}).ok()
    first = server.client()
    first.login("hitori").ok()
    first.put("/api/v1/session/password", {"current": PASSWORD, "next": PASSWORD + "h"}).ok()
    client, other, third = (server.client() for _ in range(3))
    for c in (client, other, third):
        c.login("hitori", PASSWORD + "h").ok()
    items = client.get("/api/v1/sessions").ok()["items"]
    assert [i["current"] for i in items].count(True) == 1 and len(items) >= 3
    client.delete(f"/api/v1/sessions/{[i for i in items if not i['current']][0]['id']}").ok()
    client.post("/api/v1/sessions/end-others").ok()
    assert len(client.get("/api/v1/sessions").ok()["items"]) == 1
    client.post("/api/v1/session/password/check", {"next": "atarashii-kagi-9"}).ok()
    client.post("/api/v1/session/lock").ok()
    client.get("/api/v1/session").refused(401)
    server.client().post("/api/v1/session/turn", {"ticket": "x"}).refused(401, "accounts.turn_over")
    for route in [r for r in ROUTES if r[1].startswith("/api/v1/sessions")] + [("POST", "/api/v1/session/password/check"), ("POST", "/api/v1/session/lock"),
                                                                               ("POST", "/api/v1/session/turn")]:
        allowed(*route)


def test_routes_log_allowed(admin, server):
    head = wait_until(lambda: (lambda a: a.json if a.status == 200 else None)(admin.get("/api/v1/log/head")), seconds=90, what="a signed head")
    assert head["origin"] == "sekisho/shiken" and head["checkpoint"].startswith(f"sekisho/shiken\n{head['size']}\n")
    assert admin.get("/api/v1/log/proof?seq=3").ok()["proof"].startswith("c2sp.org/tlog-proof@v1\n")
    assert admin.get("/api/v1/log/continuation?old_size=2").ok()["proof"].startswith("old 2\n")
    admin.get("/api/v1/log/proof?seq=2000000000").refused(404, "log.no_leaf")
    admin.get("/api/v1/log/proof?seq=-1").refused(404, "log.no_leaf")
    admin.get("/api/v1/log/proof?seq=x").refused(400)
    admin.get("/api/v1/log/continuation?old_size=2000000000").refused(400, "log.size")
    for path in ("head", "proof", "continuation"):
        allowed("GET", f"/api/v1/log/{path}")


def test_routes_password_allowed(server, admin):
    department = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    admin.post("/api/v1/users", {"login": "routes-pw", "name": "経路 一", "department_id": department, "roles": [], "password": PASSWORD}).ok()
    client = server.client()
    client.login("routes-pw").ok()
    client.put("/api/v1/session/password", {"current": PASSWORD, "next": "atarashii-kagi-9"}).ok()
    allowed("PUT", "/api/v1/session/password")


def test_routes_factors_allowed(server, admin, tmp_path):
    department = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    user = admin.post("/api/v1/users", {"login": "routes-mfa", "name": "経路 四", "department_id": department, "roles": [], "password": PASSWORD}).ok()["user"]["id"]
    client, at_name = server.client(), {"Host": f"localhost:{server.port}"}
    client.login("routes-mfa").ok()
    begun = client.post("/api/v1/factors/totp", {"password": PASSWORD, "name": "電話"}).ok()
    app = App(begun["secret"])
    client.post(f"/api/v1/factors/totp/{begun['id']}", {"code": app.code()}).ok()
    begun = client.post("/api/v1/factors/keys", {"password": PASSWORD, "name": "鍵"}, headers=at_name).ok()
    key = Key(tmp_path, "localhost", f"http://localhost:{server.port}")
    client.post("/api/v1/factors/keys/confirm", key.register(begun), headers=at_name).ok()
    asked = client.post("/api/v1/session/second-factor/challenge", headers=at_name).ok()
    client.post("/api/v1/session/second-factor", key.sign(asked), headers=at_name).ok()
    assert len(client.post("/api/v1/factors/recovery-codes", {"password": PASSWORD}).ok()["codes"]) == 10
    first, second = [f["id"] for f in client.get("/api/v1/factors").ok()["items"]]
    client.post(f"/api/v1/factors/{first}/stop", {"password": PASSWORD}).ok()
    client.post(f"/api/v1/factors/{first}/remove", {"password": PASSWORD}).ok()
    assert [f["id"] for f in admin.get(f"/api/v1/users/{user}/factors").ok()["items"]] == [second]
    admin.post(f"/api/v1/users/{user}/factors/{second}/stop").ok()
    admin.post(f"/api/v1/users/{user}/factors/reset", {"identity_check": "窓口で職員証を見た"}).ok()
    for route in [r for r in ROUTES if re.match(r"/api/v1/(factors|session/second-factor|users/\{id\}/factors)", r[1])]:
        allowed(*route)


def test_routes_library_allowed(manager, second_manager):
    collection = manager.new_collection("経路の試験", readers="department")
    assert collection["readers"] == "税務課" and collection["can_manage"] is True and collection["label"]["c"] == 2
    c = collection["id"]
    assert c in [item["id"] for item in manager.get("/api/v1/collections").ok()["items"]]
    upload = manager.new_upload(c)
    document = manager.put_file(upload, "経路.txt", "経路の試験の本文です。".encode()).ok()["id"]
    assert manager.wait_upload(upload)["state"] == "done"
    assert [u["id"] for u in manager.get(f"/api/v1/uploads?collection={c}").ok()["items"]] == [upload]
    assert manager.get(f"/api/v1/uploads/{upload}").ok()["files"][0]["document_id"] == document
    assert manager.post(f"/api/v1/uploads/{upload}/stop").ok()["state"] == "stopped"
    assert manager.post(f"/api/v1/uploads/{upload}/resume").ok()["state"] == "done"
    manager.wait_ready(document)
    assert [d["id"] for d in manager.get(f"/api/v1/collections/{c}/documents?limit=10").ok()["items"]] == [document]
    assert manager.get(f"/api/v1/documents/{document}").ok()["name"] == "経路.txt"
    assert "本文" in manager.get(f"/api/v1/documents/{document}/text").ok()["sections"][0]["text"]
    content = manager.get(f"/api/v1/documents/{document}/content")
    assert content.body == "経路の試験の本文です。".encode() and content.headers["Content-Disposition"].startswith("attachment")
    assert content.headers["Content-Type"] == "application/octet-stream" and content.headers["X-Content-Type-Options"] == "nosniff"
    unknown = manager.post(f"/api/v1/collections/{c}/uploads", {"class_unknown": True}).ok()["id"]
    waits = manager.put_file(unknown, "分類待ち.txt", "分類の分からない本文です。".encode()).ok()["id"]
    assert waits in [d["id"] for d in second_manager.get("/api/v1/unruled").ok()["items"]]
    assert second_manager.post(f"/api/v1/documents/{waits}/class", {"confidentiality": 2, "reason": "内部の事務資料"}).ok()["id"] == waits
    manager.wait_ready(waits)
    assert manager.post(f"/api/v1/documents/{waits}/raise", {"confidentiality": 3}).ok()["label"]["c"] == 3
    assert manager.get(f"/api/v1/documents/{document}/lowering").ok()["label"]["c"] == 2
    manager.post(f"/api/v1/documents/{document}/lowering", {"confidentiality": 1, "reason": "公表した資料のため"}).ok()
    assert manager.get(f"/api/v1/collections/{c}/lowering").ok()["documents"] == 1
    manager.post(f"/api/v1/collections/{c}/lowering", {"confidentiality": 1, "reason": "公表した資料のため"}).ok()
    for waits_not in (f"collections/{c}", f"documents/{document}"):  # what waits for a choice: test_schemes.py
        manager.post(f"/api/v1/{waits_not}/choice", {"confidentiality": 1, "reason": "体系が変わったため"}).refused(409, "documents.not_choosing")
    manager.post(f"/api/v1/documents/{document}/encoding", {"encoding": "UTF-8"}).ok()
    manager.wait_ready(document)
    manager.post("/api/v1/search", {"query": "経路", "collections": [c], "limit": 5}).ok()
    manager.delete(f"/api/v1/documents/{document}").ok()
    manager.get(f"/api/v1/documents/{document}").refused(404)
    manager.delete(f"/api/v1/collections/{c}").ok()
    assert c not in [item["id"] for item in manager.get("/api/v1/collections").ok()["items"]]
    for route in [r for r in ROUTES if re.match(r"/api/v1/(collections|documents|uploads|unruled|search)", r[1])]:
        allowed(*route)


def test_routes_privileges_allowed(admin, kansa):
    """POST /api/v1/elevation is allowed in test_privileges.py, under a body that asks for it; this one does without."""
    assert [h["login"] for h in kansa.get("/api/v1/privileges").ok()["holders"]].count("kanri") == 1
    admin.post("/api/v1/elevation", {"minutes": 5, "reason": "経路の試験", "password": PASSWORD}).refused(409, "privileges.not_asked")
    assert admin.post("/api/v1/elevation/end").ok()["id"] is None
    for route in [r for r in ROUTES if re.match(r"/api/v1/(elevation|privileges)", r[1])]:
        allowed(*route)


def test_routes_chat_allowed(staff):
    chat = staff.new_chat(title="経路")
    staff.patch(f"/api/v1/chats/{chat}", {"title": "経路（改）"}).ok()
    events = staff.ask(chat, "転入届はいつまでですか").all()
    assert [events[0].name, events[-1].name] == ["open", "done"]
    stream, message = events[0].data["stream_id"], events[-1].data["message"]["id"]
    assert staff.events("GET", f"/api/v1/streams/{stream}").all() == events
    staff.post(f"/api/v1/streams/{stream}/stop").ok()
    assert staff.get(f"/api/v1/messages/{message}/export?format=txt").status == 200
    assert chat in [c["id"] for c in staff.get("/api/v1/chats").ok()["items"]]
    assert staff.get(f"/api/v1/chats/{chat}").ok()["chat"]["title"] == "経路（改）"
    staff.delete(f"/api/v1/chats/{chat}").ok()
    staff.get(f"/api/v1/chats/{chat}").refused(404, "chat.not_found")
    for route in [r for r in ROUTES if re.match(r"/api/v1/(chats|streams|messages)", r[1])]:
        allowed(*route)


def test_routes_guards_allowed(staff, admin):
    staff.post("/api/v1/guards/check", {"text": "転入届の期限は"}).ok()
    assert staff.get("/api/v1/guards/rules").ok()["standard"]
    admin.put("/api/v1/guards/rules", {"rules": []}).ok()
    admin.patch("/api/v1/guards/words", {"add": [{"word": "経路の試験語", "note": ""}]}).ok()
    assert admin.get("/api/v1/guards/words").ok()["total"] >= 1
    admin.get("/api/v1/guards/words/export?encoding=cp932").ok()
    admin.put("/api/v1/guards/words", {"csv_base64": "44GC44GE", "dry_run": True}).ok()
    admin.patch("/api/v1/guards/words", {"remove": ["経路の試験語"]}).ok()
    for route in [("POST", "/api/v1/guards/check"), ("GET", "/api/v1/guards/rules"), ("PUT", "/api/v1/guards/rules"), ("GET", "/api/v1/guards/words"),
                  ("PATCH", "/api/v1/guards/words"), ("PUT", "/api/v1/guards/words"), ("GET", "/api/v1/guards/words/export")]:
        allowed(*route)


def test_routes_administration_allowed(admin, model):
    endpoint = admin.new_endpoint("経路の接続先", model.url, "ok", api_key="sk-upstream-1", region="日本", governing_law="日本法", approval="経路の承認")
    assert endpoint["approval"] == "経路の承認" and endpoint["service"] in [s["id"] for s in admin.get("/api/v1/services").ok()["items"]]
    assert endpoint["state"] == "usable" and endpoint["has_api_key"] is True and "api_key" not in endpoint
    e = endpoint["id"]
    assert "sk-upstream-1" not in admin.get("/api/v1/endpoints").text
    assert admin.post(f"/api/v1/endpoints/{e}/test").ok()["ok"] is True
    assert model.requests()[-1]["authorization"] == "Bearer sk-upstream-1"
    assert admin.patch(f"/api/v1/endpoints/{e}", {"enabled": False}).ok()["state"] == "disabled"
    flow = next(f for f in admin.get("/api/v1/flows").ok()["items"] if f["to_endpoint"] == e)
    admin.post(f"/api/v1/flows/{flow['id']}/end", {"reason": "経路の試験の終わり"}).ok()
    admin.post(f"/api/v1/services/{endpoint['service']}/end", {"reason": "経路の試験の終わり"}).ok()
    admin.delete(f"/api/v1/endpoints/{e}").ok()
    department = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    assert {"code": "shokuin", "name": "職員"} in admin.get("/api/v1/roles").ok()["items"]
    assert admin.get("/api/v1/departments/names").ok()["items"] and admin.get("/api/v1/people").ok()["items"]
    allowed("GET", "/api/v1/people")
    made = admin.post("/api/v1/users", {"login": "routes-user", "name": "経路 二", "department_id": department, "roles": ["shokuin"]}).ok()
    user = made["user"]["id"]
    assert user in [u["id"] for u in admin.get("/api/v1/users").ok()["items"]]
    assert admin.patch(f"/api/v1/users/{user}", {"name": "経路 三"}).ok()["name"] == "経路 三"
    assert admin.post(f"/api/v1/users/{user}/password").ok()["password"] != made["password"]
    assert admin.post(f"/api/v1/users/{user}/unlock", {"identity_check": "名札"}).ok()["locked_until"] is None
    assert admin.get("/api/v1/users/unused?days=3650").ok()["items"] == []
    assert admin.post(f"/api/v1/users/{user}/review", {"decision": "keep", "reason": "試験"}).ok()["enabled"] is True
    key = admin.post("/api/v1/keys", {"name": "経路の鍵"}).ok()
    assert key["secret"].startswith("sk-shiken-")
    listed = admin.get("/api/v1/keys")
    assert key["secret"] not in listed.text and key["id"] in [k["id"] for k in listed.ok()["items"]]
    admin.delete(f"/api/v1/keys/{key['id']}").ok()
    status = admin.get("/api/v1/status").ok()
    assert status["log"]["size"] > 0 and status["version"]
    assert admin.put("/api/v1/switches", {"outside_networks": "", "private_networks": "", "training": []}).ok()["training"] == admin.get("/api/v1/switches").ok()["wish"]["training"] == []
    for route in [r for r in ROUTES if "/factors" not in r[1] and re.match(r"/api/v1/(endpoints|services|switches|flows|users|departments|roles|keys|status)", r[1])]:
        allowed(*route)


def test_routes_usage_allowed(staff, admin):
    assert staff.get("/api/v1/usage/own").ok()["characters"] >= 0
    assert admin.get("/api/v1/usage").ok()["budget"] == 1_000_000_000
    admin.get("/api/v1/usage/people").ok()
    assert admin.get("/api/v1/usage/export?by=department").ok()["name"].endswith("-department.csv")
    assert admin.put("/api/v1/usage/budgets", {"scope": "body", "monthly": 6_000_000}).ok()["items"][0]["monthly"] == 6_000_000
    admin.put("/api/v1/usage/budgets", {"scope": "body"}).ok()
    assert admin.get("/api/v1/usage/budgets").ok()["items"][0]["is_default"] is True
    for route in [r for r in ROUTES if r[1].startswith("/api/v1/usage")]:
        allowed(*route)


def test_routes_log_allowed(admin):
    admin.post("/api/v1/log/questions", {"limit": 1}).ok()
    admin.post("/api/v1/log/questions/export", {"format": "jsonl", "words": "経路"}).ok()
    assert admin.get("/api/v1/log/people").ok()["people"]
    for route in [r for r in ROUTES if r[1].startswith("/api/v1/log")]:
        allowed(*route)


def test_routes_alarms_allowed(admin, tokatsu):
    assert tokatsu.get("/api/v1/alarms").ok() == admin.get("/api/v1/alarms").ok()
    admin.post(f"/api/v1/alarms/{ID}/confirm", {"finding": "経路の試験"}).refused(404, "alarms.not_found")  # confirming one: test_alarms.py
    for route in [r for r in ROUTES if r[1].startswith("/api/v1/alarms")]:
        allowed(*route)


def test_routes_reviews_allowed(admin, tokatsu):
    assert admin.get("/api/v1/reviews").ok()["items"] == []  # a month has to pass: test_reviews.py
    for answer in (admin.get("/api/v1/reviews/2020-01"), admin.get("/api/v1/reviews/2020-01/export"), tokatsu.post("/api/v1/reviews/2020-01/conclude", {"conclusion": "x"}),
                   admin.post("/api/v1/reviews/2020-01/entries", {"kind": "burst", "person": "x", "basis": "x"})):
        answer.refused(404, "reviews.not_found")
    for route in [r for r in ROUTES if r[1].startswith("/api/v1/reviews")]:
        allowed(*route)


def test_routes_retention_allowed(admin, tokatsu):
    assert admin.get("/api/v1/retention").ok()["least_months"] == 1
    tokatsu.put("/api/v1/retention/rules", {"kind": "acts", "months": 60}).ok()
    tokatsu.put("/api/v1/retention/rules", {"kind": "acts"}).ok()
    hold = admin.post("/api/v1/retention/holds", {"incident": "経路の試験", "reason": "試験"}).ok()["holds"][0]["id"]
    tokatsu.post(f"/api/v1/retention/holds/{hold}/release", {"reason": "試験の終わり"}).ok()
    for route in [r for r in ROUTES if r[1].startswith("/api/v1/retention")]:
        allowed(*route)


def test_routes_backup_allowed(admin):
    assert admin.get("/api/v1/backups").ok()["made"] is False
    allowed("GET", "/api/v1/backups")


def test_routes_disposal_allowed(staff, manager):
    chat = staff.new_chat(title="経路の試験")
    made = staff.post("/api/v1/disposals", {"scope": "chat", "target": chat, "what": "経路の試験の会話", "reason": "経路の試験のため"}).ok()
    assert made["id"] in [d["id"] for d in staff.get("/api/v1/disposals").ok()["items"]]
    request = manager.get(f"/api/v1/approvals/{made['approval']}").ok()
    manager.post(f"/api/v1/approvals/{request['id']}/grant", {"content_hash": request["content_hash"]}).ok()
    wait_until(lambda: staff.get(f"/api/v1/disposals/{made['id']}").ok()["disposal"]["state"] == "certified", 60, "certificate")
    assert staff.get(f"/api/v1/disposals/{made['id']}/certificate").ok()["number"] == 1
    for route in [r for r in ROUTES if r[1].startswith("/api/v1/disposals")]:
        allowed(*route)


def test_routes_stops_allowed(admin):
    made = admin.post("/api/v1/stops", {"kind": "exports", "basis": "ordered", "basis_by": "CISO", "reason": "経路の試験"}).ok()
    assert [s["id"] for s in admin.get("/api/v1/stops").ok()["items"]] == [made["id"]]
    admin.post(f"/api/v1/stops/{made['id']}/release", {"reason": "経路の試験の終わり"}).ok()
    assert admin.get("/api/v1/stops").ok()["items"] == []
    for route in [r for r in ROUTES if r[1].startswith("/api/v1/stops")]:
        allowed(*route)


def test_routes_approvals_allowed(staff, manager, tokatsu):
    kinds = {k["key"]: k for k in staff.get("/api/v1/approval-kinds").ok()["items"]}
    assert kinds["carry_out"]["may_ask"] and kinds["carry_out"]["clauses"][0] == "10(1)ア(ウ)b" and not kinds["exchange"]["may_ask"]
    made = staff.post("/api/v1/approvals", carry_out(submit=False)).ok()
    a = made["id"]
    assert made["state"] == "draft" and {"edit", "submit", "withdraw"} <= set(made["can"])
    assert staff.patch(f"/api/v1/approvals/{a}", {k: v for k, v in carry_out(reason="会議に持って行くため").items() if k not in ("kind", "submit")}).ok()["reason"] == "会議に持って行くため"
    sent = staff.post(f"/api/v1/approvals/{a}/submit").ok()
    assert a in [i["id"] for i in manager.get("/api/v1/approvals?box=rule").ok()["items"]]
    returned = manager.post(f"/api/v1/approvals/{a}/return", {"content_hash": sent["content_hash"], "note": "持出し先を詳しく"}).ok()
    assert returned["state"] == "returned"
    again = staff.post(f"/api/v1/approvals/{a}/submit").ok()
    granted = manager.post(f"/api/v1/approvals/{a}/grant", {"content_hash": again["content_hash"], "note": "施錠すること"}).ok()
    assert granted["state"] == "in_force" and granted["slots"][0]["conditions"] == "施錠すること"
    staff.post(f"/api/v1/approvals/{a}/see").ok()
    assert staff.get(f"/api/v1/approvals/{a}").ok()["notices"][-1]["seen"][0]["name"]
    assert manager.post(f"/api/v1/approvals/{a}/revoke", {"reason": "会議がなくなったため"}).ok()["state"] == "revoked"
    other = staff.post("/api/v1/approvals", carry_out()).ok()
    assert manager.post(f"/api/v1/approvals/{other['id']}/refuse", {"content_hash": other["content_hash"], "note": "必要がないため"}).ok()["state"] == "refused"
    third = staff.post("/api/v1/approvals", carry_out()).ok()
    assert staff.post(f"/api/v1/approvals/{third['id']}/finish").ok()["state"] == "withdrawn"
    # The only person who decides for the whole office asks himself: nobody else can sign, so the exception is open, and is told of.
    own = tokatsu.post("/api/v1/approvals", {"kind": "terminal", "fields": {"device": "端末7", "network": "庁内"}, "reason": "故障した端末の代わり", "ends_at": later(30), "submit": True}).ok()
    tokatsu.post(f"/api/v1/approvals/{own['id']}/grant", {"content_hash": own["content_hash"]}).refused(403, "approvals.separation")
    excepted = tokatsu.post(f"/api/v1/approvals/{own['id']}/override", {"content_hash": own["content_hash"], "reason": "統括が一人しかおらず、窓口が止まっているため"}).ok()
    assert excepted["state"] == "in_force" and excepted["slots"][0]["exception"] is True and "監査" in [n["to"] for n in excepted["notices"] if n["event"] == "exception"]
    for route in [r for r in ROUTES if r[1].startswith("/api/v1/approval")]:
        allowed(*route)


def test_routes_organisation_allowed(server, admin):
    assert admin.get("/api/v1/profile").ok()["terms"]["staff"] == "職員"
    assert admin.get("/api/v1/organisation").ok()["document"]["name"] == "試験市"
    number = admin.post("/api/v1/organisation/versions", {"document": PROFILE, "note": "経路"}).ok()["number"]
    assert admin.get(f"/api/v1/organisation/versions/{number}").ok()["changed"] == []
    admin.post(f"/api/v1/organisation/versions/{number}/confirm", {"exception": "経路の試験"}).ok()
    admin.post(f"/api/v1/organisation/versions/{number}/start").ok()
    department = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    user = admin.post("/api/v1/users", {"login": "routes-post", "name": "経路 四", "department_id": department, "roles": []}).ok()["user"]["id"]
    made = admin.post("/api/v1/appointments", {"user_id": user, "department_id": department, "role": "shokuin", "kind": "concurrent", "from": "2026-04-01", "basis": "経路"}).ok()
    assert made["id"] in [a["id"] for a in admin.get("/api/v1/appointments").ok()["items"]]
    admin.post(f"/api/v1/appointments/{made['id']}/end").ok()
    admin.post(f"/api/v1/users/{user}/leave").ok()
    content = base64.b64encode("職員番号,利用者ID,氏名,所属\nR1,routes-list,経路 五,税務課\n".encode()).decode()
    preview = admin.post("/api/v1/staff/preview", {"content": content}).ok()
    assert preview["counts"]["joins"] == 1
    admin.post("/api/v1/staff/import", {"content": content, "expect": preview["plan"]}).ok()
    for route in [r for r in ROUTES if re.match(r"/api/v1/(staff|profile|organisation|appointments|users/{id}/leave)", r[1])]:
        allowed(*route)


def test_routes_policies_allowed(admin):
    made = admin.post("/api/v1/policies", {"name": "x.txt", "content": base64.b64encode("1 甲\n\n(1) 乙\n(1) 丙\n(3) 丁\n".encode()).decode()}).ok()
    where = f"/api/v1/policies/versions/{made['version']}"
    first = admin.get(where).ok()["clauses"][0]
    admin.post(where + "/repairs/0", {"state": "confirmed"}).ok()
    admin.patch(f"{where}/clauses/{first['id']}", {"title": "新しい見出し"}).ok()
    pair = {"before": made["version"], "after": made["version"]}
    admin.post("/api/v1/policies/compare", pair).ok()
    admin.post("/api/v1/policies/compare/file", pair | {"format": "html"}).ok()
    catalog = {"name": "x.json", "content": admin.get(where + "/oscal").ok()["content"], "document": made["document"]}
    for way in ("/api/v1/policies/oscal/preview", "/api/v1/policies/oscal"):
        admin.post(way, catalog).ok()
    table = {"name": "x.csv", "content": admin.get(where + "/table?format=csv").ok()["content"]}
    for way in ("/table/preview", "/table"):
        admin.post(where + way, table).ok()
    one = admin.get(f"{where}/meanings").ok()["items"][0]
    admin.post(f"{where}/meanings", {"items": [{"clause": one["clause"], "hash": one["hash"], "state": "confirmed"}]}).ok()
    assert admin.get("/api/v1/policies/guideline").ok()["topics"]
    admin.post("/api/v1/policies/guideline", {"version": made["version"], "clause": one["clause"], "item": "基1-1", "state": "confirmed"}).ok()
    admin.post("/api/v1/policies/compare/amendment", pair).ok()
    admin.post(where + "/state", {"to": "opinions"}).ok()
    opinion = admin.post(where + "/opinions", {"content": "意見"}).ok()
    admin.post(f"/api/v1/policies/opinions/{opinion['id']}", {"adopted": True, "answer": "直した"}).ok()
    assert admin.get(where + "/opinions").ok()["items"]
    third = admin.get(where).ok()["clauses"][2]["id"]
    admin.post(where + "/clauses", {"after": third, "text": "戊"}).ok()
    admin.post(f"{where}/clauses/{third}/move", {"after": admin.get(where).ok()["clauses"][-1]["id"]}).ok()
    admin.delete(f"{where}/clauses/{third}").ok()
    admin.post(where + "/declare", {"effective_on": "2026-04-01", "decision": "委員会"}).ok()
    of = f"/api/v1/policies/documents/{made['document']}"
    admin.post(of + "/amendments", {"reason": "改めるため"}).ok()
    admin.post(of + "/publication", {}).ok()
    admin.post(f"{of}/withheld/{first['id']}", {"reason": "試験"}).ok()
    admin.delete(f"{of}/withheld/{first['id']}").ok()
    assert admin.get(of + "/history").ok()["items"] and admin.get(of + "/publication").ok()["published"]
    assert admin.get("/api/v1/policies/public").ok()["items"] and admin.get(f"/api/v1/policies/public/{made['document']}").ok()["clauses"]
    admin.get(f"/api/v1/policies/public/{made['document']}/file?format=html").ok()
    admin.delete(of + "/publication").ok()
    readings = "/api/v1/policies/readings"
    assert admin.get(of + "/reading").ok()["shown"] is False and admin.post(of + "/reading").ok()["shown"]
    page = admin.post(f"{readings}/{made['document']}").ok()
    admin.post(f"{readings}/{made['document']}/acknowledgement", {"version": page["reading"]["version"], "sha256": page["sha256"]}).ok()
    admin.post(f"{readings}/{made['document']}/consent", {"version": page["reading"]["version"], "sha256": page["sha256"]}).refused(409, "reading.no_consent")
    assert admin.post(f"{readings}/{made['document']}/questions", {"version": page["reading"]["version"], "question": "倉庫はどこですか"}).ok()["items"]
    assert admin.get(f"{readings}/{made['document']}/questions").ok()["items"]
    admin.put(readings + "/rule", {"before_ai": False, "grace_days": 14}).ok()
    for read in (readings, readings + "/state", readings + "/rule", readings + "/people", readings + "/people/file"):
        admin.get(read).ok()
    admin.delete(of + "/reading").ok()
    assert admin.get("/api/v1/policies").ok()["items"]
    coverage = "/api/v1/policies/coverage"
    evidence = admin.post(coverage + "/evidence", {"control": "training_yearly", "what": "研修", "date": "2026-04-01"}).ok()
    admin.post(f"{coverage}/evidence/{evidence['id']}/withdraw", {"reason": "試験のため"}).ok()
    admin.post(coverage + "/gaps").ok()
    gap = next(g for g in admin.get(coverage).ok()["gaps"] if g["closed_at"] is None)
    admin.post(f"{coverage}/gaps/{gap['id']}/close", {"reason": "試験のため"}).ok()
    admin.get(coverage + "/own").ok()
    admin.get(coverage + "/dossier").ok()
    for route in ROUTES:
        if route[1].startswith("/api/v1/policies"):
            allowed(*route)


def test_routes_office_allowed(admin):
    admin.post("/api/v1/office/definitions/check", {"source": REGISTER.replace("NAME", "routes")}).ok()
    admin.post("/api/v1/office/definitions", {"source": REGISTER.replace("NAME", "routes")}).ok()
    where = "/api/v1/office/definitions/routes"
    first = admin.post(where + "/cases", {"fields": {"what": "経路の試験"}}).ok()
    made = admin.post(where + "/cases", {"fields": {"what": "経路の試験 二"}}).ok()
    case = f"/api/v1/office/cases/{made['id']}"
    made = admin.patch(case, {"hash": made["hash"], "fields": {"what": "経路の試験 三"}}).ok()
    admin.post(case + "/comments", {"text": "書き添える"}).ok()
    assert admin.events("POST", case + "/drafts", {"field": "what"}).all()[-1].name == "done"
    admin.post(case + "/participants", {"login": "hanako"}).ok()
    admin.post(case + "/links", {"other": first["id"]}).ok()
    made = admin.post(case + "/attachments", {"field": "file", "name": "a.txt", "content": "eA=="}).ok()
    assert admin.get(f"/api/v1/office/attachments/{made['attachments'][0]['id']}").ok()["content"] == "eA=="
    admin.post(case + "/moves/finish", {"hash": made["hash"]}).ok()
    admin.post(f"/api/v1/office/notices/{made['notices'][0]['id']}/see").ok()
    for path in ("", "/tasks", "/notices", "/duties", "/department", "/figures", "/definitions/routes", "/definitions/routes/sheet", "/definitions/routes/cases", "/definitions/routes/export", f"/cases/{made['id']}", f"/cases/{made['id']}/form",
                 f"/cases/{made['id']}/dossier?format=html"):
        admin.get("/api/v1/office" + path).ok()
    for path in ("/import/preview", "/import"):
        admin.post(where + path, {"name": "a.csv", "content": "d2hhdCxvdGhlcgp4LHkK"}).ok()
    admin.delete(where).ok()
    for path in ("", "/figures"):
        admin.get("/api/v1/decisions" + path).ok()
    for route in ROUTES:
        if route[1].startswith(("/api/v1/office", "/api/v1/decisions")):
            allowed(*route)


def test_routes_mail_allowed(admin):
    assert admin.put("/api/v1/session/mail", {"address": "kanri@example.jp"}).ok() == admin.get("/api/v1/session/mail").ok()
    admin.put("/api/v1/mail/boxes", {"login": "hanako", "address": "hanako@example.jp"}).ok()
    assert admin.put("/api/v1/mail/rule", {"opt_out": True}).ok()["opt_out"] and len(admin.get("/api/v1/mail").ok()["boxes"]) == 2
    admin.put("/api/v1/mail/boxes", {"login": "hanako", "address": None}).ok()
    admin.put("/api/v1/session/mail", {"address": None}).ok()
    for route in ROUTES:
        if route[1].endswith("/mail") or route[1].startswith("/api/v1/mail"):
            allowed(*route)


def test_routes_each_was_allowed_once():
    """Runs after the ones above (same file, same order)."""
    assert set(ROUTES) - ALLOWED == set()


def test_routes_are_documented(server):
    text = server.client().get("/api/openapi.yaml").text
    assert text.strip() == (ROOT / "api/openapi.yaml").read_text(encoding="utf-8").strip(), "run: sekisho openapi > api/openapi.yaml"
    for method, path in ROUTES:
        block = re.search(rf'^  "?{re.escape(path)}"?:\n((?:    .*\n|\n)*)', text + "\n", re.M)
        assert block, f"{path} is not documented"
        assert re.search(rf'^    "?{method.lower()}"?:', block.group(1), re.M), f"{method} {path} is not documented"
