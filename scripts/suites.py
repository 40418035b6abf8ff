"""Every test suite, one after another (scripts/test installs what is missing and calls this). See --help."""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "build/test-logs"
QUIET = [str(ROOT / "tests/netns/quiet")]
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's packages
BUDGET_S = 60 * 60  # for everything; optional suites use what is left
CORES = os.cpu_count() or 1
ASAN_MODULES = ["core", "json", "crypto", "policy", "tlog", "verify", "outside", "sql", "blob", "text", "search", "files", "gate"]
# Workers in cages have limits of time and address space that the sanitizer's shadow memory and pace do not fit; what they parse with is tested
# in this process by the module's other tests.
ASAN_LEAVES_OUT = {"files": {"GTEST_FILTER": "-Extractor.*"}}

started = time.monotonic()
options = None
demo_made = []


class Failed(Exception):
    """A suite that could not run."""


def left_s():
    return BUDGET_S - (time.monotonic() - started)


def run(name, command, seconds, cwd=ROOT, env=None, append=False):
    """Runs into build/test-logs/NAME.log; returns the exit status. Too long is 124."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(LOGS / f"{name}.log", "ab" if append else "wb") as log:
        log.write(f"$ {' '.join(str(c) for c in command)}\n".encode())
        log.flush()
        process = subprocess.Popen([str(c) for c in command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})},
                                   start_new_session=True)
        try:
            return process.wait(timeout=seconds)
        except (subprocess.TimeoutExpired, KeyboardInterrupt) as end:
            os.killpg(process.pid, 15)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
            if isinstance(end, KeyboardInterrupt):
                raise
            log.write(f"\nended after {seconds:.0f} s\n".encode())
            return 124


def text_of(name):
    return (LOGS / f"{name}.log").read_text(encoding="utf-8", errors="replace")


def show_failures(name):
    """What failed, where the log says it test by test (TAP); else the log's end."""
    lines = text_of(name).splitlines()
    begins = [i for i, line in enumerate(lines) if line.lstrip().startswith("not ok ")]
    shown = sorted({i for begin in begins for i in range(begin, min(begin + 30, len(lines)))})
    print(f"-- {name}", *([lines[i] for i in shown] or [text_of(name)[-12000:]]), sep="\n")


def shell(name, script, seconds, **more):
    """A step of scripts/lib.sh."""
    whole = f'set -euo pipefail; ROOT={json.dumps(str(ROOT))}; NAME=test; source "$ROOT/scripts/lib.sh"; {script}'
    return run(name, ["bash", "-c", whole], seconds, **more)


def build(preset, *targets, seconds=3000):
    name = f"build-{preset}"
    begin = time.monotonic()
    if shell(name, f"build {preset} {' '.join(targets)}", seconds) != 0:
        print(text_of(name)[-6000:])
        raise Failed(f"the {preset} build failed")
    print(f"   build {preset}: {time.monotonic() - begin:.0f} s", flush=True)


def release():
    build("release", "sekisho", "sekisho-worker", "sekisho-verify")
    return ROOT / "build/release/bin/sekisho"


def web():
    if shell("build-web", "build_web", 900) != 0:
        print(text_of("build-web")[-6000:])
        raise Failed("the web client did not build")


def demo_data():
    """The demo city, made once for all suites that read it."""
    binary = release()
    data = ROOT / "build/test-data/demo"
    if not (demo_made or options.keep_demo and data.exists()):
        shutil.rmtree(data, ignore_errors=True)
        if run("demo", [binary, "demo", "--data", data], 900) != 0:
            print(text_of("demo")[-3000:])
            raise Failed("the demo city could not be made")
        demo_made.append(data)
    return data


# --- counting -----------------------------------------------------------------------------------------------------------------

def count_last_line(name):
    found = re.findall(r"^(\d+) passed, (\d+) failed$", text_of(name), re.M)
    if not found:
        raise Failed("it ended without a count")
    return int(found[-1][0]), int(found[-1][1])


def count_junit(path):
    if not path.exists():
        raise Failed("it ended without a report")
    passed = failed = 0
    for case in xml.parse(path).iter("testcase"):
        bad = case.find("failure") is not None or case.find("error") is not None
        failed += bad
        passed += not bad and case.find("skipped") is None and case.get("status", "run") not in ("notrun", "disabled")
    return passed, failed


def count_tap(name):
    text = text_of(name)
    found = {word: re.findall(rf"^# {word} (\d+)$", text, re.M) for word in ("pass", "fail", "cancelled")}
    if not found["pass"]:
        raise Failed("it ended without a count")
    return int(found["pass"][-1]), int(found["fail"][-1]) + int((found["cancelled"] or ["0"])[-1])


def count_ctest(report, gtest):
    """Programs of GoogleTest count their tests, every other ctest entry (replays of fuzz corpora) counts as one."""
    if not report.exists():
        raise Failed("ctest gave no report")
    passed = failed = 0
    for case in xml.parse(report).iter("testcase"):
        bad = case.find("failure") is not None or case.find("error") is not None or case.get("status") in ("fail", "notrun")
        counts = gtest / f"{case.get('name')}_test.json"
        if counts.exists():
            told = json.loads(counts.read_text(encoding="utf-8"))
            wrong = told["failures"] + told.get("errors", 0)
            skipped = sum(t.get("result") == "SKIPPED" for s in told["testsuites"] for t in s["testsuite"])
            passed += told["tests"] - wrong - told.get("disabled", 0) - skipped
            failed += wrong or bad  # a program that crashed after its last test failed too
        else:
            passed += not bad
            failed += bad
    return passed, failed


def ctest(name, folder, seconds, pick=None, env=None):
    gtest, report = folder / "gtest", folder / "ctest.xml"
    shutil.rmtree(gtest, ignore_errors=True)
    report.unlink(missing_ok=True)
    select = ["-R", "^(" + "|".join(pick) + ")$"] if pick else []
    status = run(name, ["ctest", "--test-dir", folder, "-j", CORES, "--output-on-failure", "--output-junit", report, "--timeout", "600", *select], seconds,
                 env={"GTEST_OUTPUT": f"json:{gtest}/", **(env or {})})
    counts = count_ctest(report, gtest)
    if status != 0 and counts[1] == 0:
        raise Failed(f"ctest ended with {status}")
    return counts


# --- suites -------------------------------------------------------------------------------------------------------------------

def suite_check():
    """arrows, SQL, headers, documentation, types (scripts/check)"""
    npm = "npm_install \"$ROOT/web\"; " if (ROOT / "web/package.json").exists() else ""
    status = shell("check", npm + '"$ROOT/scripts/check"', 600)
    return (1, 0) if status == 0 else (0, 1)


def suite_unit():
    """unit and property tests of every module, and the replay of the kept fuzz inputs (ctest), with the flags of what is shipped"""
    build("release")
    return ctest("unit", ROOT / "build/release", 900)


def suite_nocompile():
    """what must not compile"""
    release()
    run("nocompile", [PYTHON, "-B", ROOT / "tests/nocompile/run.py"], 600)
    return count_last_line("nocompile")


def suite_web():
    """unit tests of the web client (vitest)"""
    web()
    report = ROOT / "build/vitest.json"
    report.unlink(missing_ok=True)
    run("web", ["npx", "--no-install", "vitest", "run", "--reporter=default", "--reporter=json", f"--outputFile={report}"], 600, cwd=ROOT / "web")
    if not report.exists():
        raise Failed("vitest gave no report")
    told = json.loads(report.read_text(encoding="utf-8"))
    broken = sum(1 for r in told["testResults"] if r["status"] == "failed" and not r["assertionResults"])
    return told["numPassedTests"], told["numFailedTests"] + broken


def quiet_status(name, status, counts):
    """The verdict of the namespace is a test of its own."""
    if status == 98:
        raise Failed("a network namespace with loopback only could not be made (run as root, or allow user namespaces): see its log")
    passed, failed = counts()
    left = status == 97
    if status not in (0, 1, 97) and failed == 0:
        raise Failed(f"it ended with {status}")
    return passed + (not left), failed + left


def suite_functional():
    """the real binary over HTTP and command line, the openai npm client included, with loopback only (pytest)"""
    release()
    web()
    if shell("npm-functional", 'npm_install "$ROOT/tests/functional"', 600) != 0:
        raise Failed("npm ci failed in tests/functional")
    report = ROOT / "build/functional.xml"
    report.unlink(missing_ok=True)
    # A file's tests share a server and stay together; much of their time is waiting.
    status = run("functional", [*QUIET, PYTHON, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", str(CORES), "--dist", "loadfile", "--durations=15", f"--junitxml={report}", "tests/functional"], 2400)
    return quiet_status("functional", status, lambda: count_junit(report))


def browser(name, files, more=()):
    data = demo_data()
    web()
    command = ["node", "--test", "--test-concurrency=1", "--test-reporter=tap", *files]
    status = run(name, [*QUIET, PYTHON, "-B", ROOT / "tests/functional/with_demo.py", *more, data, "--", *command], 900)
    return quiet_status(name, status, lambda: count_tap(name))


BROWSER_PAST = ROOT / "tests/browser/records.test.mjs"  # a notice would stand above the others' pages


def suite_browser():
    """the web client in a real browser on the demo city, with loopback only"""
    files = sorted(set((ROOT / "tests/browser").glob("*.test.mjs")) - {BROWSER_PAST})
    if not files:
        raise Failed("tests/browser is missing")
    return browser("browser", files)


def suite_browser_past():
    """the same on a city of which a month is over"""
    return browser("browser-past", [BROWSER_PAST], ["--past"])


def suite_gold():
    """60 questions to the demo city: right document, passage that holds the answer"""
    data = demo_data()
    run("gold", [*QUIET, PYTHON, "-B", ROOT / "tests/functional/gold.py", data], 600)
    return count_last_line("gold")


def suite_fault():
    """SIGKILL at random, 200 times; full disk"""
    binary = release()
    run("fault", [PYTHON, "-B", ROOT / "tests/fault/kill.py", "--binary", binary, "--rounds", str(options.rounds)], 2000)
    return count_last_line("fault")


def suite_fault_backup():
    """SIGKILL at random while backups are made, restored and pruned"""
    run("fault-backup", [PYTHON, "-B", ROOT / "tests/fault/backup.py", "--binary", release(), "--rounds", "6"], 600)
    return count_last_line("fault-backup")


def suite_asan():
    """unit tests of the core modules under AddressSanitizer and UndefinedBehaviorSanitizer, as far as the hour allows"""
    done, passed, failed = [], 0, 0
    for module in ASAN_MODULES:
        if left_s() < 240:
            break
        if shell("build-asan", f"build asan {module}_test", left_s() - 120) != 0:
            if left_s() < 240:
                break
            print(text_of("build-asan")[-4000:])
            raise Failed("the asan build failed")
        p, f = ctest(f"asan-{module}", ROOT / "build/asan", 300, [module], {"ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0", "UBSAN_OPTIONS": "print_stacktrace=1", **ASAN_LEAVES_OUT.get(module, {})})
        if f:
            print(text_of(f"asan-{module}")[-4000:])
        passed, failed = passed + p, failed + f
        done.append(module)
    if len(done) < len(ASAN_MODULES):
        print(f"   asan: no time for {' '.join(ASAN_MODULES[len(done):])} (run: scripts/test --only asan)")
    return passed, failed


SUITES = {name[6:]: function for name, function in list(globals().items()) if name.startswith("suite_")}


def one(name, function):
    print(f"== {name}: {function.__doc__}", flush=True)
    begin = time.monotonic()
    try:
        passed, failed = function()
        why = ""
    except Failed as error:
        passed, failed, why = 0, 1, f" (did not run: {error})"
    log = name.replace("_", "-")
    if failed and (LOGS / f"{log}.log").exists():
        show_failures(log)
    print(f"== {name}: {passed} passed, {failed} failed, {time.monotonic() - begin:.0f} s{why}", flush=True)
    return passed, failed


def main():
    global options
    arguments = argparse.ArgumentParser(prog="scripts/test", description="Builds and runs every test. The last line is 'N passed, N failed'.")
    arguments.add_argument("--only", action="append", choices=list(SUITES), metavar="SUITE", help="only this suite (may be given more than once)")
    arguments.add_argument("--list", action="store_true", help="name the suites and end")
    arguments.add_argument("--no-install", action="store_true", help="do not install Debian packages")
    arguments.add_argument("--rounds", type=int, default=200, help="rounds of the fault suite (default 200)")
    arguments.add_argument("--keep-demo", action="store_true", help="use the demo city of the last run")
    options = arguments.parse_args()
    if options.list:
        for name, function in SUITES.items():
            print(f"{name:12}{function.__doc__}")
        return 0
    results = {name: one(name, SUITES[name]) for name in (options.only or SUITES)}
    for name, (passed, failed) in results.items():
        print(f"{name:12}{passed:6} passed {failed:6} failed")
    print(f"{(time.monotonic() - started) / 60:.1f} minutes")
    passed, failed = (sum(r[n] for r in results.values()) for n in (0, 1))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
