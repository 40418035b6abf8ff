#!/usr/bin/python3
"""A second reader of exported logs, independent of the program: written from RFC 6962, C2SP tlog-tiles, tlog-checkpoint, signed-note,
tlog-cosignature and tlog-proof alone. Small and slow on purpose. Raises Bad; verify() returns what it saw.

    tlog.py EXPORT VERIFIER_KEY [WITNESS_KEY…]
"""
import base64
import hashlib
import json
import struct
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Bad(Exception):
    pass


def check(condition, what):
    if not condition:
        raise Bad(what)


def b64(text):
    raw = base64.b64decode(text, validate=True)
    check(base64.b64encode(raw).decode() == text, "base64 is not canonical")
    return raw


# --- RFC 6962, section 2.1 ------------------------------------------------------------------------------------------------------

def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def tree_hash(hashes):
    """MTH over leaf hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(tree_hash(hashes[:k]), tree_hash(hashes[k:]))


def root_of_inclusion(index, size, leaf, proof):
    """RFC 9162, section 2.1.3.2, as a root instead of a comparison."""
    check(0 <= index < size, "index outside the tree")
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        check(sn != 0, "proof is too long")
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    check(sn == 0, "proof is too short")
    return r


def check_consistency(old, new, old_root, new_root, proof):
    """RFC 9162, section 2.1.4.2."""
    check(0 < old <= new, "sizes")
    if old == new:
        return check(not proof and old_root == new_root, "the same size, another root")
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    check(path, "empty proof")
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        check(sn != 0, "proof is too long")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    check(fr == old_root and sr == new_root and sn == 0, "the proof does not lead from one root to the other")


# --- signed-note, tlog-checkpoint, tlog-cosignature -----------------------------------------------------------------------------

class Key:
    """A verifier key: name+hex id+base64(type, public key). Type 1 signs the text, type 4 the text after a header with a time."""

    def __init__(self, text):
        self.name, key_id, material = text.split("+", 2)
        raw = b64(material)
        self.kind, self.public = raw[0], raw[1:]
        check(self.kind in (1, 4) and len(self.public) == 32, "type of key")
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        check(self.id.hex() == key_id, "key id")

    def verify(self, text, signature):
        at = None
        if self.kind == 4:
            check(len(signature) == 72, "length of a cosignature")
            at = struct.unpack(">Q", signature[:8])[0]
            text, signature = b"cosignature/v1\ntime %d\n" % at + text, signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            raise Bad(f"signature by {self.name}") from None
        return at


def open_note(note, keys):
    """The text, and {key name: time or None} of the known keys that signed it."""
    note.decode("utf-8")
    check(all(b >= 0x20 or b == 0x0A for b in note), "control characters")
    split = note.rfind(b"\n\n")
    check(split >= 0 and note.endswith(b"\n"), "no signatures")
    text, signed = note[:split + 1], {}
    for line in note[split + 2:-1].decode().split("\n"):
        dash, name, material = line.split(" ")
        raw = b64(material)
        check(dash == "—" and len(raw) > 4, "signature line")
        for key in keys:
            if key.name == name and key.id == raw[:4]:
                signed[name] = key.verify(text, raw[4:])
    check(signed, "no signature by a known key")
    return text, signed


def open_checkpoint(note, log, witnesses=()):
    text, signed = open_note(note, [log, *witnesses])
    check(log.name in signed, "not signed by the log")
    lines = text.decode().split("\n")
    check(len(lines) >= 4 and lines[-1] == "" and all(lines[:-1]), "lines of the checkpoint")
    origin, size, root = lines[:3]
    check(origin == log.name and str(int(size)) == size, "origin or size")
    root = b64(root)
    check(len(root) == 32, "length of the root")
    return int(size), root, {name: at for name, at in signed.items() if name != log.name}


# --- tlog-tiles -----------------------------------------------------------------------------------------------------------------

def tile_index(n):
    parts = [f"{n % 1000:03}"]
    while n >= 1000:
        n //= 1000
        parts.insert(0, f"x{n % 1000:03}")
    return "/".join(parts)


def tile_path(level, n, width):
    return f"tile/{level}/{tile_index(n)}" + (f".p/{width}" if width < 256 else "")


def read_entries(folder, size):
    entries = []
    for n in range((size + 255) // 256):
        width = min(256, size - 256 * n)
        data = (folder / tile_path("entries", n, width)).read_bytes()
        at = count = 0
        while at < len(data):
            length = struct.unpack_from(">H", data, at)[0]
            entry = data[at + 2:at + 2 + length]
            check(len(entry) == length, "bundle is cut")
            entries.append(entry)
            at, count = at + 2 + length, count + 1
        check(count == width, f"bundle {n} holds {count} entries instead of {width}")
    return entries


def check_tiles(folder, hashes):
    """Each hash of level L is the tree hash of a full tile below; the rightmost tile of each level is partial."""
    level = 0
    while hashes:
        for n in range((len(hashes) + 255) // 256):
            part = hashes[256 * n:256 * n + 256]
            data = (folder / tile_path(level, n, len(part))).read_bytes()
            check(data == b"".join(part), tile_path(level, n, len(part)))
        hashes = [tree_hash(hashes[i:i + 256]) for i in range(0, len(hashes) - len(hashes) % 256, 256)]
        level += 1


def verify(folder, log, witnesses=()):
    folder = Path(folder)
    size, root, cosigned = open_checkpoint((folder / "checkpoint").read_bytes(), log, witnesses)
    entries = read_entries(folder, size)
    hashes = [leaf_hash(e) for e in entries]
    check(tree_hash(hashes) == root, "the root is not the signed one")
    check_tiles(folder, hashes)
    for line in (folder / "checkpoints.jsonl").read_text(encoding="utf-8").splitlines():
        head = json.loads(line)
        n, head_root, _ = open_checkpoint(head["note"].encode(), log)
        check(n == head["size"] <= size and tree_hash(hashes[:n]) == head_root, f"head of {n} leaves")
    leaves = [json.loads(e) for e in entries]
    for n, (leaf, entry) in enumerate(zip(leaves, entries)):
        check(leaf["seq"] == n, f"leaf {n} says {leaf['seq']}")
        canonical = json.dumps(leaf, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
        check(canonical == entry, f"leaf {n} is not canonical")
    disposed = set()
    if (folder / "disposals.jsonl").exists():
        proven = {leaf["object"] for leaf in leaves if leaf["act"] == "disposal.erase" and leaf["decision"] == "allow"}
        for line in (folder / "disposals.jsonl").open(encoding="utf-8"):
            d = json.loads(line)
            check(d["object"] in proven and d["object"].rsplit(":", 1)[1] == hashlib.sha256(d["numbers"].encode()).hexdigest(), f"disposal {d['object']}")
            for part in filter(None, d["numbers"].split(",")):
                first, _, last = part.partition("-")
                disposed |= set(range(int(first), int(last or first) + 1))
    payloads = 0
    if (folder / "payloads.jsonl").exists():
        for line in (folder / "payloads.jsonl").open(encoding="utf-8"):
            p = json.loads(line)
            commit = hashlib.sha256(b64(p["salt"]) + p["payload"].encode()).hexdigest()
            check(leaves[p["seq"]]["commit"] == commit, f"payload {p['seq']}")
            payloads += 1
    return {"size": size, "root": root.hex(), "leaves": leaves, "payloads": payloads, "witnesses": cosigned}


def verify_proof(text, log):
    """tlog-proof whose extra data is the leaf."""
    head, checkpoint = text.split(b"\n\n", 1)
    lines = head.decode().split("\n")
    check(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("extra ") and lines[2].startswith("index "), "first lines")
    leaf, index = b64(lines[1][6:]), int(lines[2][6:])
    size, root, _ = open_checkpoint(checkpoint, log)
    check(root_of_inclusion(index, size, leaf_hash(leaf), [b64(line) for line in lines[3:]]) == root, "inclusion")
    return index, json.loads(leaf)


def verify_consistency(text, log, old_root):
    """The body of tlog-witness's add-checkpoint, against a root that was seen before."""
    head, checkpoint = text.split(b"\n\n", 1)
    lines = head.decode().split("\n")
    size, root, _ = open_checkpoint(checkpoint, log)
    check_consistency(int(lines[0].removeprefix("old ")), size, old_root, root, [b64(line) for line in lines[1:]])
    return size


if __name__ == "__main__":
    seen = verify(sys.argv[1], Key(sys.argv[2]), [Key(k) for k in sys.argv[3:]])
    print(f"{seen['size']} leaves, {seen['payloads']} payloads, root {seen['root']}")
