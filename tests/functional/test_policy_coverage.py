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
from shiken import PROFILE, carry_out, set_up

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
        settings = {"packs.dir": str(self.packs), "worker.path": str(self.worker), "backup.folder": str(self.backups), "clock.interval_ms": 300,
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
        yield
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
        self.admin.post(where, {"decisions": decisions}).ok()
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
        world.restart({name.replace("__", "."): value for name, value in extra.items()})
        yield
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
        yield
        for rowid, *values in before:
            sets = ", ".join(f"{c} = :v{i}" for i, c in enumerate(undo_columns))
            world.sql(f"UPDATE {table} SET {sets} WHERE rowid = :rowid", rowid=rowid, **{f"v{i}": v for i, v in enumerate(values)})
    return broken


def inserted(insert, delete, **values):
    @contextlib.contextmanager
    def broken(world):
        world.sql(insert, **values)
        yield
        world.sql(delete)
    return broken


def mode(path, bits):
    @contextlib.contextmanager
    def broken(world):
        target = world.server.data / path
        before = target.stat().st_mode
        target.chmod(bits)
        yield
        target.chmod(before)
    return broken


def moved(path_of):
    @contextlib.contextmanager
    def broken(world):
        path = path_of(world)
        aside = path.with_name(path.name + ".aside")
        path.rename(aside)
        yield
        aside.rename(path)
    return broken


def pack(name, change):
    """Another pack than the one that was shipped, read at the start."""
    @contextlib.contextmanager
    def broken(world):
        path = world.packs / name
        before = path.read_text(encoding="utf-8")
        path.write_text(change(before), encoding="utf-8")
        world.restart({})
        yield
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
        yield
        world.sql("UPDATE log_leaf SET leaf = :leaf WHERE seq = :seq", seq=seq, leaf=leaf)


@contextlib.contextmanager
def self_ruled(world):
    clients = {}
    for login in ("hanako", "kacho"):
        clients[login] = world.server.client()
        clients[login].login(login).ok()
    request = clients["hanako"].post("/api/v1/approvals", carry_out()).ok()["id"]
    asked = clients["kacho"].get(f"/api/v1/approvals/{request}").ok()
    clients["kacho"].post(f"/api/v1/approvals/{request}/grant", {"hash": asked["hash"]}).ok()
    with world.without_trigger("approval_ruling_no_update"):
        ((person,),) = world.sql("SELECT person FROM approval_ruling WHERE approval_id = :id", id=request)
        world.sql("UPDATE approval_ruling SET person = requester_person WHERE approval_id = :id", id=request)
        yield
        world.sql("UPDATE approval_ruling SET person = :person WHERE approval_id = :id", id=request, person=person)


@contextlib.contextmanager
def endpoint_beyond_approval(world):
    world.admin.elevate()
    service = world.admin.post("/api/v1/services", {"provider": "業者", "name": "外部", "ceiling": 1, "approved_by": "統括", "approval": "承認第9号", "region": "日本", "governing_law": "日本法"}).ok()["id"]
    made = world.admin.post("/api/v1/endpoints", {"name": "試験", "protocol": "openai", "url": "http://127.0.0.1:9/v1", "model": "m", "ceiling": 1, "segments": ["lgwan"], "service": service}).ok()["id"]
    world.sql("UPDATE service SET waits_for = NULL", "UPDATE endpoint SET waits_for = NULL, ceiling = 3")
    yield
    world.sql("DELETE FROM endpoint")
    assert made


@contextlib.contextmanager
def numbers_pass(world):
    world.admin.elevate()
    world.admin.put("/api/v1/guards/rules", {"rules": [{"kinds": ["my_number"], "parts": [], "segments": [], "accepts": [], "endpoint": "", "class_from": 1, "class_to": 9, "least": 1,
                                                        "action": "allow", "raise_to": 0, "clause": "8(1)ア", "who_can_permit": "head"}]}).ok()
    yield
    world.admin.put("/api/v1/guards/rules", {"rules": []}).ok()


@contextlib.contextmanager
def waiting_notice(world):
    folder = world.server.data / "bodies/shiken/alarms"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{ID}.log_unwritable"
    path.write_text("", encoding="ascii")
    yield
    path.unlink()


@contextlib.contextmanager
def clock_set(world):
    world.server.shift_clock(100)
    yield
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
    yield
    shutil.copy2(ROOT / "packs/policy/guards.json", world.packs / "policy/guards.json")
    world.restart({})


NOW = int(time.time() * 1e6)
BREAKS = {
    "second_factor": changed("WHERE place = 0", "UPDATE segment_trait SET factors = 1", "factors"),
    "no_export": changed("WHERE place = 0", "UPDATE segment_trait SET export_allowed = 1", "export_allowed"),
    "default_accounts": changed("WHERE login = 'nashi'", "UPDATE account SET login = 'guest'", "login"),
    "unused_accounts": changed("WHERE login = 'jiro'", "UPDATE account SET last_login_at = 1, created_at = 1, reviewed_at = NULL", "last_login_at", "created_at", "reviewed_at"),
    "two_person_changes": changed("", "UPDATE body_profile SET profile = json_set(profile, '$.two_person_changes', json('[]'))", "profile"),
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
    "password_rule": pack("passwords/words.txt", lambda text: "# none\n"),
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


def test_coverage_every_probe_has_a_control_and_a_way_to_turn_it_off():
    assert set(PROBES) == set(ENFORCED) == set(BREAKS) and len(PROBES) == len(set(PROBES))


def test_coverage_of_a_body_whose_controls_are_on_has_no_red_enforced_row(world):
    red = {c["id"]: c["reason"] for c in world.before.values() if c["kind"] == "enforced" and c["state"] == "red"}
    assert red == {}
    for control in world.before.values():
        assert control["reason"] and control["mend"] and control["role"] and control["clause"], control
    answered = {c["id"] for c in world.before.values() if c["clauses"]}
    assert set(ENFORCED) <= answered, set(ENFORCED) - answered


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
        assert newly == {row["id"]}, {c: controls[c]["reason"] for c in newly}
        assert row["clause"] == ENFORCED[probe]["clause"] and is_clear(row["reason"].split("（")[0]), row
        answered = {c["ref"]: c for c in seen["clauses"] if row["id"] in c["controls"]}
        assert answered and set(answered) == set(row["clauses"])
        for clause in answered.values():
            assert clause["state"] == "red" and row["title"] in clause["reason"], clause
        others = [c for c in seen["clauses"] if c["state"] == "red" and c["ref"] not in answered]
        assert others == []
    after = wait_until(lambda: (c := world.states()[ENFORCED[probe]["id"]])["state"] == world.before[c["id"]]["state"] and c, SECONDS, f"{probe} to be as before")
    assert after["clause"] == ENFORCED[probe]["clause"]
