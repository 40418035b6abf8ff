#!/usr/bin/python3
"""Pulls the plug: SIGKILL at random during chat and ingestion, and a full disk.

    kill.py [--rounds 200] [--disposals 4] [--retentions 2] [--seed N] [--binary PATH]      the last line is "N passed, N failed"; a round is one test

After every kill: the log's tree verifies; the database holds no half document; after the restart every act that was acknowledged is
there, unchanged; no answer is left "streaming"; a disposal that was permitted ends by itself with nothing left, and so does an erasure after its retention. Every 20 rounds all files are read to the end, and each is found by the search once.
"""
import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "functional"))
import sekisho  # noqa: E402
from sekisho import Client, ModelServer, Server  # noqa: E402
from shiken import SETTINGS, set_up  # noqa: E402

SETTLE_EVERY = 20
SAMPLE = 12  # older acknowledged things looked at in every round


class Acknowledged:
    """What the server said it did. Filled by the workers, checked after each kill."""

    def __init__(self):
        self.lock = threading.Lock()
        self.chats = {}      # id -> title
        self.deleted = set()  # chats
        self.questions = {}  # message id -> (chat, text)
        self.answers = {}    # message id -> (chat, message)
        self.documents = {}  # id -> (name, bytes)
        self.unsure = set()  # chats whose last act was cut: their state may be the old or the new one

    def put(self, kind, key, value=None):
        with self.lock:
            if value is None:
                getattr(self, kind).add(key)
            else:
                getattr(self, kind)[key] = value


def mark(n):
    return f"標識{n:07}号"


class Worker(threading.Thread):
    """Acts until the connection breaks."""

    def __init__(self, client, seen, seed):
        super().__init__(daemon=True)
        self.client, self.seen, self.random, self.fault = client, seen, random.Random(seed), None

    def run(self):
        try:
            while True:
                self.act()
        except (OSError, sekisho.http.client.HTTPException, ValueError):
            pass  # the plug was pulled
        except Exception:
            self.fault = traceback.format_exc()


class Talker(Worker):
    def __init__(self, client, seen, seed, endpoint):
        super().__init__(client, seen, seed)
        self.endpoint = endpoint

    def act(self):
        title = f"会話{self.random.getrandbits(40)}"
        chat = self.client.new_chat(title=title, endpoint=self.endpoint if self.random.random() < 0.5 else None)
        self.seen.put("chats", chat, title)
        parent = None
        for _ in range(self.random.randint(1, 3)):
            text = f"転入届について教えてください。{self.random.getrandbits(40)}"
            with self.client.ask(chat, text, parent=parent) as stream:
                for event in stream:
                    if event.name == "open":
                        question = event.data["user_message"]
                        self.seen.put("questions", question["id"], (chat, text))
                    elif event.name == "done":
                        parent = event.data["message"]["id"]
                        self.seen.put("answers", parent, (chat, event.data["message"]))
        self.seen.put("unsure", chat)
        if self.random.random() < 0.3:
            self.client.delete(f"/api/v1/chats/{chat}").ok()
            self.seen.put("deleted", chat)
        else:
            self.client.patch(f"/api/v1/chats/{chat}", {"title": title + "改"}).ok()
            self.seen.put("chats", chat, title + "改")
        with self.seen.lock:
            self.seen.unsure.discard(chat)


class Uploader(Worker):
    def __init__(self, client, seen, seed, upload, number):
        super().__init__(client, seen, seed)
        self.upload, self.number = upload, number

    def act(self):
        n = next(self.number)
        text = f"{mark(n)}の資料である。" + "".join(f"第{k}条　この資料の{k}番目の規定を定める。\n" for k in range(1, self.random.randint(2, 40)))
        name = f"{n:07}.txt"
        document = self.client.put_file(self.upload, name, text.encode()).ok()
        self.seen.put("documents", document["id"], (name, text.encode()))


def half_documents(database):
    """Rows that contradict each other. Ready documents have their text, sections and all chunks; others have none."""
    # Closed at once: what this process keeps of a database that others replace meanwhile would be stale.
    with closing(sqlite3.connect(database)) as db:
        return db.execute("""
            SELECT d.id, d.state FROM document d
            LEFT JOIN (SELECT document_id, count(*) AS n, min(id) AS first, max(id) AS last FROM chunk GROUP BY document_id) c ON c.document_id = d.id
            WHERE (d.state = 'ready' AND (NOT EXISTS (SELECT 1 FROM document_text t WHERE t.document_id = d.id)
                                          OR c.n IS NULL OR c.first <> d.first_chunk OR c.last <> d.last_chunk OR c.n <> d.last_chunk - d.first_chunk + 1))
               OR (d.state IN ('waiting', 'reading', 'failed') AND c.n IS NOT NULL)
               OR d.state NOT IN ('waiting', 'reading', 'ready', 'failed')""").fetchall()


def check_chat(client, seen, chat):
    answer = client.get(f"/api/v1/chats/{chat}")
    if chat in seen.deleted or (chat in seen.unsure and answer.status == 404):
        assert answer.status == 404, f"deleted chat {chat} is back"
        return
    told = answer.ok()
    title = seen.chats[chat]
    assert told["chat"]["title"] in ([title, title + "改"] if chat in seen.unsure else [title]), f"title of chat {chat}"
    messages = {m["id"]: m for m in told["messages"]}
    assert all(m["state"] != "streaming" for m in messages.values()), f"an answer of chat {chat} is left open"
    for id, (where, text) in seen.questions.items():
        if where == chat:
            assert messages[id]["text"] == text, f"question {id}"
    for id, (where, message) in seen.answers.items():
        if where == chat:
            assert messages[id] == message, f"answer {id} changed:\n{messages[id]}\n{message}"


def check_document(client, seen, id):
    name, data = seen.documents[id]
    d = client.get(f"/api/v1/documents/{id}").ok()
    assert d["name"] == name and d["bytes"] == len(data) and d["state"] in ("waiting", "reading", "ready"), d
    content = client.get(f"/api/v1/documents/{id}/content")
    assert content.status == 200 and content.body == data, f"content of {id}: {content.status}"
    if d["state"] == "ready":
        sections = client.get(f"/api/v1/documents/{id}/text").ok()["sections"]
        whole = "".join("".join(s["text"].split()) for s in sections)
        assert "".join(data.decode().split()) == whole, f"text of {id} is not whole"


def check_found(client, collection, seen, ids):
    for id in ids:
        client.wait_ready(id, 60)
        n = int(seen.documents[id][0][:7])
        hits = client.post("/api/v1/search", {"query": mark(n), "collections": [collection], "limit": 5}).ok()["hits"]
        assert hits and hits[0]["document_id"] == id and sum((h["document_id"], h["chunk_id"]) == (id, hits[0]["chunk_id"]) for h in hits) == 1, f"{mark(n)} is not found: {hits[:2]}"


class Numbers:
    def __init__(self):
        self.value, self.lock = 0, threading.Lock()

    def __next__(self):
        with self.lock:
            self.value += 1
            return self.value


class Bench:
    """The server, its people, and what they were told."""

    def __init__(self, folder, seed):
        self.random, self.seed = random.Random(seed), seed
        self.model = ModelServer()
        self.server = set_up(Server(Path(folder) / "data", SETTINGS)).start()
        admin = self.server.client()
        admin.login("kanri").ok()
        self.endpoint = admin.new_endpoint("試験", self.model.url, "paced")["id"]
        self.people = {}
        for login in ("hanako", "jiro", "kacho"):
            self.people[login] = self.server.client()
            self.people[login].login(login).ok()
        self.collection = self.people["kacho"].new_collection("資料", confidentiality=1, readers="all")["id"]
        self.upload = self.people["kacho"].new_upload(self.collection)
        self.seen, self.number, self.log_size = Acknowledged(), Numbers(), 0
        self.database = next(self.server.data.rglob("body.db"))
        self.unfound = []

    def one_round(self, n):
        seed = self.seed * 100_003 + n
        before = set(self.seen.documents)
        workers = [Talker(self.people["hanako"], self.seen, seed, self.endpoint), Talker(self.people["jiro"], self.seen, seed + 1, self.endpoint),
                   Uploader(self.people["kacho"], self.seen, seed + 2, self.upload, self.number)]
        for worker in workers:
            worker.start()
        time.sleep(self.random.uniform(0.02, 0.7))
        self.server.kill()
        for worker in workers:
            worker.join(timeout=20)
        faults = [w.fault for w in workers if w.fault]
        assert not faults, "\n".join(faults)
        self.server.verify_log("shiken")
        assert (half := half_documents(self.database)) == [], f"half documents: {half[:5]}"
        self.server.start()
        size = self.people["hanako"].get("/api/v1/status").ok()["log"]["size"]
        assert size > self.log_size, "the log shrank"
        self.log_size = size
        self.check_acknowledged(set(self.seen.documents) - before)
        if n % SETTLE_EVERY == 0:
            check_found(self.people["kacho"], self.collection, self.seen, self.unfound)
            self.unfound.clear()

    def check_acknowledged(self, new):
        chats = list(self.seen.chats)
        owners = [self.people["hanako"], self.people["jiro"]]
        for chat in set(chats[-6:] + self.random.sample(chats, min(SAMPLE, len(chats)))):
            owner = next((o for o in owners if o.get(f"/api/v1/chats/{chat}").status == 200), owners[0])
            check_chat(owner, self.seen, chat)
        documents = list(self.seen.documents)
        for id in new | set(self.random.sample(documents, min(SAMPLE, len(documents)))):
            check_document(self.people["kacho"], self.seen, id)
        self.unfound += sorted(new)

    def check_everything(self):
        for chat in self.seen.chats:
            owner = next((o for o in (self.people["hanako"], self.people["jiro"]) if o.get(f"/api/v1/chats/{chat}").status == 200), self.people["hanako"])
            check_chat(owner, self.seen, chat)
        for id in self.seen.documents:
            check_document(self.people["kacho"], self.seen, id)
        check_found(self.people["kacho"], self.collection, self.seen, self.unfound)
        state = self.people["kacho"].wait_upload(self.upload)
        assert set(self.seen.documents) <= {f["document_id"] for f in state["files"]}

    def close(self):
        self.server.stop()
        self.model.stop()


def kill_rounds(rounds, seed):
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="sekisho-kill") as folder:
        bench = Bench(folder, seed)
        try:
            for n in range(1, rounds + 1):
                try:
                    bench.one_round(n)
                    passed += 1
                except Exception:
                    failed += 1
                    print(f"FAILED round {n} (seed {seed}):\n{traceback.format_exc()}\nlog: {bench.server.log_tail()[-1500:]}", flush=True)
                    if failed >= 5:
                        print("too many failures: given up")
                        return passed, failed + 1
                    if bench.server.process.poll() is not None:
                        bench.server.start()
                if n % SETTLE_EVERY == 0:
                    print(f"round {n}: {len(bench.seen.chats)} chats, {len(bench.seen.answers)} answers, {len(bench.seen.documents)} documents acknowledged", flush=True)
            try:
                bench.check_everything()
                passed += 1
            except Exception:
                failed += 1
                print(f"FAILED at the end:\n{traceback.format_exc()}")
        finally:
            bench.close()
    return passed, failed


# --- disposal -----------------------------------------------------------------------------------------------------------------

class Disposing:
    """Killed while something is disposed of: afterwards it is whole and untouched, or it goes on by itself and ends with nothing left."""

    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        self.server = set_up(Server(Path(folder) / "data", SETTINGS)).start()
        self.login()
        self.kept = self.kacho.new_collection("残す資料", confidentiality=1, readers="all")["id"]
        self.kept_document = self.kacho.add_files(self.kept, {"残す.txt": ("残す資料の本文である。" * 30).encode()})["残す.txt"]["id"]
        self.database = self.server.data / "bodies/shiken/body.db"

    def login(self):
        self.kacho, self.hanako, self.saiko = (self.server.client() for _ in range(3))
        for client, name in ((self.kacho, "kacho"), (self.hanako, "hanako"), (self.saiko, "saiko")):
            client.login(name).ok()

    def grant(self, signer, made):
        request = signer.get(f"/api/v1/approvals/{made['approval']}").ok()
        signer.post(f"/api/v1/approvals/{request['id']}/grant", {"content_hash": request["content_hash"]}).ok()

    def ask(self, n):
        """A collection or a chat, in turn; returns the disposal, who asked, and its words."""
        words = f"{mark(n)}の廃棄の試験の文である"
        more = {"what": "試験", "reason": "廃棄の試験のため"}
        if n % 2:
            collection = self.kacho.new_collection(f"消す{n}", confidentiality=1, readers="all")["id"]
            self.kacho.add_files(collection, {f"{k}.txt": f"{words}、その{k}。".encode() for k in range(5)})
            return self.kacho.post("/api/v1/disposals", {"scope": "collection", "target": collection, **more}).ok(), self.kacho, self.saiko, words
        chat = self.hanako.new_chat(title=words)
        self.hanako.answer(chat, words)
        return self.hanako.post("/api/v1/disposals", {"scope": "chat", "target": chat, **more}).ok(), self.hanako, self.kacho, words

    def one_round(self, n):
        made, asker, signer, words = self.ask(n)
        self.grant(signer, made)
        time.sleep(self.random.uniform(0.0, 1.2))
        for _ in range(self.random.randint(1, 3)):
            self.server.kill()
            self.server.verify_log("shiken")
            assert (half := half_documents(self.database)) == [], f"half documents: {half[:5]}"
            self.server.start()
            time.sleep(self.random.uniform(0.0, 0.7))
        self.login()
        asker = self.kacho if asker.session["user"]["login"] == "kacho" else self.hanako
        look = lambda: asker.get(f"/api/v1/disposals/{made['id']}").ok()["disposal"]  # noqa: E731
        done = sekisho.wait_until(lambda: (d := look())["state"] == "certified" and d, 60, f"certificate of {made['id']}: {look()}")
        assert done["trouble"] == "" and done["verification"]["found"] == 0 and done["certificates"] == 1, done
        forms = [words.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
        left = [path for path in self.server.data.rglob("*") if path.is_file() and any(form in path.read_bytes() for form in forms)]
        assert not left, f"{words} is still in {left}"
        self.kacho.get(f"/api/v1/documents/{self.kept_document}").ok()

    def close(self):
        self.server.stop()
        self.server.verify_log("shiken")


def disposal_rounds(rounds, seed):
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="sekisho-dispose") as folder:
        disposing = Disposing(folder, seed)
        for n in range(1, rounds + 1):
            try:
                disposing.one_round(n)
                passed += 1
            except Exception:
                failed += 1
                print(f"FAILED disposal {n} (seed {seed}):\n{traceback.format_exc()}\nlog: {disposing.server.log_tail()[-1500:]}", flush=True)
                if failed >= 3:
                    print("too many failures: given up")
                    break
            if n % SETTLE_EVERY == 0:
                print(f"disposal {n}: {failed} failed", flush=True)
        disposing.close()
    return passed, failed


# --- retention ----------------------------------------------------------------------------------------------------------------

class Retaining:
    """Killed while the program erases what is over its retention. Each round is a month: what was said in it is due in the month after next, which is
    then the present. Afterwards a month's content of one kind is whole or gone with its record, and nothing else went."""

    MONTH = 32 * 86_400

    def __init__(self, folder, seed):
        self.random, self.at, self.kept = random.Random(seed), 0, None
        settings = SETTINGS.replace("[approvals]", "[retention]\nrun_ms = 100\n[approvals]")
        self.server = set_up(Server(Path(folder) / "data", settings))
        self.database = self.server.data / "bodies/shiken/body.db"
        self.server.shift_clock(0)
        self.server.start()
        self.login("tokatsu").put("/api/v1/retention/rules", {"kind": "access", "months": 1}).ok()
        for kind in ("content", "chats"):
            self.login("tokatsu").put("/api/v1/retention/rules", {"kind": kind, "months": 1}).ok()
        self.server.stop()

    def login(self, name):
        client = self.server.client()
        client.login(name).ok()
        return client

    def move(self, seconds):
        self.at += seconds
        self.server.shift_clock(self.at)

    def state(self):
        """Keys, erasures and payloads by period, and the chats, as the database has them; read while nothing runs."""
        with closing(sqlite3.connect(self.database)) as db:
            keys = {p for p, in db.execute("SELECT period FROM log_key")}
            erased = {p: done for p, done in db.execute("SELECT period, swept_to >= end_seq FROM log_erasure")}
            chats = {title for title, in db.execute("SELECT title FROM chat")}
        return keys, erased, chats

    def one_round(self, n):
        words = f"{mark(n)}の保存期間の試験の文である"
        self.server.start()
        hanako = self.login("hanako")
        for k in range(self.random.randint(3, 12)):
            hanako.answer(hanako.new_chat(title=f"{words}{k}"), f"{words}{k}")
        self.server.stop()
        before, _, chats = self.state()
        assert sum(title.startswith(words) for title in chats) >= 3
        self.move(2 * self.MONTH + 86_400)
        for _ in range(self.random.randint(1, 3)):
            # Most of the erasing is done within the first moments; it is cut there.
            self.start_and_cut()
            self.server.verify_log("shiken")
            keys, erased, _ = self.state()
            assert not keys & set(erased), f"a key is left of what was erased: {keys & set(erased)}"
            assert all(p in keys or p in erased for p in before), "a key went without its record"
            assert {p.split("/")[1] for p in erased} <= {"content", "access"}, "a kind without a rule went"
        self.server.start()
        due = {p for p in before if p.split("/")[1] in ("content", "access")} - {self.month() + "/access", self.month() + "/content"}
        sekisho.wait_until(lambda: self.gone(due, words), 30, f"the erasure of {due}")
        self.server.stop()
        self.server.verify_log("shiken")
        forms = [words.encode(code) for code in ("utf-8", "utf-16-le")]
        left = [row for row in self.rows() if any(form in row for form in forms)]
        assert not left, f"{words} can still be read"

    def start_and_cut(self):
        log, out = open(self.server.log_path, "ab"), open(self.server.out_path, "ab")
        self.server.process = subprocess.Popen([str(sekisho.BINARY), "serve", "--data", str(self.server.data), "--config", str(self.server.config), "--set",
                                                f"listen.port={self.server.port}"], stdin=subprocess.DEVNULL, stdout=out, stderr=log, env=self.server.environment)
        log.close()
        out.close()
        # It listens; then its first look at what is over comes.
        limit = time.monotonic() + 30
        while time.monotonic() < limit and self.server.process.poll() is None:
            try:
                self.server.client(timeout=5).get("/healthz")
                break
            except OSError:
                time.sleep(0.002)
        time.sleep(self.random.uniform(0.0, 0.15))
        self.server.kill()

    def month(self):
        return time.strftime("%Y-%m", time.gmtime(time.time() + self.at + 9 * 3600))

    def gone(self, due, words):
        keys, erased, chats = self.state()
        return due <= set(erased) and all(erased[p] for p in due) and not keys & due and not any(title.startswith(words) for title in chats)

    def rows(self):
        with closing(sqlite3.connect(self.database)) as db:
            for table in ("chat", "message"):
                for row in db.execute(f"SELECT * FROM {table}"):
                    yield " ".join(v if isinstance(v, str) else "" for v in row).encode()

    def close(self):
        self.server.stop()
        self.server.verify_log("shiken")


def retention_rounds(rounds, seed):
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="sekisho-retain") as folder:
        retaining = Retaining(folder, seed)
        for n in range(1, rounds + 1):
            try:
                retaining.one_round(n)
                passed += 1
            except Exception:
                failed += 1
                print(f"FAILED retention {n} (seed {seed}):\n{traceback.format_exc()}\nlog: {retaining.server.log_tail()[-1500:]}", flush=True)
                if failed >= 3:
                    print("too many failures: given up")
                    break
            if n % SETTLE_EVERY == 0:
                print(f"retention {n}: {failed} failed", flush=True)
        retaining.close()
    return passed, failed


# --- full disk ----------------------------------------------------------------------------------------------------------------

def fill(path):
    with open(path, "wb", buffering=0) as out:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while out.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue


def full_disk(folder):
    """Inside a mount namespace with a small tmpfs at `folder`."""
    server = set_up(Server(Path(folder) / "data", SETTINGS, log=Path(tempfile.gettempdir()) / "sekisho-full-disk.log")).start()
    client = server.client()
    client.login("kacho").ok()
    collection = client.new_collection("資料", confidentiality=1)["id"]
    upload = client.new_upload(collection)
    kept = client.put_file(upload, "前.txt", "満杯の前の資料である。".encode()).ok()["id"]
    chat = client.new_chat(title="満杯の前")
    admin = server.client()
    admin.login("kanri").ok()
    client.wait_ready(kept)
    fill(Path(folder) / "filler")
    refused = 0
    for act in (lambda: client.put_file(upload, "中.txt", b"x" * 5_000_000), lambda: client.post("/api/v1/chats", {"title": "x" * 500}),
                lambda: client.post(f"/api/v1/chats/{chat}/messages", {"text": "あ" * 100_000, "parent_id": None, "regenerate_of": None})):
        for _ in range(50):  # the database may have room left in its own pages
            answer = act()
            if answer.status != 200:
                answer.refused(503)
                refused += 1
                break
    assert refused == 3, f"only {refused} of 3 acts were refused on a full disk"
    assert server.process.poll() is None and client.get("/healthz").status == 200
    # An emergency stop acts all the same, by screen and by command, also where the log's own blocks have no room left for its record.
    stop = {"basis": "ordered", "basis_by": "CISO", "reason": "満杯のときの停止"}
    first = admin.post("/api/v1/stops", stop | {"kind": "uploads"}).ok()
    fill(Path(folder) / "filler2")
    second = admin.post("/api/v1/stops", stop | {"kind": "service"}).ok()
    client.get("/api/v1/chats").refused(503, "stops.service")
    third = json.loads(server.cli("stop", "set", "--kind", "exports", "--by", "CISO", "--reason", "満杯", "--json").stdout)
    os.remove(Path(folder) / "filler2")
    os.remove(Path(folder) / "filler")
    ids = {first["id"], second["id"], third["id"]}

    def recorded():
        answer = admin.get("/api/v1/stops")
        return answer.status == 200 and {s["id"] for s in answer.json["items"] if s["recorded"]} == ids
    sekisho.wait_until(recorded, 20, "the stops recorded")
    for id in ids:
        admin.post(f"/api/v1/stops/{id}/release", {"reason": "空きができた"}).ok()
    sekisho.wait_until(lambda: client.post("/api/v1/chats", {"title": "満杯の後"}).status == 200, 20, "recovery")
    assert client.get(f"/api/v1/chats/{chat}").ok()["chat"]["title"] == "満杯の前"
    later = client.put_file(upload, "後.txt", "満杯の後の資料である。".encode()).ok()["id"]
    assert client.wait_ready(later)["state"] == "ready" and client.wait_ready(kept)["state"] == "ready"
    assert server.stop() == 0
    server.verify_log("shiken")


def full_disk_in_namespace():
    folder = tempfile.mkdtemp(prefix="sekisho-disk")
    flags = ["-m"] if os.geteuid() == 0 else ["-m", "-r"]
    script = f'mount -t tmpfs -o size=48m tmpfs {folder} && exec {sys.executable} -B {os.path.abspath(__file__)} --binary {sekisho.BINARY} --full-disk {folder}'
    try:
        done = subprocess.run(["unshare", *flags, "sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
        if done.returncode != 0:
            print(f"FAILED full disk:\n{done.stdout[-4000:]}")
        return (1, 0) if done.returncode == 0 else (0, 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    arguments = argparse.ArgumentParser(description="SIGKILL at random, and a full disk.")
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--disposals", type=int, default=4, help="kills during a disposal")
    arguments.add_argument("--retentions", type=int, default=2, help="kills during the erasure of what is over its retention")
    arguments.add_argument("--seed", type=int, default=int(time.time()))
    arguments.add_argument("--binary", default=str(sekisho.BINARY))
    arguments.add_argument("--full-disk", metavar="FOLDER", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    sekisho.BINARY = Path(given.binary)
    if given.full_disk:
        full_disk(given.full_disk)
        return 0
    print(f"seed {given.seed}", flush=True)
    parts = [disposal_rounds(given.disposals, given.seed), retention_rounds(given.retentions, given.seed)]
    if given.rounds > 0:
        parts += [full_disk_in_namespace(), kill_rounds(given.rounds, given.seed)]
    passed, failed = (sum(part[i] for part in parts) for i in (0, 1))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
