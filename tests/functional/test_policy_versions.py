"""Versions of a policy document: amendment, opinions, committee, coming into force, publication; and that a withheld word reaches nobody without the right."""
import base64
import io
import json
import re
import subprocess
import zipfile
from datetime import datetime, timedelta, timezone

import pytest
from sekisho import wait_until
from test_policy import clause, send, tree_of

NOBODYS = "01HZZZZZZZZZZZZZZZZZZZZZZZ"
CANARY = "サンコウチョウ"   # stands in a withheld clause alone
BELOW = "ホトトギス"        # stands below it
DRAFT = "キビタキ"          # stands in a draft alone
REASON = "ヤマセミ"         # why it is withheld
TEXT = f"""倉庫の規程

第1章 総則
（目的）
第1条 この規程は、倉庫の扱いを定める。
（用語）
第2条 倉庫とは、物を置く所をいう。

第2章 鍵
（{CANARY}の置き場）
第3条 予備の鍵は、{CANARY}の棚に置く。
(1) 棚の番号は{BELOW}とする。
（写し）
第4条 鍵の写しはコマドリ係が預かる。
"""


def today(days=0):
    return (datetime.now(timezone(timedelta(hours=9))) + timedelta(days=days)).strftime("%Y-%m-%d")


def version(id):
    return f"/api/v1/policies/versions/{id}"


def document(id):
    return f"/api/v1/policies/documents/{id}"


def state_of(client, made):
    return next(v for v in client.get(document(made["document"]) + "/history").ok()["items"] if v["version"] == made["version"])


def declared(admin, text=TEXT, name="規程.txt"):
    made = send(admin, name, text).ok()
    admin.post(version(made["version"]) + "/declare", {"effective_on": "2026-04-01", "decision": "令和8年3月の委員会"}).ok()
    return made


def amendment(admin, made, reason="鍵の扱いを改めるため"):
    begun = admin.post(document(made["document"]) + "/amendments", {"reason": reason}).ok()
    return {"document": made["document"], "version": begun["version"]}


def put_before(admin, draft, day=None):
    return admin.post(version(draft["version"]) + "/state", {"to": "committee", "effective_on": day or today(), "reason": "鍵の扱いを改めるため"}).ok()


def grant(saiko, state):
    request = saiko.get(f"/api/v1/approvals/{state['request']}").ok()
    return saiko.post(f"/api/v1/approvals/{state['request']}/grant", {"content_hash": request["content_hash"], "note": ""})


@pytest.fixture(scope="module")
def made(admin):
    return declared(admin)


def test_versions_begin_as_drafts_and_the_first_may_be_declared_in_force(admin, staff, kansa):
    made = send(admin, "規程.txt", "規程\n\n1 甲\n\n(1) 乙\n").ok()
    state = state_of(admin, made)
    assert state["state"] == "draft" and {"edit", "opinions", "committee", "withdrawn"} <= set(state["can"])
    where = version(made["version"]) + "/declare"
    kansa.post(where, {"effective_on": today(), "decision": "委員会"}).refused(403)
    admin.post(where, {"effective_on": today(2), "decision": "委員会"}).refused(400, "policies.day")
    admin.post(where, {"effective_on": today(), "decision": ""}).refused(400, "policies.reason")
    assert admin.post(where, {"effective_on": "2026-04-01", "decision": "令和8年3月の委員会"}).ok()["state"] == "in_force"
    again = send(admin, "規程.txt", "規程\n\n1 甲\n\n(1) 丙\n", made["document"]).ok()
    admin.post(version(again["version"]) + "/declare", {"effective_on": "2026-05-01", "decision": "委員会"}).refused(409, "policies.not_first")
    listed = next(d for d in admin.get("/api/v1/policies").ok()["items"] if d["id"] == made["document"])
    assert [v["state"] for v in listed["versions"]] == ["draft", "in_force"]
    held = tree_of(admin, made["version"])["clauses"][-1]["id"]
    admin.patch(f"{version(made['version'])}/clauses/{held}", {"text": "x"}).refused(409, "policies.fixed")
    staff.get(document(made["document"]) + "/history").refused(403)


def test_versions_an_amendment_keeps_ids_and_renumbers(admin, made):
    draft = amendment(admin, made)
    before, after = tree_of(admin, made["version"]), tree_of(admin, draft["version"])
    assert [c["id"] for c in before["clauses"]] == [c["id"] for c in after["clauses"]] and after["repairs"] == []
    where = version(draft["version"]) + "/clauses"
    added = admin.post(where, {"after": clause(after, "第2条")["id"], "title": "場所", "text": "倉庫は庁舎の一階に置く。"}).ok()
    assert [c["ref"] for c in added["clauses"] if c["kind"] == "clause"] == ["第1条", "第2条", "第3条", "第4条", "第4条第1号", "第5条"]
    assert clause(added, "第4条第1号")["id"] == clause(before, "第3条第1号")["id"] and clause(added, "第4条第1号")["parent"] == clause(added, "第4条")["id"]
    assert clause(added, "第3条")["edited_by"] == admin.session["user"]["name"]
    moved = admin.post(f"{where}/{clause(added, '第3条')['id']}/move", {"after": clause(added, "第5条")["id"]}).ok()
    assert clause(moved, "第5条")["title"] == "場所" and clause(moved, "第4条")["title"] == "写し"
    branch = admin.post(where, {"after": clause(moved, "第1条")["id"], "text": "枝番号の条。", "numbering": "branch"}).ok()
    assert clause(branch, "第1条の2")["text"] == "枝番号の条。"
    gone = admin.delete(f"{where}/{clause(branch, '第1条の2')['id']}").ok()
    assert clause(gone, "第2条")["id"] == clause(before, "第2条")["id"]
    told = admin.post("/api/v1/policies/compare/amendment", {"before": made["version"], "after": draft["version"]}).ok()
    assert told["title"] == "倉庫の規程の一部を次のように改正する。" and "案" in told["notice"]
    assert [p["rule"] for p in told["provisions"]] == ["第4条の次に次の1条を加える。"] and told["provisions"][0]["words"] == ["（場所）", "第5条　倉庫は庁舎の一階に置く。"]
    pair = {"before": made["version"], "after": draft["version"]}
    assert admin.post("/api/v1/policies/compare/amendment", pair | {"before_parts": [1], "after_parts": [1]}).ok()["provisions"] == told["provisions"], "one document, one part"
    assert admin.post("/api/v1/policies/compare/amendment", pair | {"before_parts": [2], "after_parts": [2]}).ok()["provisions"] == []
    admin.post("/api/v1/policies/compare/amendment", pair | {"before_parts": [1] * 101}).refused(400, "policies.parts")
    file = admin.post("/api/v1/policies/compare/amendment", {"before": made["version"], "after": draft["version"], "format": "docx"}).ok()["file"]
    assert "第4条の次に次の1条を加える。" in zipfile.ZipFile(io.BytesIO(base64.b64decode(file["content"]))).read("word/document.xml").decode()
    for body, key in (({"text": "x"}, "clauses.place"), ({"after": clause(gone, "第1条")["id"]}, "policies.empty_clause"),
                      ({"after": clause(gone, "第1条")["id"], "text": "x", "numbering": "y"}, "policies.numbering")):
        admin.post(where, body).refused(400, key)
    admin.post(where, {"after": NOBODYS, "text": "x"}).refused(404, "policies.clause_not_found")
    assert tree_of(admin, draft["version"]) == gone, "nothing half written"
    admin.post(version(draft["version"]) + "/state", {"to": "withdrawn"}).refused(400, "policies.reason")
    assert admin.post(version(draft["version"]) + "/state", {"to": "withdrawn", "reason": "試験を終えるため"}).ok()["can"] == ["answer"]


def test_versions_opinions_are_given_while_open_and_answered_once(admin, kansa, staff, made):
    draft = amendment(admin, made)
    where = version(draft["version"])
    kansa.post(where + "/opinions", {"content": "早い意見"}).refused(409, "policies.not_open")
    assert "opinion" in admin.post(where + "/state", {"to": "opinions"}).ok()["can"]
    third = clause(tree_of(admin, draft["version"]), "第3条")["id"]
    one = kansa.post(where + "/opinions", {"clause": third, "content": "棚の名を書かない方がよい。"}).ok()
    whole = kansa.post(where + "/opinions", {"content": "全体に賛成する。"}).ok()
    assert one["ref"] == "第3条" and whole["clause"] is None
    staff.post(where + "/opinions", {"content": "x"}).refused(403)
    kansa.post(where + "/opinions", {"content": ""}).refused(400, "policies.opinion")
    kansa.post(f"/api/v1/policies/opinions/{one['id']}", {"adopted": True, "answer": "x"}).refused(403)
    admin.post(where + "/state", {"to": "committee", "effective_on": today()}).refused(409, "policies.open_opinions")
    answered = admin.post(f"/api/v1/policies/opinions/{one['id']}", {"adopted": True, "answer": "第3条を直した。"}).ok()
    assert (answered["state"], answered["answer"], answered["answered_by"]) == ("adopted", "第3条を直した。", admin.session["user"]["name"])
    admin.post(f"/api/v1/policies/opinions/{one['id']}", {"adopted": False, "answer": "x"}).refused(409, "policies.opinion_answered")
    admin.post(f"/api/v1/policies/opinions/{whole['id']}", {"adopted": False, "answer": "賛成として承る。"}).ok()
    admin.post(f"/api/v1/policies/opinions/{NOBODYS}", {"adopted": False, "answer": "x"}).refused(404)
    assert [o["state"] for o in kansa.get(where + "/opinions").ok()["items"]] == ["adopted", "not_adopted"]
    admin.post(where + "/state", {"to": "withdrawn", "reason": "試験を終えるため"}).ok()


def test_versions_the_committee_decides_on_this_very_text(admin, saiko, kansa):
    made = declared(admin, "規程\n\n1 人\n\n(1) 鍵は係長が預かる。\n(2) 写しは作らない。\n")
    draft = amendment(admin, made)
    admin.post(version(draft["version"]) + "/state", {"to": "committee"}).refused(400, "policies.day")
    state = put_before(admin, draft)
    assert state["state"] == "committee" and state["request_state"] == "submitted"
    request = admin.get(f"/api/v1/approvals/{state['request']}").ok()
    assert not {"grant", "refuse"} & set(request["can"]), "whoever asks does not sign"
    # An edit sends it back, and the old request is worth nothing.
    first = clause(tree_of(admin, draft["version"]), "1(1)")["id"]
    admin.patch(f"{version(draft['version'])}/clauses/{first}", {"text": "鍵は課長が預かる。"}).ok()
    assert state_of(admin, draft)["state"] == "draft"
    grant(saiko, state).refused(409, "policies.not_what_was_asked")
    assert state_of(admin, draft)["state"] == "draft" and state_of(admin, made)["state"] == "in_force"
    # Refused: it may be put again.
    state = put_before(admin, draft)
    hash_now = saiko.get(f"/api/v1/approvals/{state['request']}").ok()["content_hash"]
    saiko.post(f"/api/v1/approvals/{state['request']}/return", {"content_hash": hash_now, "note": "理由を足すこと"}).ok()
    back = state_of(admin, draft)
    assert back["request_state"] == "returned" and {"committee", "draft"} <= set(back["can"])
    state = put_before(admin, draft)
    grant(saiko, state).ok()
    new, old = state_of(admin, draft), state_of(admin, made)
    assert (new["state"], old["state"]) == ("in_force", "superseded") and old["ended_at"] and new["decided_by"] == "saiko さん"
    assert new["changes"] == {"added": 0, "dropped": 0, "changed": 1, "renumbered": 0, "moved": 0} and new["effective_on"] == today()
    admin.post(version(draft["version"]) + "/state", {"to": "draft"}).refused(409, "policies.state")
    kansa.post(version(draft["version"]) + "/state", {"to": "draft"}).refused(403)
    admin.post(version(draft["version"]) + "/state", {"to": "in_force"}).refused(400, "policies.step")


@pytest.fixture(scope="module")
def shown(admin, saiko, made):
    """The document published into a collection, with 第3条 withheld and a draft open."""
    third = clause(tree_of(admin, made["version"]), "第3条")["id"]
    where = document(made["document"])
    admin.post(f"{where}/withheld/{third}", {"reason": f"{REASON}のため"}).ok()
    place = admin.new_collection("公表した方針", confidentiality=1, readers="all")["id"]
    published = admin.post(where + "/publication", {"collection": place}).ok()
    assert published["published"] and not published["held"]
    assert {(c["ref"], c["withheld"], c["inherited"]) for c in published["clauses"] if c["withheld"] or c["inherited"]} == {("第3条", True, False), ("第3条第1号", False, True)}
    draft = amendment(admin, made)
    fourth = clause(tree_of(admin, draft["version"]), "第4条")["id"]
    admin.patch(f"{version(draft['version'])}/clauses/{fourth}", {"text": f"鍵の写しは{DRAFT}係が預かる。"}).ok()
    admin.post(f"{version(draft['version'])}/clauses", {"under": third, "text": f"{BELOW}と{DRAFT}の扉"}).ok()
    wait_until(lambda: admin.get(where + "/publication").ok()["placed"], 20, "the library has it")
    return {"document": made["document"], "version": made["version"], "draft": draft["version"], "clause": third, "collection": place}


def test_versions_everybody_reads_the_public_text_of_the_version_in_force(staff, powerless, shown):
    item = next(i for i in staff.get("/api/v1/policies/public").ok()["items"] if i["document"] == shown["document"])
    assert item == {"document": shown["document"], "title": "倉庫の規程", "number": 1, "effective_on": "2026-04-01"}
    told = powerless.get(f"/api/v1/policies/public/{shown['document']}").ok()
    hidden = next(c for c in told["clauses"] if c["withheld"])
    assert (hidden["ref"], hidden["label"], hidden["title"], hidden["text"]) == ("第3条", "第3条", "", "")
    assert "第3条第1号" not in [c["ref"] for c in told["clauses"]]
    assert next(c for c in told["clauses"] if c["ref"] == "第4条")["text"] == "鍵の写しはコマドリ係が預かる。"
    page = base64.b64decode(staff.get(f"/api/v1/policies/public/{shown['document']}/file?format=html").ok()["content"]).decode()
    assert '<html lang="ja">' in page and "<main" in page and "<nav" in page and "<script" not in page and "（非公開）" in page and "令和8年4月1日施行" in page
    levels = [int(n) for n in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:]))
    staff.get(f"/api/v1/policies/public/{shown['document']}/file?format=docx").refused(400, "policies.public_format")
    staff.get(f"/api/v1/policies/public/{NOBODYS}").refused(404, "policies.not_found")


def test_versions_the_public_copy_says_what_the_document_prints(admin, staff, tmp_path):
    """Not the program's words for a part without a number (表紙, 署名), nor 附則 and the title twice."""
    text = "書庫の規程\n\n令和8年3月\n\n守るための決まりを、ここに置く。\n\n第1条 戸を閉める。\n\n附 則\n\nこの規程は、令和8年4月1日から施行する。\n\n別表第1（第1条関係）\n\n戸\t鍵\n表\t三\n"
    made = declared(admin, text, "書庫.txt")
    admin.post(document(made["document"]) + "/publication", {}).ok()
    told = staff.get(f"/api/v1/policies/public/{made['document']}").ok()["clauses"]
    assert [(c["kind"], c["label"], c["title"], c["text"]) for c in told[:4]] == [
        ("front", "", "", "令和8年3月"), ("preamble", "", "", "守るための決まりを、ここに置く。"), ("clause", "第1条", "", "戸を閉める。"), ("supplement", "", "附 則", "この規程は、令和8年4月1日から施行する。")]
    assert next(c["title"] for c in told if c["kind"] == "annex") == "別表第1（第1条関係）"
    file = lambda form: base64.b64decode(staff.get(f"/api/v1/policies/public/{made['document']}/file?format={form}").ok()["content"])
    page, paper = file("html").decode(), pdf_text(file("pdf"), tmp_path)
    assert page.count("書庫の規程") == 2 and "<h2" in page and page.count("附 則") == 2, "head and heading; contents and heading"
    for words in (page, paper):
        assert all(w not in words for w in ("表紙", "前文"))


def test_versions_the_public_text_is_found_and_cited(staff, shown):
    hits = wait_until(lambda: [h for h in staff.post("/api/v1/search", {"query": "コマドリ係", "collections": [shown["collection"]]}).ok()["hits"]], 30, "found")
    assert hits[0]["document"] == "倉庫の規程.txt"
    answer = staff.answer(staff.new_chat(collections=[shown["collection"]]), "鍵の写しは誰が預かりますか")
    assert "コマドリ係" in json.dumps(answer, ensure_ascii=False)


def spoken(client, *calls):
    """What the program said to this person, whatever the status."""
    return [client.call(*call).body.decode("utf-8", "replace") for call in calls]


def pdf_text(data, tmp_path):
    (tmp_path / "x.pdf").write_bytes(data)
    return subprocess.run(["pdftotext", str(tmp_path / "x.pdf"), "-"], stdout=subprocess.PIPE, check=True).stdout.decode()


def test_versions_withheld_words_and_drafts_reach_nobody_without_the_right(admin, staff, other, powerless, saiko, tokatsu, model, endpoint, shown, tmp_path):
    ids = [shown["version"], shown["draft"]]
    pair = {"before": ids[0], "after": ids[1]}
    calls = [("GET", "/api/v1/policies"), ("GET", "/api/v1/policies/public"), ("GET", f"/api/v1/policies/public/{shown['document']}"), ("GET", "/api/v1/approvals?box=all"),
             ("GET", document(shown["document"]) + "/history"), ("GET", document(shown["document"]) + "/publication"), ("GET", "/api/v1/collections"),
             ("GET", f"/api/v1/collections/{shown['collection']}/documents"),
             ("POST", "/api/v1/policies/compare", pair), ("POST", "/api/v1/policies/compare/file", pair | {"format": "html"}), ("POST", "/api/v1/policies/compare/amendment", pair),
             ("POST", "/api/v1/policies/compare/amendment", pair | {"format": "docx", "after_parts": [1]}), ("POST", "/api/v1/policies/compare/file", pair | {"format": "docx"}),
             ("POST", document(shown["document"]) + "/amendments", {"reason": "x"}), ("POST", document(shown["document"]) + "/publication", {}),
             ("DELETE", f"{document(shown['document'])}/withheld/{shown['clause']}"), ("POST", f"{document(shown['document'])}/withheld/{shown['clause']}", {"reason": 1}),
             ("GET", "/api/v1/policies/guideline"), ("GET", "/api/v1/policies/coverage"), ("GET", "/api/v1/policies/coverage/own"), ("GET", "/api/v1/policies/coverage/dossier"), ("GET", "/api/v1/policies/coverage/dossier?format=pdf"),
             ("POST", "/api/v1/log/questions", {"words": CANARY}), ("GET", "/api/v1/log/people")]
    for id in ids:
        calls += [("GET", version(id)), ("GET", version(id) + "/opinions"), ("POST", version(id) + "/opinions", {"content": "x"}), ("POST", version(id) + "/state", {"to": "x"}),
                  ("PATCH", f"{version(id)}/clauses/{shown['clause']}", {"title": 5}), ("POST", f"{version(id)}/clauses/{shown['clause']}/move", {"after": shown["clause"]}),
                  ("DELETE", f"{version(id)}/clauses/{shown['clause']}"), ("POST", f"{version(id)}/repairs/0", {"state": "x"}), ("POST", version(id) + "/declare", {"effective_on": "x", "decision": "x"}),
                  ("GET", version(id) + "/oscal"), ("GET", version(id) + "/table?format=csv"), ("GET", version(id) + "/table?format=xlsx"), ("GET", version(id) + "/meanings")]
    heard = []
    document_ids = [d["id"] for d in staff.get(f"/api/v1/collections/{shown['collection']}/documents").ok()["items"]]
    for client in (staff, other, powerless, saiko, tokatsu):
        heard += spoken(client, *calls, *[("GET", f"/api/v1/documents/{id}/{what}") for id in document_ids for what in ("text", "content")])
        for query in (CANARY, BELOW, DRAFT, "予備の鍵", f"{CANARY}の棚", "鍵の写し"):
            heard += spoken(client, ("POST", "/api/v1/search", {"query": query}), ("POST", "/api/v1/search", {"query": query, "collections": [shown["collection"]]}))
    for client in (staff, other):
        for chosen in (None, endpoint("ok")):
            chat = client.new_chat(collections=[shown["collection"]], endpoint=chosen)
            client.answer(chat, "予備の鍵はどこに置きますか。棚の番号と写しの扱いも。")
            heard += spoken(client, ("GET", f"/api/v1/chats/{chat}"))
    heard.append(json.dumps(model.requests(), ensure_ascii=False))
    page = base64.b64decode(staff.get(f"/api/v1/policies/public/{shown['document']}/file?format=html").ok()["content"]).decode()
    paper = pdf_text(base64.b64decode(staff.get(f"/api/v1/policies/public/{shown['document']}/file?format=pdf").ok()["content"]), tmp_path)
    assert "コマドリ" in page and "コマドリ" in paper.replace("\n", "")
    for text in [*heard, page, paper]:
        plain = text.encode().decode("unicode_escape", "ignore") if "\\u" in text else text
        for word in (CANARY, BELOW, DRAFT, REASON):
            assert word not in text and word not in plain, text[:2000]
    # The people with the right do read it, and others' packed files were refused.
    assert CANARY in json.dumps(admin.get(version(shown["version"])).ok(), ensure_ascii=False)
    assert sum('"policies.' in s or '"policy.' in s for s in heard) > 40


def test_versions_a_table_changes_the_words_of_drafts_alone(admin, made):
    """What a table brings in is an edit like every other; what a clause asks for may be confirmed in a version in force."""
    draft = amendment(admin, made)
    for id, fixed in ((made["version"], True), (draft["version"], False)):
        file = base64.b64decode(admin.get(version(id) + "/table?format=csv").ok()["content"]).decode("utf-8-sig")
        changed = file.replace("鍵の写しはコマドリ係が預かる。", "鍵の写しはイソヒヨ係が預かる。")
        assert changed != file
        sent = admin.post(version(id) + "/table", {"name": "x.csv", "content": base64.b64encode(changed.encode()).decode()})
        sent.refused(409, "policies.fixed") if fixed else sent.ok()
        assert ("イソヒヨ" in json.dumps(tree_of(admin, id), ensure_ascii=False)) is not fixed
        admin.post(version(id) + "/table", {"name": "x.csv", "content": admin.get(version(id) + "/table?format=csv").ok()["content"]}).ok()
    for read in ("/api/v1/policies/coverage", "/api/v1/policies/guideline"):
        seen = json.dumps(admin.get(read).ok())
        assert made["version"] in seen and draft["version"] not in seen, "the version in force is what they speak of"
    admin.post(version(draft["version"]) + "/state", {"to": "withdrawn", "reason": "試験を終えるため"}).ok()


def test_versions_withheld_words_stay_withheld_through_moves_and_renumbering(admin, saiko, staff, shown):
    draft = amendment(admin, shown)
    where = version(draft["version"]) + "/clauses"
    tree = tree_of(admin, draft["version"])
    below = clause(tree, "第3条第1号")["id"]
    admin.post(where, {"after": clause(tree, "第1条")["id"], "title": "範囲", "text": "この規程は、本庁に及ぶ。"}).ok()
    admin.post(f"{where}/{below}/move", {"after": clause(tree, "第1条")["id"]}).ok()
    grant(saiko, put_before(admin, draft)).ok()
    told = json.dumps(staff.get(f"/api/v1/policies/public/{shown['document']}").ok(), ensure_ascii=False)
    assert "この規程は、本庁に及ぶ。" in told and CANARY not in told and BELOW not in told
    found = admin.get(document(shown["document"]) + "/publication").ok()
    assert next(c for c in found["clauses"] if c["id"] == below)["withheld"]
    # The library follows the version in force.
    wait_until(lambda: staff.post("/api/v1/search", {"query": "本庁に及ぶ", "collections": [shown["collection"]]}).ok()["hits"], 30, "the new text")
    assert len(staff.get(f"/api/v1/collections/{shown['collection']}/documents").ok()["items"]) == 1


def test_versions_an_imported_version_is_shown_only_after_a_look(admin, saiko, staff, shown):
    again = send(admin, "規程2.txt", TEXT.replace(f"予備の鍵は、{CANARY}の棚に置く。", f"予備の鍵と台帳の写しは、{CANARY}の戸棚の奥にまとめて納める。"), shown["document"]).ok()
    grant(saiko, put_before(admin, again)).ok()
    where = document(shown["document"]) + "/publication"
    assert admin.get(where).ok()["held"]
    staff.get(f"/api/v1/policies/public/{shown['document']}").refused(404)
    assert not [d for d in staff.get(f"/api/v1/collections/{shown['collection']}/documents").ok()["items"]]
    tree = tree_of(admin, again["version"])
    published = {c["ref"]: c for c in admin.get(where).ok()["clauses"]}
    if not published["第3条"]["withheld"]:
        admin.post(f"{document(shown['document'])}/withheld/{clause(tree, '第3条')['id']}", {"reason": "場所を知らせないため"}).ok()
    admin.post(where, {}).ok()
    assert CANARY not in json.dumps(staff.get(f"/api/v1/policies/public/{shown['document']}").ok(), ensure_ascii=False)


def test_versions_a_publication_taken_back_leaves_nothing(admin, staff, manager, shown):
    where = document(shown["document"]) + "/publication"
    theirs = manager.new_collection("税務の置き場", confidentiality=1, readers="all")["id"]
    admin.post(where, {"collection": theirs}).refused(403, "collections.other_unit")
    admin.post(where, {"collection": NOBODYS}).refused(404, "collections.not_found")
    admin.post(where, {"collection": shown["collection"]}).ok()
    wait_until(lambda: staff.post("/api/v1/search", {"query": "コマドリ係", "collections": [shown["collection"]]}).ok()["hits"], 30, "in the library")
    admin.delete(where).ok()
    assert staff.post("/api/v1/search", {"query": "コマドリ係", "collections": [shown["collection"]]}).ok()["hits"] == []
    staff.get(f"/api/v1/policies/public/{shown['document']}").refused(404)
    admin.delete(where).refused(409, "policies.not_published")
    draft_only = send(admin, "x.txt", "1 甲\n").ok()
    admin.post(document(draft_only["document"]) + "/publication", {}).refused(409, "policies.none_in_force")
    admin.delete(f"{document(shown['document'])}/withheld/{NOBODYS}").refused(404)
    admin.post(f"{document(shown['document'])}/withheld/{NOBODYS}", {"reason": "x"}).refused(404)


@pytest.fixture(scope="module")
def clock(own_server):
    """A server whose clock can be moved."""
    own_server.stop()
    own_server.shift_clock(0)
    own_server.start()
    return own_server


def logged_in(server, name):
    client = server.client()
    client.login(name).ok()
    return client


def test_versions_come_into_force_on_their_day_and_are_written_out(clock, tmp_path):
    admin, saiko = logged_in(clock, "kanri"), logged_in(clock, "saiko")
    made = declared(admin)
    third = clause(tree_of(admin, made["version"]), "第3条")["id"]
    admin.post(f"{document(made['document'])}/withheld/{third}", {"reason": f"{REASON}のため"}).ok()
    admin.post(document(made["document"]) + "/publication", {}).ok()
    draft = amendment(admin, made)
    fourth = clause(tree_of(admin, draft["version"]), "第4条")["id"]
    admin.patch(f"{version(draft['version'])}/clauses/{fourth}", {"text": f"鍵の写しは{DRAFT}係が預かる。"}).ok()
    grant(saiko, put_before(admin, draft, today(2))).ok()
    assert state_of(admin, draft)["state"] == "decided" and state_of(admin, made)["state"] == "in_force"
    other = amendment(admin, made)
    assert other["version"] != draft["version"], "a second amendment may begin"
    clock.shift_clock(2 * 86400)
    admin = logged_in(clock, "kanri")  # the session before is over
    wait_until(lambda: state_of(admin, draft)["state"] == "in_force", 20, "the day")
    assert state_of(admin, made)["state"] == "superseded"
    clock.stop()
    out = tmp_path / "公表"
    told = json.loads(clock.cli("policy", "publish", "--body", "shiken", "--user", "hanako", "--out", str(out), "--json", made["document"]).stdout)
    assert {p.name for p in out.iterdir()} == {"index.html", "policy.pdf"} and len(told["files"]) == 2 and told["number"] == 2
    page, paper = (out / "index.html").read_text(encoding="utf-8"), pdf_text((out / "policy.pdf").read_bytes(), tmp_path)
    assert f"{DRAFT}係" in page and all(w not in page + paper for w in (CANARY, BELOW, REASON, "コマドリ"))
    assert clock.cli("policy", "publish", "--body", "shiken", "--user", "hanako", "--out", str(out), NOBODYS, check=False).returncode == 1
    # The log tells each step, and holds no word of the text.
    exported = tmp_path / "export"
    clock.cli("log", "export", "--body", "shiken", "--out", str(exported))
    held = b"".join(p.read_bytes() for p in exported.rglob("*") if p.is_file()).decode("utf-8", "replace")
    plain = held + "".join(base64.b64decode(m, validate=False).decode("utf-8", "replace") for m in re.findall(r"[A-Za-z0-9+/]{40,}={0,2}", held) if len(m) % 4 == 0)
    assert "policies.come_into_force" in plain and "policies.withhold" in plain
    for word in (CANARY, BELOW, DRAFT, REASON):
        assert word not in plain
    clock.start()
