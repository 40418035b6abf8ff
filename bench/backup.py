#!/usr/bin/python3
"""What a running backup costs those who wait for an answer: 30 streams, time to first chunk, with and without, in one run.

    bench/backup.py [--gb 5] [--streams 30] [--seconds 40] [--turns 2] [--rate BYTES] [--work DIR] [--binary build/release/bin/sekisho]

A body of that size is made (a table of random bytes in its database), then in turns: answers without a backup, answers while a backup reads the
whole body, and both again (--turns) after a new start, so that it is all read again. The model is the tests' own and answers at once, so the first chunk is the
product's own time: opened, recorded, durable, asked, passed on.
Prints one JSON object; `added_p95` is the median of the p95s with a backup over the median of those without.
"""
import argparse
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/functional"))
import sekisho  # noqa: E402
from sekisho import ModelServer, Server  # noqa: E402
from shiken import SETTINGS, set_up  # noqa: E402

ROW = 1 << 16
QUESTIONS = 20  # in one conversation


def fill(database, gigabytes):
    """Rows of random bytes, past the program, which is stopped: making them through it would take hours and measure nothing."""
    db = sqlite3.connect(database, isolation_level=None)
    db.execute("PRAGMA synchronous=OFF")
    db.execute("PRAGMA journal_mode=DELETE")
    db.execute("CREATE TABLE bench_filling (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")
    rows = int(gigabytes * 1e9) // ROW
    for first in range(0, rows, 500):
        db.execute("BEGIN")
        db.executemany("INSERT INTO bench_filling (bytes) VALUES (?)", ((os.urandom(ROW - 64),) for _ in range(min(500, rows - first))))
        db.execute("COMMIT")
    db.execute("PRAGMA journal_mode=WAL")
    db.close()


class Streams:
    """People that ask again and again, each in a conversation of their own."""

    def __init__(self, server, endpoint, count):
        self.clients, self.endpoint = [], endpoint
        for _ in range(count):
            client = server.client()
            client.login("hanako").ok()
            self.clients.append(client)
        self.lock = threading.Lock()

    def measure(self, seconds, until=None):
        firsts, end = [], time.monotonic() + seconds

        def ask(client):
            n = 0
            while time.monotonic() < end and (until is None or not until()):
                # A new conversation after some questions: both kinds of turns ask in conversations of the same lengths, however long they last.
                if n % QUESTIONS == 0:
                    chat = client.new_chat(title="計測", endpoint=self.endpoint)
                n += 1
                begun, first = time.perf_counter(), None
                with client.ask(chat, f"質問{n}") as stream:
                    for event in stream:
                        if event.name == "delta" and first is None:
                            first = time.perf_counter() - begun
                with self.lock:
                    firsts.append(first)
                time.sleep(0.5)  # a reader reads

        threads = [threading.Thread(target=ask, args=(client,)) for client in self.clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        firsts = sorted(f for f in firsts if f is not None)
        return {"answers": len(firsts), "p50_ms": round(1000 * firsts[len(firsts) // 2], 2), "p95_ms": round(1000 * firsts[int(len(firsts) * 0.95)], 2),
                "max_ms": round(1000 * firsts[-1], 2)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gb", type=float, default=5)
    parser.add_argument("--streams", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--rate", type=int, default=3 << 20)
    parser.add_argument("--turns", type=int, default=2, help="more and shorter ones on a machine that others use")
    parser.add_argument("--work")
    parser.add_argument("--binary", type=Path)
    options = parser.parse_args()
    if options.binary:
        sekisho.BINARY = options.binary.resolve()
    work = Path(tempfile.mkdtemp(prefix="sekisho-bench-backup", dir=options.work))
    model = ModelServer()
    server = None
    try:
        folder = work / "backups"
        folder.mkdir()
        # No set by the clock: each is asked for.
        settings = SETTINGS + (f'\n[backup]\nfolder = "{folder}"\ninterval_ms = 2000000000\ntick_ms = 0\ndrill_days = 0\nrate_bytes = {options.rate}\n')
        server = set_up(Server(work / "data", settings))
        server.cli("backup", "key")
        server.cli("backup", "create")
        fill(server.data / "bodies/shiken/body.db", options.gb)
        server.start()
        admin = server.client()
        admin.login("kanri").ok()
        endpoint = admin.new_endpoint("計測", model.url, "echo", ceiling=3)["id"]
        streams = Streams(server, endpoint, options.streams)
        sets = lambda: set(folder.glob("bodies/shiken/sets/*-full.set"))  # noqa: E731
        quiet, busy, backup_s = [], [], []
        for _ in range(options.turns):
            server.stop()
            server.start()  # what a program has read it need not read again
            streams.measure(3)
            quiet.append(streams.measure(options.seconds))
            had = sets()
            asked = subprocess.Popen([sekisho.BINARY, "backup", "create", "--data", server.data, "--config", server.config], stdout=subprocess.DEVNULL)
            begun = time.monotonic()
            busy.append(streams.measure(max(600, options.gb * 1e9 / max(options.rate, 1) * 3), until=lambda: sets() != had))
            backup_s.append(round(time.monotonic() - begun, 1))
            asked.wait()
        p95 = lambda runs: statistics.median(r["p95_ms"] for r in runs)  # noqa: E731
        print(json.dumps({"gb": options.gb, "streams": options.streams, "rate_bytes": options.rate, "without": quiet, "with": busy, "backup_s": backup_s,
                          "p95_ms_without": p95(quiet), "p95_ms_with": p95(busy), "added_p95": round(p95(busy) / p95(quiet) - 1, 3),
                          "backup_bytes": sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())}, ensure_ascii=False))
    finally:
        if server:
            server.stop()
        model.stop()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
