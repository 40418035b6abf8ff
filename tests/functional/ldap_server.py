"""slapd on random loopback ports with a certificate authority and two people of our own."""
import os
import shutil
import socket
import subprocess
import time

from sekisho import free_port

SUFFIX = "dc=shiken,dc=example"
PEOPLE = f"ou=people,{SUFFIX}"
PASSWORD = "todoke-no-mado-5"
SERVICE = f"cn=sekisho,{SUFFIX}"
SERVICE_PASSWORD = "kakunin-dake-3"
SLAPD = shutil.which("slapd") or "/usr/sbin/slapd"

CONFIG = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
maxsize 16777216
suffix "{suffix}"
directory {folder}/db
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{service}" read by * none
"""
ENTRIES = """dn: {suffix}
objectClass: dcObject
objectClass: organization
o: shiken
dc: shiken

dn: {people}
objectClass: organizationalUnit
ou: people

dn: uid=hanako,{people}
objectClass: inetOrgPerson
uid: hanako
cn: Hanako
sn: S
userPassword: {password}

dn: uid=jiro,{people}
objectClass: inetOrgPerson
uid: jiro
cn: Jiro
sn: S
userPassword: {password}

dn: {service}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: sekisho
userPassword: {service_password}
"""


def run(*command, cwd):
    subprocess.run([str(c) for c in command], cwd=cwd, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def make_authority(folder, name):
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", f"/CN={name}", "-keyout", "ca.key",
        "-out", "ca.pem", cwd=folder)


class Directory:
    def __init__(self, folder):
        self.folder, self.process = folder, None
        (folder / "db").mkdir()
        make_authority(folder, "shiken test authority")
        run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr", cwd=folder)
        # libldap checks "localhost" under the machine's own name.
        names = sorted({"localhost", socket.gethostname(), socket.getfqdn()})
        (folder / "san").write_text("subjectAltName=" + ",".join(f"DNS:{name}" for name in names) + "\n")
        run("openssl", "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "san", "-out", "server.pem", cwd=folder)
        words = {"folder": folder, "suffix": SUFFIX, "people": PEOPLE, "password": PASSWORD, "service": SERVICE, "service_password": SERVICE_PASSWORD}
        (folder / "slapd.conf").write_text(CONFIG.format(**words))
        (folder / "people.ldif").write_text(ENTRIES.format(**words))
        run(SLAPD, "-T", "add", "-f", folder / "slapd.conf", "-l", folder / "people.ldif", cwd=folder)
        self.plain, self.tls = free_port(), free_port()
        self.ca = folder / "ca.pem"

    def start(self):
        self.process = subprocess.Popen([SLAPD, "-d", "0", "-f", str(self.folder / "slapd.conf"), "-h", f"ldap://127.0.0.1:{self.plain} ldaps://127.0.0.1:{self.tls}"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(self.folder / "slapd.log", "ab"), env={**os.environ, "LDAPNOINIT": "1"})
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            assert self.process.poll() is None, (self.folder / "slapd.log").read_text()
            try:
                socket.create_connection(("127.0.0.1", self.tls), 1).close()
                return self
            except OSError:
                time.sleep(0.02)
        raise AssertionError("slapd is not ready")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=20)
