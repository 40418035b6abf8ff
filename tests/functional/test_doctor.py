"""The doctor, the signed list of the program's files, and the commands of the log beside the running server."""
import json
import re
import os
import shutil
import subprocess

import pytest
from sekisho import BINARY, Server, wait_until
from shiken import SETTINGS, set_up

CHECKS = {"data_folder", "disk", "program_files", "clock", "sandbox", "dictionary", "recognition", "sessions", "keys", "schema", "database", "log_tree", "log_written",
          "log_head", "witness", "syslog", "alarms", "endpoints", "second_factor", "retention", "storage", "reviews", "backups", "mail"}


def doctor(server, *more):
    done = server.cli("doctor", "--json", *more, check=False)
    checks = json.loads(done.stdout)
    return done.returncode, checks["state"], {c["check"]: c for c in checks["checks"]}


@pytest.fixture
def stopped(tmp_path):
    return set_up(Server(tmp_path / "data", SETTINGS))


def test_doctor_shows_every_check_with_state_reason_and_clause_while_the_server_runs(own_server):
    status, state, checks = doctor(own_server)
    assert set(checks) == CHECKS
    for c in checks.values():
        assert c["state"] in ("green", "amber", "red") and c["reason"] and c["clause"] and c["title"], c
        assert c["body"] in ("", "shiken")
    assert status == 0 and state == "amber", [c for c in checks.values() if c["state"] == "red"]
    assert {n for n, c in checks.items() if c["state"] == "green"} >= {"data_folder", "sandbox", "dictionary", "keys", "schema", "database", "log_tree", "log_written", "storage"}
    assert "動いているサービス" in checks["log_written"]["reason"]
    assert "log.check" in [e["act"] for e in leaves(own_server)]


def leaves(server):
    out = server.data.parent / "doctor-export"
    shutil.rmtree(out, ignore_errors=True)
    server.cli("log", "export", "--body", "shiken", "--out", str(out), "--without-payloads")
    return entries(out)


def entries(folder):
    found = []
    for bundle in sorted((folder / "tile/entries").rglob("*"), key=lambda p: (len(str(p)), str(p))):
        if not bundle.is_file():
            continue
        data, at = bundle.read_bytes(), 0
        while at < len(data):
            size = int.from_bytes(data[at:at + 2], "big")
            found.append(json.loads(data[at + 2:at + 2 + size]))
            at += 2 + size
    return sorted(found, key=lambda e: e["seq"])


def test_doctor_for_people_is_japanese_lines(own_server):
    done = own_server.cli("doctor")
    assert "○ 記録の一致（shiken）" in done.stdout and "[11(1)カ(ウ)]" in done.stdout


def test_doctor_works_on_a_stopped_server(stopped):
    status, state, checks = doctor(stopped)
    assert status == 0 and state == "amber" and checks["log_written"]["state"] == "green"
    assert checks["log_head"]["state"] == "amber"


def test_doctor_finds_a_readable_key(stopped):
    os.chmod(stopped.data / "bodies/shiken/log.key", 0o644)
    status, state, checks = doctor(stopped)
    assert status == 1 and state == "red" and checks["keys"]["state"] == "red" and "0600" in checks["keys"]["reason"]
    assert checks["database"]["state"] == "red", "nothing of a body is opened with a key that may have leaked"


def test_doctor_finds_an_open_folder(stopped):
    os.chmod(stopped.data, 0o755)
    status, _, checks = doctor(stopped)
    assert status == 1 and checks["data_folder"]["state"] == "red" and "0700" in checks["data_folder"]["reason"]
    assert doctor(stopped)[2]["data_folder"]["state"] == "green", "whatever opens it closes it again"


def test_doctor_finds_a_broken_database(stopped):
    stopped.cli("log", "verify")
    path = stopped.data / "bodies/shiken/body.db"
    data = bytearray(path.read_bytes())
    for page in range(40, len(data) // 4096):
        data[page * 4096:page * 4096 + 64] = os.urandom(64)
    path.write_bytes(data)
    status, state, checks = doctor(stopped)
    assert status == 1 and state == "red" and "red" in (checks["database"]["state"], checks["log_tree"]["state"])


def test_doctor_finds_a_missing_dictionary_and_worker(stopped, tmp_path):
    status, _, checks = doctor(stopped, "--set", f"dictionary.dir={tmp_path}/none", "--set", f"worker.path={tmp_path}/none")
    assert status == 1 and checks["dictionary"]["state"] == "red" and checks["sandbox"]["state"] == "red"


def test_doctor_without_a_data_folder_is_one_clear_error(stopped, tmp_path):
    done = subprocess.run([str(BINARY), "doctor", "--data", str(tmp_path / "none")], capture_output=True, text=True)
    assert done.returncode == 1 and not (tmp_path / "none").exists()


# --- the log beside the running server ---

def test_log_verify_and_export_work_while_the_server_runs(server, admin, tmp_path):
    assert json.loads(server.cli("log", "verify", "--json").stdout)["bodies"][0]["leaves"] > 0
    out = tmp_path / "out"
    exported = json.loads(server.cli("log", "export", "--body", "shiken", "--out", str(out), "--json").stdout)
    trust = tmp_path / "trust"
    trust.write_text(json.loads(server.cli("log", "trust", "--body", "shiken", "--json").stdout)["trust"], encoding="utf-8")
    verify = BINARY.with_name("sekisho-verify")
    if verify.exists():
        subprocess.run([str(verify), str(out), "--trust", str(trust)], check=True, capture_output=True)
    acts = entries(out)
    assert exported["size"] == len(acts) and "log.export" in [e["act"] for e in acts[-5:]], "it holds its own record"
    assert next(e for e in reversed(acts) if e["act"] == "log.export")["actor"] == "operator"
    admin.get("/api/v1/chats").ok()  # and the server goes on


def test_log_export_beside_the_server_is_refused_like_any_act(server, tmp_path):
    done = server.cli("log", "export", "--body", "shiken", "--out", str(tmp_path / "no"), "--user", "hanako", check=False)
    assert done.returncode == 1 and "policy." in done.stderr and not (tmp_path / "no").exists()
    done = server.cli("log", "export", "--body", "moon", "--out", str(tmp_path / "no"), check=False)
    assert done.returncode == 1 and "bodies.not_found" in done.stderr


def test_log_head_and_proofs_work_while_the_server_runs(server, tmp_path):
    head = json.loads(server.cli("log", "head", "--body", "shiken", "--out", str(tmp_path / "head.html"), "--json").stdout)
    assert head["size"] > 0 and "svg" in (tmp_path / "head.html").read_text(encoding="utf-8")
    assert json.loads(server.cli("log", "prove", "--body", "shiken", "--seq", "0", "--json").stdout)["size"] >= head["size"]


# --- the signed list ---

@pytest.fixture
def packs(tmp_path):
    folder = tmp_path / "packs"
    shutil.copytree(BINARY.parents[3] / "packs", folder)
    return folder


def signed(server, packs, tmp_path):
    manifest = tmp_path / "sekisho.manifest"
    common = ["--set", f"packs.dir={packs}"]
    server.cli("manifest", "make", "--out", str(manifest), *common)
    key = json.loads(server.cli("manifest", "sign", "--file", str(manifest), "--key", str(tmp_path / "ship.key"), "--name", "example.jp/sekisho", "--json").stdout)["key"]
    (tmp_path / "ship.pub").write_text(key + "\n", encoding="utf-8")
    return [*common, "--set", f"integrity.manifest={manifest}", "--set", f"integrity.key_file={tmp_path / 'ship.pub'}"]


def test_manifest_names_each_change_and_a_wrong_signature(stopped, packs, tmp_path):
    settings = signed(stopped, packs, tmp_path)
    good = json.loads(stopped.cli("manifest", "check", "--json", *settings).stdout)
    assert good["verified"] and good["changes"] == [] and good["files"] > 50 and good["signers"] == ["example.jp/sekisho"]
    assert doctor(stopped, *settings)[2]["program_files"]["state"] == "green"
    with open(packs / "policy/actions.json", "a", encoding="utf-8") as out:
        out.write("\n")
    (packs / "new.txt").write_text("x", encoding="ascii")
    (packs / "passwords/words.txt").rename(tmp_path / "words.txt")
    done = stopped.cli("manifest", "check", "--json", *settings, check=False)
    assert done.returncode == 1 and "manifest.changed" in done.stderr
    assert {(c["file"], c["change"]) for c in json.loads(done.stdout)["changes"]} == {("packs/policy/actions.json", "changed"), ("packs/new.txt", "added"),
                                                                                      ("packs/passwords/words.txt", "missing")}
    (tmp_path / "words.txt").rename(packs / "passwords/words.txt")
    assert doctor(stopped, *settings)[2]["program_files"]["state"] == "red"
    stopped.cli("manifest", "make", "--out", str(tmp_path / "sekisho.manifest"), "--set", f"packs.dir={packs}")
    done = stopped.cli("manifest", "check", *settings, check=False)
    assert done.returncode == 1 and "manifest.unverified" in done.stderr, "a list that fits but that nobody signed is no list"


def test_manifest_change_while_the_server_runs_is_recorded_and_shown(stopped, packs, tmp_path):
    settings = signed(stopped, packs, tmp_path)
    own = re.sub(r'(?m)^dir = ".*"$', f'dir = "{packs}"', SETTINGS, count=1)
    assert own != SETTINGS
    text = f'[integrity]\nmanifest = "{tmp_path}/sekisho.manifest"\nkey_file = "{tmp_path}/ship.pub"\ninterval_ms = 200\n'
    stopped.config.write_text(own + text, encoding="utf-8")
    stopped.start()
    try:
        admin = stopped.client()
        admin.login("kanri").ok()
        assert admin.get("/api/v1/alarms").ok()["items"] == []
        with open(packs / "policy/guards.json", "a", encoding="utf-8") as out:
            out.write("\n")
        alarm = wait_until(lambda: (i := admin.get("/api/v1/alarms").ok()["items"]) and i[0]["recorded_at"] and i[0], 10, "the notice")
        assert alarm["kind"] == "program_changed" and alarm["detail"] == "packs/policy/guards.json changed" and alarm["clause"] == "11(5)ア(ウ)"
        status, _, checks = doctor(stopped)
        assert status == 1 and checks["program_files"]["state"] == "red" and checks["alarms"]["state"] == "amber"
    finally:
        stopped.stop()
    assert any(e["act"] == "alarms.open" and e["actor"] == "program" for e in leaves(stopped))


def test_server_does_not_start_with_a_key_file_that_cannot_be_read(stopped, tmp_path):
    done = stopped.cli("serve", "--set", "listen.port=0", "--set", f"integrity.key_file={tmp_path}/none", check=False)
    assert done.returncode == 1
