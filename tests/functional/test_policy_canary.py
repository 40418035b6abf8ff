"""A word of a withheld clause, of a draft, of an opinion reaches nobody without the right: every GET route of the program, in every form that the
API's description knows, and the answers to wrong requests of every other route, are asked by people without it; then search, conversation, what the
model was sent, mail of the program. The list of routes is the program's own: a new one is asked without a change here."""
import base64
import csv
import email
import email.policy
import io
import json
import re
import subprocess
import zipfile

import pytest
from sekisho import ROOT, Server, quote, wait_until
from shiken import SETTINGS, set_up
from reach_world import REGISTER
from test_mail import mail_settings, post  # noqa: F401 (a fixture)
from test_policy import clause, send as import_policy, tree_of
from test_policy_meaning import by_ref, decide, decision, meanings
from test_policy_reading import BODY
from test_policy_versions import amendment, declared, document, grant, put_before, version
from test_routes import BODIES, ID, ROUTES

# Each stands in one place alone.
WORDS = {"title": "ノビタキ", "text": "サンコウチョウ", "below": "ホトトギス", "row": "アカゲラ", "raw": "ケリ七ケリ", "why": "ヤマセミ", "draft": "キビタキ", "opinion": "カワガラス", "answer": "ミソサザイ",
         "meaning": "エナガ", "evidence": "ヒガラ", "gap": "コガラ", "column": "ゴジュウカラ", "mapped": "キバシリ", "uploaded": "セッカ", "disposed": "ビンズイ", "attached": "ムギマキ"}
PUBLIC = "コマドリ"  # stands in a clause that everybody may read: the search for words finds something
TEXT = f"""倉庫の規程

第1章 総則
（目的）
第1条 この規程は、倉庫の扱いを定める。

第2章 守ること
（職員）
第2条 職員は、次に掲げることを守らなければならない。
(1) 倉庫の戸を閉めること。
(2) 鍵の写しを{PUBLIC}係に預けること。
（{WORDS['title']}の置き場）
第3条 職員は、毎年度、予備の鍵が{WORDS['text']}の棚にあることを点検しなければならない。
(1) 棚の番号は{WORDS['below']}とする。
(2) 合図は{WORDS['raw']}とする。
（管理者）
第4条 管理者は、第3条の棚を、毎月、教育と研修のときに数えなければならない。

別表第1（第3条関係）

鳥\t棚
{WORDS['row']}\t三
"""
PARAMETERS = {"format": ("html", "pdf", "docx", "csv", "xlsx", "txt", "jsonl"), "model": ("catalog", "component-definition", "ssp", "assessment-plan", "assessment-results", "poam"),
              "box": ("all", "mine", "waiting"), "show": ("all", "waiting"), "year": ("2025", "2026"), "fiscal_year": ("2025", "2026"), "by": ("day", "person"), "encoding": ("utf8",)}
SEARCHED = ("q", "words", "value")
READS = {("POST", "/api/v1/policies/readings/{document}")}  # asked for with POST, since it is recorded that it was shown
BY_ITSELF = re.compile(r"/api/v1/(session|sessions|factors|elevation|streams/\{id\}/stop)\b")  # they end the asker's own session, or say nothing of the body


def parameters():
    """Query parameters of each GET route, from api/openapi.yaml."""
    text = (ROOT / "api/openapi.yaml").read_text(encoding="utf-8")
    out = {}
    for path, block in re.findall(r'^  "?(/api/v1/[^"\n]+)"?:\n((?:    .*\n|\n)+)', text, re.M):
        get = re.search(r'^    "?get"?:\n((?:      .*\n|\n)+)', block, re.M)
        out[path] = re.findall(r'"name": "(\w+)"\n\s+"in": "query"', get.group(1)) if get else []
    return out


QUERIES = parameters()


class World:
    def __init__(self, folder, model, post):
        self.model, self.post = model, post
        self.server = set_up(Server(folder / "data", SETTINGS + mail_settings(post, folder)), BODY).start()
        self.people = {}

    def prepare(self):
        self.admin, self.saiko = self("kanri"), self("saiko")
        for login in ("hanako", "kacho", "kanri"):
            self.admin.put("/api/v1/mail/boxes", {"login": login, "address": f"{login}@city.example.lg.jp"}).ok()
        self.make_policy()
        self.make_draft()
        self.make_evidence()
        self.make_cases()
        self.make_chats()
        self.make_what_is_anothers()
        self.ids = self.collect()
        return self

    def __call__(self, name):
        if name not in self.people:
            self.people[name] = self.server.client()
            self.people[name].login(name).ok()
        return self.people[name]

    def stop(self):
        self.server.stop()
        self.server.verify_log("shiken")

    def make_policy(self):
        admin = self.admin
        self.made = declared(admin, TEXT, "規程.txt")
        tree = tree_of(admin, self.made["version"])
        self.clause = clause(tree, "第3条")["id"]
        self.annex = clause(tree, "別表第1")["id"]
        found = by_ref(meanings(admin, self.made["version"]))
        decide(admin, self.made["version"], decision(found["第3条"], actor="@staff", kind="check", modality="must", object=WORDS["meaning"]),
               decision(found["第2条"], actor="@staff", kind="check", modality="must"), decision(found["第4条"], actor="kanri", kind="check", modality="must", capability="training", object="棚")).ok()
        for each in (self.clause, self.annex):
            admin.post(f"{document(self.made['document'])}/withheld/{each}", {"reason": f"{WORDS['why']}のため"}).ok()
        self.place = admin.new_collection("公表した方針", confidentiality=1, readers="all")["id"]
        admin.post(document(self.made["document"]) + "/publication", {"collection": self.place}).ok()
        admin.post(document(self.made["document"]) + "/reading").ok()
        admin.post("/api/v1/policies/guideline", {"version": self.made["version"], "clause": self.clause, "item": "基1-1", "state": "confirmed"}).ok()
        self.spread_a_column()
        # Another document that nobody published.
        self.unpublished = import_policy(admin, "内規.txt", f"1 {WORDS['mapped']}の内規\n\n(1) 職員は、{WORDS['mapped']}を守らなければならない。\n").ok()

    def spread_a_column(self):
        """A column of the body's own that came in with a table."""
        where = version(self.made["version"]) + "/table"
        rows = list(csv.reader(io.StringIO(base64.b64decode(self.admin.get(where + "?format=csv").ok()["content"]).decode("utf-8-sig"))))
        out = io.StringIO()
        csv.writer(out).writerows([rows[0] + ["担当の覚え"]] + [row + [WORDS["column"]] for row in rows[1:]])
        self.admin.post(where, {"name": "x.csv", "content": base64.b64encode(out.getvalue().encode()).decode()}).ok()

    def make_draft(self):
        admin = self.admin
        self.draft = amendment(admin, self.made)
        where = version(self.draft["version"])
        second = clause(tree_of(admin, self.draft["version"]), "第4条")["id"]
        admin.patch(f"{where}/clauses/{second}", {"text": f"管理者は、{WORDS['draft']}の棚を数えなければならない。"}).ok()
        admin.post(where + "/state", {"to": "opinions"}).ok()
        opinion = admin.post(where + "/opinions", {"content": f"{WORDS['opinion']}も数えてはどうか"}).ok()["id"]
        admin.post(f"/api/v1/policies/opinions/{opinion}", {"adopted": False, "answer": f"{WORDS['answer']}で足りる"}).ok()
        self.opinion = opinion
        self.asked = put_before(admin, self.draft)["request"]

    def make_evidence(self):
        made = self.admin.post("/api/v1/policies/coverage/evidence", {"control": "training_yearly", "what": f"{WORDS['evidence']}の名簿", "date": "2026-04-01", "link": WORDS["evidence"]}).ok()
        self.admin.post("/api/v1/policies/coverage/gaps").ok()
        gap = next(g["id"] for g in self.admin.get("/api/v1/policies/coverage").ok()["gaps"] if g["closed_at"] is None)
        self.admin.post(f"/api/v1/policies/coverage/gaps/{gap}/close", {"reason": f"{WORDS['gap']}で見ている"}).ok()
        self.evidence, self.gap = made["id"], gap

    def make_cases(self):
        """A question about the withheld clause, and the sheet of a self-inspection that was made of the clauses: with drafts, forms, exports."""
        staff = self("hanako")
        page = staff.post(f"/api/v1/policies/readings/{self.made['document']}").ok()
        staff.post(f"/api/v1/policies/readings/{self.made['document']}/questions",
                   {"version": self.made["version"], "clause": self.clause, "question": "予備の鍵の置き場はどこですか"}).ok()
        staff.post(f"/api/v1/policies/readings/{self.made['document']}/acknowledgement", {"version": page["reading"]["version"], "sha256": page["sha256"]}).ok()
        self("kacho").post("/api/v1/office/definitions/self-inspections/cases", {"fields": {"year": 2026, "unit": "zeimu"}}).ok()

    def make_chats(self):
        wait_until(lambda: self.admin.get(document(self.made["document"]) + "/publication").ok()["placed"], 30, "the public copy in the library")
        self.endpoint = self.admin.new_endpoint("試験", self.model.url, "echo", 2, ("lgwan",))["id"]
        self.model.forget()
        self.messages, self.streams, self.chats = [], [], []
        for endpoint in (None, self.endpoint):
            staff = self("hanako")
            chat = staff.new_chat(collections=[self.place], endpoint=endpoint)
            events = staff.ask(chat, "予備の鍵はどの棚に置きますか。番号と合図、写しの預け先も。").all()
            assert events[-1].name == "done", events[-1].data
            self.chats.append(chat)
            self.streams.append(events[0].data["stream_id"])
            self.messages.append(events[-1].data["message"]["id"])

    def make_what_is_anothers(self):
        """An upload, a disposal and a file in a case of the administrator's own: there, and not for the others."""
        admin = self.admin
        self.upload = admin.new_upload(admin.new_collection("控え", confidentiality=3, readers="department")["id"])
        admin.put_file(self.upload, f"{WORDS['uploaded']}.docx", b"PK\x03\x04 broken").ok()
        admin.wait_upload(self.upload)
        self.disposal = admin.post("/api/v1/disposals", {"scope": "chat", "target": admin.new_chat(), "what": f"{WORDS['disposed']}の会話", "reason": "試験のため"}).ok()["id"]
        admin.post("/api/v1/office/definitions", {"source": REGISTER.replace("NAME", "canary")}).ok()
        case = admin.post("/api/v1/office/definitions/canary/cases", {"fields": {"what": "控え"}}).ok()["id"]
        content = base64.b64encode(f"{WORDS['attached']}の棚の控えである。".encode()).decode()
        self.attachment = admin.post(f"/api/v1/office/cases/{case}/attachments", {"field": "file", "name": "控え.txt", "content": content}).ok()["attachments"][0]["id"]

    def collect(self):
        """What a parameter of a path may be: everything of its kind that there is, as the person who may see all knows it."""
        admin = self.admin
        definitions, cases = set(), set()
        for definition in [d["name"] for d in admin.get("/api/v1/office").ok()["items"]]:
            for who in (self.admin, self("kacho"), self("hanako")):
                listed = who.get(f"/api/v1/office/definitions/{definition}/cases")
                found = {c["id"] for c in listed.json["items"]} if listed.status == 200 else set()
                cases |= found
                definitions |= {definition} if found else set()
        documents = [d["id"] for d in admin.get(f"/api/v1/collections/{self.place}/documents").ok()["items"]]
        assert documents and definitions >= {"consultations", "self-inspections"}
        own = {"/api/v1/approvals": [self.asked], "/api/v1/documents": documents, "/api/v1/collections": [self.place], "/api/v1/chats": self.chats, "/api/v1/messages": self.messages,
               "/api/v1/streams": self.streams, "/api/v1/office/cases": sorted(cases), "/api/v1/uploads": [self.upload], "/api/v1/disposals": [self.disposal]}
        return {"id": own, "collection_id": [self.place], "definition": sorted(definitions), "version": [self.made["version"], self.draft["version"], self.unpublished["version"]],
                "document": [self.made["document"], self.unpublished["document"]], "clause": [self.clause, self.annex], "opinion": [self.opinion], "repair": ["0"], "transition": ["finish", "report"],
                "number": ["1"], "period": ["2026-01"], "attachment": [self.attachment], "factor_id": [ID], "item": ["基1-1"]}

    def values(self, path, name):
        known = self.ids[name]
        if name != "id":
            return known
        if "/evidence/" in path or "/gaps/" in path:
            return [self.evidence, self.gap]
        return next((ids for begin, ids in known.items() if path.startswith(begin)), [ID])

    def targets(self, path, at_most=None):
        """The path with each of the things that there are in the places of its parameters."""
        out = [path]
        for name in re.findall(r"\{(\w+)\}", path):
            out = [p.replace("{" + name + "}", value, 1) for p in out for value in self.values(path, name)[:at_most]]
        return out


@pytest.fixture(scope="module")
def world(tmp_path_factory, model, post):
    world = World(tmp_path_factory.mktemp("canary"), model, post)
    try:
        yield world.prepare()
    finally:
        world.stop()


# --- reading what was said -----------------------------------------------------------------------------------------------------------


def unpacked(data):
    """Text of a file in any of the forms that the program writes."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "\n".join(unpacked(packed.read(n)) for n in packed.namelist())
    if data[:4] == b"%PDF":
        return subprocess.run(["pdftotext", "-", "-"], input=data, stdout=subprocess.PIPE, check=True).stdout.decode().replace("\n", "")
    return data.decode("cp932", "replace") + data.decode("utf-8", "replace")


def strings(value):
    if isinstance(value, str):
        yield value
        if len(value) >= 24 and re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", value) and len(value) % 4 == 0:
            yield unpacked(base64.b64decode(value))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def heard(answer):
    out = unpacked(answer.body)
    if answer.headers.get("Content-Type", "").startswith(("application/json", "application/problem+json")):
        out += "\n".join(strings(json.loads(answer.body)))
    return out


def told(text):
    """Markup between the letters of a word (a line of a PDF, what a table of changes underlines) hides nothing."""
    plain = re.sub(r"<[^>]*>|\s", "", text)
    return {name for name, word in WORDS.items() if word in text or word in plain}


# Who may read what: nobody here reads the policy with its withheld clauses, nor drafts, nor the office of others.
UNPRIVILEGED = ("hanako", "jiro", "nashi", "tokatsu", "saiko", "kacho", "fukacho")
KNOWS = {"tokatsu": {"disposed"}, "saiko": {"disposed"}}  # both oversee every disposal (decide.central, decide.top)


def queries(path):
    out = [""]
    for name in QUERIES.get(path, []):
        values = PARAMETERS.get(name, ()) if name not in SEARCHED else [WORDS["text"], PUBLIC]
        out += [f"?{name}={quote(value)}" for value in values]
    return out


def test_canary_the_words_are_there_for_those_with_the_right(world):
    """So that their absence says something."""
    seen = ""
    for each in (version(world.made["version"]), version(world.draft["version"]), version(world.draft["version"]) + "/opinions", version(world.made["version"]) + "/meanings",
                 version(world.made["version"]) + "/table?format=csv", version(world.unpublished["version"]), document(world.made["document"]) + "/publication", "/api/v1/policies/coverage",
                 f"/api/v1/uploads/{world.upload}", f"/api/v1/disposals/{world.disposal}", f"/api/v1/office/attachments/{world.attachment}"):
        seen += heard(world.admin.get(each))
    assert told(seen) == set(WORDS)
    assert told(heard(world.admin.get(version(world.made["version"]) + "/table?format=xlsx"))) >= {"text", "row", "column"}
    assert "title" in told(heard(world.admin.get("/api/v1/policies/coverage/dossier?format=pdf"))), "what is packed is read"


@pytest.mark.parametrize("method,path", [(m, p) for m, p in ROUTES if m == "GET" or (m, p) in READS], ids=lambda v: v)
def test_canary_no_answer_of_a_reading_route_holds_a_word(world, method, path):
    asked = 0
    for name in UNPRIVILEGED:
        for where in world.targets(path):
            for query in queries(path):
                known = KNOWS.get(name, set()) if path.startswith("/api/v1/disposals") else set()
                assert told(heard(world(name).call(method, where + query))) - known == set(), (name, where + query)
                asked += 1
    assert asked >= len(UNPRIVILEGED)
    assert told(heard(world.server.client().call(method, world.targets(path)[0]))) == set()


@pytest.mark.parametrize("method,path", [(m, p) for m, p in ROUTES if m != "GET" and not BY_ITSELF.match(p)], ids=lambda v: v)
def test_canary_no_error_holds_a_word(world, method, path):
    """Wrong requests: a body that is no JSON, one of another form, one that names what is hidden. None of them may change anything: the last is only
    sent by who may do nothing at all."""
    for where in world.targets(path, at_most=2):
        for name in UNPRIVILEGED:
            for body in (b"{", {"moon": 1}, {"title": 5, "text": [], "fields": "x", "before": 1, "format": {}}):
                assert told(heard(world(name).call(method, where, body))) == set(), (name, where, body)
        named = BODIES.get((method, path), {})
        for old, new in ((ID, world.made["version"]), ("x", world.clause)):
            named = {k: new if v == old else v for k, v in named.items()}
        assert told(heard(world("nashi").call(method, where, named))) == set(), where


def test_canary_search_and_comparison_find_nothing(world):
    pair = {"before": world.made["version"], "after": world.draft["version"]}
    for name in UNPRIVILEGED:
        client = world(name)
        for word in [*WORDS.values(), "予備の鍵", "棚の番号", PUBLIC]:
            for collections in ([], [world.place]):
                answer = client.post("/api/v1/search", {"query": word, "collections": collections, "limit": 20})
                if answer.status == 200 and word in WORDS.values():
                    assert all(h["document"] == "倉庫の規程.txt" for h in answer.json["hits"])
                text = heard(answer)
                assert told(text.replace(word, "")) == set() and (word not in WORDS.values() or word not in text), (name, word)
        for form in ({}, {"format": "html"}, {"format": "docx"}, {"format": "xlsx"}):
            for path in ("compare", "compare/file", "compare/amendment"):
                assert told(heard(client.post(f"/api/v1/policies/{path}", pair | form))) == set()
    found = world("hanako").post("/api/v1/search", {"query": PUBLIC, "collections": [world.place]}).ok()["hits"]
    assert found and PUBLIC in json.dumps(found, ensure_ascii=False), "the public words are found there"


def test_canary_nothing_was_sent_to_the_model(world):
    sent = world.model.requests()
    assert sent and "予備の鍵" in json.dumps(sent, ensure_ascii=False)
    assert told(json.dumps(sent, ensure_ascii=False)) == set()
    # Drafts of the office are written from the fields of the case: the sheet and the question know the clause by its number alone.
    for case in world.ids["id"]["/api/v1/office/cases"]:
        for name in ("hanako", "kacho"):
            fields = [f["key"] for f in (world(name).get(f"/api/v1/office/cases/{case}").json.get("fields") or [])]
            for field in fields:
                answer = world(name).call("POST", f"/api/v1/office/cases/{case}/drafts", {"field": field, "endpoint": world.endpoint, "confirm": True})
                assert told(heard(answer)) == set()
    assert told(json.dumps(world.model.requests(), ensure_ascii=False)) == set()


def test_canary_the_record_of_questions_and_the_programs_own_log_hold_no_word(world):
    """What a person asked and was answered, as the person who reads the record of contents sees it; and the lines for the operator."""
    record = heard(world.admin.post("/api/v1/log/questions", {"words": "予備の鍵", "limit": 100}))
    assert "予備の鍵" in record and told(record) == set()
    assert told(world.server.log_tail()) == set()


def test_canary_no_mail_holds_a_word(world):
    """The question and the inspection told the manager of the department that something waits."""
    wait_until(lambda: world.post.taken, 20, "mail")
    for _, content, *_ in world.post.taken:
        parts = [p.get_content() for p in email.message_from_bytes(content, policy=email.policy.default).walk() if not p.is_multipart()]
        assert parts and told(content.decode("utf-8", "replace") + "".join(parts)) == set()


def test_canary_the_new_version_shows_no_more(world):
    """The draft comes into force: its own word is public now, what is withheld stays so."""
    grant(world.saiko, {"request": world.asked}).ok()
    for method, path in (("GET", "/api/v1/policies/public/{document}"), ("GET", "/api/v1/policies/public/{document}/file"), ("POST", "/api/v1/policies/readings/{document}"), ("GET", "/api/v1/office/cases/{id}")):
        for where in world.targets(path):
            for query in queries(path):
                for name in UNPRIVILEGED:
                    assert told(heard(world(name).call(method, where + query))) <= {"draft"}, (name, where)
    assert "draft" in told(heard(world("hanako").get(f"/api/v1/policies/public/{world.made['document']}")))

