"""The second factor: enrolled with the password, asked at login, works once, counts its failures, is lost, stopped and reset."""
import copy
import itertools

import pytest
from security_key import App, Key
from sekisho import PASSWORD, Server
from shiken import PROFILE, SETTINGS, set_up

NUMBERS = itertools.count(1)


@pytest.fixture
def newcomer(server, admin):
    """newcomer() -> (login, id) of a new member of staff."""
    department = next(d["id"] for d in admin.get("/api/v1/departments").ok()["items"] if d["code"] == "zeimu")

    def make(roles=("shokuin",)):
        login = f"factor{next(NUMBERS)}"
        made = admin.post("/api/v1/users", {"login": login, "name": "要素 花子", "department_id": department, "roles": list(roles), "password": PASSWORD}).ok()
        return login, made["user"]["id"]
    return make


def signed_in(server, login):
    client = server.client()
    client.login(login).ok()
    return client


def due(client):
    return client.get("/api/v1/session").ok()["second_factor"]


def enrol_app(client, name="認証アプリ"):
    begun = client.post("/api/v1/factors/totp", {"password": PASSWORD, "name": name}).ok()
    app = App(begun["secret"])
    done = client.post(f"/api/v1/factors/totp/{begun['id']}", {"code": app.code()}).ok()
    return app, done


def give(client, code, kind="totp"):
    return client.post("/api/v1/session/second-factor", {"kind": kind, "code": code})


def at_name(server):
    """Security keys are bound to host names; the tests' connections go to an address."""
    return {"Host": f"localhost:{server.port}"}


def enrol_key(server, client, folder):
    begun = client.post("/api/v1/factors/keys", {"password": PASSWORD, "name": "鍵"}, headers=at_name(server)).ok()
    key = Key(folder, begun["rp_id"], f"http://localhost:{server.port}")
    done = client.post("/api/v1/factors/keys/confirm", key.register(begun), headers=at_name(server)).ok()
    return key, done


def challenge(server, client):
    return client.post("/api/v1/session/second-factor/challenge", headers=at_name(server)).ok()


def prove(server, client, proof, **headers):
    return client.post("/api/v1/session/second-factor", proof, headers={**at_name(server), **headers})


def test_factors_are_not_asked_of_somebody_without(server, newcomer):
    login, _ = newcomer()
    client = signed_in(server, login)
    session = client.get("/api/v1/session").ok()
    assert (session["second_factor"], session["second_factor_kinds"], session["second_factor_enrolled"]) == ("not_needed", [], False)
    client.get("/api/v1/chats").ok()


def test_factors_app_is_enrolled_with_password_and_first_code_and_asked_from_then_on(server, newcomer):
    login, _ = newcomer()
    one, other = signed_in(server, login), signed_in(server, login)
    one.post("/api/v1/factors/totp", {"password": "wrong-password-123", "name": "x"}).refused(401, "factors.wrong_password")
    begun = one.post("/api/v1/factors/totp", {"password": PASSWORD, "name": "電話"}).ok()
    assert begun["uri"].startswith("otpauth://totp/") and f"secret={begun['secret']}" in begun["uri"] and len(begun["secret"]) == 32
    app = App(begun["secret"])
    one.post(f"/api/v1/factors/totp/{begun['id']}", {"code": app.wrong()}).refused(403, "factors.wrong_code")
    assert due(other) == "not_needed", "half an enrolment changes nothing"
    done = one.post(f"/api/v1/factors/totp/{begun['id']}", {"code": app.code()}).ok()
    assert done["factor"]["state"] == "active" and len(set(done["recovery_codes"])) == 10
    assert due(one) == "given"
    one.get("/api/v1/chats").ok()
    # The session that gave nothing is asked at its next request; so is every later login.
    for client in (other, signed_in(server, login)):
        session = client.get("/api/v1/session").ok()
        assert (session["second_factor"], session["second_factor_kinds"]) == ("needed", ["totp", "recovery"])
        problem = client.get("/api/v1/chats").refused(403, "policy.second_factor")
        assert problem["clause"] and problem["who_can_permit"]
        client.put("/api/v1/session/password", {"current": PASSWORD, "next": "atarashii-kagi-9"}).refused(403, "policy.second_factor")
        client.get("/api/v1/status").refused(403, "policy.second_factor")
    give(other, app.code()).ok()
    assert due(other) == "given"
    other.get("/api/v1/chats").ok()


def test_factors_secrets_are_nowhere_in_the_data(server, newcomer):
    login, _ = newcomer()
    client = signed_in(server, login)
    app, done = enrol_app(client)
    listed = client.get("/api/v1/factors").text
    for secret in (app.secret, *done["recovery_codes"], done["recovery_codes"][0].replace("-", "")):
        assert secret not in listed
        for path in (server.data / "bodies/shiken").glob("body.db*"):
            assert secret.encode() not in path.read_bytes(), path


def test_factors_code_works_once(server, newcomer):
    login, _ = newcomer()
    app, _ = enrol_app(signed_in(server, login))
    client = signed_in(server, login)
    give(client, app.stale()).refused(403, "factors.wrong_code")
    give(client, app.code()).ok()
    second = signed_in(server, login)
    give(second, app.stale()).refused(403, "factors.wrong_code")
    assert due(second) == "needed"


def test_factors_wrong_codes_are_counted_across_sessions_and_kinds(server, newcomer):
    login, _ = newcomer()
    app, done = enrol_app(signed_in(server, login))
    for n in range(5):
        give(signed_in(server, login), app.wrong(), kind=("totp", "recovery")[n % 2]).refused(403, "factors.wrong_code")
    problem = give(signed_in(server, login), app.code()).refused(429, "factors.locked")
    assert problem["clause"]
    give(signed_in(server, login), done["recovery_codes"][0], kind="recovery").refused(429, "factors.locked")
    # Another person is not affected, and her wrong passwords at enrolment count as well.
    other, _ = newcomer()
    client = signed_in(server, other)
    for _ in range(5):
        client.post("/api/v1/factors/totp", {"password": "wrong-password-123", "name": "x"}).refused(401, "factors.wrong_password")
    client.post("/api/v1/factors/totp", {"password": PASSWORD, "name": "x"}).refused(429, "factors.locked")


def test_factors_right_password_gives_no_new_guesses_at_the_code(server, newcomer):
    login, _ = newcomer()
    app, _ = enrol_app(signed_in(server, login))
    client = signed_in(server, login)
    for _ in range(5):
        client.post("/api/v1/factors/totp", {"password": PASSWORD, "name": "x"}).refused(403, "policy.second_factor")
        give(client, app.wrong()).refused(403, "factors.wrong_code")
    give(client, app.code()).refused(429, "factors.locked")


def test_factors_enrolment_begun_before_another_was_enrolled_is_not_finished_after(server, newcomer, tmp_path):
    """Somebody with the password alone begins; the owner enrols; the beginning leads nowhere."""
    login, _ = newcomer()
    thief, owner = signed_in(server, login), signed_in(server, login)
    begun = thief.post("/api/v1/factors/keys", {"password": PASSWORD, "name": "鍵"}, headers=at_name(server)).ok()
    enrol_app(owner)
    key = Key(tmp_path, "localhost", f"http://localhost:{server.port}")
    thief.post("/api/v1/factors/keys/confirm", key.register(begun), headers=at_name(server)).refused(403, "policy.second_factor")
    assert due(thief) == "needed"


def test_factors_recovery_code_works_once_as_typed(server, newcomer):
    login, _ = newcomer()
    _, done = enrol_app(signed_in(server, login))
    code = done["recovery_codes"][3]
    client = signed_in(server, login)
    give(client, code.lower().replace("-", " "), kind="recovery").ok()
    assert due(client) == "given" and client.get("/api/v1/factors").ok()["recovery_codes_left"] == 9
    again = signed_in(server, login)
    give(again, code, kind="recovery").refused(403, "factors.wrong_code")
    renewed = client.post("/api/v1/factors/recovery-codes", {"password": PASSWORD}).ok()["codes"]
    assert len(set(renewed)) == 10
    give(again, done["recovery_codes"][4], kind="recovery").refused(403, "factors.wrong_code")
    give(again, renewed[0], kind="recovery").ok()


def test_factors_another_is_added_only_after_the_first_was_given(server, newcomer, tmp_path):
    login, _ = newcomer()
    app, _ = enrol_app(signed_in(server, login))
    client = signed_in(server, login)
    client.post("/api/v1/factors/totp", {"password": PASSWORD, "name": "他人の電話"}).refused(403, "policy.second_factor")
    client.post("/api/v1/factors/keys", {"password": PASSWORD, "name": "他人の鍵"}, headers=at_name(server)).refused(403, "policy.second_factor")
    client.post("/api/v1/factors/recovery-codes", {"password": PASSWORD}).refused(403, "policy.second_factor")
    give(client, app.code()).ok()
    _, done = enrol_key(server, client, tmp_path)
    assert done["recovery_codes"] == [], "codes come with the first factor only"
    assert {f["kind"] for f in client.get("/api/v1/factors").ok()["items"]} == {"totp", "webauthn"}


def test_factors_an_act_may_ask_for_two_of_somebody_who_has_one(server, newcomer):
    login, _ = newcomer()
    problem = signed_in(server, login).post("/api/v1/factors/recovery-codes", {"password": PASSWORD}).refused(403, "policy.second_factor")
    assert problem["clause"] == "9(4)ウ"


def test_factors_security_key_is_enrolled_and_signs(server, newcomer, tmp_path):
    login, _ = newcomer()
    key, done = enrol_key(server, signed_in(server, login), tmp_path)
    assert done["factor"]["kind"] == "webauthn" and len(done["recovery_codes"]) == 10
    client = signed_in(server, login)
    assert client.get("/api/v1/session").ok()["second_factor_kinds"] == ["webauthn", "recovery"]
    asked = challenge(server, client)
    assert asked["rp_id"] == "localhost" and len(asked["credentials"]) == 1
    prove(server, client, key.sign(asked)).ok()
    assert due(client) == "given"


def test_factors_assertion_is_refused_replayed_for_another_site_session_key_or_unverified(server, newcomer, tmp_path):
    login, _ = newcomer()
    key, _ = enrol_key(server, signed_in(server, login), tmp_path)
    client = signed_in(server, login)
    proof = key.sign(challenge(server, client))
    prove(server, client, proof).ok()
    prove(server, client, proof).refused(409, "factors.challenge")
    # A wrong answer spends the challenge too.
    other = signed_in(server, login)
    asked = challenge(server, other)
    prove(server, other, key.sign(asked, origin="http://evil.example")).refused(403, "factors.origin")
    prove(server, other, key.sign(asked)).refused(409, "factors.challenge")
    asked = challenge(server, other)
    prove(server, client, key.sign(asked)).refused(409, "factors.challenge")
    prove(server, other, key.sign(asked, flags=0x01)).refused(403, "factors.key_refused")
    proof = key.sign(challenge(server, other))
    prove(server, other, {**proof, "signature": proof["signature"][:-6] + "AAAAAA"}).refused(403, "factors.key_refused")
    assert due(other) == "needed"
    prove(server, other, key.sign(challenge(server, other))).ok()


def test_factors_counter_that_goes_back_is_refused(server, newcomer, tmp_path):
    login, _ = newcomer()
    key, _ = enrol_key(server, signed_in(server, login), tmp_path)
    client = signed_in(server, login)
    key.counter = 10
    prove(server, client, key.sign(challenge(server, client))).ok()
    for back in (10, 3, -1):
        again = signed_in(server, login)
        key.counter = back
        prove(server, again, key.sign(challenge(server, again))).refused(403, "factors.counter")
        assert due(again) == "needed"


def test_factors_security_key_belongs_to_its_host(server, newcomer, tmp_path):
    login, _ = newcomer()
    client = signed_in(server, login)
    client.post("/api/v1/factors/keys", {"password": PASSWORD, "name": "鍵"}).refused(400, "factors.host")
    begun = client.post("/api/v1/factors/keys", {"password": PASSWORD, "name": "鍵"}, headers=at_name(server)).ok()
    key = Key(tmp_path, begun["rp_id"], f"http://localhost:{server.port}")
    elsewhere = {"Host": f"other.example:{server.port}"}
    client.post("/api/v1/factors/keys/confirm", key.register(begun), headers=elsewhere).refused(403, "factors.origin")
    begun = client.post("/api/v1/factors/keys", {"password": PASSWORD, "name": "鍵"}, headers=at_name(server)).ok()
    client.post("/api/v1/factors/keys/confirm", key.register(begun, origin="http://other.example"), headers=at_name(server)).refused(403, "factors.origin")
    client.post("/api/v1/factors/keys/confirm", key.register(begun), headers=at_name(server)).refused(409, "factors.challenge")
    begun = client.post("/api/v1/factors/keys", {"password": PASSWORD, "name": "鍵"}, headers=at_name(server)).ok()
    client.post("/api/v1/factors/keys/confirm", key.register(begun, flags=0x41), headers=at_name(server)).refused(403, "factors.key_refused")
    assert client.get("/api/v1/factors").ok()["items"] == []
    enrol_key(server, client, tmp_path)
    client.post("/api/v1/session/second-factor/challenge", headers=elsewhere).refused(404, "factors.no_key")


def test_factors_lost_one_is_stopped_by_its_owner_before_giving_any(server, newcomer):
    login, _ = newcomer()
    thief = signed_in(server, login)
    app, done = enrol_app(thief)
    client = signed_in(server, login)
    lost = client.get("/api/v1/factors").ok()["items"][0]["id"]
    client.post(f"/api/v1/factors/{lost}/stop", {"password": "wrong-password-123"}).refused(401, "factors.wrong_password")
    client.post(f"/api/v1/factors/{lost}/stop", {"password": PASSWORD}).ok()
    thief.get("/api/v1/chats").refused(403, "policy.second_factor")
    give(client, app.code()).refused(403, "factors.wrong_code")
    # Stopping makes nothing easier: who knows only the password cannot enrol a new one.
    session = client.get("/api/v1/session").ok()
    assert session["second_factor_enrolled"] is True and session["second_factor_kinds"] == ["recovery"]
    client.post("/api/v1/factors/totp", {"password": PASSWORD, "name": "新しい電話"}).refused(403, "policy.second_factor")
    give(client, done["recovery_codes"][0], kind="recovery").ok()
    enrol_app(client, "新しい電話")
    client.post(f"/api/v1/factors/{lost}/remove", {"password": PASSWORD}).ok()
    assert [f["name"] for f in client.get("/api/v1/factors").ok()["items"]] == ["新しい電話"]


def test_factors_last_one_removed_ends_the_duty_where_nobody_else_asks(server, newcomer):
    login, _ = newcomer()
    client = signed_in(server, login)
    _, done = enrol_app(client)
    client.post(f"/api/v1/factors/{done['factor']['id']}/remove", {"password": PASSWORD}).ok()
    again = signed_in(server, login)
    assert due(again) == "not_needed"
    give(again, done["recovery_codes"][0], kind="recovery").refused(403, "factors.wrong_code")


def test_factors_reset_by_another_with_a_checked_identity_ends_everything(server, admin, staff, newcomer):
    login, user = newcomer()
    client = signed_in(server, login)
    app, done = enrol_app(client)
    path = f"/api/v1/users/{user}/factors"
    assert [f["state"] for f in admin.get(path).ok()["items"]] == ["active"]
    staff.post(f"{path}/reset", {"identity_check": "x"}).refused(403, "policy.power")
    admin.post(f"{path}/reset", {"identity_check": ""}).refused(400, "factors.identity_check")
    admin.post(f"{path}/reset", {"identity_check": "窓口で職員証と顔を確認した"}).ok()
    client.get("/api/v1/session").refused(401)
    again = signed_in(server, login)
    session = again.get("/api/v1/session").ok()
    assert (session["second_factor"], session["second_factor_enrolled"], session["second_factor_kinds"]) == ("needed", False, [])
    again.get("/api/v1/chats").refused(403, "policy.second_factor")
    give(again, app.code()).refused(403, "factors.wrong_code")
    give(again, done["recovery_codes"][0], kind="recovery").refused(403, "factors.wrong_code")
    enrol_app(again)
    again.get("/api/v1/chats").ok()


def test_factors_a_new_password_leaves_the_second_factor(server, admin, newcomer):
    """Whoever forgot the password gets a provisional one; it opens nothing without the factor that she had."""
    login, user = newcomer()
    enrol_app(signed_in(server, login))
    provisional = admin.post(f"/api/v1/users/{user}/password").ok()["password"]
    client = server.client()
    client.login(login, provisional).ok()
    assert due(client) == "needed"
    client.put("/api/v1/session/password", {"current": provisional, "next": "atarashii-kagi-9"}).refused(403, "policy.second_factor")
    client.get("/api/v1/chats").refused(403, "policy.second_factor")
    assert [f["state"] for f in admin.get(f"/api/v1/users/{user}/factors").ok()["items"]] == ["active"]


def test_factors_nobody_resets_his_own(server, newcomer):
    login, user = newcomer(roles=("system",))
    client = signed_in(server, login)
    problem = client.post(f"/api/v1/users/{user}/factors/reset", {"identity_check": "私です"}).refused(403, "factors.self")
    assert problem["clause"] == "6(8)ア"


def test_factors_one_in_charge_stops_a_lost_one_at_once(server, admin, newcomer):
    login, user = newcomer()
    client = signed_in(server, login)
    app, done = enrol_app(client)
    admin.post(f"/api/v1/users/{user}/factors/{done['factor']['id']}/stop").ok()
    client.get("/api/v1/session").refused(401)
    again = signed_in(server, login)
    give(again, app.code()).refused(403, "factors.wrong_code")
    assert again.get("/api/v1/session").ok()["second_factor_enrolled"] is True


def test_factors_of_another_person_are_out_of_reach(server, newcomer):
    owner, _ = newcomer()
    _, done = enrol_app(signed_in(server, owner))
    other, _ = newcomer()
    client = signed_in(server, other)
    client.post(f"/api/v1/factors/{done['factor']['id']}/stop", {"password": PASSWORD}).refused(404, "factors.not_found")
    begun = client.post("/api/v1/factors/totp", {"password": PASSWORD, "name": "x"}).ok()
    third, _ = newcomer()
    signed_in(server, third).post(f"/api/v1/factors/totp/{begun['id']}", {"code": App(begun["secret"]).code()}).refused(404, "factors.not_found")


def test_factors_api_key_of_somebody_who_enrolled_goes_on_but_gives_no_second_factor(server, newcomer):
    login, _ = newcomer(roles=("system",))
    client = signed_in(server, login)
    enrol_app(client)
    secret = client.post("/api/v1/keys", {"name": "鍵"}).ok()["secret"]
    program = server.client(key=secret)
    program.get("/v1/models").ok()
    program.post("/api/v1/factors/recovery-codes", {"password": PASSWORD}).refused(403, "policy.second_factor")


def strict_server(folder, settings, change):
    profile = copy.deepcopy(PROFILE)
    change(profile)
    return set_up(Server(folder / "data", SETTINGS + settings), profile).start()


def test_factors_segment_asks_everybody_for_two(tmp_path):
    def change(profile):
        profile["segments"][0]["factors"] = 2
    server = strict_server(tmp_path, '[listen]\nsegment = "mynumber"\n', change)
    try:
        client = signed_in(server, "hanako")
        session = client.get("/api/v1/session").ok()
        assert (session["segment"], session["second_factor"], session["second_factor_enrolled"]) == ("mynumber", "needed", False)
        client.get("/api/v1/chats").refused(403, "policy.second_factor")
        enrol_app(client)
        client.get("/api/v1/chats").ok()
        admin = signed_in(server, "kanri")
        enrol_app(admin)
        secret = admin.post("/api/v1/keys", {"name": "鍵"}).ok()["secret"]
        assert server.client(key=secret).get("/v1/models").status == 403, "a key alone is one kind of proof"
    finally:
        server.stop()
    server.verify_log("shiken")
    # The command line on the machine itself is as before.
    server.cli("collection", "list", "--body", "shiken", "--user", "hanako")


def test_factors_profile_asks_those_who_hold_certain_powers(tmp_path):
    def change(profile):
        profile["two_factor_powers"] = ["users.manage"]
    server = strict_server(tmp_path, "", change)
    try:
        assert due(signed_in(server, "hanako")) == "not_needed"
        admin = signed_in(server, "kanri")
        assert due(admin) == "needed"
        admin.get("/api/v1/users").refused(403, "policy.second_factor")
        enrol_app(admin)
        admin.get("/api/v1/users").ok()
    finally:
        server.stop()
