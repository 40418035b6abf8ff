#include "clauses/meaning.h"

#include <algorithm>
#include <array>

#include "clauses/prose.h"
#include "clauses/standard.h"
#include "clauses/subject.h"
#include "clauses/words.h"

namespace sekisho::clauses {
namespace {

constexpr int kWordPoints = 2;
constexpr std::size_t kLongWord = 12;      // bytes
constexpr std::size_t kVeryLongWord = 21;
constexpr int kEndPoints = 6;
constexpr std::size_t kTailBytes = 75;     // of a sentence: its verb and what stands before it
// Of the clause's own title and the headings above it, from the nearest. A heading says more of what a clause is about than of how it is kept.
constexpr std::array<int, 4> kCapabilityHeadings = {4, 3, 2, 1};
constexpr std::array<int, 4> kKindHeadings = {3, 2, 1, 0};
constexpr int kItemPoints = 9;                          // of a clause of the standard that is alike
constexpr int kListPoints = 5;                          // of how the clause above an entry of a list is kept
constexpr int kSectionPoints = 3;                       // of what most clauses below the same heading of the standard are about

template <std::size_t N>
bool one_of(const char* const (&known)[N], std::string_view value) {
  return std::any_of(std::begin(known), std::end(known), [&](const char* k) { return value == k; });
}

std::string place(const std::string& list, std::size_t i, const std::string& member) { return "$." + list + "[" + std::to_string(i) + "]." + member; }

Unexpected wrong(const std::string& what) { return fail(Code::invalid_argument, "standard.rules", what); }

bool empty_word(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) { return word.empty(); });
}

Status check_points(const std::vector<PointRule>& rules, const std::string& list, bool kinds) {
  if (rules.empty()) return wrong("$." + list + ": must not be empty");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (kinds && !one_of(kMeaningKinds, rules[i].value)) return wrong(place(list, i, "value") + ": no kind '" + rules[i].value + "'");
    if (rules[i].value.empty()) return wrong(place(list, i, "value") + ": must not be empty");
    if (empty_word(rules[i].words) || empty_word(rules[i].headings)) return wrong(place(list, i, "words") + ": no empty word");
    for (std::size_t k = 0; k < i; ++k)
      if (rules[k].value == rules[i].value) return wrong(place(list, i, "value") + ": '" + rules[i].value + "' stands twice");
  }
  return ok();
}

std::string modality_of(std::string_view sentence, const std::vector<ModalityRule>& rules) {
  for (const ModalityRule& rule : rules) {
    for (const std::string& end : rule.ends)
      if (sentence.ends_with(end)) return rule.modality;
    for (const std::string& word : rule.holds)
      if (sentence.find(word) != std::string_view::npos) return rule.modality;
  }
  return "is";
}

std::string_view tail_of(std::string_view sentence) {
  std::size_t at = sentence.size() > kTailBytes ? sentence.size() - kTailBytes : 0;
  while (at < sentence.size() && (static_cast<unsigned char>(sentence[at]) & 0xC0) == 0x80) ++at;
  return sentence.substr(at);
}

struct Points {
  std::vector<int> of;  // of each rule
  void add(const std::vector<PointRule>& rules, std::string_view value, int points) {
    for (std::size_t i = 0; i < rules.size(); ++i)
      if (rules[i].value == value) of[i] += points;
  }
};

struct Words {
  std::string_view title;
  std::string_view text;
  std::string_view tail;                // of the sentence that binds
  std::vector<std::string_view> above;  // headings, from the nearest
};

Points points_of(const std::vector<PointRule>& rules, const Words& clause, const std::array<int, 4>& heading_points) {
  Points out{std::vector<int>(rules.size())};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (const std::string& word : rules[i].words)
      if (holds(clause.text, word)) out.of[i] += kWordPoints + (word.size() >= kLongWord ? 1 : 0) + (word.size() >= kVeryLongWord ? 1 : 0);
    if (rules[i].ends && holds_one(clause.tail, *rules[i].ends)) out.of[i] += kEndPoints;
    // One word of a heading is enough: many words for one thing do not make it weigh more.
    if (holds_one(clause.title, rules[i].headings)) out.of[i] += heading_points[0];
    for (std::size_t k = 0; k < clause.above.size() && k + 1 < heading_points.size(); ++k)
      if (holds_one(clause.above[k], rules[i].headings)) out.of[i] += heading_points[k + 1];
  }
  return out;
}

// The first with the most points, so that the order of the rules decides between equals; nothing for no point at all.
std::string best(const std::vector<PointRule>& rules, const Points& points, const char* otherwise) {
  const auto it = std::max_element(points.of.begin(), points.of.end());
  return it == points.of.end() || *it == 0 ? otherwise : rules[static_cast<std::size_t>(it - points.of.begin())].value;
}

class Reader {
 public:
  Reader(const Document& document, const MeaningRules& rules, const Structure& structure, const std::vector<ActorWord>& actors, const std::map<std::string, std::string>& codes)
      : document_(document), rules_(rules), subjects_(actors, document), standard_(structure, document), codes_(codes), actors_(document.clauses.size()), kinds_(document.clauses.size()), leaf_(document.clauses.size(), true) {
    for (const Clause& clause : document.clauses)
      if (clause.parent != kNoParent) leaf_[static_cast<std::size_t>(clause.parent)] = false;
  }

  // In order: an actor is inherited from the clauses above.
  std::optional<Suggestion> read(std::size_t i) {
    const Clause& clause = document_.clauses[i];
    const std::string& text = words_of(i);
    const std::vector<std::string> sentences = sentences_of(text);
    const auto [modality, norm] = binding(sentences);
    actors_[i] = subjects_.find(sentences, norm);
    if (actors_[i].empty()) actors_[i] = subjects_.in_title(clause.title);
    if (text.empty() || is_front(clause.kind)) return std::nullopt;
    const Likeness like = standard_.find(i);
    std::vector<std::string_view> above;
    for (int at = clause.parent; at != kNoParent; at = document_.clauses[static_cast<std::size_t>(at)].parent) {
      const Clause& parent = document_.clauses[static_cast<std::size_t>(at)];
      above.push_back(parent.title.empty() && parent.text.size() < 120 ? parent.text : parent.title);
    }
    const std::string& sentence = norm < sentences.size() ? sentences[norm] : text;
    const Words words{clause.title, text, tail_of(sentence), above};
    Suggestion out;
    const bool entry = modality == "is" && !closed(text);  // of a list: no verb of its own
    out.modality = !entry ? modality : like.item != nullptr ? like.item->modality : of_list(clause);
    Points kinds = points_of(rules_.kinds, words, kKindHeadings);
    Points capabilities = points_of(rules_.capabilities, words, kCapabilityHeadings);
    if (like.item != nullptr) {
      kinds.add(rules_.kinds, like.item->kind, kItemPoints);
      capabilities.add(rules_.capabilities, like.item->capability, kItemPoints);
      out.gist = like.item->gist;
    } else if (like.section != nullptr) {
      for (const auto& [capability, share] : like.shares) capabilities.add(rules_.capabilities, capability, static_cast<int>(share * kSectionPoints));
    }
    if (entry && clause.parent != kNoParent && clause.kind != Kind::item) kinds.add(rules_.kinds, kinds_[static_cast<std::size_t>(clause.parent)], kListPoints);
    out.kind = best(rules_.kinds, kinds, "document");
    kinds_[i] = out.kind;
    out.capability = best(rules_.capabilities, capabilities, "policy-versioning");
    out.actor = actor(i, like, entry);
    out.object = object_of(sentence);
    return out;
  }

 private:
  const std::string& words_of(std::size_t i) const {
    const Clause& clause = document_.clauses[i];
    return clause.text.empty() && leaf_[i] ? clause.title : clause.text;  // an entry of a list may have become a title
  }
  static bool is_front(Kind kind) {
    return kind == Kind::front || kind == Kind::contents || kind == Kind::history || kind == Kind::structure || kind == Kind::closing;
  }

  static bool closed(const std::string& text) { return without_tail_brackets(text).ends_with("。"); }

  // What the first sentence that binds anybody says, and which it is.
  std::pair<std::string, std::size_t> binding(const std::vector<std::string>& sentences) const {
    for (std::size_t k = 0; k < sentences.size(); ++k) {
      std::string modality = modality_of(sentences[k], rules_.modality);
      if (modality != "is") return {std::move(modality), k};
    }
    return {"is", sentences.empty() ? 0 : sentences.size() - 1};
  }

  // An entry of a list without a verb binds as the clause above it does, where that one says that its entries are asked for.
  std::string of_list(const Clause& entry) const {
    if (entry.parent == kNoParent) return "is";
    const std::string& text = document_.clauses[static_cast<std::size_t>(entry.parent)].text;
    if (entry.kind == Kind::item && holds_one(entry.ref, rules_.list_holds)) return "must";  // the column says it
    return holds_one(text, rules_.list_holds) ? binding(sentences_of(text)).first : "is";
  }

  std::string of_standard(const StandardItem& item) const {
    std::string out;
    for (const std::string& key : item.actors) {
      const auto it = codes_.find(key);
      if (it != codes_.end()) out += (out.empty() ? "" : ",") + it->second;
    }
    return out;
  }

  std::string actor(std::size_t i, const Likeness& like, bool entry) const {
    if (!actors_[i].empty()) return actors_[i];
    const std::string standard = like.item == nullptr ? std::string() : of_standard(*like.item);
    if (entry && !standard.empty()) return standard;
    for (int at = document_.clauses[i].parent; at != kNoParent; at = document_.clauses[static_cast<std::size_t>(at)].parent)
      if (!actors_[static_cast<std::size_t>(at)].empty()) return actors_[static_cast<std::size_t>(at)];
    return standard.empty() ? "@body" : standard;
  }

  const Document& document_;
  const MeaningRules& rules_;
  Subjects subjects_;
  StandardFinder standard_;
  const std::map<std::string, std::string>& codes_;
  std::vector<std::string> actors_;  // found in the clause's own words
  std::vector<std::string> kinds_;   // of the clauses read already
  std::vector<bool> leaf_;
};

}  // namespace

Status check(const MeaningRules& rules) {
  if (rules.modality.empty()) return wrong("$.modality: must not be empty");
  for (std::size_t i = 0; i < rules.modality.size(); ++i) {
    if (!one_of(kModalities, rules.modality[i].modality)) return wrong(place("modality", i, "modality") + ": no modality '" + rules.modality[i].modality + "'");
    if (empty_word(rules.modality[i].ends) || empty_word(rules.modality[i].holds)) return wrong(place("modality", i, "ends") + ": no empty word");
  }
  for (std::size_t i = 0; i < rules.actors.size(); ++i)
    if (rules.actors[i].key.empty() || rules.actors[i].words.empty() || empty_word(rules.actors[i].words)) return wrong(place("actors", i, "words") + ": a key and at least one word");
  SK_CHECK(check_points(rules.kinds, "kinds", true));
  return check_points(rules.capabilities, "capabilities", false);
}

Status check(const Structure& structure, const MeaningRules& rules) {
  const auto known = [&](const std::string& capability) {
    return std::any_of(rules.capabilities.begin(), rules.capabilities.end(), [&](const PointRule& rule) { return rule.value == capability; });
  };
  for (std::size_t i = 0; i < structure.sections.size(); ++i) {
    const StandardSection& section = structure.sections[i];
    if (section.path.empty() || empty_word(section.path)) return wrong(place("sections", i, "path") + ": at least one heading, none empty");
    for (std::size_t k = 0; k < section.items.size(); ++k) {
      const StandardItem& item = section.items[k];
      const std::string where = place("sections", i, "items[" + std::to_string(k) + "]");
      if (item.gist.empty()) return wrong(where + ".gist: must not be empty");
      if (!one_of(kModalities, item.modality)) return wrong(where + ".modality: no modality '" + item.modality + "'");
      if (!one_of(kMeaningKinds, item.kind)) return wrong(where + ".kind: no kind '" + item.kind + "'");
      if (!known(item.capability)) return wrong(where + ".capability: no capability '" + item.capability + "'");
    }
  }
  return ok();
}

std::vector<std::optional<Suggestion>> suggest(const Document& document, const MeaningRules& rules, const Structure& structure, const std::vector<ActorWord>& actors,
                                               const std::map<std::string, std::string>& codes) {
  Reader reader(document, rules, structure, actors, codes);
  std::vector<std::optional<Suggestion>> out;
  for (std::size_t i = 0; i < document.clauses.size(); ++i) out.push_back(reader.read(i));
  return out;
}

}  // namespace sekisho::clauses
