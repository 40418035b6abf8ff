#!/usr/bin/python3
"""Runs a command against a server of the demo city: BASE_URL, LOGIN and PASSWORD are set for it.

    with_demo.py DATA -- COMMAND...
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from demo import DEMO_LOGIN, DEMO_PASSWORD
from sekisho import Server


def main():
    data, separator, *command = sys.argv[1:]
    if separator != "--" or not command:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sekisho-demo") as folder:
        copy = Path(folder) / "data"
        shutil.copytree(data, copy)  # tests change it; the next suite gets the city as it was made
        server = Server(copy).start()
        try:
            return subprocess.call(command, env={**os.environ, "BASE_URL": f"http://127.0.0.1:{server.port}", "LOGIN": DEMO_LOGIN, "PASSWORD": DEMO_PASSWORD})
        finally:
            if server.stop() != 0:
                print(f"the server ended with {server.process.returncode}\n{server.log_tail()}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
