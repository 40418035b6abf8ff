"""What surrounds the API: pages and their security headers, health, metrics, hostile HTTP."""
import json
import shutil
import socket
import sqlite3

import pytest
from sekisho import Server, wait_until


def test_site_page_and_screens_are_served_with_a_strict_policy(server):
    client = server.client()
    page = client.get("/")
    assert page.status == 200 and page.headers["Content-Type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy and "http" not in policy and "frame-ancestors 'none'" in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff" and page.headers["Referrer-Policy"] == "no-referrer"
    assert client.get("/chat/any-screen").body == page.body
    assert b"http://" not in page.body and b"https://" not in page.body, "the page names no other host"


def test_site_missing_assets_are_missing(server):
    assert server.client().get("/assets/no-such.js").status == 404


@pytest.mark.parametrize("path", ["/../../etc/passwd", "/..%2f..%2fetc/passwd", "/assets/../../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"])
def test_site_paths_do_not_leave_the_folder(server, path):
    assert b"root:" not in server.client().get(path).body


def test_site_health_readiness_and_metrics(server):
    client = server.client()
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").ok()["ready"] is True
    metrics = client.get("/metrics").text
    assert "sekisho_requests_total" in metrics and "hanako" not in metrics


def raw(server, data, wait=5):
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as s:
        s.sendall(data)
        out = b""
        try:
            while part := s.recv(65536):
                out += part
        except (TimeoutError, ConnectionResetError):
            pass
    return out


@pytest.mark.parametrize("request_bytes,status", [
    (b"GARBAGE\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", 431),
    (b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n", 413),
    (b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
], ids=["garbage", "long header", "huge body announced", "two framings", "two lengths"])
def test_site_hostile_requests_get_one_answer(server, request_bytes, status):
    answer = raw(server, request_bytes)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:200]
    assert answer.count(b"HTTP/1.1 ") == 1


def test_site_head_has_no_body(server):
    answer = raw(server, b"HEAD /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"\r\n\r\n")


def test_site_pipelined_requests_are_answered_in_order(server):
    answer = raw(server, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert answer.index(b"ok\n") < answer.index(b'"ready"')


def test_site_many_idle_connections_do_not_stop_the_service(server):
    held = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(200)]
    assert server.client().get("/healthz").status == 200
    for s in held:
        s.close()


def test_site_program_log_is_json_and_names_nobody(server, staff):
    """One JSON object a line; nothing a person typed, no token, no login."""
    secret = "紅玉色の独り言"
    staff.answer(staff.new_chat(title=secret), secret)
    lines = server.log_path.read_text(encoding="utf-8").splitlines()  # stderr alone; results go to stdout
    for line in lines:
        assert isinstance(json.loads(line), dict), line
    text = "\n".join(lines)
    assert secret not in text and staff.cookie.split(".")[1] not in text and "shiomino-no-kaze" not in text


def test_site_stops_cleanly_and_finishes_open_answers(own_server, prepared, model):
    """SIGTERM in the middle of an answer: the process ends with 0, and the answer's state is known after the next start."""
    prepared("kanri").new_endpoint("遅い", model.url, "slow")
    client = prepared("hanako")
    endpoint = client.get("/api/v1/endpoints").ok()["items"][0]["id"]
    chat = client.new_chat([], endpoint)
    stream = client.ask(chat, "終わりまで")
    next(iter(stream))
    assert own_server.stop() == 0
    stream.close()
    own_server.start()
    message = wait_until(lambda: next((m for m in prepared("hanako").messages(chat) if m["role"] == "assistant"), None))
    assert message["state"] in ("stopped", "failed", "complete")


# --- the log ------------------------------------------------------------------------------------------------------------------

def test_log_grows_with_every_act_and_verifies(server, staff):
    before = staff.get("/api/v1/status").ok()["log"]["size"]
    staff.new_chat()
    staff.get("/api/v1/chats").ok()
    after = staff.get("/api/v1/status").ok()["log"]["size"]
    assert after >= before + 2


def test_log_records_denials(server, powerless):
    before = powerless.get("/api/v1/status").ok()["log"]["size"]
    powerless.get("/api/v1/chats").refused(403)
    assert powerless.get("/api/v1/status").ok()["log"]["size"] >= before + 2


def test_log_is_not_filled_by_strangers(server, staff):
    before = staff.get("/api/v1/status").ok()["log"]["size"]
    for _ in range(20):
        server.client().get("/api/v1/chats").refused(401)
    assert staff.get("/api/v1/status").ok()["log"]["size"] - before <= 2


TAMPERINGS = {
    "a leaf changed": "UPDATE log_leaf SET leaf = replace(leaf, '\"seq\":3,', '\"seq\":3 ,') WHERE seq = (SELECT seq FROM log_leaf WHERE leaf LIKE '%\"seq\":3,%')",
    "an actor exchanged": "UPDATE log_leaf SET leaf = replace(leaf, '\"decision\":\"allow\"', '\"decision\":\"deny\"') WHERE seq = 2",
    "the newest leaf cut off": "DELETE FROM log_leaf WHERE seq = (SELECT max(seq) FROM log_leaf)",
    "two leaves exchanged": "UPDATE log_leaf SET leaf = (SELECT l.leaf FROM log_leaf l WHERE l.seq = 7 - log_leaf.seq) WHERE seq IN (3, 4)",
    "a payload changed": "UPDATE log_payload SET sealed = CAST(x'00' || substr(sealed, 2) AS BLOB) WHERE seq = 3",
    "a checkpoint exchanged": "UPDATE log_checkpoint SET note = replace(note, substr(note, 30, 1), 'Q')",
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_log_tampering_is_found(tmp_path_factory, own_server, prepared, what):
    """Whoever holds the database can change it, but not unnoticed: verify says so and fails."""
    prepared("hanako").new_chat()
    own_server.stop()
    copy = Server(tmp_path_factory.mktemp("tampered") / "data")
    shutil.rmtree(copy.data)
    shutil.copytree(own_server.data, copy.data)
    own_server.start()
    copy.verify_log("shiken")
    database = next(copy.data.rglob("body.db"))
    with sqlite3.connect(database) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'log%'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        assert db.execute(TAMPERINGS[what]).rowcount >= 1
    done = copy.cli("log", "verify", "--body", "shiken", check=False)
    assert done.returncode == 1 and done.stderr.strip(), done
