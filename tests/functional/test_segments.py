"""Segments: the listener and the true source address decide; what stands in a header does not. Flows and approved services are read at every use."""
import http.client
import json
import time
from datetime import datetime, timedelta, timezone

import pytest
from sekisho import Client, Server, free_port
from shiken import SETTINGS, set_up
from test_session import BANNER

PORTS = {"internet": free_port(), "proxied": free_port(), "closed": free_port()}
# Beside the first listener (lgwan): one of another segment, one behind a proxy that this machine plays, one that admits nobody from here.
LISTENERS = f"""
[[listeners]]
address = "127.0.0.1"
port = {PORTS["internet"]}
segment = "internet"
[[listeners]]
address = "127.0.0.1"
port = {PORTS["proxied"]}
segment = "lgwan"
sources = "10.20.0.0/16, 2001:db8::/32"
proxies = "127.0.0.1"
[[listeners]]
address = "127.0.0.1"
port = {PORTS["closed"]}
segment = "mynumber"
sources = "10.30.0.0/16"
"""
SPOOFS = [{"X-Forwarded-For": "10.30.0.1"}, {"Forwarded": "for=10.30.0.1"}, {"X-Real-IP": "10.30.0.1"}, {"X-Forwarded-For": "10.30.0.1, 10.30.0.2"},
          {"X-Forwarded-Host": "10.30.0.1"}, {"Client-IP": "10.30.0.1"}, {"True-Client-IP": "10.30.0.1"}, {"X-Client-IP": "10.30.0.1"}, {"Via": "10.30.0.1"},
          {"X-Forwarded-For": "10.30.0.1", "Forwarded": "for=10.30.0.1", "X-Real-IP": "10.30.0.1"}]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    server = set_up(Server(tmp_path_factory.mktemp("segments") / "data", SETTINGS + LISTENERS)).start()
    yield server
    server.stop()
    server.verify_log("shiken")


@pytest.fixture
def login(many):
    def get(name, listener=None):
        client = Client(PORTS[listener] if listener else many.port)
        client.login(name).ok()
        return client
    return get


def ask(port, headers, path="/api/v1/bodies"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, json.loads(body)


@pytest.mark.parametrize("headers", [{}] + SPOOFS, ids=str)
def test_segments_a_source_that_is_not_admitted_is_refused_whatever_it_writes(many, headers):
    status, problem = ask(PORTS["closed"], headers)
    assert status == 403 and problem["key"] == "http.source" and problem["clause"] == "8(1)ア" and problem["who_can_permit"]


def test_segments_a_refused_source_cannot_send_a_body(many):
    connection = http.client.HTTPConnection("127.0.0.1", PORTS["closed"], timeout=10)
    connection.request("POST", "/api/v1/session", b"x" * 10_000)
    assert connection.getresponse().status in (403, 413)


@pytest.mark.parametrize("forwarded,status", [("10.20.1.1", 200), ("2001:db8::9", 200), ("10.30.1.1", 403), ("10.20.1.1, 10.30.1.1", 403), ("10.30.1.1, 10.20.1.1", 200),
                                              ("10.20.1.1:5000", 200), ("nonsense", 400), ("", 400), (None, 403)], ids=str)
def test_segments_a_trusted_proxy_is_believed_in_its_last_hop_only(many, forwarded, status):
    assert ask(PORTS["proxied"], {} if forwarded is None else {"X-Forwarded-For": forwarded})[0] == status


@pytest.mark.parametrize("header", ["Forwarded", "X-Real-IP"])
def test_segments_a_trusted_proxy_passes_other_headers_on_and_they_do_not_count(many, header):
    value = "for=10.20.1.1" if header == "Forwarded" else "10.20.1.1"
    assert ask(PORTS["proxied"], {header: value})[0] == 403
    assert ask(PORTS["proxied"], {header: value, "X-Forwarded-For": "10.30.1.1"})[0] == 403


@pytest.mark.parametrize("headers", SPOOFS, ids=str)
def test_segments_no_header_changes_the_segment(many, login, headers):
    session = login("hanako", "internet").get("/api/v1/session", headers=headers).ok()
    assert session["segment"] == "internet"
    assert login("hanako").get("/api/v1/session", headers=headers).ok()["segment"] == "lgwan"


def test_segments_a_session_ends_at_its_segments_edge(many, login):
    inside = login("hanako")
    outside = Client(PORTS["internet"])
    outside.cookie, outside.csrf = inside.cookie, inside.csrf
    problem = outside.get("/api/v1/chats").refused(403, "policy.elsewhere")
    assert problem["clause"] == "8(1)ア" and problem["who_can_permit"]
    outside.post("/api/v1/chats", {}).refused(403, "policy.elsewhere")
    inside.get("/api/v1/chats").ok()


def test_segments_what_was_written_inside_is_not_read_outside(many, login):
    inside, outside = login("hanako"), login("hanako", "internet")
    chat = inside.new_chat(title="中で書いた")
    assert chat not in [c["id"] for c in outside.get("/api/v1/chats").ok()["items"]]
    assert outside.get(f"/api/v1/chats/{chat}").status in (403, 404)


def test_segments_a_key_works_where_it_was_made_for(many, login):
    admin = login("kanri")
    key = admin.post("/api/v1/keys", {"name": "中の鍵"}).ok()
    assert key["segments"] == ["lgwan"] and key["sources"] == ""
    assert Client(many.port, key=key["secret"]).get("/v1/models").status == 200
    refused = Client(PORTS["internet"], key=key["secret"]).get("/v1/models")
    assert refused.status == 403 and refused.json["error"]["code"] == "policy.elsewhere"
    narrow = admin.post("/api/v1/keys", {"name": "狭い鍵", "sources": "10.20.5.0/24"}).ok()["secret"]
    assert Client(many.port, key=narrow).get("/v1/models").status == 403
    by_proxy = Client(PORTS["proxied"], key=narrow)
    assert by_proxy.get("/v1/models", headers={"X-Forwarded-For": "10.20.5.9"}).status == 200
    assert by_proxy.get("/v1/models", headers={"X-Forwarded-For": "10.20.6.9"}).status == 403
    admin.post("/api/v1/keys", {"name": "誤り", "sources": "moon"}).refused(400, "keys.sources")


# --- flows and services ---------------------------------------------------------------------------------------------------------

def asked(client, endpoint):
    return client.answer(client.new_chat([], endpoint), "流れの試験")


def test_segments_no_flow_no_question(many, login, model):
    admin, staff = login("kanri"), login("hanako")
    made = admin.new_endpoint("流れのない接続先", model.url, "ok", flows=())
    assert made["state"] == "no flow"
    model.forget()
    message = asked(staff, made["id"])
    assert message["engine"] == "extractive" and "根拠: 8(1)ア" in message["text"] and model.requests() == []
    flow = admin.new_flow(made["id"])
    assert asked(staff, made["id"])["engine"] == "流れのない接続先"
    admin.post(f"/api/v1/flows/{flow}/end", {"reason": "やめる"}).ok()
    assert asked(staff, made["id"])["engine"] == "extractive", "an ended flow closes at the next use"
    pixels = admin.new_flow(made["id"], content=("pixels",))
    assert asked(staff, made["id"])["engine"] == "extractive", "text does not pass where only pixels may"
    admin.post(f"/api/v1/flows/{pixels}/end", {"reason": "やめる"}).ok()
    admin.new_flow(made["id"], segment="internet")
    assert asked(staff, made["id"])["engine"] == "extractive", "another segment's flow is not ours"


def test_segments_a_flow_to_a_segment_opens_what_lives_there(many, login, model):
    admin, staff = login("kanri"), login("hanako")
    made = admin.new_endpoint("外に住む接続先", model.url, "ok", flows=(), home="internet")["id"]
    assert asked(staff, made)["engine"] == "extractive"
    admin.post("/api/v1/flows", {"from_segment": "lgwan", "to_segment": "internet", "purpose": "試験", "content": ["text"], "permitted_by": "統括"}).ok()
    assert asked(staff, made)["engine"] == "外に住む接続先"


def test_segments_an_expired_flow_or_service_is_not_used(many, login, model):
    admin, staff = login("kanri"), login("hanako")
    soon = (datetime.now(timezone.utc) + timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    made = admin.new_endpoint("期限の接続先", model.url, "ok", flows=())["id"]
    admin.new_flow(made, valid_to=soon)
    other = admin.new_endpoint("承認の切れる接続先", model.url, "ok", service=admin.new_service("期限の承認", valid_to=soon))["id"]
    assert asked(staff, made)["engine"] == "期限の接続先" and asked(staff, other)["engine"] == "承認の切れる接続先"
    while datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") <= soon:
        time.sleep(0.1)
    assert asked(staff, made)["engine"] == "extractive"
    message = asked(staff, other)
    assert message["engine"] == "extractive" and "根拠: 13(2)エ" in message["text"]
    states = {e["id"]: e["state"] for e in admin.get("/api/v1/endpoints").ok()["items"]}
    assert states[made] == "no flow" and states[other] == "not approved"


def test_segments_an_ended_service_closes_its_endpoints_at_once(many, login, model):
    admin, staff = login("kanri"), login("hanako")
    service = admin.new_service("終える承認")
    made = admin.new_endpoint("承認を終える接続先", model.url, "ok", approval="終える承認")["id"]
    assert asked(staff, made)["engine"] == "承認を終える接続先"
    admin.post(f"/api/v1/services/{service}/end", {"reason": "契約の終わり"}).ok()
    assert asked(staff, made)["engine"] == "extractive"
    admin.post(f"/api/v1/services/{service}/end", {"reason": "もう一度"}).refused(409, "services.ended")
    # Its number approves nothing any more.
    admin.post("/api/v1/endpoints", {"name": "あとから", "protocol": "openai", "url": model.url, "model": "ok", "ceiling": 1, "segments": ["lgwan"],
                                     "approval": "終える承認"}).refused(400, "endpoints.service")


def test_segments_a_services_ceiling_binds_its_endpoints(many, login, model):
    admin, manager = login("kanri"), login("kacho")
    service = admin.new_service("低い承認", ceiling=1)
    made = admin.new_endpoint("低い承認の接続先", model.url, "ok", ceiling=3, approval="低い承認")["id"]
    assert service
    c = manager.new_collection("機密性2の資料", confidentiality=2)["id"]
    manager.add_files(c, {"手引.txt": "紫水晶計画の締切は、三月二十日である。".encode()})
    model.forget()
    assert manager.answer(manager.new_chat([c], made), "紫水晶計画の締切はいつですか")["engine"] == "extractive" and model.requests() == []


@pytest.mark.parametrize("wrong,key", [({"from_segment": "moon"}, "flows.segment"), ({"to_segment": "lgwan"}, "flows.destination"), ({"to_endpoint": None}, "flows.destination"),
                                       ({"to_endpoint": "x"}, "flows.destination"), ({"purpose": ""}, "flows.missing"), ({"content": []}, "flows.content"),
                                       ({"content": ["gas"]}, "flows.content"), ({"valid_to": "2020-01-01T00:00:00Z"}, "flows.period")], ids=str)
def test_segments_wrong_flows_are_refused(many, login, wrong, key):
    flow = {"from_segment": "lgwan", "to_endpoint": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "purpose": "x", "content": ["text"], "permitted_by": "x"} | wrong
    login("kanri").post("/api/v1/flows", {k: v for k, v in flow.items() if v is not None}).refused(400, key)


# --- what is open before login ---------------------------------------------------------------------------------------------------

def test_segments_metrics_are_for_the_named_networks(many):
    assert ask(many.port, {}, "/readyz")[1].keys() == {"ready", "log_size"}
    connection = http.client.HTTPConnection("127.0.0.1", many.port, timeout=10)
    connection.request("GET", "/metrics")
    assert connection.getresponse().status == 200
    far = {"X-Forwarded-For": "10.20.1.1"}
    status, problem = ask(PORTS["proxied"], far, "/metrics")
    assert status == 403 and problem["key"] == "http.metrics"
    assert ask(PORTS["proxied"], far, "/readyz")[1] == {"ready": True}


def test_segments_the_list_of_bodies_gives_code_and_name_alone(many):
    assert ask(many.port, {})[1] ["items"] == [{"code": "shiken", "name": "試験市", "banner": BANNER}]


@pytest.mark.parametrize("settings,why", [('[listen]\naddress = "0.0.0.0"\n', "sources"), ('[listen]\nproxy_header = "x-anything"\n', "proxy_header"),
                                          ('[listen]\nsources = "moon"\n', "network"), ('[[listeners]]\naddress = "127.0.0.1"\nport = 0\nsegment = "moon"\n', "segment"),
                                          ('[[listeners]]\naddress = "127.0.0.1"\nport = 0\n', "segment"), ('[[listeners]]\nadress = "x"\n', "listeners"),
                                          ('listeners = 3\n', "listeners")], ids=lambda v: v)
def test_segments_missing_or_wrong_listeners_stop_the_start(tmp_path, settings, why):
    server = set_up(Server(tmp_path / "data", ""))
    server.config.write_text(settings, encoding="utf-8")
    refused = server.cli("serve", "--set", "listen.port=0", check=False)
    assert refused.returncode in (1, 2) and why in refused.stderr, refused.stderr
