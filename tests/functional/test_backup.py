"""Backups: made while the service works, only what changed, any minute back, tried by restoring, alarms, and what goes wrong."""
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import datetime, timedelta, timezone

import pytest
from sekisho import BINARY, Server, is_clear, wait_until
from shiken import SETTINGS, set_up

QUICK = '\n[backup]\nfolder = "{folder}"\ninterval_ms = {interval}\ntick_ms = {tick}\ndrill_days = 0\n'


class Backups:
    """A data folder and its backup folder beside it."""

    def __init__(self, folder, interval=86_400_000, tick=0):
        self.root, self.folder, self.key = folder, folder / "backups", folder / "data" / "backup.key"
        self.folder.mkdir()
        self.server = set_up(Server(folder / "data", SETTINGS + QUICK.format(folder=self.folder, interval=interval, tick=tick)))
        self.server.cli("backup", "key")
        self.store = self.folder / "bodies" / "shiken"

    def create(self, *more):
        return json.loads(self.server.cli("backup", "create", "--json", *more).stdout)

    def restore(self, name, *more, check=True):
        target = self.root / name
        done = self.server.cli("restore", "--from", str(self.folder), "--to", str(target), "--json", *more, check=check)
        return (target, json.loads(done.stdout)) if check else done

    def sets(self, kind="*"):
        return sorted(self.store.glob(f"sets/*-{kind}.set"))

    def chunks(self):
        return sorted(p for p in self.store.glob("chunks/*/*") if p.is_file())


@pytest.fixture
def backups(tmp_path):
    made = Backups(tmp_path)
    yield made
    made.server.stop()


def refused(done, key):
    assert done.returncode in (1, 2), done
    line = done.stderr.strip().splitlines()[-1]
    assert f"[{key}]" in line and is_clear(line.split("（")[0]), line
    return line


def rows(data):
    with closing(sqlite3.connect(data / "bodies/shiken/body.db")) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
        return {t: hashlib.sha256(repr(db.execute(f'SELECT * FROM "{t}" ORDER BY rowid').fetchall()).encode()).hexdigest() for t in tables}


def originals(data):
    return {p.name: p.read_bytes() for p in (data / "bodies/shiken/blobs").rglob("*") if p.is_file()}


def work(server):
    """Some of everything; returns the clients."""
    server.start()
    kacho, hanako = server.client(), server.client()
    kacho.login("kacho").ok()
    hanako.login("hanako").ok()
    collection = kacho.new_collection("控えの試験", confidentiality=1, readers="all")["id"]
    kacho.add_files(collection, {f"{n}.txt": (f"控えの試験の文書{n}である。" * 40).encode() for n in range(6)})
    chat = hanako.new_chat(title="控えの前の会話")
    hanako.answer(chat, "控えについて教えてください")
    return kacho, hanako, collection


def test_backup_restores_everything_as_it_was(backups):
    work(backups.server)
    backups.server.stop()
    before = originals(backups.server.data)
    made = backups.create()
    body = next(s for s in made["sets"] if s["place"] == "bodies/shiken")
    assert body["originals"] == 6 and body["tables"] > 30 and body["label"]
    target, told = backups.restore("restored")
    assert told["good"] and told["bodies"][0]["tables"] == body["tables"] and told["bodies"][0]["leaves"] > 10
    assert originals(target) == before
    for key in ("body.key", "log.key"):
        assert (target / "bodies/shiken" / key).read_bytes() == (backups.server.data / "bodies/shiken" / key).read_bytes()
        assert (target / "bodies/shiken" / key).stat().st_mode & 0o077 == 0
    # The backup is recorded after it was made: these differ, nothing else does.
    now, then = rows(backups.server.data), rows(target)
    assert {t for t in now if now[t] != then[t]} <= {"backup_set", "log_leaf", "log_payload", "log_tile", "log_head", "log_checkpoint", "log_key", "label"}
    # A service works on it, and finds what was there.
    other = Server(target, SETTINGS).start()
    try:
        hanako = other.client()
        hanako.login("hanako").ok()
        assert "控えの前の会話" in [c["title"] for c in hanako.get("/api/v1/chats").ok()["items"]]
        hits = hanako.post("/api/v1/search", {"query": "控えの試験の文書3", "collections": [], "limit": 5}).ok()["hits"]
        assert hits and hits[0]["document"] == "3.txt"
    finally:
        other.stop()
    other.verify_log("shiken")


def test_backup_shows_nothing_of_the_content(backups):
    work(backups.server)
    backups.server.stop()
    backups.create()
    for path in backups.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(form in data for word in ("控えの試験", "hanako") for form in (word.encode(), word.encode("utf-16-le"))), path
            assert path.stat().st_mode & 0o077 == 0, path
    keys = [(backups.server.data / "bodies/shiken" / name).read_bytes() for name in ("body.key", "log.key")]
    assert not any(key in path.read_bytes() for path in backups.folder.rglob("*") if path.is_file() for key in keys)


def test_backup_second_one_writes_only_what_changed(backups):
    kacho, hanako, collection = work(backups.server)
    kacho.add_files(collection, {"大きい.txt": os.urandom(900_000).hex().encode()})
    backups.server.stop()
    backups.create()
    size = lambda: sum(p.stat().st_size for p in backups.chunks())  # noqa: E731
    first = size()
    assert first > 2_000_000
    backups.create()
    assert size() - first < first / 4, (first, size())
    verified = json.loads(backups.server.cli("backup", "verify", "--all", "--json").stdout)
    assert verified["good"] and verified["sets"] >= 4


def test_backup_runs_while_people_work(tmp_path):
    made = Backups(tmp_path, interval=2_000, tick=1_000)
    try:
        kacho, hanako, collection = work(made.server)
        wait_until(lambda: len(made.sets()) >= 1, 30, "the first set")
        chat = hanako.new_chat(title="動かしながら")
        limit = time.monotonic() + 8
        n = 0
        while time.monotonic() < limit:
            hanako.answer(chat, f"質問{n}")
            kacho.add_files(collection, {f"動作中{n}.txt": f"動作中の文書{n}である。".encode() * 30})
            n += 1
        assert wait_until(lambda: len(made.sets("full")) >= 3 and made.sets("tick"), 30, "sets")
        asked = made.create()
        assert asked["by"] == "service" and asked["sets"], asked
    finally:
        made.server.stop()
    for path in [made.sets()[0], made.sets()[-1], *made.sets()[1:-1:3]]:
        at = datetime.strptime(path.name[:22], "%Y%m%dT%H%M%S.%f").replace(tzinfo=timezone.utc)
        target, told = made.restore("at" + path.name[:22], "--at", at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
        assert told["good"] and told["bodies"][0]["set"] == path.name, told
        shutil.rmtree(target)


def test_backup_that_is_asked_for_gives_way_to_people(tmp_path):
    backups = Backups(tmp_path)
    server = backups.server
    with open(server.config, "a", encoding="utf-8") as config:
        config.write("rate_bytes = 400000\n")  # slow enough to be seen
    server.start()
    tasks = f"/proc/{server.process.pid}/task"
    try:
        before = set(os.listdir(tasks))
        asked = subprocess.Popen([BINARY, "backup", "create", "--data", server.data, "--config", server.config], stdout=subprocess.DEVNULL)

        def niceness():
            """Of the threads that have come since, those that have not gone before they were looked at."""
            found = []
            for task in set(os.listdir(tasks)) - before:
                try:
                    with open(f"{tasks}/{task}/stat", encoding="utf-8") as stat:
                        found.append(int(stat.read().rsplit(")", 1)[1].split()[16]))
                except OSError:
                    continue
            return found

        assert wait_until(lambda: any(nice > 0 for nice in niceness()) or asked.poll() is not None)
        assert asked.poll() is None, "the thread that makes the set was seen at work"
        assert asked.wait(60) == 0
    finally:
        server.stop()


def test_backup_goes_back_to_a_moment(tmp_path):
    made = Backups(tmp_path, tick=1_000)
    try:
        _, hanako, _ = work(made.server)
        titles = []
        for n in range(3):
            hanako.new_chat(title=f"時点{n}")
            at = datetime.now(timezone.utc)
            wait_until(lambda: made.sets() and made.sets()[-1].name[:22] > at.strftime("%Y%m%dT%H%M%S.%f"), 30, "the next set")
            titles.append(made.sets()[-1].name[:22])
            time.sleep(0.05)
    finally:
        made.server.stop()
    for n, name in enumerate(titles):
        at = datetime.strptime(name, "%Y%m%dT%H%M%S.%f").strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        target, _ = made.restore(f"moment{n}", "--at", at)
        with closing(sqlite3.connect(target / "bodies/shiken/body.db")) as db:
            found = {t for (t,) in db.execute("SELECT title FROM chat")}
        assert found >= {f"時点{k}" for k in range(n + 1)} and f"時点{n + 1}" not in found, (n, found)
    early = datetime.now() - timedelta(days=2)
    refused(made.restore("never", "--at", early.strftime("%Y-%m-%dT%H:%M"), check=False), "backup.no_set")
    refused(made.restore("never", "--at", "昨日", check=False), "backup.moment")


def test_backup_drill_reports_and_is_recorded(backups):
    work(backups.server)
    backups.server.stop()
    backups.create()
    report = backups.root / "report.txt"
    told = json.loads(backups.server.cli("backup", "drill", "--report", str(report), "--json").stdout)
    assert told["good"] and told["restore_ms"] >= 0 and told["bodies"][0]["rows"] > 50 and told["bodies"][0]["faults"] == []
    assert "控えから戻せました" in report.read_text() and not (backups.server.data / "drill").exists()
    backups.server.verify_log("shiken")
    backups.server.start()
    admin = backups.server.client()
    admin.login("kanri").ok()
    shown = admin.get("/api/v1/backups").ok()
    assert shown["tests"][0]["good"] and shown["tests"][0]["file"] == shown["sets"][0]["file"] and not shown["late"] and shown["alarm"] is None
    hanako = backups.server.client()
    hanako.login("hanako").ok()
    hanako.get("/api/v1/backups").refused(403)


def test_backup_drill_and_prune_are_done_by_the_service_while_it_runs(tmp_path):
    made = Backups(tmp_path, interval=3_600_000, tick=0)
    try:
        _, hanako, _ = work(made.server)
        first = made.create()
        made.create()
        assert first["by"] == "service" and len(made.sets("full")) >= 2
        report = tmp_path / "report.txt"
        told = json.loads(made.server.cli("backup", "drill", "--report", str(report), "--json").stdout)
        assert told["by"] == "service" and told["good"] and told["bodies"][0]["rows"] > 50 and "控えから戻せました" in report.read_text()
        told = json.loads(made.server.cli("backup", "prune", "--before", "2090-01-01T00:00", "--json").stdout)
        assert told["by"] == "service" and told["sets"] >= 1 and len(made.sets("full")) == 1
        admin = made.server.client()
        admin.login("kanri").ok()
        assert admin.get("/api/v1/backups").ok()["tests"][0]["good"], "recorded by the service"
        # One task at a time, and the rest of the service goes on.
        drills = [subprocess.Popen([str(BINARY), "backup", "drill", "--data", str(made.server.data), "--config", str(made.server.config)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                  for _ in range(3)]
        hanako.get("/api/v1/chats").ok()
        ends = [(p.wait(60), p.stderr.read()) for p in drills]
        assert any(code == 0 for code, _ in ends) and all(code == 0 or "control.busy" in said for code, said in ends), ends
    finally:
        made.server.stop()


def test_backup_drill_finds_a_bad_chunk(backups):
    work(backups.server)
    backups.server.stop()
    backups.create()
    largest = max(p.stat().st_size for p in backups.chunks())
    victims = [p for p in backups.chunks() if p.stat().st_size == largest]  # some of them may belong to a moment before the set's
    for victim in victims:
        victim.write_bytes(victim.read_bytes()[:-1])
    done = backups.server.cli("backup", "drill", "--json", check=False)
    refused(done, "backup.drill_failed")
    assert not json.loads(done.stdout)["good"] and "backup.corrupt" in done.stdout
    refused(backups.server.cli("backup", "verify", check=False), "backup.corrupt")
    for victim in victims:
        victim.unlink()
    assert "backup.missing" in refused(backups.server.cli("backup", "verify", check=False), "backup.corrupt")
    refused(backups.restore("half", check=False), "backup.missing")
    assert not (backups.root / "half").exists() and not (backups.root / "half.restoring").exists()
    # What is missing is written again by the next one.
    backups.create("--afresh")
    backups.restore("whole")


def test_backup_wrong_key_target_and_folder(backups):
    backups.create()
    wrong = backups.root / "wrong.key"
    shutil.copy(backups.key, wrong)
    wrong.write_bytes(bytes(32))
    refused(backups.restore("x", "--key-file", str(wrong), check=False), "backup.key")
    wrong.write_text("ABCD-EFGH")
    refused(backups.restore("x", "--key-file", str(wrong), check=False), "backup.key")
    refused(backups.restore("x", "--key-file", str(backups.root / "none"), check=False), "backup.no_key")
    full = backups.root / "full"
    full.mkdir()
    (full / "something").write_text("x")
    refused(backups.restore("full", check=False), "backup.target")
    assert [p.name for p in full.iterdir()] == ["something"]
    refused(backups.server.cli("restore", "--from", str(backups.root / "nothing"), "--to", str(backups.root / "x"), check=False), "backup.not_found")
    set_file = backups.sets()[-1]
    set_file.write_bytes(set_file.read_bytes()[:-3])
    refused(backups.restore("x", check=False), "backup.corrupt")
    assert not (backups.root / "x").exists()
    # The key as it was written down opens them as well, into a folder that is there and empty.
    text = json.loads(backups.server.cli("backup", "key", "--show", "--json").stdout)["text"]
    paper = backups.root / "paper.txt"
    paper.write_text(text.lower().replace("-", " ") + "\n")
    set_file.unlink()
    backups.create()
    (backups.root / "empty").mkdir()
    backups.restore("empty", "--key-file", str(paper))
    refused(backups.server.cli("backup", "key", check=False), "backup.key_exists")
    for folder in (backups.server.data / "inside", backups.root / "not-there"):
        refused(backups.server.cli("backup", "create", "--set", f"backup.folder={folder}", check=False), "backup.folder")


def test_backup_renamed_set_is_not_another_time(backups):
    backups.create()
    old = backups.sets()[-1]
    old.rename(old.with_name("20200101T000000.000000Z-full.set"))
    refused(backups.restore("x", "--at", "2021-01-01T00:00", check=False), "backup.corrupt")


def test_backup_full_disk_leaves_the_earlier_ones(backups, tmp_path):
    backups.create()
    before = [p.name for p in backups.sets()]
    # A small file system of its own would need root rights that a test may not have: a limit on the size of files says the same to the program.
    command = f'ulimit -f 8; exec "{BINARY}" backup create --afresh --data "{backups.server.data}" --config "{backups.server.config}"'
    done = subprocess.run(["bash", "-c", "trap '' XFSZ; " + command], capture_output=True, text=True, timeout=60)
    assert done.returncode in (1, 2), done
    assert [p.name for p in backups.sets()] == before
    backups.restore("still")


def test_backup_prune_keeps_what_is_needed(backups):
    backups.create()
    for _ in range(3):
        backups.create()
    names = [p.name for p in backups.sets()]
    assert len(names) == 4
    moment = datetime.strptime(names[2][:22], "%Y%m%dT%H%M%S.%f").strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    told = json.loads(backups.server.cli("backup", "prune", "--before", moment, "--json").stdout)
    assert told["sets"] >= 2 and [p.name for p in backups.sets()] == names[2:]
    assert json.loads(backups.server.cli("backup", "verify", "--all", "--json").stdout)["good"]
    backups.restore("after")
    # The newest stays, however much is asked to go.
    backups.server.cli("backup", "prune", "--before", "2090-01-01T00:00")
    assert [p.name for p in backups.sets()] == names[3:]
    with closing(sqlite3.connect(backups.server.data / "bodies/shiken/body.db")) as db:
        assert db.execute("SELECT count(*) FROM backup_set WHERE gone_at IS NOT NULL").fetchone() == (3,)


def test_backup_alarm_while_none_is_made(tmp_path):
    made = Backups(tmp_path, interval=1_000)
    made.folder.rename(tmp_path / "away")
    made.server.start()
    try:
        admin = made.server.client()
        admin.login("kanri").ok()
        alarm = wait_until(lambda: admin.get("/api/v1/backups").ok()["alarm"], 30, "the alarm")
        assert alarm["reason"] == "backup.folder" and admin.get("/api/v1/backups").ok()["late"]
        notice = wait_until(lambda: next(iter(admin.get("/api/v1/alarms").ok()["items"]), None), 10, "the notice")
        assert notice["kind"] == "backup_missed" and notice["detail"] == "backup.folder" and notice["clause"] == "11(1)イ"
        seen = next(c for c in json.loads(made.server.cli("doctor", "--json", check=False).stdout)["checks"] if c["check"] == "backups")
        assert seen["state"] == "red" and "backup.folder" in seen["reason"]
        (tmp_path / "away").rename(made.folder)
        wait_until(lambda: admin.get("/api/v1/backups").ok()["alarm"] is None, 30, "the end of the alarm")
        shown = admin.get("/api/v1/backups").ok()
        assert shown["sets"] and not shown["late"]
    finally:
        made.server.stop()
    made.server.verify_log("shiken")


def test_backup_upgrade_is_rehearsed_on_a_copy(backups):
    work(backups.server)
    backups.server.stop()
    database = backups.server.data / "bodies/shiken/body.db"

    def schema():
        with closing(sqlite3.connect(database)) as db:
            return {n for (n,) in db.execute("SELECT number FROM schema_step")}

    with closing(sqlite3.connect(database)) as db:  # as the version before wrote it
        db.executescript("DROP TABLE backup_set; DROP TABLE restore_test; DROP TABLE backup_alarm; DELETE FROM schema_step WHERE number = 29;")
    told = json.loads(backups.server.cli("migrate", "--rehearse-only", "--json").stdout)
    assert told["rehearsals"][0]["steps"] == ["0029_backup"] and not told["rehearsals"][0]["faults"] and 29 not in schema()
    assert not (backups.server.data / "rehearsal").exists()
    with closing(sqlite3.connect(database)) as db:  # in the way of the step
        db.executescript("CREATE TABLE restore_test (x INTEGER);")
    assert "0029_backup" in refused(backups.server.cli("migrate", "--rehearse", check=False), "backup.rehearsal_failed")
    assert 29 not in schema()
    with closing(sqlite3.connect(database)) as db:
        db.executescript("DROP TABLE restore_test;")
    assert json.loads(backups.server.cli("migrate", "--rehearse", "--json").stdout)["migrated"] and 29 in schema()
    backups.server.verify_log("shiken")


def test_backup_is_named_in_the_certificate_and_ends_with_the_contract(backups):
    server = backups.server
    _, hanako, _ = work(server)
    kacho = server.client()
    kacho.login("kacho").ok()
    backups.create()
    chat = hanako.get("/api/v1/chats").ok()["items"][0]["id"]

    def grant(client, made):
        request = client.get(f"/api/v1/approvals/{made['approval']}").ok()
        client.post(f"/api/v1/approvals/{request['id']}/grant", {"content_hash": request["content_hash"]}).ok()

    made = hanako.post("/api/v1/disposals", {"scope": "chat", "target": chat, "what": "試験の会話", "reason": "試験のため"}).ok()
    grant(kacho, made)
    wait_until(lambda: hanako.get(f"/api/v1/disposals/{made['id']}").ok()["disposal"]["state"] == "certified", 60, "certificate")
    certificate = json.loads(hanako.get(f"/api/v1/disposals/{made['id']}/certificate").ok()["file"])["certificate"]
    (own,) = certificate["own_backups"]
    assert own["place"] == str(backups.folder)
    until = datetime.strptime(own["until"], "%Y-%m-%d")
    assert timedelta(days=34) < until - datetime.now() < timedelta(days=38)

    tokatsu, saiko = server.client(), server.client()
    tokatsu.login("tokatsu").ok()
    saiko.login("saiko").ok()
    ending = tokatsu.post("/api/v1/disposals", {"scope": "contract", "what": "契約の終わり", "reason": "契約が終わるため"}).ok()
    grant(saiko, ending)
    server.stop()
    assert backups.store.exists()
    command = ("dispose", "contract", "--body", "shiken", "--id", ending["id"], "--export", str(backups.root / "export"), "--json")
    told = json.loads(server.cli(*command).stdout)
    assert not backups.store.exists() and (backups.folder / "shared/store").exists()
    ended = json.loads(open(told["certificate"], encoding="utf-8").read())["certificate"]
    assert ended["own_backups"] == [{"place": str(backups.folder), "until": ""}]
    refused(backups.restore("gone", check=False), "backup.no_set")
