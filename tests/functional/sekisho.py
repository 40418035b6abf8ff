"""The program under test, driven from outside: its process, its command line and its HTTP interface. Standard library only."""
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("SEKISHO_BINARY", ROOT / "build/release/bin/sekisho"))
PASSWORD = "shiomino-no-kaze-7"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def text(self):
        return self.body.decode("utf-8")

    def ok(self):
        assert self.status == 200, f"{self.status} {self.body[:500]!r}"
        return self.json if self.body else {}

    def refused(self, status, key=None):
        """The one clear message of a refusal: problem+json with a stable key and a Japanese title without internals."""
        assert self.status == status, f"{self.status} instead of {status}: {self.body[:500]!r}"
        assert self.headers["Content-Type"].startswith("application/problem+json"), self.headers["Content-Type"]
        problem = self.json
        assert problem["status"] == status and problem["key"], problem
        assert is_clear(problem["title"]), problem
        if key is not None:
            assert problem["key"] == key, problem
        return problem


def is_clear(text):
    """One Japanese line that says something and shows no internals."""
    return bool(text) and "\n" not in text and re.search(r"[ぁ-んァ-ヶ一-龠]", text) and not re.search(r"0x[0-9a-f]{4}|std::|\.cpp|/tmp/|sqlite", text)


def text_between(sections, start, end):
    """The document's text from code point start to end, put together from its sections; what lies between sections is left out."""
    return "".join(s["text"][max(0, start - s["start"]):max(0, end - s["start"])] for s in sections if s["start"] < end and s["end"] > start)


class Event:
    def __init__(self, number, name, data):
        self.number, self.name, self.data = number, name, data

    def __eq__(self, other):
        return (self.number, self.name, self.data) == (other.number, other.name, other.data)

    def __repr__(self):
        return f"Event({self.number}, {self.name}, {self.data!r})"


class EventStream:
    """Server-sent events of one answer, read one by one. Comments (heartbeats) are counted and skipped."""

    def __init__(self, connection, response):
        self.connection, self.response, self.comments = connection, response, 0
        self.status, self.headers = response.status, response.headers

    def __iter__(self):
        number, name, data = None, "", []
        while True:
            line = self.response.readline()
            if not line:
                return
            line = line.decode("utf-8").rstrip("\r\n")
            if line == "":
                if data:
                    text = "\n".join(data)
                    yield Event(number, name, text if text == "[DONE]" else json.loads(text))
                number, name, data = None, "", []
            elif line.startswith(":"):
                self.comments += 1
            else:
                field, _, value = line.partition(":")
                value = value[1:] if value.startswith(" ") else value
                if field == "id":
                    number = int(value)
                elif field == "event":
                    name = value
                elif field == "data":
                    data.append(value)

    def all(self):
        with self:
            return list(self)

    def close(self):
        """As a client that loses its connection does."""
        if self.connection.sock is not None:
            self.connection.sock.close()
        self.response.close()
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Client:
    """One browser: a cookie and its CSRF token. Or a program with an API key."""

    def __init__(self, port, key=None, timeout=60, source=None):
        self.port, self.key, self.timeout, self.source = port, key, timeout, source  # source: the address that it comes from, where that matters
        self.cookie = self.csrf = self.session = self.set_cookie = None

    def _open(self, method, path, body, headers, timeout):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout or self.timeout, source_address=(self.source, 0) if self.source else None)
        send = {"Host": f"127.0.0.1:{self.port}"}
        if isinstance(body, (dict, list)):
            body = json.dumps(body, ensure_ascii=False).encode()
            send["Content-Type"] = "application/json"
        if self.key:
            send["Authorization"] = f"Bearer {self.key}"
        if self.cookie:
            send["Cookie"] = f"__Host-sekisho={self.cookie}"
        if self.csrf and method != "GET":
            send["X-Sekisho-Csrf"] = self.csrf
        send.update(headers or {})
        send = {k: v for k, v in send.items() if v is not None}
        connection.request(method, path, body, send)
        return connection, connection.getresponse()

    def call(self, method, path, body=None, headers=None, timeout=None):
        connection, response = self._open(method, path, body, headers, timeout)
        try:
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.call("POST", path, {} if body is None else body, **more)

    def patch(self, path, body, **more):
        return self.call("PATCH", path, body, **more)

    def delete(self, path, **more):
        return self.call("DELETE", path, **more)

    def put(self, path, body, **more):
        return self.call("PUT", path, body, **more)

    def events(self, method, path, body=None, headers=None, timeout=None):
        connection, response = self._open(method, path, body, headers, timeout)
        return EventStream(connection, response)

    def login(self, login, password=PASSWORD, body=None):
        answer = self.post("/api/v1/session", {"login": login, "password": password, **({"body": body} if body else {})})
        if answer.status == 200:
            self.set_cookie = answer.headers["Set-Cookie"]
            self.cookie = re.match(r"__Host-sekisho=([^;]*)", self.set_cookie).group(1)
            self.session = answer.json
            self.csrf = self.session["csrf"]
        return answer

    def elevate(self, minutes=5, reason="試験の作業のため", password=PASSWORD):
        """Opens privileged rights where this person has to."""
        if self.get("/api/v1/session").ok()["elevation"]["asked"]:
            return self.post("/api/v1/elevation", {"minutes": minutes, "reason": reason, "password": password}).ok()
        return None

    # --- what most tests do ---------------------------------------------------------------------------------------------------

    def new_collection(self, name, confidentiality=2, readers="all"):
        return self.post("/api/v1/collections", {"name": name, "description": "試験用", "confidentiality": confidentiality, "readers": readers}).ok()

    def new_upload(self, collection):
        return self.post(f"/api/v1/collections/{collection}/uploads").ok()["id"]

    def put_file(self, upload, name, data):
        return self.put(f"/api/v1/uploads/{upload}/files?name={quote(name)}", data, headers={"Content-Type": "application/octet-stream"})

    def wait_upload(self, upload, seconds=120):
        """Follows the progress events until nothing waits; returns the Upload with its files."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            with self.events("GET", f"/api/v1/uploads/{upload}/events", timeout=seconds) as events:
                assert events.status == 200
                for event in events:
                    if event.name == "done":
                        break
            state = self.get(f"/api/v1/uploads/{upload}").ok()
            if state["waiting"] == 0:
                return state
        raise AssertionError(f"upload still waits after {seconds} s: {state}")

    def wait_ready(self, document, seconds=60):
        """Until the document is read and a search finds it, or it has failed."""
        def settled():
            d = self.get(f"/api/v1/documents/{document}").ok()
            return d if d["state"] in ("ready", "failed") else None
        return wait_until(settled, seconds, "reading")

    def add_files(self, collection, files, seconds=120):
        """files: {name: bytes}. Returns {name: Document} when all are read."""
        upload = self.new_upload(collection)
        ids = {name: self.put_file(upload, name, data).ok()["id"] for name, data in files.items()}
        self.wait_upload(upload, seconds)
        return {name: self.wait_ready(id, seconds) for name, id in ids.items()}

    def new_service(self, approval="承認第1号", ceiling=3, **more):
        """An approved external service in force, the one that has this number already or a new one."""
        for service in self.get("/api/v1/services").ok()["items"]:
            if service["approval"] == approval and service["state"] == "in force" and not more:
                return service["id"]
        return self.post("/api/v1/services", {"provider": "試験の提供者", "name": f"試験のサービス {approval}", "ceiling": ceiling, "approved_by": "統括",
                                              "approval": approval, **more}).ok()["id"]

    def new_flow(self, endpoint, segment="lgwan", content=("text",), **more):
        return self.post("/api/v1/flows", {"from_segment": segment, "to_endpoint": endpoint, "purpose": "試験の質問", "content": list(content), "permitted_by": "統括",
                                           **more}).ok()["id"]

    def new_endpoint(self, name, url, model, ceiling=2, segments=("lgwan",), approval="承認第1号", flows=("lgwan",), **more):
        """A model endpoint with what stands behind it: the approved service and the flows to it. Ready for use unless something of that is left out."""
        service = {"service": self.new_service(approval)} if approval else {}
        made = self.post("/api/v1/endpoints", {"name": name, "protocol": "openai", "url": url, "model": model, "ceiling": ceiling, "segments": list(segments),
                                               "enabled": True, **service, **more}).ok()["id"]
        for segment in flows:
            self.new_flow(made, segment)
        return self.patch(f"/api/v1/endpoints/{made}", {}).ok()

    def new_chat(self, collections=(), endpoint=None, title=""):
        return self.post("/api/v1/chats", {"title": title, "collections": list(collections), "endpoint": endpoint}).ok()["id"]

    def ask(self, chat, text, parent=None, regenerate_of=None, timeout=None):
        return self.events("POST", f"/api/v1/chats/{chat}/messages", {"text": text, "parent_id": parent, "regenerate_of": regenerate_of}, timeout=timeout)

    def answer(self, chat, text, **more):
        """Asks and returns the finished assistant message."""
        events = self.ask(chat, text, **more).all()
        assert events and events[-1].name in ("done", "error"), events[-3:]
        return events[-1].data["message"]

    def messages(self, chat):
        return self.get(f"/api/v1/chats/{chat}").ok()["messages"]

    def pair(self, chat):
        """Question and answer of a chat that has one of each."""
        by_role = {m["role"]: m for m in self.messages(chat)}
        return by_role["user"], by_role["assistant"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`sekisho serve` with its data folder."""

    def __init__(self, data, settings="", log=None):
        self.data, self.port, self.process = Path(data), free_port(), None
        self.data.mkdir(parents=True, exist_ok=True)
        self.config = self.data.parent / f"{self.data.name}.toml"
        self.config.write_text(settings, encoding="utf-8")
        self.log_path = Path(log or self.data.parent / f"{self.data.name}.log")
        self.out_path = self.log_path.with_suffix(".out")
        self.environment = None

    def shift_clock(self, seconds):
        """The program's wall clock is ahead by so much: what is started from now on, and at once what runs and was started after the first call."""
        ahead = self.data.parent / f"{self.data.name}.clock"
        ahead.with_suffix(".new").write_text(f"{seconds}\n", encoding="ascii")
        ahead.with_suffix(".new").replace(ahead)
        if self.environment is None:
            shim = self.data.parent / f"{self.data.name}-shift.so"
            subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", str(shim), str(Path(__file__).with_name("shift_clock.c")), "-ldl"], check=True)
            self.environment = os.environ | {"LD_PRELOAD": str(shim), "SEKISHO_TEST_CLOCK": str(ahead)}

    def cli(self, *arguments, check=True, stdin=None):
        done = subprocess.run([str(BINARY), *arguments, "--data", str(self.data), "--config", str(self.config)], input=stdin, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=300, env=self.environment)
        if check:
            assert done.returncode == 0, f"sekisho {' '.join(arguments)}: {done.returncode}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}"
        return done

    def launch(self):
        log, out = open(self.log_path, "ab"), open(self.out_path, "ab")
        self.process = subprocess.Popen([str(BINARY), "serve", "--data", str(self.data), "--config", str(self.config), "--set",
                                         f"listen.port={self.port}"],
                                        stdin=subprocess.DEVNULL, stdout=out, stderr=log, env=self.environment)
        log.close()
        out.close()

    def start(self, wait=30):
        self.launch()
        limit = time.monotonic() + wait
        while time.monotonic() < limit:
            if self.process.poll() is not None:
                raise AssertionError(f"sekisho serve ended with {self.process.returncode}:\n{self.log_tail()}")
            try:
                if self.client(timeout=5).get("/readyz").status == 200:
                    return self
            except OSError:
                time.sleep(0.01)
        raise AssertionError(f"sekisho serve is not ready after {wait} s:\n{self.log_tail()}")

    def log_tail(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")[-3000:]

    def client(self, **more):
        return Client(self.port, **more)

    def first_login(self, login, password=PASSWORD):
        """A client of somebody whose account was just made; a provisional password is changed."""
        client = self.client()
        client.login(login, password).ok()
        if client.session["password_must_change"]:
            client.put("/api/v1/session/password", {"current": password, "next": password + "x"}).ok()
            client = self.client()
            client.login(login, password + "x").ok()
        return client

    def stop(self, wait=30):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=wait)
        return self.process.returncode if self.process else None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def verify_log(self, body):
        return self.cli("log", "verify", "--body", body)


class ModelServer:
    """model_server.py as a process of its own."""

    def __init__(self):
        self.process = subprocess.Popen(["/usr/bin/python3", "-B", str(Path(__file__).with_name("model_server.py"))], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}/v1"

    def control(self, method, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def requests(self):
        return self.control("GET", "/control/requests")

    def forget(self):
        self.control("DELETE", "/control/requests")

    def open_answers(self):
        return self.control("GET", "/control/open")

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


def wait_until(condition, seconds=10, what="the condition"):
    """For states that only polling shows."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come true within {seconds} s")
