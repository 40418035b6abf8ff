"""Organisation profiles: the same scenario under each shipped profile, appointments with dates, versions, and no word of any profile in the program."""
import base64
import datetime
import json
import re
import sqlite3
import subprocess

import pytest
from sekisho import BINARY, PASSWORD, ROOT, Server
from shiken import PROFILE, SETTINGS, carry_out

FILES = sorted(p for p in (ROOT / "packs/bodies").glob("*.json") if p.name != "schema.json")
DEMO = ROOT / "packs/demo/body.json"
JST = datetime.timezone(datetime.timedelta(hours=9))


def day(offset):
    return (datetime.datetime.now(JST).date() + datetime.timedelta(days=offset)).isoformat()


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def role_with(profile, *powers):
    return next(r["code"] for r in profile["roles"] if set(powers) <= set(r["powers"]))


def leaf_units(profile):
    parents = {u.get("parent") for u in profile["units"]}
    return [u for u in profile["units"] if u["code"] not in parents]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_profiles_carry_the_same_scenario(path, tmp_path):
    """Set up, people, login, a collection, an upload, a question, and a denial that names the permitter in that body's words."""
    profile = load(path)
    top = len(profile["confidentiality"])
    server = Server(tmp_path / "data", SETTINGS)
    password = tmp_path / "password"
    password.write_text(PASSWORD, encoding="ascii")
    server.cli("body", "create", "--code", "b", "--profile", str(path))
    people = {"holder": role_with(profile, "documents.manage", "collections.manage", "users.manage"),
              "plain": next(r["code"] for r in profile["roles"] if set(r["powers"]) == {"chat.use", "search.use", "documents.read", "approvals.use"})}
    units = leaf_units(profile)
    for (login, role), unit in zip(people.items(), (units[0], units[1])):
        server.cli("user", "create", "--body", "b", "--login", login, "--name", login, "--department", unit["code"], "--roles", role,
                   "--clearance", str(top if login == "holder" else 1), "--password-file", str(password))
    server.start()
    try:
        holder, plain = server.client(), server.client()
        assert holder.login("holder").ok()["segment"] == ("lgwan" if profile["segments"] else "")
        plain.login("plain").ok()
        opened = holder.elevate()
        assert (opened is None) == (profile.get("elevation", {}).get("asked") is False)
        words = plain.get("/api/v1/profile").ok()
        assert words["name"] == profile["name"] and words["terms"] == profile["terms"] and [s["code"] for s in words["segments"]] == [s["code"] for s in profile["segments"]]
        collection = holder.new_collection("手引", confidentiality=1, readers="all")
        assert profile["confidentiality"][0]["name"] in collection["label"]["text"] and profile["terms"]["staff"] in collection["label"]["reason"]
        assert collection["readers"] == profile["terms"]["whole_body"]
        holder.add_files(collection["id"], {"手引.txt": "備品の貸出しは、三日前までに窓口に申し込む。\n".encode()})
        answer = plain.answer(plain.new_chat([collection["id"]]), "備品の貸出しはいつまでに申し込みますか")
        assert "三日前" in answer["text"] and answer["citations"]
        names = {r["code"]: r["name"] for r in profile["roles"]}
        rules = json.loads((ROOT / "packs/policy/actions.json").read_text(encoding="utf-8"))["rules"]
        denied = plain.get("/api/v1/users").refused(403, "policy.power")
        assert denied["who_can_permit"] == names[profile["permitters"][rules["users.list"]["who_can_permit"]]]
        above = plain.post("/api/v1/collections", {"name": "x", "description": "", "confidentiality": top, "readers": "all"}).refused(403)
        assert above["who_can_permit"] == names[profile["permitters"][rules["collections.create"]["who_can_permit"]]]
        secret = holder.new_collection("秘", confidentiality=top, readers="department")["id"]
        plain.get(f"/api/v1/collections/{secret}/documents").refused(404)
        organisation = holder.get("/api/v1/organisation").ok()
        assert {u["name"] for u in organisation["units"]} == {u["name"] for u in profile["units"]} and organisation["versions"][0]["state"] == "in_force"
        shown = server.client()
        shown.get("/api/v1/organisation").refused(401)
    finally:
        server.stop()
    assert json.loads(server.cli("body", "show", "--body", "b", "--json").stdout)["roles"][0]["name"] == profile["roles"][0]["name"]
    refused = server.cli("user", "list", "--body", "b", "--user", "plain", check=False)
    assert refused.returncode == 1 and names[profile["permitters"][rules["users.list"]["who_can_permit"]]] in refused.stderr
    server.verify_log("b")


class Body:
    """A body of the profile with people in its own roles: the head, the top, who manages a unit, who makes collections there, and plain staff."""

    def __init__(self, folder, path):
        self.profile = load(path)
        self.server = Server(folder / "data", SETTINGS)
        password = folder / "password"
        password.write_text(PASSWORD, encoding="ascii")
        self.server.cli("body", "create", "--code", "b", "--profile", str(path))
        self.first, self.second = leaf_units(self.profile)[:2]
        self.plain_role = next(r["code"] for r in self.profile["roles"] if set(r["powers"]) == {"chat.use", "search.use", "documents.read", "approvals.use"})
        self.section_role = role_with(self.profile, "decide.section")
        people = {"head": (role_with(self.profile, "users.manage", "profile.manage", "stops.manage"), self.first), "top": (role_with(self.profile, "profile.confirm", "decide.top"), self.first),
                  "section": (self.section_role, self.second), "maker": (role_with(self.profile, "collections.manage", "documents.manage"), self.second),
                  "plain": (self.plain_role, self.first)}
        for login, (role, unit) in people.items():
            self.server.cli("user", "create", "--body", "b", "--login", login, "--name", login, "--department", unit["code"], "--roles", role, "--clearance", "2",
                            "--password-file", str(password))
        self.server.start()
        self.people = {login: self.login(login) for login in people}
        self.units = {d["code"]: d["id"] for d in self.people["head"].get("/api/v1/departments").ok()["items"]}

    def login(self, name):
        client = self.server.client()
        client.login(name).ok()
        client.elevate(minutes=20)
        return client

    def word(self, key):
        """The role's name behind a permitter of the rules."""
        return next(r["name"] for r in self.profile["roles"] if r["code"] == self.profile["permitters"][key])


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_profiles_carry_the_same_changes(path, tmp_path):
    """People move and stand in, the personnel list comes, a permission is asked for and given, an emergency stop acts, and the profile itself changes."""
    body = Body(tmp_path, path)
    try:
        changes_of_people(body)
        a_staff_list(body)
        a_permission(body)
        an_emergency_stop(body)
        a_new_version(body)
    finally:
        body.server.stop()
    body.server.verify_log("b")


def changes_of_people(body):
    head, plain, maker = (body.people[name] for name in ("head", "plain", "maker"))
    me = plain.session["user"]["id"]
    theirs = maker.new_collection("課限り", confidentiality=2, readers="department")["id"]
    visible = lambda: theirs in [c["id"] for c in plain.get("/api/v1/collections").ok()["items"]]
    assert not visible()
    moved = appoint(head, body.units, me, body.second["code"], body.plain_role, "main")
    assert moved["in_force"] and visible(), "the unit's content opens with the post"
    old = [a for a in head.get(f"/api/v1/appointments?user={me}").ok()["items"] if a["department_id"] == body.units[body.first["code"]] and a["in_force"]]
    for a in old:
        head.post(f"/api/v1/appointments/{a['id']}/end", {}).ok()
    assert visible()
    plain.get("/api/v1/unruled").refused(403, "policy.power")
    deputy = appoint(head, body.units, me, body.second["code"], body.section_role, "deputy", 0, 7)
    plain.get("/api/v1/unruled").ok()
    assert head.post(f"/api/v1/appointments/{deputy['id']}/end", {}).ok()["in_force"] is False
    plain.get("/api/v1/unruled").refused(403, "policy.power")


def a_staff_list(body):
    head = body.people["head"]
    category = next(c["name"] for c in body.profile["staff_categories"] if not c["contractor"])
    role = next(r["name"] for r in body.profile["roles"] if r["code"] == body.plain_role)
    row = f"N-1,meibo,名簿 一,{body.second['name']},{role},{category},1,,\r\n"
    sent = {"content": base64.b64encode(("職員番号,利用者ID,氏名,所属,役割,区分,機密性,発令日,退職日\r\n" + row).encode("cp932")).decode()}
    seen = head.post("/api/v1/staff/preview", sent).ok()
    assert seen["refused"] == [] and seen["counts"]["joins"] == 1, seen
    head.post("/api/v1/staff/import", sent | {"expect": seen["plan"]}).ok()
    made = next(u for u in head.get("/api/v1/users").ok()["items"] if u["login"] == "meibo")
    assert made["roles"] == [body.plain_role] and made["department"] == body.second["name"]


def a_permission(body):
    plain, section = body.people["plain"], body.people["section"]
    asked = plain.post("/api/v1/approvals", carry_out()).ok()
    place, = asked["slots"]
    assert place["unit"] == body.second["name"] and next(r["name"] for r in body.profile["roles"] if r["code"] == body.section_role) in place["roles"]
    signed = {"content_hash": asked["content_hash"]}
    assert plain.post(f"/api/v1/approvals/{asked['id']}/grant", signed).status == 403
    assert section.post(f"/api/v1/approvals/{asked['id']}/grant", signed).ok()["state"] in ("granted", "in_force")


def an_emergency_stop(body):
    head, top, maker = (body.people[name] for name in ("head", "top", "maker"))
    collection = maker.new_collection("止まる置き場", confidentiality=1)["id"]
    stop = head.post("/api/v1/stops", {"kind": "collection", "target": collection, "basis": "ordered", "basis_by": "試験", "reason": "不審な書込みを見つけたため"}).ok()
    refused = maker.get(f"/api/v1/collections/{collection}/documents").refused(503)
    assert refused["who_can_permit"] == body.word(load(ROOT / "packs/policy/actions.json")["rules"]["stops.release"]["who_can_permit"])
    top.post(f"/api/v1/stops/{stop['id']}/release", {"reason": "安全を確かめた"}).ok()
    maker.get(f"/api/v1/collections/{collection}/documents").ok()


def a_new_version(body):
    head, top = body.people["head"], body.people["top"]
    document = json.loads(json.dumps(body.profile))
    document["terms"]["staff"] = "勤める人"
    document["units"].append({"code": "shinsetsu", "name": "新しい係", "kind": document["units"][-1]["kind"], "parent": document["units"][0]["code"]})
    number = head.post("/api/v1/organisation/versions", {"document": document, "note": "機構改革"}).ok()["number"]
    at = f"/api/v1/organisation/versions/{number}"
    assert head.get(at).ok()["changed"] == ["terms", "units"] or sorted(head.get(at).json["changed"]) == ["terms", "units"]
    head.post(at + "/confirm", {}).refused(403)
    top.post(at + "/confirm", {}).ok()
    head.post(at + "/start", {}).ok()
    assert body.people["plain"].get("/api/v1/profile").ok()["terms"]["staff"] == "勤める人"
    assert "新しい係" in [d["name"] for d in head.get("/api/v1/departments").ok()["items"]]


def test_profiles_are_checked_with_the_place_of_the_mistake(tmp_path):
    def check(change):
        profile = load(FILES[0])
        change(profile)
        path = tmp_path / "p.json"
        path.write_text(json.dumps(profile, ensure_ascii=False), encoding="utf-8")
        return subprocess.run([str(BINARY), "body", "check", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    good = check(lambda p: None)
    assert good.returncode == 0 and "誤りはありません" in good.stdout
    for change, place in [(lambda p: p["roles"][0].pop("name"), "$.roles[0].name"), (lambda p: p["units"][0].update(kind="x"), "$.units[0].kind: no unit kind 'x'"),
                          (lambda p: p.update(extra=1), "$.extra"), (lambda p: p["confidentiality"].clear(), "$.confidentiality: 1 to 8 levels")]:
        done = check(change)
        assert done.returncode in (1, 2) and place in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_profiles_schema_is_the_programs_own():
    done = subprocess.run([str(BINARY), "body", "schema"], stdout=subprocess.PIPE, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == load(ROOT / "packs/bodies/schema.json"), "run: sekisho body schema | python3 -m json.tool --no-ensure-ascii > packs/bodies/schema.json"


def test_profiles_of_the_form_before_are_refused_and_left_as_they_are(tmp_path):
    server = Server(tmp_path / "data", SETTINGS)
    server.cli("body", "create", "--code", "b", "--profile", str(FILES[0]))
    path = tmp_path / "data/bodies/b/body.db"
    newest = max(int(p.name[:4]) for p in (ROOT / "migrations").glob("*.sql"))

    def steps(change=""):
        database = sqlite3.connect(path)
        try:
            if change:
                database.execute(change)
                database.commit()
            return [n for n, in database.execute("SELECT number FROM schema_step ORDER BY number")]
        finally:
            database.close()
    assert steps()[-1] == newest
    before = steps("DELETE FROM schema_step WHERE number >= 19")  # the program believes to see the form before
    refused = server.cli("body", "list", check=False)
    assert refused.returncode == 1 and "今の形になる前の版" in refused.stderr and len(refused.stderr.strip().splitlines()) == 1, refused.stderr
    assert steps() == before


def sources():
    for folder, suffixes in (("src", {".cpp", ".h"}), ("web/src", {".ts", ".tsx", ".css"})):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in suffixes and not re.search(r"(_test\.cpp|test_[a-z]+\.h|_bench\.cpp|_fuzz\.cpp|\.test\.tsx?)$", path.name):
                yield path, re.sub(r"(^|\s)//.*", "", path.read_text(encoding="utf-8"))


def test_profiles_words_are_not_in_the_program():
    """No name of a body, unit, role, level or segment of any profile stands in the program or in the screens."""
    words = set()
    for profile in map(load, [*FILES, DEMO]):
        words.add(profile["name"])
        for key in ("units", "roles", "segments", "confidentiality", "integrity", "availability"):
            words |= {item["name"] for item in profile[key]}
    found = [(str(path.relative_to(ROOT)), word) for path, text in sources() for word in words if word in text]
    assert not found, found


def test_profiles_name_every_permitter_of_the_rules():
    rules = json.loads((ROOT / "packs/policy/actions.json").read_text(encoding="utf-8"))["rules"]
    keys = {rule["who_can_permit"] for rule in rules.values()}
    assert all(re.fullmatch("[a-z_]+", key) for key in keys), keys
    for path in [*FILES, DEMO]:
        assert keys <= set(load(path)["permitters"]), path.name


# --- appointments ---------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def units(admin):
    return {d["code"]: d["id"] for d in admin.get("/api/v1/departments").ok()["items"]}


def new_person(admin, units, login, unit="zeimu", roles=("shokuin",)):
    made = admin.post("/api/v1/users", {"login": login, "name": f"{login} さん", "department_id": units[unit], "roles": list(roles), "password": PASSWORD}).ok()
    return made["user"]["id"]


def appoint(admin, units, user, unit, role, kind="concurrent", start=0, end=None):
    return admin.post("/api/v1/appointments", {"user_id": user, "department_id": units[unit], "role": role, "kind": kind, "from": day(start),
                                               "to": day(end) if end is not None else None, "basis": "試験の辞令"}).ok()


def test_appointments_several_hold_at_once_and_end_at_the_next_request(server, admin, units, manager, other_manager):
    """A concurrent post opens the other unit's content and its powers; ending it closes both, in an open session."""
    user = new_person(admin, units, "ninmei-1")
    theirs = other_manager.new_collection("福祉課限り", confidentiality=2, readers="department")["id"]
    client = server.client()
    client.login("ninmei-1").ok()
    visible = lambda: [c["id"] for c in client.get("/api/v1/collections").ok()["items"]]
    assert theirs not in visible()
    client.post("/api/v1/collections", {"name": "x", "description": "", "confidentiality": 1, "readers": "all"}).refused(403, "policy.power")
    made = appoint(admin, units, user, "fukushi", "kanri")
    assert made["in_force"] and made["role_name"] == "管理者" and made["department"] == "福祉課"
    assert theirs in visible()
    client.new_collection("兼務で作る", confidentiality=1)
    assert set(client.get("/api/v1/session").ok()["user"]["roles"]) == {"職員", "管理者"}
    assert admin.post(f"/api/v1/appointments/{made['id']}/end", {}).ok()["in_force"] is False
    assert theirs not in visible()
    client.post("/api/v1/collections", {"name": "x", "description": "", "confidentiality": 1, "readers": "all"}).refused(403, "policy.power")


def test_appointments_hold_from_their_first_to_their_last_day(server, admin, units):
    user = new_person(admin, units, "ninmei-2", roles=())
    client = server.client()
    client.login("ninmei-2").ok()
    for start, end, holds in [(1, None, False), (-3, -1, False), (-1, 0, True)]:
        appoint(admin, units, user, "zeimu", "shokuin", "deputy", start, end)
        (client.get("/api/v1/chats").ok() if holds else client.get("/api/v1/chats").refused(403, "policy.power"))
    listed = admin.get(f"/api/v1/appointments?user={user}").ok()["items"]
    assert sorted(a["in_force"] for a in listed) == [False, False, True, True]  # the place itself is one
    admin.post("/api/v1/appointments", {"user_id": user, "department_id": units["zeimu"], "role": "shokuin", "kind": "main", "from": day(1), "to": day(0), "basis": "x"}).refused(400, "bodies.date")
    admin.post("/api/v1/appointments", {"user_id": user, "department_id": units["zeimu"], "role": "nobody", "kind": "main", "from": day(1), "basis": "x"}).refused(400, "accounts.role")


def test_appointments_leaving_ends_everything(server, admin, units):
    user = new_person(admin, units, "ninmei-3")
    appoint(admin, units, user, "fukushi", "kanri")
    appoint(admin, units, user, "joho", "kanri", "secondment", 5)
    client = server.client()
    client.login("ninmei-3").ok()
    admin.post(f"/api/v1/users/{user}/leave", {"last_day": day(1)}).ok()
    client.get("/api/v1/chats").ok()
    assert {a["to"] for a in admin.get(f"/api/v1/appointments?user={user}").ok()["items"] if a["in_force"]} == {day(1)}
    admin.post(f"/api/v1/users/{user}/leave", {}).ok()
    client.get("/api/v1/chats").refused(401)
    problem = server.client().login("ninmei-3").refused(401, "accounts.no_appointment")
    assert problem["clause"]


def test_appointments_nobody_changes_his_own(admin, units):
    me = admin.get("/api/v1/session").ok()["user"]["id"]
    body = {"user_id": me, "department_id": units["joho"], "role": "kanri", "kind": "concurrent", "from": day(0), "basis": "x"}
    problem = admin.post("/api/v1/appointments", body).refused(403, "appointments.self")
    assert problem["who_can_permit"] == "担当"
    admin.post(f"/api/v1/users/{me}/leave", {}).refused(403, "appointments.self")


# --- versions -------------------------------------------------------------------------------------------------------------------


def test_versions_are_drafted_confirmed_by_another_and_put_in_force(own_server, prepared):
    admin = prepared("kanri")
    units = {d["code"]: d["id"] for d in admin.get("/api/v1/departments").ok()["items"]}
    new_person(admin, units, "kakunin", "joho", ["system"])
    second = own_server.client()
    second.login("kakunin").ok()
    old = admin.get("/api/v1/organisation").ok()
    assert [v["state"] for v in old["versions"]] == ["in_force"]
    document = json.loads(json.dumps(PROFILE))
    document["terms"]["staff"] = "職員等"
    document["roles"][2]["name"] = "情報担当者"
    document["units"] = [u for u in document["units"] if u["code"] != "fukushi"] + [{"code": "hisho", "name": "秘書係", "kind": "ka", "parent": "shimin"}]
    broken = json.loads(json.dumps(document))
    broken["roles"][0]["superior"] = "x"
    assert admin.post("/api/v1/organisation/versions", {"document": broken, "note": "x"}).refused(400, "bodies.profile")["where"].startswith("$.roles[0].superior")
    fewer = json.loads(json.dumps(document))
    fewer["segments"].pop()
    admin.post("/api/v1/organisation/versions", {"document": fewer, "note": "x"}).refused(409, "bodies.cannot_follow")
    number = admin.post("/api/v1/organisation/versions", {"document": document, "note": "機構改革"}).ok()["number"]
    at = f"/api/v1/organisation/versions/{number}"
    assert sorted(admin.get(at).ok()["changed"]) == ["roles", "terms", "units"]
    admin.post(at + "/start", {}).refused(409, "bodies.version_state")
    problem = admin.post(at + "/confirm", {}).refused(403, "bodies.same_person")
    assert problem["clause"] == "6(8)ア" and problem["who_can_permit"] == "管理者"
    assert second.post(at + "/confirm", {}).ok()["state"] == "confirmed"
    assert admin.get("/api/v1/profile").ok()["terms"]["staff"] == "職員"
    assert admin.post(at + "/start", {}).ok()["state"] == "in_force"
    assert admin.get("/api/v1/profile").ok()["terms"]["staff"] == "職員等"
    new = admin.get("/api/v1/organisation").ok()
    assert [v["state"] for v in new["versions"]] == ["in_force", "superseded"]
    assert {u["code"] for u in new["units"] if u["in_force"]} == {"shimin", "zeimu", "joho", "hisho"}
    assert "fukushi" not in [d["code"] for d in admin.get("/api/v1/departments").ok()["items"]]
    # A refusal names the permitter in the new words at once.
    plain = prepared("nashi")
    assert plain.get("/api/v1/users").refused(403)["who_can_permit"] == "情報担当者"
    # A role that somebody holds cannot vanish; the way for a body with one person is open, and leaves its reason.
    document["roles"] = [r for r in document["roles"] if r["code"] != "nashi"]
    admin.post("/api/v1/organisation/versions", {"document": document, "note": "x"}).refused(409, "bodies.cannot_follow")
    document["roles"].append(next(r for r in PROFILE["roles"] if r["code"] == "nashi"))
    number = admin.post("/api/v1/organisation/versions", {"document": document, "note": "一人で"}).ok()["number"]
    assert admin.post(f"/api/v1/organisation/versions/{number}/confirm", {"exception": "担当が一人しかいない"}).ok()["exception"] == "担当が一人しかいない"
