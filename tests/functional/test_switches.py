"""What cases of the security office switch in the product: each on and off through the interface, as people do it.

The people of shiken.py: the posts top, division_head, manager and service_permitter are the role kanri (kacho of zeimu, fukacho of fukushi); head and
system_manager the role system (kanri).
"""
import contextlib

import pytest
from sekisho import PASSWORD, Client, wait_until
from test_office import CASES, case_of, move, open_case

NO_WISH = {"outside_networks": "", "private_networks": "", "training": [], "training_months": None, "training_from": None}
ELSEWHERE = "127.0.0.2"


@contextlib.contextmanager
def wished(admin, **wish):
    admin.put("/api/v1/switches", NO_WISH | wish).ok()
    try:
        yield
    finally:
        admin.put("/api/v1/switches", NO_WISH).ok()


def on(admin, case):
    return [s["name"] for s in admin.get("/api/v1/switches").ok()["items"] if s["about"] == case["id"] and s["on"]]


@pytest.fixture(scope="module")
def somebody(server, admin):
    """Somebody of whom nothing else depends; made anew for each login name."""
    made = {}
    departments = {d["code"]: d["id"] for d in admin.get("/api/v1/departments").ok()["items"]}

    def get(login):
        if login not in made:
            made[login] = admin.post("/api/v1/users", {"login": login, "name": f"{login} さん", "department_id": departments["zeimu"], "roles": ["shokuin"], "clearance": 2,
                                                       "password": PASSWORD}).ok()["user"]
            first = server.client()
            first.login(login).ok()
            if first.session["password_must_change"]:
                first.put("/api/v1/session/password", {"current": PASSWORD, "next": PASSWORD + "x"}).ok()
                made[login]["secret"] = PASSWORD + "x"
        return made[login]
    return get


def log_in(server, user, source=None):
    client = Client(server.port, source=source)
    return client, client.login(user["login"], user.get("secret", PASSWORD))


CHECKED = {"done": True}


def service_case(manager, admin, fukacho, **more):
    """An external service, from the idea to its approval."""
    case = open_case(manager, "external-services", **{"service": "例示の生成AI", "provider": "例示社", "purpose": "文案", "class": {"c": 2, "i": 1, "a": 1}} | more)
    move(manager, case, "consider", considered="要る").ok()
    items = ("purpose", "measures", "unintended", "people", "incident", "performance", "lacking", "exit", "audit", "sla", "law", "court", "sub", "level", "design")
    move(manager, case, "select", conditions={k: CHECKED for k in items}, regions="日本", law="日本法", requirements="暗号化").ok()
    move(admin, case, "trusted", trust="監査報告を確かめた").ok()
    move(manager, case, "request", conform=True).ok()
    move(fukacho, case, "approve", until="2030-03-31", manager="kacho", listed="1").ok()
    return case


def test_switches_an_approved_service_makes_the_endpoint_work_and_its_end_stops_it(admin, manager, other_manager, staff, model):
    case = service_case(manager, admin, other_manager)
    services = [s for s in admin.get("/api/v1/services").ok()["items"] if s["approval"] == case["number"]]
    assert [(s["state"], s["ceiling"], s["provider"]) for s in services] == [("in force", 2, "例示社")] and on(admin, case) == ["service.approved"]
    made = admin.post("/api/v1/endpoints", {"name": "承認の試験", "protocol": "openai", "url": model.url, "model": "ok", "ceiling": 2, "segments": ["lgwan"], "enabled": True,
                                            "service": services[0]["id"]}).ok()["id"]
    admin.new_flow(made, "lgwan")
    state = lambda: next(e["state"] for e in admin.get("/api/v1/endpoints").ok()["items"] if e["id"] == made)
    ask = lambda: staff.answer(staff.new_chat([], made), "文案を書いてください。")
    assert state() == "usable" and ask()["engine"] == "承認の試験"
    move(manager, case, "built", build_check={k: CHECKED for k in ("rules", "access", "crypto", "tools", "errors")}).ok()
    assert state() == "usable"  # the approval goes on
    move(manager, case, "stop", note="提供者の事故").ok()
    assert state() == "not approved" and on(admin, case) == []
    answer = ask()
    assert answer["engine"] != "承認の試験" and "13(2)エ" in answer["text"], answer
    move(other_manager, case, "resume", note="対策を確かめた").ok()
    assert state() == "usable" and ask()["engine"] == "承認の試験"  # the same record, under the same endpoint
    move(other_manager, case, "renew", until="2031-03-31").ok()
    assert state() == "usable" and [s["valid_to"][:10] for s in admin.get("/api/v1/services").ok()["items"] if s["approval"] == case["number"]] == ["2031-03-31"]
    move(manager, case, "begin_end", note="使い終わった").ok()
    assert state() == "not approved" and "13(2)エ" in ask()["text"]


def test_switches_a_permit_opens_the_way_from_outside_and_its_end_closes_it(server, admin, somebody):
    user = somebody("soto")
    inside, _ = log_in(server, user)
    key = inside.post("/api/v1/keys", {"name": "試験"}).json.get("secret")
    with wished(admin, outside_networks=f"{ELSEWHERE}/32"):
        assert inside.get("/api/v1/session").status == 200  # from here nothing is asked for
        _, refused = log_in(server, user, ELSEWHERE)
        problem = refused.refused(403, "switches.outside")
        assert problem["clause"] == "11(2)イ(ア)" and problem["who_can_permit"]
        case = open_case(inside, "remote-access", system="庁内", purpose="在宅", place="自宅", **{"class": {"c": 2, "i": 1, "a": 1}, "from": "2026-01-01", "until": "2035-03-31"}, identity="証明書")
        move(inside, case, "submit").ok()
        move(admin, case, "grant_alone", note="二つの役を兼ねるため").ok()
        outside, entered = log_in(server, user, ELSEWHERE)
        entered.ok()
        assert outside.get("/api/v1/session").status == 200 and on(admin, case) == ["entry.outside"]
        move(admin, case, "revoke", note="端末をなくしたため").ok()
        assert outside.get("/api/v1/session").status == 401 and inside.get("/api/v1/session").status == 200
        log_in(server, user, ELSEWHERE)[1].refused(403, "switches.outside")
        if key:
            assert Client(server.port, key=key, source=ELSEWHERE).get("/v1/models").status == 401
    outside, entered = log_in(server, user, ELSEWHERE)  # nothing is wished, nothing is asked for
    entered.ok()


def test_switches_a_private_device_needs_its_permit(server, admin, manager, somebody):
    user = somebody("shibutsu")
    inside, _ = log_in(server, user)
    with wished(admin, private_networks=f"{ELSEWHERE}/32"):
        assert log_in(server, user, ELSEWHERE)[1].refused(403, "switches.private_device")["clause"] == "10(1)ア(エ)a"
        case = open_case(inside, "private-devices", device="電話", device_kind="mobile", purpose="待機", **{"class": {"c": 1, "i": 1, "a": 1}, "from": "2026-01-01", "until": "2035-03-31"}, rules_read=True,
                         protection="施錠")
        move(inside, case, "submit").ok()
        move(manager, case, "grant").ok()
        phone, entered = log_in(server, user, ELSEWHERE)
        entered.ok()
        move(inside, case, "finish", erased=True).ok()
        assert phone.get("/api/v1/session").status == 401


def test_switches_an_exception_lifts_the_rule_for_whom_it_names(server, admin, manager, other_manager, somebody):
    named, another = somebody("reigai"), somebody("hoka")
    with wished(admin, outside_networks=f"{ELSEWHERE}/32"):
        more = {"from": "2026-01-01", "until": "2035-03-31", "clause": "11(2)イ(ア)", "rule": "entry_outside"}
        case = open_case(other_manager, "exceptions", subject_="災害", way="other", reason="道が閉じている", measure="時間を限る", **more)
        move(other_manager, case, "submit").refused(400, "office.missing")
        moved = other_manager.patch(f"/api/v1/office/cases/{case['id']}", {"hash": case_of(other_manager, case)["hash"], "fields": {"lifted_for": [named["login"]]}})
        moved.ok()
        move(other_manager, case, "submit").ok()
        move(manager, case, "grant").ok()
        entered, answer = log_in(server, named, ELSEWHERE)
        answer.ok()
        log_in(server, another, ELSEWHERE)[1].refused(403, "switches.outside")
        move(manager, case, "revoke", note="道が開いたため").ok()
        assert entered.get("/api/v1/session").status == 401


def test_switches_a_measure_stops_rights_whatever_is_done_to_the_account(server, admin, manager, endpoint, somebody):
    user = somebody("ihan")
    first, _ = log_in(server, user)
    second, _ = log_in(server, user)
    def measure():
        case = open_case(admin, "violations", what="持ち出した", source="staff", seen_at="2026-11-26T09:00:00+09:00", concerned=user["login"], concerned_unit="zeimu")
        move(admin, case, "confirm", facts="確かめた").ok()
        move(admin, case, "demand_head", demand="改めさせる").ok()
        move(manager, case, "not_corrected", unhelped="改まらない").ok()
        return case
    one, two = measure(), measure()
    waits = lambda case: [i["severity"] for i in admin.get("/api/v1/decisions").ok()["items"] if i["href"].endswith(case["id"])]
    running = first.ask(first.new_chat([], endpoint("slow")), "長く答えてください。")
    next(iter(running))
    move(admin, one, "stop_rights", note="改まらないため", stopped_from="2026-11-26", stopped_rights="すべて").ok()
    assert first.get("/api/v1/session").status == second.get("/api/v1/session").status == 401
    assert not [e for e in running.all() if e.name == "done"]  # the answer was cut
    refused = log_in(server, user)[1].refused(403, "switches.rights_stopped")
    assert refused["clause"] == "12(6)イ(ウ)"
    move(admin, two, "stop_rights", note="改まらないため", stopped_from="2026-11-26", stopped_rights="すべて").ok()
    admin.patch(f"/api/v1/users/{user['id']}", {"enabled": True}).ok()
    log_in(server, user)[1].refused(403, "switches.rights_stopped")
    assert waits(one) == waits(two) == [3], "rights that are stopped wait for whoever may give them back"
    move(admin, one, "restore_rights", note="改まった", restored_on="2026-11-26").ok()
    log_in(server, user)[1].refused(403, "switches.rights_stopped")  # the other one holds
    move(admin, two, "close_stopped", note="終える").ok()
    log_in(server, user)[1].refused(403, "switches.rights_stopped")  # closed, and stopped all the same
    assert waits(one) == [] and waits(two) == [3], "also where the case is closed"
    move(admin, two, "restore_rights", note="改まった", restored_on="2026-11-26").ok()
    assert waits(two) == []
    log_in(server, user)[1].ok()
    assert first.get("/api/v1/session").status == 401  # what was cut stays cut


def test_switches_training_comes_before_asking_a_model(server, admin, manager, somebody):
    user = somebody("kenshu")
    client, _ = log_in(server, user)
    case = open_case(manager, "training-sessions", name="AIの使い方", kind="literacy")
    with wished(admin, training=["literacy"], training_months=12):
        chat = client.new_chat()
        ask = lambda: client.post(f"/api/v1/chats/{chat}/messages", {"text": "こんにちは", "parent_id": None, "regenerate_of": None})
        problem = ask().refused(403, "switches.training")
        assert problem["clause"] == "10(2)エ" and "研修の実施と受講" in problem["title"] and problem["who_can_permit"]
        rows = [{"person": user["login"], "result": "excused"}]
        move(manager, case, "hold", held_on="2026-11-20", target=1, attended=0, attendance=rows).ok()
        ask().refused(403, "switches.training")
        move(manager, case, "make_up", attendance=[rows[0] | {"result": "made_up"}], attended=1).ok()
        assert ask().status == 200
        move(manager, case, "close").ok()
        assert ask().status == 200  # it stays when the case is closed


def test_switches_wishes_are_checked_and_lock_nobody_out(admin, staff):
    staff.put("/api/v1/switches", NO_WISH).refused(403)
    staff.get("/api/v1/switches").refused(403)
    for wrong in ({"outside_networks": "300.1.1.1/8"}, {"training_months": 0}, {"training_from": "きのう"}, {"training": ["x" * 50]}):
        admin.put("/api/v1/switches", NO_WISH | wrong).refused(400, "switches.wish")
    admin.put("/api/v1/switches", NO_WISH | {"outside_networks": "127.0.0.1/32"}).refused(409, "switches.own_session")
    assert admin.get("/api/v1/switches").ok()["wish"] == NO_WISH


def test_switches_a_step_of_anybodys_opens_nothing_else(admin, manager, other, kansa):
    case = open_case(manager, "training-sessions", name="標的型の訓練", kind="targeted", teacher="外部の講師")
    other.get(f"/api/v1/office/cases/{case['id']}").refused(404, "office.not_found")
    move(manager, case, "hold", held_on="2026-11-20", target=2, attended=1, attendance=[{"person": "hanako", "result": "excused"}]).ok()
    seen = other.get(f"/api/v1/office/cases/{case['id']}").ok()
    assert [f["key"] for f in seen["fields"]] == ["name"] and [a["transition"] for a in seen["actions"]] == ["attend"]
    assert not seen["may_comment"] and seen["history"] == seen["notices"] == seen["links"] == []
    assert case["id"] not in {i["id"] for i in other.get(CASES.format("training-sessions")).ok()["items"]}
    path = f"/api/v1/office/cases/{case['id']}"
    other.post(f"{path}/comments", {"text": "x"}).refused(403, "office.not_yours")
    other.post(f"{path}/participants", {"login": "jiro"}).refused(403, "office.not_yours")
    other.patch(path, {"hash": seen["hash"], "fields": {"teacher": "x"}}).refused(403, "office.not_your_field")
    made = move(other, case, "attend").ok()
    assert [f["key"] for f in made["fields"]] == ["name"] and made["history"] == []
    assert any(e["title"].startswith("受講した") and e["name"] == "jiro さん" for e in case_of(manager, case)["history"])
    move(manager, case, "close").ok()
    assert [f["key"] for f in other.get(path).ok()["fields"]] == ["name"]  # what he did he may see again, and no more


def test_switches_a_blocked_question_opens_an_incident(admin, staff, manager):
    chat = staff.new_chat()
    staff.post(f"/api/v1/chats/{chat}/messages", {"text": "番号は123456789018です", "parent_id": None, "regenerate_of": None}).refused(403, "guards.blocked")
    found = wait_until(lambda: [i for i in admin.get(CASES.format("incidents")).ok()["items"] if "送信を止めました" in i["subject"]], 20, "the incident")
    assert case_of(admin, found[0])["opener"] == "プログラム" and "123456789018" not in str(case_of(admin, found[0]))


def test_switches_who_goes_on_trying_where_logins_are_held_up_opens_an_incident(server, admin):
    for _ in range(5):
        server.client().login("darenimo", "chigau").refused(401)
    server.client().login("darenimo", "chigau").refused(429, "accounts.locked")
    found = wait_until(lambda: [i for i in admin.get(CASES.format("incidents")).ok()["items"] if "試す人がいます" in i["subject"]], 20, "the incident")
    server.client().login("darenimo", "chigau").refused(429)
    seen = case_of(admin, found[0])
    assert seen["opener"] == "プログラム" and "127.0.0.1" in str(seen["fields"]) and "darenimo" not in str(seen)
