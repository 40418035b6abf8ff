"""The security office: a register of one file, an incident from report to closure with several people, separation of duties, definitions that change.

The people of shiken.py: the posts top and division_head are the role kanri, head and contact the role system. A body in which more posts are apart is
played by the module's own profile, in the second half.
"""
import base64
import csv
import io
import json
import re
import subprocess

import pytest
from sekisho import PASSWORD, ROOT, Server, wait_until
from shiken import PROFILE, SETTINGS, carry_out, set_up

VISITS = """format: 1
id: visits
title: 入退室の記録
kind: register
group: facilities
capabilities: [facility-records]
clauses: ["9(2)イ(ア)", {ref: "9(2)イ(ア)", words: [入室]}]
open: {by: [{anyone: true}], clauses: ["9(2)イ(ア)"]}
subject: [who]
department: unit
visible: [{post: manager, in: unit}]
fields:
  - {key: who, title: 入る人, type: text, required: true, index: true}
  - {key: unit, title: 案内する課, type: department}
  - {key: came_on, title: 入った日, type: date}
  - {key: secret, title: 管理者だけの欄, type: text, visible: [{post: manager, in: unit}], edit: [{post: manager, in: unit}]}
states:
  - {key: in, title: 入室中, kind: open}
  - {key: out, title: 退室済み, kind: closed}
transitions:
  - {key: leave, title: 退室した, from: [in], to: out, by: [{person: opener}], clauses: ["9(2)イ(ア)"]}
list: {columns: [number, who, came_on, state, secret], filters: [state, who]}
exchange: {columns: [{field: who, headers: [氏名]}, {field: came_on, headers: [日付]}, {field: state, headers: [状態]}]}
"""
PERMIT = """format: 1
id: borrow
title: 貸出しの申請
kind: workflow
group: permits
capabilities: [use-permits]
clauses: ["6(8)ア"]
open: {by: [{anyone: true}], clauses: ["6(8)ア"]}
subject: [what]
number: {prefix: 貸, yearly: true}
fields:
  - {key: what, title: 借りるもの, type: text, required: true}
  - {key: note, title: 条件, type: text}
states:
  - {key: asked, title: 申請中, kind: waiting}
  - {key: granted, title: 許可, kind: open}
  - {key: back, title: 返却, kind: closed}
  - {key: refused, title: 不許可, kind: closed}
transitions:
  - key: grant
    title: 許可する
    from: [asked]
    to: granted
    by: [{power: decide.central}, {power: decide.system}]
    joint: all
    separate: [{not: opener, unavoidable: true}]
    ask: [note]
    clauses: ["11(1)チ(イ)"]
    notices: [{to: [{person: opener}], say: "{number} {subject} が許可されました。"}]
  - {key: refuse, title: 許可しない, from: [asked], to: refused, by: [{power: decide.central}, {power: decide.system}], reason: true, clauses: ["11(1)チ(イ)"]}
  - {key: bring_back, title: 返した, from: [granted], to: back, by: [{person: opener}], clauses: ["11(1)チ(イ)"]}
list: {columns: [number, what, state]}
"""
CASES = "/api/v1/office/definitions/{}/cases"


def open_case(client, definition, **fields):
    return client.post(CASES.format(definition), {"fields": fields}).ok()


def case_of(client, case):
    return client.get(f"/api/v1/office/cases/{case['id']}").ok()


def move(client, case, transition, note=None, unavoidable=None, **fields):
    """A step on the case as this person sees it now."""
    seen = case_of(client, case)
    body = {"hash": seen["hash"], "fields": fields}
    body |= {"note": note} if note else {}
    body |= {"unavoidable": unavoidable} if unavoidable else {}
    return client.post(f"/api/v1/office/cases/{case['id']}/moves/{transition}", body)


def define(client, source):
    return client.post("/api/v1/office/definitions", {"source": source}).ok()


def value(case, key):
    return next(f["value"] for f in case["fields"] if f["key"] == key)


@pytest.fixture(scope="module")
def registers(admin):
    define(admin, VISITS)
    define(admin, PERMIT)
    return admin


def test_office_a_new_register_is_one_file(registers, staff, manager, other):
    assert "visits" in {r["name"] for r in staff.get("/api/v1/office").ok()["items"]}
    told = staff.get("/api/v1/office/definitions/visits").ok()
    assert told["may_open"] and [f["key"] for f in told["definition"]["fields"]] == ["who", "unit", "came_on", "secret"]
    assert told["open_edit"] == ["who", "unit", "came_on"] and told["posts"]
    case = open_case(staff, "visits", who="工事の人", came_on="2026-11-26", unit="zeimu")
    assert (case["state"], case["kind"], case["subject"]) == ("in", "open", "工事の人")
    assert next(f["text"] for f in case["fields"] if f["key"] == "came_on") == "令和8年11月26日"
    assert "secret" not in {f["key"] for f in case["fields"]}
    listed = staff.get(CASES.format("visits") + "?field=who&value=%E5%B7%A5%E4%BA%8B%E3%81%AE%E4%BA%BA").ok()["items"]
    assert [i["id"] for i in listed] == [case["id"]]
    assert [i["id"] for i in staff.get(CASES.format("visits") + "?words=%E5%B7%A5%E4%BA%8B").ok()["items"]] == [case["id"]]
    # The manager of the department sees it, and the field that is hers; somebody of another department sees neither.
    assert "secret" in {f["key"] for f in case_of(manager, case)["fields"]}
    other.get(f"/api/v1/office/cases/{case['id']}").refused(404, "office.not_found")
    assert other.get(CASES.format("visits")).ok()["items"] == []
    done = move(staff, case, "leave").ok()
    assert (done["state"], done["kind"], done["actions"]) == ("out", "closed", [])
    assert [e["event"] for e in done["history"]] == ["open", "move"]
    exported = staff.get("/api/v1/office/definitions/visits/export").ok()
    rows = list(csv.reader(io.StringIO(base64.b64decode(exported["content"]).decode("utf-8-sig"))))
    assert rows[0] == ["番号", "氏名", "日付", "状態", "案内する課", "管理者だけの欄", "開いた日", "終わった日"]
    assert [r[1:6] for r in rows[1:]] == [["工事の人", "令和8年11月26日", "退室済み", "税務課", ""]]


def test_office_bad_input_gets_one_clear_error(registers, staff):
    where = CASES.format("visits")
    staff.post(where, {"fields": {}}).refused(400, "office.missing")
    for wrong in ({"who": 1}, {"who": "x", "came_on": "2026-02-30"}, {"who": "x", "unit": "nowhere"}, {"who": "x", "colour": "blue"}, {"who": "x" * 5000}):
        staff.post(where, {"fields": wrong}).refused(400, "office.field")
    staff.post(where, {"fields": {"who": "x", "secret": "y"}}).refused(403, "office.not_your_field")
    staff.post(CASES.format("no-such"), {"fields": {}}).refused(404, "office.definition_not_found")
    case = open_case(staff, "visits", who="一人")
    staff.post(f"/api/v1/office/cases/{case['id']}/moves/leave", {"hash": "x"}).refused(409, "office.changed")
    staff.post(f"/api/v1/office/cases/{case['id']}/moves/fly", {"hash": case["hash"]}).refused(400, "office.transition")
    assert case_of(staff, case)["state"] == "in"


def test_office_definitions_are_checked_line_by_line(registers, admin, staff):
    wrong = VISITS.replace("to: out", "to: gone").replace("type: date", "type: clock")
    found = admin.post("/api/v1/office/definitions/check", {"source": wrong}).ok()
    assert not found["usable"] and {f["line"] for f in found["findings"]} == {15, 21}
    assert "種類の欄" in found["findings"][0]["text"]
    admin.post("/api/v1/office/definitions", {"source": wrong}).refused(400, "office.definition")
    staff.post("/api/v1/office/definitions", {"source": VISITS}).refused(403)


def test_office_who_asks_does_not_grant_and_two_sign_one_content(server, registers, admin, staff, tokatsu):
    mine = open_case(tokatsu, "borrow", what="測定器")
    action = next(a for a in mine["actions"] if a["transition"] == "grant")
    assert action["separation"] and action["unavoidable"] and (action["signed_places"], action["places"]) == (0, 2)
    problem = move(tokatsu, mine, "grant").refused(403, "office.separation")
    assert problem["clause"]
    case = open_case(staff, "borrow", what="端末")
    staff.post(f"/api/v1/office/cases/{case['id']}/moves/grant", {"hash": case["hash"]}).refused(403, "office.not_yours")
    first = move(tokatsu, case, "grant").ok()
    assert first["state"] == "asked" and first["history"][-1]["event"] == "sign"
    move(tokatsu, case, "grant").refused(403, "office.not_yours")  # one person signs one place
    # The content that was signed is no more: both sign anew.
    edited = staff.patch(f"/api/v1/office/cases/{case['id']}", {"hash": case_of(staff, case)["hash"], "fields": {"what": "端末2台"}}).ok()
    assert next(a["signed_places"] for a in case_of(tokatsu, case)["actions"] if a["transition"] == "grant") == 0
    assert move(admin, case, "grant").ok()["state"] == "asked"
    done = move(tokatsu, case, "grant").ok()
    assert done["state"] == "granted" and edited["hash"] == done["hash"]
    notice = next(n for n in staff.get("/api/v1/office/notices").ok()["items"] if n["about"] == case["id"])
    assert notice["unseen"] and notice["text"].endswith("端末2台 が許可されました。")
    staff.post(f"/api/v1/office/notices/{notice['id']}/see").ok()
    assert not next(n for n in staff.get("/api/v1/office/notices").ok()["items"] if n["about"] == case["id"])["unseen"]
    # No key decides for a person.
    key = admin.post("/api/v1/keys", {"name": "管理室の試験"}).ok()
    again = open_case(staff, "borrow", what="鍵")
    program = server.client(key=key["secret"])
    assert program.get(f"/api/v1/office/cases/{again['id']}").ok()["hash"] == again["hash"]
    program.post(f"/api/v1/office/cases/{again['id']}/moves/grant", {"hash": again["hash"]}).refused(403, "office.session_only")
    admin.delete(f"/api/v1/keys/{key['id']}").ok()


def test_office_a_changed_definition_leaves_old_cases_alone(registers, admin, staff):
    old = open_case(staff, "visits", who="前の人")
    define(admin, VISITS.replace("title: 入退室の記録", "title: 新しい入退室の記録").replace("{key: came_on, title: 入った日, type: date}", "{key: badge, title: 札, type: text, required: true}")
           .replace("{field: came_on, headers: [日付]}, ", "").replace("came_on, ", ""))
    staff.post(CASES.format("visits"), {"fields": {"who": "後の人"}}).refused(400, "office.missing")
    new = open_case(staff, "visits", who="後の人", badge="12")
    kept = case_of(staff, old)
    assert kept["version"] != new["version"] and "came_on" in {f["key"] for f in kept["fields"]} and "badge" not in {f["key"] for f in kept["fields"]}
    assert move(staff, old, "leave").ok()["state"] == "out"
    assert staff.get(f"/api/v1/office/definitions/visits?version={kept['version']}").ok()["definition"]["title"] == "入退室の記録"
    admin.delete("/api/v1/office/definitions/visits").ok()
    assert "visits" not in {r["name"] for r in staff.get("/api/v1/office").ok()["items"]}
    assert case_of(staff, new)["number"] == new["number"]
    define(admin, VISITS)


def test_office_files_carry_the_day_of_the_evidence(registers, staff):
    define(registers, VISITS.replace("id: visits", "id: visits-files").replace("  - {key: came_on", "  - {key: photo, title: 写真, type: attachment, evidence: true}\n  - {key: came_on"))
    case = open_case(staff, "visits-files", who="写真の人")
    where = f"/api/v1/office/cases/{case['id']}/attachments"
    content = base64.b64encode(b"jpeg").decode()
    staff.post(where, {"field": "photo", "name": "a.jpg", "content": content}).refused(400, "office.evidence_date")
    staff.post(where, {"field": "photo", "name": "../a.jpg", "content": content, "dated": "2026-11-01"}).refused(400, "office.file_name")
    staff.post(where, {"field": "who", "name": "a.jpg", "content": content, "dated": "2026-11-01"}).refused(400, "office.field")
    made = staff.post(where, {"field": "photo", "name": "a.jpg", "content": content, "dated": "2026-11-01"}).ok()
    assert (made["attachments"][0]["dated"], made["attachments"][0]["bytes"]) == ("2026-11-01", 4)
    assert staff.get(f"/api/v1/office/attachments/{made['attachments'][0]['id']}").ok()["content"] == content


# --- a body whose posts are apart ----------------------------------------------------------------------------------------------------

def role(code, name, *powers):
    return {"code": code, "name": name, "scope": "whole", "superior": None, "powers": ["chat.use", "documents.read", "search.use", "approvals.use", *powers]}


APART = PROFILE | {
    "roles": PROFILE["roles"] + [role("madoguchi", "窓口"), role("sekinin", "責任者", "decide.division"), role("jokan", "情報管理者", "decide.system")],
    "permitters": PROFILE["permitters"] | {"top": "saiko", "head": "tokatsu", "contact": "madoguchi", "division_head": "sekinin", "system_manager": "jokan", "audit_head": "kansa"},
    "time_words": [{"word": "速やかに", "process": "事故の報告", "minutes": 0, "decided_by": "統括", "decided_on": "2026-04-01"}],
}


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    server = set_up(Server(folder / "data", SETTINGS), APART)
    password = folder / "password"
    password.write_text(PASSWORD + "\n", encoding="ascii")
    for login, department, code in (("mado", "joho", "madoguchi"), ("buchou", "shimin", "sekinin"), ("jokan", "joho", "jokan")):
        server.cli("user", "create", "--body", "shiken", "--login", login, "--name", f"{login} さん", "--department", department, "--roles", code, "--clearance", "3", "--password-file", str(password))
    server.start()
    people = {}

    def person(login):
        if login not in people:
            people[login] = server.client()
            people[login].login(login).ok()
        return people[login]
    person.server = server
    yield person
    server.stop()
    server.verify_log("shiken")


def test_office_an_incident_from_report_to_closure_by_seven_people(apart):
    hanako, kacho, tokatsu, saiko, mado, jokan, buchou = (apart(p) for p in ("hanako", "kacho", "tokatsu", "saiko", "mado", "jokan", "buchou"))
    case = open_case(hanako, "incidents", origin="staff", kind="missent", what="別の人へ通知を送った", noticed_at="2026-11-26T09:00:00+09:00", unit="zeimu")
    assert case["state"] == "at_manager" and case["regions"][0]["region"] == "containment"
    assert case["id"] in {i["id"] for i in kacho.get("/api/v1/office/tasks").ok()["items"]}
    jokan_sees = jokan.get(f"/api/v1/office/cases/{case['id']}").ok()
    assert jokan_sees["label"]["c"] == 2
    apart("jiro").get(f"/api/v1/office/cases/{case['id']}").refused(404)
    move(kacho, case, "tell_centre").refused(400, "office.missing")  # the class is asked for
    assert move(kacho, case, "tell_centre", **{"class": {"c": 3}, "grave": True}).ok()["state"] == "at_centre"
    assert case_of(kacho, case)["label"]["c"] == 3
    for person in (tokatsu, jokan, mado, saiko, buchou):
        assert any(n["about"] == case["id"] and n["unseen"] for n in person.get("/api/v1/office/notices").ok()["items"])
    move(mado, case, "tell_top").ok()
    move(tokatsu, case, "begin_cause").refused(409, "office.guard")  # it is not contained
    for step in ("act", "contain"):
        move(jokan, case, step).ok()
    move(tokatsu, case, "begin_cause").ok()
    move(tokatsu, case, "propose", cause="宛先の確かめ不足", prevention="二人で確かめる").ok()
    move(tokatsu, case, "order").refused(403, "office.not_yours")
    move(saiko, case, "order", order="全庁で行うこと", measures=[{"measure": "手順の改訂", "owner": "kacho", "due": "2026-12-25"}]).ok()
    move(tokatsu, case, "close").refused(409, "office.guard")
    move(jokan, case, "restore").ok()
    move(mado, case, "send").refused(409, "office.guard")
    move(mado, case, "send", told_outside=[{"to": "people", "done": "sent", "at": "2026-11-26T12:00:00+09:00", "why": "お詫び"}]).ok()
    move(mado, case, "keep_silent", note="影響が1人のため", press_text="公表しない").ok()
    move(tokatsu, case, "hold", note="調べのため").ok()
    move(tokatsu, case, "close").refused(409, "office.guard")  # the evidence is held
    assert any(h["incident"] == case["number"] and not h["released_at"] for h in apart("kanri").get("/api/v1/retention").ok()["holds"])
    move(saiko, case, "release", note="済んだため").ok()
    assert all(h["released_at"] for h in apart("kanri").get("/api/v1/retention").ok()["holds"] if h["incident"] == case["number"])
    done = move(tokatsu, case, "close").ok()
    assert done["kind"] == "closed" and len({e["name"] for e in done["history"]}) >= 6
    assert [s["title"] for s in done["seals"] if s["name"]] == ["最高責任者", "統括", "報告"]
    assert any(n["about"] == case["id"] for n in hanako.get("/api/v1/office/notices").ok()["items"])


def test_office_a_deadline_that_is_over_is_told_upwards(apart):
    """The body's own figure is 0 minutes: due at once."""
    case = open_case(apart("hanako"), "incidents", origin="staff", kind="other", what="期限の試験", noticed_at="2026-11-26T09:00:00+09:00", unit="zeimu")
    assert case["due_at"]
    told = wait_until(lambda: [n for n in apart("buchou").get("/api/v1/office/notices").ok()["items"] if n["about"] == case["id"] and "期限を過ぎて" in n["text"]], 20, "the notice")
    assert told
    seen = case_of(apart("buchou"), case)
    assert seen["overdue"] and seen["history"][-1]["event"] == "clock"


def test_office_the_program_opens_incidents_and_the_work_of_the_year(apart):
    """A notice of the program, and the duty of the inventory when its month has come."""
    duties = wait_until(lambda: apart("kanri").get("/api/v1/office/duties").ok()["items"], 20, "the duties")
    inventory = [d for d in duties if d["definition"] == "asset-inventory"]
    assert len(inventory) == len(PROFILE["units"]) and {d["state"] for d in inventory} <= {"waits", "open", "overdue"}
    folder = apart.server.data / "bodies/shiken/alarms"
    apart.server.stop()
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "01ARZ3NDEKTSV4RRFFQ69G5FAX.clock_stepped").touch(mode=0o600)
    apart.server.start()
    tokatsu = apart.server.client()
    tokatsu.login("tokatsu").ok()
    found = wait_until(lambda: [i for i in tokatsu.get(CASES.format("incidents")).ok()["items"] if "時計" in i["subject"]], 20, "the incident")
    assert case_of(tokatsu, found[0])["opener"] == "プログラム"


# --- what waits for a decision, and the papers of the committee -----------------------------------------------------------------------

def decisions(client, case=None):
    items = client.get("/api/v1/decisions").ok()["items"]
    return items if case is None else [i for i in items if i["href"].endswith(case["id"])]


def test_office_decisions_of_a_case_wait_for_who_makes_them(apart):
    """Two parts of a permission: each waits for its own person until it is given; the one who asks and another department see nothing."""
    hanako, tokatsu, jokan, jiro = (apart(p) for p in ("hanako", "tokatsu", "jokan", "jiro"))
    define(apart("kanri"), PERMIT)
    case = open_case(hanako, "borrow", what="判断を待つ端末")
    (row,) = decisions(tokatsu, case)
    assert (row["source"], row["title"], row["number"], row["what"], row["state"], row["asked_by"]) == ("office", "貸出しの申請", case["number"], "判断を待つ端末", "申請中", hanako.session["user"]["name"])
    assert row["steps"] == ["許可する", "許可しない"] and row["clauses"] == ["11(1)チ(イ)"] and row["since"] and (row["signed_places"], row["places"]) == (0, 2)
    assert row["href"] == f"/office/cases/{case['id']}" and not row["overdue"] and not row["alone"]
    assert decisions(hanako, case) == decisions(jiro, case) == []
    move(tokatsu, case, "grant").ok()
    assert decisions(tokatsu, case) == [], "she gave her part"
    assert [(r["signed_places"], r["places"]) for r in decisions(jokan, case)] == [(1, 2)]
    move(jokan, case, "grant").ok()
    assert decisions(jokan, case) == []
    # What separation of duties keeps from her is not offered while another could do it.
    own = open_case(tokatsu, "borrow", what="自分の申請")
    assert [(r["steps"], r["alone"]) for r in decisions(tokatsu, own)] == [(["許可しない"], False)]
    over = [i["overdue"] for i in decisions(tokatsu)]
    assert over == sorted(over, reverse=True), "what is over its day comes first"


def test_office_decisions_of_requests_and_stops(admin, staff, manager, other_manager):
    asked = staff.post("/api/v1/approvals", carry_out("判断のページの試験のため")).ok()
    (row,) = decisions(manager, asked)
    assert (row["source"], row["what"], row["asked_by"], row["href"]) == ("approvals", "端末1台", staff.session["user"]["name"], f"/approvals/{asked['id']}") and row["clauses"]
    assert decisions(other_manager, asked) == decisions(staff, asked) == [], "another department's, and her own"
    staff.post(f"/api/v1/approvals/{asked['id']}/finish").ok()
    assert decisions(manager, asked) == []
    stop = admin.post("/api/v1/stops", {"kind": "exports", "basis": "ordered", "basis_by": "副市長", "reason": "判断のページの試験"}).ok()
    try:
        row = next(i for i in decisions(admin) if i["source"] == "stops" and i["what"] == "判断のページの試験")
        assert (row["code"], row["severity"], row["href"]) == ("exports", 3, "/admin/stops")
        assert not [i for i in decisions(manager) if i["source"] == "stops"], "she may not release it"
    finally:
        admin.post(f"/api/v1/stops/{stop['id']}/release", {"reason": "試験の終わり"}).ok()
    assert not [i for i in decisions(admin) if i["source"] == "stops"]


def test_office_decisions_figures_are_of_what_one_may_read(apart):
    def figures(person):
        return {f["key"]: f for f in apart(person).get("/api/v1/decisions/figures").ok()["items"]}
    before = figures("tokatsu")["office.incidents"]["count"]
    open_case(apart("hanako"), "incidents", origin="staff", kind="other", what="件数の試験", noticed_at="2026-11-26T09:00:00+09:00", unit="zeimu")
    seen = figures("tokatsu")
    assert seen["office.incidents"]["count"] == before + 1 and "機密性2" in seen["office.incidents"]["detail"] and seen["office.incidents"]["bad"]
    assert "duties" in seen and "clauses" not in seen, "she may not read the coverage"
    assert figures("jiro")["office.incidents"]["count"] == 0, "another department's"
    assert figures("kansa")["clauses"]["href"] == "/admin/coverage"


def paper(client, case, kind="dossier", form="html"):
    """Its text, page by page of a PDF."""
    made = client.get(f"/api/v1/office/cases/{case['id']}/{kind}?format={form}").ok()
    content = base64.b64decode(made["content"])
    if form == "html":
        return content.decode("utf-8")
    assert content.startswith(b"%PDF-1.7") and made["type"] == "application/pdf" and made["name"].endswith(".pdf")
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True).stdout.decode("utf-8")
    return text.removesuffix("\f").split("\f")


def amendment_of(kanri):
    """A document in force, and the draft that changes one of its clauses."""
    text = base64.b64encode("規程\n\n1 鍵\n\n(1) 鍵は棚に置く。\n(2) 帳簿を付ける。\n".encode()).decode()
    made = kanri.post("/api/v1/policies", {"name": "鍵の規程.txt", "content": text}).ok()
    kanri.post(f"/api/v1/policies/versions/{made['version']}/declare", {"effective_on": "2026-04-01", "decision": "委員会"}).ok()
    begun = kanri.post(f"/api/v1/policies/documents/{made['document']}/amendments", {"reason": "置き場を改めるため"}).ok()["version"]
    clauses = kanri.get(f"/api/v1/policies/versions/{begun}").ok()["clauses"]
    held = next(c for c in clauses if "棚に置く" in c["text"])
    kanri.patch(f"/api/v1/policies/versions/{begun}/clauses/{held['id']}", {"text": "鍵は金庫に置く。"}).ok()
    return begun


def test_office_the_dossier_of_a_committee(apart):
    hanako, tokatsu, kansa, saiko, kanri = (apart(p) for p in ("hanako", "tokatsu", "kansa", "saiko", "kanri"))
    define(kanri, PERMIT)
    draft = amendment_of(kanri)
    incident = open_case(hanako, "incidents", origin="staff", kind="missent", what="資料に載る誤送信", noticed_at="2026-11-26T09:00:00+09:00", unit="zeimu")
    private = open_case(tokatsu, "borrow", what="統括だけの借用")
    meeting = open_case(tokatsu, "committee-meetings", name="定例の委員会", held_on="2026-12-01")
    for other in (incident, private):
        tokatsu.post(f"/api/v1/office/cases/{meeting['id']}/links", {"other": other["id"]}).ok()
    where = f"/api/v1/office/cases/{meeting['id']}"
    tokatsu.patch(where, {"hash": case_of(tokatsu, meeting)["hash"], "fields": {
        "agenda": [{"no": 1, "what": "誤送信の報告", "from": "統括"}, {"no": 2, "what": "鍵の規程の改正"}], "drafts": f"/admin/policies/{draft}"}}).ok()
    told = paper(tokatsu, meeting)
    for part in ("定例の委員会", "誤送信の報告", "鍵の規程の改正", incident["number"], "資料に載る誤送信", "統括だけの借用", "この間に開いたもの", "税務課", "令和8年12月1日"):
        assert part in told, part
    assert re.search(f"<h2[^>]*>資料1　[^<]*資料に載る誤送信[^<]*（{incident['number']}）</h2>", told), "headings, which are the bookmarks of the PDF, say what the paper is"
    assert "規程の案を見られません" in told and "金庫" not in told, "she may not read the drafts"
    # The auditor may, and does not see what is nobody's but the head's: it is named by its number.
    told = paper(kansa, meeting)
    assert "新旧対照表" in told and "<u>" in told and "置き場を改めるため" in told and "資料に載る誤送信" in told
    assert private["number"] in told and "統括だけの借用" not in told
    # What the figures count may be more confidential than the cases here.
    label = re.search(r'@top-right\{content:"(機密性[23])', paper(saiko, meeting)).group(1)
    pages = paper(saiko, meeting, form="pdf")
    assert len(pages) >= 3 and all(label in p and f"{n}/{len(pages)}" in p.replace(" ", "") for n, p in enumerate(pages, 1)), pages
    for stranger in ("hanako", "jiro", "jokan"):
        apart(stranger).get(where + "/dossier").refused(404, "office.not_found")
    tokatsu.get(where + "/dossier?format=doc").refused(400, "papers.format")
    tokatsu.get(f"/api/v1/office/cases/{incident['id']}/dossier").refused(409, "papers.no_dossier")
    # The label is that of the most confidential thing in it.
    move(apart("kacho"), incident, "tell_centre", **{"class": {"c": 3}, "grave": False}).ok()
    assert '@top-right{content:"機密性3' in paper(kansa, meeting)


def test_office_the_printed_form_of_a_case(apart):
    case = open_case(apart("hanako"), "incidents", origin="staff", kind="missent", what="印刷の試験", noticed_at="2026-11-26T09:00:00+09:00", unit="zeimu")
    (page, *more) = paper(apart("tokatsu"), case, "form", "pdf")
    for part in ("インシデント報告書", case["number"], "印刷の試験", "令和8年11月26日 09:00", "最高責任者", "統括", "機密性2", "税務課", "根拠"):
        assert part in page + "".join(more), part
    assert "印刷の試験" in paper(apart("tokatsu"), case, "form")
    apart("jiro").get(f"/api/v1/office/cases/{case['id']}/form").refused(404, "office.not_found")


def test_office_commands(server, tmp_path):
    good = tmp_path / "visits.yaml"
    good.write_text(VISITS, encoding="utf-8")
    assert "誤りはありません" in server.cli("office", "check", str(good)).stdout
    bad = tmp_path / "bad.yaml"
    bad.write_text(VISITS.replace("by: [{person: opener}]", "by: []"), encoding="utf-8")
    told = server.cli("office", "check", str(bad), check=False).stdout
    assert f"{bad}:21: " in told, told


def test_office_shipped_definitions_pass_the_schema():
    jsonschema = pytest.importorskip("jsonschema")
    yaml = pytest.importorskip("yaml")
    schema = json.loads((ROOT / "packs/office/schema.json").read_text(encoding="utf-8"))

    class Loader(yaml.SafeLoader):
        pass
    Loader.yaml_implicit_resolvers = {k: [r for r in v if r[0] != "tag:yaml.org,2002:timestamp"] for k, v in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    for path in sorted((ROOT / "packs/office").glob("*.yaml")):
        jsonschema.validate(yaml.load(path.read_text(encoding="utf-8"), Loader), schema)
