"""Each operation of the program from another department, another body and another segment: what is made inside does not exist there.

The list of operations is the program's own (src/http/routes.cpp, which is checked against the registry at its start and against api/openapi.yaml in
test_routes.py). One without a row here fails. A row says how its target is made, who may act on it, and for which strangers the operation is by rule
the same as for its owner, with the reason; such a rule is tested too.
"""
import base64
import re
from dataclasses import dataclass, field

import pytest
from reach_world import NOBODYS, SECRET, ULID, WORD, World, hidden, normal
from sekisho import PASSWORD
from test_routes import BODIES, OPEN, ROUTES

STRANGERS = ("department", "body", "segment")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("reach")).start()
    yield world
    world.stop()


BODY_WIDE = "団体に1つの記録で、権限のある人は課室やセグメントによらず扱う"
OWN = "本人のもので、本人はどのセグメントからも終わらせられる・変えられる"
APPROVAL = "関わる人には、どのセグメントにいても、申請のあることだけが見える。中身は、出されたセグメントで扱う"


def by_rule(reason, *strangers):
    return {stranger: reason for stranger in strangers}


@dataclass
class Row:
    """make: name of World's maker. owner: who may. body: what to send, a function of the target. same: stranger -> why the operation is the same for it.
    status: what the owner gets; elsewhere: in another segment, where that is not the same."""
    make: str
    owner: str = "uchi"
    body: object = None
    same: dict = field(default_factory=dict)
    status: int = 200
    elsewhere: int = 0


def hashed(target):
    return {"content_hash": target.get("content_hash", "x"), "note": "試験のため"}


BODY_RECORD = by_rule(BODY_WIDE, "department", "segment")
OF_SELF = by_rule(OWN, "segment")
ASKED = by_rule(APPROVAL, "segment")
PASSWORD_BODY = {"password": PASSWORD}
WITH_ID = {
    ("DELETE", "/api/v1/sessions/{id}"): Row("session", same=OF_SELF),
    ("POST", "/api/v1/factors/totp/{id}"): Row("begun_factor", owner="client", body=lambda t: {"code": t.get("code", "123456")}),
    ("POST", "/api/v1/factors/{id}/stop"): Row("factor", owner="client", body=lambda t: PASSWORD_BODY),
    ("POST", "/api/v1/factors/{id}/remove"): Row("factor", owner="client", body=lambda t: PASSWORD_BODY),
    ("GET", "/api/v1/approvals/{id}"): Row("submitted", same=ASKED),
    ("PATCH", "/api/v1/approvals/{id}"): Row("draft", body=lambda t: {"reason": "書き直した理由です"}, same=ASKED, elsewhere=403),
    ("POST", "/api/v1/approvals/{id}/submit"): Row("draft", same=ASKED, elsewhere=403),
    ("POST", "/api/v1/approvals/{id}/grant"): Row("submitted", owner="aite", body=hashed, same=ASKED, elsewhere=403),
    ("POST", "/api/v1/approvals/{id}/refuse"): Row("submitted", owner="aite", body=hashed, same=ASKED, elsewhere=403),
    ("POST", "/api/v1/approvals/{id}/return"): Row("submitted", owner="aite", body=hashed, same=ASKED, elsewhere=403),
    ("POST", "/api/v1/approvals/{id}/revoke"): Row("granted", owner="aite", body=lambda t: {"reason": "試験のため"}, same=ASKED, elsewhere=403),
    ("POST", "/api/v1/approvals/{id}/finish"): Row("submitted", same=ASKED, elsewhere=403),
    # Nothing stands in aite's way, so there is nothing to except: she is told so, and strangers are not.
    ("POST", "/api/v1/approvals/{id}/override"): Row("submitted", owner="aite", body=lambda t: hashed(t) | {"reason": "止むを得ない場合の試験のため"}, same=ASKED, elsewhere=403, status=409),
    ("POST", "/api/v1/approvals/{id}/see"): Row("submitted", same=ASKED),
    ("DELETE", "/api/v1/collections/{id}"): Row("collection"),
    ("GET", "/api/v1/collections/{id}/lowering"): Row("collection"),
    ("POST", "/api/v1/collections/{id}/lowering"): Row("collection", body=lambda t: {"confidentiality": 1, "reason": "公表した資料のため"}),
    # Nothing is to be chosen here (test_schemes.py has what is): who may choose is told so, and strangers are not.
    ("POST", "/api/v1/collections/{id}/choice"): Row("collection", body=lambda t: {"reason": "体系が変わったため"}, status=409),
    ("POST", "/api/v1/documents/{id}/choice"): Row("document", body=lambda t: {"reason": "体系が変わったため"}, status=409),
    ("GET", "/api/v1/collections/{collection_id}/documents"): Row("collection"),
    ("POST", "/api/v1/collections/{collection_id}/uploads"): Row("collection"),
    ("GET", "/api/v1/documents/{id}"): Row("document"),
    ("DELETE", "/api/v1/documents/{id}"): Row("document"),
    ("GET", "/api/v1/documents/{id}/text"): Row("document"),
    ("GET", "/api/v1/documents/{id}/content"): Row("document"),
    ("POST", "/api/v1/documents/{id}/encoding"): Row("document", body=lambda t: {"encoding": "UTF-8"}),
    ("POST", "/api/v1/documents/{id}/class"): Row("unruled", owner="aite", body=lambda t: {"confidentiality": 2, "reason": "試験のため"}),
    ("POST", "/api/v1/documents/{id}/raise"): Row("document", body=lambda t: {"confidentiality": 3}),
    ("GET", "/api/v1/documents/{id}/lowering"): Row("document"),
    ("POST", "/api/v1/documents/{id}/lowering"): Row("document", body=lambda t: {"confidentiality": 1, "reason": "公表した資料のため"}),
    ("GET", "/api/v1/uploads"): Row("collection"),
    ("GET", "/api/v1/uploads/{id}"): Row("upload"),
    ("PUT", "/api/v1/uploads/{id}/files"): Row("upload", body=lambda t: b"x"),
    ("POST", "/api/v1/uploads/{id}/stop"): Row("upload"),
    ("POST", "/api/v1/uploads/{id}/resume"): Row("upload"),
    ("GET", "/api/v1/uploads/{id}/events"): Row("upload"),
    ("GET", "/api/v1/chats/{id}"): Row("chat"),
    ("PATCH", "/api/v1/chats/{id}"): Row("chat", body=lambda t: {"title": "新しい名前"}),
    ("DELETE", "/api/v1/chats/{id}"): Row("chat"),
    ("POST", "/api/v1/chats/{id}/messages"): Row("chat", body=lambda t: {"text": "x", "parent_id": None, "regenerate_of": None}),
    ("GET", "/api/v1/streams/{id}"): Row("stream"),
    ("POST", "/api/v1/streams/{id}/stop"): Row("stream"),
    ("GET", "/api/v1/messages/{id}/export"): Row("message"),
    ("PATCH", "/api/v1/endpoints/{id}"): Row("endpoint", body=lambda t: {"enabled": False}, same=BODY_RECORD),
    ("DELETE", "/api/v1/endpoints/{id}"): Row("endpoint", same=BODY_RECORD),
    # From another segment it is asked only where a flow leads there; that there is none is said, as the endpoint itself is no secret.
    ("POST", "/api/v1/endpoints/{id}/test"): Row("endpoint", same=BODY_RECORD, elsewhere=403),
    ("GET", "/api/v1/policies/versions/{version}"): Row("policy", same=BODY_RECORD),
    ("POST", "/api/v1/policies/versions/{version}/repairs/{repair}"): Row("policy", body=lambda t: {"state": "confirmed"}, same=BODY_RECORD),
    ("PATCH", "/api/v1/policies/versions/{version}/clauses/{clause}"): Row("policy", body=lambda t: {"title": "新しい見出し"}, same=BODY_RECORD),
    ("POST", "/api/v1/policies/versions/{version}/clauses"): Row("policy_open", body=lambda t: {"after": t.get("clause", NOBODYS), "text": "足す"}, same=BODY_RECORD),
    ("DELETE", "/api/v1/policies/versions/{version}/clauses/{clause}"): Row("policy_open", same=BODY_RECORD),
    ("POST", "/api/v1/policies/versions/{version}/clauses/{clause}/move"): Row("policy_open", body=lambda t: {"after": t.get("other", NOBODYS)}, same=BODY_RECORD),
    ("POST", "/api/v1/policies/versions/{version}/state"): Row("policy_open", body=lambda t: {"to": "draft"}, same=BODY_RECORD),
    ("POST", "/api/v1/policies/versions/{version}/declare"): Row("policy_open", body=lambda t: {"effective_on": "2020-01-01", "decision": "委員会"}, same=BODY_RECORD),
    ("GET", "/api/v1/policies/versions/{version}/opinions"): Row("policy_open", same=BODY_RECORD),
    ("POST", "/api/v1/policies/versions/{version}/opinions"): Row("policy_open", body=lambda t: {"content": "意見"}, same=BODY_RECORD),
    ("POST", "/api/v1/policies/opinions/{opinion}"): Row("policy_open", body=lambda t: {"adopted": True, "answer": "直した"}, same=BODY_RECORD),
    ("GET", "/api/v1/policies/documents/{document}/history"): Row("policy_public", same=BODY_RECORD),
    ("POST", "/api/v1/policies/documents/{document}/amendments"): Row("policy_public", body=lambda t: {"reason": "改めるため"}, same=BODY_RECORD),
    ("GET", "/api/v1/policies/documents/{document}/publication"): Row("policy_public", same=BODY_RECORD),
    ("POST", "/api/v1/policies/documents/{document}/publication"): Row("policy_public", same=BODY_RECORD),
    ("DELETE", "/api/v1/policies/documents/{document}/publication"): Row("policy_public", same=BODY_RECORD),
    ("POST", "/api/v1/policies/documents/{document}/withheld/{clause}"): Row("policy_public", body=lambda t: {"reason": "別の理由"}, same=BODY_RECORD),
    ("DELETE", "/api/v1/policies/documents/{document}/withheld/{clause}"): Row("policy_public", same=BODY_RECORD),
    ("GET", "/api/v1/policies/public/{document}"): Row("policy_public", same=BODY_RECORD),
    ("GET", "/api/v1/policies/public/{document}/file"): Row("policy_public", same=BODY_RECORD),
    ("POST", "/api/v1/policies/readings/{document}"): Row("policy_public", same=BODY_RECORD),
    # Not what she was shown: she is told so, and strangers are not told that there is anything to read.
    ("POST", "/api/v1/policies/readings/{document}/acknowledgement"): Row("policy_public", body=lambda t: {"version": t["id"], "sha256": "x"}, same=BODY_RECORD, status=409),
    ("POST", "/api/v1/policies/readings/{document}/consent"): Row("policy_public", body=lambda t: {"version": t["id"], "sha256": "x"}, same=BODY_RECORD, status=409),
    ("GET", "/api/v1/policies/readings/{document}/questions"): Row("policy_public", same=BODY_RECORD),
    ("POST", "/api/v1/policies/readings/{document}/questions"): Row("policy_public", body=lambda t: {"version": t["id"], "question": "x"}, same=BODY_RECORD),
    ("GET", "/api/v1/policies/documents/{document}/reading"): Row("policy_public", same=BODY_RECORD),
    ("POST", "/api/v1/policies/documents/{document}/reading"): Row("policy_public", same=BODY_RECORD),
    ("DELETE", "/api/v1/policies/documents/{document}/reading"): Row("policy_public", same=BODY_RECORD),
    ("POST", "/api/v1/office/notices/{id}/see"): Row("case_notice", same=ASKED),
    ("GET", "/api/v1/office/definitions/{definition}"): Row("register", same=BODY_RECORD),
    ("DELETE", "/api/v1/office/definitions/{definition}"): Row("register", same=BODY_RECORD),
    # Whose cases are in the list or the file is looked at case by case (test_office.py).
    ("GET", "/api/v1/office/definitions/{definition}/export"): Row("register", same=BODY_RECORD),
    ("POST", "/api/v1/office/definitions/{definition}/import/preview"): Row("register", body=lambda t: {"name": "x.csv", "content": "d2hhdAp4Cg=="}, same=BODY_RECORD),
    ("POST", "/api/v1/office/definitions/{definition}/import"): Row("register", body=lambda t: {"name": "x.csv", "content": "d2hhdAp4Cg=="}, same=BODY_RECORD),
    ("GET", "/api/v1/office/definitions/{definition}/cases"): Row("register", same=BODY_RECORD),
    ("GET", "/api/v1/office/definitions/{definition}/sheet"): Row("register", same=BODY_RECORD),
    ("POST", "/api/v1/office/definitions/{definition}/cases"): Row("register", body=lambda t: {"fields": {"what": "よそのこと"}}, same=BODY_RECORD),
    ("GET", "/api/v1/office/cases/{id}"): Row("case"),
    ("GET", "/api/v1/office/cases/{id}/form"): Row("case"),
    ("GET", "/api/v1/office/cases/{id}/dossier"): Row("case"),
    ("PATCH", "/api/v1/office/cases/{id}"): Row("case", body=lambda t: {"hash": t.get("hash", "x"), "fields": {"what": "書き直し"}}),
    ("POST", "/api/v1/office/cases/{id}/moves/{transition}"): Row("case", body=lambda t: {"hash": t.get("hash", "x")}),
    ("POST", "/api/v1/office/cases/{id}/drafts"): Row("case", body=lambda t: {"field": "what"}),
    ("POST", "/api/v1/office/cases/{id}/comments"): Row("case", body=lambda t: {"text": "書き添える"}),
    ("POST", "/api/v1/office/cases/{id}/participants"): Row("case", body=lambda t: {"login": "kacho"}),
    # The other case is nobody's: she is told so, and strangers are not told of the first.
    ("POST", "/api/v1/office/cases/{id}/links"): Row("case", body=lambda t: {"other": t["id"]}, status=400),
    ("POST", "/api/v1/office/cases/{id}/attachments"): Row("case", body=lambda t: {"field": "file", "name": "a.txt", "content": "eA=="}),
    ("GET", "/api/v1/office/attachments/{attachment}"): Row("case_file"),
    ("GET", "/api/v1/policies/versions/{version}/oscal"): Row("policy", same=BODY_RECORD),
    ("GET", "/api/v1/policies/versions/{version}/table"): Row("policy", same=BODY_RECORD),
    # The file is looked at before anything else: that it is none tells nothing of the version.
    ("POST", "/api/v1/policies/versions/{version}/table"): Row("policy", body=lambda t: {"name": "x.csv", "content": "SUQs54Wn5ZCICg=="}, same=BODY_RECORD),
    ("POST", "/api/v1/policies/versions/{version}/table/preview"): Row("policy", body=lambda t: {"name": "x.csv", "content": "SUQs54Wn5ZCICg=="}, same=BODY_RECORD),
    ("POST", "/api/v1/policies/coverage/evidence/{id}/withdraw"): Row("evidence", body=lambda t: {"reason": "試験の終わり"}, same=BODY_RECORD),
    ("POST", "/api/v1/policies/coverage/gaps/{id}/close"): Row("gap", body=lambda t: {"reason": "試験の終わり"}, same=BODY_RECORD),
    ("GET", "/api/v1/policies/versions/{version}/meanings"): Row("policy", same=BODY_RECORD),
    ("POST", "/api/v1/policies/versions/{version}/meanings"): Row("policy_meaning", body=lambda t: {"items": [{"clause": t.get("clause", t["id"]), "hash": t["hash"], "state": "confirmed"}]}, same=BODY_RECORD),
    ("POST", "/api/v1/services/{id}/end"): Row("service", body=lambda t: {"reason": "試験の終わり"}, same=BODY_RECORD),
    ("POST", "/api/v1/flows/{id}/end"): Row("flow", body=lambda t: {"reason": "試験の終わり"}, same=BODY_RECORD),
    ("PATCH", "/api/v1/users/{id}"): Row("user", body=lambda t: {"name": "新しい名前"}, same=BODY_RECORD),
    ("POST", "/api/v1/users/{id}/password"): Row("user", same=BODY_RECORD),
    ("POST", "/api/v1/users/{id}/unlock"): Row("user", body=lambda t: {"identity_check": "名札"}, same=BODY_RECORD),
    ("POST", "/api/v1/users/{id}/review"): Row("user", body=lambda t: {"decision": "keep", "reason": "試験"}, same=BODY_RECORD),
    ("GET", "/api/v1/users/{id}/factors"): Row("user", same=BODY_RECORD),
    ("POST", "/api/v1/users/{id}/factors/reset"): Row("user", body=lambda t: {"identity_check": "名札"}, same=BODY_RECORD),
    ("POST", "/api/v1/users/{id}/factors/{factor_id}/stop"): Row("factor", same=BODY_RECORD),
    ("POST", "/api/v1/users/{id}/leave"): Row("user", same=BODY_RECORD),
    ("POST", "/api/v1/appointments/{id}/end"): Row("appointment", same=BODY_RECORD),
    ("GET", "/api/v1/organisation/versions/{number}"): Row("version", same=BODY_RECORD),
    ("POST", "/api/v1/organisation/versions/{number}/confirm"): Row("version", owner="aite", body=lambda t: {}, same=BODY_RECORD),
    # A version that nobody has confirmed does not start: who may is told so, and strangers are not.
    ("POST", "/api/v1/organisation/versions/{number}/start"): Row("version", same=BODY_RECORD, status=409),
    ("GET", "/api/v1/reviews/{period}"): Row("review", same=BODY_RECORD),
    ("GET", "/api/v1/reviews/{period}/export"): Row("review", same=BODY_RECORD),
    ("POST", "/api/v1/reviews/{period}/entries"): Row("review", body=lambda t: {"kind": "burst", "person": "x", "basis": "試験"}, same=BODY_RECORD),
    # A conclusion is written once: it is left out here, which is asked about after the review was found.
    ("POST", "/api/v1/reviews/{period}/conclude"): Row("review", body=lambda t: {"conclusion": ""}, same=BODY_RECORD, status=400),
    ("POST", "/api/v1/alarms/{id}/confirm"): Row("alarm", body=lambda t: {"finding": "試験の終わり"}, same=BODY_RECORD),
    ("POST", "/api/v1/retention/holds/{id}/release"): Row("hold", body=lambda t: {"reason": "試験の終わり"}, same=BODY_RECORD),
    ("GET", "/api/v1/disposals/{id}"): Row("disposed", same=BODY_RECORD),
    ("GET", "/api/v1/disposals/{id}/certificate"): Row("disposed", same=BODY_RECORD),
    ("DELETE", "/api/v1/keys/{id}"): Row("key", same=OF_SELF),
    ("POST", "/api/v1/stops/{id}/release"): Row("stop_of_exports", body=lambda t: {"reason": "試験の終わり"}, same=BODY_RECORD),
}
# Operations that take no id. They act for whoever asks; what is inside must not show in their answers. Some change what is one for the whole body,
# and some list what belongs to it: `shows` names the strangers that see the world's things by rule.
LISTS_OF_BODY = by_rule(BODY_WIDE, "department", "segment")
WITHOUT_ID = {
    ("GET", "/api/v1/session"): {}, ("DELETE", "/api/v1/session"): {}, ("POST", "/api/v1/session/lock"): {},
    ("PUT", "/api/v1/session/password"): {}, ("POST", "/api/v1/session/password/check"): {}, ("GET", "/api/v1/sessions"): by_rule(OWN, "segment"),
    ("POST", "/api/v1/sessions/end-others"): {}, ("POST", "/api/v1/session/second-factor"): {}, ("POST", "/api/v1/session/second-factor/challenge"): {},
    ("GET", "/api/v1/factors"): {}, ("POST", "/api/v1/factors/totp"): {}, ("POST", "/api/v1/factors/keys"): {},
    ("POST", "/api/v1/factors/keys/confirm"): {}, ("POST", "/api/v1/factors/recovery-codes"): {},
    ("GET", "/api/v1/approval-kinds"): {}, ("GET", "/api/v1/approvals"): ASKED, ("POST", "/api/v1/approvals"): {},
    # Stops and requests that wait for her are the body's, wherever she is; the text of a request stays in its segment.
    ("GET", "/api/v1/decisions"): LISTS_OF_BODY, ("GET", "/api/v1/decisions/figures"): {},
    ("GET", "/api/v1/collections"): {}, ("POST", "/api/v1/collections"): {}, ("GET", "/api/v1/unruled"): {}, ("POST", "/api/v1/search"): {},
    ("GET", "/api/v1/chats"): {}, ("POST", "/api/v1/chats"): {},
    ("POST", "/api/v1/guards/check"): {}, ("GET", "/api/v1/guards/rules"): {}, ("PUT", "/api/v1/guards/rules"): {}, ("GET", "/api/v1/guards/words"): LISTS_OF_BODY,
    ("PATCH", "/api/v1/guards/words"): LISTS_OF_BODY, ("PUT", "/api/v1/guards/words"): LISTS_OF_BODY, ("GET", "/api/v1/guards/words/export"): LISTS_OF_BODY,
    ("GET", "/api/v1/endpoints"): LISTS_OF_BODY, ("POST", "/api/v1/endpoints"): {}, ("GET", "/api/v1/services"): LISTS_OF_BODY, ("POST", "/api/v1/services"): {},
    ("GET", "/api/v1/office"): {}, ("GET", "/api/v1/office/tasks"): {}, ("GET", "/api/v1/office/notices"): {}, ("GET", "/api/v1/office/duties"): {},
    ("GET", "/api/v1/session/mail"): {}, ("PUT", "/api/v1/session/mail"): {}, ("GET", "/api/v1/mail"): {}, ("PUT", "/api/v1/mail/boxes"): {}, ("PUT", "/api/v1/mail/rule"): {},
    ("GET", "/api/v1/office/department"): {}, ("GET", "/api/v1/office/figures"): {},
    ("POST", "/api/v1/office/definitions"): {}, ("POST", "/api/v1/office/definitions/check"): {},
    ("GET", "/api/v1/policies"): LISTS_OF_BODY, ("POST", "/api/v1/policies"): {}, ("POST", "/api/v1/policies/compare"): {}, ("POST", "/api/v1/policies/compare/file"): {},
    ("POST", "/api/v1/policies/compare/amendment"): {}, ("GET", "/api/v1/policies/public"): LISTS_OF_BODY,
    ("POST", "/api/v1/policies/oscal"): {}, ("POST", "/api/v1/policies/oscal/preview"): {},
    ("GET", "/api/v1/policies/coverage"): LISTS_OF_BODY, ("GET", "/api/v1/policies/coverage/own"): {}, ("GET", "/api/v1/policies/coverage/dossier"): {},
    ("POST", "/api/v1/policies/coverage/evidence"): {}, ("POST", "/api/v1/policies/coverage/gaps"): {},
    ("GET", "/api/v1/policies/readings"): LISTS_OF_BODY, ("GET", "/api/v1/policies/readings/state"): {},
    ("GET", "/api/v1/policies/readings/rule"): {}, ("PUT", "/api/v1/policies/readings/rule"): {},
    ("GET", "/api/v1/policies/readings/people"): LISTS_OF_BODY, ("GET", "/api/v1/policies/readings/people/file"): LISTS_OF_BODY,
    ("GET", "/api/v1/policies/guideline"): LISTS_OF_BODY, ("POST", "/api/v1/policies/guideline"): {},
    ("GET", "/api/v1/switches"): LISTS_OF_BODY, ("PUT", "/api/v1/switches"): {},
    ("GET", "/api/v1/flows"): LISTS_OF_BODY, ("POST", "/api/v1/flows"): {}, ("GET", "/api/v1/users"): LISTS_OF_BODY, ("POST", "/api/v1/users"): {},
    ("GET", "/api/v1/users/unused"): LISTS_OF_BODY, ("GET", "/api/v1/departments"): LISTS_OF_BODY, ("GET", "/api/v1/departments/names"): LISTS_OF_BODY,
    ("GET", "/api/v1/people"): LISTS_OF_BODY, ("GET", "/api/v1/roles"): {}, ("GET", "/api/v1/keys"): by_rule(OWN, "segment"),
    ("POST", "/api/v1/keys"): {}, ("GET", "/api/v1/stops"): LISTS_OF_BODY, ("POST", "/api/v1/stops"): {}, ("GET", "/api/v1/status"): {},
    ("GET", "/api/v1/privileges"): LISTS_OF_BODY, ("POST", "/api/v1/elevation"): {}, ("POST", "/api/v1/elevation/end"): {},
    ("GET", "/api/v1/profile"): {}, ("GET", "/api/v1/organisation"): LISTS_OF_BODY, ("POST", "/api/v1/organisation/versions"): {},
    ("GET", "/api/v1/appointments"): LISTS_OF_BODY, ("POST", "/api/v1/appointments"): {}, ("POST", "/api/v1/staff/preview"): {}, ("POST", "/api/v1/staff/import"): {},
    ("GET", "/api/v1/usage"): LISTS_OF_BODY, ("GET", "/api/v1/usage/own"): {}, ("GET", "/api/v1/usage/people"): LISTS_OF_BODY, ("GET", "/api/v1/usage/export"): LISTS_OF_BODY,
    ("GET", "/api/v1/usage/budgets"): LISTS_OF_BODY, ("PUT", "/api/v1/usage/budgets"): {}, ("GET", "/api/v1/alarms"): LISTS_OF_BODY, ("GET", "/api/v1/reviews"): LISTS_OF_BODY, ("GET", "/api/v1/retention"): LISTS_OF_BODY, ("PUT", "/api/v1/retention/rules"): {},
    ("GET", "/api/v1/disposals"): LISTS_OF_BODY, ("GET", "/api/v1/backups"): LISTS_OF_BODY, ("POST", "/api/v1/disposals"): {},
    ("POST", "/api/v1/retention/holds"): {}, ("POST", "/api/v1/log/questions"): LISTS_OF_BODY, ("POST", "/api/v1/log/questions/export"): LISTS_OF_BODY,
    ("GET", "/api/v1/log/people"): LISTS_OF_BODY, ("GET", "/api/v1/log/head"): {}, ("GET", "/api/v1/log/proof"): {}, ("GET", "/api/v1/log/continuation"): {},
}
ENDS_SESSIONS = {"/api/v1/session", "/api/v1/session/lock", "/api/v1/sessions/end-others"}
QUERIES = {"/api/v1/policies/public/{document}/file": "?format=html", "/api/v1/uploads": "?collection={id}", "/api/v1/uploads/{id}/files": "?name=a.txt", "/api/v1/messages/{id}/export": "?format=txt",
           "/api/v1/policies/versions/{version}/table": "?format=csv", "/api/v1/guards/words/export": "?encoding=utf8", "/api/v1/usage/export": "?by=day", "/api/v1/log/proof": "?seq=0", "/api/v1/log/continuation": "?old_size=0"}
# What would change the world that the others look at, sent so that it is refused; that it works is in the operation's own tests.
HARMLESS = {"/api/v1/stops": {"kind": "moon"}, "/api/v1/usage/budgets": {"scope": "moon", "monthly": 1}, "/api/v1/retention/rules": {"kind": "moon", "months": 1},
            "/api/v1/retention/holds": {"incident": "", "reason": ""}}


def test_reach_every_operation_has_its_row():
    assert set(WITH_ID) | set(WITHOUT_ID) == set(ROUTES) - OPEN and not set(WITH_ID) & set(WITHOUT_ID)
    for (method, path), row in WITH_ID.items():
        assert "{" in path or path == "/api/v1/uploads", path
        assert set(row.same) <= set(STRANGERS) - {"body"}, "nothing is the same for another body"
    for path, shows in WITHOUT_ID.items():
        assert set(shows) <= set(STRANGERS) - {"body"}, path


def send(client, method, path, target, row):
    """The operation on the target; each parameter of the path is the target's id, or the id of the person it belongs to."""
    values = {"factor_id": target["id"], "id": target.get("user", target["id"]) if "{factor_id}" in path else target["id"], "collection_id": target["id"],
              "number": target.get("number", ""), "period": target.get("period", ""),
              "definition": target.get("definition", target["id"]), "transition": "finish", "attachment": target["id"], "version": target["id"], "repair": "0",
              "clause": target.get("clause", target["id"]), "document": target.get("document", target["id"]), "opinion": target.get("opinion", target["id"])}
    where = re.sub(r"\{(\w+)\}", lambda m: values[m.group(1)], path + ("" if method == "POST" and path.endswith("/table") else QUERIES.get(path, "")))
    body = row.body(target) if row.body else {} if method == "POST" else None
    return client.call(method, where, body)


def nobodys(target):
    """A target like this one that never was."""
    return {"id": NOBODYS} | {k: v for k, v in target.items() if k in ("content_hash", "code", "hash")} | ({"number": "9999"} if "number" in target else {}) \
        | ({"period": "2001-01"} if "period" in target else {})


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("method,path", sorted(WITH_ID), ids=lambda v: v)
def test_reach_what_is_inside_is_not_there_for(world, method, path, stranger):
    row = WITH_ID[method, path]
    target = getattr(world, row.make)()
    # A factor is its owner's alone: from another segment she has to log in there, which the second factor stands before.
    client = world.stranger(stranger, "uchi" if row.owner == "client" else row.owner)
    unknown = send(client, method, path, nobodys(target), row)
    answer = send(client, method, path, target, row)
    if stranger in row.same:
        want = row.elsewhere if stranger == "segment" and row.elsewhere else row.status
        assert answer.status == want, (row.same[stranger], answer.body)
        return
    ids = [v for k, v in target.items() if k in ("id", "user")]
    assert hidden(answer, unknown, *ids), (answer.status, answer.body, unknown.status, unknown.body)
    assert SECRET not in answer.text
    owner = target["client"] if row.owner == "client" else getattr(world, row.owner)
    allowed = send(owner, method, path, target, row)
    assert allowed.status == row.status, allowed.body
    assert not hidden(allowed, send(owner, method, path, nobodys(target), row), *ids), "the comparison has something to compare"


@pytest.fixture(scope="module")
def things(world):
    """One of each kind, made inside; ids that must show nowhere."""
    made = {name: getattr(world, name)()["id"] for name in ("collection", "document", "upload", "unruled", "chat", "message", "stream", "submitted", "key", "endpoint", "flow",
                                                           "user")}
    made["stop"] = world.uchi.post("/api/v1/stops", {"kind": "collection", "target": made["collection"], "basis": "ordered", "basis_by": "CISO", "reason": SECRET}).ok()["id"]
    world.uchi.patch("/api/v1/guards/words", {"add": [{"word": WORD, "note": ""}]}).ok()
    yield made
    world.uchi.post(f"/api/v1/stops/{made['stop']}/release", {"reason": "試験の終わり"}).ok()


# Where the owner finds something of the world, so that its absence elsewhere says something.
FINDS = {"/api/v1/approvals", "/api/v1/collections", "/api/v1/unruled", "/api/v1/search", "/api/v1/chats", "/api/v1/guards/words", "/api/v1/guards/words/export",
         "/api/v1/endpoints", "/api/v1/services", "/api/v1/flows", "/api/v1/users", "/api/v1/keys", "/api/v1/stops"}


def shown(answer, things):
    text = answer.body.decode("utf-8", "replace")
    if answer.status == 200 and (sealed := answer.json.get("bytes_base64") if text.startswith("{") else None):
        text += base64.b64decode(sealed).decode("utf-8", "replace")
    return [i for i in [*things.values(), SECRET, WORD] if i in text]


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("method,path", sorted(WITHOUT_ID), ids=lambda v: v)
def test_reach_nothing_inside_shows_in(world, things, method, path, stranger):
    body = BODIES.get((method, path), {} if method == "POST" else None)
    if path == "/api/v1/search":
        body = {"query": f"{SECRET} 転入届", "collections": [], "limit": 100}
    if path in HARMLESS and method != "GET":
        body = HARMLESS[path]
    client = world.passing(stranger) if path in ENDS_SESSIONS else world.stranger(stranger)
    where = path + QUERIES.get(path, "")
    answer = client.call(method, where, body)
    if method == "GET" or path == "/api/v1/search":
        answer.ok() if "export" not in path else None
        if path in FINDS and stranger == "department":
            assert shown(world.uchi.call(method, where, body), things), "the owner finds nothing either"
    found = shown(answer, things)
    assert (found == []) or stranger in WITHOUT_ID[method, path], found


def test_reach_the_text_of_a_request_stays_in_its_segment(world):
    """Who has a part in it sees from elsewhere that it waits, and neither what was typed nor the hash that a signature takes."""
    for owner, box in (("uchi", "mine"), ("aite", "rule")):
        target = world.submitted()
        here, outside = getattr(world, owner), world.outside[owner]
        assert SECRET in here.get(f"/api/v1/approvals/{target['id']}").text and SECRET in here.get(f"/api/v1/approvals?box={box}").text
        listed = outside.get(f"/api/v1/approvals?box={box}")
        item = next(i for i in listed.ok()["items"] if i["id"] == target["id"])
        assert item["elsewhere"] == ["lgwan"] and item["reason"] == "" and item["requester"] and SECRET not in listed.text
        seen = outside.get(f"/api/v1/approvals/{target['id']}")
        assert seen.ok()["state"] == "submitted" and seen.json["elsewhere"] == ["lgwan"] and seen.json["can"] == [] and seen.json["content_hash"] == ""
        assert SECRET not in seen.text and target["content_hash"] not in seen.text
    problem = world.outside["aite"].post(f"/api/v1/approvals/{target['id']}/grant", hashed(target)).refused(403, "policy.segment")
    assert problem["clause"] and problem["who_can_permit"]
    assert world.aite.post(f"/api/v1/approvals/{target['id']}/grant", hashed(target)).ok()["elsewhere"] == []


# --- ids inside a body ------------------------------------------------------------------------------------------------------------

REFERENCES = {
    "search in a collection": ("collection", lambda c, i: c.post("/api/v1/search", {"query": "転入届", "collections": [i], "limit": 5})),
    "a chat over a collection": ("collection", lambda c, i: c.post("/api/v1/chats", {"title": "", "collections": [i], "endpoint": None})),
    "a chat's collections": ("collection", lambda c, i: c.patch(f"/api/v1/chats/{c.new_chat(title='x')}", {"collections": [i]})),
    "a chat's head": ("message", lambda c, i: c.patch(f"/api/v1/chats/{c.new_chat(title='x')}", {"head": i})),
    "a question's parent": ("message", lambda c, i: c.post(f"/api/v1/chats/{c.new_chat(title='x')}/messages", {"text": "x", "parent_id": i, "regenerate_of": None})),
    "an answer again": ("message", lambda c, i: c.post(f"/api/v1/chats/{c.new_chat(title='x')}/messages", {"text": "x", "parent_id": None, "regenerate_of": i})),
}
OF_BODY = {
    "a chat's endpoint": ("endpoint", lambda c, i: c.post("/api/v1/chats", {"title": "", "collections": [], "endpoint": i})),
    "a flow's endpoint": ("endpoint", lambda c, i: c.post("/api/v1/flows", {"from_segment": "lgwan", "to_endpoint": i, "purpose": "x", "content": ["text"], "permitted_by": "x"})),
    "an endpoint's service": ("service", lambda c, i: c.post("/api/v1/endpoints", {"name": "x", "protocol": "openai", "url": "http://127.0.0.1:9/v1", "model": "m", "ceiling": 1,
                                                                                  "segments": [], "service": i})),
    "a person's department": ("department", lambda c, i: c.post("/api/v1/users", {"login": "foreign", "name": "x", "department_id": i, "roles": []})),
    "an approval's person": ("user", lambda c, i: c.post("/api/v1/approvals", {"kind": "common_service", "reason": "試験のため", "fields": {"manager": i}})),
}


def normal_made(answer, *ids):
    """Creations tell ids and times of their own."""
    status, kind, body = normal(answer, *ids)
    return status, kind, re.sub(rb'"\d{4}-\d\d-\d\dT[^"]*"', b'"TIME"', ULID.sub(b"NEW", body))


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("what", REFERENCES)
def test_reach_a_reference_to_what_is_inside_tells_nothing(world, what, stranger):
    make, act = REFERENCES[what]
    inside, client = getattr(world, make)()["id"], world.stranger(stranger)
    answer, unknown = act(client, inside), act(client, NOBODYS)
    assert hidden(answer, unknown, inside) or normal_made(answer, inside) == normal_made(unknown, NOBODYS)


@pytest.mark.parametrize("what", OF_BODY)
def test_reach_a_reference_to_another_body_tells_nothing(world, what):
    make, act = OF_BODY[what]
    inside = world.uchi.get("/api/v1/departments").ok()["items"][0]["id"] if make == "department" else getattr(world, make)()["id"]
    assert normal_made(act(world.yoso, inside), inside) == normal_made(act(world.yoso, NOBODYS), NOBODYS)


def test_reach_a_chat_over_what_is_hidden_finds_nothing(world):
    document = world.document()["id"]
    collection = world.uchi.get(f"/api/v1/documents/{document}").ok()["collection_id"]
    for stranger in STRANGERS:
        client = world.stranger(stranger)
        message = client.answer(client.new_chat([collection]), "転入届の期限はいつですか")
        assert message["citations"] == [] and SECRET not in message["text"], stranger


def test_reach_a_key_of_one_body_opens_nothing_of_another(world):
    key = world.uchi.post("/api/v1/keys", {"name": "鍵"}).ok()["secret"]
    client = world.server.client(key=key)
    assert client.get("/v1/models").status == 200
    client.key = key.replace("sk-shiken-", "sk-tonari-")
    assert client.get("/v1/models").status == 401
