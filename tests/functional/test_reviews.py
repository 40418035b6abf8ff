"""The periodic review: made when a month is over, findings by pseudonym, the records behind them for a basis, a conclusion in the log."""
import base64
import json
from datetime import datetime, timedelta, timezone

import pytest
from sekisho import Server, wait_until
from shiken import SETTINGS, set_up

JST = timezone(timedelta(hours=9))


def seconds_to(moment):
    return int((moment - datetime.now(timezone.utc)).total_seconds())


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """A server in the month after one in which 花子 asked much on a weekday, 次郎 on a Sunday night, and somebody failed to log in."""
    settings = SETTINGS.replace("[lockout]", "[retention]\nrun_ms = 200\n[reviews]\nburst = 5\n[lockout]\nattempts = 3\nprivileged_attempts = 2")
    server = set_up(Server(tmp_path_factory.mktemp("review") / "data", settings))
    first = datetime(2027, 3, 1, tzinfo=JST)  # a Monday
    server.shift_clock(seconds_to(first + timedelta(days=2, hours=10, minutes=5)))
    server.start()
    hanako, jiro = login(server, "hanako"), login(server, "jiro")
    for n in range(6):
        hanako.answer(hanako.new_chat(title=f"点検{n}"), "転入届の様式を教えてください")
    blocked = hanako.post(f"/api/v1/chats/{hanako.new_chat(title='検知')}/messages", {"text": "個人番号は123456789018です", "parent_id": None, "regenerate_of": None})
    assert blocked.status != 200
    for _ in range(3):
        server.client().login("fukacho", password="wrong-password-here")
    server.shift_clock(seconds_to(first + timedelta(days=6, hours=23, minutes=5)))
    jiro = login(server, "jiro")
    jiro.answer(jiro.new_chat(title="夜"), "福祉の相談先は")
    server.shift_clock(seconds_to(datetime(2027, 4, 2, 9, tzinfo=JST)))
    yield server
    server.stop()
    server.verify_log("shiken")


def login(server, name):
    client = server.client()
    client.login(name).ok()
    return client


def made(server):
    return wait_until(lambda: login(server, "kanri").get("/api/v1/reviews").ok()["items"], 20, "the review")


def test_reviews_is_made_when_the_month_is_over(month):
    summary, = made(month)
    assert summary["period"] == "2027-03" and summary["state"] == "open" and summary["months"] == 1 and summary["questions"] == 8
    assert datetime.fromisoformat(summary["due_at"].replace("Z", "+00:00")) - datetime.fromisoformat(summary["made_at"].replace("Z", "+00:00")) == timedelta(days=14)


def by_kind(review):
    out = {}
    for f in review["findings"]:
        out.setdefault(f["kind"], []).append(f)
    return out


def test_reviews_findings_are_counted_by_pseudonym_and_department(month):
    made(month)
    admin = login(month, "kanri")
    review = admin.get("/api/v1/reviews/2027-03").ok()
    ids = {u["login"]: u["id"] for u in admin.get("/api/v1/users").ok()["items"]}
    found = by_kind(review)
    burst, = found["burst"]
    assert burst["person"] == ids["hanako"] and burst["department"] == "税務課" and burst["count"] == 7
    off, = found["off_hours"]
    assert off["person"] == ids["jiro"] and off["department"] == "福祉課" and off["count"] == 1
    assert [(g["person"], g["count"]) for g in found["guard"]] == [(ids["hanako"], 1)]
    assert [(g["person"], g["count"]) for g in found["lockout"]] == [(ids["fukacho"], 3)]
    assert review["totals"] == {"burst": 1, "off_hours": 1, "guard": 1, "lockout": 1, "label_refused": 0}
    assert review["people"] == 2 and sum(review["hours"]) == 8 and review["hours"][10] == 7 and review["hours"][23] == 1
    assert [(d["day"], d["questions"], d["off_hours"], d["guard"]) for d in review["days"]] == [("2027-03-03", 7, 0, 1), ("2027-03-07", 1, 1, 0)]
    assert "花子" not in json.dumps(review, ensure_ascii=False) and "hanako" not in json.dumps(review)


def test_reviews_shows_the_records_behind_a_finding_for_a_basis(month):
    made(month)
    admin = login(month, "kanri")
    guard, = by_kind(admin.get("/api/v1/reviews/2027-03").ok())["guard"]
    ask = {"kind": "guard", "person": guard["person"], "from": guard["from"], "to": guard["to"], "basis": "事案3、CISOの命令"}
    entry, = admin.post("/api/v1/reviews/2027-03/entries", ask).ok()["items"]
    assert entry["act"] == "chats.ask" and entry["decision"] == "deny" or entry["decision"] == "failed"
    assert entry["error"] == "guards.blocked" and entry["seq"] > 0
    admin.post("/api/v1/reviews/2027-03/entries", ask | {"basis": ""}).refused(400, "log.basis")
    admin.post("/api/v1/reviews/2027-03/entries", ask | {"kind": "moon"}).refused(400, "reviews.kind")
    assert admin.post("/api/v1/reviews/2027-03/entries", ask | {"person": "nobody"}).ok()["items"] == []


def test_reviews_csv_opens_in_a_spreadsheet(month):
    made(month)
    out = login(month, "kanri").get("/api/v1/reviews/2027-03/export").ok()
    text = base64.b64decode(out["bytes_base64"]).decode("utf-8-sig")
    assert out["name"] == "tenken-2027-03.csv" and text.count("\r\n") == 5 and "短い時間の多くの質問" in text and "税務課" in text


def test_reviews_are_concluded_once_by_who_may(month):
    made(month)
    admin, tokatsu, staff = login(month, "kanri"), login(month, "tokatsu"), login(month, "hanako")
    for method, path in (("GET", ""), ("GET", "/2027-03"), ("GET", "/2027-03/export")):
        assert staff.call(method, f"/api/v1/reviews{path}").refused(403)["clause"] == "11(1)カ(ウ)"
    conclude = "/api/v1/reviews/2027-03/conclude"
    admin.post(conclude, {"conclusion": "問題なし"}).refused(403)
    tokatsu.post(conclude, {"conclusion": ""}).refused(400, "reviews.conclusion")
    done = tokatsu.post(conclude, {"conclusion": "繁忙期の利用で、問題はない"}).ok()
    assert done["summary"]["state"] == "concluded" and done["summary"]["concluded_by"] == "tokatsu さん" and done["conclusion"] == "繁忙期の利用で、問題はない"
    tokatsu.post(conclude, {"conclusion": "もう一度"}).refused(409, "reviews.concluded")
    done = month.cli("log", "export", "--body", "shiken", "--out", str(month.data.parent / "export"))
    payloads = [json.loads(line) for line in (month.data.parent / "export/payloads.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = [p["payload"] for p in payloads]
    assert any("繁忙期の利用で" in t and "result_sha256" in t for t in texts)
