#!/usr/bin/python3
"""SIGKILL at random while a backup is made (by the service and by the command) and while one is restored.

    backup.py [--rounds 100] [--seed N] [--binary PATH]      the last line is "N passed, N failed"; a round is one kill of each kind

After every kill: each set that is there is whole (every chunk that it names opens) and restores with the rows, originals and log of its manifest; the
target of the restoring is whole or not there at all; and the next backup and the next restoring work without anybody clearing up.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "functional"))
import sekisho  # noqa: E402
from sekisho import Server  # noqa: E402
from shiken import SETTINGS, set_up  # noqa: E402

VERIFY_ALL_EVERY = 10
KEEP = 12  # sets; older ones are pruned on the way


class Bench:
    def __init__(self, folder, seed):
        self.root, self.random = Path(folder), random.Random(seed)
        self.folder = self.root / "backups"
        self.folder.mkdir()
        settings = SETTINGS + f'\n[backup]\nfolder = "{self.folder}"\ninterval_ms = 1000\ntick_ms = 1000\ndrill_days = 0\n'
        self.server = set_up(Server(self.root / "data", settings))
        self.server.cli("backup", "key")
        self.server.start()
        self.login()
        self.collection = self.kacho.new_collection("控え", confidentiality=1, readers="all")["id"]
        self.n = self.by_service = self.by_command = self.cut_sets = self.whole = self.cut_restores = 0

    def login(self):
        self.kacho = self.server.client()
        self.kacho.login("kacho").ok()

    def command(self, *arguments):
        return subprocess.Popen([str(sekisho.BINARY), *arguments, "--data", str(self.server.data), "--config", str(self.server.config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def change(self):
        self.n += 1
        self.kacho.add_files(self.collection, {f"{self.n}-{k}.txt": os.urandom(self.random.randint(10_000, 150_000)).hex().encode() for k in range(2)})

    def names(self):
        return sorted(p.name for p in self.folder.glob("bodies/shiken/sets/*.set"))

    def check_newest(self):
        verified = json.loads(self.server.cli("backup", "verify", "--json").stdout)
        assert verified["good"], verified

    def service_round(self):
        self.change()
        time.sleep(self.random.uniform(0.0, 1.6))
        before = self.names()
        self.server.kill()
        self.by_service += 1
        self.check_newest()
        self.server.verify_log("shiken")
        self.cut_sets += any(self.folder.rglob("*.tmp"))
        return before

    def command_round(self):
        started = self.command("backup", "create", *(["--afresh"] if self.random.random() < 0.5 else []))
        time.sleep(self.random.uniform(0.0, 0.35))
        started.kill()
        started.wait()
        self.by_command += 1
        self.check_newest()

    def restore_round(self):
        target = self.root / "restored"
        started = self.command("restore", "--from", str(self.folder), "--to", str(target))
        time.sleep(self.random.uniform(0.0, 0.35))
        started.kill()
        started.wait()
        if target.exists():  # it got its name: then all of it is there
            self.whole += 1
            assert (target / "bodies/shiken/body.db").exists() and (target / "bodies/shiken/body.key").exists()
            copy = Server(target, "")
            copy.verify_log("shiken")
            shutil.rmtree(target)
        else:
            self.cut_restores += 1
        done = json.loads(self.server.cli("restore", "--from", str(self.folder), "--to", str(target), "--json").stdout)
        assert done["good"] and not (self.root / "restored.restoring").exists(), done
        shutil.rmtree(target)

    def one_round(self, n):
        self.service_round()
        self.command_round()
        self.server.cli("backup", "create")
        self.restore_round()
        if n % VERIFY_ALL_EVERY == 0:
            assert json.loads(self.server.cli("backup", "verify", "--all", "--json").stdout)["good"]
        names = self.names()
        if len(names) > KEEP:
            moment = names[-KEEP // 2]
            at = f"{moment[:4]}-{moment[4:6]}-{moment[6:11]}:{moment[11:13]}:{moment[13:22]}Z"
            pruning = self.command("backup", "prune", "--before", at)
            time.sleep(self.random.uniform(0.0, 0.2))
            pruning.kill()
            pruning.wait()
            assert json.loads(self.server.cli("backup", "verify", "--all", "--json").stdout)["good"]
        self.server.start()
        self.login()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument("--binary", type=Path)
    options = parser.parse_args()
    if options.binary:
        sekisho.BINARY = options.binary
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="sekisho-backup-kill") as folder:
        bench = Bench(folder, options.seed)
        try:
            for n in range(1, options.rounds + 1):
                try:
                    bench.one_round(n)
                    passed += 1
                except Exception:
                    failed += 1
                    print(f"FAILED round {n} (seed {options.seed}):\n{traceback.format_exc()}\nlog: {bench.server.log_tail()[-1500:]}", flush=True)
                    if failed >= 3:
                        break
                    if bench.server.process.poll() is not None:
                        bench.server.start()
                        bench.login()
        finally:
            bench.server.stop()
        print(f"killed: the service {bench.by_service} times, backup create {bench.by_command}, restore {bench.cut_restores + bench.whole} "
              f"({bench.cut_restores} before it was whole), half-written files left {bench.cut_sets} times")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
