"""One server, one small body (shiken.py), one browser per person; a model server that misbehaves on request."""
import pytest
from sekisho import PASSWORD, ModelServer, Server
from shiken import SETTINGS, set_up

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
tokatsu = person("tokatsu")
saiko = person("saiko")
kansa = person("kansa")


@pytest.fixture(scope="session")
def second_manager(server, admin):
    """Another manager of the manager's unit: rules where the first one asked."""
    departments = {d["code"]: d["id"] for d in admin.get("/api/v1/departments").ok()["items"]}
    admin.post("/api/v1/users", {"login": "kacho2", "name": "課長 二郎", "department_id": departments["zeimu"], "roles": ["kanri"], "clearance": 3, "password": PASSWORD}).ok()
    return server.first_login("kacho2")


@pytest.fixture(scope="session")
def endpoint(admin, model):
    """endpoint("hang") -> id of an endpoint whose model behaves so; class 2, approved."""
    made = {}

    def get(behaviour, ceiling=2, approval="承認第1号", segments=("lgwan",)):
        key = (behaviour, ceiling, approval, segments)
        if key not in made:
            made[key] = admin.new_endpoint(f"試験 {behaviour} {len(made)}", model.url, behaviour, ceiling, segments, approval)["id"]
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
