"""Two worlds that differ only in what a person cannot read are one world to her, byte for byte, through the real HTTP interface.

Two servers get the same visible acts in the same order; between them, each gets its own hidden ones: another department's collections and
documents, documents above her class, documents of unknown class beside hers, other people's chats, other people. Then everything that she can ask
is asked of both and compared as bytes, after three things are replaced that differ between any two runs:

- identifiers (ULIDs: time and chance) by the order in which they are first shown: the same thing must be shown at the same place;
- points of time by the word TIME, request ids and the measured `ms` by nothing.

Left out: GET /api/v1/status. The log's head (its size and root) is there for everybody to note down; it tells how much is done in the body.
"""
import random
import re
import time

import pytest
from sekisho import Server
from shiken import SETTINGS, set_up

ULID = re.compile(rb"[0-9A-HJKMNP-TV-Z]{26}")
TIME = re.compile(rb'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"')
CURSOR = re.compile(rb'"\d{16}\.([0-9A-HJKMNP-TV-Z]{26})"')
NOISE = re.compile(rb'"(ms|request_id)":("[^"]*"|[-0-9.eE+]+),?')
VISIBLE = {"転入の手引.txt": "転入届は、引っ越した日から14日以内に出す。届出には本人確認の書類を添える。",
           "ごみの手引.txt": "可燃ごみは月曜日と木曜日に出す。粗大ごみの手数料は500円である。",
           "会議室.md": "# 会議室\n\n会議室の予約は、三日前までに総務課に申し込む。",
           "税証明.txt": "税の証明書の手数料は一通300円である。窓口は税務課とする。",
           "名寄帳.csv": "区分,手数料\n名寄帳,300円\n課税台帳,300円\n"}
WORDS = ["転入届", "手数料", "会議室", "滞納整理", "瑠璃色計画", "証明書", "予約", "封筒", "蜜柑", "税務課"]
QUESTIONS = ["転入届はいつまでですか", "手数料", "会議室の予約", "滞納整理の封筒", "瑠璃色計画", "税の証明書 300円", "zqxjkvzq", "粗大ごみ 蜜柑"]


class World:
    def __init__(self, server, seed):
        self.server, self.random, self.ids = server, random.Random(seed), {}
        self.people = {}
        for name in ("kacho", "hanako", "jiro", "fukacho", "kanri"):
            self.people[name] = server.client()
            self.people[name].login(name).ok()
        self.hidden = []     # ids of things that she cannot read
        self.me = self.people["hanako"]

    def text(self):
        return "".join(self.random.choice(WORDS) + self.random.choice("はがをの") for _ in range(self.random.randint(5, 40))) + "。"

    def hide(self, visible):
        """Some acts whose traces she must not see."""
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.randrange(4)
            files = {f"秘{n}.txt": self.text().encode() for n in range(self.random.randint(1, 3))}
            if kind == 0:  # another department
                c = self.people["fukacho"].new_collection(self.text()[:20], readers="department")["id"]
                self.hidden += [c, *[d["id"] for d in self.people["fukacho"].add_files(c, files).values()]]
            elif kind == 1:  # above her class
                c = self.people["kacho"].new_collection(self.text()[:20], confidentiality=3)["id"]
                self.hidden += [c, *[d["id"] for d in self.people["kacho"].add_files(c, files).values()]]
            elif kind == 2:  # other people's chats
                who = self.people[self.random.choice(["jiro", "fukacho"])]
                chat = who.new_chat(title=self.text()[:12])
                who.answer(chat, self.text())
                self.hidden.append(chat)
            elif visible:  # beside her documents, but of a class that nobody knows yet
                upload = self.people["kacho"].post(f"/api/v1/collections/{visible}/uploads", {"class_unknown": True}).ok()["id"]
                for name, data in files.items():
                    self.hidden.append(self.people["kacho"].put_file(upload, name, data).ok()["id"])
                self.people["kacho"].wait_upload(upload)

    def normal(self, body):
        body = TIME.sub(b'"TIME"', CURSOR.sub(rb'"\1"', NOISE.sub(b"", body)))
        return ULID.sub(lambda m: self.ids.setdefault(m.group(), b"ID%d" % (len(self.ids) + 1)), body)

    def show(self, method, path, body=None):
        answer = self.me.call(method, path, body)
        return answer, (answer.status, answer.headers["Content-Type"], self.normal(answer.body))


def build(world):
    """The visible acts, in one order, with the hidden ones between them. Returns the ids of what is visible."""
    world.hide(None)
    ids = {}
    open_ = world.people["kacho"].new_collection("手引", confidentiality=2)["id"]
    world.hide(open_)
    own = world.people["kacho"].new_collection("課の資料", readers="department")["id"]
    for n, (name, text) in enumerate(VISIBLE.items()):
        world.hide(open_)
        collection = own if n % 2 else open_
        ids[name] = world.people["kacho"].add_files(collection, {name: text.encode()})[name]["id"]
    world.hide(open_)
    return open_, own, list(ids.values())


def everything(world, open_, own, documents):
    """All that she can ask, as (what was asked, what came)."""
    out = []

    def ask(what, method, path, body=None):
        answer, shown = world.show(method, path, body)
        out.append((what, *shown))
        return answer

    nothing = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    ask("collections", "GET", "/api/v1/collections")
    for collection in (open_, own):
        ask("uploads", "GET", f"/api/v1/uploads?collection={collection}")
        for limit in (1, 2, 200):
            after, page = "", 0
            while True:
                answer = ask(f"documents by {limit}, page {page}", "GET", f"/api/v1/collections/{collection}/documents?limit={limit}" + (f"&after={after}" if after else ""))
                after, page = answer.json.get("next"), page + 1
                if not after or page > 20:
                    break
    for d in documents:
        for tail in ("", "/text", "/content"):
            ask(f"document{tail}", "GET", f"/api/v1/documents/{d}{tail}")
    hidden = (world.hidden + [nothing] * 6)[:6]  # what is hidden and what never was are told apart by nothing
    for n, h in enumerate(hidden):
        ask(f"hidden {n}", "GET", f"/api/v1/documents/{h}")
        ask(f"hidden text {n}", "GET", f"/api/v1/documents/{h}/text")
        ask(f"hidden content {n}", "GET", f"/api/v1/documents/{h}/content")
        ask(f"hidden list {n}", "GET", f"/api/v1/collections/{h}/documents")
        ask(f"hidden uploads {n}", "GET", f"/api/v1/uploads?collection={h}")
        ask(f"hidden chat {n}", "GET", f"/api/v1/chats/{h}")
        ask(f"hidden search {n}", "POST", "/api/v1/search", {"query": "手数料", "collections": [h], "limit": 5})
    for q in QUESTIONS:
        for limit in (1, 3, 50):
            ask(f"search {q} {limit}", "POST", "/api/v1/search", {"query": q, "collections": [], "limit": limit})
        ask(f"search {q} in one", "POST", "/api/v1/search", {"query": q, "collections": [own], "limit": 5})
    for q in QUESTIONS[:5]:
        chat = world.me.new_chat([open_, own])
        events = world.me.ask(chat, q).all()
        out += [(f"event of {q}", e.name, "", world.normal(str(e.data).encode().replace(b"'", b'"'))) for e in events if e.name in ("sources", "done", "error")]
        ask(f"chat {q}", "GET", f"/api/v1/chats/{chat}")
    for path in ("", "?limit=2", "?q=" + "%E5%B0%81%E7%AD%92"):
        ask(f"chats{path}", "GET", f"/api/v1/chats{path}")
    ask("endpoints", "GET", "/api/v1/endpoints")
    ask("refused", "GET", "/api/v1/users")
    ask("refused", "DELETE", f"/api/v1/documents/{documents[0]}")
    return out


@pytest.fixture(scope="module")
def two_servers(tmp_path_factory):
    servers = [set_up(Server(tmp_path_factory.mktemp("world") / "data", SETTINGS)).start() for _ in range(2)]
    yield servers
    for server in servers:
        server.stop()
        server.verify_log("shiken")


def test_noninterference_two_worlds_are_one_to_who_cannot_tell_them_apart(two_servers):
    seed = time.time_ns() % 1_000_000
    print(f"seed {seed}")
    worlds = [World(server, seed + n) for n, server in enumerate(two_servers)]
    visible = [build(world) for world in worlds]
    assert len(worlds[0].hidden) != 0 and len(worlds[1].hidden) != 0
    one, two = (everything(world, *v) for world, v in zip(worlds, visible))
    assert len(one) == len(two) > 100
    for a, b in zip(one, two):
        assert a == b, f"seed {seed}: {a[0]}"
    # The comparison has something to compare: what is visible is found, and what is hidden is nowhere.
    told = b"".join(part[3] for part in one)
    assert "転入届".encode() in told and "500円".encode() in told and "秘".encode() not in told
