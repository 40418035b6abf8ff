"""See scripts/check. One line per finding: "error path:line: what", or "warn …" for what a person should look at."""
import argparse
import re
import subprocess
import sys
from pathlib import Path

import asvs

ROOT = Path(__file__).resolve().parents[1]

# What may be included where: pattern of the header -> source paths (regular expressions) that may.
HEADERS = [
    (r"^(soci/|sqlite3\.h|libpq)", r"^src/sql/"),
    (r"^boost/(asio|beast)(/|\.hpp)", r"^src/(net|llm|http)/|^src/gate/stream\."),
    (r"^curl/", r"^src/(llm|blob|outside)/"),
    (r"^sodium", r"^src/crypto/"),
    (r"^fido(\.h|/)", r"^src/crypto/"),
    (r"^ldap", r"^src/directory/"),
    (r"^openssl/", r"^src/(crypto|net)/|^src/llm/\w*test\w*\.(cpp|h)$"),
    (r"^(unicode/|mecab\.h)", r"^src/(text|files)/"),
    (r"^(pugixml|libxml/|archive)", r"^src/files/|^src/features/chat/export\.cpp$"),
    (r"^qrencode", r"^src/outside/"),
    (r"^seccomp\.h", r"^src/sandbox/"),
    (r"^spdlog/", r"^src/core/"),
    (r"^toml", r"^src/core/"),
    (r"^net/", r"^src/(net|llm|http|apps)/|^src/gate/(stream\.|\w*test)"),
    (r"^http/", r"^src/(http|apps)/"),
    (r"^features/", r"^src/(features|http|apps)/"),
]
# Table files and the test programs of the modules that own SQL may hold statements.
SQL_FILES = r"/((\w+_)?table|migrate)\.cpp$|_test\.cpp$|_bench\.cpp$|^src/sql/|^src/search/"
SQL = re.compile(r'"\s*(SELECT\s+.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(TABLE|INDEX|TRIGGER))\s', re.I)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(work|root|home/\w+|Users)/")
TEXT_SUFFIXES = {".cpp", ".h", ".cmake", ".py", ".sh", ".md", ".json", ".yaml", ".yml", ".toml", ".ts", ".tsx", ".css", ".mjs", ".sql", ".txt", ".html", ".service", ""}
MAX_FILE, MAX_FUNCTION, MAX_COLUMNS = 500, 60, 180

errors, warnings = [], []


def tracked():
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    return [n for n in names if n and (ROOT / n).is_file()]


def check_source(name, lines):
    for number, line in enumerate(lines, 1):
        include = re.match(r'\s*#\s*include\s+[<"]([^>"]+)[>"]', line)
        if include:
            header = include.group(1)
            if header.startswith("../") or "/../" in header:
                errors.append(f"{name}:{number}: include through a parent folder: {header}")
            for pattern, allowed in HEADERS:
                if re.search(pattern, header) and not re.search(allowed, name):
                    errors.append(f"{name}:{number}: {header} does not belong in this module")
        elif SQL.search(line) and not re.search(SQL_FILES, name):
            errors.append(f"{name}:{number}: SQL outside the table's file")
        if len(line) > MAX_COLUMNS:
            warnings.append(f"{name}:{number}: {len(line)} columns")
    if len(lines) > MAX_FILE:
        warnings.append(f"{name}: {len(lines)} lines")
    for start, length in functions(lines):
        if length > MAX_FUNCTION:
            warnings.append(f"{name}:{start}: function of {length} lines")


def functions(lines):
    """Bodies that start in column 0 and end with "}" in column 0 (the style's free and member functions)."""
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and re.match(r"[A-Za-z].*\)?.*\{$", line) and not re.match(r"(namespace|class|struct|enum|extern|union|constexpr std::array|const std|using)\b", line):
            start = number
        elif start is not None and line.startswith("}"):
            yield start, number - start + 1
            start = None


def check_text(name, lines):
    ours = name in ("scripts/check.py",)
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line) and not ours and not name.endswith("package-lock.json"):
            errors.append(f"{name}:{number}: unfinished work is not kept in the tree")
        if MACHINE_PATHS.search(line) and not ours:
            errors.append(f"{name}:{number}: path of one machine")
        if name.endswith("package-lock.json") and '"resolved"' in line:
            errors.append(f"{name}:{number}: registry host in a lock file")


def check_format(sources, fix):
    if subprocess.run(["sh", "-c", "command -v clang-format"], stdout=subprocess.DEVNULL).returncode != 0:
        warnings.append("clang-format is missing: formatting was not looked at")
        return
    if fix:
        subprocess.run(["clang-format", "--style=file", "-i", *sources], cwd=ROOT, check=True)
        return
    done = subprocess.run(["clang-format", "--style=file", "--dry-run", "--ferror-limit=0", *sources], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    places = re.findall(r"^(\S+?):\d+:\d+: \w+: code should be clang-formatted", done.stdout, re.M)
    if places:
        warnings.append(f"clang-format would change {len(places)} places in {len(set(places))} files (scripts/check --fix)")


def routes():
    path = ROOT / "src/http/routes.cpp"
    return re.findall(r'Route\{"(\w+)", "([^"]+)"', path.read_text(encoding="utf-8")) if path.exists() else []


def check_openapi():
    path = ROOT / "api/openapi.yaml"
    if not path.exists():
        errors.append("api/openapi.yaml is missing")
        return
    text = path.read_text(encoding="utf-8") + "\n"
    documented = set()
    for where, block in re.findall(r'^  "?(/[^":\n]*)"?:\n((?:    .*\n|\n)*)', text, re.M):
        documented |= {(method.upper(), where) for method in re.findall(r'^    "?(get|put|post|patch|delete)"?:', block, re.M)}
    for method, where in routes():
        if (method, where) not in documented:
            errors.append(f"api/openapi.yaml: {method} {where} is not documented")
    for method, where in documented:
        if where.startswith("/api/v1/") and (method, where) not in routes():
            errors.append(f"api/openapi.yaml: {method} {where} is not served")


def check_packages():
    seen = set()
    for line in (ROOT / "scripts/packages.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if not re.fullmatch(r"(run|test)\s+[a-z0-9.+-]+", line):
            errors.append(f"scripts/packages.txt: {line!r} is not 'stage package'")
        if line.split()[-1] in seen:
            errors.append(f"scripts/packages.txt: {line.split()[-1]} is listed twice")
        seen.add(line.split()[-1])


def check_web():
    if not (ROOT / "web/package.json").exists():
        warnings.append("web/ is missing")
    elif not (ROOT / "web/node_modules").exists():
        warnings.append("web/node_modules is missing: types were not checked (npm ci in web/)")
    else:
        done = subprocess.run(["npm", "run", "--silent", "check"], cwd=ROOT / "web", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            errors.append("web: npm run check failed:\n" + done.stdout[-3000:])


def main():
    arguments = argparse.ArgumentParser(prog="scripts/check", description="Formatting, arrows, lint, types, documentation in step.")
    arguments.add_argument("--fix", action="store_true", help="format the C++ sources in place")
    arguments.add_argument("--no-web", action="store_true", help="leave out the type check of web/")
    given = arguments.parse_args()
    sources = []
    for name in tracked():
        path = ROOT / name
        if path.suffix not in TEXT_SUFFIXES or "corpus" in path.parts or name.startswith("packs/demo/documents"):
            continue
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except UnicodeDecodeError:
            continue
        check_text(name, lines)
        if name.startswith("src/") and path.suffix in (".cpp", ".h"):
            sources.append(name)
            check_source(name, lines[:-1])
    check_format(sources, given.fix)
    check_openapi()
    check_packages()
    asvs.check(errors.append)
    if not given.no_web:
        check_web()
    for line in warnings:
        print(f"warn {line}")
    for line in errors:
        print(f"error {line}")
    print(f"check: {len(errors)} errors, {len(warnings)} warnings")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
