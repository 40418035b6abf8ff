"""Second factors in software: an authenticator app (RFC 6238) and a security key (ES256, signing by the openssl program)."""
import base64
import hashlib
import hmac
import json
import subprocess
import time

STEP = 30


def code_at(secret, step):
    mac = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), step.to_bytes(8, "big"), "sha1").digest()
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


class App:
    """Codes work once, so each call gives the next step's: three within one step, as the server's window is one step either way. Near the end
    of a step the first is that of now: the one before would be too old when it arrives."""

    def __init__(self, secret):
        self.secret, self.last = secret, 0

    def code(self):
        now = int(time.time()) // STEP
        self.last = max(self.last + 1, now if time.time() % STEP > STEP - 4 else now - 1)
        assert self.last <= now + 1, "a test asked for more than three codes"
        return code_at(self.secret, self.last)

    def stale(self):
        return code_at(self.secret, self.last)

    def wrong(self):
        near = {code_at(self.secret, int(time.time()) // STEP + away) for away in range(-3, 4)}
        return next(c for c in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777") if c not in near)


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, stdin=b""):
    return subprocess.run(["openssl", *arguments], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def head(major, size):
    return bytes([major << 5 | size]) if size < 24 else bytes([major << 5 | 24, size]) if size < 256 else bytes([major << 5 | 25]) + size.to_bytes(2, "big")


class Key:
    """What a browser with a security key would send."""

    def __init__(self, folder, host, origin):
        self.host, self.origin, self.counter, self.id = host, origin, 0, hashlib.sha256(str(folder).encode()).digest()[:20]
        self.pem = str(folder / "key.pem")
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.pem)
        self.point = openssl("ec", "-in", self.pem, "-pubout", "-outform", "DER")[-64:]

    def client_data(self, kind, challenge, **other):
        return json.dumps({"type": f"webauthn.{kind}", "challenge": challenge, "origin": self.origin, "crossOrigin": False, **other}).encode()

    def authenticator_data(self, flags, rest=b""):
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big") + rest

    def register(self, begun, flags=0x45, **other):
        x, y = self.point[:32], self.point[32:]
        cose = b"\xa5\x01\x02\x03\x26\x20\x01\x21" + head(2, 32) + x + b"\x22" + head(2, 32) + y
        data = self.authenticator_data(flags, bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose)
        attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData" + head(2, len(data)) + data
        return {"client_data": b64url(self.client_data("create", begun["challenge"], **other)), "attestation_object": b64url(attestation)}

    def sign(self, challenge, flags=0x05, **other):
        self.counter += 1
        client_data, data = self.client_data("get", challenge["challenge"], **other), self.authenticator_data(flags)
        signature = openssl("dgst", "-sha256", "-sign", self.pem, stdin=data + hashlib.sha256(client_data).digest())
        return {"kind": "webauthn", "credential_id": b64url(self.id), "client_data": b64url(client_data), "authenticator_data": b64url(data), "signature": b64url(signature)}
