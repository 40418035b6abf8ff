"""What clauses of a policy ask for: suggested by rules, confirmed by a person, stale when the words change; and beside the national guideline."""
import base64
import json
import shutil
import subprocess

import pytest
from sekisho import BINARY, PASSWORD, ROOT
from shiken import PROFILE

NOBODYS = "01HZZZZZZZZZZZZZZZZZZZZZZZ"
TEXT = """試験の対策基準

1 目的

この基準は、試験のための決まりを定めることを目的とする。

2 人

(1) 研修

ア 職員は、毎年の研修に参加しなければならない。
イ 係の者は、鍵を他人に貸してはならない。
ウ 職員は、できるだけ短い言葉で書くよう努める。

(2) 合言葉

ア 職員は、合言葉が漏れたときは、課長に報告しなければなりません。
イ 必要なときは、合言葉を分けることができる。

3 機械

(1) 不正プログラム対策

次の事項を守らなければならない。

ア 検査の記録の保存
イ 不正プログラム対策ソフトウェアの導入
"""


def send(client, name, text, document=None):
    body = {"name": name, "content": base64.b64encode(text.encode()).decode()} | ({"document": document} if document else {})
    return client.post("/api/v1/policies", body).ok()


def meanings(client, version, query=""):
    return client.get(f"/api/v1/policies/versions/{version}/meanings{query}").ok()


def by_ref(listed):
    return {m["ref"]: m for m in listed["items"]}


def decide(client, version, *items):
    return client.post(f"/api/v1/policies/versions/{version}/meanings", {"items": list(items)})


def decision(meaning, state="confirmed", **changes):
    return {"clause": meaning["clause"], "hash": meaning["hash"], "state": state} | changes


@pytest.fixture()
def made(admin):
    return send(admin, "kijun.txt", TEXT)


def test_policy_meaning_is_suggested_from_how_sentences_end_and_who_acts(admin, made):
    found = by_ref(meanings(admin, made["version"]))
    assert {ref: found[ref]["modality"] for ref in ("1", "2(1)ア", "2(1)イ", "2(1)ウ", "2(2)ア", "2(2)イ", "3(1)", "3(1)ア")} == {
        "1": "is", "2(1)ア": "must", "2(1)イ": "must_not", "2(1)ウ": "should", "2(2)ア": "must", "2(2)イ": "may", "3(1)": "must", "3(1)ア": "must"}
    assert found["2(1)ア"]["actor"] == "@staff" and found["2(1)ア"]["actor_name"] == "職員"
    assert found["2(1)イ"]["actor"] == "係の者", "nobody of the profile is called so: the policy's own words stay"
    assert found["2(1)ア"]["capability"] == "training" and found["2(2)ア"]["kind"] == "workflow"
    # ログ stands in プログラム, and means nothing there.
    assert found["3(1)イ"]["capability"] == "malware-scan"
    assert {m["state"] for m in found.values()} == {"suggested"} and "2" not in found, "a bare heading asks for nothing"


def test_policy_meaning_of_a_role_is_by_the_bodys_own_names(admin, shiken_roles):
    code, name = shiken_roles
    found = by_ref(meanings(admin, send(admin, "yaku.txt", f"1 役\n\n(1) {name}は、台帳を作らなければならない。\n")["version"]))
    assert found["1(1)"]["actor"] == code and found["1(1)"]["object"] == "台帳"


@pytest.fixture()
def shiken_roles(admin, made):
    return next((a["code"], a["name"]) for a in meanings(admin, made["version"])["actors"] if a["code"] == "saiko")


def test_policy_meaning_is_confirmed_changed_refused_and_taken_back(admin, made):
    found = by_ref(meanings(admin, made["version"]))
    done = decide(admin, made["version"], decision(found["2(1)ア"]), decision(found["2(1)イ"], kind="enforce", capability="auth-credentials", actor="@staff"),
                  decision(found["2(1)ウ"], "refused")).ok()
    assert done["decided"] == 3 and (done["counts"]["confirmed"], done["counts"]["refused"], done["counts"]["stale"]) == (2, 1, 0)
    after = by_ref(meanings(admin, made["version"]))
    assert after["2(1)イ"]["state"] == "confirmed" and (after["2(1)イ"]["kind"], after["2(1)イ"]["actor"]) == ("enforce", "@staff")
    assert after["2(1)ア"]["decided_by"] == admin.session["user"]["name"]
    assert after["2(1)ウ"]["state"] == "refused" and after["2(1)ウ"]["modality"] == ""
    assert [m["ref"] for m in meanings(admin, made["version"], "?state=refused")["items"]] == ["2(1)ウ"]
    assert {m["ref"] for m in meanings(admin, made["version"], "?capability=auth-credentials&state=confirmed")["items"]} == {"2(1)イ"}
    decide(admin, made["version"], decision(after["2(1)ウ"])).ok()
    assert by_ref(meanings(admin, made["version"]))["2(1)ウ"]["modality"] == "should", "a refused one is confirmed as the rules suggest it"
    decide(admin, made["version"], decision(after["2(1)ウ"], "suggested")).ok()
    assert by_ref(meanings(admin, made["version"]))["2(1)ウ"]["state"] == "suggested"


def test_policy_meaning_of_edited_words_is_stale_and_of_unseen_words_refused(admin, made):
    seen = by_ref(meanings(admin, made["version"]))["2(1)ア"]
    decide(admin, made["version"], decision(seen)).ok()
    admin.patch(f"/api/v1/policies/versions/{made['version']}/clauses/{seen['clause']}", {"text": "職員は、毎月の研修に参加しなければならない。"}).ok()
    now = by_ref(meanings(admin, made["version"]))["2(1)ア"]
    assert now["state"] == "confirmed" and now["stale"]
    assert [m["ref"] for m in meanings(admin, made["version"], "?state=stale")["items"]] == ["2(1)ア"]
    decide(admin, made["version"], decision(seen)).refused(409, "policies.meaning_changed")
    decide(admin, made["version"], decision(now)).ok()
    assert not by_ref(meanings(admin, made["version"]))["2(1)ア"]["stale"]


def test_policy_meaning_stays_with_a_clause_that_only_moves(admin, made):
    decide(admin, made["version"], decision(by_ref(meanings(admin, made["version"]))["2(1)イ"])).ok()
    newer = send(admin, "kijun.txt", TEXT.replace("ア 職員は、毎年の研修に参加しなければならない。\nイ 係", "ア 係").replace("ウ 職員", "イ 職員"), made["document"])
    moved = by_ref(meanings(admin, newer["version"]))["2(1)ア"]
    assert moved["state"] == "confirmed" and not moved["stale"]


def test_policy_meaning_refuses_what_is_not_known_and_decides_all_or_nothing(admin, made):
    found = by_ref(meanings(admin, made["version"]))
    good = decision(found["2(1)ア"])
    for change in ({"modality": "maybe"}, {"kind": "x"}, {"capability": "x"}, {"actor": "@x"}, {"actor": ""}, {"object": "あ" * 200}):
        decide(admin, made["version"], good, decision(found["2(1)イ"], **change)).refused(400, "policies.meaning_value")
    decide(admin, made["version"], good, decision(found["2(1)イ"], "x")).refused(400, "policies.meaning_state")
    decide(admin, made["version"], good, decision(found["2(1)イ"]) | {"clause": NOBODYS}).refused(404, "policies.clause_not_found")
    decide(admin, made["version"]).refused(400, "policies.meaning_count")
    assert meanings(admin, made["version"])["counts"]["confirmed"] == 0
    admin.get(f"/api/v1/policies/versions/{NOBODYS}/meanings").refused(404, "policies.not_found")


def test_policy_guideline_lists_gaps_and_a_person_maps_clauses(admin, made):
    where = "/api/v1/policies/guideline"
    view = admin.get(f"{where}?version={made['version']}").ok()
    topics = {t["code"]: t for t in view["topics"]}
    assert view["gaps"] == sum(1 for t in view["topics"] if not t["clauses"]) and 80 <= len(topics) <= 150
    assert "2(1)ア" in {c["ref"] for c in topics["対5.2-3"]["clauses"]}, "taking part in training"
    assert topics["対4.1-3"]["clauses"] == [], "nothing is said of power supply"
    clause = topics["対5.2-3"]["clauses"][0]["clause"]
    send_state = lambda item, state: admin.post(where, {"version": made["version"], "clause": clause, "item": item, "state": state})
    send_state("対5.2-3", "refused").ok()
    send_state("対4.1-3", "confirmed").ok()
    topics = {t["code"]: t for t in admin.get(f"{where}?version={made['version']}").ok()["topics"]}
    assert clause not in {c["clause"] for c in topics["対5.2-3"]["clauses"]}
    assert [(c["clause"], c["state"]) for c in topics["対4.1-3"]["clauses"]] == [(clause, "confirmed")]
    send_state("対5.2-3", "suggested").ok()
    send_state("x", "confirmed").refused(404, "policies.topic_not_found")
    send_state("対4.1-3", "x").refused(400, "policies.meaning_state")
    assert {c["ref"] for c in view["unmapped"]} <= set(by_ref(meanings(admin, made["version"])))


def test_policy_crosswalk_agrees_with_the_schemes_that_the_program_ships(admin):
    view = admin.get("/api/v1/policies/guideline").ok()
    three, five = (json.loads((ROOT / f"packs/bodies/{name}.json").read_text(encoding="utf-8")) for name in ("city-standards", "city-revised"))
    assert [p["three"] for p in view["crosswalk"]] == [level["name"] for level in reversed(three["confidentiality"])]
    assert [name for p in view["crosswalk"] for name in p["five"]] == [level["name"] for level in reversed(five["confidentiality"])]
    carried = {c["from"]: c["to"] for c in five["carried_over"]["confidentiality"]}
    assert {p["three"]: list(reversed(p["five"])) for p in view["crosswalk"]} == carried


def test_policy_meaning_is_for_those_with_the_right(staff, made):
    staff.get(f"/api/v1/policies/versions/{made['version']}/meanings").refused(403)
    staff.get("/api/v1/policies/guideline").refused(403)


def test_policy_meaning_rules_with_a_mistake_are_refused_at_the_start(tmp_path):
    packs = tmp_path / "packs"
    shutil.copytree(ROOT / "packs", packs)
    rules = json.loads((packs / "standard/rules.json").read_text(encoding="utf-8"))
    rules["kinds"][1]["value"] = "nothing"
    (packs / "standard/rules.json").write_text(json.dumps(rules, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run([BINARY, "body", "create", "--data", tmp_path / "data", "--set", f"packs.dir={packs}", "--code", "x", "--profile", ROOT / "packs/bodies/village.json"],
                          capture_output=True, text=True)
    assert done.returncode != 0 and "standard.rules" in done.stderr + done.stdout


def test_policy_meaning_and_gaps_by_command_line(stopped_with_policy):
    run, version = stopped_with_policy
    listed = run("policy", "meaning", "--kind", "workflow", version)
    assert listed["items"] and {m["kind"] for m in listed["items"]} == {"workflow"}
    done = run("policy", "meaning", "--kind", "workflow", "--confirm", version)
    assert done["decided"] == len(listed["items"]) == done["counts"]["confirmed"]
    one = run("policy", "meaning", "--ref", "2(1)イ", "--confirm", "--change", "kind=physical,actor=saiko+@staff", version)
    assert one["decided"] == 1
    shown = run("policy", "meaning", "--ref", "2(1)イ", version)["items"][0]
    assert (shown["kind"], shown["actor"], shown["state"]) == ("physical", "saiko,@staff", "confirmed")
    assert run("policy", "gaps", version)["gaps"] > 0
    assert "--change" in run("policy", "meaning", "--change", "x=y", "--confirm", version, fails=True)


@pytest.fixture()
def stopped_with_policy(tmp_path):
    data, text = tmp_path / "data", tmp_path / "kijun.txt"
    (tmp_path / "profile.json").write_text(json.dumps(PROFILE, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    text.write_text(TEXT, encoding="utf-8")

    def cli(*words):
        return subprocess.run([BINARY, *words[:2], "--data", data, *words[2:]], capture_output=True, text=True)

    def run(*words, fails=False):
        done = cli(*words[:2], "--body", "x", "--user", "kanri", "--json", *words[2:])
        assert (done.returncode != 0) == fails, done.stderr
        return done.stderr if fails else json.loads(done.stdout)

    assert cli("body", "create", "--code", "x", "--profile", tmp_path / "profile.json").returncode == 0
    made = cli("user", "create", "--body", "x", "--login", "kanri", "--name", "担当", "--department", "joho", "--roles", "system", "--password-file", tmp_path / "password")
    assert made.returncode == 0, made.stderr
    return run, run("policy", "import", text)["version"]
