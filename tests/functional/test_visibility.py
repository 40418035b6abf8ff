"""What a person may not read does not exist for her: no list, count, score, text or error tells."""
import pytest


@pytest.fixture(scope="module")
def secret(manager):
    """A collection that only the manager's department reads."""
    collection = manager.new_collection("税務課だけの資料", confidentiality=2, readers="department")
    document = manager.add_files(collection["id"], {"滞納整理方針.txt": "滞納整理の秘密方針は、蜜柑色の封筒で回す。".encode()})["滞納整理方針.txt"]
    return collection["id"], document["id"]


@pytest.fixture(scope="module")
def upload(manager, secret):
    return manager.get(f"/api/v1/uploads?collection={secret[0]}").ok()["items"][0]["id"]


def test_visibility_own_department_reads(staff, secret):
    assert secret[0] in [c["id"] for c in staff.get("/api/v1/collections").ok()["items"]]
    assert "蜜柑色" in staff.get(f"/api/v1/documents/{secret[1]}/text").text
    assert staff.post("/api/v1/search", {"query": "蜜柑色の封筒", "collections": [], "limit": 5}).ok()["hits"][0]["document_id"] == secret[1]


def test_visibility_other_department_finds_nothing(other, secret):
    assert secret[0] not in [c["id"] for c in other.get("/api/v1/collections").ok()["items"]]
    assert all(h["document_id"] != secret[1] for h in other.post("/api/v1/search", {"query": "蜜柑色の封筒", "collections": [], "limit": 50}).ok()["hits"])
    assert other.post("/api/v1/search", {"query": "蜜柑色の封筒", "collections": [secret[0]], "limit": 50}).ok()["hits"] == []


@pytest.mark.parametrize("path", ["", "/text", "/content"])
def test_visibility_other_department_gets_not_found(other, secret, path):
    hidden = other.get(f"/api/v1/documents/{secret[1]}{path}").refused(404)
    absent = other.get(f"/api/v1/documents/01ARZ3NDEKTSV4RRFFQ69G5FAV{path}").refused(404)
    del hidden["request_id"], absent["request_id"]
    assert hidden == absent


def test_visibility_other_department_manager_changes_nothing(other_manager, secret, upload):
    c, d = secret
    listing = other_manager.get(f"/api/v1/collections/{c}/documents")
    assert listing.status == 404 or listing.json["items"] == []
    other_manager.delete(f"/api/v1/documents/{d}").refused(404)
    other_manager.post(f"/api/v1/documents/{d}/encoding", {"encoding": "CP932"}).refused(404)
    other_manager.delete(f"/api/v1/collections/{c}").refused(404)
    other_manager.post(f"/api/v1/collections/{c}/uploads").refused(404)
    other_manager.get(f"/api/v1/uploads/{upload}").refused(404)
    other_manager.get(f"/api/v1/uploads/{upload}/events").refused(404)
    other_manager.put_file(upload, "x.txt", b"x").refused(404)
    other_manager.post(f"/api/v1/uploads/{upload}/stop").refused(404)


def test_visibility_manager_of_another_department_cannot_change_an_open_collection(manager, other_manager):
    """Everybody reads it; only the department that made it changes it (can_manage in the list says so)."""
    c = manager.new_collection("全庁の資料", readers="all")["id"]
    d = manager.add_files(c, {"全庁.txt": "全庁で読む資料の本文。".encode()})["全庁.txt"]["id"]
    other_manager.get(f"/api/v1/documents/{d}").ok()
    assert next(item for item in other_manager.get("/api/v1/collections").ok()["items"] if item["id"] == c)["can_manage"] is False
    upload = manager.get(f"/api/v1/uploads?collection={c}").ok()["items"][0]["id"]
    acts = {"new upload": other_manager.post(f"/api/v1/collections/{c}/uploads"), "file": other_manager.put_file(upload, "x.txt", b"x"),
            "stop": other_manager.post(f"/api/v1/uploads/{upload}/stop"), "resume": other_manager.post(f"/api/v1/uploads/{upload}/resume"),
            "encoding": other_manager.post(f"/api/v1/documents/{d}/encoding", {"encoding": "CP932"}),
            "document": other_manager.delete(f"/api/v1/documents/{d}"), "collection": other_manager.delete(f"/api/v1/collections/{c}")}
    assert {what: answer.status for what, answer in acts.items() if answer.status not in (403, 404)} == {}
    manager.get(f"/api/v1/documents/{d}").ok()


def test_visibility_chat_over_hidden_collection_says_that_nothing_was_found(other, secret):
    chat = other.new_chat([secret[0]])
    message = other.answer(chat, "滞納整理の秘密方針の封筒は何色ですか")
    assert message["state"] == "complete" and message["citations"] == [] and "蜜柑" not in message["text"]


def test_visibility_clearance_below_the_class_finds_nothing(manager, staff):
    """The collection is open to all departments but of class 3; the staff member's clearance is 2."""
    c = manager.new_collection("機密性3の資料", confidentiality=3, readers="all")["id"]
    d = manager.add_files(c, {"機密.txt": "庁内システム更改の瑠璃色計画。".encode()})["機密.txt"]["id"]
    assert c not in [item["id"] for item in staff.get("/api/v1/collections").ok()["items"]]
    staff.get(f"/api/v1/documents/{d}").refused(404)
    assert all(h["document_id"] != d for h in staff.post("/api/v1/search", {"query": "瑠璃色計画", "collections": [], "limit": 50}).ok()["hits"])
    assert manager.post("/api/v1/search", {"query": "瑠璃色計画", "collections": [], "limit": 5}).ok()["hits"][0]["document_id"] == d


def test_visibility_scores_do_not_depend_on_what_is_hidden(manager, staff, other):
    """Adding documents that she cannot read changes neither order nor scores of what she can."""
    shown = manager.new_collection("公開の統計", confidentiality=1, readers="all")["id"]
    manager.add_files(shown, {f"統計{n}.txt": f"翡翠統計の第{n}表。{'人口' * n}と世帯。".encode() for n in range(1, 5)})
    search = {"query": "翡翠統計 人口", "collections": [], "limit": 20}

    def result():
        return [(h["chunk_id"], h["score"], h["text"]) for h in other.post("/api/v1/search", search).ok()["hits"]]

    before = result()
    assert before
    hidden = manager.new_collection("隠れた統計", readers="department")["id"]
    manager.add_files(hidden, {f"隠れ{n}.txt": f"翡翠統計の内部資料。人口{n}。".encode() for n in range(8)})
    assert len(staff.post("/api/v1/search", search).ok()["hits"]) > len(before)
    assert result() == before


def test_visibility_chats_belong_to_one_person(staff, other, admin):
    chat = staff.new_chat(title="花子の会話")
    message = staff.answer(chat, "これは何ですか")
    stream = staff.ask(chat, "もう一度").all()[0].data["stream_id"]
    for client in (other, admin):
        client.get(f"/api/v1/chats/{chat}").refused(404, "chat.not_found")
        client.patch(f"/api/v1/chats/{chat}", {"title": "x"}).refused(404, "chat.not_found")
        client.delete(f"/api/v1/chats/{chat}").refused(404, "chat.not_found")
        client.post(f"/api/v1/chats/{chat}/messages", {"text": "x", "parent_id": None, "regenerate_of": None}).refused(404, "chat.not_found")
        client.get(f"/api/v1/messages/{message['id']}/export?format=txt").refused(404)
        client.get(f"/api/v1/streams/{stream}").refused(404, "chat.stream_not_found")
        client.post(f"/api/v1/streams/{stream}/stop").refused(404, "chat.stream_not_found")
        assert chat not in [c["id"] for c in client.get("/api/v1/chats").ok()["items"]]
