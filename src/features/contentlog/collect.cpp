// From leaves and payloads to questions with their answers.
#include <charconv>

#include "features/bodies/scheme.h"
#include "features/contentlog/operations.h"
#include "features/contentlog/table.h"
#include "gate/entry_table.h"
#include "text/normalise.h"

namespace sekisho::contentlog {
namespace {

using gate::EntryTable;
using gate::PayloadTable;
using tlog::Leaf;

constexpr int kChunk = 500;
constexpr std::int64_t kLongestAnswerMicros = 24LL * 3600 * 1'000'000;

struct People {
  std::map<std::string, Person> by_id;
  std::map<std::string, std::string> units;
};

Result<People> people_of(sql::Tx& tx) {
  People out;
  SK_TRY(const auto people, Table::people(tx));
  for (const Person& p : people) out.by_id.emplace(p.id, p);
  SK_TRY(const auto units, bodies::Table::units(tx));
  for (const auto& unit : units) out.units.emplace(unit.id.str(), unit.name);
  return out;
}

struct Found {
  Leaf asked;
  std::optional<Leaf> closed;
  std::string unit_id;
};

// One request's view of the log.
class Collector {
 public:
  Collector(gate::Context& context, const QuestionsIn& in, const Limits& limits, const policy::Exit* exit)
      : context_(context), in_(in), limits_(limits), exit_(exit), words_(text::normalise(in.words.value_or(""))) {}

  Result<QuestionsOut> run() {
    SK_TRY(people_, people_of(context_.tx));
    SK_TRY(label_words_, bodies::label_words(context_));
    SK_TRY(schemes_, bodies::Schemes::read(context_.tx));
    SK_TRY(std::uint64_t before, EntryTable::size(context_.tx));
    std::uint64_t from = 0;
    if (in_.from) {
      SK_TRY(from, EntryTable::seq_at(context_.tx, *in_.from));
    }
    if (in_.to) {
      SK_TRY(before, EntryTable::seq_at(context_.tx, *in_.to));
    }
    if (in_.after) {
      SK_TRY(const std::uint64_t after, cursor(*in_.after));
      before = std::min(before, after);
    }
    for (;;) {
      SK_TRY(const auto leaves, EntryTable::questions(context_.tx, from, before, kChunk));
      if (leaves.empty()) return std::move(out_);
      SK_TRY(auto found, chosen(leaves));
      SK_CHECK(add_answers(found));
      SK_TRY(const std::optional<std::uint64_t> stopped, take(found));
      looked_at_ += static_cast<std::int64_t>(leaves.size());
      out_.searched_back_to = leaves.back().ts;
      before = stopped.value_or(leaves.back().seq);
      if (stopped || looked_at_ >= limits_.looked_at) {
        out_.next = std::to_string(before);
        return std::move(out_);
      }
    }
  }

 private:
  static Result<std::uint64_t> cursor(const std::string& text) {
    std::uint64_t out = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size() || out > tlog::kMaxSeq) return fail(Code::invalid_argument, "page.after", "not a cursor");
    return out;
  }

  // By what the leaf says.
  Result<std::vector<Found>> chosen(const std::vector<Leaf>& leaves) {
    std::vector<Found> out;
    for (const Leaf& leaf : leaves) {
      if (in_.person && leaf.actor != *in_.person) continue;
      if (in_.denied.value_or(false) && leaf.decision != "deny") continue;
      SK_TRY(auto unit, Table::asked_in(context_.tx, leaf.object));
      if (!unit) {
        const auto person = people_.by_id.find(leaf.actor);
        unit = person == people_.by_id.end() ? "" : person->second.unit_id;
      }
      if (in_.department && *unit != *in_.department) continue;
      out.push_back({leaf, std::nullopt, std::move(*unit)});
    }
    return out;
  }

  // Answers are closed after their question, mostly at once: read on from the oldest until all have theirs.
  Status add_answers(std::vector<Found>& found) {
    std::map<std::string, Found*> waiting;
    for (Found& f : found)
      if (f.asked.decision == "allow") waiting.emplace(f.asked.object, &f);
    if (waiting.empty()) return ok();
    const Timestamp latest{found.front().asked.ts.micros + kLongestAnswerMicros};
    for (std::uint64_t from = found.back().asked.seq; !waiting.empty();) {
      SK_TRY(const auto answers, EntryTable::answers(context_.tx, from, kChunk));
      for (const Leaf& leaf : answers)
        if (const auto it = waiting.find(leaf.object); it != waiting.end()) {
          it->second->closed = leaf;
          waiting.erase(it);
        }
      if (answers.size() < kChunk || answers.back().ts > latest) break;
      from = answers.back().seq + 1;
    }
    return ok();
  }

  // Where it stopped because the page is full: the next page begins below that.
  Result<std::optional<std::uint64_t>> take(const std::vector<Found>& found) {
    for (const Found& f : found) {
      ++out_.searched;
      SK_TRY(auto view, view_of(f));
      if (!words_.empty() && text::normalise(view.question + "\n" + view.answer).find(words_) == std::string::npos) {
        if (opened_ >= limits_.opened) return std::optional(f.asked.seq);
        continue;
      }
      bytes_ += view.question.size() + view.answer.size();
      out_.items.push_back(std::move(view));
      if (out_.items.size() >= limits_.items || bytes_ >= limits_.bytes || opened_ >= limits_.opened) return std::optional(f.asked.seq);
    }
    return std::optional<std::uint64_t>();
  }

  // The class and segment of what was asked and answered bind the reader; that it is somebody's own does not.
  bool may_see(const policy::Label& label) const {
    policy::Label open = label;
    open.readers = {};
    const policy::Permit& permit = context_.permit();
    const policy::Decision d = exit_ == nullptr ? policy::decide_read(permit, open) : policy::decide_export(permit.matrix(), permit.person(), *exit_, open);
    return d.allow;
  }

  Result<std::optional<json::Value>> payload(std::uint64_t seq) {
    ++opened_;
    SK_TRY(const auto text, PayloadTable::open(context_.tx, context_.body.log_keys->payload, seq));
    if (!text) return std::optional<json::Value>();
    SK_TRY(auto value, json::parse(*text));
    return std::optional(std::move(value));
  }

  Result<QuestionView> view_of(const Found& f) {
    QuestionView out;
    out.seq = static_cast<std::int64_t>(f.asked.seq);
    out.at = f.asked.ts;
    out.door = f.asked.act.starts_with("chats.") ? "chat" : f.asked.act == "completions.draft" ? "draft" : "api";
    out.decision = f.asked.decision;
    out.clause = f.asked.clause;
    put_person(f, out.person);
    policy::Label label;  // none in the leaf: nobody knew it, and it is as closed as the highest
    if (!f.asked.label.empty()) {
      SK_TRY(auto asked, policy::decode(f.asked.label));
      label = schemes_.now(std::move(asked), f.asked.ts);
    }
    if (f.closed) {
      out.answer_seq = static_cast<std::int64_t>(f.closed->seq);
      out.answered_at = f.closed->ts;
      SK_TRY(auto closed, policy::decode(f.closed->label));
      label = policy::join(label, schemes_.now(std::move(closed), f.closed->ts));
    }
    out.label = bodies::view_of(label, label_words_);
    const bool shown = may_see(label);
    SK_TRY(const auto asked, payload(f.asked.seq));
    out.content = !asked ? "erased" : shown ? "shown" : "hidden";
    if (asked) put_asked(*asked, shown, out);
    if (!f.closed) return out;
    SK_TRY(const auto closed, payload(f.closed->seq));
    if (closed) put_closed(*closed, shown, out);
    return out;
  }

  void put_person(const Found& f, PersonView& out) const {
    out.id = f.asked.actor;
    if (const auto person = people_.by_id.find(f.asked.actor); person != people_.by_id.end()) {
      out.login = person->second.login;
      out.name = person->second.name;
    }
    if (const auto unit = people_.units.find(f.unit_id); unit != people_.units.end()) out.department = unit->second;
  }

  static std::string text_of(const json::Value* value) { return value != nullptr && value->is_string() ? std::string(std::string_view(value->get_string())) : std::string(); }
  static const json::Value* member(const json::Value& object, std::string_view name) { return object.is_object() ? object.get_object().if_contains(name) : nullptr; }
  static const json::Value* member(const json::Value* object, std::string_view name) { return object == nullptr ? nullptr : member(*object, name); }
  static std::int64_t number_of(const json::Value* value) { return value != nullptr && value->is_int64() ? value->get_int64() : 0; }

  static void put_findings(const json::Value* guard, std::vector<FindingView>& out) {
    if (guard == nullptr || !guard->is_array()) return;
    for (const json::Value& g : guard->get_array()) out.push_back({text_of(member(g, "kind")), text_of(member(g, "action")), number_of(member(g, "count"))});
  }

  // A tool sends a whole conversation: each of its messages with who wrote it.
  static std::string question_of(const json::Value& payload) {
    const json::Value* in = member(payload, "in");
    if (const json::Value* again = member(member(payload, "notes"), "question")) return text_of(again);
    const json::Value* messages = member(in, "messages");
    if (messages == nullptr || !messages->is_array()) return text_of(member(in, "text"));
    std::string out;
    for (const json::Value& m : messages->get_array()) out += (out.empty() ? "" : "\n\n") + ("[" + text_of(member(m, "role")) + "]\n") + text_of(member(m, "content"));
    return out;
  }

  static void put_asked(const json::Value& payload, bool shown, QuestionView& out) {
    if (shown) out.question = question_of(payload);
    if (const json::Value* error = member(payload, "error")) out.error = text_of(error);
    put_findings(member(member(payload, "notes"), "guard"), out.findings);
  }

  static void put_closed(const json::Value& payload, bool shown, QuestionView& out) {
    const json::Value* in = member(payload, "in");
    if (shown) out.answer = text_of(member(in, "text"));
    out.state = text_of(member(in, "state"));
    out.engine = text_of(member(in, "engine"));
    if (const std::string model = text_of(member(in, "model")); !model.empty()) out.model = model;
    if (const std::string error = text_of(member(in, "error")); !error.empty()) out.error = error;
    if (const json::Value* passages = member(in, "passages"); passages != nullptr && passages->is_array())
      for (const json::Value& p : passages->get_array()) out.passages.push_back(number_of(&p));
    const json::Value* characters = member(in, "characters");
    out.characters = {number_of(member(characters, "in")), number_of(member(characters, "out")), number_of(member(characters, "context"))};
    out.findings.clear();
    put_findings(member(in, "guard"), out.findings);
  }

  gate::Context& context_;
  const QuestionsIn& in_;
  const Limits& limits_;
  const policy::Exit* const exit_;
  const std::string words_;
  People people_;
  bodies::LabelWords label_words_;
  bodies::Schemes schemes_;  // leaves keep the labels of the scheme they were written in
  QuestionsOut out_;
  std::int64_t looked_at_ = 0;
  std::int64_t opened_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<QuestionsOut> collect(gate::Context& context, const QuestionsIn& in, const Limits& limits, const policy::Exit* exit) { return Collector(context, in, limits, exit).run(); }

}  // namespace sekisho::contentlog
