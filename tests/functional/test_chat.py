"""Chats: ask, cite, resume, stop, make again, branch, export; with the built-in engine and with a model."""
import io
import sqlite3
import zipfile

import docx
import pytest
from sekisho import Client, text_between, wait_until

QUESTION = "転入届はいつまでに出しますか"


def exact(client, citation):
    """The passage shown is the stored text at the place it names."""
    sections = client.get(f"/api/v1/documents/{citation['document_id']}/text").ok()["sections"]
    return text_between(sections, citation["start"], citation["end"]) == "".join(citation["text"].splitlines()) or \
        text_between(sections, citation["start"], citation["end"]) == citation["text"]


def test_chat_extractive_answer_cites_exact_places(staff, library):
    chat = staff.new_chat([library])
    message = staff.answer(chat, QUESTION)
    assert message["state"] == "complete" and message["engine"] == "extractive" and message["error"] is None
    assert "14日以内" in message["text"] and message["citations"]
    for citation in message["citations"]:
        assert f"[{citation['n']}]" in message["text"]
        assert exact(staff, citation), citation
    assert any("14日以内" in c["text"] and c["document"] == "転入の手引.txt" for c in message["citations"])
    assert message["label"]["c"] == 2 and message["label"]["segments"] == ["lgwan"], message["label"]
    assert message["characters"]["in"] == len(QUESTION) and message["characters"]["out"] > 0 and message["characters"]["context"] > 0


def test_chat_sentences_cover_the_answer_and_name_their_citations(staff, library):
    message = staff.answer(staff.new_chat([library]), QUESTION)
    assert message["sentences"]
    end = 0
    for s in message["sentences"]:
        assert end <= s["start"] < s["end"] <= len(message["text"]), s
        end = s["end"]
        assert set(s["citations"]) <= {c["n"] for c in message["citations"]}
        assert s["supported"] or not s["citations"]


def test_chat_events_follow_the_contract(staff, library):
    events = staff.ask(staff.new_chat([library]), QUESTION).all()
    assert [e.number for e in events] == list(range(1, len(events) + 1))
    names = [e.name for e in events]
    assert names[0] == "open" and names[-1] == "done" and "sources" in names and "delta" in names
    opened, done = events[0].data, events[-1].data["message"]
    assert opened["answer_id"] == done["id"] and opened["user_message"]["text"] == QUESTION and opened["user_message"]["id"] == done["parent_id"]
    sources = next(e for e in events if e.name == "sources").data["citations"]
    assert {c["chunk_id"] for c in done["citations"]} <= {c["chunk_id"] for c in sources}


def test_chat_nothing_found_says_so_and_invents_nothing(staff, library):
    message = staff.answer(staff.new_chat([library]), "zqxjkvzq")
    assert message["citations"] == [] and message["state"] == "complete" and "見つかりません" in message["text"]


def test_chat_nothing_found_with_a_model_says_so_without_asking_it(staff, library, endpoint, model):
    model.forget()
    message = staff.answer(staff.new_chat([library], endpoint("ok")), "zqxjkvzq")
    assert message["citations"] == [] and "見つかりません" in message["text"]
    assert model.requests() == []


def test_chat_model_answer_is_cited_by_the_server(staff, library, endpoint):
    message = staff.answer(staff.new_chat([library], endpoint("ok")), QUESTION)
    assert message["state"] == "complete" and message["model"] == "ok" and message["engine"].startswith("試験 ok")
    assert "14日以内" in message["text"] and any("14日以内" in c["text"] for c in message["citations"])
    assert all(exact(staff, c) for c in message["citations"])


def test_chat_wrong_citation_numbers_are_not_shown(staff, library, endpoint):
    message = staff.answer(staff.new_chat([library], endpoint("wrong-citation")), QUESTION)
    assert "[9]" not in message["text"] and all(c["n"] != 9 for c in message["citations"])
    cheese = next(s for s in message["sentences"] if "チーズ" in message["text"][s["start"]:s["end"]])
    assert cheese["supported"] is False and cheese["citations"] == []
    true = next(s for s in message["sentences"] if "14日以内" in message["text"][s["start"]:s["end"]])
    assert true["supported"] is True


def test_chat_question_with_sources_goes_to_the_model_as_data(staff, library, endpoint, model):
    model.forget()
    staff.answer(staff.new_chat([library], endpoint("ok")), QUESTION)
    sent = model.requests()[-1]["body"]
    assert sent["stream"] is True and sent["messages"][-1] == {"role": "user", "content": QUESTION}
    assert sent["messages"][0]["role"] == "system" and "14日以内" in sent["messages"][0]["content"]


def test_chat_history_goes_along(staff, endpoint, model):
    chat = staff.new_chat([], endpoint("echo"))
    first = staff.answer(chat, "最初の質問")
    model.forget()
    staff.answer(chat, "次の質問", parent=first["id"])
    contents = [m["content"] for m in model.requests()[-1]["body"]["messages"]]
    assert "最初の質問" in contents and contents[-1] == "次の質問" and first["text"] in contents


def test_chat_that_grew_very_long_goes_on(own_server, prepared, model):
    """5,200 messages, more than one view holds: the newest are shown, and a question behind the last takes the turns before it along."""
    admin, client = prepared("kanri"), prepared("hanako")
    echo = admin.new_endpoint("長い会話", model.url, "echo")["id"]
    chat = client.new_chat([], echo)
    first = client.answer(chat, "最初の質問")
    own_server.stop()
    db = sqlite3.connect(own_server.data / "bodies/shiken/body.db")
    columns = [row[1] for row in db.execute("PRAGMA table_info(message)")]
    question, answer = db.execute("SELECT * FROM message WHERE chat_id = ? ORDER BY id", (chat,)).fetchall()

    def later(row, number, parent):
        changed = {"id": f"{first['id'][:20]}{number:06}".replace(first["id"][:2], "7Z", 1), "parent_id": parent, "text": f"{number}番目"}
        return tuple(changed.get(name, value) for name, value in zip(columns, row))

    parent = first["id"]
    for number in range(5200):
        row = later(answer if number % 2 else question, number, parent)
        db.execute(f"INSERT INTO message VALUES ({', '.join('?' * len(columns))})", row)
        parent = row[0]
    db.commit()
    db.close()
    own_server.start()
    client.login("hanako").ok()
    shown = client.messages(chat)
    assert len(shown) == 5000 and shown[-1]["text"] == "5199番目" and shown[0]["text"] == "200番目"
    model.forget()
    assert client.answer(chat, "続きの質問", parent=parent)["state"] == "complete"
    contents = [m["content"] for m in model.requests()[-1]["body"]["messages"]]
    assert contents[1:] == [f"{n}番目" for n in range(5188, 5200)] + ["続きの質問"]


def test_chat_prompt_injection_output_is_stored_as_text(staff, endpoint):
    """The server keeps what the model said; the screen never loads it (browser tests)."""
    message = staff.answer(staff.new_chat([], endpoint("injection")), "こんにちは")
    assert message["state"] == "complete" and "https://evil.example" in message["text"]


# --- lost connections ---------------------------------------------------------------------------------------------------------

def test_chat_resume_gives_the_identical_rest(staff, endpoint):
    chat = staff.new_chat([], endpoint("paced"))
    stream = staff.ask(chat, "長い答えをください")
    read = []
    for event in stream:
        read.append(event)
        if len(read) == 8:
            break
    stream.close()
    id = read[0].data["stream_id"]
    rest = staff.events("GET", f"/api/v1/streams/{id}", headers={"Last-Event-ID": str(read[-1].number)}).all()
    assert [e.number for e in rest][0] == 9 and rest[-1].name == "done"
    whole = staff.events("GET", f"/api/v1/streams/{id}").all()
    assert whole == read + rest
    assert "".join(e.data["text"] for e in whole if e.name == "delta") == rest[-1].data["message"]["text"]
    after = staff.events("GET", f"/api/v1/streams/{id}?after={len(whole) - 1}").all()
    assert after == whole[-1:]


def test_chat_two_readers_see_the_same(staff, endpoint):
    chat = staff.new_chat([], endpoint("paced"))
    stream = staff.ask(chat, "二人で読む")
    first = next(iter(stream))
    second = staff.events("GET", f"/api/v1/streams/{first.data['stream_id']}").all()
    assert [first] + list(stream) == second


def test_chat_client_that_leaves_loses_nothing(staff, endpoint):
    chat = staff.new_chat([], endpoint("paced"))
    stream = staff.ask(chat, "立ち去る")
    next(iter(stream))
    stream.close()
    message = wait_until(lambda: next((m for m in staff.messages(chat) if m["role"] == "assistant" and m["state"] == "complete"), None), 10, "the answer")
    assert message["text"].startswith("これは0番目の文です。") and message["text"].endswith("7番目の文です。")


@pytest.mark.parametrize("after", ["x", "-1", "1e3", "99999999999999999999999"])
def test_chat_resume_from_nonsense_is_refused(staff, after):
    chat = staff.new_chat()
    id = staff.ask(chat, "質問").all()[0].data["stream_id"]
    staff.get(f"/api/v1/streams/{id}", headers={"Last-Event-ID": after}).refused(400)


def test_chat_stop_reaches_the_model_and_keeps_the_text(staff, endpoint, model):
    chat = staff.new_chat([], endpoint("slow"))
    stream = staff.ask(chat, "止める")
    events = []
    for event in stream:
        events.append(event)
        if sum(e.name == "delta" for e in events) == 3:
            staff.post(f"/api/v1/streams/{events[0].data['stream_id']}/stop").ok()
    stream.close()
    message = events[-1].data["message"]
    assert events[-1].name == "done" and message["state"] == "stopped" and message["text"].startswith("これは")
    wait_until(lambda: model.open_answers() == 0, 2, "the cancel at the model")
    assert staff.pair(chat)[1]["text"] == message["text"]


def test_chat_open_stream_keeps_its_connection_alive_with_comments(staff, endpoint):
    """The model is silent for 2.5 s; a sign of life comes every second (stream.heartbeat_ms)."""
    stream = staff.ask(staff.new_chat([], endpoint("hang")), "黙る")
    events = stream.all()
    assert events[-1].name == "error" and stream.comments >= 1


# --- tree ---------------------------------------------------------------------------------------------------------------------

def test_chat_regenerate_makes_a_sibling(staff, library):
    chat = staff.new_chat([library])
    first = staff.answer(chat, QUESTION)
    events = staff.ask(chat, "", regenerate_of=first["id"]).all()
    second = events[-1].data["message"]
    assert events[0].data["user_message"] is None
    assert second["id"] != first["id"] and second["parent_id"] == first["parent_id"]
    tree = staff.get(f"/api/v1/chats/{chat}").ok()
    assert len(tree["messages"]) == 3 and tree["chat"]["head"] == second["id"]
    assert staff.patch(f"/api/v1/chats/{chat}", {"head": first["id"]}).ok()["head"] == first["id"]


def test_chat_edit_is_a_branch(staff, library):
    chat = staff.new_chat([library])
    first = staff.answer(chat, QUESTION)
    follow = staff.answer(chat, "窓口はどこですか", parent=first["id"])
    edited = staff.answer(chat, "粗大ごみの手数料はいくらですか", parent=None)
    by_id = {m["id"]: m for m in staff.messages(chat)}
    assert len(by_id) == 6
    assert by_id[edited["parent_id"]]["parent_id"] is None and by_id[first["parent_id"]]["parent_id"] is None
    assert by_id[follow["parent_id"]]["parent_id"] == first["id"]
    assert "500円" in edited["text"]


def test_chat_parent_of_another_chat_is_not_found(staff):
    foreign = staff.answer(staff.new_chat(), "一")
    chat = staff.new_chat()
    staff.post(f"/api/v1/chats/{chat}/messages", {"text": "二", "parent_id": foreign["id"], "regenerate_of": None}).refused(404, "chat.message_not_found")
    staff.post(f"/api/v1/chats/{chat}/messages", {"text": "", "parent_id": None, "regenerate_of": foreign["id"]}).refused(404, "chat.message_not_found")
    staff.patch(f"/api/v1/chats/{chat}", {"head": foreign["id"]}).refused(404, "chat.message_not_found")


def test_chat_history_is_listed_renamed_found_and_deleted(staff):
    chat = staff.new_chat(title="琥珀の会話")
    staff.patch(f"/api/v1/chats/{chat}", {"title": "瑪瑙の会話"}).ok()
    from urllib.parse import quote
    assert [c["id"] for c in staff.get(f"/api/v1/chats?q={quote('瑪瑙')}").ok()["items"]] == [chat]
    assert staff.get(f"/api/v1/chats?q={quote('琥珀の会話')}").ok()["items"] == []
    staff.delete(f"/api/v1/chats/{chat}").ok()
    assert staff.get(f"/api/v1/chats?q={quote('瑪瑙')}").ok()["items"] == []


def test_chat_untitled_takes_the_question_as_its_title(staff):
    chat = staff.new_chat()
    staff.answer(chat, "会議室の予約はどうしますか")
    assert staff.get(f"/api/v1/chats/{chat}").ok()["chat"]["title"] == "会議室の予約はどうしますか"


def test_chat_pages_of_the_list_hold_each_once(prepared):
    client = prepared("hanako")
    made = {client.new_chat(title=f"第{n}") for n in range(23)}
    seen, after = [], ""
    while True:
        page = client.get("/api/v1/chats?limit=5" + (f"&after={after}" if after else "")).ok()
        seen += [c["id"] for c in page["items"]]
        after = page["next"]
        if not after:
            break
    assert len(seen) == len(set(seen)) and made <= set(seen)
    client.get("/api/v1/chats?after=nonsense").refused(400)


# --- limits -------------------------------------------------------------------------------------------------------------------

def test_chat_two_million_characters_are_refused_clearly(staff):
    chat = staff.new_chat()
    problem = staff.post(f"/api/v1/chats/{chat}/messages", {"text": "あ" * 2_000_000, "parent_id": None, "regenerate_of": None}).refused(413, "chat.prompt_too_long")
    assert "clause" not in problem or problem["clause"]
    assert staff.messages(chat) == []
    assert staff.answer(chat, "短い質問")["state"] == "complete"


@pytest.mark.parametrize("text", ["", "\u0000", "a\ud800b"], ids=["empty", "nul", "surrogate"])
def test_chat_text_that_is_none_is_refused_or_kept_whole(staff, text):
    chat = staff.new_chat()
    import json
    answer = staff.post(f"/api/v1/chats/{chat}/messages", json.dumps({"text": text, "parent_id": None, "regenerate_of": None}).encode(),
                        headers={"Content-Type": "application/json"})
    if answer.status == 200:
        assert staff.pair(chat)[0]["text"] == text
    else:
        answer.refused(400)
        assert staff.messages(chat) == []


def test_chat_invalid_utf8_is_refused(staff):
    chat = staff.new_chat()
    staff.call("POST", f"/api/v1/chats/{chat}/messages", b'{"text":"\xff\xfe","parent_id":null,"regenerate_of":null}').refused(400)


def test_chat_characters_are_counted_as_people_see_them(staff):
    message = staff.answer(staff.new_chat(), "👨‍👩‍👧が葛󠄀城に行く")
    assert message["characters"]["in"] == 7


# --- export -------------------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def answered(staff, library):
    return staff.answer(staff.new_chat([library]), QUESTION)


@pytest.mark.parametrize("format,kind", [("txt", "text/plain"), ("md", "text/markdown"),
                                         ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")])
def test_chat_export_holds_answer_and_sources(staff, answered, format, kind):
    file = staff.get(f"/api/v1/messages/{answered['id']}/export?format={format}")
    assert file.status == 200 and file.headers["Content-Type"].startswith(kind)
    assert file.headers["Content-Disposition"].startswith("attachment")
    if format == "docx":
        text = "\n".join(p.text for p in docx.Document(io.BytesIO(file.body)).paragraphs)
        assert zipfile.ZipFile(io.BytesIO(file.body)).testzip() is None
    else:
        text = file.text
    assert "14日以内" in text and "転入の手引.txt" in text


def test_chat_export_in_an_unknown_format_is_refused(staff, answered):
    staff.get(f"/api/v1/messages/{answered['id']}/export?format=exe").refused(400, "chat.export_format")


def test_chat_ask_by_one_person_at_once_many_times(staff, library):
    """Ten questions in ten chats at the same time: each gets its own answer."""
    from concurrent.futures import ThreadPoolExecutor

    def one(n):
        client = Client(staff.port)
        client.cookie, client.csrf = staff.cookie, staff.csrf
        chat = client.new_chat([library], title=f"並行{n}")
        return client.answer(chat, QUESTION)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(one, range(10)))
    assert all("14日以内" in a["text"] for a in answers) and len({a["id"] for a in answers}) == 10
