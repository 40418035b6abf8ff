"""Policies in the forms of others: OSCAL files validate against NIST's schema and come back as the same bytes; tables come back cell by cell."""
import base64
import csv
import io
import json
import pathlib

import openpyxl
import oscal_schema
import pytest
from test_policy import DOCUMENTS, NEW, NOBODYS, OLD, SHARED, clause, send, tree_of

OURS = "urn:sekisho:oscal:policy"
MIXED = ("村の方針\n\n第1章 総則\n\n1 ねらい\n\n村のものを *守る* <b>。\n=SUM(1) は\\式ではない。\n\n(1) 鍵\n(1) 写し\n(3) 台帳\n\nア 三年\nイ 五年\n\n第2章 人\n\n2 係\n\n"
         "区分\t扱い\n高\t鍵をかける\n低\t棚に置く\n\n附則\n\n1 今日から。\n")


def oscal(client, version, model="catalog"):
    return base64.b64decode(client.get(f"/api/v1/policies/versions/{version}/oscal?model={model}").ok()["content"])


def bring(client, content, document=None, preview=False):
    if not isinstance(content, (bytes, str)):
        content = json.dumps(content, ensure_ascii=False)
    content = content.encode() if isinstance(content, str) else content
    body = {"name": "catalog.json", "content": base64.b64encode(content).decode()} | ({"document": document} if document else {})
    return client.post("/api/v1/policies/oscal" + ("/preview" if preview else ""), body)


def walk(node):
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
        yield from walk(child)


def every_id(catalog):
    return {n["id"] for n in walk(catalog) if "id" in n}


@pytest.fixture(scope="module")
def houshin(admin):
    return send(admin, "houshin.txt", (DOCUMENTS / "houshin.txt").read_bytes()).ok()["version"]


def controls(node):
    for control in node.get("controls", []):
        yield control
        yield from controls(control)
    for group in node.get("groups", []):
        yield from controls(group)


@pytest.mark.parametrize("text", [pytest.param((DOCUMENTS / "houshin.txt").read_text(encoding="utf-8"), id="houshin"), pytest.param(MIXED, id="mixed"), pytest.param(OLD, id="small")])
def test_policy_oscal_catalog_validates_and_comes_back_as_the_same_bytes(admin, text):
    made = send(admin, "方針 1.txt", text).ok()
    before = tree_of(admin, made["version"])
    exported = oscal(admin, made["version"])
    catalog = oscal_schema.check(json.loads(exported))
    assert catalog["metadata"]["oscal-version"].startswith("1.2") and catalog["metadata"]["roles"] and catalog["metadata"]["parties"]
    assert catalog["back-matter"]["resources"][0]["rlinks"][0]["hashes"][0]["algorithm"] == "SHA-256"
    again = bring(admin, exported, made["document"]).ok()
    assert again["ours"] and again["losses"] == [] and again["number"] == 2
    assert again["counts"]["same"] == len(before["clauses"]) == again["clauses"]
    assert oscal(admin, again["version"]) == exported
    after = tree_of(admin, again["version"])
    for was, now in zip(before["clauses"], after["clauses"]):
        assert {k: v for k, v in was.items()} == now


@pytest.mark.skipif(not (SHARED / "policies").exists(), reason="the reference documents are not here")
@pytest.mark.parametrize("name", ["nishiwaki-basic-2026", "shunan-basic-2026", "nishiwaki-qa-and-standards-2022"])
def test_policy_oscal_of_the_reference_documents_comes_back(admin, name):
    made = send(admin, name + ".txt", (SHARED / f"policies/{name}.txt").read_bytes()).ok()
    exported = oscal(admin, made["version"])
    oscal_schema.check(json.loads(exported))
    again = bring(admin, exported, made["document"]).ok()
    assert again["losses"] == [] and oscal(admin, again["version"]) == exported


def test_policy_oscal_keeps_what_a_person_corrected(admin):
    made = send(admin, "x.txt", MIXED).ok()
    tree = tree_of(admin, made["version"])
    wrong = clause(tree, "1(2)")
    assert (wrong["label"], wrong["corrected"]) == ("(1)", "(2)")
    admin.patch(f"/api/v1/policies/versions/{made['version']}/clauses/{wrong['id']}", {"title": "二行の\n見出し", "text": " 前の空白\n\n{{ 波 }} [x](y) 1. \n"}).ok()
    exported = oscal(admin, made["version"])
    catalog = oscal_schema.check(json.loads(exported))
    control = next(c for c in controls(catalog) if c["id"] == "c-" + wrong["id"])
    props = {(p.get("ns"), p["name"]): p["value"] for p in control["props"]}
    assert props[(None, "label")] == "(2)" and props[(OURS, "printed-label")] == "(1)" and props[(OURS, "ref")] == "1(2)"
    assert {(OURS, "modality"), (OURS, "actor"), (OURS, "means"), (OURS, "meaning")} <= set(props)
    again = bring(admin, exported, made["document"]).ok()
    assert oscal(admin, again["version"]) == exported
    kept = clause(tree_of(admin, again["version"]), "1(2)")
    assert (kept["title"], kept["text"], kept["label"]) == ("二行の\n見出し", " 前の空白\n\n{{ 波 }} [x](y) 1. \n", "(1)")


@pytest.mark.parametrize("model,root", [("component-definition", "component-definition"), ("ssp", "system-security-plan"), ("assessment-plan", "assessment-plan"),
                                        ("assessment-results", "assessment-results"), ("poam", "plan-of-action-and-milestones")])
def test_policy_oscal_every_model_validates(admin, houshin, model, root):
    document = json.loads(oscal(admin, houshin, model))
    assert list(document) == [root]
    content = oscal_schema.check(document)
    catalog = json.loads(oscal(admin, houshin))["catalog"]
    named = {n["control-id"] for n in walk(content) if "control-id" in n}
    assert named <= every_id(catalog) and (model == "poam" or named & {c["id"] for c in controls(catalog)})


def test_policy_oscal_says_how_each_clause_is_kept_and_by_what_evidence(admin, houshin):
    coverage = admin.get(f"/api/v1/policies/coverage?version={houshin}").ok()
    plan = json.loads(oscal(admin, houshin, "ssp"))["system-security-plan"]
    requirements = {r["control-id"]: r for r in plan["control-implementation"]["implemented-requirements"]}
    assert set(requirements) == {"c-" + c["id"] for c in coverage["clauses"]}
    titles = {c["uuid"]: c["title"] for c in plan["system-implementation"]["components"]}
    states = {"green": "implemented", "amber": "partial", "red": "planned", "not_applicable": "not-applicable"}
    named = {c["id"]: c["title"] for c in coverage["controls"]}
    for clause_ in coverage["clauses"]:
        requirement = requirements["c-" + clause_["id"]]
        assert {p["name"]: p["value"] for p in requirement["props"]}["standing"] == states[clause_["state"]]
        assert [titles[b["component-uuid"]] for b in requirement.get("by-components", [])] == [named[c] for c in clause_["controls"]]
    result = json.loads(oscal(admin, houshin, "assessment-results"))["assessment-results"]["results"][0]
    assert len(result["findings"]) == len(coverage["clauses"]) and len(result["observations"]) == len(coverage["controls"])
    assert all(o["collected"] and o["methods"][0] in ("TEST", "EXAMINE") for o in result["observations"])
    observed = {o["uuid"] for o in result["observations"]}
    assert {r["observation-uuid"] for f in result["findings"] for r in f.get("related-observations", [])} <= observed
    items = json.loads(oscal(admin, houshin, "poam"))["plan-of-action-and-milestones"]["poam-items"]
    open_gaps = [g for g in coverage["gaps"] if not g["closed_at"]]
    assert len(items) == max(1, len(open_gaps))


def test_policy_oscal_a_clause_is_never_another_documents(admin):
    made = send(admin, "x.txt", OLD).ok()
    other = bring(admin, oscal(admin, made["version"])).ok()
    assert other["document"] != made["document"]
    assert {l["kind"]: l["count"] for l in other["losses"]}["id"] == other["clauses"]
    ids = {c["id"] for c in tree_of(admin, made["version"])["clauses"]}
    assert not ids & {c["id"] for c in tree_of(admin, other["version"])["clauses"]}


FOREIGN = {"catalog": {"uuid": "2ed6657d-e927-568b-95e1-2665a8aea6a2", "metadata": {
    "title": "Village keys", "last-modified": "2026-01-02T03:04:05+09:00", "version": "5", "oscal-version": "1.1.2", "roles": [{"id": "owner", "title": "Owner"}]},
    "groups": [{"id": "key", "class": "family", "title": "Keys", "controls": [
        {"id": "key-1", "title": "Safe", "params": [{"id": "key-1_p", "label": "three years"}], "props": [{"name": "label", "value": "KEY-1"}, {"name": "status", "value": "withdrawn"}],
         "links": [{"href": "https://example.jp/"}],
         "parts": [{"id": "key-1_smt", "name": "statement", "prose": "Keep \\*keys\\* for {{ insert: param, key-1_p }}.",
                    "parts": [{"id": "key-1_smt.a", "name": "item", "props": [{"name": "label", "value": "a."}], "prose": "in a safe"}]}, {"name": "guidance", "prose": "why"}],
         "controls": [{"id": "key-1.1", "title": "Copies", "props": [{"name": "label", "value": "KEY-1(1)"}]}]}]}],
    "back-matter": {"resources": [{"uuid": "7ed6657d-e927-468b-95e1-2665a8aea6a2"}]}}}


def test_policy_oscal_of_another_is_shown_first_and_its_losses_are_listed(admin):
    oscal_schema.check(FOREIGN)
    documents = len(admin.get("/api/v1/policies").ok()["items"])
    shown = bring(admin, FOREIGN, preview=True).ok()
    assert len(admin.get("/api/v1/policies").ok()["items"]) == documents and shown["version"] is None
    made = bring(admin, FOREIGN).ok()
    assert made["losses"] == shown["losses"] and not made["ours"]
    losses = {l["kind"]: (l["count"], l["pointer"]) for l in made["losses"]}
    assert losses["params"] == (1, "/catalog/groups/0/controls/0/params/0") and set(losses) == {"roles", "class", "params", "props", "links", "parts", "back-matter"}
    assert all(l["text"].endswith("。") for l in made["losses"])
    tree = tree_of(admin, made["version"])
    assert [c["ref"] for c in tree["clauses"]] == ["key", "KEY-1", "KEY-1a.", "KEY-1/guidance", "KEY-1(1)"]
    assert clause(tree, "KEY-1")["text"] == "Keep *keys* for ［three years］." and clause(tree, "KEY-1(1)")["title"] == "Copies"
    # What it became here comes back like any other.
    exported = oscal(admin, made["version"])
    oscal_schema.check(json.loads(exported))
    again = bring(admin, exported, made["document"]).ok()
    assert again["losses"] == [] and oscal(admin, again["version"]) == exported
    # Another's new version keeps the ids of the clauses it shares words with.
    newer = json.loads(json.dumps(FOREIGN))
    newer["catalog"]["groups"][0]["controls"][0]["controls"][0]["title"] = "Copies of keys"
    third = bring(admin, newer, made["document"]).ok()
    assert third["number"] == 3 and clause(tree_of(admin, third["version"]), "KEY-1")["id"] == clause(tree, "KEY-1")["id"]


def broken(change):
    out = json.loads(json.dumps(FOREIGN))
    change(out["catalog"])
    return out


@pytest.mark.parametrize("content,key,where", [
    ("{", "oscal.json", None), ("[]", "oscal.invalid", "/: オブジェクトが必要です"), ({"profile": {}}, "oscal.model", "/profile"),
    (broken(lambda c: c.pop("uuid")), "oscal.invalid", "/catalog/uuid: 必要な要素がありません"),
    (broken(lambda c: c["metadata"].update({"last-modified": "いつか"})), "oscal.invalid", "/catalog/metadata/last-modified: RFC 3339の日時が必要です"),
    (broken(lambda c: c["groups"][0]["controls"][0].update(id="1 x")), "oscal.invalid", "/catalog/groups/0/controls/0/id: トークンが必要です"),
    (broken(lambda c: c["groups"][0]["controls"][0].update(parts={})), "oscal.invalid", "/catalog/groups/0/controls/0/parts: 配列が必要です"),
    ("[" * 5000, "oscal.json", None)])
def test_policy_oscal_says_what_is_wrong_and_where(admin, content, key, where):
    for preview in (True, False):
        problem = bring(admin, content, preview=preview).refused(400, key)
        assert where is None or problem["where"] == where


def test_policy_oscal_and_tables_need_the_same_rights_as_the_tree(staff, kansa, admin):
    made = send(admin, "x.txt", OLD).ok()
    exported = oscal(kansa, made["version"])
    where = f"/api/v1/policies/versions/{made['version']}"
    assert staff.get(where + "/oscal").refused(403)["clause"] == "10(1)ウ"
    staff.get(where + "/table?format=csv").refused(403)
    bring(kansa, exported).refused(403)
    bring(kansa, exported, preview=True).refused(403)
    kansa.post(where + "/table", {"name": "x.csv", "content": ""}).refused(403)
    admin.get(f"/api/v1/policies/versions/{NOBODYS}/oscal").refused(404)
    bring(admin, exported, NOBODYS).refused(404, "policies.not_found")
    admin.get(where + "/oscal?model=x").refused(400, "oscal.model_name")


# The table of clauses
def table(client, version, form):
    return client.get(f"/api/v1/policies/versions/{version}/table?format={form}").ok()


def put_table(client, version, name, content, preview=False):
    return client.post(f"/api/v1/policies/versions/{version}/table" + ("/preview" if preview else ""), {"name": name, "content": base64.b64encode(content).decode()})


def rows_of(content, encoding="utf-8-sig"):
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def csv_bytes(rows, encoding="utf-8-sig"):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.fixture
def sheet(admin):
    made = send(admin, "x.txt", MIXED.replace("鍵\n", "𠮷野の鍵\n")).ok()
    return made["version"]


def test_policy_table_comes_back_without_a_change(admin, sheet):
    for form, name in (("xlsx", "a.xlsx"), ("csv", "a.csv"), ("csv-cp932", "a.csv")):
        content = base64.b64decode(table(admin, sheet, form)["content"])
        plan = put_table(admin, sheet, name, content, preview=True).ok()
        assert plan["errors"] == [] and plan["changes"] == [] and plan["rows"] == len(tree_of(admin, sheet)["clauses"])
    rows = rows_of(base64.b64decode(table(admin, sheet, "csv")["content"]))
    assert rows[0] == ["ID", "引用", "親の引用", "種類", "部分", "印刷された番号", "番号", "見出し", "本文", "義務の強さ", "主体", "対象", "実現の種類", "機能", "意味の確認", "照合"]
    assert not any(cell.lstrip().startswith(("=", "+", "@")) for row in rows for cell in row)


def test_policy_table_in_cp932_names_what_cp932_lacks(admin, sheet):
    made = table(admin, sheet, "csv-cp932")
    assert [(m["character"], m["written"], m["refs"]) for m in made["missing"]] == [("𠮷", "&#x20BB7;", ["1(1)"])]
    assert "&#x20BB7;野の鍵" in base64.b64decode(made["content"]).decode("cp932")


def test_policy_table_changes_words_and_meanings_and_keeps_own_columns(admin, sheet):
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(table(admin, sheet, "xlsx")["content"])))
    page = book.active
    names = [c.value for c in page[1]]
    at = {name: i + 1 for i, name in enumerate(names)}
    by_ref = {page.cell(r, at["引用"]).value: r for r in range(2, page.max_row + 1)}
    row = by_ref["1(3)ア"]
    page.cell(row, at["本文"]).value = "十年 | 保存する。\n二行目"
    page.cell(row, at["意味の確認"]).value = "confirmed"
    page.cell(row, at["義務の強さ"]).value = "must"
    page.cell(row, at["機能"]).value = page.cell(row, at["機能"]).value
    page.cell(1, len(names) + 1).value = "課の覚え"
    page.cell(row, len(names) + 1).value = "=A1 ではない"
    page.cell(row, len(names) + 1).data_type = "s"
    out = io.BytesIO()
    book.save(out)
    plan = put_table(admin, sheet, "直し.xlsx", out.getvalue(), preview=True).ok()
    assert plan["errors"] == [] and plan["own_columns"] == ["課の覚え"] and not plan["done"]
    assert ("1(3)ア", "本文", "十年 | 保存する。\n二行目") in [(c["ref"], c["column"], c["after"]) for c in plan["changes"]]
    assert clause(tree_of(admin, sheet), "1(3)ア")["text"] != "十年 | 保存する。\n二行目"
    assert put_table(admin, sheet, "直し.xlsx", out.getvalue()).ok()["done"]
    changed = clause(tree_of(admin, sheet), "1(3)ア")
    assert changed["text"] == "十年 | 保存する。\n二行目" and changed["edited_by"] == admin.session["user"]["name"]
    meaning = next(m for m in admin.get(f"/api/v1/policies/versions/{sheet}/meanings").ok()["items"] if m["ref"] == "1(3)ア")
    assert meaning["state"] == "confirmed" and meaning["modality"] == "must" and not meaning["stale"]
    rows = rows_of(base64.b64decode(table(admin, sheet, "csv")["content"]))
    assert rows[0][-1] == "課の覚え" and next(r for r in rows if r[1] == "1(3)ア")[-1] == "'=A1 ではない"
    # The file is of what stood before: a second time it would undo what others did since.
    again = put_table(admin, sheet, "直し.xlsx", out.getvalue(), preview=True).ok()
    assert again["changes"] == [] and again["errors"] == []
    page.cell(row, at["本文"]).value = "古い写しから"
    late = io.BytesIO()
    book.save(late)
    assert [e["column"] for e in put_table(admin, sheet, "直し.xlsx", late.getvalue(), preview=True).ok()["errors"]] == ["照合"]


def test_policy_table_with_one_mistake_changes_nothing(admin, sheet):
    rows = rows_of(base64.b64decode(table(admin, sheet, "csv")["content"]))
    refs = [r[1] for r in rows]
    rows[refs.index("1(1)")][7] = "よい見出し"
    rows[refs.index("1(2)")][1] = "9(9)"
    rows[refs.index("1(3)")][0] = NOBODYS
    rows[refs.index("1(3)ア")][9] = "perhaps"
    rows.append(rows[refs.index("1(1)")])
    content = csv_bytes(rows)
    plan = put_table(admin, sheet, "a.csv", content, preview=True).ok()
    assert {(e["row"], e["column"]) for e in plan["errors"]} == {(refs.index("1(2)") + 1, "引用"), (refs.index("1(3)") + 1, "ID"), (refs.index("1(3)ア") + 1, "意味の確認"), (len(rows), "ID")}
    assert "perhaps" in [c["after"] for c in plan["changes"]]
    put_table(admin, sheet, "a.csv", content).refused(400, "policies.table_refused")
    assert clause(tree_of(admin, sheet), "1(1)")["title"] != "よい見出し"


@pytest.mark.parametrize("name,content,status,key", [("a.ods", b"x", 415, "policies.table_type"), ("a.csv", b"\x81\xff\xfe\x80\x00\x01", 400, "files.table_encoding"),
                                                     ("a.csv", b"," * 70, 413, "files.table_size"), ("a.xlsx", b"x", None, None)])
def test_policy_table_refuses_what_is_no_table(admin, sheet, name, content, status, key):
    answer = put_table(admin, sheet, name, content, preview=True)
    if status is None:
        assert answer.status >= 400
    else:
        answer.refused(status, key)
    assert put_table(admin, sheet, "a.csv", "引用,本文\n1,x\n".encode(), preview=True).ok()["errors"][0]["text"] == "この列が要ります。"
