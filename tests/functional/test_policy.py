"""The body's own policy: import, clause tree, repairs to confirm, edits, versions, comparison; the same by command line."""
import base64
import io
import json
import pathlib
import re
import zipfile

import oscal_schema
import pytest

DOCUMENTS = pathlib.Path(__file__).parents[1] / "corpus/policies"
SHARED = pathlib.Path(__file__).parents[3] / "shared"
NOBODYS = "01HZZZZZZZZZZZZZZZZZZZZZZZ"


def send(client, name, content, document=None):
    if isinstance(content, str):
        content = content.encode()
    return client.post("/api/v1/policies", {"name": name, "content": base64.b64encode(content).decode()} | ({"document": document} if document else {}))


def tree_of(client, version):
    return client.get(f"/api/v1/policies/versions/{version}").ok()


def clause(tree, ref):
    return next(c for c in tree["clauses"] if c["ref"] == ref)


@pytest.fixture(scope="module")
def imported(admin):
    return send(admin, "houshin.txt", (DOCUMENTS / "houshin.txt").read_bytes()).ok()


def test_policy_import_makes_a_tree_and_lists_every_repair(admin, imported):
    assert imported["attributed"] == 1 and imported["clauses"] == 31 and imported["number"] == 1
    assert {"line", "kind", "from", "to"} <= set(imported["repairs"][0])
    assert [(r["from"], r["to"]) for r in imported["repairs"] if r["kind"] == "label"] == [("(ア)", "(ウ)")]
    tree = tree_of(admin, imported["version"])
    corrected = clause(tree, "3(1)イ(ウ)")
    assert (corrected["label"], corrected["corrected"], corrected["raw"]) == ("(ア)", "(ウ)", "(ア) 廃棄に立ち会う者")
    assert corrected["parent"] == clause(tree, "3(1)イ")["id"]
    assert clause(tree, "2(2)")["title"] == "係の者" and clause(tree, "2(2)")["text"] == "記録に触れる全ての者をいう。"
    assert tree["findings"] == []


def test_policy_repairs_are_decided_once_by_a_person(admin, imported):
    where = f"/api/v1/policies/versions/{imported['version']}/repairs"
    decided = admin.post(f"{where}/0", {"state": "confirmed"}).ok()
    assert decided["state"] == "confirmed" and decided["decided_by"] == admin.session["user"]["name"]
    admin.post(f"{where}/0", {"state": "rejected"}).refused(409, "policies.repair_decided")
    admin.post(f"{where}/1", {"state": "x"}).refused(400, "policies.repair_state")
    for wrong in ("9999", "x", "-1"):
        admin.post(f"{where}/{wrong}", {"state": "confirmed"}).refused(404)
    listed = next(v for d in admin.get("/api/v1/policies").ok()["items"] for v in d["versions"] if v["id"] == imported["version"])
    assert listed["open_repairs"] == len(imported["repairs"]) - 1


def test_policy_an_edited_label_moves_every_reference_below_it(admin):
    made = send(admin, "x.txt", "1 甲\n\n(1) 乙\n\nア 丙\nイ 丁\n").ok()
    tree = tree_of(admin, made["version"])
    where = f"/api/v1/policies/versions/{made['version']}/clauses/{clause(tree, '1(1)')['id']}"
    changed = admin.patch(where, {"label": "（３）", "text": "直した文"}).ok()
    assert [c["ref"] for c in changed["clauses"]] == ["1", "1(3)", "1(3)ア", "1(3)イ"]
    assert clause(changed, "1(3)")["text"] == "直した文" and clause(changed, "1(3)")["edited_by"] == admin.session["user"]["name"]
    assert clause(changed, "1(3)")["id"] == clause(tree, "1(1)")["id"]
    admin.patch(where, {"label": "三番目"}).refused(400, "policies.label")
    admin.patch(f"/api/v1/policies/versions/{made['version']}/clauses/{NOBODYS}", {"title": "x"}).refused(404)


def test_policy_checks_find_gaps_and_references_to_nothing(admin):
    made = send(admin, "x.txt", "1 甲\n\n(1) 乙\n(3) 上記9による。\n").ok()
    assert [(f["kind"], f["ref"], f["detail"]) for f in tree_of(admin, made["version"])["findings"]] == [("missing", "1(3)", "(2)"), ("dangling", "1(3)", "上記9")]


OLD = "村の方針\n\n1 人\n\n(1) 鍵は係長が預かる。\n(2) 写しは作らない。\n(3) 台帳は三年のあいだ保存する。\n"
NEW = "村の方針\n\n1 人\n\n(1) 棚は耐火のものとする。\n(2) 鍵は係長が預かる。\n(3) 台帳は五年のあいだ保存する。\n"


@pytest.fixture(scope="module")
def two(admin):
    old = send(admin, "旧.txt", OLD).ok()
    new = send(admin, "新.txt", NEW, old["document"]).ok()
    return old["version"], new["version"]


def test_policy_clauses_keep_their_ids_through_renumbering(admin, two):
    old, new = (tree_of(admin, v) for v in two)
    assert new["number"] == 2 and new["document"] == old["document"]
    assert clause(new, "1(2)")["id"] == clause(old, "1(1)")["id"] and clause(new, "1(3)")["id"] == clause(old, "1(3)")["id"]
    assert clause(new, "1(1)")["id"] not in [c["id"] for c in old["clauses"]]


def test_policy_comparison_gives_one_row_for_each_change(admin, two):
    told = admin.post("/api/v1/policies/compare", {"before": two[0], "after": two[1]}).ok()
    assert told["counts"] == {"same": 2, "changed": 1, "added": 1, "dropped": 1, "renumbered": 1, "moved": 0}
    rows = [(r["before"] and r["before"]["ref"], r["after"] and r["after"]["ref"]) for r in told["rows"]]
    assert rows == [(None, "1(1)"), ("1(1)", "1(2)"), ("1(2)", None), ("1(3)", "1(3)")]
    assert [p["text"] for p in told["rows"][3]["before"]["text"] if p["changed"]] == ["三"]
    assert len(admin.post("/api/v1/policies/compare", {"before": two[0], "after": two[1], "whole": True}).ok()["rows"]) == 6


def test_policy_comparison_files_underline_what_changed(admin, two):
    def made(form, **more):
        file = admin.post("/api/v1/policies/compare/file", {"before": two[0], "after": two[1], "format": form} | more).ok()
        return base64.b64decode(file["content"])
    html = made("html").decode()
    assert "台帳は<ins>五</ins>年" in html and "台帳は<del>三</del>年" in html and '<html lang="ja">' in html and 'scope="col"' in html
    assert "vertical-rl" in made("html", vertical=True).decode() and "<script" not in html
    tall = zipfile.ZipFile(io.BytesIO(made("docx", vertical=True))).read("word/document.xml").decode()
    assert '<w:textDirection w:val="tbRl"/></w:sectPr>' in tall and re.search(r'<w:eastAsianLayout w:id="1" w:vert="1"/></w:rPr><w:t xml:space="preserve">1</w:t>', tall)
    word = zipfile.ZipFile(io.BytesIO(made("docx"))).read("word/document.xml").decode()
    assert re.search(r'<w:u w:val="single"/></w:rPr><w:t xml:space="preserve">五</w:t>', word) and "textDirection" not in word
    sheet = zipfile.ZipFile(io.BytesIO(made("xlsx"))).read("xl/worksheets/sheet1.xml").decode()
    assert re.search(r"<u/><sz val=\"11\"/></rPr><t xml:space=\"preserve\">五</t>", sheet)
    admin.post("/api/v1/policies/compare/file", {"before": two[0], "after": two[1], "format": "pdf"}).refused(400, "policies.format")


def test_policy_comparison_bears_the_names_of_the_documents_that_are_compared(admin, two):
    """Of several bound into one file, those that were chosen."""
    bound = "質疑の応答集\n\n令和7年4月1日\n\n1 提出\n\n月末まで。\n\n以上\n\n村の宣言\n\n令和7年4月1日\n\n(1) 守る。\n\n村の記録の基準\n\n令和7年5月1日\n\n1 人\n\n(1) 鍵は係長が預かる。\n"
    old = send(admin, "綴じ.txt", bound).ok()["version"]
    pair = {"before": old, "after": two[1]}

    def names(**more):
        told = admin.post("/api/v1/policies/compare", pair | more).ok()
        return told["before_title"], told["after_title"]
    assert names() == ("質疑の応答集（第1版）", "村の方針（第2版）")
    assert names(before_parts=[3]) == ("村の記録の基準（第1版）", "村の方針（第2版）")
    assert names(before_parts=[2, 3], after_parts=[1]) == ("村の宣言・村の記録の基準（第1版）", "村の方針（第2版）")
    page = base64.b64decode(admin.post("/api/v1/policies/compare/file", pair | {"format": "html", "before_parts": [3]}).ok()["content"]).decode()
    assert "改正前<br>村の記録の基準（第1版）" in page and "応答集" not in page
    assert admin.post("/api/v1/policies/compare/amendment", pair | {"before_parts": [3]}).ok()["title"] == "村の記録の基準の一部を次のように改正する。"


def test_policy_a_word_document_is_read_in_the_sandbox(admin):
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in ["村の方針", "1 ねらい", "村のものを守ります。", "2 範囲", "(1) 窓口です。"])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as z:
        z.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
        z.writestr("_rels/.rels", '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>')
        z.writestr("word/document.xml", f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>')
    made = send(admin, "方針.docx", packed.getvalue()).ok()
    assert [c["ref"] for c in tree_of(admin, made["version"])["clauses"]] == ["表紙", "1", "2", "2(1)"]


@pytest.mark.parametrize("name,content,key", [("x.txt", b"", "clauses.empty"), ("x.xlsx", b"x", "policies.file_type"), ("", b"x", "policies.name")])
def test_policy_import_refuses_what_is_no_document(admin, name, content, key):
    send(admin, name, content).refused(415 if key == "policies.file_type" else 400, key)
    admin.post("/api/v1/policies", {"name": "x.txt", "content": "!"}).refused(400)
    send(admin, "x.txt", "1 甲\n", NOBODYS).refused(404, "policies.not_found")


def test_policy_is_read_by_some_and_managed_by_fewer(staff, kansa, two):
    problem = staff.get("/api/v1/policies").refused(403)
    assert problem["clause"] == "10(1)ウ"
    assert kansa.get("/api/v1/policies").ok()["may_manage"] is False
    kansa.post("/api/v1/policies/compare", {"before": two[0], "after": two[1]}).ok()
    assert send(kansa, "x.txt", "1 甲\n").refused(403)["clause"] == "6(2)キ"
    staff.get(f"/api/v1/policies/versions/{two[0]}").refused(403)


@pytest.fixture(scope="module")
def stopped(own_server):
    own_server.stop()
    yield own_server
    own_server.start()


def run(stopped, *words):
    return json.loads(stopped.cli("policy", *words, "--body", "shiken", "--user", "kanri", "--json").stdout)


def test_policy_commands_print_the_contract(stopped, tmp_path):
    for name, text in (("旧.txt", OLD), ("新.txt", NEW)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    old = run(stopped, "import", str(tmp_path / "旧.txt"))
    assert {"document", "version", "clauses", "repairs", "attributed"} <= set(old)
    new = run(stopped, "import", "--document", old["document"], str(tmp_path / "新.txt"))
    tree = run(stopped, "tree", old["document"])
    assert {"ref", "id", "parent", "label", "corrected", "title", "text", "page"} <= set(tree["clauses"][0]) and tree["version"] == new["version"]
    out = tmp_path / "対照.html"
    assert run(stopped, "diff", "--out", str(out), old["version"], new["version"])["counts"]["changed"] == 1
    assert "<ins>五</ins>" in out.read_text(encoding="utf-8")
    draft = tmp_path / "改め文.docx"
    run(stopped, "diff", "--amending", str(draft), "--before-parts", "1", "--after-parts", "1", old["version"], new["version"])
    words = zipfile.ZipFile(draft).read("word/document.xml").decode()
    assert "五" in words and "改め" in words, words
    assert stopped.cli("policy", "tree", "--body", "shiken", "--user", "hanako", check=False).returncode == 1
    assert stopped.cli("policy", "import", "--body", "shiken", "--user", "kanri", check=False).returncode == 2


def test_policy_interchange_commands(stopped, tmp_path):
    (tmp_path / "方針.txt").write_text(OLD, encoding="utf-8")
    made = run(stopped, "import", str(tmp_path / "方針.txt"))
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    run(stopped, "oscal", "--out", str(first), made["version"])
    oscal_schema.check(json.loads(first.read_text(encoding="utf-8")))
    assert run(stopped, "oscal", "--import", str(first), "--document", made["document"], "--dry-run")["version"] is None
    again = run(stopped, "oscal", "--import", str(first), "--document", made["document"])
    run(stopped, "oscal", "--out", str(second), again["version"])
    assert first.read_bytes() == second.read_bytes()
    out = tmp_path / "条文.csv"
    run(stopped, "table", "--out", str(out), made["version"])
    text = out.read_bytes().decode("utf-8-sig")
    out.write_bytes(text.replace("鍵は係長が預かる。", "鍵は課長が預かる。", 1).encode("utf-8-sig"))
    assert run(stopped, "table", "--import", str(out), made["version"], "--dry-run")["changes"][0]["after"] == "鍵は課長が預かる。"
    assert run(stopped, "table", "--import", str(out), made["version"])["done"]
    out.write_bytes(text.replace("台帳は三年", "台帳は九年", 1).replace('"1(1)"', '"1(9)"', 1).encode("utf-8-sig"))
    user = ("--body", "shiken", "--user", "kanri")
    assert stopped.cli("policy", "table", "--import", str(out), made["version"], *user, check=False).returncode == 2
    (tmp_path / "x.json").write_text('{"catalog": {}}')
    failed = stopped.cli("policy", "oscal", "--import", str(tmp_path / "x.json"), *user, check=False)
    assert failed.returncode == 2 and "/catalog/uuid" in failed.stderr


@pytest.mark.skipif(not (SHARED / "clauses.tsv").exists(), reason="the reference documents are not here")
@pytest.mark.parametrize("name,documents", [("nishiwaki-basic-2026", ["nishiwaki-basic-2026"]), ("shunan-basic-2026", ["shunan-basic"]),
                                            ("nishiwaki-qa-and-standards-2022", ["nishiwaki-qa", "nishiwaki-2022-declaration", "nishiwaki-standards"])])
def test_policy_reference_documents_are_found_clause_by_clause(admin, name, documents):
    wanted = set()
    for row in (SHARED / "clauses.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        document, ref = row.split("\t")[:2]
        if document in documents:
            # #2 is a sentence of a clause; 制限3a is half of the third entry of the column 取扱制限.
            wanted.add(re.sub(r"/制限(\d+)[ab]?$", r"/取扱制限\1", re.sub(r"#\d+$", "", ref)))
    made = send(admin, name + ".txt", (SHARED / f"policies/{name}.txt").read_bytes()).ok()
    refs = [c["ref"] for c in tree_of(admin, made["version"])["clauses"] if c["kind"] in ("clause", "row", "item", "preamble", "signature")]
    found = [w for w in wanted if refs.count(w) == 1] + [w for w in wanted if w == "表紙"]
    spurious = [r for r in refs if r not in wanted and not any(w.startswith(r) for w in wanted)]
    assert len(found) >= 0.995 * len(wanted), wanted - set(found)
    assert len(spurious) <= 0.005 * len(wanted), spurious
    assert made["attributed"] >= 0.999


# Documents that were written for this test, with the references that a reader finds in them: nothing was fitted to them.
UNSEEN = {
    "kijun.txt": ["1", "2", "2(1)", "2(2)", "2(3)", "3", "3(1)", "3(1)ア", "3(1)イ", "3(1)ウ", "3(1)ウ(ア)", "3(1)ウ(イ)", "3(1)ウ(イ)a", "3(1)ウ(イ)b", "3(1)ウ(ウ)", "3(2)", "3(2)ア", "3(2)イ", "3(3)",
                  "4", "4(1)", "4(1)/重要3", "4(1)/重要2", "4(1)/重要1", "4(2)", "4(3)", "5", "5(1)", "5(1)①", "5(1)②", "5(1)③", "5(2)",
                  "6", "6(1)", "6(1)ア", "6(1)イ", "6(2)", "6(3)", "6(3)ア", "6(3)イ", "7", "7(1)", "7(1)ア", "7(1)イ", "7(2)", "7(2)ア", "7(2)イ"],
    "kunrei.txt": ["第1条", "第2条", "第2条第1号", "第2条第2号", "第2条第3号", "第3条", "第3条第2項", "第3条第2項第1号", "第3条第2項第2号", "第3条第2項第2号ア", "第3条第2項第2号イ", "第3条第2項第3号", "第3条第3項",
                  "第3条の2", "第4条", "第4条第2項", "第5条", "第5条第2項", "第6条", "第6条第2項", "第6条第2項第1号", "第6条第2項第2号", "第6条第2項第3号", "第7条"],
}


def printed(text):
    """As a PDF whose pages are filled line by line, as a word processor leaves it."""
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    pdfmetrics.registerFont(TTFont("Japanese", "/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf"))
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(595, 842))
    for at, line in enumerate(text.splitlines()):
        if at % 45 == 0:
            page.showPage() if at else None
            page.setFont("Japanese", 10)
        page.drawString(50, 790 - 16 * (at % 45), line)
    page.save()
    return out.getvalue()


@pytest.mark.parametrize("form", ["txt", "pdf"])
@pytest.mark.parametrize("name", UNSEEN)
def test_policy_a_document_never_seen_imports_as_well(admin, name, form):
    text = (DOCUMENTS / name).read_text(encoding="utf-8")
    made = send(admin, f"{name[:-4]}.{form}", text if form == "txt" else printed(text)).ok()
    refs = [c["ref"] for c in tree_of(admin, made["version"])["clauses"] if c["kind"] in ("clause", "row", "item")]
    # A table that a page lays out with blanks alone comes out of a PDF column by column: its words stay with the clause above it.
    wanted = [r for r in UNSEEN[name] if form == "txt" or "/" not in r]
    assert [r for r in refs if r in wanted] == wanted, "every one once, in its place: " + "、".join(sorted(set(wanted) - set(refs)))
    assert set(refs) == set(wanted), "spurious: " + "、".join(sorted(set(refs) - set(wanted)))
    assert made["attributed"] >= 0.999
