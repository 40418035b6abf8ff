"""Self-inspection on the body's own clauses: generated from what people confirmed of the policy in force, answered, put together, and evidence."""
import base64
import csv
import io

import pytest
from test_office import case_of, move, open_case, value
from test_policy_meaning import by_ref, decide, decision, meanings
from test_policy_versions import declared

TEXT = """点検の試験の基準

1 目的

この基準は、点検の試験のための決まりを定めることを目的とする。

2 席

(1) 離れるとき

ア 職員は、席を離れるときは、画面を閉じなければならない。
イ 管理者は、鍵の台帳を備えなければならない。
ウ 職員は、係の合図コルリを外に漏らしてはならない。
エ 職員は、机の上を整えなければならない。
"""
SECRET = "コルリ"
SHEET = "/api/v1/office/definitions/self-inspections/sheet"


@pytest.fixture(scope="module")
def policy(admin):
    made = declared(admin, TEXT, "点検の基準.txt")
    found = by_ref(meanings(admin, made["version"]))
    decide(admin, made["version"], decision(found["2(1)ア"], actor="@staff", kind="check", modality="must"), decision(found["2(1)イ"], actor="kanri", kind="register", modality="must"),
           decision(found["2(1)ウ"], actor="@staff", kind="check", modality="must_not")).ok()
    admin.post(f"/api/v1/policies/documents/{made['document']}/withheld/{found['2(1)ウ']['clause']}", {"reason": "試験のため"}).ok()
    return made | {"clauses": {ref: m["clause"] for ref, m in found.items()}}


def rows(case):
    return value(case, "sheet") or []


def save(client, case, answers):
    seen = case_of(client, case)
    return client.patch(f"/api/v1/office/cases/{case['id']}", {"hash": seen["hash"], "fields": {"sheet": answers}})


def answered(case, policy, **mine):
    """Everything is kept, but for what is said of the test's own clauses."""
    by_clause = {policy["clauses"][ref.replace("_", "(1)")]: answer for ref, answer in mine.items()}
    return [row | (by_clause.get(row["clause_id"]) or {"answer": "kept"}) for row in rows(case)]


@pytest.fixture(scope="module")
def zeimu(policy, manager):
    return open_case(manager, "self-inspections", year=2026, unit="zeimu")


def test_sheets_hold_the_confirmed_clauses_of_the_policy_in_force(policy, zeimu):
    mine = {r["clause_id"]: r for r in rows(zeimu) if r["document"] == policy["document"]}
    ids = policy["clauses"]
    assert set(mine) == {ids["2(1)ア"], ids["2(1)イ"], ids["2(1)ウ"]}, "what nobody confirmed is not asked"
    assert mine[ids["2(1)ア"]]["clause"] == "2(1)ア" and "画面を閉じ" in mine[ids["2(1)ア"]]["text"] and mine[ids["2(1)ア"]]["version"] == policy["version"]
    hidden = mine[ids["2(1)ウ"]]
    assert hidden["clause"] == "2(1)ウ" and SECRET not in hidden["text"] and "非公開" in hidden["text"]
    assert SECRET not in str(zeimu)
    order = [r["clause_id"] for r in rows(zeimu)]
    assert order.index(ids["2(1)ウ"]) < order.index(ids["2(1)イ"]), "checks and prohibitions come first"


def test_sheets_rows_are_the_programs_and_gaps_say_why_and_become_measures(policy, manager, admin, staff, zeimu):
    staff.patch(f"/api/v1/office/cases/{zeimu['id']}", {"hash": zeimu["hash"], "fields": {"sheet": rows(zeimu)}}).refused(404)
    save(manager, zeimu, [{"clause_id": "01HZZZZZZZZZZZZZZZZZZZZZZZ", "answer": "kept"}]).refused(400, "office.field")
    save(manager, zeimu, [rows(zeimu)[0] | {"answer": "perhaps"}]).refused(400, "office.field")
    save(manager, zeimu, answered(zeimu, policy, **{"2_イ": {"answer": "broken"}})).ok()
    move(manager, zeimu, "answer").refused(409, "office.guard")
    save(manager, zeimu, answered(zeimu, policy, **{"2_イ": {"answer": "broken", "comment": "台帳が古い", "evidence": "台帳の写し"}, "2_ア": {"answer": "none"}})).ok()
    done = move(manager, zeimu, "answer").ok()
    gaps = value(done, "failed")
    assert [(g["clause"], g["why"], g["evidence"]) for g in gaps] == [("2(1)イ", "台帳が古い", "台帳の写し")]
    move(admin, zeimu, "report", comment="おおむね良好").refused(409, "office.guard")
    done = move(admin, zeimu, "report", comment="おおむね良好", failed=[gaps[0] | {"measure": "台帳を作り直す"}]).ok()
    assert done["state"] == "reported"


def test_sheets_are_put_together_by_department_and_clause(policy, manager, admin, staff, other_manager, zeimu):
    fukushi = open_case(other_manager, "self-inspections", year=2026, unit="fukushi")
    save(other_manager, fukushi, answered(fukushi, policy)).ok()
    told = admin.get(SHEET).ok()
    units = {u["id"]: u for u in told["units"]}
    assert units[fukushi["id"]]["rate"] == 1 and 0 < units[zeimu["id"]]["rate"] < 1
    clause = next(c for c in told["clauses"] if c["clause"] == policy["clauses"]["2(1)イ"])
    counts = {c["key"]: c["count"] for c in clause["counts"]}
    assert (counts["kept"], counts["broken"], clause["rate"]) == (1, 1, 0.5) and told["clauses"][0]["rate"] <= clause["rate"]
    other = next(c for c in told["clauses"] if c["clause"] == policy["clauses"]["2(1)ア"])
    assert other["rate"] == 1, "what does not apply is not counted"
    assert ("2(1)イ", "台帳が古い", "台帳の写し", zeimu["id"]) in {(g["label"], g["why"], g["evidence"], g["id"]) for g in told["gaps"]}
    # Whoever may not read the cases sees nothing of them.
    assert staff.get(SHEET).ok()["units"] == []
    assert admin.get(SHEET + "?fiscal_year=2020").ok()["units"] == []
    staff.get("/api/v1/office/definitions/incidents/sheet").refused(404, "office.no_sheet")


def test_sheets_are_written_out_row_by_row_with_every_column(policy, admin, staff, zeimu):
    where = SHEET.removesuffix("/sheet") + "/export?table=sheet"
    answer = admin.get(where).ok()
    lines = list(csv.DictReader(io.StringIO(base64.b64decode(answer["content"]).decode("utf-8-sig"))))
    mine = [line for line in lines if line["番号"] == zeimu["number"]]
    assert answer["rows"] == len(lines) and answer["name"] == "self-inspections-sheet.csv"
    case = case_of(admin, zeimu)
    assert len(mine) == len(rows(case)) and {line["条項の識別子"] for line in mine} == {r["clause_id"] for r in rows(case)}
    columns = next(f for f in admin.get(SHEET.removesuffix("/sheet")).ok()["definition"]["fields"] if f["key"] == "sheet")["columns"]
    assert list(mine[0]) == ["番号", "部署", "年度", "状態", *[c["title"] for c in columns]]
    gap = next(line for line in mine if line["条項"] == "2(1)イ")
    assert (gap["答え"], gap["証拠（文書の名前・場所・日付）"], gap["部署"]) == ("できていない", "台帳の写し", "税務課") and "台帳が古い" in gap.values()
    assert base64.b64decode(admin.get(where + "&format=xlsx").ok()["content"]).startswith(b"PK")
    assert staff.get(where).ok()["rows"] == 0, "cases that one may not read give no rows"
    admin.get(where.replace("=sheet", "=year")).refused(400, "office.field")


def test_sheets_count_as_evidence(policy, admin, zeimu):
    control = next(c for c in admin.get("/api/v1/policies/coverage").ok()["controls"] if c["id"] == "inspections")
    assert control["state"] == "green" and any("条項ごとの自己点検" in e["what"] for e in control["evidence"]), control
