#!/usr/bin/python3
"""What must not compile: each snippet forgets one thing that the types are there to catch.

usage: run.py [--build build/release]      the last line is "N passed, N failed"

The flags of a real source of the same module are taken from compile_commands.json, so include paths and warnings are the build's. Each
case is compiled twice: the control (SK_CONTROL defined) must compile, so that the snippet fails for the reason it is about; without it
the compiler must refuse, and its message must contain the expected words.
"""
import argparse
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def flags_like(build, source):
    """The compile command of `source`, without compiler cache, source, output and precompiled header."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if entry["file"].endswith("/src/" + source):
            words = shlex.split(entry["command"])
            break
    else:
        raise SystemExit(f"nocompile: {source} is not in {build}/compile_commands.json: build preset release first")
    out, skip = [], False
    start = next(n for n, w in enumerate(words) if re.search(r"(g|clang)\+\+[-0-9]*$|/c\+\+$", w))
    for word in words[start:]:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MT", "-MQ"):
            skip = True
        elif word in ("-c", "-MD", "-fpch-preprocess") or word.endswith(source) or "cmake_pch" in word:
            if word.endswith("cmake_pch.hxx") and out and out[-1] == "-include":
                out.pop()
        elif not word.startswith(("-Winvalid-pch",)):
            out.append(word)
    return out, entry["directory"]


def header(text, name):
    return re.search(rf"^// {name}: (.*)$", text, re.M).group(1)


def compiles(command, directory):
    done = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "LC_ALL": "C"})
    return done.returncode == 0, done.stdout


def check(build, snippet):
    text = snippet.read_text(encoding="utf-8")
    flags, directory = flags_like(build, header(text, "like"))
    command = [*flags, "-fsyntax-only", "-Wno-unused-variable", "-Wno-unused-parameter", "-Wno-unused-function", str(snippet)]
    good, told = compiles([*command, "-DSK_CONTROL"], directory)
    if not good:
        return f"the control does not compile:\n{told[:2000]}"
    good, told = compiles(command, directory)
    if good:
        return "it compiles"
    if not re.search(header(text, "refused with"), told):
        return f"it is refused for another reason:\n{told[:2000]}"
    return None


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--build", default=str(ROOT / "build/release"))
    build = Path(arguments.parse_args().build)
    snippets = sorted(Path(__file__).parent.glob("*.cpp"))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for snippet, fault in zip(snippets, pool.map(lambda s: check(build, s), snippets)):
            print(f"{'FAILED' if fault else 'ok'} {snippet.stem}{': ' + fault if fault else ''}")
            failed += fault is not None
    print(f"{len(snippets) - failed} passed, {failed} failed")
    return 1 if failed or not snippets else 0


if __name__ == "__main__":
    sys.exit(main())
