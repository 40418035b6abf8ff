"""Login, logout, lockout, cookies, CSRF and origin."""
import re

import pytest
from sekisho import PASSWORD, is_clear
from shiken import STAFF

BANNER = "このシステムは庁内専用です。利用はすべて記録されます。許可のない利用は禁止されています。"


def test_session_login_tells_who_and_where(server):
    client = server.client()
    session = client.login("hanako").ok()
    assert session["user"]["login"] == "hanako" and session["user"]["department"] == "税務課"
    assert session["body"]["code"] == "shiken" and session["segment"] == "lgwan"
    assert session["password_must_change"] is False
    assert set(session["user"]["powers"]) == set(STAFF)
    assert client.get("/api/v1/session").ok() | {"last_login_at": None} == session | {"last_login_at": None}


def test_session_cookie_is_host_bound_and_unreadable_by_scripts(server):
    client = server.client()
    client.login("hanako").ok()
    attributes = [part.strip() for part in client.set_cookie.split(";")]
    assert attributes[0].startswith("__Host-sekisho=")
    assert {"Path=/", "SameSite=Strict", "HttpOnly", "Secure"} <= set(attributes[1:])
    assert not any(part.lower().startswith("domain") for part in attributes)


def test_session_tokens_are_never_in_the_answer_body(server):
    client = server.client()
    answer = client.login("hanako")
    assert client.cookie.split(".", 1)[1] not in answer.text


@pytest.mark.parametrize("login,password", [("hanako", "wrong-password-123"), ("nobody-here", PASSWORD), ("", ""), ("hanako' OR '1'='1", PASSWORD)])
def test_session_wrong_login_or_password_look_alike(server, login, password):
    problem = server.client().login(login, password).refused(401, "accounts.wrong_password")
    assert "clause" in problem


def test_session_locks_after_repeated_failures(server, admin):
    department = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    admin.post("/api/v1/users", {"login": "lockme", "name": "施錠 太郎", "department_id": department, "roles": [], "password": PASSWORD}).ok()
    client = server.client()
    for _ in range(5):
        client.login("lockme", "wrong-password-123").refused(401, "accounts.wrong_password")
    problem = client.login("lockme", PASSWORD).refused(429, "accounts.locked")
    assert "clause" in problem
    # Another person is not affected.
    server.client().login("hanako").ok()


def test_session_logout_ends_the_session(server):
    client = server.client()
    client.login("hanako").ok()
    answer = client.delete("/api/v1/session")
    answer.ok()
    assert re.search(r"Max-Age=0", answer.headers["Set-Cookie"])
    client.get("/api/v1/session").refused(401, "policy.not_signed_in")
    client.get("/api/v1/chats").refused(401, "policy.not_signed_in")


@pytest.mark.parametrize("cookie", ["", "x", "shiken.", "shiken.AAAA", "other.AAAA", "." * 200, "shiken." + "A" * 3000])
def test_session_foreign_cookies_open_nothing(server, cookie):
    client = server.client()
    client.cookie = cookie
    client.get("/api/v1/chats").refused(401)


def test_session_change_needs_the_csrf_token(server):
    client = server.client()
    client.login("hanako").ok()
    for token in (None, "", "wrong"):
        problem = client.post("/api/v1/chats", {"title": "x", "collections": [], "endpoint": None}, headers={"X-Sekisho-Csrf": token}).refused(403, "http.csrf")
        assert "clause" in problem
    client.post("/api/v1/chats", {"title": "x", "collections": [], "endpoint": None}).ok()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1.evil.example"])
def test_session_change_from_another_origin_is_refused(server, origin):
    client = server.client()
    client.login("hanako").ok()
    client.post("/api/v1/chats", {"title": "x"}, headers={"Origin": origin}).refused(403, "http.cross_site")
    client.post("/api/v1/chats", {"title": "x"}, headers={"Origin": f"http://127.0.0.1:{server.port}"}).ok()


def test_session_change_of_another_session_is_not_carried_by_its_token(server, admin):
    """The token of one session does not open another's."""
    client = server.client()
    client.login("hanako").ok()
    client.post("/api/v1/chats", {"title": "x"}, headers={"X-Sekisho-Csrf": admin.csrf}).refused(403, "http.csrf")


def test_session_password_change_ends_other_sessions(server, admin):
    department = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    admin.post("/api/v1/users", {"login": "changer", "name": "変更 花子", "department_id": department, "roles": ["shokuin"], "password": PASSWORD}).ok()
    one, two = server.client(), server.client()
    one.login("changer").ok()
    two.login("changer").ok()
    one.put("/api/v1/session/password", {"current": "wrong-password-123", "next": "atarashii-kagi-9"}).refused(401, "accounts.wrong_password")
    one.put("/api/v1/session/password", {"current": PASSWORD, "next": "short"}).refused(400, "accounts.password_short")
    one.put("/api/v1/session/password", {"current": PASSWORD, "next": PASSWORD}).refused(400, "accounts.password_same")
    one.put("/api/v1/session/password", {"current": PASSWORD, "next": "atarashii-kagi-9"}).ok()
    two.get("/api/v1/session").refused(401)
    one.get("/api/v1/session").ok()
    server.client().login("changer", "atarashii-kagi-9").ok()


def test_session_provisional_password_opens_nothing_but_its_change(server, admin):
    department = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    made = admin.post("/api/v1/users", {"login": "newcomer", "name": "新人 一郎", "department_id": department, "roles": ["shokuin"]}).ok()
    client = server.client()
    session = client.login("newcomer", made["password"]).ok()
    assert session["password_must_change"] is True
    client.get("/api/v1/chats").refused(403)
    client.post("/api/v1/search", {"query": "税", "collections": [], "limit": 5}).refused(403)
    client.put("/api/v1/session/password", {"current": made["password"], "next": "atarashii-kagi-9"}).ok()
    client.get("/api/v1/chats").ok()


def test_session_suspended_person_is_out_at_once(server, admin):
    department = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    made = admin.post("/api/v1/users", {"login": "leaver", "name": "退職 次郎", "department_id": department, "roles": ["shokuin"], "password": PASSWORD}).ok()
    client = server.client()
    client.login("leaver").ok()
    admin.patch(f"/api/v1/users/{made['user']['id']}", {"enabled": False}).ok()
    client.get("/api/v1/chats").refused(401)
    client.login("leaver").refused(401, "accounts.wrong_password")


def test_session_revoked_role_holds_at_the_next_request(server, admin):
    department = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    made = admin.post("/api/v1/users", {"login": "mover", "name": "異動 三郎", "department_id": department, "roles": ["shokuin"], "password": PASSWORD}).ok()
    client = server.client()
    client.login("mover").ok()
    client.get("/api/v1/chats").ok()
    admin.patch(f"/api/v1/users/{made['user']['id']}", {"roles": []}).ok()
    problem = client.get("/api/v1/chats").refused(403, "policy.power")
    assert problem["clause"] and problem["who_can_permit"]


def test_session_login_over_plain_http_from_another_host_is_refused(server):
    problem = server.client().post("/api/v1/session", {"login": "hanako", "password": PASSWORD}, headers={"Host": "sekisho.example.lg.jp"}).refused(403, "http.tls_required")
    assert problem["clause"] and is_clear(problem["title"])


def test_session_login_screen_lists_bodies(server):
    assert server.client().get("/api/v1/bodies").ok()["items"] == [{"code": "shiken", "name": "試験市", "banner": BANNER}]
