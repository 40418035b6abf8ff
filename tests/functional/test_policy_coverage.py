"""Coverage: every enforced control is turned off in a running server and its row, with its clauses, turns red within five seconds; evidence, gaps,
duties, the dossier and the command.

BREAKS has one entry for each probe of the program (src/apps/probes.cpp): a probe without one fails the suite."""
import base64
import contextlib
import html
import json
import os
import re
import shutil
import sqlite3
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from sekisho import BINARY, PASSWORD, ROOT, Server, is_clear, wait_until
from shiken import PROFILE, carry_out, kinds_of_requests, set_up

PROBES = re.findall(r'Row\{"(\w+)", (?:true|false), probes::', (ROOT / "src/apps/probes.cpp").read_text(encoding="utf-8"))
CATALOGUE = json.loads((ROOT / "packs/standard/controls.json").read_text(encoding="utf-8"))["controls"]
ENFORCED = {c["probe"]: c for c in CATALOGUE if c["kind"] == "enforced"}
BODY = PROFILE | {
    "segments": [PROFILE["segments"][0] | {"factors": 2}, *PROFILE["segments"][1:]], "elevation": {"asked": True},
    "two_person_changes": ["services", "flows", "endpoints"]}
SECONDS = 5
ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


# --- the world -------------------------------------------------------------------------------------------------------------------------


class World:
    """A server whose controls are all on, a policy with a clause for each of them, and what an attacker has: its files and its database."""

    def __init__(self, folder):
        self.folder, self.extra = folder, {}
        self.packs, self.worker, self.backups = folder / "packs", folder / "worker", folder / "backups"
        shutil.copytree(ROOT / "packs", self.packs)
        (self.packs / "approvals/kinds.json").write_text(kinds_of_requests(), encoding="utf-8")  # with a form that staff fill in
        shutil.copy2(BINARY.with_name("sekisho-worker"), self.worker)
        self.backups.mkdir()
        self.server = set_up(Server(folder / "data"), BODY)
        self.database = self.server.data / "bodies/shiken/body.db"
        self.configure({})
        self.server.cli("backup", "key")
        self.server.cli("backup", "create")
        self.server.cli("backup", "drill")
        self.server.shift_clock(0)
        self.server.start()
        self.log_in()

    def configure(self, extra):
        settings = {"packs.dir": str(self.packs), "worker.path": str(self.worker), "backup.folder": str(self.backups), "backup.tick_ms": 0, "clock.interval_ms": 300,
                    "lockout.source_attempts": 1000} | extra
        tables = {}
        for name, value in settings.items():
            table, key = name.split(".")
            tables.setdefault(table, []).append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
        self.server.config.write_text("\n".join(f"[{t}]\n" + "\n".join(rows) for t, rows in tables.items()) + "\n", encoding="utf-8")

    def restart(self, extra):
        self.server.stop()
        self.configure(extra)
        self.server.start()
        self.log_in()

    def log_in(self):
        self.admin = self.server.client()
        self.admin.login("kanri").ok()

    def sql(self, *statements, **values):
        with contextlib.closing(sqlite3.connect(self.database, timeout=20)) as db:
            db.execute("PRAGMA ignore_check_constraints = ON")
            rows = [db.execute(s, values if ":" in s else ()).fetchall() for s in statements]
            db.commit()
            return rows[-1]

    @contextlib.contextmanager
    def without_trigger(self, name):
        ((text,),) = self.sql("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name", name=name)
        self.sql(f"DROP TRIGGER {name}")
        try:
            yield
        finally:
            self.sql(text)

    def coverage(self, **query):
        path = "/api/v1/policies/coverage" + "".join(f"{'&' if n else '?'}{k}={v}" for n, (k, v) in enumerate(query.items()))
        return self.admin.get(path).ok()

    def states(self):
        return {c["id"]: c for c in self.coverage()["controls"]}

    def import_policy(self):
        """One clause for each enforced control, in words that lead to it; its meaning is confirmed by a person."""
        lines = ["第１章 守ること", ""]
        for number, control in enumerate(ENFORCED.values(), 1):
            lines += [f"{number} {control['title']}", "", f"(1) {''.join(control.get('words', [])[:1])}について、{control['title']}を守らなければならない。", ""]
        made = self.admin.post("/api/v1/policies", {"name": "houshin.txt", "content": base64.b64encode("\n".join(lines).encode()).decode()}).ok()
        version = made["version"]
        where = f"/api/v1/policies/versions/{version}/meanings"
        decisions = []
        for item in self.admin.get(where).ok()["items"]:
            control = next((c for c in ENFORCED.values() if f"{c['title']}を守" in item["text"]), None)
            if control is None:
                decisions.append({"clause": item["clause"], "hash": item["hash"], "state": "refused"})
            else:
                decisions.append({"clause": item["clause"], "hash": item["hash"], "state": "confirmed", "modality": "must", "actor": "system", "object": control["title"],
                                  "kind": "enforce", "capability": control["capabilities"][0]})
        self.admin.post(where, {"items": decisions}).ok()
        self.admin.post(f"/api/v1/policies/versions/{version}/declare", {"effective_on": "2026-04-01", "decision": "委員会"}).ok()
        self.admin.post(f"/api/v1/policies/documents/{made['document']}/reading").ok()
        self.admin.put("/api/v1/policies/readings/rule", {"before_ai": True, "grace_days": 14}).ok()
        return version


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("coverage"))
    world.version = world.import_policy()
    # The first minute: the backup's set is there from before, so nothing has to be waited for.
    world.before = world.states()
    yield world
    world.server.stop()
    world.server.verify_log("shiken")


# --- how each is turned off --------------------------------------------------------------------------------------------------------------


def settings(**extra):
    """As an operator would: the server is started again with other settings."""
    @contextlib.contextmanager
    def broken(world):
        try:
            world.restart({name.replace("__", "."): value for name, value in extra.items()})
            yield
        finally:
            world.restart({})
    broken.restarts = True
    return broken


def changed(select, update, *undo_columns):
    """As somebody with the database would: a row is changed, and put back as it was. `select`: key and the columns that change."""
    @contextlib.contextmanager
    def broken(world):
        table = re.match(r"UPDATE (\w+)", update).group(1)
        before = world.sql(f"SELECT rowid, {', '.join(undo_columns)} FROM {table} {select}")
        assert before, (table, select)
        world.sql(f"{update} {select}")
        try:
            yield
        finally:
            for rowid, *values in before:
                sets = ", ".join(f"{c} = :v{i}" for i, c in enumerate(undo_columns))
                world.sql(f"UPDATE {table} SET {sets} WHERE rowid = :rowid", rowid=rowid, **{f"v{i}": v for i, v in enumerate(values)})
    return broken


def inserted(insert, delete, **values):
    @contextlib.contextmanager
    def broken(world):
        world.sql(insert, **values)
        try:
            yield
        finally:
            world.sql(delete)
    return broken


def mode(path, bits):
    @contextlib.contextmanager
    def broken(world):
        target = world.server.data / path
        before = target.stat().st_mode
        target.chmod(bits)
        try:
            yield
        finally:
            target.chmod(before)
    return broken


def moved(path_of):
    @contextlib.contextmanager
    def broken(world):
        path = path_of(world)
        aside = path.with_name(path.name + ".aside")
        path.rename(aside)
        try:
            yield
        finally:
            aside.rename(path)
    return broken


def pack(name, change):
    """Another pack than the one that was shipped, read at the start."""
    @contextlib.contextmanager
    def broken(world):
        path = world.packs / name
        before = path.read_text(encoding="utf-8")
        path.write_text(change(before), encoding="utf-8")
        try:
            world.restart({})
            yield
        finally:
            path.write_text(before, encoding="utf-8")
            world.restart({})
    broken.restarts = True
    return broken


def open_to_all(text):
    changed_text = re.sub(r'("log\.read":\s*\{"power": )"log\.read"', r'\1""', text)
    assert changed_text != text
    return changed_text


@contextlib.contextmanager
def forged_leaf(world):
    with world.without_trigger("log_leaf_no_update"):
        ((seq, leaf),) = world.sql("SELECT seq, leaf FROM log_leaf ORDER BY seq DESC LIMIT 1 OFFSET 9")
        world.sql("UPDATE log_leaf SET leaf = :leaf WHERE seq = :seq", seq=seq, leaf=re.sub(r'"actor":"[^"]*"', '"actor":"nobody"', leaf))
        try:
            yield
        finally:
            world.sql("UPDATE log_leaf SET leaf = :leaf WHERE seq = :seq", seq=seq, leaf=leaf)


@contextlib.contextmanager
def self_ruled(world):
    clients = {}
    for login in ("hanako", "kacho"):
        clients[login] = world.server.client()
        clients[login].login(login).ok()
    request = clients["hanako"].post("/api/v1/approvals", carry_out()).ok()["id"]
    asked = clients["kacho"].get(f"/api/v1/approvals/{request}").ok()
    clients["kacho"].post(f"/api/v1/approvals/{request}/grant", {"content_hash": asked["content_hash"], "note": ""}).ok()
    with world.without_trigger("approval_ruling_no_update"):
        ((person,),) = world.sql("SELECT person FROM approval_ruling WHERE approval_id = :id", id=request)
        world.sql("UPDATE approval_ruling SET person = requester_person WHERE approval_id = :id", id=request)
        try:
            yield
        finally:
            world.sql("UPDATE approval_ruling SET person = :person WHERE approval_id = :id", id=request, person=person)


@contextlib.contextmanager
def endpoint_beyond_approval(world):
    world.admin.elevate()
    service = world.admin.post("/api/v1/services", {"provider": "業者", "name": "外部", "ceiling": 1, "approved_by": "統括", "approval": "承認第9号", "region": "日本", "governing_law": "日本法"}).ok()["id"]
    world.sql("UPDATE service SET waits_for = NULL")
    made = world.admin.post("/api/v1/endpoints", {"name": "試験", "protocol": "openai", "url": "http://127.0.0.1:9/v1", "model": "m", "ceiling": 1, "segments": ["lgwan"], "service": service}).ok()["id"]
    world.sql("UPDATE service SET waits_for = NULL", "UPDATE endpoint SET waits_for = NULL, ceiling = 3")
    try:
        yield
    finally:
        world.sql("DELETE FROM endpoint")
        assert made


@contextlib.contextmanager
def numbers_pass(world):
    world.admin.elevate()
    world.admin.put("/api/v1/guards/rules", {"rules": [{"kinds": ["my_number"], "parts": [], "segments": [], "accepts": [], "endpoint": "", "class_from": 1, "class_to": 9, "least": 1,
                                                        "action": "allow", "raise_to": 0, "clause": "8(1)ア", "who_can_permit": "head"}]}).ok()
    try:
        yield
    finally:
        world.admin.put("/api/v1/guards/rules", {"rules": []}).ok()


@contextlib.contextmanager
def waiting_notice(world):
    folder = world.server.data / "bodies/shiken/alarms"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{ID}.log_unwritable"
    path.write_text("", encoding="ascii")
    try:
        yield
    finally:
        path.unlink()


@contextlib.contextmanager
def clock_set(world):
    world.server.shift_clock(100)
    try:
        yield
    finally:
        world.server.shift_clock(0)
        world.admin.elevate()

        def confirmed():
            items = [a for a in world.admin.get("/api/v1/alarms").ok()["items"] if a["kind"].startswith("clock")]
            for alarm in items:
                if alarm["recorded_at"]:
                    world.admin.post(f"/api/v1/alarms/{alarm['id']}/confirm", {"finding": "試験で時計を動かした"})
            return not items
        time.sleep(1)
        wait_until(confirmed, 10, "no notice of the clock")


@contextlib.contextmanager
def program_changed(world):
    manifest, public = world.folder / "sekisho.manifest", world.folder / "ship.pub"
    common = ["--set", f"packs.dir={world.packs}"]
    world.server.cli("manifest", "make", "--out", str(manifest), *common)
    signed = json.loads(world.server.cli("manifest", "sign", "--file", str(manifest), "--key", str(world.folder / "ship.key"), "--name", "example.jp/sekisho", "--json").stdout)
    public.write_text(signed["key"] + "\n", encoding="utf-8")
    world.restart({"integrity.manifest": str(manifest), "integrity.key_file": str(public)})
    assert world.states()["program_files"]["state"] == "green"
    with open(world.packs / "policy/guards.json", "a", encoding="utf-8") as out:
        out.write("\n")
    try:
        yield
    finally:
        shutil.copy2(ROOT / "packs/policy/guards.json", world.packs / "policy/guards.json")
        world.restart({})


OTHER_WORDS = [f"zz{a}q{b}x" for a in "bcdfghjkmn" for b in "bcdfghjkmnpr"]  # a list that is long enough, of words that nobody uses
BREAKS = {
    "second_factor": changed("WHERE place = 0", "UPDATE segment_trait SET factors = 1", "factors"),
    "no_export": changed("WHERE place = 0", "UPDATE segment_trait SET export_allowed = 1", "export_allowed"),
    "default_accounts": changed("WHERE login = 'nashi'", "UPDATE account SET login = 'guest'", "login"),
    "unused_accounts": changed("WHERE login = 'jiro'", "UPDATE account SET last_login_at = 1, created_at = 1, reviewed_at = NULL", "last_login_at", "created_at", "reviewed_at"),
    "two_person_changes": changed("", "UPDATE body_profile SET profile = json_set(profile, '$.two_person_changes', json('[]'))", "profile"),
    "acknowledgement": changed("", f"UPDATE policy_reading SET document_id = '{ID}'", "document_id"),
    "emergency_stop": changed("", "UPDATE role SET powers = replace(powers, 'stops.manage', 'stops.none')", "powers"),
    "separation_of_duties": self_ruled,
    "flows": inserted("INSERT INTO flow (id, from_segment, to_segment, to_endpoint, purpose, content, route, permitted_by, valid_from, opened_by, opened_at) "
                      "VALUES (:id, 'lgwan', 'internet', '', '', '[]', '', '', 0, 'x', 0)", f"DELETE FROM flow WHERE id = '{ID}'", id=ID),
    "endpoints": endpoint_beyond_approval,
    "guards": numbers_pass,
    "log_verifies": forged_leaf,
    "log_payloads": changed("", "UPDATE log_key SET sealed = zeroblob(length(sealed))", "sealed"),
    "log_retention": inserted("INSERT INTO retention_rule (kind, months, set_by, set_at) VALUES ('content', 0, 'x', 0)", "DELETE FROM retention_rule"),
    "log_reviews": inserted("INSERT INTO review (period, months, made_at, due_at, result) VALUES ('2020-01', 1, 0, 1, '{}')", "DELETE FROM review WHERE period = '2020-01'"),
    "notices": waiting_notice,
    "data_folder": mode(".", 0o755),
    "key_files": mode("bodies/shiken/log.key", 0o644),
    "sandbox": moved(lambda world: world.worker),
    "backups": moved(lambda world: world.backups / "bodies/shiken/sets"),
    "restore_drill": changed("", "UPDATE restore_test SET good = 0", "good"),
    "clock": clock_set,
    "program_files": program_changed,
    "password_rule": pack("passwords/words.txt", lambda text: "\n".join(OTHER_WORDS)),
    "access_rules": pack("policy/actions.json", open_to_all),
    "provisional_password": settings(password__provisional_ms=2_592_000_000),
    "lockout": settings(lockout__attempts=100, lockout__privileged_attempts=99),
    "idle_timeout": settings(session__idle_ms=14_400_000),
    "absolute_timeout": settings(session__absolute_ms=172_800_000),
    "login_banner": settings(login__banner=""),
    "elevation": settings(privileges__most_minutes=480),
    "listener_sources": settings(listen__sources="0.0.0.0/0"),
    "transport": settings(listen__address="0.0.0.0", listen__sources="127.0.0.0/8, 10.0.0.0/8"),
    "forwarded_header": settings(listen__proxies="0.0.0.0/0"),
    "storage_limit": settings(storage__max_bytes=1_000_000_000_000_000),
    "disk_space": settings(disk__low_bytes=1_000_000_000_000_000),
    "log_forwarding": settings(syslog__address="127.0.0.1:9"),
}


# Rows that rest on the very thing that is broken: a drill that failed is no evidence of the check of backups either.
SHARED = {"restore_drill": {"backup_check"}}


def test_coverage_every_probe_has_a_control_and_a_way_to_turn_it_off():
    assert set(PROBES) == set(ENFORCED) == set(BREAKS) and len(PROBES) == len(set(PROBES))
    assert len(ENFORCED) == sum(1 for c in CATALOGUE if c["kind"] == "enforced"), "two controls that share a probe would be turned off only once"


def test_coverage_of_a_body_whose_controls_are_on_has_no_red_enforced_row(world):
    red = {c["id"]: c["reason"] for c in world.before.values() if c["kind"] == "enforced" and c["state"] == "red"}
    assert red == {}
    for control in world.before.values():
        assert control["reason"] and control["mend"] and control["role"] and control["clause"], control
    answered = {c["id"] for c in world.before.values() if c["clauses"]}
    wanted = {c["id"] for c in ENFORCED.values()}
    assert wanted <= answered, wanted - answered


# Those that need no other settings first: they share one start of the server.
@pytest.mark.parametrize("probe", sorted(BREAKS, key=lambda p: getattr(BREAKS[p], "restarts", False)))
def test_coverage_turning_a_control_off_turns_its_row_red(world, probe):
    with BREAKS[probe](world):
        begun = time.monotonic()
        seen = wait_until(lambda: (c := world.coverage()) and next(x for x in c["controls"] if x["id"] == ENFORCED[probe]["id"])["state"] == "red" and c, SECONDS, f"{probe} to be red")
        assert time.monotonic() - begun < SECONDS
        controls = {c["id"]: c for c in seen["controls"]}
        row = controls[ENFORCED[probe]["id"]]
        newly = {c for c in controls if controls[c]["state"] == "red" and world.before[c]["state"] != "red"}
        assert newly == {row["id"]} | SHARED.get(probe, set()), {c: controls[c]["reason"] for c in newly}
        assert row["clause"] == ENFORCED[probe]["clause"] and is_clear(row["reason"].split("（")[0]), row
        answered = {c["ref"]: c for c in seen["clauses"] if row["id"] in c["controls"]}
        assert answered and set(answered) == set(row["clauses"])
        for clause in answered.values():
            assert clause["state"] == "red" and row["title"] in clause["reason"], clause
        others = [c for c in seen["clauses"] if c["state"] == "red" and c["ref"] not in answered]
        assert others == []
    after = wait_until(lambda: (c := world.states()[ENFORCED[probe]["id"]])["state"] == world.before[c["id"]]["state"] and c, SECONDS, f"{probe} to be as before")
    assert after["clause"] == ENFORCED[probe]["clause"]


# --- evidence, gaps, duties --------------------------------------------------------------------------------------------------------------


def control_of(client, name):
    return next(c for c in client.get("/api/v1/policies/coverage").ok()["controls"] if c["id"] == name)


def days_ago(days):
    return (date.today() - timedelta(days=days)).isoformat()


def test_coverage_evidence_makes_a_row_green_and_its_withdrawal_red_again(admin, server):
    assert control_of(admin, "training_yearly")["state"] == "red"
    asked = {"control": "training_yearly", "what": "全職員の研修（受講 512 人）", "date": days_ago(40), "sha256": "ab" * 32, "link": "文書 情政第12号"}
    made = admin.post("/api/v1/policies/coverage/evidence", asked).ok()
    assert made["recorded_by"] == admin.session["user"]["name"] and made["sha256"] == "ab" * 32 and made["recorded_at"] > made["dated_at"]
    row = control_of(admin, "training_yearly")
    assert row["state"] == "green" and "受講 512 人" in row["reason"] and row["due_at"] and [e["id"] for e in row["evidence"]] == [made["id"]]
    where = f"/api/v1/policies/coverage/evidence/{made['id']}/withdraw"
    admin.post(where, {"reason": ""}).refused(400, "coverage.reason")
    admin.post(where, {"reason": "別の課の研修だった"}).ok()
    admin.post(where, {"reason": "もう一度"}).refused(409, "coverage.withdrawn")
    row = control_of(admin, "training_yearly")
    assert row["state"] == "red" and row["evidence"][0]["withdraw_reason"] == "別の課の研修だった", "what was withdrawn is still shown"


def test_coverage_evidence_grows_old(admin):
    post = lambda **more: admin.post("/api/v1/policies/coverage/evidence", {"control": "malware_means", "what": "定義の確認", **more})
    post(date=days_ago(100)).ok()
    assert control_of(admin, "malware_means")["state"] == "red"
    post(date=days_ago(20)).ok()
    assert control_of(admin, "malware_means")["state"] == "amber"
    post(date=days_ago(0), expires=days_ago(-2)).ok()
    row = control_of(admin, "malware_means")
    assert row["state"] == "amber" and row["due_at"], "its own end comes first"


@pytest.mark.parametrize("change,key", [({"control": "moon"}, "coverage.no_control"), ({"control": "lockout"}, "coverage.enforced"), ({"what": ""}, "coverage.what"),
                                        ({"what": "x" * 1001}, "coverage.what"), ({"date": "x"}, "bodies.date"), ({"date": "2999-01-01"}, "coverage.date"),
                                        ({"expires": "2020-01-01"}, "coverage.expires"), ({"sha256": "x"}, "coverage.sha256"), ({"link": "x" * 501}, "coverage.link")])
def test_coverage_evidence_that_is_not_right_is_refused(admin, change, key):
    answer = admin.post("/api/v1/policies/coverage/evidence", {"control": "audits", "what": "報告書", "date": days_ago(1)} | change)
    assert answer.status in (400, 404, 409)
    answer.refused(answer.status, key)


def test_coverage_gaps_open_close_by_themselves_and_by_a_reason(admin):
    where = "/api/v1/policies/coverage/gaps"

    def gaps(control):
        return [g for g in admin.get("/api/v1/policies/coverage").ok()["gaps"] if g["control"] == control]
    admin.post(where).ok()
    (gap,) = [g for g in gaps("audit_plan") if g["closed_at"] is None]
    assert gap["role"] and gap["clause"] == "14(1)ウ" and gap["mend"] and gap["state"] == "red"
    assert admin.post(where).ok() == {"opened": 0, "closed": 0}, "nothing changed"
    admin.post("/api/v1/policies/coverage/evidence", {"control": "audit_plan", "what": "監査計画", "date": days_ago(3)}).ok()
    assert admin.post(where).ok()["closed"] == 1
    closed = gaps("audit_plan")[0]
    assert closed["closed_at"] and closed["closed_by"] is None
    (other,) = [g for g in gaps("assets") if g["closed_at"] is None]
    admin.post(f"{where}/{other['id']}/close", {"reason": ""}).refused(400, "coverage.reason")
    admin.post(f"{where}/{other['id']}/close", {"reason": "別の台帳で管理している"}).ok()
    admin.post(f"{where}/{other['id']}/close", {"reason": "x"}).refused(409, "coverage.closed")
    admin.post(f"{where}/{ID}/close", {"reason": "x"}).refused(404, "coverage.no_gap")
    admin.post(where).ok()
    kept = gaps("assets")
    assert len(kept) == 1 and kept[0]["close_reason"] == "別の台帳で管理している" and kept[0]["closed_by"] == admin.session["user"]["name"], "a person's close stands"


def test_coverage_is_refused_without_the_power(staff, manager):
    for client in (staff, manager):
        client.get("/api/v1/policies/coverage").refused(403)
        client.get("/api/v1/policies/coverage/dossier").refused(403)
        client.post("/api/v1/policies/coverage/evidence", {"control": "audits", "what": "x", "date": days_ago(1)}).refused(403)
        client.post("/api/v1/policies/coverage/gaps").refused(403)


def test_coverage_readers_may_not_record(kansa):
    assert kansa.get("/api/v1/policies/coverage").ok()["may_manage"] is False
    kansa.post("/api/v1/policies/coverage/evidence", {"control": "audits", "what": "x", "date": days_ago(1)}).refused(403)


def test_coverage_duties_are_those_of_the_own_roles(admin, staff):
    text = "1 研修\n\n(1) 月光の符丁のため、担当は、職員に研修を受けさせなければならない。\n"
    admin.post("/api/v1/policies", {"name": "kenshu.txt", "content": base64.b64encode(text.encode()).decode()}).ok()
    mine = admin.get("/api/v1/policies/coverage/own").ok()
    assert mine["roles"] == ["担当"] and re.fullmatch(r"\d{4}-\d{2}", mine["month"])
    assert mine["items"] and all(d["role"] == "担当" and d["state"] in ("red", "amber", "green") and d["mend"] for d in mine["items"])
    order = ["red", "amber", "green", "not_applicable"]
    assert [order.index(d["state"]) for d in mine["items"]] == sorted(order.index(d["state"]) for d in mine["items"]), "most urgent first"
    theirs = staff.get("/api/v1/policies/coverage/own")
    assert theirs.ok()["items"] == [] and theirs.ok()["clauses"] == [] and "月光の符丁" not in theirs.text, "words of the policy are for those who may read it"


def test_coverage_of_other_years(admin):
    now = admin.get("/api/v1/policies/coverage").ok()
    past = admin.get(f"/api/v1/policies/coverage?year={now['year'] - 1}").ok()
    assert now["live"] and not past["live"] and past["year"] == now["year"] - 1 and past["year_label"].endswith("年度")
    enforced = [c for c in past["controls"] if c["kind"] == "enforced"]
    assert {c["state"] for c in enforced} == {"not_applicable"} and "記録がありません" in enforced[0]["reason"], "nothing was noted then"
    for wrong in (now["year"] + 1, 1999):
        admin.get(f"/api/v1/policies/coverage?year={wrong}").refused(400, "coverage.year")


def test_coverage_of_one_version(admin):
    made = admin.post("/api/v1/policies", {"name": "x.txt", "content": base64.b64encode("1 監査\n\n(1) 監査を毎年行わなければならない。\n".encode()).decode()}).ok()
    seen = admin.get(f"/api/v1/policies/coverage?version={made['version']}").ok()
    assert {c["version"] for c in seen["clauses"]} == {made["version"]} and seen["documents"][0]["version"] == made["version"]
    assert sum(sum(c["counts"].values()) for c in seen["chapters"]) == len(seen["clauses"])
    admin.get(f"/api/v1/policies/coverage?version={ID}").refused(404, "policies.not_found")


# --- the dossier and the command ---------------------------------------------------------------------------------------------------------


def test_coverage_dossier_holds_the_matrix_hashes_and_proofs_that_verify(own_server, tmp_path):
    client = own_server.client()
    client.login("kanri").ok()
    client.post("/api/v1/policies/coverage/evidence", {"control": "audits", "what": "監査報告書 <一式>", "date": days_ago(9), "sha256": "cd" * 32}).ok()
    own_server.cli("log", "export", "--body", "shiken", "--out", str(tmp_path / "export"))  # signs the head
    made = client.get("/api/v1/policies/coverage/dossier").ok()
    page = base64.b64decode(made["content"]).decode()
    assert made["name"].endswith(".html") and "監査報告書 &lt;一式&gt;" in page and "cd" * 32 in page
    assert not re.search(r"<script|https?://(?!c2sp)|<img|<link", page), "nothing from elsewhere"
    for control in CATALOGUE:
        assert control["title"] in page
    proofs = [html.unescape(p) for p in re.findall(r"<pre>(.*?)</pre>", page, re.S)]
    key, head, proof = proofs
    assert proof.endswith(head), "the proof goes up to the head"
    assert proof.startswith("c2sp.org/tlog-proof@v1"), proof[:80]

    made = client.get("/api/v1/policies/coverage/dossier?format=pdf").ok()
    assert made["name"].endswith(".pdf") and made["type"] == "application/pdf"
    book = tmp_path / "dossier.pdf"
    book.write_bytes(base64.b64decode(made["content"]))
    text = re.sub(r"\s", "", subprocess.run(["pdftotext", "-layout", str(book), "-"], check=True, capture_output=True, text=True).stdout)
    assert "監査報告書<一式>" in text and all(word in text for word in ("まとめ", "不備とその始末", "統制", "条項と統制の対応", "証拠", "記録の証明"))
    subprocess.run(["pdfdetach", "-saveall", "-o", str(tmp_path), str(book)], check=True, capture_output=True)
    assert (tmp_path / "verifier-key.txt").read_text() == key and (tmp_path / "checkpoint.txt").read_text() == head
    kept = next(tmp_path.glob("record-*.tlog-proof"))
    assert kept.read_text() == proof, "what a page breaks lies in the document as a file, too"
    info = subprocess.run(["pdfinfo", str(book)], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Tagged:\s+yes", info) and "(A4)" in info, info
    client.get("/api/v1/policies/coverage/dossier?format=docx").refused(400, "coverage.format")


def test_coverage_by_command_beside_the_server_and_without_it(own_server, tmp_path):
    out = tmp_path / "dossier.html"
    book = tmp_path / "dossier.pdf"
    seen = json.loads(own_server.cli("policy", "coverage", "--body", "shiken", "--user", "kanri", "--json", "--dossier", str(out)).stdout)
    own_server.cli("policy", "coverage", "--body", "shiken", "--user", "kanri", "--dossier", str(book))
    assert book.read_bytes().startswith(b"%PDF-1.7")
    assert {c["id"] for c in seen["controls"]} == {c["id"] for c in CATALOGUE} and "適用状況" in out.read_text(encoding="utf-8")
    lines = own_server.cli("policy", "coverage", "--body", "shiken", "--user", "kanri").stdout
    assert "不備" in lines and "× 監査の計画と記録" in lines
    assert own_server.cli("policy", "coverage", "--body", "shiken", "--user", "hanako", check=False).returncode == 1
    assert own_server.cli("policy", "coverage", "--body", "shiken", "--user", "kanri", "--dossier", "x.docx", check=False).returncode == 2
    own_server.stop()
    try:
        alone = json.loads(own_server.cli("policy", "coverage", "--body", "shiken", "--user", "kanri", "--json").stdout)
        assert {c["id"] for c in alone["controls"]} == {c["id"] for c in CATALOGUE}
    finally:
        own_server.start()
