"""Retention over the interface: who decides, the floor of a month, the plan, holds. (What erasing does is in src/features/retention/retention_test.cpp, where time can be moved.)"""
import json
from datetime import datetime, timedelta, timezone

import pytest

JST = timezone(timedelta(hours=9))


def rule_of(retention, kind):
    return next(r for r in retention["rules"] if r["kind"] == kind)


@pytest.fixture
def rule(tokatsu):
    """rule(kind, months); taken back afterwards."""
    made = []

    def put(kind, months):
        made.append(kind)
        return tokatsu.put("/api/v1/retention/rules", {"kind": kind, "months": months}).ok()
    yield put
    for kind in made:
        tokatsu.put("/api/v1/retention/rules", {"kind": kind}).ok()


def test_retention_nothing_goes_before_somebody_decided(admin):
    retention = admin.get("/api/v1/retention").ok()
    assert [r["kind"] for r in retention["rules"]] == ["content", "access", "acts", "chats"]
    assert all(r["months"] is None for r in retention["rules"]) and retention["plan"] == [] and retention["least_months"] == 1
    assert rule_of(retention, "access")["earliest"] == datetime.now(JST).strftime("%Y-%m")


def test_retention_shows_what_will_go_and_when(admin, tokatsu, rule):
    rule("access", 13)
    retention = admin.get("/api/v1/retention").ok()
    assert rule_of(retention, "access")["months"] == 13 and rule_of(retention, "access")["set_by"] == tokatsu.session["user"]["name"]
    now = datetime.now(JST)
    plan, = [p for p in retention["plan"] if p["month"] == now.strftime("%Y-%m")]
    months = now.year * 12 + now.month - 1 + 14
    due = datetime(months // 12, months % 12 + 1, 1, tzinfo=JST)
    assert datetime.fromisoformat(plan["due_at"].replace("Z", "+00:00")) == due and plan["state"] == "waits" and plan["count"] is None


@pytest.mark.parametrize("months", [0, -1, 1201])
def test_retention_below_a_month_is_refused(tokatsu, months):
    tokatsu.put("/api/v1/retention/rules", {"kind": "content", "months": months}).refused(400, "retention.months")


def test_retention_wrong_kinds_and_months_are_refused(admin, tokatsu):
    tokatsu.put("/api/v1/retention/rules", {"kind": "x", "months": 1}).refused(400, "retention.kind")
    for wrong, key in (({"kind": "x"}, "retention.kind"), ({"from_month": "2026-13"}, "retention.month"), ({"from_month": "2026-02", "to_month": "2026-01"}, "retention.month")):
        admin.post("/api/v1/retention/holds", {"incident": "", "reason": "x", **wrong}).refused(400, key)
    admin.post("/api/v1/retention/holds", {"incident": "", "reason": ""}).refused(400, "retention.reason")


def test_retention_is_decided_by_the_central_officer_alone(admin, staff, manager):
    problem = admin.put("/api/v1/retention/rules", {"kind": "content", "months": 1}).refused(403)
    assert problem["clause"] == "11(1)カ(ア)" and problem["who_can_permit"] == "担当"
    for client in (staff, manager):
        client.get("/api/v1/retention").refused(403)
        client.post("/api/v1/retention/holds", {"incident": "", "reason": "x"}).refused(403)


def test_retention_hold_keeps_its_month(admin, tokatsu, rule):
    rule("access", 12)
    month = datetime.now(JST).strftime("%Y-%m")
    made = admin.post("/api/v1/retention/holds", {"kind": "access", "from_month": month, "incident": "事案7号", "reason": "調査中"}).ok()
    hold = next(h for h in made["holds"] if h["incident"] == "事案7号")
    plan, = [p for p in admin.get("/api/v1/retention").ok()["plan"] if p["month"] == month]
    assert plan["state"] == "held" and plan["held_by"] == "事案7号"
    admin.post(f"/api/v1/retention/holds/{hold['id']}/release", {"reason": "終わり"}).refused(403)
    tokatsu.post(f"/api/v1/retention/holds/{hold['id']}/release", {"reason": ""}).refused(400, "retention.reason")
    tokatsu.post(f"/api/v1/retention/holds/{hold['id']}/release", {"reason": "調査が終わった"}).ok()
    tokatsu.post(f"/api/v1/retention/holds/{hold['id']}/release", {"reason": "もう一度"}).refused(409, "retention.released")
    plan, = [p for p in admin.get("/api/v1/retention").ok()["plan"] if p["month"] == month]
    assert plan["state"] == "waits"


def test_retention_commands(own_server):
    own_server.stop()
    assert "決まるまで消さない" in own_server.cli("retention").stdout
    assert json.loads(own_server.cli("retention", "run", "--json").stdout) == {"periods": 0, "chats": 0}
    own_server.start()
