"""What a body's files may take: the gauge's limit is enforced, with one clear error and nothing half-written."""
import json

import pytest
from sekisho import Server, wait_until
from shiken import SETTINGS, set_up

LIMIT = 1_048_576
SENTENCE = "避難所の開設について定める。\n".encode()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    server = set_up(Server(tmp_path_factory.mktemp("storage") / "data", SETTINGS.replace("[lockout]", f"[storage]\nmax_bytes = {LIMIT}\n[lockout]"))).start()
    yield server
    server.stop()
    server.verify_log("shiken")


def login(server, name):
    client = server.client()
    client.login(name).ok()
    return client


def text_of(size):
    return (SENTENCE * (size // len(SENTENCE) + 1))[:size - size % len(SENTENCE)] + b"x" * (size % len(SENTENCE))


def blobs(server):
    return sum(1 for path in (server.data / "bodies/shiken/blobs").rglob("*") if path.is_file())


def test_storage_over_the_limit_is_refused_and_leaves_nothing(small):
    manager, admin = login(small, "kacho"), login(small, "kanri")
    collection = manager.new_collection("容量の試験", confidentiality=1)["id"]
    upload = manager.new_upload(collection)
    first = manager.put_file(upload, "一.txt", text_of(600_000)).ok()
    storage = admin.get("/api/v1/usage").ok()["storage"]
    assert storage["bytes"] == 600_000 and storage["limit"] == LIMIT and storage["level"] == 0
    before = blobs(small)
    problem = manager.put_file(upload, "二.txt", text_of(448_577)).refused(403, "storage.over_limit")
    assert problem["clause"] and problem["who_can_permit"] == "担当"
    assert blobs(small) == before and admin.get("/api/v1/usage").ok()["storage"]["bytes"] == 600_000
    assert [f["name"] for f in manager.get(f"/api/v1/uploads/{upload}").ok()["files"]] == ["一.txt"]
    # To the last byte; which crosses the thresholds.
    second = manager.put_file(upload, "三.txt", text_of(448_576)).ok()
    assert admin.get("/api/v1/usage").ok()["storage"]["level"] == 100
    manager.put_file(upload, "四.txt", b"x").refused(403, "storage.over_limit")
    assert "storage.threshold" in small.log_path.read_text(encoding="utf-8")
    # The same file again takes no more room.
    assert manager.put_file(upload, "一.txt", text_of(600_000)).ok()["id"] == first["id"]
    manager.wait_ready(second["id"])
    # What goes makes room.
    manager.delete(f"/api/v1/documents/{first['id']}").ok()
    assert admin.get("/api/v1/usage").ok()["storage"]["bytes"] == 448_576
    manager.put_file(upload, "五.txt", text_of(600_000)).ok()
    checks = {c["check"]: c for c in json.loads(small.cli("doctor", "--json", check=False).stdout)["checks"]}
    assert checks["storage"]["state"] == "red" and "100%" in checks["storage"]["reason"]


@pytest.fixture
def roomy(tmp_path):
    server = set_up(Server(tmp_path / "data", SETTINGS)).start()
    yield server
    server.stop()
    server.verify_log("shiken")


def test_storage_index_that_could_not_be_written_is_written_when_it_can(roomy):
    """Directories with the names of the files to come stand for a disk that takes nothing more."""
    manager = login(roomy, "kacho")
    collection = manager.new_collection("索引の試験", confidentiality=1)["id"]
    index = roomy.data / "bodies/shiken/index"
    newest = max((int(path.name[:16], 16) for path in index.glob("*.seg")), default=0)
    in_the_way = [index / f"{number:016x}.seg.tmp" for number in range(newest + 1, newest + 60)]
    for path in in_the_way:
        path.mkdir()

    def found(word):
        return manager.post("/api/v1/search", {"query": word, "collections": [collection], "limit": 5}).ok()["hits"]

    upload = manager.new_upload(collection)
    first = manager.put_file(upload, "防火.txt", "消火栓の点検は、毎月の初日に行う。\n".encode()).ok()["id"]
    wait_until(lambda: "library.index_failed" in roomy.log_path.read_text(encoding="utf-8"), 30, "the failure")
    second = manager.put_file(upload, "防水.txt", "止水板の点検は、毎月の末日に行う。\n".encode()).ok()["id"]
    assert found("消火栓") == []
    for path in in_the_way:
        path.rmdir()
    manager.wait_ready(first)
    manager.wait_ready(second)
    assert [h["document_id"] for h in found("消火栓")] == [first] and [h["document_id"] for h in found("止水板")] == [second]
