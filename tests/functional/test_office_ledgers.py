"""Ledgers that exist already: read in from CSV and Excel with their columns, row by row, and written out again without losing one."""
import base64
import csv
import io
import zipfile

import pytest
from test_office import case_of, define

openpyxl = pytest.importorskip("openpyxl")
KEYS = """format: 1
id: keys-kept
title: 鍵の台帳
kind: register
group: facilities
capabilities: [facility-records]
clauses: ["9(2)イ(ア)"]
open: {by: [{anyone: true}], clauses: ["9(2)イ(ア)"]}
subject: [name]
department: unit
visible: [{post: manager, in: unit}, {power: policies.manage}]
sensitivity: {field: grade}
number: {prefix: 鍵}
fields:
  - {key: name, title: 名称, type: text, required: true}
  - {key: kind, title: 種類, type: choice, choices: [{key: door, title: 扉}, {key: rack, title: 棚}]}
  - {key: unit, title: 部署, type: department, required: true}
  - {key: keeper, title: 持つ人, type: person}
  - {key: grade, title: 分類, type: class, required: [kept]}
  - {key: copies, title: 本数, type: number, unit: 本, min: 0}
  - {key: since, title: 渡した日, type: date}
  - {key: spare, title: 予備, type: yes_no}
  - {key: note, title: 管理者のメモ, type: text, visible: [{post: manager, in: unit}], edit: [{post: manager, in: unit}]}
states:
  - {key: asked, title: 確かめ待ち, kind: waiting}
  - {key: kept, title: 保管中, kind: open}
  - {key: gone, title: 返した, kind: closed}
transitions:
  - {key: check, title: 確かめた, from: [asked], to: kept, by: [{post: manager, in: unit}], clauses: ["9(2)イ(ア)"]}
  - {key: give_back, title: 返した, from: [kept], to: gone, by: [{person: opener}], clauses: ["9(2)イ(ア)"]}
list: {columns: [number, name, kind, state]}
exchange:
  match: name
  state: kept
  columns: [{field: name, headers: [名称, 鍵の名前]}, {field: kind, headers: [種類]}, {field: unit, headers: [部署, 所管課]}, {field: grade, axis: c, headers: [機密性]}, {field: since, headers: [交付日]}]
"""
WHERE = "/api/v1/office/definitions/keys-kept"
HEAD = ["台帳の表題"], [], ["鍵の名前", "種類", "所管課", "持つ人", "機密性", "本数", "交付日", "予備", "旧番号", "備考"]
ROWS = [["正面の扉", "扉", "税務課", "hanako", "2", "２本", "令和8年4月1日", "有", "=A-1", "1行目\n2行目"],
        ["東の棚", "棚", "zeimu", "", "機密性1", "1,200", "R8.4.2", "×", "B-2", "髙橋"],
        ["名のない分類", "", "税務課", "", "", "", "2026/4/3", "", "", ""]]


def as_csv(rows, encoding):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return base64.b64encode(text.getvalue().encode(encoding)).decode()


def as_xlsx(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return base64.b64encode(out.getvalue()).decode()


def ask(client, content, name="鍵.csv", preview=False, **more):
    return client.post(WHERE + ("/import/preview" if preview else "/import"), {"name": name, "content": content, **more})


def exported(client, query=""):
    answer = client.get(f"{WHERE}/export{query}").ok()
    return base64.b64decode(answer["content"]), answer


def rows_of(content, encoding="utf-8-sig"):
    return list(csv.DictReader(io.StringIO(content.decode(encoding))))


@pytest.fixture(scope="module")
def keys(admin):
    define(admin, KEYS)
    return admin


def test_ledgers_are_read_with_their_columns_and_written_again(keys, admin, manager):
    content = as_csv([*HEAD, *ROWS], "cp932")
    seen = ask(admin, content, preview=True).ok()
    assert (seen["encoding"], seen["encoding_certain"], seen["header"], seen["key"], seen["state"], seen["done"]) == ("CP932", True, 3, "name", "保管中", False)
    assert [c["to"] for c in seen["columns"]] == ["name", "kind", "unit", "keeper", "grade:c", "copies", "since", "spare", "@keep", "@keep"]
    assert (seen["rows"], seen["opened"], seen["bad"], seen["errors"]) == (3, 3, 0, [])
    assert admin.get(WHERE + "/cases").ok()["items"] == []
    done = ask(admin, content).ok()
    assert done["done"] and done["opened"] == 3
    by_name = {i["cells"][1]["text"]: case_of(admin, i) for i in admin.get(WHERE + "/cases").ok()["items"]}
    door = by_name["正面の扉"]
    values = {f["key"]: f["value"] for f in door["fields"]}
    assert (door["state"], values["kind"], values["grade"], values["copies"], values["since"], values["spare"]) == ("kept", "door", {"c": 2}, 2, "2026-04-01", True)
    assert [f["text"] for f in door["fields"] if f["key"] == "keeper"] == ["花子"] or values["keeper"]
    assert door["kept"] == [{"name": "旧番号", "text": "=A-1"}, {"name": "備考", "text": "1行目\n2行目"}]
    assert door["label"]["c"] == 2 and "鍵.csv の4行目" in door["history"][0]["note"]
    # A row without the class waits for it, as a case opened by hand does.
    assert by_name["名のない分類"]["state"] == "asked" and by_name["東の棚"]["label"]["c"] == 2
    # Once more: nothing.
    again = ask(admin, content).ok()
    assert (again["opened"], again["changed"], again["same"]) == (0, 0, 3)
    # Out again, in each form, and in again: nothing.
    for query, encoding in (("", "utf-8-sig"), ("?format=csv-cp932", "cp932")):
        raw, answer = exported(admin, query)
        rows = rows_of(raw, encoding)
        assert answer["rows"] == len(rows) == 3
        row = next(r for r in rows if r["名称"] == "正面の扉")
        assert (row["旧番号"], row["備考"], row["機密性"], row["番号"], row["状態"]) == ("'=A-1", "1行目\n2行目", "機密性2", door["number"], "保管中")
        back = ask(admin, base64.b64encode(raw).decode(), name="again.csv").ok()
        assert (back["opened"], back["changed"], back["same"], back["bad"]) == (0, 0, 3, 0), back
    raw, _ = exported(admin, "?format=xlsx&words=%E6%89%89&kind=open")
    sheet = openpyxl.load_workbook(io.BytesIO(raw)).active
    assert sheet.max_row == 2 and all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    assert ask(admin, base64.b64encode(raw).decode(), name="again.xlsx").ok()["same"] == 1
    # The manager of the department reads them and her own field; its words are in her file alone.
    manager.patch(f"/api/v1/office/cases/{door['id']}", {"hash": door["hash"], "fields": {"note": "金庫"}}).ok()
    assert "金庫" in exported(manager)[0].decode() and "金庫" not in exported(admin)[0].decode()


def test_ledgers_tell_every_row_that_cannot_be_taken(keys, admin):
    bad = [["鍵の名前", "種類", "所管課", "持つ人", "機密性", "本数", "交付日", "予備"],
           ["西の扉", "窓", "税務課", "", "2", "", "", ""], ["", "扉", "税務課", "", "2", "", "", ""], ["南の扉", "扉", "どこかの課", "だれか", "9", "多数", "令和8年2月30日", "たぶん"],
           ["北の扉", "扉", "税務課", "", "1", "3", "", ""], ["北の扉", "扉", "税務課", "", "1", "3", "", ""]]
    content = as_csv(bad, "utf-8")
    seen = ask(admin, content, preview=True).ok()
    assert (seen["rows"], seen["opened"], seen["bad"]) == (5, 1, 4)
    assert sorted((e["row"], e["column"]) for e in seen["errors"]) == sorted([(2, "種類"), (3, "鍵の名前"), (4, "所管課"), (4, "持つ人"), (4, "機密性"), (4, "本数"), (4, "交付日"), (4, "予備"), (4, "部署"), (6, "鍵の名前")])
    assert all(e["text"] for e in seen["errors"])
    before = len(admin.get(WHERE + "/cases").ok()["items"])
    refused = ask(admin, content).ok()
    assert not refused["done"] and len(admin.get(WHERE + "/cases").ok()["items"]) == before
    taken = ask(admin, content, good_only=True).ok()
    assert taken["done"] and taken["opened"] == 1 and len(admin.get(WHERE + "/cases").ok()["items"]) == before + 1
    # A change of one cell is an edit with its history; an empty cell leaves what is there.
    row = [["鍵の名前", "所管課", "本数", "種類"], ["北の扉", "税務課", "4", ""]]
    assert ask(admin, as_xlsx(row), name="鍵.xlsx").ok()["changed"] == 1
    case = case_of(admin, next(i for i in admin.get(WHERE + "/cases").ok()["items"] if i["subject"] == "北の扉"))
    assert {f["key"]: f["value"] for f in case["fields"]}["copies"] == 4 and {f["key"]: f["value"] for f in case["fields"]}["kind"] == "door"
    assert [e["event"] for e in case["history"]] == ["open", "edit"]


def test_ledgers_keep_to_the_rights_of_who_reads_them_in(keys, admin, staff, other, powerless):
    content = as_csv([["名称", "部署", "機密性", "管理者のメモ"], ["職員の鍵", "税務課", "1", "秘密"]], "utf-8")
    # A field that is not hers to write is kept as a column, and the case begins where every case does.
    done = ask(staff, content).ok()
    assert done["done"] and done["state"] == "確かめ待ち" and done["columns"][3]["to"] == "@keep"
    assert "note" not in {t["to"] for t in done["targets"]}
    ask(staff, content, columns=[{"column": 4, "to": "note"}]).refused(400, "office.import_column")
    # Cases that one may not read are not there for the match either: nothing tells of them.
    seen = ask(other, content, preview=True).ok()
    assert (seen["opened"], seen["same"]) == (1, 0)
    assert exported(other)[1]["rows"] == 0
    ask(powerless, content).refused(403)


@pytest.mark.parametrize("more,status,key", [({"name": "a.ods"}, 415, "office.import_type"), ({"name": "a.xlsx"}, 400, "files.mislabelled"), ({"name": "a/b.csv", "content": ""}, 400, "office.import_empty"), ({"header": 9}, 400, "office.import_header"),
                                             ({"key": "copies"}, 400, "office.import_key"), ({"key": "@number"}, 400, "office.import_key"), ({"encoding": "klingon"}, 400, "files.unknown_encoding"),
                                             ({"columns": [{"column": 1, "to": "name"}, {"column": 2, "to": "name"}]}, 400, "office.import_twice"),
                                             ({"columns": [{"column": 1, "to": "kind:c"}]}, 400, "office.import_column"), ({"content": base64.b64encode(b"," * 300).decode()}, 413, "files.table_size")])
def test_ledgers_bad_input_gets_one_clear_error(keys, admin, more, status, key):
    ask(admin, **({"content": as_csv([["名称", "部署"], ["x", "税務課"]], "utf-8"), "preview": True} | more)).refused(status, key)


def test_ledgers_a_workbook_that_is_none_is_told_in_words(keys, admin):
    answer = ask(admin, base64.b64encode("Excelではない".encode()).decode(), name="台帳.xlsx", preview=True)
    answer.refused(400, "files.mislabelled")
    assert "拡張子" in answer.json["title"]


def test_ledgers_a_control_character_does_not_break_a_workbook(keys, admin):
    made = admin.post(WHERE + "/cases", {"fields": {"name": "鍵\u0001\u000b", "unit": "zeimu"}}).ok()
    raw, _ = exported(admin, "?format=xlsx")
    names = [row[1].value for row in openpyxl.load_workbook(io.BytesIO(raw)).active.iter_rows()]
    assert "鍵" in names and b"\x01" not in zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml")
    assert made["state"] == "asked"
