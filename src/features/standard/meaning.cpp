#include "features/standard/meaning.h"

#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/bodies/table.h"
#include "features/standard/meaning_table.h"

namespace sekisho::standard {
namespace {

constexpr std::size_t kMaxPack = std::size_t{4} << 20;

template <class T>
Result<T> read_pack(const std::string& path) {
  SK_TRY(const std::string text, read_file(path, kMaxPack).context(path));
  return json::read_text<T>(text).context(path);
}

// How a term of the profile is stored as an actor.
const std::map<std::string, std::string>& groups() {
  static const std::map<std::string, std::string> kGroups = {{"staff", "@staff"}, {"body", "@body"}, {"contractor", "@contractor"}, {"provider", "@provider"}};
  return kGroups;
}

struct Actors {
  std::vector<clauses::ActorWord> words;
  std::map<std::string, std::string> codes;
};

// The body's own names come before the words that policies elsewhere use for such a role.
Actors actors_in(const bodies::ProfileFile& profile, const clauses::MeaningRules& rules) {
  Actors out;
  std::set<std::string> seen;
  const auto add = [&](const std::string& word, const std::string& code) {
    if (!word.empty() && seen.insert(word).second) out.words.push_back({word, code});
  };
  // A body whose plainest role is called as its staff is: the word means everybody.
  for (const auto& [key, code] : groups()) {
    out.codes[key] = code;
    const auto term = profile.terms.find(key);
    if (term != profile.terms.end()) add(term->second, code);
  }
  for (const bodies::Role& role : profile.roles) add(role.name, role.code);
  add(profile.self_name, "@body");
  add(profile.name, "@body");
  for (const auto& [key, role] : profile.permitters) out.codes[key] = role;
  for (const clauses::ActorRule& rule : rules.actors) {
    // A role that the body does not have keeps the policy's word for it.
    const auto code = out.codes.find(rule.key);
    for (const std::string& word : rule.words) add(word, code == out.codes.end() ? rule.words.front() : code->second);
    if (code == out.codes.end()) out.codes[rule.key] = rule.words.front();
  }
  return out;
}

}  // namespace

Result<Pack> Pack::load(const std::string& packs_dir) {
  Pack out;
  const std::string rules = packs_dir + "/standard/rules.json", structure = packs_dir + "/standard/structure.json", guideline = packs_dir + "/standard/guideline.json";
  SK_TRY(out.rules, read_pack<clauses::MeaningRules>(rules));
  SK_CHECK(clauses::check(out.rules).context(rules));
  SK_TRY(out.structure, read_pack<clauses::Structure>(structure));
  SK_CHECK(clauses::check(out.structure, out.rules).context(structure));
  SK_TRY(out.guideline, read_pack<clauses::Guideline>(guideline));
  SK_CHECK(clauses::check(out.guideline, out.rules).context(guideline));
  return out;
}

std::string content_hash(const clauses::Clause& clause) { return to_hex(crypto::sha256(clause.title + "\n" + clause.text)); }

Result<bodies::ProfileFile> profile_in_force(sql::Tx& tx) {
  SK_TRY(const auto version, bodies::Table::version_in_force(tx));
  if (!version) return fail(Code::corrupt, "bodies.profile", "no profile in force");
  return json::read_text<bodies::ProfileFile>(version->document);
}

Result<std::vector<std::optional<clauses::Suggestion>>> suggestions_of(sql::Tx& tx, const Pack& pack, const Content& content) {
  SK_TRY(const bodies::ProfileFile profile, profile_in_force(tx));
  const Actors actors = actors_in(profile, pack.rules);
  return clauses::suggest(content.document, pack.rules, pack.structure, actors.words, actors.codes);
}

Result<std::vector<Meaning>> meanings_of(sql::Tx& tx, const Pack& pack, const VersionId& version) {
  SK_TRY(const auto content, Table::content(tx, version));
  if (!content) return fail(Code::not_found, "policies.not_found", "no such version");
  return meanings_of(tx, pack, *content);
}

Result<std::vector<Meaning>> meanings_of(sql::Tx& tx, const Pack& pack, const Content& content) {
  SK_TRY(const auto rows, MeaningTable::of(tx, content.version.document_id));
  SK_TRY(const auto suggestions, suggestions_of(tx, pack, content));
  std::vector<Meaning> out;
  for (std::size_t i = 0; i < suggestions.size(); ++i) {
    if (!suggestions[i]) continue;
    const clauses::Suggestion& s = *suggestions[i];
    const clauses::Clause& clause = content.document.clauses[i];
    Meaning m{content.ids[i], clause.ref, s.modality, s.actor, s.object, s.kind, s.capability, false, false, false, s.gist, content_hash(clause), std::nullopt, std::nullopt};
    const auto row = rows.find(content.ids[i]);
    if (row != rows.end()) {
      const MeaningRow& r = row->second;
      m.refused = r.state == "refused";
      m.confirmed = r.state == "confirmed";
      m.stale = r.state != "suggested" && r.content_hash != m.content_hash;
      m.modality = r.modality, m.actor = r.actor, m.object = r.object, m.kind = r.kind, m.capability = r.capability;
      m.decided_by = r.decided_by, m.decided_at = r.decided_at;
    }
    out.push_back(std::move(m));
  }
  return out;
}

std::vector<std::string> actors_of(const std::string& actor) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < actor.size()) {
    const std::size_t end = std::min(actor.find(',', at), actor.size());
    if (end > at) out.push_back(actor.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string actor_name(const bodies::ProfileFile& profile, const std::string& actor) {
  const auto one = [&](const std::string& code) -> std::string {
    for (const bodies::Role& role : profile.roles)
      if (role.code == code) return role.name;
    if (code == "@body") return profile.self_name;
    if (!code.starts_with("@")) return code;
    const auto term = profile.terms.find(code.substr(1));
    return term != profile.terms.end() ? term->second : code == "@provider" ? "提供事業者" : code.substr(1);
  };
  std::string out;
  for (const std::string& code : actors_of(actor)) out += (out.empty() ? "" : "、") + one(code);
  return out;
}

}  // namespace sekisho::standard
