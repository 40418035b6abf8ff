"""Many files: progress, stop, resume, also after the server went away."""
import time

import pytest

COUNT = 2000


def text_of(n):
    return f"第{n}号議案の説明資料である。金額は{n}万円とする。".encode()


def test_uploads_the_same_file_again_is_the_same_document(manager):
    c = manager.new_collection("重複")["id"]
    upload = manager.new_upload(c)
    first = manager.put_file(upload, "同じ.txt", b"x y z").ok()
    assert manager.put_file(upload, "同じ.txt", b"x y z").ok()["id"] == first["id"]
    assert manager.put_file(upload, "同じ.txt", b"other").ok()["id"] != first["id"]
    assert manager.wait_upload(upload)["received"] == 2


def test_uploads_progress_is_told_while_it_runs(manager):
    c = manager.new_collection("進捗")["id"]
    upload = manager.new_upload(c)
    for n in range(30):
        manager.put_file(upload, f"{n}.txt", text_of(n)).ok()
    with manager.events("GET", f"/api/v1/uploads/{upload}/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        events = list(stream)
    assert events[-1].name == "done" and events[-1].data["ready"] == 30 and events[-1].data["state"] == "done"
    ready = [e.data["ready"] for e in events]
    assert ready == sorted(ready)
    assert [e.number for e in events] == list(range(1, len(events) + 1))


def test_uploads_two_thousand_files_stop_and_resume(own_server, prepared):
    """Stopped in the middle, the server restarted, resumed: every file is read once, none is lost."""
    manager = prepared("kacho")
    c = manager.new_collection("二千件")["id"]
    upload = manager.new_upload(c)
    for n in range(COUNT // 2):
        manager.put_file(upload, f"{n:04}.txt", text_of(n)).ok()
    stopped = manager.post(f"/api/v1/uploads/{upload}/stop").ok()
    assert stopped["state"] == "stopped"
    # Files in hand may still finish; then nothing moves any more.
    time.sleep(1)
    before = manager.get(f"/api/v1/uploads/{upload}").ok()
    own_server.stop()
    own_server.start()
    manager = prepared("kacho")
    after = manager.get(f"/api/v1/uploads/{upload}").ok()
    assert after["state"] == "stopped" and after["received"] == COUNT // 2 and after["ready"] == before["ready"]
    # The client goes on: what the server has is skipped by name, the rest is sent.
    have = {f["name"] for f in after["files"]}
    assert len(have) == COUNT // 2
    for n in range(COUNT):
        if f"{n:04}.txt" not in have:
            manager.put_file(upload, f"{n:04}.txt", text_of(n)).ok()
    assert manager.post(f"/api/v1/uploads/{upload}/resume").ok()["state"] in ("running", "done")
    state = manager.wait_upload(upload, seconds=240)
    assert (state["received"], state["ready"], state["failed"], state["waiting"]) == (COUNT, COUNT, 0, 0)
    assert len({f["document_id"] for f in state["files"]}) == COUNT and len({f["name"] for f in state["files"]}) == COUNT
    last = next(f["document_id"] for f in state["files"] if f["name"] == "1999.txt")
    manager.wait_ready(last)
    hits = manager.post("/api/v1/search", {"query": "第1234号議案", "collections": [c], "limit": 3}).ok()["hits"]
    assert hits[0]["document"] == "1234.txt"


def test_uploads_reading_goes_on_after_a_restart(own_server, prepared):
    manager = prepared("kacho")
    c = manager.new_collection("再開")["id"]
    upload = manager.new_upload(c)
    for n in range(200):
        manager.put_file(upload, f"{n}.txt", text_of(n)).ok()
    own_server.kill()
    own_server.start()
    manager = prepared("kacho")
    state = manager.wait_upload(upload, seconds=60)
    assert (state["received"], state["ready"]) == (200, 200)


@pytest.mark.parametrize("length", [10, 1_000_000])
def test_uploads_cut_in_the_middle_leave_nothing(manager, length):
    import http.client
    c = manager.new_collection(f"切断{length}")["id"]
    upload = manager.new_upload(c)
    connection = http.client.HTTPConnection("127.0.0.1", manager.port, timeout=10)
    connection.putrequest("PUT", f"/api/v1/uploads/{upload}/files?name=half.txt")
    for name, value in {"Content-Length": str(length), "Cookie": f"__Host-sekisho={manager.cookie}", "X-Sekisho-Csrf": manager.csrf}.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(b"x" * (length // 2))
    connection.close()
    time.sleep(0.2)
    assert manager.get(f"/api/v1/uploads/{upload}").ok()["received"] == 0
