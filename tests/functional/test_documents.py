"""Files in: every format, every kind of bad file, encodings that a person can correct."""
import http.client
import json
import sqlite3
import subprocess
from contextlib import closing

import pytest
from sekisho import ROOT, is_clear

RULE = "第１条　この要領は、汐見の文書の管理について定める。\n２　前項の規定にかかわらず、別に定めることができる。\n"


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """Small files of each format, and bad ones, made by the same script that the extraction tests use."""
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run(["/usr/bin/python3", "-B", str(ROOT / "tests/corpus/files/make.py"), str(folder)], check=True, stdout=subprocess.DEVNULL)
    return {f.name: f.read_bytes() for f in folder.iterdir()}


@pytest.fixture(scope="module")
def collection(manager):
    return manager.new_collection("形式の試験", confidentiality=1, readers="all")["id"]


GOOD = ["rule.docx", "budget.xlsx", "briefing.pptx", "rule.pdf"]
TEXTS = {
    "要領.txt": (RULE.encode(), "txt", "UTF-8"),
    "要領.md": (f"# 文書管理要領\n\n{RULE}\n- 項目\n".encode(), "md", "UTF-8"),
    "一覧.csv": ("番号,氏名,課\n1,東野,税務課\n2,西山,市民課\n".encode(), "csv", "UTF-8"),
    "一覧.tsv": ("番号\t氏名\n1\t東野\n2\t西山\n".encode(), "tsv", "UTF-8"),
    "案内.html": ("<html><head><meta charset=utf-8><title>案内</title></head><body><h1>窓口の案内</h1><p>平日の八時半から開いています。</p>"
                   "<script>alert('見えない文字')</script></body></html>".encode(), "html", "UTF-8"),
}


@pytest.mark.parametrize("name", GOOD)
def test_documents_office_formats_become_text(manager, collection, samples, name):
    d = manager.add_files(collection, {name: samples[name]})[name]
    assert d["state"] == "ready" and d["type"] == name.rsplit(".")[-1], d
    assert d["characters"] > 0 and d["chunks"] > 0 and d["bytes"] == len(samples[name])
    check_text(manager, d)


@pytest.mark.parametrize("name", TEXTS)
def test_documents_text_formats_become_text(manager, collection, name):
    data, kind, encoding = TEXTS[name]
    d = manager.add_files(collection, {name: data})[name]
    assert d["state"] == "ready" and d["type"] == kind and d["encoding"] == encoding, d
    check_text(manager, d)
    text = manager.get(f"/api/v1/documents/{d['id']}/text").text
    assert "見えない文字" not in text


def check_text(client, d):
    """Sections cover the text: spans are in code points, ordered, and each is as long as its text."""
    sections = client.get(f"/api/v1/documents/{d['id']}/text").ok()["sections"]
    assert sections and [s["n"] for s in sections] == list(range(len(sections)))
    end = 0
    for s in sections:
        assert s["start"] >= end and s["end"] - s["start"] == len(s["text"]), s
        end = s["end"]
    assert end <= d["characters"]


# Text before the first chunk, between two and behind the last: headings alone, empty lines, spaces.
GAPS = ("\n\n\u3000汐見市の要領集\n\n# 第一編\n\n## 第一章\n\n燈台の見回りは、朝と夕の二回とする。" + "見回りの記録は、当日のうちに綴じる。" * 60 +
        "\n\n\n## 第二章\n\n  浮標の点検は、年に一度とする。  \n\n# 附則\n\n\n").encode()


def test_documents_text_stands_once_and_is_whole(server, manager, collection):
    """What is read is put together from the chunks, and a chunk is found and shown without what stands before it."""
    d = manager.add_files(collection, {"要領集.md": GAPS})["要領集.md"]
    path = f"/api/v1/documents/{d['id']}/text"
    whole = manager.get(path).ok()
    text = "".join(s["text"] for s in whole["sections"])
    assert len(text) == d["characters"] and all(word in text for word in ("要領集", "第一編", "第一章", "燈台の見回り", "浮標の点検", "附則"))
    assert text.count("見回りの記録") == 60
    with closing(sqlite3.connect(server.data / "bodies/shiken/body.db")) as db:
        chunks = db.execute("SELECT begins, ends, lead, text FROM chunk WHERE document_id = ? ORDER BY id", (d["id"],)).fetchall()
        rest, = db.execute("SELECT text FROM document_text WHERE document_id = ?", (d["id"],)).fetchone()
        assert len(chunks) >= 3 and "".join(c[3] for c in chunks) + rest == text
        assert all(stored[lead:] == text[begins:ends] and text[begins:ends].strip() == text[begins:ends] for begins, ends, lead, stored in chunks)
        assert any(lead > 0 for _, _, lead, _ in chunks) and "附則" in rest + chunks[-1][3]
        found = shown(manager, collection, d)
        assert all(snippet.strip("…") in text[begins:ends] for begins, (ends, snippet) in found.items())
        assert "浮標の点検は、年に一度とする。" in [snippet for _, snippet in found.values()], "the whole of a short passage, and nothing before it"
        # As documents stand that were read before the column: all of the text by itself, and the chunks without what stands before them.
        for begins, ends, _, _ in chunks:
            db.execute("UPDATE chunk SET lead = NULL, text = ? WHERE document_id = ? AND begins = ?", (text[begins:ends], d["id"], begins))
        db.execute("UPDATE document_text SET text = ? WHERE document_id = ?", (text, d["id"]))
        db.commit()
    assert manager.get(path).ok() == whole
    assert shown(manager, collection, d) == found


def shown(client, collection, document):
    """Each passage of the document as a search shows it: {start: (end, snippet)}."""
    hits = client.post("/api/v1/search", {"query": "見回りの記録と浮標の点検", "collections": [collection], "limit": 20}).ok()["hits"]
    return {h["start"]: (h["end"], h["text"]) for h in hits if h["document_id"] == document["id"]}


def test_documents_keep_their_structure(manager, collection, samples):
    made = manager.add_files(collection, {name: samples[name] for name in GOOD})
    text = {name: manager.get(f"/api/v1/documents/{d['id']}/text").ok()["sections"] for name, d in made.items()}
    docx = "\n".join(s["heading"] + "\n" + s["text"] for s in text["rule.docx"])
    assert "保存期間" in docx and "消された文" not in docx
    assert docx.count("永年") >= 2, "a merged cell is repeated into the rows it covers"
    assert all(s["page"] for s in text["rule.pdf"]), "pages are numbered"
    assert any(s["page"] for s in text["briefing.pptx"]), "slides are numbered"
    assert made["rule.pdf"]["pages"] >= 1


def test_documents_articles_are_labelled(manager, collection):
    d = manager.add_files(collection, {"条.txt": ("第１章　総則\n第１条　目的を定める。\n２　別に定める。\n第２条　定義を定める。\n" * 1).encode()})["条.txt"]
    text = manager.get(f"/api/v1/documents/{d['id']}/text").ok()
    hits = manager.post("/api/v1/search", {"query": "定義を定める 第2条", "collections": [collection], "limit": 5}).ok()["hits"]
    assert any(h["document_id"] == d["id"] for h in hits)
    assert any((s["label"] or s["heading"]) for s in text["sections"])


BAD = {
    "空.txt": (b"", "files.empty"),
    "改行だけ.txt": (b"\n\n  \n", None),
    "locked.pdf": ("locked.pdf", "files.encrypted"),
    "locked.docx": ("locked.docx", "files.encrypted"),
    "broken.pdf": ("broken.pdf", "files.broken"),
    "truncated.docx": ("truncated.docx", "files.broken"),
    "mislabelled.docx": ("mislabelled.docx", "files.mislabelled"),
    "old.doc": ("old.doc", "files.legacy_format"),
    "scan.pdf": ("scan.pdf", "files.no_text"),
    "bomb.docx": ("bomb.docx", None),
    "壊れた文字.txt": (b"\xfd\xfc\x80\xa0\xff\x81\x82" * 50, None),
    "不正なUTF8.txt": ("前の文。".encode() + b"\xe3\x81\xff\xc0\x80" + "後の文。".encode(), None),
    "program.exe": (b"MZ\x90\x00" + b"\0" * 200, None),
    "絵.png": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "files.unsupported_type"),
    "外部実体.docx": (b"PK\x03\x04" + b"\0" * 30, None),
}


@pytest.mark.parametrize("name", BAD)
def test_documents_bad_file_has_one_clear_reason(manager, collection, samples, name):
    data, key = BAD[name]
    data = samples[data] if isinstance(data, str) else data
    d = manager.add_files(collection, {name: data})[name]
    assert d["state"] == "failed", d
    assert d["reason_key"] == key or key is None, d
    assert is_clear(d["reason"]), d
    assert d["chunks"] == 0
    assert manager.get(f"/api/v1/documents/{d['id']}/content").body == data, "what was uploaded is kept"


def test_documents_one_bad_file_stops_no_batch(manager, collection, samples):
    files = {f"良い{n}.txt": f"良い資料の{n}番です。".encode() for n in range(6)}
    files |= {"broken.pdf": samples["broken.pdf"], "bomb.docx": samples["bomb.docx"], "locked.docx": samples["locked.docx"]}
    made = manager.add_files(collection, files)
    assert {n: d["state"] for n, d in made.items()} == {n: "ready" if n.startswith("良い") else "failed" for n in files}


def test_documents_largest_file_is_read_or_refused_with_a_reason(manager, collection):
    line = "百メガバイトの資料の一行である。\n".encode()
    data = line * (100_000_000 // len(line))
    d = manager.add_files(collection, {"百メガ.txt": data}, seconds=240)["百メガ.txt"]
    assert d["state"] in ("ready", "failed"), d
    assert d["state"] == "ready" or is_clear(d["reason"]), d
    manager.delete(f"/api/v1/documents/{d['id']}").ok()


def test_documents_over_the_limit_is_refused_before_it_is_stored(manager, collection):
    """The refusal comes after the header, before the body is read."""
    upload = manager.new_upload(collection)
    connection = http.client.HTTPConnection("127.0.0.1", manager.port, timeout=10)
    connection.putrequest("PUT", f"/api/v1/uploads/{upload}/files?name=large.txt")
    for name, value in {"Content-Length": str((100 << 20) + 1), "Cookie": f"__Host-sekisho={manager.cookie}", "X-Sekisho-Csrf": manager.csrf}.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    problem = json.loads(response.read())
    connection.close()
    assert response.status == 413 and is_clear(problem["title"]), problem
    assert manager.get(f"/api/v1/uploads/{upload}").ok()["received"] == 0


JAPANESE = "個人住民税の特別徴収は、六月から翌年五月まで毎月行います。髙﨑さんの担当です。①㈱"


@pytest.mark.parametrize("codec,encoding", [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16LE"), ("cp932", "CP932"), ("euc_jp", "EUC-JP"), ("iso2022_jp", "ISO-2022-JP")])
def test_documents_encodings_are_recognised(manager, collection, codec, encoding):
    text = JAPANESE if codec in ("utf-8", "utf-8-sig", "utf-16", "cp932") else JAPANESE.replace("髙﨑", "高崎").replace("①㈱", "")
    d = manager.add_files(collection, {f"{codec}.txt": (text * 3).encode(codec)})[f"{codec}.txt"]
    assert d["state"] == "ready" and d["encoding"] == encoding, d
    assert text in "".join(s["text"] for s in manager.get(f"/api/v1/documents/{d['id']}/text").ok()["sections"])


def test_documents_wrongly_read_encoding_is_corrected_by_a_person(manager, collection):
    """What was read with the wrong encoding is read again with the one a person chose, also in the search."""
    text = "水道の開栓は電話で受け付ける。"
    d = manager.add_files(collection, {"訂正.txt": text.encode("cp932")})["訂正.txt"]
    wrong = manager.post(f"/api/v1/documents/{d['id']}/encoding", {"encoding": "EUC-JP"}).ok()
    assert wrong["id"] == d["id"]
    d = manager.wait_ready(d["id"])
    assert d["state"] == "failed" or text not in manager.get(f"/api/v1/documents/{d['id']}/text").text
    manager.post(f"/api/v1/documents/{d['id']}/encoding", {"encoding": "CP932"}).ok()
    d = manager.wait_ready(d["id"])
    assert d["state"] == "ready" and d["encoding"] == "CP932" and d["encoding_certain"] is True
    assert text in manager.get(f"/api/v1/documents/{d['id']}/text").text
    hits = manager.post("/api/v1/search", {"query": "水道の開栓", "collections": [collection], "limit": 5}).ok()["hits"]
    assert [h["document_id"] for h in hits].count(d["id"]) == 1


def test_documents_unknown_encoding_name_is_refused(manager, collection):
    d = manager.add_files(collection, {"名.txt": "本文。".encode()})["名.txt"]
    manager.post(f"/api/v1/documents/{d['id']}/encoding", {"encoding": "KLINGON"}).refused(400)
    assert manager.get(f"/api/v1/documents/{d['id']}").ok()["state"] == "ready"


@pytest.mark.parametrize("name", ["", "a\nb.txt", "\x00.txt", "あ" * 300 + ".txt", "C:\\temp\\表.txt", "/etc/passwd", "folder/"],
                         ids=["empty", "newline", "nul", "long", "backslash", "absolute", "folder"])
def test_documents_file_names_that_are_none_are_refused(manager, collection, name):
    upload = manager.new_upload(collection)
    manager.put_file(upload, name, b"x").refused(400)


@pytest.mark.parametrize("name", ["様式/第1号.txt", "../../etc/passwd.txt"])
def test_documents_file_names_keep_their_folder_as_words_only(manager, collection, name):
    """The folder is shown and searched; it is never a path."""
    upload = manager.new_upload(collection)
    d = manager.put_file(upload, name, "本文。".encode()).ok()
    assert d["name"] == name
    sent = manager.get(f"/api/v1/documents/{d['id']}/content").headers["Content-Disposition"]
    assert "/" not in sent and "\\" not in sent


def test_documents_pages_of_the_list_hold_each_once(manager):
    c = manager.new_collection("一覧の試験")["id"]
    manager.add_files(c, {f"資料{n:02}.txt": f"本文{n}。".encode() for n in range(25)})
    seen, after = [], ""
    while True:
        page = manager.get(f"/api/v1/collections/{c}/documents?limit=10" + (f"&after={after}" if after else "")).ok()
        seen += [d["id"] for d in page["items"]]
        after = page["next"]
        if not after:
            break
    assert len(seen) == 25 == len(set(seen))


def test_documents_deleted_leave_the_search(manager, collection):
    d = manager.add_files(collection, {"消える.txt": "珊瑚色の消える資料。".encode()})["消える.txt"]
    search = {"query": "珊瑚色の消える資料", "collections": [collection], "limit": 5}
    assert manager.post("/api/v1/search", search).ok()["hits"][0]["document_id"] == d["id"]
    manager.delete(f"/api/v1/documents/{d['id']}").ok()
    assert all(h["document_id"] != d["id"] for h in manager.post("/api/v1/search", search).ok()["hits"])
