"""The content log: who asked what, when, and what was answered, whole; found by filters, taken out as files, each reading recorded."""
import base64
import csv
import io
import json
from datetime import datetime, timedelta, timezone

import pytest
from sekisho import wait_until

WORD = "ヒバリガオカ"  # only these tests ask for it


def read(client, **filters):
    return client.post("/api/v1/log/questions", filters).ok()


def all_of(client, **filters):
    items, after = [], None
    while True:
        page = read(client, **filters, **({"after": after} if after else {}))
        items += page["items"]
        after = page.get("next")
        if not after:
            return items


@pytest.fixture(scope="module")
def asked(staff, other, library, endpoint):
    """Three questions with the word: hanako's of the documents, hanako's of a model, jiro's."""
    first = staff.answer(staff.new_chat(collections=[library]), f"{WORD}の転入届はいつまでですか")
    second = staff.answer(staff.new_chat(endpoint=endpoint("ok")), f"{WORD}について\n=1+1")
    third = other.answer(other.new_chat(collections=[library]), f"{WORD}のごみは")
    return [first, second, third]


def test_content_log_holds_question_and_answer_whole(admin, staff, asked):
    second, first = all_of(admin, words=WORD, person=staff.session["user"]["id"], basis="事案1号（CISOの命令）")
    assert (first["question"], second["question"]) == (f"{WORD}の転入届はいつまでですか", f"{WORD}について\n=1+1")
    assert first["answer"] == asked[0]["text"] and second["answer"] == asked[1]["text"]
    assert first["engine"] == "extractive" and second["model"] == "ok" and second["engine"] == asked[1]["engine"]
    assert first["passages"] and not second["passages"]
    assert second["characters"] == asked[1]["characters"] and first["characters"] == asked[0]["characters"]
    assert first["person"]["login"] == "hanako" and first["person"]["department"] == staff.session["user"]["department"]
    assert first["decision"] == "allow" and first["door"] == "chat" and first["content"] == "shown" and first["state"] == "complete"
    assert first["label"]["segments"] == ["lgwan"] and first["label"]["classes"][0] == "機密性2"
    assert first["seq"] < first["answer_seq"] < second["seq"]


def test_content_log_filters_by_department_period_and_words(admin, staff, other, asked):
    departments = {d["name"]: d["id"] for d in admin.get("/api/v1/log/people").ok()["departments"]}
    of = lambda client: all_of(admin, words=WORD, department=departments[client.session["user"]["department"]])
    assert {q["person"]["login"] for q in of(staff)} == {"hanako"} and {q["person"]["login"] for q in of(other)} == {"jiro"}
    assert len(all_of(admin, words="ﾋﾊﾞﾘｶﾞｵｶ")) == 3, "half width finds the same"
    now = datetime.now(timezone.utc)
    stamp = lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert len(all_of(admin, words=WORD, **{"from": stamp(now - timedelta(hours=1)), "to": stamp(now + timedelta(hours=1))})) == 3
    assert all_of(admin, words=WORD, to=stamp(now - timedelta(days=2))) == []
    assert all_of(admin, words=WORD, **{"from": stamp(now + timedelta(hours=1))}) == []
    admin.post("/api/v1/log/questions", {"from": stamp(now), "to": stamp(now - timedelta(days=1))}).refused(400, "log.period_asked")


def test_content_log_pages_hold_each_question_once(admin, asked):
    whole = [q["seq"] for q in all_of(admin, limit=50)]
    assert whole == sorted(whole, reverse=True) and len(set(whole)) == len(whole)
    assert [q["seq"] for q in all_of(admin, limit=2)][:len(whole)] == whole
    admin.post("/api/v1/log/questions", {"after": "x"}).refused(400, "page.after")


def test_content_log_shows_what_was_refused(admin, staff, endpoint):
    chat = staff.new_chat(endpoint=endpoint("ok"))
    staff.post(f"/api/v1/chats/{chat}/messages", {"text": "個人番号は123456789018です", "parent_id": None, "regenerate_of": None})
    admin.put("/api/v1/usage/budgets", {"scope": "person", "target": staff.session["user"]["id"], "monthly": 0}).ok()
    staff.post(f"/api/v1/chats/{chat}/messages", {"text": "予算のない質問", "parent_id": None, "regenerate_of": None}).refused(403)
    admin.put("/api/v1/usage/budgets", {"scope": "person", "target": staff.session["user"]["id"]}).ok()
    refused = all_of(admin, denied=True)
    assert refused and all(q["decision"] == "deny" and q["clause"] for q in refused)
    assert refused[0]["error"] == "usage.over_person_budget" and refused[0]["question"] == "予算のない質問"
    assert "123456789018" not in json.dumps(refused, ensure_ascii=False)


def test_content_log_one_persons_use_needs_a_basis(admin, staff):
    problem = admin.post("/api/v1/log/questions", {"person": staff.session["user"]["id"]}).refused(403, "log.basis")
    assert problem["clause"] == "12(2)イ" and problem["who_can_permit"] == "CISO"


def test_content_log_is_read_with_its_power_alone(staff, manager):
    for client in (staff, manager):
        client.post("/api/v1/log/questions", {}).refused(403)
        client.post("/api/v1/log/questions/export", {"format": "csv"}).refused(403)
        client.get("/api/v1/log/people").refused(403)


def test_content_log_regenerated_answer_tells_its_question(admin, staff, library):
    chat = staff.new_chat(collections=[library])
    answer = staff.answer(chat, f"{WORD}Rの粗大ごみの手数料は")
    staff.ask(chat, "", regenerate_of=answer["id"]).all()
    assert [q["question"] for q in all_of(admin, words=WORD + "R")] == [f"{WORD}Rの粗大ごみの手数料は"] * 2


def test_content_log_holds_what_tools_sent(server, admin, endpoint):
    name = next(e["name"] for e in admin.get("/api/v1/endpoints").ok()["items"] if e["id"] == endpoint("ok"))
    secret = admin.post("/api/v1/keys", {"name": "記録"}).ok()["secret"]
    answer = server.client(key=secret).post("/v1/chat/completions", {"model": name, "messages": [{"role": "system", "content": "短く"}, {"role": "user", "content": f"{WORD}APIの税"}]}).ok()
    entry, = all_of(admin, words=WORD + "API")
    assert entry["door"] == "api" and entry["question"] == f"[system]\n短く\n\n[user]\n{WORD}APIの税"
    assert entry["answer"] == answer["choices"][0]["message"]["content"]


def test_content_log_keeps_the_words_of_a_deleted_chat(admin, staff, library):
    chat = staff.new_chat(collections=[library])
    staff.answer(chat, f"{WORD}Dの会議室は")
    staff.delete(f"/api/v1/chats/{chat}").ok()
    entry, = all_of(admin, words=WORD + "D")
    assert entry["answer"]


def test_content_log_files_are_whole_plain_text_and_execute_nothing(admin, asked):
    def export(format):
        file = admin.post("/api/v1/log/questions/export", {"format": format, "words": WORD}).ok()
        assert file["name"].endswith("." + format) and file.get("next") is None
        return base64.b64decode(file["bytes_base64"]), file["questions"]
    lines, n = export("jsonl")
    items = [json.loads(line) for line in lines.decode("utf-8").splitlines()]
    assert len(items) == n >= 3 and items == all_of(admin, words=WORD)
    table, n = export("csv")
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    assert len(rows) == n + 1 and {len(r) for r in rows} == {len(rows[0])}
    column = rows[0].index("質問")
    assert f"{WORD}について\n=1+1" in [r[column] for r in rows]
    assert not [c for r in rows[1:] for c in r if c[:1] in "=+-@" and c]
    admin.post("/api/v1/log/questions/export", {"format": "xls"}).refused(400, "log.format")


def test_content_log_reader_below_the_class_sees_that_it_is_there_and_not_what(server, admin, manager, endpoint):
    secret = manager.new_collection("記録の上の分類", confidentiality=3, readers="all")["id"]
    manager.add_files(secret, {"上.txt": f"{WORD}Cの金庫の番号は、毎月変える。\n".encode()})
    answer = manager.answer(manager.new_chat(collections=[secret]), f"{WORD}Cの金庫の番号")
    assert answer["label"]["c"] == 3
    departments = {d["code"]: d["id"] for d in admin.get("/api/v1/departments").ok()["items"]}
    admin.post("/api/v1/users", {"login": "log-low", "name": "記録 低", "department_id": departments["joho"], "roles": ["system"], "clearance": 2,
                                 "password": "shiomino-no-kaze-7"}).ok()
    low = server.first_login("log-low")
    page = read(low, limit=5)
    hidden = next(q for q in page["items"] if q["person"]["login"] == "kacho")
    assert hidden["content"] == "hidden" and hidden["question"] == hidden["answer"] == "" and hidden["label"]["c"] == 3
    assert all_of(low, words=WORD + "C") == [], "and words do not betray it"
    assert len(all_of(admin, words=WORD + "C")) == 1


def test_content_log_recount_equals_the_meter(admin, asked):
    """Whatever the tests before asked: the ledger's sum is what the content log says, to the character."""
    usage = wait_until(lambda: (lambda u: u if u["reserved"] == 0 else None)(admin.get("/api/v1/usage").ok()), 30, "all answers closed")
    counted = 0
    for q in all_of(admin):
        nothing = q["state"] == "failed" and q["characters"]["out"] == 0
        if q["model"] and not nothing:
            counted += q["characters"]["in"] + q["characters"]["out"]
    trials = sum(p["counted"] for p in usage["purposes"] if p["id"] == "test")
    assert counted == usage["counted"] - trials and counted > 0


def test_content_log_reading_is_itself_recorded(own_server, prepared):
    admin, staff = prepared("kanri"), prepared("hanako")
    staff.answer(staff.new_chat(), "記録される質問")
    before = admin.get("/api/v1/status").ok()["log"]["size"]
    read(admin, words="記録される")
    assert admin.get("/api/v1/status").ok()["log"]["size"] >= before + 2  # this reading and the status before it
