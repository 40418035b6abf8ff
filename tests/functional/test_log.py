"""The log taken out and verified: by sekisho-verify and by tlog.py, which shares no line with it. Witnesses and syslog over loopback."""
import hashlib
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

import pytest
import tlog
from sekisho import BINARY, Server, is_clear, wait_until
from shiken import PROFILE, SETTINGS, make, set_up

VERIFY = BINARY.with_name("sekisho-verify")
FAST = SETTINGS.replace("[approvals]", "[checkpoint]\ninterval_ms = 200\n[witness]\ninterval_ms = 200\n[approvals]")


def verify(*arguments):
    return subprocess.run([str(VERIFY), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)


def keys_of(done):
    return {f["key"] for f in json.loads(done.stdout)["findings"]}


def act(server, count=1):
    client = server.client()
    client.login("hanako").ok()
    for n in range(count):
        client.new_chat(title=f"会話{n}")
    return client.get("/api/v1/status").ok()["log"]["size"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A stopped body with more than one tile of records, an export of it, and the trust file that was handed over before."""
    server = set_up(Server(tmp_path_factory.mktemp("log") / "data", FAST)).start()
    act(server, 300)
    server.stop()
    server.trust = server.data.parent / "trust"
    server.trust.write_text(server.cli("log", "trust", "--body", "shiken").stdout, encoding="utf-8")
    server.export = server.data.parent / "export"
    server.told = json.loads(server.cli("log", "export", "--body", "shiken", "--out", str(server.export), "--json").stdout)
    return server


@pytest.fixture()
def copy(filled, tmp_path):
    return shutil.copytree(filled.export, tmp_path / "copy")


def log_key(server):
    line = next(x for x in server.trust.read_text(encoding="utf-8").splitlines() if x.startswith("log "))
    return tlog.Key(line.split()[1])


def test_log_export_verifies_without_the_server(filled):
    done = verify(filled.export, "--trust", filled.trust, "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0, done
    assert told["good"] and told["leaves"] == filled.told["size"] > 300 and told["root"] == filled.told["root"]
    assert told["payloads"] == told["leaves"] and not told["trust_from_export"]
    people = verify(filled.export)
    assert people.returncode == 0 and "すべて一致" in people.stdout and "--trust" in people.stdout  # its own key proves less, and it says so


def test_log_export_verifies_with_an_independent_implementation(filled):
    seen = tlog.verify(filled.export, log_key(filled))
    assert seen["size"] == seen["payloads"] == filled.told["size"] and seen["root"] == filled.told["root"]
    assert seen["leaves"][-1]["act"] == "log.export" and seen["leaves"][-1]["decision"] == "allow"


def test_log_export_follows_the_layout_of_tlog_tiles(filled):
    names = {str(p.relative_to(filled.export)) for p in filled.export.rglob("*") if p.is_file()}
    rest = filled.told["size"] % 256
    assert {"checkpoint", "checkpoints.jsonl", "payloads.jsonl", "trust", "tile/0/000", "tile/entries/000", f"tile/0/001.p/{rest}", f"tile/entries/001.p/{rest}",
            "tile/1/000.p/1"} == names


def test_log_export_refuses_an_existing_folder_and_leaves_nothing_half(filled, tmp_path):
    done = filled.cli("log", "export", "--body", "shiken", "--out", str(filled.export), check=False)
    assert done.returncode == 1 and "もうあります" in done.stderr and "[log.export_exists]" in done.stderr
    (tmp_path / "file").write_text("x", encoding="ascii")
    done = filled.cli("log", "export", "--body", "shiken", "--out", str(tmp_path / "file/below"), check=False)
    assert done.returncode == 1 and "[storage.io]" in done.stderr
    denied = filled.cli("log", "export", "--body", "shiken", "--user", "hanako", "--out", str(tmp_path / "denied"), check=False)
    assert denied.returncode == 1 and "根拠" in denied.stderr and not (tmp_path / "denied").exists()
    assert not list(tmp_path.glob("*.partial"))


def test_log_export_can_leave_the_contents_out(filled, tmp_path):
    filled.cli("log", "export", "--body", "shiken", "--user", "kanri", "--without-payloads", "--out", str(tmp_path / "bare"))
    assert not (tmp_path / "bare/payloads.jsonl").exists()
    told = json.loads(verify(tmp_path / "bare", "--trust", filled.trust, "--earlier", filled.export, "--json").stdout)
    assert told["good"] and told["earlier"] == 1 and not told["with_payloads"]


def edit_entry(folder):
    path = folder / "tile/entries/000"
    data = path.read_bytes()
    assert data.count(b'"decision":"allow"') > 3
    path.write_bytes(data.replace(b'"decision":"allow"', b'"decision":"alloW"', 1))


def delete_entry(folder):
    path = folder / "tile/entries/000"
    data = path.read_bytes()
    length = int.from_bytes(data[:2], "big") + 2
    path.write_bytes(data[length:] + data[:length])  # the rest moves up; the first stands at the end so that the number fits


def cut_tail(folder):
    partial = next(folder.glob("tile/entries/001.p/*"))
    partial.unlink()


def swap_bundles(folder):
    a, b = folder / "tile/0/000", next(folder.glob("tile/0/001.p/*"))
    data = a.read_bytes()
    a.write_bytes(b.read_bytes().ljust(len(data), b"\0"))
    b.write_bytes(data)


def edit_payload(folder):
    path = folder / "payloads.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("会話0", "会話X", 1), encoding="utf-8")


def drop_payload(folder):
    path = folder / "payloads.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:50] + lines[51:]), encoding="utf-8")


@pytest.mark.parametrize("tamper,expected", [(edit_entry, "leaf.changed"), (delete_entry, "leaf.order"), (cut_tail, "export.missing"), (swap_bundles, "leaf.changed"),
                                             (edit_payload, "payload.changed"), (drop_payload, "payload.missing")])
def test_log_verify_detects(filled, copy, tamper, expected):
    tamper(copy)
    done = verify(copy, "--trust", filled.trust, "--json")
    assert done.returncode == 1 and expected in keys_of(done), done.stdout[-800:]
    shown = verify(copy, "--trust", filled.trust).stdout
    assert "不一致" in shown and is_clear(shown.strip().splitlines()[-1])
    if tamper is not drop_payload:  # the other implementation asks for no reason why a payload is absent
        with pytest.raises((tlog.Bad, OSError)):
            tlog.verify(copy, log_key(filled))


def test_log_verify_detects_another_key(filled, tmp_path):
    """Everything made anew with a new key: whole in itself, but not under the key that was handed over."""
    forged = Server(tmp_path / "forged", FAST)
    make(forged, PROFILE)  # set_up() would copy a body with its key
    forged.cli("log", "export", "--body", "shiken", "--out", str(tmp_path / "out"))
    assert verify(tmp_path / "out").returncode == 0
    done = verify(tmp_path / "out", "--trust", filled.trust, "--json")
    assert done.returncode == 1 and "checkpoint.unverified" in keys_of(done)


def test_log_verify_detects_rollback_by_an_earlier_head(filled, tmp_path):
    shutil.copytree(filled.data, tmp_path / "yesterday")
    now = json.loads(filled.cli("log", "export", "--body", "shiken", "--out", str(tmp_path / "today"), "--json").stdout)
    old = Server(tmp_path / "yesterday", FAST)
    old.cli("log", "export", "--body", "shiken", "--out", str(tmp_path / "later"))
    old.cli("log", "export", "--body", "shiken", "--out", str(tmp_path / "later2"))
    assert verify(tmp_path / "later2", "--trust", filled.trust).returncode == 0
    for given in (["--earlier", tmp_path / "today"], ["--earlier", tmp_path / "today/checkpoint"], ["--head", f"{now['size']}:{now['root']}"]):
        done = verify(tmp_path / "later2", "--trust", filled.trust, "--json", *given)
        assert done.returncode == 1 and keys_of(done) & {"earlier.rewritten", "earlier.rolled_back"}, done.stdout[-500:]
        assert verify(filled.export, "--trust", filled.trust, "--earlier", filled.export / "checkpoint").returncode == 0


def test_log_prove_gives_standard_proofs(filled, tmp_path):
    head = json.loads(filled.cli("log", "checkpoint", "--body", "shiken", "--json").stdout)
    for seq in (0, 255, 256, head["size"] - 1):
        path = tmp_path / f"{seq}.tlog-proof"
        filled.cli("log", "prove", "--body", "shiken", "--seq", str(seq), "--out", str(path))
        index, leaf = tlog.verify_proof(path.read_bytes(), log_key(filled))
        assert index == leaf["seq"] == seq
        assert verify("--proof", path, "--trust", filled.trust).returncode == 0
    path.write_bytes(path.read_bytes().replace(f"index {head['size'] - 1}".encode(), b"index 3"))
    assert verify("--proof", path, "--trust", filled.trust).returncode == 1
    text = filled.cli("log", "prove", "--body", "shiken", "--from", str(filled.told["size"])).stdout.encode()
    assert tlog.verify_consistency(text, log_key(filled), bytes.fromhex(filled.told["root"])) >= head["size"]
    with pytest.raises(tlog.Bad):
        tlog.verify_consistency(text, log_key(filled), hashlib.sha256(b"another").digest())
    assert filled.cli("log", "prove", "--body", "shiken", "--seq", "99999999", check=False).returncode == 1
    assert filled.cli("log", "prove", "--body", "shiken", check=False).returncode == 2


@pytest.mark.parametrize("arguments", [[], ["--nonsense"], ["--trust"], ["a", "b"], ["--proof", "x"], ["a", "--head", "3"]])
def test_log_verify_usage_errors(filled, arguments):
    if arguments[:1] == ["a"]:
        arguments = [str(filled.export), *arguments[1:]]
    done = verify(*arguments)
    assert done.returncode == 2 and done.stdout == "" and is_clear(done.stderr.strip().splitlines()[-1]), done


# --- witnesses ------------------------------------------------------------------------------------------------------------------

class Witness:
    """`sekisho log witness` as a process."""

    def __init__(self, state, trust):
        self.state = state
        self.process = subprocess.Popen([str(BINARY), "log", "witness", "--name", "kansa.example", "--state", str(state), "--trust", str(trust), "--listen", "127.0.0.1:0",
                                         "--json"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.told = json.loads(self.process.stdout.readline())
        self.key = tlog.Key(self.told["key"])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=30) == 0

    def size(self, log):
        files = list(self.state.glob("*.checkpoint"))
        return tlog.open_checkpoint(files[0].read_bytes(), log, [self.key])[0] if files else 0


@pytest.fixture()
def witnessed(tmp_path):
    server = set_up(Server(tmp_path / "data", FAST))
    server.trust = tmp_path / "trust"
    server.trust.write_text(server.cli("log", "trust", "--body", "shiken").stdout, encoding="utf-8")
    witness = Witness(tmp_path / "witness", server.trust)
    (tmp_path / "witnesses").write_text(witness.told["line"].replace("witness kansa.example ", "witness kansa ", 1) + "\nquorum kansa\n", encoding="utf-8")
    text = server.config.read_text(encoding="utf-8")
    server.config.write_text(text.replace("[witness]\n", f'[witness]\nfile = "{tmp_path / "witnesses"}"\n'), encoding="utf-8")
    yield server, witness
    server.stop()
    witness.stop()


def test_log_witness_cosigns_and_the_export_shows_it(witnessed, tmp_path):
    server, witness = witnessed
    server.start()
    act(server, 5)
    log = log_key(server)
    first = wait_until(lambda: witness.size(log), what="the first cosignature")
    act(server, 5)
    wait_until(lambda: witness.size(log) > first, what="the next cosignature")
    server.stop()
    server.start()  # signs what was left; the witness is asked at the start
    wait_until(lambda: b"kansa.example" in (server.data / "heads/shiken.checkpoint").read_bytes(), what="a kept head with the witness's line")
    server.stop()
    shutil.copytree(server.data, tmp_path / "data-copy")
    copy = Server(tmp_path / "data-copy", server.config.read_text(encoding="utf-8"))
    copy.cli("log", "export", "--body", "shiken", "--out", str(tmp_path / "out"))
    histories = [json.loads(x)["note"] for x in (tmp_path / "out/checkpoints.jsonl").read_text(encoding="utf-8").splitlines()]
    seen = [tlog.open_checkpoint(n.encode(), log, [witness.key])[2] for n in histories]
    assert sum("kansa.example" in s for s in seen) >= 2
    state = next(witness.state.glob("*.checkpoint"))
    done = verify(tmp_path / "out", "--earlier", state, "--json")  # the witness's own file is an earlier head
    assert json.loads(done.stdout)["earlier"] == 1, done.stdout


def test_log_witness_sees_a_rollback_and_the_start_is_refused(witnessed, tmp_path):
    server, witness = witnessed
    server.start()
    act(server, 3)
    log = log_key(server)
    wait_until(lambda: witness.size(log), what="the first cosignature")
    server.stop()
    shutil.copytree(server.data, tmp_path / "yesterday")
    server.start()
    before = witness.size(log)
    act(server, 5)
    wait_until(lambda: witness.size(log) > before + 5, what="the later cosignature")
    server.stop()
    shutil.rmtree(server.data)
    shutil.move(tmp_path / "yesterday", server.data)  # the whole folder, its own kept heads included
    with pytest.raises(AssertionError, match="log.rolled_back"):
        server.start()
    assert list(witness.state.glob("refused-*.txt"))


def test_log_rollback_of_the_database_alone_is_seen_at_the_start(tmp_path):
    server = set_up(Server(tmp_path / "data", FAST)).start()
    act(server, 3)
    server.stop()
    body = server.data / "bodies/shiken"
    saved = {p.name: p.read_bytes() for p in body.glob("body.db*")}
    server.start()
    head = server.data / "heads/shiken.checkpoint"
    size = lambda: int(head.read_text(encoding="utf-8").splitlines()[1]) if head.exists() else 0  # noqa: E731
    leaves = act(server, 3)
    wait_until(lambda: size() >= leaves, what="a kept head with what was done since")
    server.stop()
    for path in body.glob("body.db*"):
        path.unlink()
    for name, data in saved.items():
        (body / name).write_bytes(data)
    with pytest.raises(AssertionError, match="log.rolled_back"):
        server.start()


def test_log_witness_that_is_away_stops_nothing(witnessed):
    server, witness = witnessed
    witness.process.send_signal(signal.SIGSTOP)
    witness.process.send_signal(signal.SIGCONT)
    config = server.config.read_text(encoding="utf-8")
    server.config.write_text(config, encoding="utf-8")
    path = re.search(r'^file = "(.*)"$', config, re.M).group(1)
    text = open(path, encoding="utf-8").read()
    with open(path, "w", encoding="utf-8") as out:
        out.write(re.sub(r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:9", text))
    server.start()
    act(server, 2)
    wait_until(lambda: "log.witness" in server.log_path.read_text(encoding="utf-8"), what="the failure in the program's log")


# --- syslog ---------------------------------------------------------------------------------------------------------------------

class Receiver:
    """Takes RFC 5425 frames over TLS and writes the messages, one a line. Can be cut."""

    def __init__(self, folder):
        self.folder = folder
        self.certificate, key = folder / "receiver.pem", folder / "receiver.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(self.certificate)], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.messages, self.connections = [], []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                raw, _ = self.socket.accept()
                connection = self.context.wrap_socket(raw, server_side=True)
            except OSError:
                if self.socket.fileno() < 0:
                    return
                continue
            self.connections.append(connection)
            threading.Thread(target=self.read, args=(connection,), daemon=True).start()

    def read(self, connection):
        data = b""
        try:
            while block := connection.recv(65536):
                data += block
                while b" " in data:
                    length, _, rest = data.partition(b" ")
                    if len(rest) < int(length):
                        break
                    self.messages.append(rest[:int(length)])
                    data = rest[int(length):]
        except OSError:
            pass

    def cut(self):
        for connection in self.connections:
            connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self.connections.clear()

    def numbers(self):
        return {int(re.search(rb'sequenceId="(\d+)"', m).group(1)) - 1 for m in self.messages}


def test_log_syslog_sends_every_leaf_and_a_gap_is_seen(tmp_path):
    receiver = Receiver(tmp_path)
    server = set_up(Server(tmp_path / "data", FAST + f'[syslog]\naddress = "127.0.0.1:{receiver.port}"\nca_file = "{receiver.certificate}"\n'))
    server.start()
    act(server, 5)
    wait_until(lambda: len(receiver.numbers()) > 10, what="the first leaves")
    receiver.cut()
    act(server, 5)
    wait_until(lambda: len(receiver.connections) > 0, seconds=20, what="a new connection")
    server.stop()
    server.cli("log", "export", "--body", "shiken", "--out", str(tmp_path / "out"))
    server.start()
    size = json.loads(verify(tmp_path / "out", "--json").stdout)["leaves"]
    wait_until(lambda: receiver.numbers() >= set(range(size)), seconds=20, what="every leaf")
    server.stop()
    message = receiver.messages[0].decode("utf-8")
    assert re.fullmatch(r"<10[89]>1 \S+Z \S+ sekisho - log \[meta sequenceId=\"\d+\"\]\[origin software=\"sekisho\"\] \ufeff\{.*\}", message), message
    received = tmp_path / "received.log"
    kept = [m for m in receiver.messages if int(re.search(rb'sequenceId="(\d+)"', m).group(1)) <= size]
    received.write_bytes(b"\n".join(kept) + b"\n")
    done = verify(tmp_path / "out", "--received", received, "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["received"] == size
    received.write_bytes(b"\n".join(m for m in kept if b'sequenceId="8"' not in m) + b"\n")
    done = verify(tmp_path / "out", "--received", received, "--json")
    assert done.returncode == 1 and keys_of(done) == {"received.gap"}
    receiver.socket.close()


def test_log_syslog_needs_a_certificate_it_can_check(tmp_path):
    receiver = Receiver(tmp_path)
    server = set_up(Server(tmp_path / "data", FAST + f'[syslog]\naddress = "127.0.0.1:{receiver.port}"\n')).start()
    wait_until(lambda: "log.syslog" in server.log_path.read_text(encoding="utf-8"), what="the refusal in the program's log")
    time.sleep(0.2)
    assert receiver.messages == []
    server.stop()
    receiver.socket.close()
