"""Passwords checked in the body's directory: slapd over ldaps and StartTLS, its absence, and what must never count as yes."""
import pytest
from ldap_server import PASSWORD as THERE, PEOPLE, SERVICE, SERVICE_PASSWORD, Directory, make_authority
from security_key import App
from sekisho import PASSWORD, Server
from shiken import SETTINGS, set_up


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    directory = Directory(tmp_path_factory.mktemp("slapd")).start()
    yield directory
    directory.stop()


def configure(server, directory, *more, url=None, ca=None, who=("--user-dn", f"uid={{login}},{PEOPLE}")):
    return server.cli("body", "directory", "set", "--body", "shiken", "--url", url or f"ldaps://localhost:{directory.tls}", "--ca-file", str(ca or directory.ca), *who,
                      "--timeout-ms", "3000", *more)


@pytest.fixture
def server(tmp_path):
    server = set_up(Server(tmp_path / "data", SETTINGS))
    server.cli("user", "directory", "--body", "shiken", "--login", "hanako")
    yield server
    server.stop()


def login(server, name, password):
    return server.client().login(name, password)


def test_directory_password_opens_and_the_local_one_does_not(server, directory):
    configure(server, directory)
    server.cli("body", "directory", "test", "--body", "shiken")
    shown = server.cli("body", "directory", "show", "--body", "shiken").stdout
    assert f"ldaps://localhost:{directory.tls}" in shown
    server.start()
    session = login(server, "hanako", THERE).ok()
    assert session["user"]["login"] == "hanako" and session["password_must_change"] is False
    login(server, "hanako", PASSWORD).refused(401, "accounts.wrong_password")
    # Whoever is not in the directory's care is as before, also when the directory knows the name.
    login(server, "jiro", THERE).refused(401, "accounts.wrong_password")
    login(server, "jiro", PASSWORD).ok()


@pytest.mark.parametrize("password", ["", "wrong-password-123", "*", "\0", " ", THERE + " ", THERE.upper()])
def test_directory_wrong_and_empty_passwords_are_refused(server, directory, password):
    """An empty password would be a bind by nobody, which the protocol answers with yes."""
    configure(server, directory)
    server.start()
    login(server, "hanako", password).refused(401, "accounts.wrong_password")


def test_directory_failures_lock_like_others(server, directory):
    configure(server, directory)
    server.start()
    for _ in range(5):
        login(server, "hanako", "wrong-password-123").refused(401, "accounts.wrong_password")
    login(server, "hanako", THERE).refused(429, "accounts.locked")


def test_directory_starttls_and_search_with_a_service_name(server, directory, tmp_path):
    secret = tmp_path / "service.password"
    secret.write_text(SERVICE_PASSWORD + "\n")
    search = ("--base", PEOPLE, "--filter", "(&(objectClass=inetOrgPerson)(uid={login}))", "--service-dn", SERVICE, "--service-password-file", str(secret))
    configure(server, directory, "--start-tls", url=f"ldap://localhost:{directory.plain}", who=search)
    server.cli("body", "directory", "test", "--body", "shiken")
    server.start()
    login(server, "hanako", THERE).ok()
    login(server, "hanako", "wrong-password-123").refused(401, "accounts.wrong_password")
    server.stop()
    # The service's own password is wrong: nobody can be checked, which is no wrong password of theirs.
    secret.write_text("wrong-password-123\n")
    server.start()
    for _ in range(6):
        login(server, "hanako", THERE).refused(503, "directory.failed")


def test_directory_that_is_down_is_one_clear_error_and_counts_nothing(server, directory):
    configure(server, directory)
    server.start()
    directory.stop()
    try:
        for password in (THERE, PASSWORD, "wrong-password-123", THERE, THERE, THERE):
            login(server, "hanako", password).refused(503, "directory.down")
        login(server, "jiro", PASSWORD).ok()
    finally:
        directory.start()
    login(server, "hanako", THERE).ok()


@pytest.mark.parametrize("wrong", ["authority", "name"])
def test_directory_with_a_certificate_of_another_is_not_asked(server, directory, tmp_path, wrong):
    other = tmp_path / "other"
    other.mkdir()
    make_authority(other, "another authority")
    if wrong == "authority":
        configure(server, directory, ca=other / "ca.pem")
    else:
        configure(server, directory, url=f"ldaps://127.0.0.1:{directory.tls}")
    server.start()
    login(server, "hanako", THERE).refused(503, "directory.down")


@pytest.mark.parametrize("url,more", [("ldap://localhost:1", ()), ("ldaps://localhost:1/dc=example", ()), ("http://localhost", ()), ("ldaps://localhost:1", ("--start-tls",))])
def test_directory_settings_that_would_be_unencrypted_are_refused(server, directory, url, more):
    done = server.cli("body", "directory", "set", "--body", "shiken", "--url", url, "--ca-file", str(directory.ca), "--user-dn", f"uid={{login}},{PEOPLE}", *more, check=False)
    assert done.returncode == 2 and "directory.settings" in done.stderr


def test_directory_keeps_the_password_elsewhere(server, directory):
    configure(server, directory)
    server.start()
    client = server.client()
    client.login("hanako", THERE).ok()
    client.put("/api/v1/session/password", {"current": THERE, "next": "atarashii-kagi-9"}).refused(409, "accounts.directory_password")
    admin = server.client()
    admin.login("kanri").ok()
    user = next(u["id"] for u in admin.get("/api/v1/users").ok()["items"] if u["login"] == "hanako")
    admin.post(f"/api/v1/users/{user}/password").refused(409, "accounts.directory_password")
    # Enrolling a second factor asks the directory's password.
    client.post("/api/v1/factors/totp", {"password": PASSWORD, "name": "電話"}).refused(401, "factors.wrong_password")
    begun = client.post("/api/v1/factors/totp", {"password": THERE, "name": "電話"}).ok()
    client.post(f"/api/v1/factors/totp/{begun['id']}", {"code": App(begun["secret"]).code()}).ok()
    server.stop()
    server.cli("user", "directory", "--body", "shiken", "--login", "hanako", "--off")
    server.start()
    login(server, "hanako", THERE).refused(401, "accounts.wrong_password")
    login(server, "hanako", PASSWORD).ok()


def test_directory_is_set_up_by_the_operator_alone(server, directory):
    done = server.cli("body", "directory", "show", "--body", "shiken", check=False)
    assert done.returncode == 1 and "directory.none" in done.stderr
    server.cli("user", "directory", "--body", "shiken", "--login", "nobody-here", check=False)
    server.start()
    login(server, "hanako", PASSWORD).refused(409, "directory.none")
