"""Ids of one body put by hand into the tables of another: every read refuses or leaves out, and nothing of the other body comes.

Bodies lie in files of their own, so a foreign id names nothing; the schema refuses most of these rows. Here somebody has a hand on the file and has
switched the schema's checks off.
"""
import sqlite3

import pytest
from reach_world import NOBODYS, SECRET, World
from sekisho import PASSWORD

THEIRS = "隣市の瑠璃色計画"


def columns(db, table):
    return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]


def copy(ours, theirs, table, where, value, **changed):
    """Rows of the other body's table, put into ours."""
    names = columns(ours, table)
    for row in theirs.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {where} = ?", (value,)).fetchall():
        row = dict(zip(names, row)) | changed
        ours.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


class Mixed:
    """The world after somebody wrote ids of 隣市 into the tables of 試験市."""

    def __init__(self, world):
        self.world = world
        yoso, uchi = world.yoso, world.uchi
        self.collection = yoso.new_collection(THEIRS, confidentiality=1, readers="all")["id"]
        self.document = next(iter(yoso.add_files(self.collection, {f"{THEIRS}.txt": f"{THEIRS}の締切は三月二十日である。".encode()}).values()))["id"]
        self.chat = yoso.new_chat([self.collection], title=THEIRS)
        self.message = yoso.answer(self.chat, f"{THEIRS}の締切はいつですか")
        assert self.message["citations"], "the other body cites its own"
        self.key = yoso.post("/api/v1/keys", {"name": "鍵"}).ok()["secret"]
        self.endpoint = yoso.new_endpoint("隣市の接続先", "http://127.0.0.1:9/v1", "m")["id"]
        self.cookie = yoso.cookie
        self.unit = yoso.get("/api/v1/departments").ok()["items"][0]["id"]
        # Ours, which will name theirs.
        self.own_collection = uchi.new_collection("こちらの置き場", readers="all")["id"]
        self.own_document = next(iter(uchi.add_files(self.own_collection, {"こちら.txt": "孔雀石の手引は、総務課にある。".encode()}).values()))["id"]
        self.moved_collection = uchi.new_collection("課の移った置き場", readers="all")["id"]
        self.upload = world.upload()["id"]
        self.own_chat, self.endpoint_chat = uchi.new_chat(title="こちらの会話"), uchi.new_chat(title="接続先の会話")
        self.own_message = uchi.answer(uchi.new_chat([self.own_collection], title="引用の会話"), "孔雀石の手引はどこにありますか")
        self.lost = world.user()
        self.approval = world.submitted()["id"]
        world.server.stop()
        self.write()
        world.server.start()
        world.start_again()

    def write(self):
        folder = self.world.server.data / "bodies"
        ours, theirs = (sqlite3.connect(folder / f"{body}/body.db") for body in ("shiken", "tonari"))
        ours.execute("PRAGMA foreign_keys = OFF")
        put = ours.execute
        put("UPDATE chat SET collections = ? WHERE id = ?", (f'["{self.collection}"]', self.own_chat))
        put("UPDATE chat SET endpoint_id = ? WHERE id = ?", (self.endpoint, self.endpoint_chat))
        put("UPDATE document SET collection_id = ? WHERE id = ?", (self.collection, self.own_document))
        put("UPDATE collection SET unit_id = ? WHERE id = ?", (self.unit, self.moved_collection))
        put("UPDATE upload SET collection_id = ? WHERE id = ?", (self.collection, self.upload))
        put("UPDATE message SET citations = replace(citations, ?, ?) WHERE id = ?", (self.own_message["citations"][0]["document_id"], self.document, self.own_message["id"]))
        put("INSERT INTO message_source (message_id, document_id) VALUES (?, ?)", (self.own_message["id"], self.document))
        put("UPDATE account SET unit_id = ? WHERE id = ?", (self.unit, self.lost["id"]))
        put("UPDATE approval SET unit_id = ? WHERE id = ?", (self.unit, self.approval))
        put("UPDATE flow SET to_endpoint = ?", (self.endpoint,))
        copy(ours, theirs, "document", "id", self.document)
        copy(ours, theirs, "document_text", "document_id", self.document)
        copy(ours, theirs, "section", "document_id", self.document)
        copy(ours, theirs, "chat", "id", self.chat)
        copy(ours, theirs, "message", "chat_id", self.chat)
        account, = theirs.execute("SELECT id FROM account WHERE login = 'yoso'").fetchone()
        copy(ours, theirs, "session", "account_id", account)
        copy(ours, theirs, "api_key", "account_id", account)
        # The text of a chunk: with ids of our own sequence, so that the index takes it.
        last, = ours.execute("SELECT last FROM chunk_sequence").fetchone()
        copy(ours, theirs, "chunk", "document_id", self.document, id=last + 1)
        put("UPDATE chunk_sequence SET last = ?", (last + 1,))
        put("UPDATE document SET first_chunk = ?, last_chunk = ? WHERE id = ?", (last + 1, last + 1, self.document))
        put("INSERT OR IGNORE INTO label (text) SELECT label FROM document")
        put("UPDATE library_revision SET revision = revision + 5000")
        for db in (ours, theirs):
            db.commit()
            db.close()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("mixed")).start()
    yield Mixed(world)
    world.stop()


@pytest.fixture(scope="module")
def uchi(mixed):
    return mixed.world.uchi


@pytest.mark.parametrize("tail", ["", "/text", "/content", "/lowering"])
@pytest.mark.parametrize("which", ["document", "own_document"])
def test_foreign_rows_a_document_of_another_bodys_collection_is_not_there(mixed, uchi, which, tail):
    uchi.get(f"/api/v1/documents/{getattr(mixed, which)}{tail}").refused(404, "documents.not_found")


@pytest.mark.parametrize("act", [("DELETE", "", None), ("POST", "/encoding", {"encoding": "UTF-8"}), ("POST", "/raise", {"confidentiality": 3}),
                                 ("POST", "/class", {"confidentiality": 1, "reason": "x"}), ("POST", "/lowering", {"confidentiality": 1, "reason": "公表した資料のため"})], ids=str)
@pytest.mark.parametrize("which", ["document", "own_document"])
def test_foreign_rows_nor_is_it_changed(mixed, uchi, which, act):
    method, tail, body = act
    uchi.call(method, f"/api/v1/documents/{getattr(mixed, which)}{tail}", body).refused(404)


def test_foreign_rows_a_search_leaves_them_out(mixed, uchi):
    for query in (f"{THEIRS} 締切", "孔雀石の手引"):
        for collections in ([], [mixed.collection]):
            hits = uchi.post("/api/v1/search", {"query": query, "collections": collections, "limit": 100}).ok()["hits"]
            assert not {mixed.document, mixed.own_document} & {h["document_id"] for h in hits}, query


def test_foreign_rows_collections_leave_them_out(mixed, uchi):
    shown = uchi.get("/api/v1/collections").text
    assert mixed.collection not in shown and mixed.moved_collection not in shown and THEIRS not in shown
    for collection in (mixed.collection, mixed.moved_collection):
        uchi.get(f"/api/v1/collections/{collection}/documents").refused(404)
        uchi.get(f"/api/v1/uploads?collection={collection}").refused(404)
        uchi.delete(f"/api/v1/collections/{collection}").refused(404)
    uchi.get(f"/api/v1/uploads/{mixed.upload}").refused(404)
    uchi.get(f"/api/v1/uploads/{mixed.upload}/events").refused(404)
    assert mixed.document not in uchi.get("/api/v1/unruled").text


def test_foreign_rows_a_chat_over_another_bodys_collection_finds_nothing(mixed, uchi):
    message = uchi.answer(mixed.own_chat, f"{THEIRS}の締切はいつですか")
    assert message["citations"] == [] and "三月二十日" not in message["text"]


def test_foreign_rows_a_chat_with_another_bodys_endpoint_asks_nobody(mixed, uchi):
    events = uchi.ask(mixed.endpoint_chat, "こんにちは").all()
    message = events[-1].data["message"]
    assert message["state"] == "failed" or message["engine"] == "extractive", message


def test_foreign_rows_another_persons_chat_is_nobodys_here(mixed, uchi):
    for client in (uchi, mixed.world.aite, mixed.world.soto):
        client.get(f"/api/v1/chats/{mixed.chat}").refused(404, "chat.not_found")
        client.get(f"/api/v1/messages/{mixed.message['id']}/export?format=txt").refused(404)
        assert THEIRS not in client.get("/api/v1/chats").text


def test_foreign_rows_a_citation_leads_nowhere(mixed, uchi):
    """The sentence cited is the answer's own text; what it is said to come from cannot be opened."""
    cited = uchi.get(f"/api/v1/messages/{mixed.own_message['id']}/export?format=txt")
    assert cited.status in (200, 403, 404) and "三月二十日" not in cited.text
    uchi.get(f"/api/v1/documents/{mixed.document}/text").refused(404)


def test_foreign_rows_credentials_of_another_body_open_nothing(mixed):
    client = mixed.world.server.client()
    client.cookie = mixed.cookie.replace("tonari.", "shiken.")
    client.get("/api/v1/session").refused(401)
    client.get("/api/v1/chats").refused(401)
    assert mixed.world.server.client(key=mixed.key.replace("sk-tonari-", "sk-shiken-")).get("/v1/models").status == 401


def test_foreign_rows_a_person_of_another_bodys_department_comes_in_nowhere(mixed):
    client = mixed.world.server.client()
    answer = client.login(mixed.lost["login"])
    if answer.status == 200:
        assert client.get("/api/v1/collections").status in (401, 403, 404, 503)
    else:
        assert answer.status in (401, 403, 404, 503), answer.body


def test_foreign_rows_do_not_stop_the_others(mixed, uchi):
    """Lists that meet such a row go on without it."""
    for path in ("/api/v1/users", "/api/v1/approvals", "/api/v1/approvals?box=notified", "/api/v1/flows", "/api/v1/endpoints", "/api/v1/stops", "/api/v1/sessions",
                 "/api/v1/unruled", "/api/v1/keys", "/api/v1/departments"):
        uchi.get(path).ok()
    assert THEIRS not in uchi.get("/api/v1/endpoints").text
    asked = mixed.world.submitted()
    assert mixed.world.aite.get(f"/api/v1/approvals/{asked['id']}").ok()["slots"][0]["candidates"]
    mixed.world.aite.get("/api/v1/approvals?box=rule").ok()


def test_foreign_rows_both_bodies_still_read_their_own(mixed, uchi):
    assert mixed.world.yoso.get(f"/api/v1/documents/{mixed.document}/text").ok()["sections"]
    fresh = mixed.world.document()["id"]
    assert SECRET in uchi.get(f"/api/v1/documents/{fresh}/text").text
