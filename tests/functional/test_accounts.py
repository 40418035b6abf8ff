"""Accounts: limits on failed logins, provisional passwords, what a password may be, sessions, validity, reviews, and the end of rights."""
import datetime
import re
import statistics
import threading
import time

import pytest
from sekisho import PASSWORD, Server, is_clear
from shiken import SETTINGS, set_up

# Short waits, so that a lock is seen to end.
ACCOUNT_SETTINGS = SETTINGS + """
attempts = 4
first_wait_ms = 2000
longest_wait_ms = 8000
privileged_attempts = 2
privileged_first_wait_ms = 3000
privileged_longest_wait_ms = 16000
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    server = set_up(Server(tmp_path_factory.mktemp("accounts") / "data", ACCOUNT_SETTINGS)).start()
    yield server
    server.stop()
    server.verify_log("shiken")


@pytest.fixture(scope="module")
def chief(house):
    client = house.client()
    client.login("kanri").ok()
    return client


@pytest.fixture(scope="module")
def department(chief):
    return next(d["id"] for d in chief.get("/api/v1/departments").ok()["items"] if d["code"] == "zeimu")


_made = iter(range(1, 10_000))


@pytest.fixture
def newcomer(chief, department):
    """newcomer(roles) -> (login, User) of a person with PASSWORD."""
    def make(roles=("shokuin",), **more):
        login = f"person{next(_made)}"
        made = chief.post("/api/v1/users", {"login": login, "name": "試験 太郎", "department_id": department, "roles": list(roles), "password": PASSWORD, **more}).ok()
        return login, made["user"]
    return make


def in_seconds(seconds):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fail_times(house, login, times):
    return [house.client().login(login, "wrong-password-123") for _ in range(times)]


# --- limits on failed logins ---------------------------------------------------------------------------------------------------

def test_accounts_unknown_login_locks_like_a_known_one(house, newcomer):
    known, _ = newcomer()
    told = {}
    for login in (known, "nobody-at-all"):
        answers = fail_times(house, login, 4) + [house.client().login(login, PASSWORD)]
        told[login] = [(a.status, {k: v for k, v in a.json.items() if k != "request_id"}) for a in answers]
    assert told[known] == told["nobody-at-all"]
    assert [status for status, _ in told[known]] == [401, 401, 401, 401, 429]


def test_accounts_unknown_login_takes_as_long_as_a_known_one(house, newcomer):
    known, _ = newcomer()
    took = {known: [], "nobody-there": []}
    for _ in range(3):
        for login in took:
            begin = time.monotonic()
            house.client().login(login, "wrong-password-123").refused(401, "accounts.wrong_password")
            took[login].append(time.monotonic() - begin)
    fast, slow = sorted(statistics.median(v) for v in took.values())
    assert fast > 0.03 and slow < fast * 2.5, took


def test_accounts_lock_ends_and_the_next_one_is_longer(house, newcomer):
    login, _ = newcomer()
    fail_times(house, login, 4)
    house.client().login(login).refused(429, "accounts.locked")
    time.sleep(2.1)
    house.client().login(login, "wrong-password-123").refused(401)
    time.sleep(2.1)
    house.client().login(login).refused(429, "accounts.locked")  # four seconds now
    time.sleep(2.1)
    house.client().login(login).ok()
    house.client().login(login, "wrong-password-123").refused(401)
    house.client().login(login).ok()  # a login resets the count


def test_accounts_privileged_waits_earlier_and_nobody_can_tell(house, newcomer):
    login, user = newcomer(["system"])
    assert user["privileged"] is True
    fail_times(house, login, 2)
    # The right password is refused like a wrong one, exactly as an ordinary or unknown login would answer at this count.
    house.client().login(login).refused(401, "accounts.wrong_password")
    time.sleep(6.1)
    house.client().login(login).ok()


def test_accounts_privileged_limits_must_be_tighter(tmp_path):
    server = Server(tmp_path / "data", SETTINGS + "\nattempts = 3\nprivileged_attempts = 3\n")
    done = server.cli("migrate", check=False)
    assert done.returncode == 2 and "lockout.privileged_attempts" in done.stderr and "11(2)ア(ウ)e" in done.stderr, done


def test_accounts_unlock_needs_the_identity_check_and_is_for_others(house, chief, newcomer):
    login, user = newcomer()
    fail_times(house, login, 4)
    shown = next(u for u in chief.get("/api/v1/users").ok()["items"] if u["id"] == user["id"])
    assert shown["locked_until"]
    chief.post(f"/api/v1/users/{user['id']}/unlock", {"identity_check": ""}).refused(400, "accounts.identity_check")
    assert chief.post(f"/api/v1/users/{user['id']}/unlock", {"identity_check": "内線で本人に折り返した"}).ok()["locked_until"] is None
    house.client().login(login).ok()
    chief.post(f"/api/v1/users/{chief.session['user']['id']}/unlock", {"identity_check": "自分"}).refused(409, "accounts.unlock_self")


def test_accounts_one_source_is_limited_across_logins(tmp_path_factory):
    server = set_up(Server(tmp_path_factory.mktemp("source") / "data", SETTINGS.replace("source_attempts = 100000", "source_attempts = 6"))).start()
    try:
        for n in range(6):
            server.client().login(f"guess{n}", "wrong-password-123").refused(401)
        server.client().login("hanako").refused(429, "accounts.locked")
    finally:
        server.stop()


# --- passwords -----------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("wrong,key", [("mijikai-kagi", "accounts.password_short"), ("password-password-1", "accounts.password_guessable"),
                                       ("shiken-zeimu-2026-shiken", "accounts.password_guessable"), ("税務課税務課税務課税務課税務課税務課", "accounts.password_guessable"),
                                       ("zeimuka-zeimuka-r8", "accounts.password_guessable"), ("x" * 1025, "accounts.password_long")])
def test_accounts_new_password_is_refused_with_the_reason(house, newcomer, wrong, key):
    login, _ = newcomer()
    client = house.client()
    client.login(login).ok()
    told = client.post("/api/v1/session/password/check", {"next": wrong}).ok()
    assert told["ok"] is False and told["key"] == key and told["least"] == 15
    problem = client.put("/api/v1/session/password", {"current": PASSWORD, "next": wrong}).refused(400, key)
    assert problem["clause"] == "10(4)ウ(ウ)" and is_clear(problem["title"])
    assert client.post("/api/v1/session/password/check", {"next": "atarashii-kagi-9"}).ok()["ok"] is True


def test_accounts_name_is_read_for_the_password(house, chief, department):
    made = chief.post("/api/v1/users", {"login": "yomi", "name": "橘 健一", "department_id": department, "roles": ["shokuin"]}).ok()
    client = house.client()
    client.login("yomi", made["password"]).ok()
    client.put("/api/v1/session/password", {"current": made["password"], "next": "tachibana-kenichi-77"}).refused(400, "accounts.password_guessable")
    client.put("/api/v1/session/password", {"current": made["password"], "next": "tachibana ga tonda yoru"}).ok()


def test_accounts_trying_the_current_password_counts_as_failed_logins(house, newcomer):
    login, _ = newcomer()
    client = house.client()
    client.login(login).ok()
    for _ in range(4):
        client.put("/api/v1/session/password", {"current": "wrong-password-123", "next": "atarashii-kagi-9"}).refused(401, "accounts.wrong_password")
    client.put("/api/v1/session/password", {"current": PASSWORD, "next": "atarashii-kagi-9"}).refused(429, "accounts.locked")


def test_accounts_provisional_password_opens_one_session_only(house, chief, newcomer):
    login, user = newcomer()
    issued = chief.post(f"/api/v1/users/{user['id']}/password").ok()
    assert len(issued["password"]) >= 15 and issued["until"] > in_seconds(3600)
    first = house.client()
    assert first.login(login, issued["password"]).ok()["password_must_change"] is True
    house.client().login(login, issued["password"]).refused(403, "accounts.provisional_used")
    first.put("/api/v1/session/password", {"current": issued["password"], "next": "atarashii-kagi-9"}).ok()
    house.client().login(login, "atarashii-kagi-9").ok()


def test_accounts_provisional_password_expires(tmp_path_factory):
    server = set_up(Server(tmp_path_factory.mktemp("over") / "data", SETTINGS + "\n[password]\nprovisional_ms = 60000\n")).start()
    try:
        admin = server.client()
        admin.login("kanri").ok()
        user = next(u for u in admin.get("/api/v1/users").ok()["items"] if u["login"] == "hanako")
        issued = admin.post(f"/api/v1/users/{user['id']}/password").ok()
        assert in_seconds(50) < issued["until"] < in_seconds(70)
        shown = next(u for u in admin.get("/api/v1/users").ok()["items"] if u["login"] == "hanako")
        assert shown["password"] == "provisional"
    finally:
        server.stop()


# --- what is shown after login, sessions ------------------------------------------------------------------------------------------

def test_accounts_login_shows_last_login_logout_and_failures(house, newcomer):
    login, _ = newcomer()
    first = house.client()
    session = first.login(login).ok()
    assert session["last_login_at"] is None and session["last_logout_at"] is None and session["failures"] == []
    first.delete("/api/v1/session").ok()
    fail_times(house, login, 2)
    second = house.client()
    session = second.login(login).ok()
    assert session["last_login_at"] and session["last_logout_at"] > session["last_login_at"]
    assert [f["source"] for f in session["failures"]] == ["127.0.0.1"] * 2 and all(f["at"] > session["last_logout_at"] for f in session["failures"])
    assert second.get("/api/v1/session").ok()["failures"] == session["failures"]
    assert house.client().login(login).ok()["failures"] == []


def test_accounts_banner_stands_before_login(house):
    assert "記録" in house.client().get("/api/v1/bodies").ok()["items"][0]["banner"]


def test_accounts_own_sessions_are_listed_and_ended(house, newcomer):
    login, _ = newcomer()
    clients = [house.client() for _ in range(3)]
    for n, client in enumerate(clients):
        answer = client.call("POST", "/api/v1/session", {"login": login, "password": PASSWORD}, headers={"User-Agent": f"Terminal/{n}"})
        client.cookie = re.match(r"__Host-sekisho=([^;]*)", answer.headers["Set-Cookie"]).group(1)
        client.csrf = answer.ok()["csrf"]
    mine = clients[0].get("/api/v1/sessions").ok()["items"]
    assert sorted(s["agent"] for s in mine) == ["Terminal/0", "Terminal/1", "Terminal/2"] and all(s["source"] == "127.0.0.1" for s in mine)
    assert [s["agent"] for s in mine if s["current"]] == ["Terminal/0"]
    other = next(s for s in mine if s["agent"] == "Terminal/1")
    clients[0].delete(f"/api/v1/sessions/{other['id']}").ok()
    clients[1].get("/api/v1/session").refused(401)
    assert clients[0].post("/api/v1/sessions/end-others").ok() == {"ended": 1}
    clients[2].get("/api/v1/session").refused(401)
    clients[0].get("/api/v1/session").ok()


def test_accounts_nobody_ends_another_persons_session(house, chief, newcomer):
    login, _ = newcomer()
    client = house.client()
    client.login(login).ok()
    mine = client.get("/api/v1/sessions").ok()["items"][0]["id"]
    chief.delete(f"/api/v1/sessions/{mine}").refused(404, "sessions.not_found")
    client.get("/api/v1/session").ok()


def test_accounts_lock_ends_the_session_at_once(house, newcomer):
    login, _ = newcomer()
    client = house.client()
    client.login(login).ok()
    answer = client.post("/api/v1/session/lock")
    answer.ok()
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    client.get("/api/v1/chats").refused(401)


def test_accounts_sessions_end_by_time_and_earlier_for_the_privileged(tmp_path_factory):
    quick = re.sub(r"\[session\]\n(?:\w+ = \d+\n)+", "[session]\nidle_ms = 120000\nabsolute_ms = 600000\nprivileged_idle_ms = 60000\nprivileged_absolute_ms = 120000\n", SETTINGS)
    server = set_up(Server(tmp_path_factory.mktemp("times") / "data", quick)).start()
    try:
        idle = {}
        for login in ("hanako", "kanri"):
            client = server.client()
            idle[login] = client.login(login).ok()["idle_seconds"]
        assert idle == {"hanako": 120, "kanri": 60}
    finally:
        server.stop()


# --- validity, reviews, the end of rights -------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def slow_model(chief, model):
    made = chief.new_endpoint("ゆっくり", model.url, "slow", approval="承認第9号")
    return made["id"]


def open_stream(house, client, endpoint):
    seen = []
    chat = client.new_chat([], endpoint)
    begun = threading.Event()

    def read():
        try:
            with client.ask(chat, "ゆっくり答えて", timeout=60) as events:
                for event in events:
                    seen.append(event.name)
                    if event.name == "delta":
                        begun.set()
        except Exception:
            pass
        seen.append("cut")
    thread = threading.Thread(target=read)
    thread.start()
    assert begun.wait(10)
    return thread, seen


@pytest.mark.parametrize("how", ["suspended", "last day", "session ended", "review", "left"])
def test_accounts_open_stream_ends_within_a_second(house, chief, newcomer, slow_model, how):
    login, user = newcomer()
    client = house.client()
    client.login(login).ok()
    thread, seen = open_stream(house, client, slow_model)
    path = f"/api/v1/users/{user['id']}"
    if how == "suspended":
        chief.patch(path, {"enabled": False, "reason": "休職"}).ok()
    elif how == "last day":
        chief.patch(path, {"valid_to": in_seconds(0.3)}).ok()
        time.sleep(0.3)
    elif how == "left":
        chief.post(f"{path}/leave", {}).ok()
    elif how == "review":
        chief.post(f"{path}/review", {"decision": "suspend", "reason": "使われていない"}).ok()
    else:
        other = house.client()
        other.login(login).ok()
        other.post("/api/v1/sessions/end-others").ok()
    begin = time.monotonic()
    thread.join(5)
    assert not thread.is_alive() and time.monotonic() - begin < 1.2, (how, seen)
    client.get("/api/v1/session").refused(401)


def test_accounts_keys_are_refused_at_the_next_request(house, chief, newcomer):
    login, user = newcomer(["system"])
    client = house.client()
    client.login(login).ok()
    secret = client.post("/api/v1/keys", {"name": "業務システム"}).ok()["secret"]
    machine = house.client(key=secret)
    assert machine.get("/v1/models").status == 200
    chief.patch(f"/api/v1/users/{user['id']}", {"enabled": False}).ok()
    assert machine.get("/v1/models").status == 401
    chief.patch(f"/api/v1/users/{user['id']}", {"enabled": True}).ok()
    assert machine.get("/v1/models").status == 401, "a key does not come back with the account"


def test_accounts_are_open_from_their_first_to_their_last_day(house, chief, newcomer):
    early, user = newcomer(valid_from=in_seconds(3600))
    assert user["state"] == "not_yet"
    house.client().login(early).refused(401, "accounts.wrong_password")
    assert chief.patch(f"/api/v1/users/{user['id']}", {"valid_from": ""}).ok()["state"] == "active"
    house.client().login(early).ok()
    over, user = newcomer(valid_to=in_seconds(-1))
    assert user["state"] == "over"
    house.client().login(over).refused(401, "accounts.wrong_password")
    chief.patch(f"/api/v1/users/{user['id']}", {"valid_from": in_seconds(60), "valid_to": in_seconds(10)}).refused(400, "accounts.validity")
    chief.patch(f"/api/v1/users/{chief.session['user']['id']}", {"valid_to": in_seconds(-5)}).refused(409, "accounts.self")


def test_accounts_unused_ids_are_reviewed(house, chief, newcomer):
    login, user = newcomer()
    path = f"/api/v1/users/{user['id']}/review"
    chief.get("/api/v1/users/unused?days=0").refused(400, "accounts.unused_days")
    listed = chief.get("/api/v1/users/unused").ok()
    assert listed["days"] == 90 and user["id"] not in [u["id"] for u in listed["items"]]
    chief.post(path, {"decision": "keep", "reason": ""}).refused(400, "accounts.reason")
    chief.post(path, {"decision": "later", "reason": "x"}).refused(400, "accounts.decision")
    assert chief.post(path, {"decision": "keep", "reason": "育児休業中"}).ok()["enabled"] is True
    assert chief.post(path, {"decision": "suspend", "reason": "人事の名簿にない"}).ok()["state"] == "suspended"
    chief.post(f"/api/v1/users/{chief.session['user']['id']}/review", {"decision": "keep", "reason": "自分"}).refused(409, "accounts.review_self")
    house.client().login(login).refused(401)


# --- the queue -----------------------------------------------------------------------------------------------------------------------

def test_accounts_waiting_login_is_told_its_place(house, newcomer):
    login, _ = newcomer()
    people = [house.client() for _ in range(12)]
    first = [None] * len(people)

    def knock(n):
        first[n] = people[n].call("POST", "/api/v1/session", {"login": login, "password": PASSWORD}, headers={"Prefer": "respond-async"})
    threads = [threading.Thread(target=knock, args=(n,)) for n in range(len(people))]
    [t.start() for t in threads]
    [t.join() for t in threads]
    waiting = [(n, a) for n, a in enumerate(first) if a.status == 202]
    assert waiting and all(a.status in (200, 202) for a in first)
    assert all(a.headers.get("Set-Cookie") is None for _, a in waiting)
    assert max(a.json["ahead"] for _, a in waiting) >= 2
    for n, answer in waiting:
        places = [answer.json["ahead"]]
        while answer.status == 202:
            answer = people[n].post("/api/v1/session/turn", {"ticket": answer.json["ticket"]})
            if answer.status == 202:
                places.append(answer.json["ahead"])
        assert answer.status == 200 and answer.headers["Set-Cookie"] and places == sorted(places, reverse=True), (places, answer.body)
    people[0].post("/api/v1/session/turn", {"ticket": waiting[0][1].json["ticket"]}).refused(401, "accounts.turn_over")


def test_accounts_login_without_waiting_answer_just_waits(house, newcomer):
    login, _ = newcomer()
    answers = [None] * 8

    def knock(n):
        answers[n] = house.client().login(login)
    threads = [threading.Thread(target=knock, args=(n,)) for n in range(len(answers))]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert [a.status for a in answers] == [200] * 8
