"""Model endpoints that fail: one clear message each, and nothing lost. And what may be sent where."""
import time

import pytest
from sekisho import is_clear

# behaviour -> (key of the error, what of the text is kept)
FAULTS = {
    "hang": ("llm.timeout", ""),
    "hang-midway": ("llm.timeout", "ここまでは届きます。"),
    "close-midway": ("llm.closed_midway", "ここまでは届きます。"),
    "short-length": ("llm.closed_midway", "ここまでは届きます。"),
    "garbage-json": ("llm.garbage", ""),
    "garbage-events": ("llm.garbage", ""),
    "garbage-midway": ("llm.garbage", "ここまでは届きます。"),
    "html": ("llm.garbage", ""),
    "error-500": ("llm.refused", ""),
    "error-401": ("llm.refused", ""),
    "error-429": ("llm.busy", ""),
    "huge": ("llm.too_long", None),
    "endless-line": (None, ""),
}


@pytest.mark.parametrize("behaviour", FAULTS)
def test_endpoints_fault_gives_one_clear_message_and_loses_nothing(staff, endpoint, behaviour):
    key, kept = FAULTS[behaviour]
    chat = staff.new_chat([], endpoint(behaviour))
    begin = time.monotonic()
    events = staff.ask(chat, "接続先が失敗する質問", timeout=120).all()
    assert time.monotonic() - begin < 60
    assert events[-1].name == "error" and sum(e.name == "error" for e in events) == 1, events[-3:]
    error = events[-1].data
    assert is_clear(error["title"]) and (key is None or error["key"] == key), error
    assert not any(word in error["title"] for word in ("internal detail", "sk-upstream", "127.0.0.1"))
    question, answer = staff.pair(chat)
    assert question["text"] == "接続先が失敗する質問" and question["state"] == "complete"
    assert answer["state"] == "failed" and answer["error"]["key"] == error["key"] and answer["error"]["title"] == error["title"]
    if kept is not None:
        assert answer["text"] == kept
    else:
        assert answer["text"].startswith("ああああ")
    # The conversation goes on: the same question again, of the built-in engine.
    staff.patch(f"/api/v1/chats/{chat}", {"endpoint": ""}).ok()
    assert staff.answer(chat, "", regenerate_of=answer["id"])["state"] == "complete"


def test_endpoints_unreachable_is_said(staff, admin):
    from sekisho import free_port
    made = admin.new_endpoint("不在", f"http://127.0.0.1:{free_port()}/v1", "m", approval="承認第2号")
    message = staff.answer(staff.new_chat([], made["id"]), "だれもいない")
    assert message["state"] == "failed" and message["error"]["key"] == "llm.unreachable"
    tested = admin.post(f"/api/v1/endpoints/{made['id']}/test").ok()
    assert tested["ok"] is False and tested["error"]["key"] == "llm.unreachable" and is_clear(tested["error"]["title"])


def test_endpoints_invalid_utf8_never_reaches_the_client(staff, endpoint):
    events = staff.ask(staff.new_chat([], endpoint("bad-utf8")), "壊れた文字").all()  # decoding is strict in the client
    assert events[-1].name in ("done", "error")
    message = events[-1].data["message"]
    assert message["state"] in ("complete", "failed") and (message["state"] == "complete" or is_clear(message["error"]["title"]))


def test_endpoints_characters_split_across_packets_are_whole(staff, endpoint):
    assert staff.answer(staff.new_chat([], endpoint("split-utf8")), "分割")["text"] == "分割された文字です。"


def test_endpoints_failed_test_says_why(admin, endpoint):
    told = admin.post(f"/api/v1/endpoints/{endpoint('error-500')}/test").ok()
    assert told["ok"] is False and told["error"]["key"] == "llm.refused"


# --- what may be sent where -----------------------------------------------------------------------------------------------------

def test_endpoints_class_above_the_ceiling_is_answered_here_with_the_reason(manager, endpoint, model):
    c = manager.new_collection("機密性3の手引", confidentiality=3, readers="all")["id"]
    manager.add_files(c, {"秘密の手引.txt": "紫水晶計画の締切は、三月二十日である。".encode()})
    model.forget()
    message = manager.answer(manager.new_chat([c], endpoint("ok", ceiling=1)), "紫水晶計画の締切はいつですか")
    assert message["engine"] == "extractive" and message["state"] == "complete"
    assert "送れません" in message["text"] and "根拠" in message["text"] and "三月二十日" in message["text"]
    assert model.requests() == [], "nothing of it was sent"


def test_endpoints_class_at_the_ceiling_is_sent(staff, library, endpoint, model):
    model.forget()
    assert staff.answer(staff.new_chat([library], endpoint("ok", ceiling=2)), "転入届はいつまでですか")["engine"].startswith("試験 ok")
    assert len(model.requests()) == 1


@pytest.mark.parametrize("broken", [{"approval": ""}, {"segments": ("internet",)}], ids=["not approved", "other segment"])
def test_endpoints_without_approval_or_for_another_segment_get_nothing(staff, endpoint, model, broken):
    model.forget()
    message = staff.answer(staff.new_chat([], endpoint("ok", **broken)), "送られては困る言葉")
    assert message["engine"] == "extractive" and "送れません" in message["text"]
    assert model.requests() == []


def test_endpoints_history_of_a_higher_class_is_not_sent_later(manager, endpoint, model):
    """After an answer from class 3 sources the conversation is of class 3: a model of class 1 gets none of it."""
    c = manager.new_collection("機密性3の続き", confidentiality=3, readers="all")["id"]
    manager.add_files(c, {"続き.txt": "黒曜石計画の予算は、九百万円である。".encode()})
    chat = manager.new_chat([c])
    first = manager.answer(chat, "黒曜石計画の予算はいくらですか")
    assert "九百万円" in first["text"] and first["label"]["c"] == 3
    manager.patch(f"/api/v1/chats/{chat}", {"collections": [], "endpoint": endpoint("ok", ceiling=1)}).ok()
    model.forget()
    second = manager.answer(chat, "つまりいくらですか", parent=first["id"])
    assert second["engine"] == "extractive" and model.requests() == []


@pytest.mark.parametrize("wrong", [{"url": "ftp://x/"}, {"url": "http://user@host/v1"}, {"url": "file:///etc/passwd"}, {"url": "http://h/v1?x=1"}, {"url": "http://h/v1#f"},
                                   {"url": "http://h/\r\nX: y"}, {"url": ""}, {"ceiling": 0}, {"ceiling": 9}, {"protocol": "telnet"}, {"name": ""}, {"model": ""},
                                   {"segments": ["moon"]}], ids=str)
def test_endpoints_wrong_records_are_refused(admin, wrong):
    record = {"name": "誤り", "protocol": "openai", "url": "http://127.0.0.1:9/v1", "model": "m", "ceiling": 1, "segments": ["lgwan"]} | wrong
    admin.post("/api/v1/endpoints", record).refused(400)


def test_endpoints_name_is_taken_once(admin, endpoint):
    endpoint("ok")
    name = admin.get("/api/v1/endpoints").ok()["items"][0]["name"]
    record = {"name": name, "protocol": "openai", "url": "http://127.0.0.1:9/v1", "model": "m", "ceiling": 1, "segments": ["lgwan"]}
    admin.post("/api/v1/endpoints", record).refused(409, "endpoints.name_taken")
