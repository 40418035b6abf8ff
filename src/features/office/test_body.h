// A body for the tests: one of the shipped profiles, two people for each of its roles, in different departments where it has them, and two with no post.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/random.h"
#include "crypto/test_random.h"
#include "features/accounts/standing.h"
#include "features/accounts/table.h"
#include "features/office/office.h"
#include "gate/run.h"
#include "policy/test_support.h"

namespace sekisho::office {

inline const std::vector<sql::Migration>& all_migrations() {
  static std::vector<std::pair<std::string, std::string>> texts;
  static const std::vector<sql::Migration> all = [] {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(SK_SOURCE_DIR) + "/migrations")) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& path : files) texts.emplace_back(path.stem().string(), read_file(path.string(), 1 << 20).value());
    std::vector<sql::Migration> out;
    for (const auto& [name, text] : texts) out.push_back({std::stoi(name.substr(0, 4)), name, text});
    return out;
  }();
  return all;
}

class TestBody {
 public:
  explicit TestBody(const std::string& profile, const std::string& definitions = std::string(SK_SOURCE_DIR) + "/packs/office")
      : profile_(json::read_text<bodies::ProfileFile>(read_file(std::string(SK_SOURCE_DIR) + "/packs/bodies/" + profile + ".json", 1 << 20).value()).value()),
        office_(Definitions::load(definitions).value(), accounts::directory()) {
    static_cast<void>(crypto::init());
    crypto::fix_random_bytes(1);  // ids: what is sorted or chosen by them is the same in every run
    char name[] = "/tmp/sekisho-office-XXXXXX";
    folder_ = ::mkdtemp(name);
    body_.code = "t";
    body_.db = sql::Db::open_sqlite(folder_ + "/t.db", {1}).value();
    EXPECT_TRUE(body_.db->migrate(all_migrations()).has_value());
    tx_ = body_.db->begin_write().value();
    people();
    std::set<std::string> powers;
    for (const bodies::Role& r : profile_.roles) powers.insert(r.powers.begin(), r.powers.end());
    office_.hook("session.cut", [this](gate::Context&, const Happening&) {
      ++hooks_["session.cut"];
      return ok();
    });
    for (const char* event : {"login.locked", "guard.blocked"}) office_.event(event);
    for (const switches::Kind& kind : switches::kinds())
      office_.act(kind.name, [this](gate::Context&, const Turn& t) {
        ++hooks_[(t.on ? "on " : "off ") + t.row.name];
        return ok();
      });
    office_.complete(powers, {"log_unwritable", "log_rolled_back", "backup_missed", "program_changed", "clock_stepped", "clock_unsynchronised"});
  }
  ~TestBody() {
    tx_.reset();
    body_.db.reset();
    std::filesystem::remove_all(folder_);
  }
  TestBody(const TestBody&) = delete;
  TestBody& operator=(const TestBody&) = delete;

  // One act as this account ("program": the program), undone when it is refused.
  template <class Run>
  auto as(const std::string& account, Run run) {
    policy::Person person;
    person.user_id = person.name = account;
    person.clearance = policy::kTopRank;
    person.accepted_origins = person.session_segment = 1;
    person.program = account == kProgram;
    const gate::Caller caller{&body_, account == kProgram ? gate::Credential(gate::Program{}) : gate::Credential(gate::SessionToken{"s"}), 0, "req", "test"};
    const std::optional<policy::Permit> permit = gate::PermitMaker::make(matrix_, std::move(person), "test", "6(8)ア");
    gate::Context context(body_, *tx_, caller, permit, now_, board_);
    EXPECT_TRUE(tx_->savepoint().has_value());
    auto out = [&]() -> decltype(run(context, std::declval<const Actor&>())) {
      SK_TRY(const Actor actor, actor_of(context, office_.directory()));
      return run(context, actor);
    }();
    EXPECT_TRUE((out ? tx_->release() : tx_->undo()).has_value());
    return out;
  }

  Office& office() { return office_; }
  sql::Tx& tx() { return *tx_; }
  gate::Body& body() { return body_; }
  const bodies::ProfileFile& profile() const { return profile_; }
  const std::vector<std::string>& accounts() const { return accounts_; }
  const std::map<std::string, std::vector<std::string>>& by_role() const { return by_role_; }
  const std::vector<std::string>& units() const { return units_; }
  std::string unit(const std::string& code) const { return by_code_.at(code).str(); }
  // One more person, who holds every role of the body, where the first of the others sit.
  std::string appoint_to_everything() {
    const std::string unit = this->unit(two_departments()[0]->code);
    const Timestamp before{now_.micros - 1'000'000};
    const std::string id = person("everything", unit, before);
    for (const bodies::Role& r : profile_.roles) post(id, r.code, unit, before);
    return id;
  }
  // The body decides how long its words of time are; what it says comes before what stood there.
  void decide(const std::vector<bodies::TimeWord>& words) {
    bodies::ProfileFile changed = profile_;
    changed.time_words.insert(changed.time_words.begin(), words.begin(), words.end());
    put_version(profile_, 1, bodies::VersionState::superseded);
    put_version(changed, 2, bodies::VersionState::in_force);
  }
  Timestamp now_{1'795'000'000'000'000};
  std::map<std::string, int> hooks_;

 private:
  void people() {
    const Timestamp before{now_.micros - 1'000'000};
    put_version(profile_, 1, bodies::VersionState::in_force);
    int position = 0;
    for (const bodies::UnitIn& u : profile_.units) {
      bodies::UnitRow row;
      row.id = bodies::UnitId::make(now_, crypto::random_bytes(10));
      row.code = u.code;
      row.name = u.name;
      row.kind = u.kind;
      row.position = position++;
      if (u.parent) row.parent_id = by_code_[*u.parent];
      EXPECT_TRUE(bodies::Table::put_unit(*tx_, row).has_value());
      by_code_[u.code] = row.id;
      units_.push_back(row.id.str());
    }
    for (const bodies::Role& r : profile_.roles) EXPECT_TRUE(bodies::Table::put_role(*tx_, r).has_value());
    // Two of each role, in two departments; the heads of divisions sit where those belong.
    const auto seats = two_departments();
    const std::string& division = profile_.permitters.at("division_head");
    for (const bodies::Role& r : profile_.roles)
      for (std::size_t i = 0; i < 2; ++i) {
        const bool heads = r.code == division && division != profile_.permitters.at("manager");
        appoint(r.code + std::to_string(i), r.code, by_code_[heads ? *seats[i]->parent : seats[i]->code].str(), before);
      }
  }
  // Two that belong to others: to two different ones if the body has them.
  std::vector<const bodies::UnitIn*> two_departments() const {
    std::vector<const bodies::UnitIn*> out;
    for (const bool different : {true, false})
      for (const bodies::UnitIn& u : profile_.units)
        if (out.size() < 2 && u.parent && (out.empty() || (u.code != out[0]->code && (!different || u.parent != out[0]->parent)))) out.push_back(&u);
    return out;
  }
  void put_version(const bodies::ProfileFile& profile, int number, bodies::VersionState state) {
    EXPECT_TRUE(bodies::Table::put_profile(*tx_, profile.name, profile).has_value());
    bodies::VersionRow version;
    version.number = number;
    version.state = state;
    version.document = json::write(profile);
    version.drafted_at = version.started_at.emplace(now_.micros - 1'000'000 + number);
    EXPECT_TRUE(bodies::Table::put_version(*tx_, version).has_value());
  }
  void appoint(const std::string& login, const std::string& role, const std::string& unit, Timestamp before) {
    const std::string id = person(login, unit, before);
    post(id, role, unit, before);
    by_role_[role].push_back(id);
  }
  std::string person(const std::string& login, const std::string& unit, Timestamp before) {
    accounts::Account a;
    a.id = accounts::AccountId::make(now_, crypto::random_bytes(10));
    a.login = login;
    a.name = login + "さん";
    a.unit_id = bodies::UnitId::trusted(unit);
    a.clearance = 3;
    a.enabled = true;
    EXPECT_TRUE(accounts::Table::insert(*tx_, a, before).has_value());
    accounts_.push_back(a.id.str());
    return a.id.str();
  }
  void post(const std::string& account, const std::string& role, const std::string& unit, Timestamp before) {
    bodies::Appointment post;
    post.id = bodies::AppointmentId::make(now_, crypto::random_bytes(10));
    post.person_id = bodies::PersonId::trusted(account);
    post.unit_id = bodies::UnitId::trusted(unit);
    post.role = role;
    post.from_at = before;
    EXPECT_TRUE(bodies::Table::put_appointment(*tx_, post, "test", before).has_value());
  }

  const bodies::ProfileFile profile_;
  std::string folder_;
  const policy::Matrix matrix_ = policy::test_matrix();
  const gate::StopBoard board_{"C"};
  gate::Body body_;
  std::unique_ptr<sql::Tx> tx_;
  std::vector<std::string> accounts_, units_;
  std::map<std::string, std::vector<std::string>> by_role_;
  std::map<std::string, bodies::UnitId> by_code_;
  Office office_;
};

}  // namespace sekisho::office
