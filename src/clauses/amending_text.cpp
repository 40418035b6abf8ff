#include "clauses/amending_text.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "clauses/numbers.h"
#include "clauses/prose.h"
#include "clauses/rewording.h"
#include "text/lines.h"

namespace sekisho::clauses {
namespace {

constexpr std::size_t kFewClauses = 20;  // a document as short as that is always amended sentence by sentence

bool left_out(const Clause& c) { return c.kind == Kind::contents || c.kind == Kind::history; }
bool same_words(const std::string& a, const std::string& b) { return a == b || squeezed(decode(a)) == squeezed(decode(b)); }

std::string cite(const Document& d, std::size_t i) {
  const Clause& c = d.clauses[i];
  if (c.parent != kNoParent && c.kind == Kind::row) return cite(d, static_cast<std::size_t>(c.parent)) + "の表「" + c.label + "」の項";
  if (c.parent != kNoParent && c.kind == Kind::item) return cite(d, static_cast<std::size_t>(c.parent)) + "の「" + c.label + "」";
  return c.ref;
}

// What one such thing is called: 条, 項, 号, 章; documents without 条 call it 項目.
std::string unit_of(const Document& d, std::size_t i) {
  const Clause& c = d.clauses[i];
  if (c.kind == Kind::row) return "項";
  if (c.ref.ends_with("項")) return "項";
  if (c.ref.ends_with("号")) return "号";
  const auto mark = mark_of(d, i);
  if (!mark) return "項目";
  switch (mark->family) {
    case Family::part: return "部";
    case Family::volume: return "編";
    case Family::chapter: return "章";
    case Family::section: return "節";
    case Family::subsection: return "款";
    case Family::division: return "目";
    case Family::article: return "条";
    default: return "項目";
  }
}

// A、B及びC
std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) out += (i == 0 ? "" : i + 1 == names.size() ? "及び" : "、") + names[i];
  return out;
}

// The clause alone, as it is printed.
void write_clause(const Document& d, std::size_t i, std::vector<std::string>& out) {
  const Clause& c = d.clauses[i];
  const auto mark = mark_of(d, i);
  const bool article = mark && mark->family == Family::article;
  std::string body = c.text;
  if (article && !c.title.empty()) out.push_back("（" + c.title + "）");
  if (!article && !c.title.empty()) {
    out.push_back(c.label + "　" + c.title);
    if (body.empty()) return;
  } else {
    body = c.label + "　" + body;
  }
  for (const std::string_view line : text::lines_of(body)) out.emplace_back(line);
}

class Drafter {
 public:
  Drafter(const Document& before, const Document& after, const Alignment& alignment) : a_(before), b_(after), pairs_(alignment) {}

  std::vector<Provision> run() {
    if (anew()) {
      Provision all{a_.title + "の全部を次のように改正する。", {}};
      if (!same_words(a_.title, b_.title)) all.words.push_back(b_.title);
      for (std::size_t j = 0; j < b_.clauses.size(); ++j)
        if (!left_out(b_.clauses[j]) && b_.clauses[j].kind != Kind::front) write_clause(b_, j, all.words);
      out_.push_back(std::move(all));
      return std::move(out_);
    }
    if (!same_words(a_.title, b_.title) && !b_.title.empty()) out_.push_back({"題名を次のように改める。", {b_.title}});
    words();
    structure();
    return std::move(out_);
  }

 private:
  // So little stays as it is that nobody amends it sentence by sentence (全部改正).
  bool anew() const {
    std::size_t all = 0, kept = 0, partners = 0;
    for (std::size_t i = 0; i < a_.clauses.size(); ++i) {
      if (left_out(a_.clauses[i]) || a_.clauses[i].kind == Kind::front) continue;
      ++all;
      const int j = to_new(i);
      if (j == kNoPartner) continue;
      ++partners;
      const Clause& b = b_.clauses[static_cast<std::size_t>(j)];
      kept += same_words(a_.clauses[i].title, b.title) && same_words(a_.clauses[i].text, b.text) ? 1u : 0u;
    }
    return all > 2 && (partners == 0 || (all >= kFewClauses && kept * 3 < all));
  }

  int to_new(std::size_t i) const { return pairs_.to_new[i]; }
  int to_old(std::size_t j) const { return pairs_.to_old[j]; }

  // Words.
  struct Change {
    std::vector<std::string> subjects;
    std::string phrase;
  };

  void add_change(std::vector<std::size_t>& order, const std::string& subject, const std::vector<Rewording>& list) {
    const std::string phrase = phrase_of(list);
    const auto [it, fresh] = known_.emplace(phrase, changes_.size());
    if (fresh) {
      changes_.push_back({{}, phrase});
      order.push_back(changes_.size() - 1);
    }
    changes_[it->second].subjects.push_back(subject);
  }

  void words() {
    // Sentences in order; a change of words by its place in changes_, whole texts as they are.
    std::vector<std::size_t> order;
    std::vector<std::pair<std::size_t, Provision>> whole;  // behind how many changes it stands
    for (std::size_t i = 0; i < a_.clauses.size(); ++i) {
      const int j = to_new(i);
      if (j == kNoPartner || left_out(a_.clauses[i])) continue;
      const Clause& a = a_.clauses[i];
      const Clause& b = b_.clauses[static_cast<std::size_t>(j)];
      const bool caption = !a.text.empty() || !b.text.empty();
      if (!same_words(a.title, b.title)) {
        const auto list = rewordings(a.title, b.title);
        const std::string subject = cite(a_, i) + (caption ? "の見出し" : "");
        if (list && !list->empty())
          add_change(order, subject, *list);
        else if (a.title.empty())
          whole.push_back({order.size(), {cite(a_, i) + "に見出しとして「" + b.title + "」を付する。", {}}});
        else if (b.title.empty())
          whole.push_back({order.size(), {subject + "を削る。", {}}});
        else
          whole.push_back({order.size(), {subject + "を「" + b.title + "」に改める。", {}}});
      }
      if (same_words(a.text, b.text)) continue;
      const auto list = rewordings(a.text, b.text);
      if (list && !list->empty()) {
        add_change(order, cite(a_, i), *list);
      } else {
        Provision anew{cite(a_, i) + "を次のように改める。", {}};
        write_clause(b_, static_cast<std::size_t>(j), anew.words);
        whole.push_back({order.size(), std::move(anew)});
      }
    }
    std::size_t next = 0;
    for (std::size_t k = 0; k <= order.size(); ++k) {
      for (; next < whole.size() && whole[next].first == k; ++next) out_.push_back(std::move(whole[next].second));
      if (k < order.size()) out_.push_back({listed(changes_[order[k]].subjects) + "中" + changes_[order[k]].phrase + "。", {}});
    }
  }

  // Numbers. A list: clauses of one holder and kind of label, in order; of the new version likewise.
  struct List {
    std::vector<std::size_t> before;
    std::vector<std::size_t> after;
  };

  void structure() {
    // By the new place of the holder, so that both sides meet; holders that go or come bring their lists with them.
    std::map<std::pair<int, bool>, List> lists;
    std::vector<std::pair<int, bool>> order;
    const auto list = [&](int holder, bool structured) -> List& {
      const auto [it, fresh] = lists.try_emplace({holder, structured});
      if (fresh) order.emplace_back(holder, structured);
      return it->second;
    };
    for (std::size_t i = 0; i < a_.clauses.size(); ++i) {
      if (left_out(a_.clauses[i])) continue;
      const int holder = holder_of(a_, i);
      const int there = holder == kNoParent ? kNoParent : to_new(static_cast<std::size_t>(holder));
      if (holder != kNoParent && there == kNoPartner) {
        if (to_new(i) != kNoPartner) moved_.push_back(i);  // out of something that goes
        continue;
      }
      if (to_new(i) == kNoPartner && within(a_, i, pairs_.to_new)) continue;
      list(there, a_.clauses[i].kind == Kind::structure).before.push_back(i);
    }
    for (std::size_t j = 0; j < b_.clauses.size(); ++j) {
      if (left_out(b_.clauses[j])) continue;
      const int holder = holder_of(b_, j);
      if (holder != kNoParent && to_old(static_cast<std::size_t>(holder)) == kNoPartner) continue;
      if (to_old(j) == kNoPartner && within(b_, j, pairs_.to_old)) continue;
      list(holder, b_.clauses[j].kind == Kind::structure).after.push_back(j);
    }
    std::erase_if(moved_, [&](std::size_t i) { return cite(a_, i) == cite(b_, static_cast<std::size_t>(to_new(i))); });
    for (const std::size_t i : moved_) out_.push_back({cite(a_, i) + "を" + cite(b_, static_cast<std::size_t>(to_new(i))) + "に移す。", {}});
    for (const auto& key : order) write_list(lists[key]);
  }

  // In a chapter that goes or comes itself, and with it this.
  static bool within(const Document& d, std::size_t i, const std::vector<int>& partners) {
    for (int up = d.clauses[i].parent; up != kNoParent && d.clauses[static_cast<std::size_t>(up)].kind == Kind::structure; up = d.clauses[static_cast<std::size_t>(up)].parent)
      if (partners[static_cast<std::size_t>(up)] == kNoPartner) return true;
    return false;
  }

  bool stays(std::size_t i, const List& l) const {
    return to_new(i) != kNoPartner && std::find(l.after.begin(), l.after.end(), static_cast<std::size_t>(to_new(i))) != l.after.end();
  }
  // How far the number moves; nullopt: it stays, or is no longer of the same style.
  std::optional<int> delta_of(std::size_t i) const {
    const auto a = mark_of(a_, i);
    const auto b = mark_of(b_, static_cast<std::size_t>(to_new(i)));
    if (!a || !b || a->family != b->family || a->prefix != b->prefix || a->branch != b->branch) return std::nullopt;
    return static_cast<int>(b->ordinal) - static_cast<int>(a->ordinal);
  }
  bool relabelled(std::size_t i) const { return a_.clauses[i].label != b_.clauses[static_cast<std::size_t>(to_new(i))].label && a_.clauses[i].kind != Kind::item; }

  // Numbers of one style: 「から…まで」 says what lies between.
  bool in_a_row(std::size_t first, std::size_t last) const {
    const auto a = mark_of(a_, first);
    const auto b = mark_of(a_, last);
    return a && b && a->family == b->family && a->prefix == b->prefix;
  }

  std::string dropped(const List& l) const {
    std::vector<std::string> names;
    for (std::size_t k = 0; k < l.before.size();) {
      std::size_t end = k;
      while (end < l.before.size() && to_new(l.before[end]) == kNoPartner && (end == k || in_a_row(l.before[k], l.before[end]))) ++end;
      if (end - k >= 3)
        names.push_back(cite(a_, l.before[k]) + "から" + cite(a_, l.before[end - 1]) + "まで");
      else
        for (std::size_t n = k; n < end; ++n) names.push_back(cite(a_, l.before[n]));
      k = std::max(end, k + 1);
    }
    return listed(names);
  }

  // "AをBと" for one; the parts of the sentence, each without its ending.
  struct Step {
    std::string text;
    const char* linked;  // とし
    const char* last;    // とする
  };

  void renumber(const std::vector<std::size_t>& run, int delta, std::vector<Step>& steps) const {
    const auto one = [&](std::size_t i) { return Step{cite(a_, i) + "を" + cite(b_, static_cast<std::size_t>(to_new(i))) + "と", "し", "する"}; };
    std::vector<std::size_t> rest = run;
    if (delta > 0) std::reverse(rest.begin(), rest.end());
    const std::size_t alone = rest.size() <= 2 ? rest.size() : 1;
    for (std::size_t n = 0; n < alone; ++n) steps.push_back(one(rest[n]));
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(alone));
    if (rest.empty()) return;
    if (delta > 0) std::reverse(rest.begin(), rest.end());
    const std::string names = rest.size() == 2 ? cite(a_, rest[0]) + "及び" + cite(a_, rest[1]) : rest.size() == 1 ? cite(a_, rest[0]) : cite(a_, rest.front()) + "から" + cite(a_, rest.back()) + "まで";
    steps.push_back({names + "を" + std::to_string(std::abs(delta)) + unit_of(a_, rest.front()) + "ずつ繰り" + (delta > 0 ? "下" : "上"), "げ", "げる"});
  }

  void renumbered(const List& l, std::vector<Step>& steps) const {
    std::vector<std::pair<int, std::vector<std::size_t>>> runs;
    std::vector<Step> single;
    bool goes_on = false;
    for (const std::size_t i : l.before) {
      if (!stays(i, l)) {
        if (to_new(i) != kNoPartner) single.push_back({cite(a_, i) + "を" + cite(b_, static_cast<std::size_t>(to_new(i))) + "に移", "し", "す"});
        goes_on = false;
        continue;
      }
      if (!relabelled(i)) {
        goes_on = false;
        continue;
      }
      const auto delta = delta_of(i);
      if (!delta || *delta == 0) {
        single.push_back({cite(a_, i) + "を" + cite(b_, static_cast<std::size_t>(to_new(i))) + "と", "し", "する"});
        goes_on = false;
        continue;
      }
      if (!goes_on || runs.back().first != *delta) runs.push_back({*delta, {}});
      runs.back().second.push_back(i);
      goes_on = true;
    }
    for (Step& s : single) steps.push_back(std::move(s));
    for (const auto& [delta, run] : runs)
      if (delta < 0) renumber(run, delta, steps);
    // What moves down makes room from the end.
    for (auto it = runs.rbegin(); it != runs.rend(); ++it)
      if (it->first > 0) renumber(it->second, it->first, steps);
  }

  void write_subtree(std::size_t j, std::vector<std::string>& words) const {
    for (std::size_t k = j, end = end_of(b_, j); k < end; ++k) {
      if (to_old(k) == kNoPartner)
        write_clause(b_, k, words);
      else
        k = end_of(b_, k) - 1;  // moved here, and with it what comes below it: said in its own place
    }
  }

  std::vector<Provision> added(const List& l) const {
    std::vector<Provision> out;
    for (std::size_t k = 0; k < l.after.size(); ++k) {
      if (to_old(l.after[k]) != kNoPartner) continue;
      std::size_t end = k;
      while (end < l.after.size() && to_old(l.after[end]) == kNoPartner) ++end;
      const std::size_t first = l.after[k];
      std::string where;
      if (k > 0 && b_.clauses[l.after[k - 1]].kind != Kind::front) {
        where = cite(a_, static_cast<std::size_t>(to_old(l.after[k - 1]))) + "の次に";
      } else if (end < l.after.size()) {
        where = cite(a_, static_cast<std::size_t>(to_old(l.after[end]))) + "の前に";
      } else if (const int holder = b_.clauses[first].parent; holder != kNoParent && to_old(static_cast<std::size_t>(holder)) != kNoPartner) {
        where = cite(a_, static_cast<std::size_t>(to_old(static_cast<std::size_t>(holder)))) + "に";
      }
      Provision made{where + "次の" + std::to_string(end - k) + unit_of(b_, first) + "を加える。", {}};
      for (std::size_t n = k; n < end; ++n) write_subtree(l.after[n], made.words);
      out.push_back(std::move(made));
      k = end;
    }
    return out;
  }

  void write_list(const List& l) {
    std::vector<Step> steps;
    if (std::string gone = dropped(l); !gone.empty()) steps.push_back({std::move(gone) + "を削", "り", "る"});
    renumbered(l, steps);
    std::vector<Provision> comes = added(l);
    std::string sentence;
    for (std::size_t s = 0; s < steps.size(); ++s) {
      const bool last = s + 1 == steps.size() && comes.empty();
      sentence += steps[s].text + (last ? std::string(steps[s].last) + "。" : std::string(steps[s].linked) + "、");
    }
    if (!comes.empty())
      comes.front().rule = sentence + comes.front().rule;
    else if (!sentence.empty())
      out_.push_back({sentence, {}});
    for (Provision& p : comes) out_.push_back(std::move(p));
  }

  const Document& a_;
  const Document& b_;
  const Alignment& pairs_;
  std::vector<Provision> out_;
  std::vector<Change> changes_;
  std::map<std::string, std::size_t> known_;
  std::vector<std::size_t> moved_;
};

}  // namespace

std::vector<Provision> amending_text(const Document& before, const Document& after, const Alignment& alignment) { return Drafter(before, after, alignment).run(); }

}  // namespace sekisho::clauses
