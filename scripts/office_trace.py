"""docs/office-trace.md: what the rules ask for → the definition that does it → its test, under each organisation profile.

The rows stand in packs/office/trace.tsv: a row id, what it asks for in our own words, where it is done (addresses in packs/office/*.yaml as
office_model.elements names them), what a play of it must show (by, told: posts; with: values of the case that is opened for it; shows: see SHOWS), and,
where the program itself does it or stands behind it, the feature and its test file. Row ids: 2.2#n who tells whom, 2.3#n violations, 2.4#n points where
texts differ, 3#n separation of duties, 4#n permissions, 5#n periodic and triggered duties, cap:slug the capabilities, and document:clause for every clause
that asks for a workflow, a register, a check or something physical. src/features/office/trace_test.cpp plays the rows.

    /usr/bin/python3 -B scripts/office_trace.py          writes the table
    /usr/bin/python3 -B scripts/office_trace.py --check  says what is wrong, and whether the table is old; exit status 1 if anything
"""
import re
import sys

import office_model as model

TABLE = model.ROOT / "docs" / "office-trace.md"
# How many rows there are of each kind, so that none is lost. Numbered ones have no gaps.
NUMBERED = {"2.2": 30, "2.3": 10, "2.4": 6, "3": 20, "4": 43, "5": 39}
COUNTED = {"cap": 45, "std": 295, "qa": 16, "decl": 5, "n26": 23, "shu": 24, "hak": 29, "oga": 29}
TITLES = {"2.2": "事故の報告（だれがだれに知らせるか）", "2.3": "違反", "2.4": "条文どうしの違いの決め方", "3": "職務の分離", "4": "許可と届出", "5": "定期の仕事、きっかけのある仕事", "cap": "機能",
          "std": "対策基準の条項", "qa": "調達の要件", "decl": "宣言", "n26": "基本方針（改定後の市）", "shu": "基本方針（一部事務組合）", "hak": "基本方針（複合的な組合）", "oga": "基本方針（村）"}
# What plays a row, in every body: tests of src/features/office/trace_test.cpp, by kind of row.
PLAYS = model.ROOT / "src" / "features" / "office" / "trace_test.cpp"
REPORTS = "EachReportReachesThoseItIsFor"
PLAYED = {"2.2": REPORTS, "2.3": REPORTS, "2.4": REPORTS, "3": "EachSeparationOfDutiesKeepsSomebodyOut", "4": "EachPermissionIsGivenByItsPostAndByNobodyElse",
          "5": "EachDutyMakesItsWorkInTheFiscalYear", "cap": "EachCapabilityIsPlayedToItsEnd"}
EVERY_STEP = "EveryStepOfEveryDefinitionIsMade"
# What the play must have shown, as the table says it.
SHOWS = {"made": "行える", "told": "知らせが届く", "apart": "同じ人を拒む", "joint": "別の人の署名", "only": "ほかの人を拒む", "asked": "足りなければ拒む", "unseen": "ほかの人に見えない", "duty": "年度の仕事ができる"}
# Tests of tests/functional/test_office_definitions.py that look at the definitions beside the play, by kind of row.
TESTS = {"2.2": "every_transition_can_be_made", "2.3": "every_transition_can_be_made", "2.4": "every_transition_can_be_made", "3": "separation_of_duties_is_written_down", "4": "every_permission_is_decided_by_another",
         "5": "every_duty_opens_by_itself_or_has_its_step"}
# Why something is not there for a body: by the switch in its `when`.
REASONS = {"event_levels": "事故の段階が1つの団体には、事象かどうかの判断がない", "segments": "ネットワークの区分がない団体", "distinct:head/system_manager": "統括と情報管理者を同じ役職が兼ねる団体では、理由を残して一人で決める",
           "distinct:head/division_head": "統括と責任者を同じ役職が兼ねる団体では、理由を残して一人で決める"}


def kind_of(row):
    return re.split(r"[#:]", row, maxsplit=1)[0]


def switches(element):
    when = element.get("when", {})
    return when.get("has", []) + when.get("lacks", [])


def count_problems(rows):
    kinds = {}
    for row in rows:
        kinds.setdefault(kind_of(row["row"]), []).append(row["row"])
    out = [f"row {r} stands twice" for r in {row["row"] for row in rows} if sum(r == x["row"] for x in rows) > 1]
    for kind, count in NUMBERED.items():
        have = set(kinds.get(kind, []))
        out += [f"row {kind}#{n} is missing" for n in range(1, count + 1) if f"{kind}#{n}" not in have]
        out += [f"row {r} is not known" for r in sorted(have - {f"{kind}#{n}" for n in range(1, count + 1)})]
    for kind, count in COUNTED.items():
        if len(kinds.get(kind, [])) != count:
            out.append(f"{len(kinds.get(kind, []))} rows of {kind}, {count} wanted")
    return out + [f"rows of the unknown kind {k}" for k in kinds if k not in NUMBERED and k not in COUNTED]


def row_problems(rows, elements):
    out = []
    for row in rows:
        name, where = row["row"], row["where"].split()
        if not where:
            out.append(f"{name}: no definition")
        out += [f"{name}: {address} is not there" for address in where if address not in elements]
        if bool(row["feature"]) != bool(row["tests"]) or (row["feature"] and not (model.ROOT / "src" / "features" / row["feature"]).is_dir()):
            out.append(f"{name}: feature and tests belong together, and the feature must exist")
        if row["tests"] and not (model.ROOT / "tests" / "functional" / f"{row['tests']}.py").is_file():
            out.append(f"{name}: no tests/functional/{row['tests']}.py")
        if kind_of(name) == "std" and where:
            clause = model.base(name.split(":", 1)[1])
            if not any(address in elements and ("std", clause) in model.cited(elements[address]) for address in where):
                out.append(f"{name}: nothing that it points to stands on {clause}")
    return out


def play_problems(rows):
    """Each row of the roles says what a play must show, and the program that plays it is there, for every body."""
    source = PLAYS.read_text(encoding="utf-8")
    out = [f"{PLAYS.name}: no test {name}" for name in sorted({*PLAYED.values(), EVERY_STEP}) if f"TEST_P(Trace, {name})" not in source]
    listed = re.search(r"kBodies\[\] = \{([^}]*)\}", (PLAYS.parent / "players.h").read_text(encoding="utf-8"))
    played = set(re.findall(r'"([^"]+)"', listed[1])) if listed else set()
    if "ValuesIn(kBodies)" not in source:
        out.append(f"{PLAYS.name}: not for every body")
    out += [f"{name}: nothing is played in this body" for name in model.BODIES if name not in played]
    for row in rows:
        words, posts = row["shows"].split(), {*row["by"].split(), *row["told"].split()}
        out += [f"{row['row']}: {word} is nothing that a play shows" for word in words if word not in SHOWS]
        out += [f"{row['row']}: {post} is no post" for post in sorted(posts - set(POSTS) - {"staff", "program"})]
        if kind_of(row["row"]) in NUMBERED and not words:
            out.append(f"{row['row']}: no test: it does not say what a play shows")
        if "told" in words and not row["told"] or "only" in words and not row["by"]:
            out.append(f"{row['row']}: does not say whose it is")
    return out


def body_problems(rows, definitions, elements):
    """Each row is done in each body, or a switch with a reason leaves it out; each mover exists there."""
    out = []
    for name, body in model.bodies().items():
        here = present(definitions, body)
        for row in rows:
            gone = [a for a in row["where"].split() if a not in here]
            if len(gone) == len(row["where"].split()) and not all(any(s in REASONS for s in switches(elements[a])) for a in gone if a in elements):
                out.append(f"{row['row']}: nothing does it under {name}, and no reason is given")
        for definition in definitions.values():
            narrowed = model.of_body(definition, body)
            if narrowed is None:
                continue
            roles = {role["code"]: set(role["powers"]) for role in body["roles"]}
            for who in model.whos_in(narrowed):
                if "post" in who and body["permitters"].get(who["post"]) not in roles:
                    out.append(f"{definition['id']}: nobody holds the post {who['post']} under {name}")
                if "power" in who and not any(who["power"] in powers for powers in roles.values()):
                    out.append(f"{definition['id']}: nobody has the power {who['power']} under {name}")
    return sorted(set(out))


def present(definitions, body):
    out = set()
    for definition in definitions.values():
        narrowed = model.of_body(definition, body)
        if narrowed is not None:
            out |= {address for address, _ in model.elements(narrowed)}
    return out


def problems():
    rows, definitions = model.rows(), model.definitions()
    elements = {address: element for definition in definitions.values() for address, element in model.elements(definition)}
    found = count_problems(rows) + row_problems(rows, elements) + play_problems(rows) + body_problems(rows, definitions, elements)
    used = {s for element in elements.values() for s in switches(element)}
    found += [f"switch {s} has no reason" for s in sorted(used - set(REASONS))]
    reached = {address.split("/")[0] for row in rows for address in row["where"].split()}
    return found + [f"{name}.yaml: no row points to it" for name in definitions if name not in reached]


def title_of(address, element):
    definition, _, rest = address.partition("/")
    if not rest:
        return f"`{definition}`"
    title = "開く" if rest == "open" else element.get("title", rest.split("/")[-1])
    return f"`{definition}` {title}"


TERMS = model.bodies()["city-standards"]["terms"] | {"security": "情報セキュリティ"}


def words(text):
    return re.sub(r"\{(\w+)\}", lambda m: TERMS.get(m[1], m[1]), text).replace("|", "／")


GROUPS = {"incidents": "事故・違反", "permits": "許可", "assets": "情報資産", "external": "外部サービス", "contractors": "委託", "audit": "監査・点検", "people": "人・研修", "systems": "システム", "facilities": "施設", "plans": "計画・委員会", "communication": "情報の発信・窓口"}
POSTS = {"top": "最高責任者", "head": "統括", "division_head": "責任者", "manager": "管理者", "system_manager": "情報管理者", "system_staff": "担当者", "committee": "委員会", "contact": "窓口", "audit_head": "監査統括", "service_permitter": "許可権限者"}
EVERY = {"fiscal_year": "年度", "half_year": "半年", "quarter": "四半期", "month": "月"}


def people(whos):
    return "、".join(dict.fromkeys(POSTS.get(w.get("post"), "") or ("だれでも" if "anyone" in w else "自動" if "program" in w else "関係者") for w in whos))


def every(duty):
    return EVERY.get(duty["every"]) if isinstance(duty["every"], str) else duty["every"]["word"]


def overview(definitions):
    """What there is, by group: who opens a case, the seals of its paper, and what the calendar opens."""
    out = ["", "## 定義の一覧", "", "| まとまり | 定義 | 名称 | 台帳・手続 | 開く人 | 決裁欄 | 定期 | 根拠 |", "|---|---|---|---|---|---|---|---|"]
    for group, title in GROUPS.items():
        for name, d in definitions.items():
            if d["group"] != group:
                continue
            seals = "、".join(dict.fromkeys(re.sub(r"\{post:(\w+)\}", lambda m: POSTS[m[1]], s["title"]) for s in d.get("print", {}).get("seals", [])))
            clause = d["clauses"][0] if isinstance(d["clauses"][0], str) else d["clauses"][0]["ref"]
            duties = "、".join(dict.fromkeys(every(u) for u in d.get("duties", [])))
            out.append(f"| {title} | `{name}` | {words(d['title'])} | {'台帳' if d['kind'] == 'register' else '手続'} | {people(d['open']['by'])} | {seals} | {duties} | {clause} |")
    return out


def summary(rows, here):
    """How many rows of each kind there are, and how many of them each body has."""
    out = ["", "## まとめ", "", "| 求めること | 行 | " + " | ".join(body["name"] for body in model.bodies().values()) + " |", "|---|---|" + "---|" * len(here)]
    for kind in [*NUMBERED, *COUNTED]:
        mine = [row["where"].split() for row in rows if kind_of(row["row"]) == kind]
        done = [sum(any(a in h for a in where) for where in mine) for h in here]
        out.append(f"| {TITLES[kind]} | {len(mine)} | " + " | ".join(map(str, done)) + " |")
    return out


def shown(row):
    """What its test must see, in a few words."""
    who = "、".join(POSTS.get(p, {"staff": "だれでも", "program": "自動"}.get(p, p)) for p in row["by"].split())
    told = "、".join(POSTS.get(p, p) for p in row["told"].split())
    said = [SHOWS[word] for word in row["shows"].split() if word not in ("made", "told")]
    return "。".join([*([f"{who}が行える"] if who else []), *([f"{told}に届く"] if told else []), *said])


def tests_of(row):
    kind = kind_of(row["row"])
    played = f"`Trace.{PLAYED.get(kind, EVERY_STEP)}`"
    seen = shown(row)
    beside = [f"`test_office_definitions_{TESTS[kind]}`"] if kind in TESTS else []
    return "、".join([played + (f"（{seen}）" if seen else ""), *beside, *([f"`{row['tests']}`"] if row["tests"] else [])])


def line(row, elements, here):
    where = row["where"].split()
    done = "<br>".join(words(title_of(a, elements[a])) for a in where[:6]) + (f"<br>ほか{len(where) - 6}" if len(where) > 6 else "")
    bodies = "".join("○" if any(a in h for a in where) else "－" for h in here)
    feature = f"`{row['feature']}`" if row["feature"] else ""
    return f"| {row['row']} | {words(row['what'])} | {done} | {feature} | {tests_of(row)} | {bodies} |"


def table():
    rows, definitions = model.rows(), model.definitions()
    elements = {address: element for definition in definitions.values() for address, element in model.elements(definition)}
    here = [present(definitions, body) for body in model.bodies().values()]
    out = ["# 管理室の対応表", "",
           "基準が求めること（報告、職務の分離、許可、定期の仕事、機能、条項）を、どの定義のどこが行い、どの試験が確かめるかの表です。 `packs/office/trace.tsv` と `packs/office/*.yaml` から",
           "`scripts/office_trace.py` が作ります。手で直しません。「団体」は、青嶺市（基準どおりの市）、桜淵市（改定後の市）、一部事務組合、複合的な組合、村の5つのプロファイルの順に、有効（○）か、ない（－）かです。",
           "試験の `Trace.…` は `src/features/office/trace_test.cpp` にあり、5つの団体のそれぞれで、製品そのものを動かして行を確かめます。すべての遷移を、行える人が行い、行えない人と、職務の分離にかかる人が拒まれることを見ます。",
           "`test_…` は `tests/functional/` にあります。どの行でも、定義は `Trace.EveryStepOfEveryDefinitionIsMade`、`test_office_definitions_are_sound`、`test_office_definitions_are_valid` が確かめます。", "",
           f"定義 {len(definitions)}、遷移 {sum(len(model.transitions(d)) for d in definitions.values())}、定期の仕事 {sum(len(d.get('duties', [])) for d in definitions.values())}、行 {len(rows)}。", "",
           "ない（－）理由: " + "。".join(dict.fromkeys(REASONS.values())) + "。"]
    out += summary(rows, here) + overview(definitions)
    for kind in [*NUMBERED, *COUNTED]:
        out += ["", f"## {TITLES[kind]}", "", "| 行 | 求めること | 定義 | 製品の機能 | 試験 | 団体 |", "|---|---|---|---|---|---|"]
        out += [line(row, elements, here) for row in rows if kind_of(row["row"]) == kind]
    return "\n".join(out) + "\n"


def main():
    found = problems()
    if "--check" in sys.argv[1:]:
        if not TABLE.is_file() or TABLE.read_text(encoding="utf-8") != table():
            found.append("docs/office-trace.md is old: /usr/bin/python3 -B scripts/office_trace.py")
    elif not found:
        TABLE.write_text(table(), encoding="utf-8")
    print("\n".join(found) or "every row is done by something that exists")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
