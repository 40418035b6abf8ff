"""Mail for notices, through a real SMTP server (aiosmtpd) with STARTTLS and a login: a number and a link, tried again when it is not taken, given up when it never is."""
import base64
import email
import email.policy
import ssl
import subprocess

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sekisho import Server, free_port, wait_until
from shiken import SETTINGS, set_up
from test_office import case_of, move, open_case

SECRET = "人に言えない持出しの理由"


class Post:
    """What the server took; `answer`: what it says instead of taking."""

    def __init__(self):
        self.taken, self.answer, self.seen = [], None, []

    async def handle_DATA(self, _server, session, envelope):
        self.seen.append(email.message_from_bytes(envelope.content, policy=email.policy.default)["Message-ID"])
        if self.answer:
            return self.answer
        self.taken.append((envelope.rcpt_tos, envelope.content, session.ssl is not None, session.authenticated))
        return "250 OK"


@pytest.fixture(scope="module")
def post(tmp_path_factory):
    folder = tmp_path_factory.mktemp("post")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    handler = Post()
    check = lambda _server, _session, _envelope, _mechanism, data: AuthResult(success=(data.login, data.password) == (b"sekisho", b"himitsu-no-kotoba"))
    controller = Controller(handler, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True, authenticator=check, auth_required=True)
    controller.start()
    handler.port, handler.certificate = controller.port, folder / "cert.pem"
    yield handler
    controller.stop()


def mail_settings(post, folder):
    """What an operator writes, so that the program's mail comes to `post`."""
    (folder / "password").write_text("himitsu-no-kotoba\n", encoding="ascii")
    return f"""[mail]
host = "127.0.0.1"
port = {post.port}
from = "sekisho@city.example.lg.jp"
login = "sekisho"
password_file = "{folder / 'password'}"
ca_file = "{post.certificate}"
link = "https://sekisho.example.lg.jp/"
interval_ms = 200
"""


@pytest.fixture(scope="module")
def place(post, tmp_path_factory):
    folder = tmp_path_factory.mktemp("mail")
    server = set_up(Server(folder / "data", SETTINGS + mail_settings(post, folder)))
    server.shift_clock(0)
    server.start()
    people = {}
    for login in ("hanako", "kacho", "kanri"):
        people[login] = server.client()
        people[login].login(login).ok()
    people["server"] = server
    yield people
    server.stop()
    server.verify_log("shiken")


@pytest.fixture(autouse=True)
def taking(post):
    post.answer = None
    yield
    post.answer = None


def ask_permission(place):
    case = open_case(place["hanako"], "private-devices", device="電話", device_kind="mobile", purpose=SECRET, **{"class": {"c": 2, "i": 1, "a": 1}, "from": "2026-01-01", "until": "2035-03-31"},
                     rules_read=True, protection="施錠")
    move(place["hanako"], case, "submit").ok()
    return case


def told(place):
    return place["kanri"].get("/api/v1/mail").ok()


def test_mail_says_how_many_notices_wait_and_nothing_else(place, post):
    kacho = place["kacho"]
    assert kacho.get("/api/v1/session/mail").ok() == {"address": None, "receives": False, "may_stop": True}
    for wrong in ("kacho", "a b@example.jp", "a@b\r\nBcc: x@y", "@example.jp", "a@"):
        kacho.put("/api/v1/session/mail", {"address": wrong}).refused(400, "mail.address")
    assert kacho.put("/api/v1/session/mail", {"address": "kacho@city.example.lg.jp"}).ok() == {"address": "kacho@city.example.lg.jp", "receives": True, "may_stop": True}
    case = ask_permission(place)
    wait_until(lambda: post.taken, 20, "the mail")
    to, content, encrypted, authenticated = post.taken[0]
    assert to == ["kacho@city.example.lg.jp"] and encrypted and authenticated
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert message["From"] == "sekisho@city.example.lg.jp" and message["Auto-Submitted"] == "auto-generated" and message["Message-ID"] and message["Date"].datetime
    text = message.get_content()
    assert message["Subject"] == "1 件のお知らせ（関所）" and "1 件のお知らせがあります。" in text and "https://sekisho.example.lg.jp/office/notices" in text
    for word in (SECRET, "電話", "私物", "hanako", case_of(place["hanako"], case)["number"]):
        assert word not in text and word not in message["Subject"] and base64.b64encode(word.encode())[:8] not in content
    wait_until(lambda: [(i["state"], i["notices"], i["tries"]) for i in told(place)["items"]] == [("sent", 1, 1)], 20, "the letter's row")
    assert told(place)["configured"] and [b["login"] for b in told(place)["boxes"]] == ["kacho"]


def test_mail_that_is_not_taken_is_tried_again_and_what_comes_meanwhile_goes_along(place, post):
    post.answer, before = "452 4.3.1 no room", len(post.taken)
    ask_permission(place)
    wait_until(lambda: [i for i in told(place)["items"] if i["state"] == "waiting" and i["tries"] == 1], 20, "a try")
    ask_permission(place)
    waiting = wait_until(lambda: [i for i in told(place)["items"] if i["state"] == "waiting" and i["notices"] == 2], 20, "both notices in one letter")
    assert "452" in waiting[0]["error"] and waiting[0]["next_at"] > waiting[0]["made_at"]
    post.answer = None
    place["server"].shift_clock(90)  # the first wait is a minute
    wait_until(lambda: len(post.taken) > before, 20, "the mail")
    message = email.message_from_bytes(post.taken[-1][1], policy=email.policy.default)
    assert "2 件のお知らせ" in message.get_content() and post.seen.count(message["Message-ID"]) == 2, "the same letter, under the same id"


def test_mail_that_is_never_taken_is_given_up_and_told_of(place, post):
    post.answer = "550 5.1.1 no such person"
    ask_permission(place)
    wait_until(lambda: [i for i in told(place)["items"] if i["state"] == "failed"], 20, "the end of the letter")
    alarm = wait_until(lambda: [a for a in place["kanri"].get("/api/v1/alarms").ok()["items"] if a["kind"] == "mail_given_up"], 20, "the alarm")[0]
    assert "550" in alarm["detail"] and alarm["clause"]


def test_mail_is_turned_off_by_its_reader_as_far_as_the_body_allows(place, post):
    hanako, kacho, kanri = place["hanako"], place["kacho"], place["kanri"]
    for refused in (hanako.get("/api/v1/mail"), hanako.put("/api/v1/mail/boxes", {"login": "kacho", "address": "x@y"}), hanako.put("/api/v1/mail/rule", {"opt_out": False})):
        refused.refused(403)
    kanri.put("/api/v1/mail/boxes", {"login": "nobody", "address": "x@y"}).refused(404, "accounts.not_found")
    kanri.put("/api/v1/mail/boxes", {"login": "kacho", "address": "zeimu@city.example.lg.jp"}).ok()
    kanri.put("/api/v1/mail/rule", {"opt_out": False}).ok()
    kacho.put("/api/v1/session/mail", {"address": None}).refused(403, "mail.no_opt_out")
    kacho.put("/api/v1/session/mail", {"address": "elsewhere@example.jp"}).refused(403, "mail.no_opt_out")
    kanri.put("/api/v1/mail/rule", {"opt_out": True}).ok()
    assert kacho.put("/api/v1/session/mail", {"address": None}).ok() == {"address": "zeimu@city.example.lg.jp", "receives": False, "may_stop": True}
    wait_until(lambda: all(i["state"] != "waiting" for i in told(place)["items"]), 20, "nothing to wait")
    before, letters = len(post.seen), len(told(place)["items"])
    ask_permission(place)
    kanri.put("/api/v1/mail/boxes", {"login": "kacho", "address": None}).ok()
    ask_permission(place)
    assert len(told(place)["items"]) == letters and len(post.seen) == before and told(place)["boxes"] == []


def test_mail_is_tried_out_by_a_command_beside_the_server(place, post):
    before = len(post.taken)
    done = place["server"].cli("mail", "test", "--to", "operator@city.example.lg.jp")
    assert "受け取りました" in done.stdout and len(post.taken) == before + 1 and post.taken[-1][0] == ["operator@city.example.lg.jp"]
    assert place["server"].cli("mail", "test", "--to", "a b", check=False).returncode != 0
    post.answer = "452 4.3.1 no room"
    refused = place["server"].cli("mail", "test", "--to", "operator@city.example.lg.jp", check=False)
    assert refused.returncode != 0 and "メールサーバー" in refused.stderr


def test_mail_settings_that_cannot_work_stop_the_start(tmp_path):
    good = 'host = "127.0.0.1"\nfrom = "a@example.jp"\nlink = "https://x"\n'
    for settings in ('host = "a b"\nfrom = "a@b"\nlink = "https://x"', 'host = "127.0.0.1"\nfrom = "nobody"\nlink = "https://x"', 'host = "127.0.0.1"\nfrom = "a@example.jp"\nlink = "x"',
                     good + 'tls = "perhaps"', good + 'login = "a"\ntls = "none"', good + f'login = "a"\npassword_file = "{tmp_path}/none"'):
        server = set_up(Server(tmp_path / "data", f"[mail]\n{settings}\n"))
        with pytest.raises(AssertionError):
            server.start()
