"""A segment without export and with two factors: what its profile says binds sessions, what is made there, and the endpoints that it may ask."""
import copy
import itertools

import pytest
from sekisho import PASSWORD, Client, Server, free_port
from shiken import PROFILE, SETTINGS, set_up
from test_factors import enrol_app

INSIDE = free_port()
LISTENER = f"""
[[listeners]]
address = "127.0.0.1"
port = {INSIDE}
segment = "mynumber"
"""
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    profile = copy.deepcopy(PROFILE)
    profile["segments"][0] |= {"factors": 2, "idle_minutes": 10, "absolute_minutes": 480}
    server = set_up(Server(tmp_path_factory.mktemp("mynumber") / "data", SETTINGS + LISTENER), profile).start()
    yield server
    server.stop()
    server.verify_log("shiken")


@pytest.fixture(scope="module")
def outside(house):
    """login -> a session in the ordinary segment."""
    def login(name):
        client = house.client()
        client.login(name).ok()
        return client
    return login


@pytest.fixture(scope="module")
def chief(outside):
    return outside("kanri")


@pytest.fixture
def insider(chief):
    """A new person of 税務課 with a session inside, both factors given."""
    department = next(d["id"] for d in chief.get("/api/v1/departments").ok()["items"] if d["code"] == "zeimu")

    def make(roles=("shokuin",)):
        login = f"naka{next(NUMBERS)}"
        chief.post("/api/v1/users", {"login": login, "name": "中 花子", "department_id": department, "roles": list(roles), "clearance": 2, "password": PASSWORD}).ok()
        client = Client(INSIDE)
        client.login(login).ok()
        enrol_app(client)
        return client
    return make


def test_mynumber_asks_two_factors_of_everybody_and_the_other_segment_does_not(outside):
    assert outside("jiro").session["second_factor"] == "not_needed"
    client = Client(INSIDE)
    assert client.login("jiro").ok()["second_factor"] == "needed"
    problem = client.get("/api/v1/chats").refused(403, "policy.second_factor")
    assert problem["clause"] == "9(4)ウ" and problem["who_can_permit"]


def test_mynumber_sessions_are_as_long_as_segment_and_role_allow(outside, insider):
    assert outside("hanako").session["idle_seconds"] == 14400 and outside("kanri").session["idle_seconds"] == 7200
    for roles in (["shokuin"], ["system"]):
        assert insider(roles).get("/api/v1/session").ok()["idle_seconds"] == 600, "the segment's ten minutes are the shorter ones"


def test_mynumber_knows_no_export(outside, insider):
    client = insider(["system"])
    session = client.get("/api/v1/session").ok()
    assert session["segment"] == "mynumber" and session["may_carry_out"] is False
    collection = client.new_collection("個人番号利用の手引", confidentiality=1)["id"]
    document = client.add_files(collection, {"手引.txt": "申請書の控えは、鍵のかかる棚に三年間保管する。\n".encode()})["手引.txt"]["id"]
    assert "三年間" in client.get(f"/api/v1/documents/{document}/text").ok()["sections"][0]["text"]
    answer = client.answer(client.new_chat([collection]), "控えは何年間保管しますか")
    assert "三年間" in answer["text"]
    for path in (f"/api/v1/documents/{document}/content", f"/api/v1/messages/{answer['id']}/export?format=txt", f"/api/v1/messages/{answer['id']}/export?format=docx",
                 "/api/v1/guards/words/export?encoding=utf8"):
        problem = client.get(path).refused(403, "policy.no_export")
        assert problem["clause"] == "8(1)イ(イ)" and problem["who_can_permit"], path
    # What was made inside is nothing to the other segment, whoever asks.
    same = outside("kanri")
    assert collection not in [c["id"] for c in same.get("/api/v1/collections").ok()["items"]]
    for path in (f"/api/v1/documents/{document}", f"/api/v1/documents/{document}/content", f"/api/v1/documents/{document}/text"):
        same.get(path).refused(404)
    assert same.get("/api/v1/guards/words/export?encoding=utf8").status == 200, "the other segment knows export"


def test_mynumber_object_is_not_carried_out_of_a_segment_that_may_read_it(tmp_path):
    """A body that lets another segment read what comes from there still lets none of it out."""
    profile = copy.deepcopy(PROFILE)
    profile["segments"][1]["origins"] = ["lgwan", "mynumber"]
    server = set_up(Server(tmp_path / "data", SETTINGS + LISTENER.replace(str(INSIDE), str(port := free_port()))), profile).start()
    try:
        inside, reader = Client(port), server.client()
        inside.login("kacho").ok()
        reader.login("kacho").ok()
        made = {}
        for name, client in (("inside", inside), ("outside", reader)):
            collection = client.new_collection(name, confidentiality=1)["id"]
            made[name] = client.add_files(collection, {"手引.txt": "控えは三年間保管する。\n".encode()})["手引.txt"]["id"]
        assert "三年間" in reader.get(f"/api/v1/documents/{made['inside']}/text").ok()["sections"][0]["text"]
        problem = reader.get(f"/api/v1/documents/{made['inside']}/content").refused(403, "policy.no_export")
        assert problem["clause"] == "8(1)イ(イ)"
        assert reader.get(f"/api/v1/documents/{made['outside']}/content").status == 200
    finally:
        server.stop()


def test_mynumber_asks_only_endpoints_that_live_there(chief, insider, model):
    client = insider()
    ask = lambda endpoint: client.answer(client.new_chat([], endpoint), "窓口の時間はいつですか")
    near = chief.new_endpoint("中に住む接続先", model.url, "ok", segments=("mynumber",), flows=("mynumber",), home="mynumber")["id"]
    far = chief.new_endpoint("外に住む接続先", model.url, "ok", segments=("mynumber", "lgwan"), flows=("mynumber", "lgwan"), home="lgwan")["id"]
    nowhere = chief.new_endpoint("住む所のない接続先", model.url, "ok", segments=("mynumber", "lgwan"), flows=("mynumber",))["id"]
    chief.post("/api/v1/flows", {"from_segment": "mynumber", "to_segment": "lgwan", "purpose": "試験", "content": ["text"], "permitted_by": "統括"}).ok()
    assert ask(near)["engine"] == "中に住む接続先"
    model.forget()
    for endpoint in (far, nowhere):
        message = ask(endpoint)
        assert message["engine"] == "extractive" and "根拠: 8(1)ア" in message["text"]
    assert model.requests() == [], "nothing left the segment"
    states = {e["id"]: e["state"] for e in client.get("/api/v1/endpoints").ok()["items"]}
    assert states[near] == "usable" and states[far] != "usable" and states[nowhere] != "usable"
