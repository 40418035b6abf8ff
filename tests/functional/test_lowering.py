"""A lower class, or more readers, for a document: asked for by a reader, permitted by those who answer for it, good for this content and these labels, once."""
import json
import sqlite3

import pytest
from sekisho import PASSWORD
from test_routes import ID

SEARCH = {"query": "琥珀色の台帳", "collections": [], "limit": 50}


def new_document(manager, confidentiality=2, readers="department"):
    c = manager.new_collection("下げる資料", confidentiality=confidentiality, readers=readers)["id"]
    return next(iter(manager.add_files(c, {"台帳.txt": "琥珀色の台帳は、税務課の棚に置く。".encode()}).values()))["id"]


def ask(client, document, **more):
    """Files the request and returns it as its asker sees it."""
    made = client.post(f"/api/v1/documents/{document}/lowering", {"confidentiality": 1, "reason": "公表した資料のため"} | more).ok()
    return client.get(f"/api/v1/approvals/{made['approval']}").ok()


def grant(client, request, **more):
    return client.post(f"/api/v1/approvals/{request['id']}/grant", {"content_hash": request["content_hash"], **more})


def label(client, document):
    return client.get(f"/api/v1/documents/{document}").ok()["label"]


def finds(client, document):
    return document in [h["document_id"] for h in client.post("/api/v1/search", SEARCH).ok()["hits"]]


def test_lowering_changes_the_label_with_the_last_signature(manager, second_manager, staff, other):
    document = new_document(manager)
    choice = staff.get(f"/api/v1/documents/{document}/lowering").ok()
    assert choice["label"]["c"] == 2 and choice["confidentiality"] == ["機密性1", "機密性2", "機密性3"]
    other.get(f"/api/v1/documents/{document}").refused(404)
    assert not finds(other, document)
    request = ask(staff, document, everyone=True)
    shown = {f["key"]: f["value"] for f in request["fields"]}
    assert "機密性2" in shown["from"] and "税務課" in shown["from"] and "機密性1" in shown["to"] and "全庁" in shown["to"]
    assert request["state"] == "submitted" and len(request["slots"]) == 1 and request["slots"][0]["unit"] == "税務課"
    assert request["id"] in [i["id"] for i in second_manager.get("/api/v1/approvals?box=rule").ok()["items"]]
    assert label(staff, document)["c"] == 2, "asking changes nothing"
    done = grant(second_manager, request).ok()
    assert done["state"] == "finished" and [e["event"] for e in done["history"]][-3:] == ["grant", "begin", "use"]
    now = label(other, document)
    assert now["c"] == 1 and now["readers"] == []
    assert finds(other, document)


def test_lowering_requester_and_uploader_do_not_sign(manager, second_manager, server, staff, admin):
    document = new_document(manager)
    request = ask(second_manager, document)
    grant(second_manager, request).refused(403, "approvals.separation")      # own, by the API
    grant(manager, request).refused(403, "approvals.separation")             # who brought it in does not lower it
    for extra in ({"approver": "x"}, {"approver_id": manager.session["user"]["id"]}, {"person": "x"}, {"on_behalf": "x"}, {"slot": 0}):
        grant(second_manager, request, **extra).refused(400)                 # an approver in the body
    second_manager.post(f"/api/v1/documents/{document}/lowering", {"confidentiality": 1, "reason": "公表した資料のため", "requester": "x"}).refused(400)
    second_manager.post(f"/api/v1/approvals/{request['id']}/override", {"content_hash": request["content_hash"], "reason": "ほかに許可できる人がいないため"}).refused(403)
    second_manager.patch(f"/api/v1/approvals/{request['id']}", {"reason": "少しだけ直します"}).refused(409, "approvals.by_feature")   # a minor change
    key = admin.post("/api/v1/keys", {"name": "下げる試験"}).ok()
    assert grant(server.client(key=key["secret"]), request).status in (403, 404)
    admin.delete(f"/api/v1/keys/{key['id']}").ok()
    assert label(staff, document)["c"] == 2


def test_lowering_is_not_filed_by_the_form(staff, library):
    staff.post("/api/v1/approvals", {"kind": "declassify", "subject": ID, "reason": "公表した資料のため", "submit": True}).refused(409, "approvals.by_feature")
    assert "declassify" not in [k["key"] for k in staff.get("/api/v1/approval-kinds").ok()["items"]]


def test_lowering_is_good_for_the_labels_that_were_signed_for(manager, second_manager, staff):
    document = new_document(manager)
    request = ask(staff, document)
    manager.post(f"/api/v1/documents/{document}/raise", {"confidentiality": 3}).ok()
    problem = grant(second_manager, request).refused(403, "policy.lowering_other_content")
    assert problem["clause"] and problem["who_can_permit"]
    assert label(manager, document)["c"] == 3
    assert second_manager.get(f"/api/v1/approvals/{request['id']}").ok()["state"] == "submitted", "the signature is undone with it"


def test_lowering_is_used_once(manager, second_manager, staff):
    document = new_document(manager)
    request = ask(staff, document)
    grant(second_manager, request).ok()
    manager.post(f"/api/v1/documents/{document}/raise", {"confidentiality": 2}).ok()
    grant(second_manager, request).refused(409, "approvals.state")
    for step in ("submit", "finish"):
        staff.post(f"/api/v1/approvals/{request['id']}/{step}").refused(409, "approvals.state")
    assert label(staff, document)["c"] == 2


def test_lowering_of_a_deleted_document_is_refused(manager, second_manager, staff):
    document = new_document(manager)
    request = ask(staff, document)
    manager.delete(f"/api/v1/documents/{document}").ok()
    grant(second_manager, request).refused(409, "documents.gone")
    second_manager.post(f"/api/v1/approvals/{request['id']}/refuse", {"content_hash": request["content_hash"], "note": "消されたため"}).ok()


@pytest.mark.parametrize("wrong,status,key", [({"confidentiality": 2}, 400, "documents.not_lower"), ({"confidentiality": 3}, 400, "documents.not_lower"),
                                              ({"confidentiality": 0}, 400, "documents.not_lower"), ({"confidentiality": -1}, 400, "documents.not_lower"),
                                              ({"confidentiality": 1, "integrity": 2}, 400, "documents.not_lower"), ({"reason": "短い"}, 400, "approvals.reason"),
                                              ({"reason": ""}, 400, "approvals.reason")], ids=str)
def test_lowering_wrong_requests_are_refused(manager, staff, wrong, status, key):
    document = new_document(manager)
    staff.post(f"/api/v1/documents/{document}/lowering", {"confidentiality": 1, "reason": "公表した資料のため"} | wrong).refused(status, key)


def test_lowering_needs_a_known_class_and_a_reader(manager, second_manager, staff, other):
    collection = manager.new_collection("分類待ち", readers="department")["id"]
    upload = manager.post(f"/api/v1/collections/{collection}/uploads", {"class_unknown": True}).ok()["id"]
    unruled = manager.put_file(upload, "未定.txt", "分類の分からない本文です。".encode()).ok()["id"]
    for document in (unruled, new_document(manager), ID):
        client = other if document != unruled else staff
        for call in (client.get(f"/api/v1/documents/{document}/lowering"), client.post(f"/api/v1/documents/{document}/lowering", {"confidentiality": 1, "reason": "公表した資料のため"})):
            call.refused(404, "documents.not_found")
    second_manager.post(f"/api/v1/documents/{unruled}/class", {"confidentiality": 2, "reason": "内部の事務資料"}).ok()


def test_lowering_the_request_does_not_tell_the_name(manager, staff, kansa):
    """An auditor sees all requests, and reads no document by that."""
    request = ask(staff, new_document(manager))
    seen = kansa.get(f"/api/v1/approvals/{request['id']}")
    assert seen.ok()["subject"] and "台帳" not in seen.text


# --- a collection with what lies in it -----------------------------------------------------------------------------------------------

def new_place(manager, readers="department"):
    """A collection of class 2 with two documents, one of them classified higher by itself."""
    c = manager.new_collection("下げる置き場", confidentiality=2, readers=readers)["id"]
    added = manager.add_files(c, {"台帳.txt": "琥珀色の台帳は、税務課の棚に置く。".encode(), "別.txt": "翡翠色の帳面。".encode()})
    manager.post(f"/api/v1/documents/{added['別.txt']['id']}/raise", {"confidentiality": 3}).ok()
    return c, added["台帳.txt"]["id"], added["別.txt"]["id"]


def ask_place(client, c, **more):
    made = client.post(f"/api/v1/collections/{c}/lowering", {"confidentiality": 1, "reason": "公表した資料のため"} | more).ok()
    return client.get(f"/api/v1/approvals/{made['approval']}").ok()


def place(client, c):
    return next((k for k in client.get("/api/v1/collections").ok()["items"] if k["id"] == c), None)


def test_lowering_a_collection_takes_the_documents_of_its_label_along(manager, second_manager, staff, other):
    c, document, apart = new_place(manager)
    assert staff.get(f"/api/v1/collections/{c}/lowering").ok()["documents"] == 1
    other.get(f"/api/v1/collections/{c}/lowering").refused(404, "collections.not_found")
    other.post(f"/api/v1/collections/{c}/lowering", {"confidentiality": 1, "reason": "公表した資料のため"}).refused(404, "collections.not_found")
    assert place(other, c) is None and not finds(other, document)
    request = ask_place(staff, c, everyone=True)
    shown = {f["key"]: f["value"] for f in request["fields"]}
    assert "機密性2" in shown["from"] and "機密性1" in shown["to"] and "台帳" not in json.dumps(request, ensure_ascii=False)
    assert place(staff, c)["label"]["c"] == 2, "asking changes nothing"
    grant(manager, request).refused(403, "approvals.separation")  # made it and filled it
    assert grant(second_manager, request).ok()["state"] == "finished"
    now = place(other, c)
    assert now["label"]["c"] == 1 and now["label"]["readers"] == [] and now["readers"] == "全庁"
    assert label(other, document)["c"] == 1 and finds(other, document)
    other.get(f"/api/v1/documents/{apart}").refused(404)
    assert label(manager, apart)["c"] == 3, "what was classified by itself stays"
    added = manager.add_files(c, {"新しい.txt": "琥珀色の続き。".encode()})
    assert label(other, next(iter(added.values()))["id"])["c"] == 1


@pytest.mark.parametrize("change", ["added", "removed", "raised", "of another class"])
def test_lowering_a_collection_is_good_for_the_list_that_was_signed_for(manager, second_manager, staff, change):
    c, document, apart = new_place(manager)
    request = ask_place(staff, c)
    if change == "added":
        manager.add_files(c, {"後から.txt": "後から来た文書。".encode()})
    elif change == "removed":
        manager.delete(f"/api/v1/documents/{apart}").ok()
    else:
        manager.post(f"/api/v1/documents/{document if change == 'raised' else apart}/raise", {"confidentiality": 3, "integrity": 2}).ok()
    grant(second_manager, request).refused(403, "policy.lowering_other_content")
    assert place(staff, c)["label"]["c"] == 2
    if change == "raised":
        assert label(manager, document)["c"] == 3


def test_lowering_a_collection_is_used_once_and_by_nobody_who_filled_it(manager, second_manager, staff, saiko):
    c = manager.new_collection("二人の置き場", confidentiality=2)["id"]
    second_manager.add_files(c, {"二.txt": "二人目の文書。".encode()})
    request = ask_place(staff, c)
    for maker in (manager, second_manager):
        grant(maker, request).refused(403, "approvals.separation")
    grant(saiko, request).ok()
    grant(saiko, request).refused(409, "approvals.state")
    assert place(staff, c)["label"]["c"] == 1
    staff.post(f"/api/v1/collections/{c}/lowering", {"confidentiality": 1, "reason": "公表した資料のため"}).refused(400, "documents.not_lower")


def test_lowering_of_a_deleted_collection_is_refused(manager, second_manager, staff):
    c, _, _ = new_place(manager)
    request = ask_place(staff, c)
    manager.delete(f"/api/v1/collections/{c}").ok()
    grant(second_manager, request).refused(409, "documents.gone")


# --- two reader clauses: both units answer ------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def narrow(own_server, prepared):
    """Documents of 税務課 that, beside, are for 福祉課 and hanako alone. Such labels come from joining; here they are put into the table."""
    manager, admin = prepared("kacho"), prepared("kanri")
    units = {d["code"]: d["id"] for d in admin.get("/api/v1/departments").ok()["items"]}
    hanako = prepared("hanako").session["user"]["id"]
    admin.post("/api/v1/users", {"login": "kacho2", "name": "課長 二郎", "department_id": units["zeimu"], "roles": ["kanri"], "clearance": 3, "password": PASSWORD}).ok()
    documents = [new_document(manager) for _ in range(2)]
    own_server.stop()
    db = sqlite3.connect(own_server.data / "bodies/shiken/body.db")
    text, = db.execute("SELECT label FROM document WHERE id = ?", (documents[0],)).fetchone()
    own = f"unit:{units['zeimu']}"
    clauses = "&".join(sorted([own, f"unit:{units['fukushi']},user:{hanako}"]))
    both = text.replace(f"r={own};", f"r={clauses};")
    assert both != text
    db.execute("INSERT INTO label (text) VALUES (?)", (both,))
    db.execute("UPDATE document SET label = ?", (both,))
    db.commit()
    db.close()
    own_server.start()
    return documents


def test_lowering_each_clause_that_goes_is_answered_for(narrow, prepared):
    document = narrow[0]
    client, own, other = prepared("hanako"), prepared("kacho2"), prepared("fukacho")
    prepared("kacho").get(f"/api/v1/documents/{document}").refused(404)
    request = ask(client, document, everyone=True)
    assert {s["unit"] for s in request["slots"]} == {"税務課", "福祉課"}
    assert grant(own, request).ok()["state"] == "submitted"
    grant(own, request).refused(403)  # the place of 福祉課 is not his
    assert label(client, document)["c"] == 2
    assert grant(other, request).ok()["state"] == "finished"
    assert label(prepared("jiro"), document)["readers"] == []


def test_lowering_the_top_may_sign_for_every_clause(narrow, prepared):
    request = ask(prepared("hanako"), narrow[1], everyone=True)
    assert grant(prepared("saiko"), request).ok()["state"] == "finished"
    assert label(prepared("jiro"), narrow[1])["readers"] == []
