"""Notices of the program: opened by itself, shown to those concerned, confirmed by a person with the power."""
import pytest
from sekisho import Server, wait_until
from shiken import SETTINGS, set_up


@pytest.fixture
def place(tmp_path):
    server = set_up(Server(tmp_path / "data", SETTINGS.replace("[lockout]", "[clock]\ninterval_ms = 200\n[checkpoint]\ninterval_ms = 200\n[witness]\ninterval_ms = 200\n[lockout]")))
    yield server
    server.stop()


def login(server, name):
    client = server.client()
    client.login(name).ok()
    return client


def standing(client):
    return client.get("/api/v1/alarms").ok()["items"]


def test_alarms_a_clock_that_jumps_is_a_notice(place):
    place.shift_clock(0)
    place.start()
    admin = login(place, "kanri")
    assert standing(admin) == []
    place.shift_clock(600)
    alarm = wait_until(lambda: (i := standing(admin)) and i[0]["recorded_at"] and i[0], 10, "the notice")
    assert alarm["kind"] == "clock_stepped" and alarm["detail"].startswith("+600.") and alarm["clause"] == "12(1)イ"
    place.shift_clock(590)
    wait_until(lambda: any(a["detail"].startswith("-10.") for a in standing(admin)), 10, "the second notice")


def test_alarms_a_clock_that_was_set_back_while_nothing_ran_is_a_notice(place):
    place.shift_clock(7200)
    place.start()
    login(place, "kanri")
    place.stop()
    place.shift_clock(0)
    place.start()
    alarm, = wait_until(lambda: standing(login(place, "kanri")), 10, "the notice")
    assert alarm["kind"] == "clock_stepped" and "before the newest record" in alarm["detail"]


def test_alarms_a_log_behind_its_kept_head_stops_the_start_and_is_told_later(place):
    place.start()
    login(place, "kanri")
    place.stop()
    heads = place.data / "heads/shiken.checkpoint"
    kept = heads.read_bytes()
    heads.write_bytes(kept.replace(b"\n\n", b"\n", 1))  # no head of this log
    done = place.cli("serve", "--set", "listen.port=0", check=False)
    assert done.returncode == 1 and "log.rolled_back" in done.stderr
    heads.write_bytes(kept)
    place.start()
    alarm, = wait_until(lambda: standing(login(place, "kanri")), 10, "the notice")
    assert alarm["kind"] == "log_rolled_back" and "kept head" in alarm["detail"]


def test_alarms_a_log_that_is_another_than_its_kept_head_while_it_runs_is_a_notice(place):
    place.start()
    admin = login(place, "kanri")
    heads = place.data / "heads/shiken.checkpoint"
    kept = wait_until(lambda: heads.exists() and heads.read_bytes(), 10, "a kept head")
    lines = kept.split(b"\n")
    heads.write_bytes(b"\n".join([lines[0], str(int(lines[1]) + 100_000).encode(), *lines[2:]]))
    alarm, = wait_until(lambda: standing(admin), 10, "the notice")  # each look is a record, so that there is a new head
    assert alarm["kind"] == "log_rolled_back"
    assert heads.read_bytes() != kept, "what was seen is not replaced"
    heads.write_bytes(kept)


def test_alarms_are_read_and_confirmed_by_those_with_the_powers(place):
    place.shift_clock(3600)
    place.start()
    login(place, "kanri")
    place.stop()
    place.shift_clock(0)
    place.start()
    admin, tokatsu, staff = (login(place, name) for name in ("kanri", "tokatsu", "hanako"))
    alarm, = wait_until(lambda: [a for a in standing(admin) if a["recorded_at"]], 10, "the notice")
    assert standing(tokatsu)[0]["id"] == alarm["id"]
    problem = staff.get("/api/v1/alarms").refused(403)
    assert problem["clause"] == "12(1)ア" and problem["who_can_permit"] == "担当"
    confirm = f"/api/v1/alarms/{alarm['id']}/confirm"
    tokatsu.post(confirm, {"finding": "見た"}).refused(403)
    admin.post(confirm, {"finding": ""}).refused(400, "alarms.finding")
    done = admin.post(confirm, {"finding": "試験の時計を戻した"}).ok()
    assert done["confirmed_by"] == "kanri さん" and done["finding"] == "試験の時計を戻した"
    admin.post(confirm, {"finding": "もう一度"}).refused(409, "alarms.confirmed")
    admin.post("/api/v1/alarms/01ARZ3NDEKTSV4RRFFQ69G5FAV/confirm", {"finding": "x"}).refused(404, "alarms.not_found")
    after = admin.get("/api/v1/alarms").ok()
    assert after["items"] == [] and [a["id"] for a in after["confirmed"]] == [alarm["id"]]
    place.stop()
    place.verify_log("shiken")
