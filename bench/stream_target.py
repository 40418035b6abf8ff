#!/usr/bin/python3
"""Prepares Sekisho as the target of a streaming benchmark: a body, a person, an API key and one endpoint that passes the model's name on.

    bench/stream_target.py --work DIR [--port 9300] [--upstream http://127.0.0.1:9100/v1] [--binary build/release/bin/sekisho]

Writes DIR/ours.json: {"ours": {"start": command, "port", "url", "headers"}}: what to start, and how to ask it for a stream with the session
check, the label decision, the record before the model is called and the record of the answer all on.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
LEVELS = [{"name": name, "criterion": "計測"} for name in ("一", "二", "三")]
PROFILE = {
    "name": "計測", "self_name": "計測", "kind": "計測", "word_for_security": "情報セキュリティ", "fiscal_year_start": 4, "scope": {"bodies": [], "functions": []},
    "confidentiality": LEVELS, "integrity": LEVELS, "availability": LEVELS,
    "segments": [{"code": "lgwan", "name": "LGWAN接続系", "origins": ["lgwan"], "export_allowed": True, "factors": 1}],
    "unit_kinds": [{"code": "k", "name": "課"}], "units": [{"code": "d", "name": "課", "kind": "k"}], "role_scopes": [{"code": "whole", "name": "全体"}],
    "roles": [{"code": "r", "name": "役", "scope": "whole", "powers": ["chat.use", "keys.manage"]}],
    "permitters": {key: "r" for key in ("top", "head", "division_head", "manager", "system_manager", "system_staff", "committee", "contact", "audit_head", "service_permitter")},
    "appointment_rules": [], "staff_categories": [], "incident_levels": [], "time_words": [],
    "terms": {key: key for key in ("staff", "unit", "whole_body", "service_desk", "policy", "incident", "contractor", "protected_room")},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", required=True)
    parser.add_argument("--port", type=int, default=9300)
    parser.add_argument("--upstream", default="http://127.0.0.1:9100/v1")
    parser.add_argument("--binary", default=str(ROOT / "build/release/bin/sekisho"))
    arguments = parser.parse_args()
    work = pathlib.Path(arguments.work).resolve()
    data = work / "sekisho-data"
    shutil.rmtree(data, ignore_errors=True)
    os.makedirs(work, exist_ok=True)
    profile = work / "profile.json"
    profile.write_text(json.dumps(PROFILE, ensure_ascii=False), encoding="utf-8")

    def sekisho(*words):
        done = subprocess.run([arguments.binary, *words, "--data", str(data), "--json"], check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout)

    sekisho("body", "create", "--code", "bench", "--profile", str(profile))
    password = work / "password"
    password.write_text("a-long-bench-password", encoding="utf-8")
    sekisho("user", "create", "--login", "u", "--name", "計測", "--department", "d", "--roles", "r", "--password-file", str(password))
    sekisho("endpoint", "create", "--name", "mock", "--url", arguments.upstream, "--model", "*", "--ceiling", "3", "--approval", "計測", "--approved-by", "計測", "--segments", "lgwan")
    key = sekisho("key", "create", "--user", "u", "--name", "bench")["secret"]
    target = {"ours": {"start": f"exec {arguments.binary} serve --data {data} --set listen.port={arguments.port} --set stream.resume_ms=0"
                                f" --set usage.monthly_characters=1000000000000",
                       "port": arguments.port, "url": f"http://127.0.0.1:{arguments.port}/v1/chat/completions",
                       "headers": [f"Authorization: Bearer {key}"]}}
    (work / "ours.json").write_text(json.dumps(target, indent=1), encoding="utf-8")
    print(work / "ours.json")


if __name__ == "__main__":
    main()
