"""Two bodies in one program, and people who may do everything but belong elsewhere: the world of test_reach.py and test_foreign_rows.py.

uchi (税務課) makes things inside (segment lgwan). Who must not reach them: soto (福祉課, the same powers), yoso (another body, the same powers), and uchi
herself from another segment. aite (税務課) signs and rules where the second person of the department is asked.
"""
import base64
import json
import re
import time
from datetime import datetime, timedelta, timezone

from sekisho import PASSWORD, Client, Server, free_port, wait_until
from shiken import PROFILE, SETTINGS, carry_out, set_up

RULES = json.loads((__import__("sekisho").ROOT / "packs/policy/actions.json").read_text(encoding="utf-8"))["rules"]
# Every power that an action asks for, and the power to sign for one's department. Those that answer for the whole body are nobody's here.
POWERS = sorted({r["power"] for r in RULES.values()} - {"", "program", "bodies.set_up", "directory.manage"} | {"decide.section"})
BODY = PROFILE | {"roles": PROFILE["roles"] + [{"code": "subete", "name": "すべて", "scope": "whole", "superior": None, "powers": POWERS}]}
PEOPLE = {"uchi": "zeimu", "aite": "zeimu", "soto": "fukushi"}
SECRET = "翡翠の秘密"  # stands in everything that is made inside
WORD = "琥珀の符丁"     # the body's own word that must not be sent
ULID = re.compile(rb"[0-7][0-9A-HJKMNP-TV-Z]{25}")
REQUEST = re.compile(rb'"request_id":"[^"]*"')
MILLISECONDS = re.compile(rb'"ms":[0-9.eE+-]+')
NOBODYS = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


def add_person(server, body, login, department, password):
    server.cli("user", "create", "--body", body, "--login", login, "--name", f"{login} さん", "--department", department, "--roles", "subete", "--clearance", "3",
               "--password-file", str(password))


# A register of the body's own: who opened a case has a part in it, and the managers of her department.
REGISTER = """format: 1
id: NAME
title: 試験の台帳
kind: register
group: plans
capabilities: [use-permits]
clauses: ["6(8)ア"]
open: {by: [{anyone: true}], clauses: ["6(8)ア"], notices: [{to: [{person: opener}], say: "{number} を開きました。"}]}
sensitivity: {at_least: 2}
subject: [what]
department: unit
fields:
  - {key: what, title: こと, type: text, required: true, draft: {from: [what, unit], instruction: incident_report}}
  - {key: unit, title: 課, type: department}
  - {key: file, title: 資料, type: attachment, several: true}
  - key: sheet
    title: 点検
    type: table
    rows: {from: clauses, actors: [staff], modality: [must], kinds: [check], answer: answer, good: [good], gaps: [bad]}
    columns:
      - {key: id, title: 識別子, type: text, given: clause}
      - {key: label, title: 条項, type: clause, given: label}
      - {key: text, title: 条文, type: long_text, given: text}
      - {key: answer, title: 答え, type: choice, choices: [{key: good, title: 良い}, {key: bad, title: 悪い}]}
states:
  - {key: begun, title: 受付, kind: open}
  - {key: done, title: 済み, kind: closed}
transitions:
  - {key: finish, title: 済ませる, from: [begun], to: done, by: [{person: opener}, {power: decide.section, in: unit}], clauses: ["6(8)ア"]}
print: {sections: [{title: 内容, fields: [what, unit, file]}, {title: 経緯, history: true}], dossier: {figures: [NAME]}}
list: {columns: [number, what, state]}
"""


class World:
    def __init__(self, folder):
        self.internet = free_port()
        listeners = f'[[listeners]]\naddress = "127.0.0.1"\nport = {self.internet}\nsegment = "internet"\n'
        self.server = Server(folder / "data", SETTINGS + listeners)
        today = datetime.now(timezone(timedelta(hours=9)))
        last = today.replace(day=1) - timedelta(days=10)
        self.period = last.strftime("%Y-%m")
        self.server.shift_clock(int((last - today).total_seconds()))
        set_up(self.server, BODY)
        profile, password = folder / "tonari.json", folder / "password"
        profile.write_text(json.dumps(BODY | {"name": "隣市"}, ensure_ascii=False), encoding="utf-8")
        password.write_text(PASSWORD + "\n", encoding="ascii")
        for login, department in PEOPLE.items():
            add_person(self.server, "shiken", login, department, password)
        self.live_last_month()
        self.server.cli("body", "create", "--code", "tonari", "--profile", str(profile))
        add_person(self.server, "tonari", "yoso", "zeimu", password)
        self.count = 0
        self.register_of_cases = None

    def start(self):
        # Notices that the program opened when it could not record: it does so now.
        self.alarms = ["01ARZ3NDEKTSV4RRFFQ69G5FA" + c for c in "0123456789"]
        folder = self.server.data / "bodies/shiken/alarms"
        folder.mkdir(mode=0o700)
        for alarm in self.alarms:
            (folder / f"{alarm}.clock_stepped").touch(mode=0o600)
        self.server.start()
        wait_until(lambda: not any(folder.iterdir()), 20, "the notices recorded")
        self.start_again()
        return self

    def live_last_month(self):
        """Somebody was here in the month before this one, so that it has its review. Times of records never go back: the body was made then."""
        self.server.start()
        self.server.client().login("uchi", body="shiken").ok()
        self.server.stop()
        self.server.shift_clock(0)

    def start_again(self):
        self.uchi, self.aite, self.soto = self.login("uchi"), self.login("aite"), self.login("soto")
        self.yoso = self.login("yoso", body="tonari")
        self.outside = {name: self.login(name, port=self.internet) for name in ("uchi", "aite")}

    def stop(self):
        self.server.stop()
        for body in ("shiken", "tonari"):
            self.server.verify_log(body)

    def login(self, name, body="shiken", port=None):
        client = Client(port or self.server.port)
        client.login(name, body=body).ok()
        return client

    def stranger(self, which, owner="uchi"):
        """From another department, another body, or the owner herself from another segment."""
        return {"department": self.soto, "body": self.yoso, "segment": self.outside.get(owner)}[which]

    def passing(self, which):
        """A stranger who is nobody else, for what ends sessions."""
        maker = self.yoso if which == "body" else self.uchi
        login = self.user(maker, "fukushi" if which == "department" else "zeimu", "通りがかり")["login"]
        return self.login(login, body="tonari" if which == "body" else "shiken", port=self.internet if which == "segment" else None)

    def name(self):
        self.count += 1
        return f"{SECRET} {self.count}"

    # --- what uchi makes ----------------------------------------------------------------------------------------------------------

    def collection(self):
        return {"id": self.uchi.new_collection(self.name(), readers="department")["id"]}

    def file(self):
        return {f"{self.name()}.txt": f"{SECRET}。転入届の期限は14日以内とする。".encode()}

    def document(self):
        return {"id": next(iter(self.uchi.add_files(self.collection()["id"], self.file()).values()))["id"]}

    def upload(self):
        upload = self.uchi.new_upload(self.collection()["id"])
        for name, data in self.file().items():
            self.uchi.put_file(upload, name, data).ok()
        self.uchi.wait_upload(upload)
        return {"id": upload}

    def unruled(self):
        upload = self.uchi.post(f"/api/v1/collections/{self.collection()['id']}/uploads", {"class_unknown": True}).ok()["id"]
        (name, data), = self.file().items()
        document = self.uchi.put_file(upload, name, data).ok()["id"]
        self.uchi.wait_upload(upload)
        return {"id": document}

    def chat(self):
        return {"id": self.uchi.new_chat(title=self.name())}

    def asked(self):
        chat = self.chat()["id"]
        events = self.uchi.ask(chat, f"{SECRET}とは何ですか").all()
        return {"chat": chat, "stream": events[0].data["stream_id"], "message": events[-1].data["message"]["id"]}

    def message(self):
        return {"id": self.asked()["message"]}

    def stream(self):
        return {"id": self.asked()["stream"]}

    def appointment(self):
        department = self.uchi.get("/api/v1/departments").ok()["items"][0]["id"]
        return {"id": self.uchi.post("/api/v1/appointments", {"user_id": self.user()["id"], "department_id": department, "role": "shokuin", "kind": "concurrent",
                                                              "from": "2026-04-01", "basis": self.name()}).ok()["id"]}

    def version(self):
        made = self.uchi.post("/api/v1/organisation/versions", {"document": BODY, "note": self.name()}).ok()
        return {"id": NOBODYS[:-1] + "W", "number": str(made["number"])}

    def review(self):
        return {"id": NOBODYS[:-1] + "R", "period": self.period}

    def alarm(self):
        return {"id": self.alarms.pop()}

    def hold(self):
        incident = self.name()
        made = self.uchi.post("/api/v1/retention/holds", {"kind": "access", "from_month": "2026-01", "incident": incident, "reason": SECRET}).ok()
        return {"id": next(h["id"] for h in made["holds"] if h["incident"] == incident)}

    def disposed(self):
        """A disposal of a chat of uchi, with its certificate."""
        made = self.uchi.post("/api/v1/disposals", {"scope": "chat", "target": self.chat()["id"], "what": self.name(), "reason": f"{SECRET}のため"}).ok()
        request = self.aite.get(f"/api/v1/approvals/{made['approval']}").ok()
        self.aite.post(f"/api/v1/approvals/{request['id']}/grant", {"content_hash": request["content_hash"]}).ok()
        wait_until(lambda: self.uchi.get(f"/api/v1/disposals/{made['id']}").ok()["disposal"]["state"] == "certified", 60, "certificate")
        return {"id": made["id"]}

    def draft(self):
        return {"id": self.uchi.post("/api/v1/approvals", carry_out(reason=f"{SECRET}のため", submit=False)).ok()["id"]}

    def submitted(self):
        made = self.uchi.post("/api/v1/approvals", carry_out(reason=f"{SECRET}のため")).ok()
        return {"id": made["id"], "content_hash": made["content_hash"]}

    def granted(self):
        made = self.submitted()
        self.aite.post(f"/api/v1/approvals/{made['id']}/grant", {"content_hash": made["content_hash"]}).ok()
        return {"id": made["id"]}

    def session(self):
        """Another session of uchi, by its id."""
        self.login("uchi")
        return {"id": next(s["id"] for s in self.uchi.get("/api/v1/sessions").ok()["items"] if not s["current"])}

    def key(self):
        return {"id": self.uchi.post("/api/v1/keys", {"name": self.name()}).ok()["id"]}

    def policy(self):
        """A policy document of uchi's, with one repair: a misprinted label."""
        text = f"1 {self.name()}\n\n(1) {SECRET}\n(1) 乙\n(3) 丙\n"
        made = self.uchi.post("/api/v1/policies", {"name": "方針.txt", "content": base64.b64encode(text.encode()).decode()}).ok()
        clause = self.uchi.get(f"/api/v1/policies/versions/{made['version']}").ok()["clauses"][0]["id"]
        return {"id": made["version"], "clause": clause}

    def policy_open(self):
        """A draft that is open for opinions, with one of them."""
        text = f"1 {self.name()}\n\n(1) {SECRET}\n(2) 乙\n(3) 丙\n"
        made = self.uchi.post("/api/v1/policies", {"name": "案.txt", "content": base64.b64encode(text.encode()).decode()}).ok()
        where = f"/api/v1/policies/versions/{made['version']}"
        clauses = self.uchi.get(where).ok()["clauses"]
        self.uchi.post(where + "/state", {"to": "opinions"}).ok()
        opinion = self.uchi.post(where + "/opinions", {"content": SECRET}).ok()
        return {"id": made["version"], "document": made["document"], "clause": clauses[-1]["id"], "other": clauses[1]["id"], "opinion": opinion["id"]}

    def policy_public(self):
        """A version in force, published, with one clause withheld."""
        text = f"1 {self.name()}\n\n(1) {SECRET}\n(2) 乙\n"
        made = self.uchi.post("/api/v1/policies", {"name": "公表.txt", "content": base64.b64encode(text.encode()).decode()}).ok()
        where = f"/api/v1/policies/documents/{made['document']}"
        clause = self.uchi.get(f"/api/v1/policies/versions/{made['version']}").ok()["clauses"][-1]["id"]
        self.uchi.post(f"/api/v1/policies/versions/{made['version']}/declare", {"effective_on": "2020-01-01", "decision": "委員会"}).ok()
        self.uchi.post(where + "/publication", {}).ok()
        self.uchi.post(where + "/reading").ok()
        self.uchi.post(f"{where}/withheld/{clause}", {"reason": SECRET}).ok()
        return {"id": made["version"], "document": made["document"], "clause": clause}

    def register(self):
        """A definition of the body's own."""
        self.count += 1
        name = f"reach{self.count}"
        made = self.uchi.post("/api/v1/office/definitions", {"source": REGISTER.replace("NAME", name)}).ok()
        return {"id": made["id"], "definition": name}

    def case(self):
        """A case of uchi's, with a file in it."""
        if not self.register_of_cases:
            self.register_of_cases = self.register()["definition"]
        where = f"/api/v1/office/definitions/{self.register_of_cases}/cases"
        made = self.uchi.post(where, {"fields": {"what": self.name()}}).ok()
        made = self.uchi.post(f"/api/v1/office/cases/{made['id']}/attachments", {"field": "file", "name": f"{SECRET}.txt", "content": base64.b64encode(SECRET.encode()).decode()}).ok()
        return {"id": made["id"], "hash": made["hash"]}

    def case_file(self):
        made = self.uchi.get(f"/api/v1/office/cases/{self.case()['id']}").ok()
        return {"id": made["attachments"][0]["id"]}

    def case_notice(self):
        made = self.uchi.get(f"/api/v1/office/cases/{self.case()['id']}").ok()
        return {"id": made["notices"][0]["id"]}
    def evidence(self):
        return {"id": self.uchi.post("/api/v1/policies/coverage/evidence", {"control": "training_yearly", "what": self.name(), "date": "2026-04-01"}).ok()["id"]}

    def gap(self):
        """An open gap that was not given before: in a body without evidence there are many."""
        self.uchi.post("/api/v1/policies/coverage/gaps").ok()
        used = self.__dict__.setdefault("used_gaps", set())
        found = next(g["id"] for g in self.uchi.get("/api/v1/policies/coverage").ok()["gaps"] if g["closed_at"] is None and g["id"] not in used)
        used.add(found)
        return {"id": found}
    def policy_meaning(self):
        """The same, of the first clause that asks for something."""
        made = self.policy()
        one = self.uchi.get(f"/api/v1/policies/versions/{made['id']}/meanings").ok()["items"][0]
        return made | {"clause": one["clause"], "hash": one["hash"]}

    def service(self):
        return {"id": self.uchi.new_service(self.name(), ceiling=3)}

    def endpoint(self):
        return {"id": self.uchi.new_endpoint(self.name(), "http://127.0.0.1:9/v1", "m")["id"]}

    def flow(self):
        return {"id": self.uchi.new_flow(self.endpoint()["id"])}

    def user(self, maker=None, department="zeimu", name=None):
        maker = maker or self.uchi
        unit = next(d["id"] for d in maker.get("/api/v1/departments").ok()["items"] if d["code"] == department)
        self.count += 1
        login = f"reach{self.count}"
        made = maker.post("/api/v1/users", {"login": login, "name": name or self.name(), "department_id": unit, "roles": ["shokuin"], "password": PASSWORD}).ok()
        return {"id": made["user"]["id"], "login": login}

    def factor(self):
        """A person with a second factor that is not confirmed, and one that is."""
        from security_key import App
        user = self.user()
        client = self.login(user["login"])
        begun = client.post("/api/v1/factors/totp", {"password": PASSWORD, "name": SECRET}).ok()
        client.post(f"/api/v1/factors/totp/{begun['id']}", {"code": App(begun["secret"]).code()}).ok()
        return {"id": begun["id"], "user": user["id"], "client": client}

    def begun_factor(self):
        from security_key import App
        client = self.login(self.user()["login"])
        begun = client.post("/api/v1/factors/totp", {"password": PASSWORD, "name": SECRET}).ok()
        return {"id": begun["id"], "client": client, "code": App(begun["secret"]).code()}

    def stop_of_exports(self):
        return {"id": self.uchi.post("/api/v1/stops", {"kind": "exports", "basis": "ordered", "basis_by": "CISO", "reason": SECRET}).ok()["id"]}


def normal(answer, *ids):
    """What an answer tells, without what differs between any two requests and without the ids that were asked for."""
    body = MILLISECONDS.sub(b'"ms":0', REQUEST.sub(b"", answer.body))
    for i in ids:
        body = body.replace(i.encode(), b"ID")
    return answer.status, answer.headers["Content-Type"], body


def hidden(answer, unknown, *ids):
    """True when the answer tells no more than that for an id which does not exist, or refuses by the segment."""
    if answer.status == 403 and answer.json["key"] in ("policy.segment", "policy.elsewhere"):
        return True
    return normal(answer, *ids) == normal(unknown, NOBODYS)
