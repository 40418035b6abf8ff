#include "features/office/definitions.h"

#include <algorithm>
#include <filesystem>

#include "crypto/hash.h"

namespace sekisho::office {
namespace {

constexpr std::size_t kMostKept = 2000;

std::string sha_of(const std::string& text) { return to_hex(crypto::sha256(text)); }

// The steps of a definition that the schema itself keeps apart. A step whose rule may be crossed is kept apart too: crossing it carries an exception.
std::vector<std::pair<std::string, std::string>> apart(const workflow::Definition& d) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto one = [&](const workflow::Transition& t, const std::vector<workflow::Separation>& rules) {
    for (const workflow::Separation& s : rules) {
      if (!s.other_than) continue;
      if (*s.other_than == "opener") out.emplace_back(t.key, "open");
      if (s.other_than->starts_with("mover:")) out.emplace_back(t.key, s.other_than->substr(6));
    }
  };
  const auto all = [&](const std::vector<workflow::Transition>& list) {
    for (const workflow::Transition& t : list) {
      one(t, t.separate.value_or(std::vector<workflow::Separation>{}));
      one(t, d.separate.value_or(std::vector<workflow::Separation>{}));
    }
  };
  all(d.transitions);
  for (const workflow::Region& r : d.regions.value_or(std::vector<workflow::Region>{})) all(r.transitions);
  return out;
}

}  // namespace

workflow::Organisation organisation_of(const bodies::ProfileFile& p) {
  workflow::Organisation out;
  out.name = p.name;
  out.terms = p.terms;
  out.terms["security"] = p.word_for_security;
  out.posts = p.permitters;
  for (const bodies::Role& r : p.roles) out.roles.push_back({r.code, r.name, {r.powers.begin(), r.powers.end()}, r.superior.value_or("")});
  for (const bodies::Coded& s : p.role_scopes) out.role_scopes.insert(s.code);
  for (const bodies::Coded& k : p.unit_kinds) out.unit_kinds.insert(k.code);
  for (const bodies::TimeWord& w : p.time_words) out.time_words.push_back({w.word, w.process, w.minutes});
  out.segments = static_cast<int>(p.segments.size());
  out.incident_levels = static_cast<int>(p.incident_levels.size());
  out.elevation = p.elevation ? p.elevation->asked : true;
  out.fiscal_year_start = p.fiscal_year_start;
  out.ranks_c = static_cast<int>(p.confidentiality.size());
  out.ranks_i = static_cast<int>(p.integrity.size());
  out.ranks_a = static_cast<int>(p.availability.size());
  return out;
}

Result<std::vector<Instruction>> load_instructions(const std::string& folder) {
  const std::string path = folder + "/drafts.json";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::vector<Instruction>{};
  SK_TRY(const std::string text, read_file(path, workflow::kMaxBytes));
  SK_TRY(auto read, json::read_text<Instructions>(text).context(path));
  for (const Instruction& i : read.instructions)
    if (i.key.empty() || i.instruction.empty() || i.opening.empty()) return fail(Code::corrupt, "office.definitions", path + ": an instruction without words");
  return std::move(read.instructions);
}

const Instruction* Definitions::instruction(const std::string& key) const {
  const auto it = std::find_if(instructions_.begin(), instructions_.end(), [&](const Instruction& i) { return i.key == key; });
  return it == instructions_.end() ? nullptr : &*it;
}

void Definitions::set_names(workflow::Names names) {
  names_ = std::move(names);
  for (const Instruction& i : instructions_) names_.instructions.insert(i.key);
}

Result<Definitions> Definitions::load(const std::string& folder) {
  namespace fs = std::filesystem;
  Definitions out;
  SK_TRY(out.instructions_, load_instructions(folder));
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  if (error) return fail(Code::unavailable, "office.definitions", "cannot read " + folder + ": " + error.message());
  for (const fs::path& path : files) {
    SK_TRY(std::string source, read_file(path.string(), workflow::kMaxBytes));
    std::vector<workflow::Finding> findings;
    if (!workflow::parse_yaml(source, findings))
      return fail(Code::corrupt, "office.definitions", path.filename().string() + ":" + std::to_string(findings.front().line) + ": " + findings.front().text);
    std::string sha = sha_of(source);
    out.shipped_[path.stem().string()] = {std::move(source), std::move(sha)};
  }
  return out;
}

std::set<std::string> Definitions::shipped_names() const {
  std::set<std::string> out;
  for (const auto& [name, shipped] : shipped_) out.insert(name);
  return out;
}

Result<Organisation> Definitions::organisation(sql::Tx& tx, const std::string& body) const {
  SK_TRY(const auto versions, bodies::Table::versions(tx));
  const auto in_force = std::find_if(versions.begin(), versions.end(), [](const bodies::VersionRow& v) { return v.state == bodies::VersionState::in_force; });
  if (in_force == versions.end()) return fail(Code::unavailable, "bodies.not_set_up", "no profile in force");
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = kept_.organisations.find(body); known != kept_.organisations.end() && known->second.first == in_force->number) return known->second.second;
  }
  SK_TRY(const auto whole, bodies::Table::version(tx, in_force->number));
  if (!whole) return fail(Code::corrupt, "bodies.profile", "the profile in force is gone");
  SK_TRY(const auto profile, json::read_text<bodies::ProfileFile>(whole->document));
  auto made = std::make_shared<const workflow::Organisation>(organisation_of(profile));
  const std::lock_guard lock(mutex_);
  kept_.organisations[body] = {in_force->number, made};
  return made;
}

std::shared_ptr<const workflow::Loaded> Definitions::read(const std::string&, const Organisation& organisation, const std::string& source, const std::string& sha256,
                                                          const std::set<std::string>& known) const {
  const std::pair<const void*, std::string> key{organisation.get(), sha256};
  {
    const std::lock_guard lock(mutex_);
    if (const auto it = kept_.read.find(key); it != kept_.read.end()) return it->second.second;
  }
  workflow::Names names = names_;
  names.definitions = known;
  auto made = std::make_shared<const workflow::Loaded>(workflow::load(source, *organisation, names));
  const std::lock_guard lock(mutex_);
  if (kept_.read.size() >= kMostKept) {
    kept_.read.clear();
    kept_.versions.clear();
  }
  kept_.read[key] = {organisation, made};  // with the organisation, so that its address stays its own
  return made;
}

Result<std::vector<ReadVersion>> Definitions::in_force(sql::Tx& tx, const std::string& body) const {
  SK_TRY(const Organisation here, organisation(tx, body));
  SK_TRY(auto own, DefinitionTable::own(tx));
  std::set<std::string> known = shipped_names();
  for (const Version& v : own) known.insert(v.name);
  std::map<std::string, Version> all;
  for (const auto& [name, shipped] : shipped_) all[name] = {{}, name, 0, false, shipped.source, shipped.sha256, "", "", {}, {}};
  for (Version& v : own) all[v.name] = std::move(v);
  std::vector<ReadVersion> out;
  for (auto& [name, version] : all) {
    auto loaded = read(body, here, version.source, version.sha256, known);
    out.push_back({std::move(version), std::move(loaded)});
  }
  return out;
}

Result<ReadVersion> Definitions::in_force(sql::Tx& tx, const std::string& body, const std::string& name) const {
  SK_TRY(auto all, in_force(tx, body));
  for (ReadVersion& one : all)
    if (one.version.name == name && !one.loaded->absent) return std::move(one);
  return fail(Code::not_found, "office.definition_not_found", "no definition '" + name.substr(0, 60) + "'");
}

Result<std::shared_ptr<const workflow::Loaded>> Definitions::of(sql::Tx& tx, const std::string& body, const DefinitionId& id) const {
  SK_TRY(const Organisation here, organisation(tx, body));
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = kept_.versions.find({here.get(), id}); known != kept_.versions.end()) return known->second;
  }
  SK_TRY(const auto version, DefinitionTable::find(tx, id));
  if (!version) return fail(Code::corrupt, "office.definition", "a case's definition is gone");
  // What an old version refers to was looked at when it came into force; definitions that are gone since do not stop its cases.
  auto loaded = read(body, here, version->source, version->sha256, {});
  if (!loaded->definition) return fail(Code::conflict, "office.definition_broken", version->name + " " + std::to_string(version->number));
  const std::lock_guard lock(mutex_);
  kept_.versions[{here.get(), id}] = loaded;
  return loaded;
}

Result<DefinitionId> Definitions::store(gate::Context& context, Version version, const workflow::Definition& definition) const {
  version.id = context.new_id<DefinitionTag>();
  SK_TRY(const int last, DefinitionTable::last_number(context.tx, version.name));
  version.number = last + 1;
  version.put_at = context.now;
  SK_CHECK(DefinitionTable::insert(context.tx, version));
  for (const auto& [transition, other] : apart(definition)) SK_CHECK(DefinitionTable::keep_apart(context.tx, version.id, transition, other));
  return version.id;
}

Result<DefinitionId> Definitions::keep(gate::Context& context, const ReadVersion& read_version) const {
  const Version& v = read_version.version;
  if (!v.id.empty()) return v.id;
  SK_TRY(const auto stored, DefinitionTable::by_text(context.tx, v.name, v.sha256, false));
  if (stored) return stored->id;
  Version fresh = v;
  fresh.put_by = "program";
  return store(context, std::move(fresh), *read_version.loaded->definition);
}

workflow::Loaded Definitions::check(const std::string& source, const workflow::Organisation& organisation, const std::vector<std::string>& also) const {
  workflow::Names names = names_;
  names.definitions = shipped_names();
  names.definitions.insert(also.begin(), also.end());
  return workflow::load(source, organisation, names);
}

Result<ReadVersion> Definitions::put(gate::Context& context, const std::string& source, const std::string& note) const {
  SK_TRY(const Organisation here, organisation(context.tx, context.body.code));
  SK_TRY(const auto own, DefinitionTable::own(context.tx));
  std::vector<std::string> also;
  for (const Version& v : own) also.push_back(v.name);
  auto loaded = std::make_shared<const workflow::Loaded>(check(source, *here, also));
  if (!loaded->definition) {
    if (loaded->findings.empty()) return fail(Code::invalid_argument, "office.definition", "the body has no use for it (when)");
    const workflow::Finding& first = loaded->findings.front();
    return fail(Code::invalid_argument, "office.definition", std::to_string(first.line) + ": " + first.text);
  }
  Version version{{}, loaded->definition->id, 0, true, source, sha_of(source), note, context.permit().person().name, context.now, {}};
  SK_TRY(const DefinitionId id, store(context, version, *loaded->definition));
  SK_TRY(const auto stored, DefinitionTable::find(context.tx, id));
  return ReadVersion{*stored, std::move(loaded)};
}

}  // namespace sekisho::office
