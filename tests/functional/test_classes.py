"""Labels that change and labels that nobody knows: the queue of unknown classes, rulings, what answers are made of, exports that say their class."""
from sekisho import wait_until


def unknown(manager, name, text):
    """A document of unknown class in a collection that the whole body reads. -> collection, document"""
    c = manager.new_collection(f"分類待ちの置き場 {name}", confidentiality=1)["id"]
    upload = manager.post(f"/api/v1/collections/{c}/uploads", {"class_unknown": True}).ok()
    assert upload["class_unknown"] is True
    d = manager.put_file(upload["id"], name, text.encode()).ok()
    assert d["label"]["state"] == "unknown"
    manager.wait_upload(upload["id"])
    wait_until(lambda: [(f["name"], f["state"]) for f in manager.get(f"/api/v1/uploads/{upload['id']}").ok()["files"]] == [(name, "unruled")], 60, "reading")
    return c, d["id"]


def queue(client):
    return {d["id"]: d for d in client.get("/api/v1/unruled").ok()["items"]}


def hits(client, query):
    return [h["document_id"] for h in client.post("/api/v1/search", {"query": query, "collections": [], "limit": 50}).ok()["hits"]]


def test_classes_unknown_is_readable_for_nobody_and_named_to_its_managers(manager, second_manager, other_manager, staff, admin):
    c, d = unknown(manager, "謎の文書.txt", "山吹色の極秘構想についての覚え書き。")
    for client in (manager, second_manager, other_manager, staff, admin):
        client.get(f"/api/v1/documents/{d}").refused(404, "documents.not_found")
        client.get(f"/api/v1/documents/{d}/text").refused(404, "documents.not_found")
        client.get(f"/api/v1/documents/{d}/content").refused(404, "documents.not_found")
        assert client.get(f"/api/v1/collections/{c}/documents").ok()["items"] == []
        assert [k["documents"] for k in client.get("/api/v1/collections").ok()["items"] if k["id"] == c] == [0]
        assert d not in hits(client, "山吹色の極秘構想")
    waiting = queue(second_manager)[d]
    assert waiting["name"] == "謎の文書.txt" and waiting["department"] == "税務課" and waiting["own"] is False
    assert queue(manager)[d]["own"] is True
    assert d not in queue(other_manager)
    staff.get("/api/v1/unruled").refused(403, "policy.power")


def test_classes_ruling_is_another_managers_and_holds_at_once(manager, second_manager, other_manager, staff, admin):
    c, d = unknown(manager, "決める文書.txt", "琥珀色の防災倉庫の点検表。")
    ruling = {"confidentiality": 2, "reason": "庁内で使う点検表"}
    problem = manager.post(f"/api/v1/documents/{d}/class", ruling).refused(403, "policy.lowering_own")
    assert problem["clause"] == "6(8)ア" and problem["who_can_permit"]
    other_manager.post(f"/api/v1/documents/{d}/class", ruling).refused(404, "documents.not_found")
    staff.post(f"/api/v1/documents/{d}/class", ruling).refused(403, "policy.power")
    second_manager.post(f"/api/v1/documents/{d}/class", {**ruling, "confidentiality": 9}).refused(400, "collections.class")
    second_manager.post(f"/api/v1/documents/{d}/class", {**ruling, "reason": ""}).refused(400, "documents.ruling_reason")
    assert hits(staff, "琥珀色の防災倉庫") == []
    second_manager.post(f"/api/v1/documents/{d}/class", ruling).ok()
    assert hits(staff, "琥珀色の防災倉庫") == [d]
    seen = staff.get(f"/api/v1/documents/{d}").ok()
    assert seen["label"]["c"] == 2 and seen["label"]["state"] == "known" and seen["label"]["text"].startswith("機密性2")
    assert d not in queue(second_manager)
    second_manager.post(f"/api/v1/documents/{d}/class", {**ruling, "confidentiality": 1}).refused(409, "documents.not_unruled")
    assert staff.get(f"/api/v1/documents/{d}").ok()["label"]["c"] == 2


def test_classes_a_ruling_above_ones_clearance_hides_the_document(manager, second_manager, staff):
    _, d = unknown(manager, "高い文書.txt", "紺碧の人事構想の一覧。")
    second_manager.post(f"/api/v1/documents/{d}/class", {"confidentiality": 3, "reason": "人事"}).ok()
    assert hits(second_manager, "紺碧の人事構想") == [d]
    assert hits(staff, "紺碧の人事構想") == []
    staff.get(f"/api/v1/documents/{d}").refused(404)


def test_classes_an_export_says_its_class(staff, library):
    message = staff.answer(staff.new_chat([library]), "転入届はいつまでですか")
    assert message["label"]["c"] == 2
    text = staff.get(f"/api/v1/messages/{message['id']}/export?format=txt")
    assert "分類: 機密性2" in text.text


def test_classes_a_chat_rises_with_what_enters_it(manager, staff, endpoint):
    """A class-2 passage in a chat raises the chat; the endpoint of ceiling 1 is then closed to it, in the next question as well."""
    c = manager.new_collection("上がる会話の資料", confidentiality=2)["id"]
    manager.add_files(c, {"上がる.txt": "群青色の台帳は総務課が保管する。".encode()})
    low = endpoint("echo", ceiling=1)
    chat = staff.new_chat([c], endpoint=low)
    assert staff.get(f"/api/v1/chats/{chat}").ok()["chat"]["label"]["c"] == 1
    message = staff.answer(chat, "群青色の台帳はどこが保管しますか")
    assert message["engine"] == "extractive" and "7(2)エ(イ)" in message["text"], message["text"]
    assert staff.get(f"/api/v1/chats/{chat}").ok()["chat"]["label"]["c"] == 2
    staff.patch(f"/api/v1/chats/{chat}", {"collections": []}).ok()
    again = staff.answer(chat, "ありがとう", parent=message["id"])
    assert again["engine"] == "extractive" and again["label"]["c"] == 2
    assert [i["label"]["c"] for i in staff.get("/api/v1/chats").ok()["items"] if i["id"] == chat] == [2]


def test_classes_raising_a_document_takes_along_what_was_made_of_it(manager, other_manager, staff):
    """She reads class 2. The document that her answer was made of becomes class 3: answer, chat, title and export are gone at the next read."""
    c = manager.new_collection("上げる資料", confidentiality=2)["id"]
    d = manager.add_files(c, {"上げる.txt": "常磐色の査定基準は、書庫の第三棚に置く。".encode()})["上げる.txt"]["id"]
    chat = staff.new_chat([c], title="常磐色の話")
    message = staff.answer(chat, "常磐色の査定基準はどこにありますか")
    assert message["citations"] and [h for h in hits(staff, "常磐色の査定基準") if h == d] == [d]
    problem = manager.post(f"/api/v1/documents/{d}/raise", {"confidentiality": 1}).refused(403, "policy.lowering_unapproved")
    assert problem["clause"] and problem["who_can_permit"]
    other_manager.post(f"/api/v1/documents/{d}/raise", {"confidentiality": 3}).refused(403, "collections.other_unit")
    staff.post(f"/api/v1/documents/{d}/raise", {"confidentiality": 3}).refused(403, "policy.power")
    assert manager.post(f"/api/v1/documents/{d}/raise", {"confidentiality": 3}).ok()["label"]["c"] == 3
    assert d not in hits(staff, "常磐色の査定基準")
    staff.get(f"/api/v1/documents/{d}").refused(404)
    assert chat not in [i["id"] for i in staff.get("/api/v1/chats").ok()["items"]]
    assert staff.get("/api/v1/chats?q=%E5%B8%B8%E7%A3%90%E8%89%B2").ok()["items"] == []
    staff.get(f"/api/v1/chats/{chat}").refused(403, "policy.clearance")
    staff.get(f"/api/v1/messages/{message['id']}/export?format=txt").refused(403, "policy.clearance")
    with staff.ask(chat, "続き", parent=message["id"]) as refused:
        assert refused.status == 403
