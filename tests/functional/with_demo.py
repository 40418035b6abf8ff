#!/usr/bin/python3
"""Runs a command against a server of the demo city: BASE_URL, LOGIN and PASSWORD are set for it.

    with_demo.py [--past] DATA -- COMMAND...       --past: a month of the city is over, and a notice of the program stands
"""
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from demo import DEMO_LOGIN, DEMO_PASSWORD
from sekisho import Server


def live_a_month(server):
    """Somebody asks on a Sunday, and it becomes the month after: its review has a finding. The program could not record a notice meanwhile."""
    japan = timezone(timedelta(hours=9))
    today = datetime.now(japan)
    sunday = (today + timedelta(days=13 - today.weekday())).replace(hour=12)  # of next week
    after = (sunday.replace(day=1) + timedelta(days=33)).replace(day=2)
    server.shift_clock(int((sunday - today).total_seconds()))
    server.start()
    client = server.client()
    client.login(DEMO_LOGIN, password=DEMO_PASSWORD).ok()
    client.answer(client.new_chat(title="日曜の質問"), "転入届の様式を教えてください")
    server.stop()
    server.shift_clock(int((after - today).total_seconds()))
    for body in (server.data / "bodies").iterdir():
        (body / "alarms").mkdir(mode=0o700, exist_ok=True)
        (body / "alarms/01ARZ3NDEKTSV4RRFFQ69G5FAV.clock_stepped").touch(mode=0o600)


def main():
    arguments = sys.argv[1:]
    past = arguments[:1] == ["--past"]
    data, separator, *command = arguments[past:]
    if separator != "--" or not command:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sekisho-demo") as folder:
        copy = Path(folder) / "data"
        shutil.copytree(data, copy)  # tests change it; the next suite gets the city as it was made
        server = Server(copy)
        if past:
            live_a_month(server)
        server.start()
        try:
            return subprocess.call(command, env={**os.environ, "BASE_URL": f"http://127.0.0.1:{server.port}", "LOGIN": DEMO_LOGIN, "PASSWORD": DEMO_PASSWORD})
        finally:
            if server.stop() != 0:
                print(f"the server ended with {server.process.returncode}\n{server.log_tail()}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
