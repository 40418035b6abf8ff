"""Disposal with a certificate: who asks and who permits, what is gone from the raw files, what stays as it was, the certificate outside the program."""
import base64
import json
import re
import sqlite3
import struct
import subprocess
from pathlib import Path

import pytest
from sekisho import BINARY, PASSWORD, Client, ModelServer, Server, wait_until
from shiken import SETTINGS, set_up

VERIFY = BINARY.with_name("sekisho-verify")
MARK = "翡翠黄玉標識"    # in every canary and in nothing else
PAIRS = [(chr(0x9E80 + i), chr(0x9F60 + i)) for i in range(20)]  # rare characters: as pairs they are terms of the index that nothing else has
REASON = "保存の必要がなくなったため"


def canary(n):
    return f"{MARK}第{n:04}号は廃棄の試験の文である"


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def segment(path):
    """A segment of the index, read by its description in src/search/segment.h alone: (terms, chunk ids)."""
    data = Path(path).read_bytes()
    forward, terms, blocks, count, documents = struct.unpack_from("<QQQQQ", data, len(data) - 56)
    assert data[-64:-56] == b"SKSEG001"
    found, at, previous = set(), forward, 0
    for n in range(count):
        delta, at = varint(data, at)
        # The first term of a block of 32 stands whole in the block table.
        previous = struct.unpack_from("<Q", data, forward + terms + n // 32 * 16)[0] if n % 32 == 0 else previous + delta
        found.add(previous)
        df, at = varint(data, at)
        if df > 1:
            size, at = varint(data, at)
            at += size
        else:
            gap, at = varint(data, at)
            at += gap & 1
    table = forward + terms + 16 * blocks
    return found, {struct.unpack_from("<I", data, table + 12 * i)[0] for i in range(documents)}


def bigram(a, b):
    """The term of two neighbouring characters (src/text/analyse.cpp)."""
    x, mask = ord(a) << 32 | ord(b) << 3 | 2, (1 << 64) - 1
    for _ in range(2):
        x = (x ^ x >> 32) * 0xD6E8FEB86659FD93 & mask
    return max((x ^ x >> 32) & ((1 << 48) - 1), 1)


def index_of(data):
    terms, chunks = set(), set()
    for path in data.rglob("*.seg"):
        more = segment(path)
        terms |= more[0]
        chunks |= more[1]
    return terms, chunks


def found_raw(data, text=MARK):
    """Files below the folder that hold the text in UTF-8 or UTF-16."""
    forms = [text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return [str(path.relative_to(data)) for path in data.rglob("*") if path.is_file() and any(form in path.read_bytes() for form in forms)]


def request_of(client, made):
    return client.get(f"/api/v1/approvals/{made['approval']}").ok()


def grant(client, made):
    request = request_of(client, made)
    return client.post(f"/api/v1/approvals/{request['id']}/grant", {"content_hash": request["content_hash"]})


def ask(client, scope, **more):
    return client.post("/api/v1/disposals", {"scope": scope, "what": "試験の対象", "reason": REASON, **more})


def certified(client, disposal, seconds=60):
    def look():
        d = client.get(f"/api/v1/disposals/{disposal}").ok()["disposal"]
        assert d["trouble"] == "", d
        return d if d["state"] == "certified" else None
    return wait_until(look, seconds, "certificate")


class Office:
    def __init__(self, folder):
        self.folder, self.model = folder, ModelServer()
        self.server = set_up(Server(folder / "data", SETTINGS)).start()
        self.kanri, self.kacho, self.jiro, self.fukacho, self.tokatsu, self.saiko = (self.login(name) for name in ("kanri", "kacho", "jiro", "fukacho", "tokatsu", "saiko"))
        self.unit = {d["code"]: d["id"] for d in self.kanri.get("/api/v1/departments").ok()["items"]}
        self.kanri.new_endpoint("鸚鵡", self.model.url, "echo", ceiling=3)

    def login(self, name, password=PASSWORD):
        client = Client(self.server.port)
        client.login(name, password).ok()
        return client

    def person(self, login, role="system"):
        self.kanri.post("/api/v1/users", {"login": login, "name": f"{MARK}花子", "department_id": self.unit["zeimu"], "roles": [role], "clearance": 3, "password": PASSWORD}).ok()
        client = self.server.first_login(login)
        return client.session["user"]["id"], client

    @property
    def data(self):
        return self.server.data

    @property
    def database(self):
        return self.data / "bodies/shiken/body.db"

    def rows(self, query, *values):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            return db.execute(query, values).fetchall()

    def of_other(self, person, collection):
        """Everything that the database and the folder of originals hold of another person and her collection."""
        tables = {
            "account": self.rows("SELECT * FROM account WHERE id = ?", person), "chat": self.rows("SELECT * FROM chat WHERE owner_id = ? ORDER BY id", person),
            "message": self.rows("SELECT m.* FROM message m JOIN chat c ON c.id = m.chat_id WHERE c.owner_id = ? ORDER BY m.id", person),
            "collection": self.rows("SELECT * FROM collection WHERE id = ?", collection), "document": self.rows("SELECT * FROM document WHERE collection_id = ? ORDER BY id", collection),
            "document_text": self.rows("SELECT t.* FROM document_text t JOIN document d ON d.id = t.document_id WHERE d.collection_id = ? ORDER BY d.id", collection),
            "section": self.rows("SELECT s.* FROM section s JOIN document d ON d.id = s.document_id WHERE d.collection_id = ? ORDER BY d.id, s.n", collection),
            "chunk": self.rows("SELECT k.* FROM chunk k JOIN document d ON d.id = k.document_id WHERE d.collection_id = ? ORDER BY k.id", collection)}
        blobs = {blob: (self.data / f"bodies/shiken/blobs/{blob[:2]}/{blob}").read_bytes() for blob, in self.rows("SELECT blob_id FROM document WHERE collection_id = ?", collection)}
        assert all(tables.values()) and blobs, {name: len(rows) for name, rows in tables.items()}
        return tables, blobs

    def stop(self):
        self.server.stop()
        self.model.stop()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("disposal"))
    yield office
    office.stop()
    if office.database.exists():
        office.server.verify_log("shiken")


def plant(client, key, collection):
    """1,000 canaries: 500 in documents, 300 in conversations, 200 through the API."""
    files = {f"{MARK}{i:02}.txt": "".join(f"{canary(i * 25 + k)}。{''.join(PAIRS[i])}を付す。\n" for k in range(25)).encode() for i in range(20)}
    documents = client.add_files(collection, files)
    for i in range(20):
        chat = client.new_chat(title=f"{MARK}の会話{i}")
        client.answer(chat, "。".join(canary(500 + i * 15 + k) for k in range(15)))
    for i in range(10):
        key.post("/v1/chat/completions", {"model": "echo", "messages": [{"role": "user", "content": "。".join(canary(800 + i * 20 + k) for k in range(20))}]}).ok()
    return documents


def export_and_verify(office, folder, certificate=None):
    """The log as outsiders see it; the program is stopped for it."""
    office.server.cli("log", "export", "--body", "shiken", "--out", str(folder))
    more = ["--certificate", str(certificate)] if certificate else []
    told = subprocess.run([str(VERIFY), str(folder), "--json", *more], stdout=subprocess.PIPE, text=True)
    return told.returncode, json.loads(told.stdout)


def test_disposal_of_a_person_leaves_nothing_and_touches_nobody_else(office, tmp_path):
    person, taro = office.person("taro")
    jiro = office.jiro.session["user"]["id"]
    others = office.fukacho.new_collection("福祉の資料", readers="department")["id"]
    office.fukacho.add_files(others, {"福祉.txt": ("生活保護の申請は福祉課で受け付ける。" * 50).encode()})
    office.jiro.answer(office.jiro.new_chat(collections=[others], title="福祉の会話"), "生活保護の申請はどこですか")
    own = taro.new_collection("消す資料", confidentiality=1, readers="all")["id"]
    key = taro.post("/api/v1/keys", {"name": f"{MARK}の鍵"}).ok()["secret"]
    documents = plant(taro, Client(office.server.port, key=key), own)
    chunks = {n for d in documents.values() for n, in office.rows("SELECT id FROM chunk WHERE document_id = ?", d["id"])}
    assert "bodies/shiken/body.db" in found_raw(office.data) or "bodies/shiken/body.db-wal" in found_raw(office.data)
    wait_until(lambda: chunks <= index_of(office.data)[1], 30, "index")
    # (Of some pairs the index knows a newer form of a character.)
    rare = {bigram(*p) for p in PAIRS} & index_of(office.data)[0]
    assert len(rare) >= 10, "the index holds the canaries before"
    before = office.of_other(jiro, others)

    made = ask(office.kanri, "person", target="taro", with_documents=True, backups=[{"place": "庁舎地下の磁気テープ", "until": "2027-03-31"}]).ok()
    assert made["state"] == "asked" and made["items"] == 21 and made["approval_state"] == "submitted"
    grant(office.kanri, made).refused(403)               # who asked does not permit
    office.fukacho.get(f"/api/v1/approvals/{made['approval']}").refused(404)   # another unit's manager has no part in it
    taro.get("/api/v1/session").ok()
    assert grant(office.kacho, made).ok()["state"] == "finished"
    done = certified(office.kanri, made["id"])

    assert done["counts"]["document"] == 20 and done["counts"]["chat"] == 20 and done["counts"]["blob"] == 20 and done["counts"]["api_key"] == 1, done["counts"]
    assert done["verification"]["found"] == 0 and done["verification"]["samples"] > 300 and done["verification"]["terms"] >= 20, done["verification"]
    # The log keeps its least time: its payloads stay, sealed, and the certificate says until when.
    log, = [r for r in done["remaining"] if r["store"] == "log_payload" and r["ground"] == "retention"]
    assert log["count"] > 50 and log["until"] > done["done_at"]
    assert taro.get("/api/v1/session").status == 401 and Client(office.server.port, key=key).get("/v1/models").status == 401
    assert Client(office.server.port).login("taro", PASSWORD + "x").status == 401
    assert office.kanri.post("/api/v1/search", {"query": "".join(PAIRS[3]), "limit": 5}).ok()["hits"] == []

    terms, left = index_of(office.data)
    assert not chunks & left and not rare & terms, "index form"
    assert found_raw(office.data) == [], "UTF-8 and UTF-16"
    assert office.of_other(jiro, others) == before, "another person's data is byte for byte what it was"
    assert office.rows("SELECT name, enabled FROM account WHERE id = ?", person) == [("（廃棄済み）", 0)]

    out = office.kanri.get(f"/api/v1/disposals/{made['id']}/certificate").ok()
    certificate = tmp_path / f"{out['name']}.json"
    certificate.write_text(out["file"], encoding="utf-8")
    pdf = tmp_path / "page.pdf"
    pdf.write_bytes(base64.b64decode(out["pdf_base64"]))
    page = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], stdout=subprocess.PIPE, text=True, check=True).stdout
    for words in ("情報の廃棄の証明書", "試験市", "kacho さん", "庁舎地下の磁気テープ", made["id"], "記録の保存期間が過ぎていないため"):
        assert words in page, page
    fonts = subprocess.run(["pdffonts", str(pdf)], stdout=subprocess.PIPE, text=True, check=True).stdout
    assert re.search(r"CID TrueType\s+Identity-H\s+yes yes yes", fonts), fonts

    office.server.stop()
    try:
        status, report = export_and_verify(office, tmp_path / "export", certificate)
        assert status == 0 and report["good"] and report["earlier"] == 1, report
        trust = tmp_path / "export/trust"
        assert subprocess.run([str(VERIFY), "--certificate", str(certificate), "--trust", str(trust)], stdout=subprocess.PIPE).returncode == 0
        certificate.write_text(out["file"].replace('"found":0', '"found":1'), encoding="utf-8")
        assert subprocess.run([str(VERIFY), "--certificate", str(certificate), "--trust", str(trust)], stdout=subprocess.PIPE, stderr=subprocess.PIPE).returncode == 1
    finally:
        office.server.start()


def again(office):
    """After a restart the browsers log in anew."""
    for name in ("kanri", "kacho", "jiro", "fukacho", "tokatsu", "saiko"):
        setattr(office, name, office.login(name))


def test_disposal_of_documents_clears_what_was_made_of_them(office):
    again(office)
    collection = office.kacho.new_collection("税の資料", readers="all")["id"]
    files = office.kacho.add_files(collection, {"秘匿.txt": ("瑠璃玻璃の課税の控えは二階の棚に置く。" * 20).encode(), "残す.txt": "固定資産税の納期は四月である。".encode()})
    gone, kept = files["秘匿.txt"]["id"], files["残す.txt"]["id"]
    chat = office.jiro.new_chat(collections=[collection])
    answer = office.jiro.answer(chat, "瑠璃玻璃の課税の控えはどこにありますか")
    assert answer["citations"]
    made = ask(office.kacho, "documents", documents=[gone]).ok()
    assert grant(office.saiko, made).ok()
    done = certified(office.kacho, made["id"])
    assert done["counts"]["document"] == 1 and done["counts"]["answer_text"] == 1 and done["verification"]["found"] == 0
    office.kacho.get(f"/api/v1/documents/{gone}").refused(404)
    office.kacho.get(f"/api/v1/documents/{kept}").ok()
    answer = office.jiro.pair(chat)[1]
    assert "廃棄" in answer["text"] and answer["citations"] == [] and "棚" not in answer["text"]
    assert found_raw(office.data, "課税の控えは二階の棚") == []


def test_disposal_of_a_chat_is_its_owners_to_ask(office):
    chat = office.jiro.new_chat(title="消す会話")
    office.jiro.answer(chat, "孔雀石の相談の覚えを残さないでください")
    ask(office.fukacho, "chat", target=chat).refused(404, "chat.not_found")
    made = ask(office.jiro, "chat", target=chat).ok()
    grant(office.jiro, made).refused(403)
    assert grant(office.fukacho, made).ok()
    assert certified(office.jiro, made["id"])["counts"]["message"] == 2
    office.jiro.get(f"/api/v1/chats/{chat}").refused(404)
    assert found_raw(office.data, "孔雀石の相談の覚えを残さない") == []
    office.kacho.get(f"/api/v1/disposals/{made['id']}").refused(404, "disposal.not_found")   # another's
    office.kanri.get(f"/api/v1/disposals/{made['id']}").ok()                                # who reads the records sees all


def test_disposal_is_bound_to_the_list(office):
    collection = office.kacho.new_collection("増える置き場", readers="all")["id"]
    office.kacho.add_files(collection, {"一.txt": "一つ目の資料である。".encode()})
    made = ask(office.kacho, "collection", target=collection).ok()
    assert made["items"] == 2
    office.kacho.add_files(collection, {"二.txt": "二つ目の資料である。".encode()})
    grant(office.saiko, made).refused(409, "disposal.changed")
    assert request_of(office.kacho, made)["state"] == "submitted", "the signature is undone with it"
    made = ask(office.kacho, "collection", target=collection).ok()
    assert grant(office.saiko, made).ok()
    assert certified(office.kacho, made["id"])["counts"]["collection"] == 1
    assert collection not in [c["id"] for c in office.kacho.get("/api/v1/collections").ok()["items"]]


@pytest.mark.parametrize("scope,more,status,key", [
    ("moon", {}, 400, "disposal.scope"), ("chat", {}, 400, "disposal.target"), ("documents", {}, 400, "disposal.documents"), ("documents", {"documents": []}, 400, "disposal.documents"),
    ("chat", {"documents": ["x"]}, 400, "disposal.documents"), ("person", {"target": "daremo"}, 404, "users.not_found"), ("documents", {"documents": ["01ARZ3NDEKTSV4RRFFQ69G5FAV"]}, 404, "documents.not_found"),
    ("chat", {"target": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "what": ""}, 400, "disposal.what"), ("chat", {"target": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "backups": [{"place": "棚", "until": "いつか"}]}, 400, "disposal.backups"),
    ("contract", {}, 403, None)], ids=str)
def test_disposal_wrong_requests_are_refused(office, scope, more, status, key):
    office.kanri.post("/api/v1/disposals", {"scope": scope, "what": "試験の対象", "reason": REASON, **more}).refused(status, key)


def test_disposal_of_a_person_needs_the_power(office):
    ask(office.kacho, "person", target="jiro").refused(403)
    ask(office.jiro, "person", target="jiro").refused(403)


def test_disposal_without_permission_erases_nothing(office):
    chat = office.jiro.new_chat(title="残る会話")
    made = ask(office.jiro, "chat", target=chat).ok()
    office.jiro.get(f"/api/v1/disposals/{made['id']}/certificate").refused(409, "disposal.not_certified")
    request = request_of(office.fukacho, made)
    office.fukacho.post(f"/api/v1/approvals/{request['id']}/refuse", {"content_hash": request["content_hash"], "note": "残すべきもののため"}).ok()
    office.server.stop()
    office.server.cli("dispose", "run", "--body", "shiken")
    office.server.start()
    again(office)
    office.jiro.get(f"/api/v1/chats/{chat}").ok()
    assert office.jiro.get(f"/api/v1/disposals/{made['id']}").ok()["disposal"]["approval_state"] == "refused"


def test_disposal_of_the_contract_takes_everything_after_the_export(office, tmp_path):
    """Last: the body is gone afterwards."""
    again(office)
    office.jiro.answer(office.jiro.new_chat(title="最後の会話"), "。".join(canary(n) for n in range(50)))
    hold = office.kanri.post("/api/v1/retention/holds", {"incident": "調査", "reason": "調べている"}).ok()["holds"][0]["id"]
    made = ask(office.tokatsu, "contract").ok()
    assert grant(office.saiko, made).ok()
    office.server.stop()
    held = office.server.cli("dispose", "contract", "--body", "shiken", "--id", made["id"], "--export", str(tmp_path / "held"), check=False)
    assert held.returncode != 0 and "disposal.held" in held.stderr + held.stdout, held
    office.server.start()
    office.tokatsu = office.login("tokatsu")
    office.tokatsu.post(f"/api/v1/retention/holds/{hold}/release", {"reason": "調べ終えた"}).ok()
    office.server.stop()
    assert found_raw(office.data)
    told = json.loads(office.server.cli("dispose", "contract", "--body", "shiken", "--id", made["id"], "--export", str(tmp_path / "export"), "--json").stdout)
    assert found_raw(office.data) == []
    left = sorted(str(p.relative_to(office.data)) for p in office.data.rglob("*") if p.is_file() and "/stops/" not in str(p))
    assert left == [f"certificates/haiki-{made['id']}-1.json", f"certificates/haiki-{made['id']}-1.pdf", "lock"], left
    check = subprocess.run([str(VERIFY), str(tmp_path / "export"), "--json", "--certificate", told["certificate"]], stdout=subprocess.PIPE, text=True)
    report = json.loads(check.stdout)
    assert check.returncode == 0 and report["good"] and report["earlier"] == 1 and report["payloads"] == report["leaves"], report
    certificate = json.loads(Path(told["certificate"]).read_text(encoding="utf-8"))["certificate"]
    assert certificate["scope"] == "contract" and report["leaves"] >= certificate["erased"]["log_leaf"] > 50, certificate["erased"]
    assert certificate["verification"]["found"] == 0 and certificate["verification"]["samples"] > 0 and certificate["remaining"] == []
