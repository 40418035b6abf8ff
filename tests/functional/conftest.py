"""One server, one small body, one browser per person; a model server that misbehaves on request.

The body: 試験市 (code "shiken"), departments 税務課 and 福祉課 under 市民部, three classes, segments mynumber/lgwan/internet.
"""
import json

import pytest
from sekisho import PASSWORD, ModelServer, Server

STAFF = ["chat.use", "search.use", "documents.read"]
MANAGER = STAFF + ["collections.manage", "documents.manage"]
PROFILE = {
    "body": {"code": "shiken", "name": "試験市", "self_name": "本市", "fiscal_year_start": 4},
    "confidentiality": {"levels": [{"level": n, "name": f"機密性{n}"} for n in (1, 2, 3)]},
    "segments": [{"code": "mynumber", "name": "マイナンバー利用事務系"}, {"code": "lgwan", "name": "LGWAN接続系"}, {"code": "internet", "name": "インターネット接続系"}],
    "departments": [{"code": "shimin", "name": "市民部", "parent": None}, {"code": "zeimu", "name": "税務課", "parent": "shimin"},
                    {"code": "fukushi", "name": "福祉課", "parent": "shimin"}, {"code": "joho", "name": "情報課", "parent": None}],
    "roles": [{"code": "shokuin", "name": "職員", "powers": STAFF}, {"code": "kanri", "name": "管理者", "powers": MANAGER},
              {"code": "system", "name": "担当", "powers": MANAGER + ["endpoints.manage", "users.manage", "keys.manage", "log.read"]},
              {"code": "nashi", "name": "権限なし", "powers": []}],
}
PEOPLE = {"kanri": ("joho", "system", 3), "hanako": ("zeimu", "shokuin", 2), "kacho": ("zeimu", "kanri", 3), "jiro": ("fukushi", "shokuin", 2),
          "fukacho": ("fukushi", "kanri", 3), "nashi": ("zeimu", "nashi", 1)}
SETTINGS = """
[llm]
connect_timeout_ms = 1000
first_timeout_ms = 1500
idle_timeout_ms = 1500
"""


def set_up(server):
    profile = server.data.parent / f"{server.data.name}-body.json"
    profile.write_text(json.dumps(PROFILE, ensure_ascii=False), encoding="utf-8")
    server.cli("body", "create", str(profile))
    for login, (department, role, clearance) in PEOPLE.items():
        server.cli("user", "create", "--body", "shiken", "--login", login, "--name", f"{login} さん", "--department", department, "--role", role,
                   "--clearance", str(clearance), "--password-stdin", stdin=PASSWORD + "\n")
    return server


def verified(server):
    """Whatever the tests did: the log still verifies."""
    server.stop()
    server.verify_log("shiken")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = set_up(Server(tmp_path_factory.mktemp("sekisho") / "data", SETTINGS)).start()
    yield server
    verified(server)


@pytest.fixture(scope="module")
def own_server(tmp_path_factory):
    """For tests that stop or kill it."""
    server = set_up(Server(tmp_path_factory.mktemp("own") / "data", SETTINGS)).start()
    yield server
    verified(server)


@pytest.fixture(scope="module")
def prepared(own_server):
    def login(name):
        client = own_server.client()
        client.login(name).ok()
        return client
    return login


@pytest.fixture(scope="session")
def model():
    model = ModelServer()
    yield model
    model.stop()


def person(login):
    @pytest.fixture(scope="session")
    def client(server):
        client = server.client()
        client.login(login).ok()
        return client
    return client


admin = person("kanri")
staff = person("hanako")
manager = person("kacho")
other = person("jiro")
other_manager = person("fukacho")
powerless = person("nashi")


@pytest.fixture(scope="session")
def endpoint(admin, model):
    """endpoint("hang") -> id of an endpoint whose model behaves so; class 2, approved."""
    made = {}

    def get(behaviour, ceiling=2, approval="承認第1号", segments=("lgwan",)):
        key = (behaviour, ceiling, approval, segments)
        if key not in made:
            made[key] = admin.post("/api/v1/endpoints", {"name": f"試験 {behaviour} {len(made)}", "protocol": "openai", "url": model.url, "model": behaviour,
                                                         "ceiling": ceiling, "segments": list(segments), "approval": approval, "enabled": True}).ok()["id"]
        return made[key]
    return get


@pytest.fixture(scope="session")
def library(manager):
    """A collection of class 2 that all departments read, with documents that answer questions."""
    c = manager.new_collection("窓口の手引", confidentiality=2, readers="all")["id"]
    manager.add_files(c, {
        "転入の手引.txt": "第１章　転入\n第１条　転入届は、引っ越した日から14日以内に出さなければならない。\n２　届出には、本人確認の書類を添える。\n"
                       "第２条　転入届の窓口は、市民課とする。\n第３条　外国籍の住民は、在留カードを持参する。\n".encode(),
        "ごみの手引.txt": "可燃ごみは、月曜日と木曜日の朝八時半までに出す。粗大ごみの手数料は、一点につき500円である。\n".encode(),
        "会議室.md": "# 会議室の使い方\n\n会議室の予約は、使う日の三日前までに総務課に申し込む。\n\n## 備品\n\nプロジェクターは2台ある。\n".encode(),
    })
    return c
