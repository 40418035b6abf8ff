"""The OpenAI-compatible door, byte for byte. The real npm client is in openai_client.mjs; here is what it cannot show."""
import json
import os
import socket
import struct
import subprocess

import pytest
from sekisho import ROOT, Client, wait_until


@pytest.fixture(scope="module")
def key(admin):
    return admin.post("/api/v1/keys", {"name": "試験の鍵"}).ok()["secret"]


@pytest.fixture(scope="module")
def program(server, key):
    return Client(server.port, key=key)


def names_of(program):
    return [m["id"] for m in program.get("/v1/models").ok()["data"]]


def test_openai_models_lists_what_may_be_used(program, endpoint):
    endpoint("ok")
    endpoint("ok", approval="")
    listed = program.get("/v1/models").ok()
    assert listed["object"] == "list" and all(m["object"] == "model" for m in listed["data"])
    names = names_of(program)
    assert "sekisho-extractive" in names and len([n for n in names if n.startswith("試験 ok")]) >= 1


def test_openai_without_or_with_a_wrong_key_is_refused(server, staff):
    for client in (Client(server.port), Client(server.port, key="sk-shiken-wrong"), Client(server.port, key="sk-other-x"), Client(server.port, key="x"), staff):
        for answer in (client.get("/v1/models"), client.post("/v1/chat/completions", {"model": "ok", "messages": [{"role": "user", "content": "x"}]})):
            assert answer.status == 401 and answer.json["error"]["code"], answer.body


def test_openai_revoked_key_is_refused(server, admin):
    made = admin.post("/api/v1/keys", {"name": "失効"}).ok()
    client = Client(server.port, key=made["secret"])
    client.get("/v1/models").ok()
    admin.delete(f"/api/v1/keys/{made['id']}").ok()
    assert client.get("/v1/models").status == 401


def test_openai_key_opens_the_same_door_as_the_session(program):
    """A key is its owner's: routes of the API work with it, and need no CSRF token."""
    assert program.get("/api/v1/collections").status == 200


def test_openai_whole_answer(program, endpoint):
    endpoint("ok")
    told = program.post("/v1/chat/completions", {"model": "ok", "messages": [{"role": "system", "content": "短く"}, {"role": "user", "content": "転入届は？"}]}).ok()
    assert told["object"] == "chat.completion" and told["choices"][0]["finish_reason"] == "stop"
    assert told["choices"][0]["message"]["role"] == "assistant" and "14日以内" in told["choices"][0]["message"]["content"]
    assert told["usage"]["total_tokens"] == told["usage"]["prompt_tokens"] + told["usage"]["completion_tokens"] > 0


def test_openai_streamed_answer_ends_with_done(program, endpoint):
    endpoint("ok")
    events = program.events("POST", "/v1/chat/completions", {"model": "ok", "stream": True, "messages": [{"role": "user", "content": "転入届は？"}]}).all()
    assert events[-1].data == "[DONE]" and all(e.data["object"] == "chat.completion.chunk" for e in events[:-1])
    text = "".join(e.data["choices"][0]["delta"].get("content", "") for e in events[:-1] if e.data["choices"])
    assert "14日以内" in text and events[-2].data["choices"][0]["finish_reason"] == "stop" or events[-3].data["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("behaviour", ["slow", "huge"])
def test_openai_client_that_breaks_off_stops_the_model_and_nobody_else(program, server, key, endpoint, model, behaviour):
    """The connection is reset while pieces come, so that a write may fail from within the transfer that brings them."""
    endpoint(behaviour), endpoint("ok")
    body = json.dumps({"model": behaviour, "stream": True, "messages": [{"role": "user", "content": "長く"}]}).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    before = model.open_answers()
    for _ in range(10):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(head.encode() + body)
            assert connection.recv(64).startswith(b"HTTP/1.1 200")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: model.open_answers() <= before, 5, "the end of the model's answers")
    events = program.events("POST", "/v1/chat/completions", {"model": "ok", "stream": True, "messages": [{"role": "user", "content": "転入届は？"}]}).all()
    assert events[-1].data == "[DONE]"


def test_openai_extractive_model_answers_from_the_documents(program, library):
    told = program.post("/v1/chat/completions", {"model": "sekisho-extractive", "messages": [{"role": "user", "content": "転入届はいつまでに出しますか"}]}).ok()
    assert "14日以内" in told["choices"][0]["message"]["content"]


def test_openai_messages_go_upstream_unchanged(program, endpoint, model):
    endpoint("ok")
    model.forget()
    messages = [{"role": "system", "content": "甲"}, {"role": "user", "content": "乙"}, {"role": "assistant", "content": "丙"}, {"role": "user", "content": "丁"}]
    program.post("/v1/chat/completions", {"model": "ok", "messages": messages, "temperature": 0.5, "max_tokens": 100}).ok()
    sent = model.requests()[-1]["body"]
    assert sent["messages"] == messages and sent["temperature"] == 0.5 and sent["max_tokens"] == 100


@pytest.mark.parametrize("body,status", [({"model": "no-such-model", "messages": [{"role": "user", "content": "x"}]}, 404), ({"model": "ok", "messages": []}, 400),
                                         ({"model": "ok"}, 400), ({"messages": [{"role": "user", "content": "x"}]}, 400), ({"model": "ok", "messages": "x"}, 400),
                                         ({"model": "ok", "messages": [{"role": "wizard", "content": "x"}]}, 400),
                                         ({"model": "ok", "messages": [{"role": "user", "content": "あ" * 2_000_000}]}, 413)], ids=range(7))
def test_openai_wrong_requests_get_the_protocols_error(program, endpoint, body, status):
    endpoint("ok")
    answer = program.post("/v1/chat/completions", body)
    assert answer.status == status and set(answer.json) == {"error"} and answer.json["error"]["message"] and answer.json["error"]["code"]


@pytest.mark.parametrize("behaviour", ["error-500", "garbage-json", "close-midway"])
def test_openai_model_that_fails_is_an_error_of_the_server(program, endpoint, behaviour):
    endpoint(behaviour)
    answer = program.post("/v1/chat/completions", {"model": behaviour, "messages": [{"role": "user", "content": "x"}]})
    assert answer.status in (502, 503, 504) and answer.json["error"]["code"].startswith("llm.")
    events = program.events("POST", "/v1/chat/completions", {"model": behaviour, "stream": True, "messages": [{"role": "user", "content": "x"}]}).all()
    assert any(isinstance(e.data, dict) and "error" in e.data for e in events)


def test_openai_endpoint_that_may_not_get_it_is_refused_with_the_clause(program, admin, model):
    admin.post("/api/v1/endpoints", {"name": "未承認の別名", "protocol": "openai", "url": model.url, "model": "unapproved-model", "ceiling": 1, "segments": ["lgwan"]}).ok()
    model.forget()
    answer = program.post("/v1/chat/completions", {"model": "unapproved-model", "messages": [{"role": "user", "content": "x"}]})
    assert answer.status == 403 and "根拠" in answer.json["error"]["message"] and model.requests() == []


def test_openai_of_several_endpoints_the_one_that_may_be_used_answers(program, admin, model):
    """Whatever the order of their names: the endpoint of that name first, then the model's, then one that takes any; of several the usable one of the highest class."""
    made = [admin.new_endpoint(name, model.url, served, ceiling)["id"] for name, served, ceiling in (("01 何でも", "*", 2), ("02 狭い", "tokubetsu", 1), ("03 広い", "tokubetsu", 2))]
    made += [admin.new_endpoint(name, model.url, "tokubetsu", 3, approval="", flows=flows)["id"] for name, flows in (("04 未承認", ()), ("00 未承認、通信は許可", ("lgwan",)))]
    try:
        for name, answered in (("tokubetsu", "03 広い"), ("02 狭い", "02 狭い"), ("hoka", "01 何でも")):
            program.post("/v1/chat/completions", {"model": name, "messages": [{"role": "user", "content": f"接続先の選び方 {name}"}]}).ok()
            entry, = admin.post("/api/v1/log/questions", {"words": f"接続先の選び方 {name}"}).ok()["items"]
            assert entry["engine"] == answered and entry["state"] == "complete"
    finally:
        for endpoint in made:
            admin.delete(f"/api/v1/endpoints/{endpoint}").ok()


def test_openai_npm_client_works(server, key, endpoint, library):
    """The real client, streaming and not."""
    endpoint("ok")
    endpoint("slow")
    endpoint("paced")
    endpoint("error-500")
    folder = ROOT / "tests/functional"
    assert (folder / "node_modules/openai").is_dir(), "run: npm ci in tests/functional"
    done = subprocess.run(["node", "openai_client.mjs"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
                          env={**os.environ, "BASE_URL": f"http://127.0.0.1:{server.port}/v1", "API_KEY": key})
    assert done.returncode == 0, done.stdout[-3000:]
