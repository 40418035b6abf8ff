// Lists of a register of many cases, through the gate as a person asks for them, beside the floor: a page of bare rows by their keys.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <random>

#include "apps/bench.h"
#include "apps/bench_folder.h"
#include "apps/command.h"
#include "core/bytes.h"
#include "crypto/random.h"
#include "features/bodies/operations.h"
#include "features/office/operations.h"
#include "files/sheet.h"
#include "text/utf8.h"

namespace sekisho::apps {
namespace {

using Steady = std::chrono::steady_clock;
using office::Case;
using office::CaseTable;
using office::ListIn;

constexpr const char* kRegister = R"yaml(format: 1
id: bench
title: 計測の台帳
kind: register
group: assets
capabilities: [asset-register]
clauses: ["6(8)ア"]
open: {by: [{anyone: true}], clauses: ["6(8)ア"]}
visible: [{post: head}, {post: manager, in: unit}]
subject: [what]
number: {prefix: 測}
department: unit
fields:
  - {key: what, title: もの, type: text, required: true, index: true}
  - {key: kind, title: 種類, type: choice, index: true, choices: [{key: a, title: 甲}, {key: b, title: 乙}]}
  - {key: unit, title: 課, type: department}
  - {key: story, title: 経緯, type: long_text}
states:
  - {key: lent, title: 貸出し中, kind: open}
  - {key: back, title: 返却, kind: closed}
transitions:
  - {key: take_back, title: 返す, from: [lent], to: back, by: [{person: opener}], clauses: ["6(8)ア"]}
list: {columns: [number, what, kind, unit, state], filters: [what, kind]}
)yaml";
constexpr const char* kHead = "keisoku-tokatsu";
constexpr const char* kManager = "keisoku-kanri";
constexpr const char* kClerk = "keisoku-riyosha";
constexpr int kRounds = 60;
constexpr int kPage = 50;
constexpr int kAtOnce = 4000;  // cases of one transaction
constexpr std::size_t kWordsBytes = 600;

double ms_since(Steady::time_point begin) { return std::chrono::duration<double, std::milli>(Steady::now() - begin).count(); }

json::Object times_of(std::vector<double> ms, std::size_t rows) {
  std::sort(ms.begin(), ms.end());
  return {{"rows", rows}, {"p50_ms", ms[ms.size() / 2]}, {"p95_ms", ms[ms.size() * 95 / 100]}};
}

// Texts of words that come as often as words do: the n-th word in proportion to 1/n.
class Texts {
 public:
  Texts() {
    std::mt19937 made(7);
    for (int i = 0; i < 4000; ++i) {
      std::string word;
      for (int c = 0, size = 2 + static_cast<int>(made() % 3); c < size; ++c) text::append_utf8(word, 0x4E00 + made() % 1200);
      words_.push_back(std::move(word));
      weights_.push_back(1.0 / (i + 1));
    }
    pick_ = std::discrete_distribution<std::size_t>(weights_.begin(), weights_.end());
  }
  std::string one(std::size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += words_[pick_(random_)];
    return out;
  }
  const std::string& word(std::size_t rank) const { return words_[rank]; }

 private:
  std::vector<std::string> words_;
  std::vector<double> weights_;
  std::mt19937 random_{11};
  std::discrete_distribution<std::size_t> pick_;
};

class OfficeBench {
 public:
  OfficeBench(Engine& engine, int cases, int rows) : engine_(engine), cases_(cases), rows_(rows) {}

  Result<json::Value> run() {
    SK_CHECK(set_up());
    SK_TRY(json::Value imported, imports());
    const auto begin = Steady::now();
    SK_CHECK(fill());
    const double filled = ms_since(begin) / 1000;
    json::Object out{{"cases", cases_}, {"bytes_of_text", static_cast<std::int64_t>(kWordsBytes)}, {"written_s", filled}, {"written_us_per_case", filled * 1e6 / cases_}, {"import", std::move(imported)}};
    SK_TRY(out["floor_page_of_rows"], floor());
    SK_TRY(out["gate_alone"], gate_alone());
    SK_TRY(out["lists"], lists());
    std::error_code error;
    out["database_mb"] = static_cast<double>(std::filesystem::file_size(engine_.config().data_dir + "/bodies/bench/body.db", error)) / 1e6;
    return json::Value(std::move(out));
  }

 private:
  Status set_up() {
    SK_TRY(body_, engine_.create_body("bench"));
    SK_TRY(auto profile, read_profile(engine_.config().packs_dir + "/bodies/city-standards.json"));
    std::vector<std::string> units;
    for (const auto& u : profile.units) {
      units.push_back(u.code);
      unit_names_.push_back(u.name);
    }
    SK_CHECK(engine_.gate().run(bodies::set_up(engine_.vocabulary()), engine_.caller(*body_, gate::Operator{}), std::move(profile)));
    SK_CHECK(engine_.name_body(*body_));
    const struct {
      const char* login;
      const char* role;
    } people[] = {{kHead, "tokatsu"}, {kManager, "kanri"}, {kClerk, "riyosha"}};
    for (const auto& p : people) {
      accounts::UserCreateIn user;
      user.login = user.name = p.login;
      user.roles = {p.role};
      user.department = units.back();
      user.clearance = 3;
      user.password = Secret(std::string("nagai-kotoba-de-hakaru-") + p.role);
      SK_TRY(const auto made, engine_.gate().run(engine_.accounts().create_user(), engine_.caller(*body_, gate::Operator{}), std::move(user)));
      accounts_[p.login] = made.user.id.str();
    }
    SK_TRY(const json::Value version, ask(kHead, "office.define", json::Object{{"source", kRegister}}));
    SK_TRY(const std::string model, ask(kClerk, "office.open", json::Object{{"definition", "bench"}, {"fields", json::Object{{"what", "端末"}}}}).transform([](const json::Value& v) {
      return std::string(std::string_view(v.at("id").as_string()));
    }));
    SK_TRY(const auto tx, body_->db->begin_read());
    SK_TRY(const auto found, CaseTable::for_rules(*tx, office::CaseId::trusted(model)));
    model_ = *found;
    SK_TRY(const auto rows, bodies::Table::unit_rows(*tx));
    for (const auto& u : rows) units_.push_back(u.id.str());
    return ok();
  }

  Result<json::Value> ask(const std::string& who, const char* operation, json::Value in) {
    const gate::Entry* const entry = engine_.registry().find(operation);
    if (entry == nullptr) return fail(Code::internal, "internal", operation);
    return engine_.gate().run(*entry, engine_.caller(*body_, gate::LocalUser{who}), in);
  }

  // A ledger of assets with a row in a hundred that cannot be taken: looked at, taken, and taken once more.
  std::string ledger() {
    files::Sheet sheet{{"名称", "種類", "所管課", "機密性", "保管場所", "管理番号", "確認日", "備考"}};
    for (int i = 0; i < rows_; ++i)
      sheet.push_back({"資産" + std::to_string(i) + texts_.one(30), i % 100 == 0 ? "なにか" : i % 2 == 0 ? "業務用端末" : "書類", unit_names_[static_cast<std::size_t>(i) % unit_names_.size()],
                       std::to_string(i % 3 + 1), "棚" + std::to_string(i % 400), "S-" + std::to_string(i), "令和8年4月1日", texts_.one(60)});
    return files::csv_of(sheet);
  }
  Result<json::Value> imports() {
    const std::string bytes = ledger();
    json::Object out{{"rows", rows_}, {"bytes", bytes.size()}};
    const std::pair<const char*, const char*> turns[] = {{"check", "office.import_preview"}, {"import", "office.import"}, {"again", "office.import"}};
    for (const auto& [name, operation] : turns) {
      const auto begin = Steady::now();
      SK_TRY(const json::Value done, ask(kHead, operation, json::Object{{"definition", "assets"}, {"name", "資産.csv"}, {"content", to_base64(bytes)}, {"good_only", true}}));
      json::Object turn{{"s", ms_since(begin) / 1000}};
      for (const char* count : {"opened", "changed", "same", "bad", "errors_total"}) turn[count] = done.at(count);
      out[name] = std::move(turn);
    }
    return json::Value(std::move(out));
  }

  // One in 200 is open; the clerk reads one in 1,000, each department's manager those of the department.
  Status fill() {
    for (int done = 0; done < cases_;) {
      SK_TRY(auto tx, body_->db->begin_write());
      for (int n = 0; n < kAtOnce && done < cases_; ++n, ++done) SK_CHECK(put(*tx, done));
      SK_CHECK(tx->commit());
    }
    return ok();
  }
  Status put(sql::Tx& tx, int i) {
    Case c = model_;
    c.id = office::CaseId::make({model_.opened_at.micros + 1'000'000 + i * 1000LL}, crypto::random_bytes(10));
    c.number = "測" + std::to_string(i + 1000);
    c.kind = i % 200 == 0 ? workflow::StateKind::open : workflow::StateKind::closed;
    c.state = i % 200 == 0 ? "lent" : "back";
    c.facets[0] = "端末" + std::to_string(i % 5000);
    c.facets[1] = i % 2 == 0 ? "a" : "b";
    c.unit = units_[static_cast<std::size_t>(i) % units_.size()];
    std::string words = c.number + " " + c.facets[0] + " 管理番号" + std::to_string(i * 7919LL % 1'000'000);
    words += texts_.one(kWordsBytes - words.size() - 20);
    SK_CHECK(CaseTable::insert(tx, c, words));
    office::Addresses readers{"post:tokatsu", "post:kanri|" + c.unit};
    if (i % 1000 == 0) readers.insert("account:" + accounts_.at(kClerk));
    return CaseTable::put_access(tx, c, readers, {});
  }

  // The rows of a page by their keys, and nothing else.
  Result<json::Value> floor() {
    SK_TRY(const auto tx, body_->db->begin_read());
    office::Filter filter;
    filter.definition = "bench";
    SK_TRY(const auto ids, CaseTable::page(*tx, filter, "", kPage));
    std::vector<double> ms;
    for (int i = 0; i < kRounds; ++i) {
      const auto begin = Steady::now();
      for (const auto& id : ids) SK_CHECK(CaseTable::for_rules(*tx, id));
      ms.push_back(ms_since(begin));
    }
    return json::Value(times_of(std::move(ms), ids.size()));
  }
  // An act that does nothing but be decided and recorded.
  Result<json::Value> gate_alone() {
    const gate::Entry* const entry = engine_.registry().find("log.check");
    std::vector<double> ms;
    for (int i = 0; i < kRounds; ++i) {
      const auto begin = Steady::now();
      SK_CHECK(engine_.gate().run(*entry, engine_.caller(*body_, gate::Operator{}), json::Value(json::Object{})));
      ms.push_back(ms_since(begin));
    }
    return json::Value(times_of(std::move(ms), 0));
  }

  Status measure(json::Object& out, const char* name, const std::string& who, ListIn in) {
    in.definition = "bench";
    in.limit = kPage;
    const json::Value asked = json::to_value(in);
    std::vector<double> ms;
    std::size_t rows = 0;
    for (int i = 0; i < kRounds; ++i) {
      const auto begin = Steady::now();
      SK_TRY(const json::Value list, ask(who, "office.list", asked));
      ms.push_back(ms_since(begin));
      rows = list.at("items").as_array().size();
    }
    out[name] = times_of(std::move(ms), rows);
    return ok();
  }
  static ListIn searching(const std::string& words) {
    ListIn in;
    in.words = words;
    return in;
  }
  static ListIn by_field(const std::string& value) {
    ListIn in;
    in.field = "what";
    in.value = value;
    return in;
  }
  Result<json::Value> lists() {
    json::Object out;
    ListIn open, state, unit, both = searching(texts_.word(0)), later = searching(texts_.word(0));
    open.kind = "open";
    state.state = "lent";
    unit.unit = units_.front();
    both.state = "lent";
    later.after = office::CaseId::make({model_.opened_at.micros + 1'000'000 + cases_ * 500LL}, std::string(10, '\0')).str();
    const std::string rare = texts_.word(3999);
    const std::string number = "測" + std::to_string(cases_ / 3 + 1000);
    const std::string none = texts_.word(3) + "無" + texts_.word(5);
    SK_CHECK(measure(out, "everything", kHead, {}));
    SK_CHECK(measure(out, "open ones", kHead, open));
    SK_CHECK(measure(out, "of a state", kHead, state));
    SK_CHECK(measure(out, "of a department", kHead, unit));
    SK_CHECK(measure(out, "of a field", kHead, by_field("端末77")));
    SK_CHECK(measure(out, "of a field, none", kHead, by_field("ない")));
    SK_CHECK(measure(out, "search, in nearly all", kHead, searching(texts_.word(0))));
    SK_CHECK(measure(out, "search, in nearly all, from the middle", kHead, later));
    SK_CHECK(measure(out, "search, in nearly all, of a state", kHead, both));
    SK_CHECK(measure(out, "search, a rare word", kHead, searching(rare)));
    SK_CHECK(measure(out, "search, two words", kHead, searching(texts_.word(40) + " " + texts_.word(60))));
    SK_CHECK(measure(out, "search, a number", kHead, searching(number)));
    SK_CHECK(measure(out, "search, one character", kHead, searching("号")));
    SK_CHECK(measure(out, "search, none", kHead, searching(none)));
    SK_CHECK(measure(out, "search, none, of known neighbours", kHead, searching(texts_.word(1) + texts_.word(0) + texts_.word(1) + texts_.word(0) + texts_.word(2))));
    SK_CHECK(measure(out, "few: everything", kClerk, {}));
    SK_CHECK(measure(out, "few: search, none", kClerk, searching(none)));
    SK_CHECK(measure(out, "a department's: everything", kManager, {}));
    SK_CHECK(measure(out, "a department's: of a field", kManager, by_field("端末77")));
    SK_CHECK(measure(out, "a department's: search, in nearly all", kManager, searching(texts_.word(0))));
    SK_CHECK(measure(out, "a department's: search, a rare word", kManager, searching(rare)));
    SK_CHECK(measure(out, "a department's: search, none", kManager, searching(none)));
    return json::Value(std::move(out));
  }

  Engine& engine_;
  const int cases_;
  const int rows_;
  gate::Body* body_ = nullptr;
  std::map<std::string, std::string> accounts_;
  std::vector<std::string> units_, unit_names_;
  Case model_;
  Texts texts_;
};

}  // namespace

Result<json::Value> bench_office(Config config, int cases, int rows) {
  SK_TRY(const BenchFolder folder, BenchFolder::make());
  config.data_dir = folder.path();
  SK_TRY(auto engine, Engine::open(config, Engine::Reading::no));
  return OfficeBench(*engine, cases, rows).run();
}

}  // namespace sekisho::apps
