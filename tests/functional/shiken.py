"""The small body of the tests: 試験市 (code "shiken"), departments 税務課 and 福祉課 under 市民部, three classes, three segments."""
import atexit
import json
import shutil
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sekisho import PASSWORD, ROOT

STAFF = ["chat.use", "search.use", "documents.read", "approvals.use"]
MANAGER = STAFF + ["collections.manage", "documents.manage", "decide.section"]

def levels(*names):
    return [{"name": name, "criterion": "試験"} for name in names]


PROFILE = {
    "name": "試験市", "self_name": "本市", "kind": "市", "word_for_security": "情報セキュリティ", "fiscal_year_start": 4,
    "scope": {"bodies": [{"name": "試験の部局", "in_scope": True}], "functions": []},
    "confidentiality": levels("機密性1", "機密性2", "機密性3"), "integrity": levels("完全性1", "完全性2"), "availability": levels("可用性1", "可用性2"),
    "segments": [{"code": "mynumber", "name": "マイナンバー利用事務系", "origins": ["mynumber"], "export_allowed": False, "factors": 1},
                 {"code": "lgwan", "name": "LGWAN接続系", "origins": ["lgwan"], "export_allowed": True, "factors": 1},
                 {"code": "internet", "name": "インターネット接続系", "origins": ["internet"], "export_allowed": True, "factors": 1}],
    "unit_kinds": [{"code": "bu", "name": "部"}, {"code": "ka", "name": "課"}],
    "units": [{"code": "shimin", "name": "市民部", "kind": "bu", "parent": None}, {"code": "zeimu", "name": "税務課", "kind": "ka", "parent": "shimin"},
              {"code": "fukushi", "name": "福祉課", "kind": "ka", "parent": "shimin"}, {"code": "joho", "name": "情報課", "kind": "ka", "parent": None}],
    "role_scopes": [{"code": "whole", "name": "全体"}],
    "roles": [{"code": "shokuin", "name": "職員", "scope": "whole", "superior": "kanri", "powers": STAFF},
              {"code": "kanri", "name": "管理者", "scope": "whole", "superior": None, "powers": MANAGER},
              {"code": "system", "name": "担当", "scope": "whole", "superior": None,
               "powers": MANAGER + ["endpoints.manage", "users.manage", "keys.manage", "log.read", "stops.manage", "alarms.read", "alarms.confirm", "decide.system", "profile.manage", "profile.confirm", "policies.read", "policies.manage"]},
              {"code": "tokatsu", "name": "統括", "scope": "whole", "superior": None, "powers": STAFF + ["decide.central", "decide.division", "privileges.read", "alarms.read"]},
              {"code": "saiko", "name": "最高責任者", "scope": "whole", "superior": None, "powers": STAFF + ["decide.top", "decide.service"]},
              {"code": "kansa", "name": "監査", "scope": "whole", "superior": None, "powers": STAFF + ["approvals.audit", "privileges.read", "policies.read"]},
              {"code": "nashi", "name": "権限なし", "scope": "whole", "superior": None, "powers": []}],
    "permitters": {"top": "kanri", "head": "system", "division_head": "kanri", "manager": "kanri", "system_manager": "system", "system_staff": "system",
                   "committee": "kanri", "contact": "system", "audit_head": "system", "service_permitter": "kanri"},
    "elevation": {"asked": False}, "appointment_rules": [], "staff_categories": [{"code": "seiki", "name": "正規職員", "counts_as_staff": True, "consent_asked": False, "internet_and_mail": True, "contractor": False}],
    "incident_levels": ["インシデント"], "time_words": [],
    "terms": {"staff": "職員", "unit": "課", "whole_body": "全庁", "service_desk": "情報課", "policy": "情報セキュリティポリシー", "incident": "インシデント",
              "contractor": "委託事業者", "protected_room": "情報システム室"},
}
PEOPLE = {"kanri": ("joho", "system", 3), "hanako": ("zeimu", "shokuin", 2), "kacho": ("zeimu", "kanri", 3), "jiro": ("fukushi", "shokuin", 2),
          "fukacho": ("fukushi", "kanri", 3), "nashi": ("zeimu", "nashi", 1), "tokatsu": ("joho", "tokatsu", 3), "saiko": ("shimin", "saiko", 3),
          "kansa": ("fukushi", "kansa", 3)}
# Short times, so that a model that hangs costs seconds; but a person whom no test needs for half an hour stays logged in, and models that
# never end do not use up the month. All tests come from one address. Ends with [lockout]: more of it may be appended.
def kinds_of_requests():
    shipped, of_tests = (json.loads((ROOT / file).read_text(encoding="utf-8")) for file in ("packs/approvals/kinds.json", "src/features/approvals/test_kinds.json"))
    there = {kind["key"] for kind in shipped["kinds"]}
    return json.dumps(shipped | {"kinds": shipped["kinds"] + [kind for kind in of_tests["kinds"] if kind["key"] not in there]}, ensure_ascii=False)


def packs():
    """The shipped packs, and beside the shipped kinds of request those by which the tests know the engine of approvals: src/features/approvals/test_kinds.json."""
    folder = Path(tempfile.mkdtemp(prefix="sekisho-packs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for each in (ROOT / "packs").iterdir():
        if each.name != "approvals":
            (folder / each.name).symlink_to(each)
    (folder / "approvals").mkdir()
    (folder / "approvals/kinds.json").write_text(kinds_of_requests(), encoding="utf-8")
    return folder


SETTINGS = f"""
[packs]
dir = "{packs()}"
[model]
connect_timeout_ms = 1000
first_token_timeout_ms = 2500
idle_timeout_ms = 1500
[stream]
heartbeat_ms = 1000
[approvals]
settle_ms = 500
[session]
idle_ms = 14400000
privileged_idle_ms = 7200000
[usage]
monthly_characters = 1000000000
[lockout]
source_attempts = 100000
"""


_made = {}  # profile -> a data folder with the people in it: ten programs are started for it, so it is made once


def make(server, body):
    profile = server.data.parent / f"{server.data.name}-body.json"
    profile.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    password = profile.with_suffix(".password")
    password.write_text(PASSWORD + "\n", encoding="ascii")
    server.cli("body", "create", "--code", "shiken", "--profile", str(profile))
    for login, (department, role, clearance) in PEOPLE.items():
        server.cli("user", "create", "--body", "shiken", "--login", login, "--name", f"{login} さん", "--department", department, "--roles", role,
                   "--clearance", str(clearance), "--password-file", str(password))


def set_up(server, body=PROFILE):
    """Its own data folder, with the body and its people. The settings of the server are not in it."""
    key = json.dumps(body, sort_keys=True)
    if key not in _made:
        make(server, body)
        _made[key] = Path(tempfile.mkdtemp(prefix="sekisho-shiken-")) / "data"
        atexit.register(shutil.rmtree, _made[key].parent, ignore_errors=True)
        shutil.copytree(server.data, _made[key])
    else:
        shutil.copytree(_made[key], server.data, dirs_exist_ok=True)
    return server


def later(days):
    """A time that many days from now, as the interface writes it."""
    return (datetime.now(timezone.utc) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def carry_out(reason="支所での会議に使うため", days=7, submit=True):
    """A request to carry something out of the office."""
    return {"kind": "carry_out", "fields": {"object": "端末1台", "class": "機密性2", "place": "支所", "protection": "暗号化して施錠する"}, "reason": reason, "ends_at": later(days),
            "submit": submit}
