"""The staff list: encodings, dry run, diff, refused rows, idempotence, moves and leaving with dates, 600 rows in seconds."""
import base64
import datetime
import json
import time

import pytest

HEAD = "職員番号,利用者ID,氏名,所属,役割,区分,機密性,発令日,退職日\r\n"
JST = datetime.timezone(datetime.timedelta(hours=9))


def day(offset):
    return (datetime.datetime.now(JST).date() + datetime.timedelta(days=offset)).isoformat()


def content(text, encoding="utf-8"):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode(encoding)).decode()


def preview(client, text, encoding="utf-8", **more):
    return client.post("/api/v1/staff/preview", {"content": content(text, encoding), **more}).ok()


def take(client, text, encoding="utf-8", **more):
    seen = preview(client, text, encoding, **more)
    return client.post("/api/v1/staff/import", {"content": content(text, encoding), "expect": seen["plan"], **more}).ok()


def people(client):
    return {u["login"]: u for u in client.get("/api/v1/users").ok()["items"]}


@pytest.mark.parametrize("encoding,name", [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp932", "CP932")])
def test_staff_lists_are_read_in_the_usual_encodings(admin, encoding, name):
    login = f"moji-{encoding}"
    text = HEAD + f"E-{encoding},{login},髙橋 ①㈱,税務課,職員,正規職員,2,,\r\n"
    seen = preview(admin, text, encoding)
    assert seen["encoding"] == name and seen["counts"]["joins"] == 1 and seen["changes"][0]["name"] == "髙橋 ①㈱"
    assert login not in people(admin)  # looking takes nothing
    take(admin, text, encoding)
    assert people(admin)[login]["name"] == "髙橋 ①㈱" and people(admin)[login]["roles"] == ["shokuin"]


def test_staff_encoding_is_shown_and_correctable(admin):
    data = (HEAD + "E-9,moji-9,氏名,税務課,,,,,\r\n").encode("cp932")
    admin.post("/api/v1/staff/preview", {"content": content(data), "encoding": "UTF-8"}).refused(400, "import.encoding")
    assert admin.post("/api/v1/staff/preview", {"content": content(data), "encoding": "CP932"}).ok()["encoding"] == "CP932"


def test_staff_refused_rows_take_nothing_until_they_are_left_out(admin):
    text = HEAD + "H-1,hanbun-1,半分 一,税務課,職員,,,,\r\nH-2,hanbun-2,半分 二,ない課,,,,,\r\nH-3,HANBUN,半分 三,税務課,,,,,\r\n"
    seen = preview(admin, text)
    assert [(r["line"], r["key"]) for r in seen["refused"]] == [(3, "accounts.department"), (4, "accounts.login")] and "ない課" in seen["refused"][0]["reason"]
    admin.post("/api/v1/staff/import", {"content": content(text), "expect": seen["plan"]}).refused(400, "import.refused_rows")
    assert "hanbun-1" not in people(admin)
    admin.post("/api/v1/staff/import", {"content": content(text), "expect": seen["plan"], "skip_refused": True, "complete": True}).refused(400, "import.refused_rows")
    done = take(admin, text, skip_refused=True)
    assert done["counts"]["joins"] == 1 and "hanbun-1" in people(admin)


def test_staff_import_takes_only_the_plan_that_was_shown(admin):
    text = HEAD + "P-1,plan-1,計画 一,税務課,職員,,,,\r\n"
    seen = preview(admin, text)
    admin.post("/api/v1/staff/import", {"content": content(text)}).refused(409, "import.plan_changed")
    other = HEAD + "P-1,plan-1,計画 二,税務課,職員,,,,\r\n"
    admin.post("/api/v1/staff/import", {"content": content(other), "expect": seen["plan"]}).refused(409, "import.plan_changed")
    take(admin, text)
    admin.post("/api/v1/staff/import", {"content": content(text), "expect": seen["plan"]}).refused(409, "import.plan_changed")
    assert people(admin)["plan-1"]["name"] == "計画 一"


def test_staff_list_taken_twice_changes_nothing(admin):
    text = HEAD + f"N-1,nido-1,二度 一,税務課,職員;管理者,正規職員,2,2026-04-01,\r\nN-2,nido-2,二度 二,福祉課,,,,{day(3)},{day(30)}\r\n"
    assert take(admin, text)["counts"] | {"same": 0} == {"joins": 2, "returns": 0, "changes": 0, "moves": 0, "leaves": 0, "same": 0, "refused": 0}
    again = preview(admin, text)
    assert again["changes"] == [] and again["counts"]["same"] == 2
    assert take(admin, text)["changes"] == []


def test_staff_moves_and_leaving_end_appointments_with_dates(server, admin):
    row = "I-1,ido-1,異動 一,{},{},,2,{},{}\r\n"
    take(admin, HEAD + row.format("税務課", "職員", "", ""))
    user = people(admin)["ido-1"]["id"]
    password = admin.post(f"/api/v1/users/{user}/password").ok()["password"]
    client = server.client()
    client.login("ido-1", password).ok()
    client.put("/api/v1/session/password", {"current": password, "next": "atarashii-kagi-9"}).ok()
    moved = HEAD + row.format("福祉課", "管理者", day(10), "")
    assert preview(admin, moved)["changes"][0] | {"differences": []} == {"kind": "moves", "line": 2, "number": "I-1", "name": "異動 一", "day": day(10), "differences": []}
    take(admin, moved)
    posts = lambda: sorted((a["from"], a["to"], a["department"], a["role"]) for a in admin.get(f"/api/v1/appointments?user={user}").ok()["items"])
    assert posts() == [(day(0), day(9), "税務課", "shokuin"), (day(10), None, "福祉課", "kanri")]
    assert client.get("/api/v1/session").ok()["user"]["roles"] == ["職員"]  # until that day nothing changes
    assert preview(admin, moved)["changes"] == []
    left = HEAD + row.format("福祉課", "管理者", day(10), day(20))
    assert take(admin, left)["counts"]["leaves"] == 1 and posts()[-1][1] == day(20)
    assert preview(admin, left)["changes"] == []
    gone = HEAD + row.format("福祉課", "管理者", day(-9), day(-1))
    take(admin, gone)
    client.get("/api/v1/chats").refused(401)
    assert preview(admin, gone)["counts"]["leaves"] == 0


def test_staff_complete_list_shows_who_has_left(own_server, prepared):
    admin = prepared("kanri")
    take(admin, HEAD + "".join(f"Z-{n},zen-{n},全員 {n},税務課,職員,,,,\r\n" for n in range(4)))
    short = HEAD + "".join(f"Z-{n},zen-{n},全員 {n},税務課,職員,,,,\r\n" for n in range(3))
    assert preview(admin, short)["changes"] == []
    seen = preview(admin, short, complete=True)
    assert [(c["kind"], c["number"], c["line"], c["day"]) for c in seen["changes"]] == [("leaves", "Z-3", None, day(-1))]
    take(admin, short, complete=True)
    assert preview(admin, short, complete=True)["changes"] == []
    own_server.client().login("kacho").ok()  # people who were never in a list stay


def test_staff_600_rows_are_taken_within_seconds(own_server, prepared):
    admin = prepared("kanri")
    text = HEAD + "".join(f"S-{n},many-{n},大勢 {n},{'税務課' if n % 2 else '福祉課'},職員,正規職員,2,,\r\n" for n in range(600))
    begin = time.monotonic()
    assert take(admin, text, "cp932")["counts"]["joins"] == 600
    seconds = time.monotonic() - begin
    begin = time.monotonic()
    assert take(admin, text.replace("大勢", "多勢"))["counts"]["changes"] == 600
    print(json.dumps({"rows": 600, "join_s": round(seconds, 2), "change_s": round(time.monotonic() - begin, 2)}))
    assert seconds < 20  # seconds on an idle machine; a busy one may take longer
    problem = own_server.client().login("many-1", "some-long-password").refused(401, "accounts.wrong_password")
    assert problem["title"]


def test_staff_command_line_shows_and_takes(own_server, prepared, tmp_path):
    admin = prepared("kanri")
    path = tmp_path / "list.csv"
    path.write_bytes((HEAD + "C-1,cli-1,命令 一,税務課,職員,,,,\r\n").encode("cp932"))
    own_server.stop()
    try:
        shown = own_server.cli("user", "import", str(path), "--dry-run").stdout
        assert "CP932" in shown and "新規\tC-1\t命令 一" in shown and "取り込んでいません" in shown
        assert json.loads(own_server.cli("user", "import", str(path), "--json").stdout)["counts"]["joins"] == 1
        assert "同じ 1" in own_server.cli("user", "import", str(path)).stdout
        path.write_bytes((HEAD + "C-2,cli-2,命令 二,ない課,,,,,\r\n").encode())
        refused = own_server.cli("user", "import", str(path), check=False)
        assert refused.returncode != 0 and "line 2" in refused.stderr
    finally:
        own_server.start()
    assert "cli-1" in people(admin)
