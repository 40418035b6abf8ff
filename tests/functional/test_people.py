"""Looking for a colleague, and the names of departments: for whoever fills in a form that names one."""
from urllib.parse import quote


def found(client, words):
    return [p["login"] for p in client.get(f"/api/v1/people?words={quote(words)}").ok()["items"]]


def test_people_are_found_by_name_login_and_department(staff):
    everybody = staff.get("/api/v1/people").ok()["items"]
    assert 0 < len(everybody) <= 20 and all(p["id"] and p["name"] and p["department"] for p in everybody)
    one = everybody[0]
    parts = one["name"].split()
    for words in (one["login"], parts[0], "\u3000".join(parts), "".join(parts), one["login"].upper(), f'{parts[0]} {one["department"]}'):
        assert one["login"] in found(staff, words), words
    assert found(staff, "%") == found(staff, "_") == found(staff, "nobody-is-called-so") == []


def test_people_that_were_stopped_are_not_found(admin, staff):
    unit = admin.get("/api/v1/departments").ok()["items"][0]["id"]
    user = admin.post("/api/v1/users", {"login": "find-stopped", "name": "停止 三", "department_id": unit, "roles": ["shokuin"], "clearance": 1}).ok()["user"]["id"]
    assert found(staff, "find-stopped") == ["find-stopped"]
    admin.patch(f"/api/v1/users/{user}", {"enabled": False}).ok()
    assert found(staff, "find-stopped") == []


def test_departments_have_names_for_whoever_may_ask_for_a_permission(admin, staff, powerless):
    assert staff.get("/api/v1/departments/names").ok()["items"] == admin.get("/api/v1/departments").ok()["items"]
    for path in ("/api/v1/people", "/api/v1/departments/names"):
        powerless.get(path).refused(403, "policy.power")
