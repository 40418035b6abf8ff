"""Drafts of a case's field: what is sent to the model (the case's own fields, looked through), refusals, and a history that says where a text began."""
import pytest
from sekisho import wait_until
from test_office import case_of, move, open_case, value

WHAT = "会議の席に書類の束を置き忘れました。連絡先は 090-1234-5678 です。"


def drafts(case):
    return f"/api/v1/office/cases/{case['id']}/drafts"


def make(client, case, field="report_text", endpoint=None, **more):
    return client.events("POST", drafts(case), {"field": field, "endpoint": endpoint} | more).all()


def text_of(events):
    return "".join(e.data["text"] for e in events if e.name == "delta")


@pytest.fixture()
def case(staff):
    return open_case(staff, "incidents", origin="staff", kind="missent", what=WHAT, noticed_at="2026-04-01T10:00:00+09:00", unit="zeimu")


def test_drafts_without_a_model_set_the_fields_out_and_say_so(staff, case, model):
    model.forget()
    events = make(staff, case)
    opened = events[0].data
    assert events[0].name == "open" and opened["engine"] == "extractive" and opened["model"] is None and "モデルは使っていません" in opened["notice"]
    text = text_of(events)
    assert events[-1].name == "done" and "書類の束を置き忘れました" in text and "【原因】\n（未記入）" in text
    assert value(case_of(staff, case), "report_text") is None and model.requests() == [], "nothing is written, nothing is sent"


def test_drafts_send_the_cases_own_fields_alone_and_look_through_them(staff, admin, case, endpoint, model):
    open_case(staff, "incidents", origin="staff", kind="other", what="ほかの案件のキビタキ", noticed_at="2026-04-01T10:00:00+09:00", unit="zeimu")
    model.forget()
    events = make(staff, case, endpoint=endpoint("echo"), confirm=True)
    assert events[-1].name == "done", events[-1].data
    sent = model.requests()[-1]["body"]["messages"]
    assert [m["role"] for m in sent] == ["system", "user"] and "報告文" in sent[0]["content"]
    body = sent[1]["content"]
    assert "【何が起きたか】" in body and "税務課" in body and "キビタキ" not in body and case["number"] not in body
    assert "090-1234-5678" not in str(sent), "what the rules cover is covered before it leaves"
    assert "090-1234-5678" in text_of(events), "and put back in what comes"
    asked = next(q for q in admin.post("/api/v1/log/questions", {"words": "書類の束を置き忘れました"}).ok()["items"] if q["door"] == "draft" and q.get("model"))
    assert asked["decision"] == "allow" and asked["answer"] and asked["person"]["login"] == "hanako"


def test_drafts_begin_a_text_and_the_history_says_so(staff, case):
    text = text_of(make(staff, case))
    seen = case_of(staff, case)
    own = staff.patch(f"/api/v1/office/cases/{case['id']}", {"hash": seen["hash"], "fields": {"report_text": "自分で書いた文です。下書きは見ただけです。"}}).ok()
    assert not any("下書き" in e["title"] for e in own["history"])
    done = staff.patch(f"/api/v1/office/cases/{case['id']}", {"hash": own["hash"], "fields": {"report_text": "直しました。\n" + text}}).ok()
    told = [e for e in done["history"] if "下書きから始まった" in e["title"]]
    assert len(told) == 1 and "報告文" in told[0]["title"] and "モデルは使わず" in told[0]["note"] and told[0]["name"] == "hanako さん"
    again = staff.patch(f"/api/v1/office/cases/{case['id']}", {"hash": done["hash"], "fields": {"report_text": "もう一度。\n" + text}}).ok()
    assert len([e for e in again["history"] if "下書きから始まった" in e["title"]]) == 1, "it is said once of each draft"


def test_drafts_are_for_fields_that_have_them_and_people_who_may_write(staff, other, powerless, manager, case):
    staff.post(drafts(case), {"field": "what"}).refused(400, "office.no_draft")
    staff.post(drafts(case), {"field": "nothing"}).refused(400, "office.no_draft")
    other.post(drafts(case), {"field": "report_text"}).refused(404, "office.not_found")
    powerless.post(drafts(case), {"field": "report_text"}).refused(403)
    staff.post(drafts(case), {"field": "report_text", "endpoint": "01HZZZZZZZZZZZZZZZZZZZZZZZ"}).refused(404, "endpoints.not_found")


def test_drafts_are_refused_by_label_by_stop_and_by_budget(staff, admin, case, endpoint, model):
    model.forget()
    refused = staff.post(drafts(case), {"field": "report_text", "endpoint": endpoint("ok", ceiling=1), "confirm": True}).refused(403)
    assert refused["clause"] and refused["who_can_permit"]
    elsewhere = endpoint("ok", segments=("internet",))
    assert staff.post(drafts(case), {"field": "report_text", "endpoint": elsewhere, "confirm": True}).refused(403)["clause"]
    stop = admin.post("/api/v1/stops", {"kind": "endpoint", "target": endpoint("slow"), "basis": "ordered", "basis_by": "CISO", "reason": "試験のため"}).ok()
    staff.post(drafts(case), {"field": "report_text", "endpoint": endpoint("slow"), "confirm": True}).refused(503, "stops.endpoint")
    admin.post(f"/api/v1/stops/{stop['id']}/release", {"reason": "試験の終わり"}).ok()
    used = admin.get("/api/v1/usage").ok()
    admin.put("/api/v1/usage/budgets", {"scope": "body", "monthly": used["counted"] + 1}).ok()
    staff.post(drafts(case), {"field": "report_text", "endpoint": endpoint("ok"), "confirm": True}).refused(403, "usage.over_budget")
    assert make(staff, case)[-1].name == "done", "the built-in engine goes on"
    admin.put("/api/v1/usage/budgets", {"scope": "body"}).ok()
    assert model.requests() == [], "nothing of a refused draft was sent"
    assert admin.get("/api/v1/usage").ok()["reserved"] == 0


def test_drafts_warn_before_they_send_and_a_model_that_breaks_leaves_the_case_alone(staff, case, endpoint, model):
    events = make(staff, case, endpoint=endpoint("error-500"), confirm=True)
    assert events[-1].name == "error" and events[-1].data["title"]
    assert value(case_of(staff, case), "report_text") is None
