"""The command line: what scripts and people rely on. One program at a time holds the data folder, so the server is stopped meanwhile."""
import json
import sqlite3
import subprocess

import pytest
from sekisho import BINARY, Server, is_clear
from shiken import PROFILE, SETTINGS

QUESTION = "転入届はいつまでに出しますか"


def test_cli_a_new_body_has_nobody(tmp_path):
    """No user stands in a body that nobody put there: no default name, no default password."""
    server = Server(tmp_path / "data", SETTINGS)
    profile = tmp_path / "profile.json"
    profile.write_text(json.dumps(PROFILE, ensure_ascii=False), encoding="utf-8")
    server.cli("body", "create", "--code", "shiken", "--profile", str(profile))
    db = sqlite3.connect(server.data / "bodies/shiken/body.db")
    assert db.execute("SELECT COUNT(*) FROM account").fetchone() == (0,) and db.execute("SELECT COUNT(*) FROM api_key").fetchone() == (0,)
    db.close()


@pytest.fixture(scope="module")
def stopped(own_server, prepared, tmp_path_factory):
    manager = prepared("kacho")
    c = manager.new_collection("手引", confidentiality=2, readers="all")["id"]
    manager.add_files(c, {"転入.txt": "第１条　転入届は、引っ越した日から14日以内に出さなければならない。\n".encode()})
    own_server.stop()
    yield own_server
    own_server.start()


def test_cli_search_prints_the_contract(stopped):
    told = json.loads(stopped.cli("search", "--body", "shiken", "--user", "hanako", "--limit", "3", "--json", QUESTION).stdout)
    assert told["hits"][0]["document"] == "転入.txt" and told["ms"] >= 0
    assert {"rank", "document", "document_id", "chunk_id", "section", "page", "score", "text"} <= set(told["hits"][0])


def test_cli_ask_prints_the_contract(stopped):
    told = json.loads(stopped.cli("ask", "--body", "shiken", "--user", "hanako", "--json", QUESTION).stdout)
    assert told["engine"] == "extractive" and "14日以内" in told["answer"] and told["citations"][0]["text"]
    assert {"n", "document", "document_id", "page", "section", "start", "end", "text"} <= set(told["citations"][0])
    assert {"in", "out", "context"} <= set(told["characters"]) and told["label"]["c"] == 2


def test_cli_ingest_adds_files_and_names_the_bad_one(stopped, tmp_path):
    good, bad = tmp_path / "良い.txt", tmp_path / "悪い.pdf"
    good.write_text("瑠璃色の手順書。", encoding="utf-8")
    bad.write_bytes(b"%PDF-1.4\n garbage")
    done = stopped.cli("ingest", "--body", "shiken", "--user", "kacho", "--collection", "手引", str(good), str(bad), check=False)
    assert "悪い.pdf" in done.stdout + done.stderr
    told = json.loads(stopped.cli("search", "--body", "shiken", "--user", "hanako", "--json", "瑠璃色の手順書").stdout)
    assert told["hits"][0]["document"] == "良い.txt"


def test_cli_log_verifies(stopped):
    assert stopped.cli("log", "verify", "--body", "shiken").returncode == 0


@pytest.mark.parametrize("words,status", [
    (["no-such-command"], 2), (["search"], 2), (["search", "--no-such-option", "x", "y"], 2), (["search", "--body", "shiken", "--user", "nobody", "x"], 1),
    (["search", "--body", "moon", "--user", "hanako", "x"], 1), (["ask", "--body", "shiken", "--user", "nashi", "x"], 1),
    (["ingest", "--body", "shiken", "--user", "hanako", "--collection", "手引", "/etc/hostname"], 1),
    (["ingest", "--body", "shiken", "--user", "kacho", "--collection", "手引", "/no/such/file.txt"], 1),
    (["user", "create", "--body", "shiken", "--login", "hanako", "--name", "x", "--department", "zeimu"], 1)], ids=lambda v: str(v))
def test_cli_refusals_are_one_clear_line(stopped, words, status):
    done = stopped.cli(*words, check=False, stdin="")
    assert done.returncode == status, done
    assert done.stdout == "" or status == 1, done
    lines = [line for line in done.stderr.splitlines() if line and not line.startswith("{")]
    assert any(is_clear(line) for line in lines), done.stderr


def test_cli_endpoint_with_its_service_and_flows_in_one_go(stopped):
    made = json.loads(stopped.cli("endpoint", "create", "--body", "shiken", "--name", "庁内LLM", "--url", "http://127.0.0.1:9/v1", "--model", "m", "--ceiling", "2", "--segments", "lgwan",
                                  "--approval", "試験-1", "--approved-by", "統括", "--json").stdout)
    assert made["segments"] == ["lgwan"] and made["state"] == "usable"
    assert [f["to_endpoint"] for f in json.loads(stopped.cli("flow", "list", "--body", "shiken", "--json").stdout)["items"]].count(made["id"]) == 1


def test_cli_denial_names_the_clause(stopped):
    done = stopped.cli("ask", "--body", "shiken", "--user", "nashi", "x", check=False)
    assert "根拠" in done.stderr and "許可できる人" in done.stderr, done.stderr


def test_cli_unknown_setting_stops_the_start(stopped, tmp_path):
    stopped.config.write_text("[modle]\nidle = 1\n", encoding="utf-8")
    try:
        done = stopped.cli("log", "verify", "--body", "shiken", check=False)
        assert done.returncode in (1, 2) and "modle" in done.stderr
    finally:
        from shiken import SETTINGS
        stopped.config.write_text(SETTINGS, encoding="utf-8")


def test_cli_second_program_on_the_same_data_is_refused(own_server, stopped):
    own_server.start()
    try:
        done = own_server.cli("log", "checkpoint", "--body", "shiken", check=False)
        assert done.returncode == 1 and "使っています" in done.stderr.splitlines()[0], done
    finally:
        own_server.stop()


def test_cli_a_group_of_commands_tells_its_members(tmp_path):
    def run(*words):
        return subprocess.run([str(BINARY), *words], capture_output=True, text=True)
    half = run("policy")
    assert half.returncode == 2 and "policy import" in half.stdout and "user create" not in half.stdout and half.stderr.count("\n") == 1
    assert run("policy", "--help").returncode == 0 and run("policy", "--help").stdout == half.stdout
    for words in (("policy", "nanika"), ("nanika",)):
        unknown = run(*words)
        assert unknown.returncode == 2 and unknown.stdout == "" and " ".join(words) in unknown.stderr
