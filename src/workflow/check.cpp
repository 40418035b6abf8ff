// What in a definition cannot work, apart from the machine of its states (machine.cpp).
#include <algorithm>
#include <set>

#include "workflow/rules.h"

namespace sekisho::workflow {
namespace {

const std::set<std::string_view> kTypes = {"text", "long_text", "choice", "choices", "number", "yes_no", "date", "datetime", "person", "people",
                                           "department", "departments", "class", "reference", "references", "attachment", "checklist", "table", "clause"};
const std::set<std::string_view> kColumnTypes = {"text", "long_text", "choice", "number", "yes_no", "date", "datetime", "person", "department", "class", "reference", "clause"};
const std::set<std::string_view> kBuiltIn = {"number", "subject", "state", "opened", "updated", "due", "unit", "opener", "assigned", "closed"};
const std::set<std::string_view> kGroups = {"incidents", "permits", "assets", "external", "contractors", "audit", "people", "systems", "facilities", "plans", "communication"};
constexpr std::size_t kMostIndexed = 4;

bool is_key(std::string_view text, char extra) {
  return !text.empty() && text.size() <= 40 && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), [&](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == extra; });
}

class Checker {
 public:
  Checker(const Definition& d, const Organisation& o, const Names& n, const std::map<std::string, int>& lines, std::vector<Finding>& findings)
      : d_(d), o_(o), n_(n), lines_(lines), findings_(findings) {}

  void run() {
    head();
    fields();
    states(d_.states, "$.states");
    transitions(d_.transitions, d_.states, "$.transitions");
    regions();
    if (d_.separate) separations(*d_.separate, "$.separate");
    openers();
    duties();
    output();
  }

 private:
  void say(const std::string& place, std::string text) { findings_.push_back({line_of(lines_, place), place, std::move(text)}); }
  void need(bool good, const std::string& place, std::string text) {
    if (!good) say(place, std::move(text));
  }
  static std::string at(const std::string& place, std::size_t i) { return place + "[" + std::to_string(i) + "]"; }
  void key(const std::string& text, const std::string& place, std::set<std::string>& seen) {
    need(is_key(text, '_'), place + ".key", "「" + text + "」は識別子として使えません（小文字で始め、小文字・数字・下線、40字まで）");
    need(seen.insert(text).second, place + ".key", "「" + text + "」が2つあります");
  }
  void known_field(const std::string& name, const std::string& place) { need(d_.field(name) != nullptr, place, "「" + name + "」という欄はありません"); }
  void field_of_type(const std::string& name, std::initializer_list<std::string_view> types, const std::string& place) {
    const Field* const f = d_.field(name);
    if (f == nullptr) return known_field(name, place);
    need(std::find(types.begin(), types.end(), f->type) != types.end(), place, "欄「" + name + "」は、ここで使える種類ではありません");
  }
  void known_state(const std::string& name, const std::vector<State>& states, const std::string& place) {
    need(find_state(states, name) != nullptr, place, "「" + name + "」という状態はありません");
  }
  void known_transition(const std::string& name, const std::string& place) { need(d_.transition(name) != nullptr, place, "「" + name + "」という遷移はありません"); }
  void known_definition(const std::string& name, const std::string& place) {
    need(n_.definitions.empty() || n_.definitions.contains(name) || name == d_.id, place, "「" + name + "」という定義はありません");
  }
  void clauses(const std::vector<ClauseRef>& list, const std::string& place) {
    need(!list.empty(), place, "根拠の条項がありません");
    for (std::size_t i = 0; i < list.size(); ++i) need(!list[i].ref.empty() && list[i].ref.size() <= 60, at(place, i), "条項の番号を書いてください");
  }

  void head() {
    need(d_.format == 1, "$.format", "書式の版は 1 です");
    need(is_key(d_.id, '-'), "$.id", "id は小文字・数字・ハイフン、40字までです");
    need(d_.kind == "workflow" || d_.kind == "register", "$.kind", "workflow か register です");
    need(kGroups.contains(d_.group), "$.group", "「" + d_.group + "」というまとまりはありません");
    need(!d_.capabilities.empty(), "$.capabilities", "どの機能の定義かを書いてください");
    clauses(d_.clauses, "$.clauses");
    clauses(d_.open.clauses, "$.open.clauses");
    whos(d_.open.by, "$.open.by");
    for (const std::string& f : d_.open.ask.value_or(Keys{})) known_field(f, "$.open.ask");
    if (d_.open.state) known_state(*d_.open.state, d_.states, "$.open.state");
    notices(d_.open.notices, "$.open.notices");
    if (d_.visible) whos(*d_.visible, "$.visible");
    for (const std::string& f : d_.hidden_from.value_or(Keys{})) field_of_type(f, {"person", "people"}, "$.hidden_from");
    if (d_.sensitivity && d_.sensitivity->field) field_of_type(*d_.sensitivity->field, {"class"}, "$.sensitivity.field");
    need(!d_.subject.empty() && d_.subject.size() <= 4, "$.subject", "件名にする欄を1つから4つ書いてください");
    for (const std::string& f : d_.subject) known_field(f, "$.subject");
    if (d_.department) field_of_type(*d_.department, {"department"}, "$.department");
    if (d_.assigned) field_of_type(*d_.assigned, {"person"}, "$.assigned");
    need(d_.indexed().size() <= kMostIndexed, "$.fields", "index を付けられる欄は4つまでです");
  }

  void choices(const std::optional<std::vector<Choice>>& list, const std::string& type, const std::string& place) {
    const bool chooses = type == "choice" || type == "choices";
    need(chooses == (list.has_value() && !list->empty()), place, chooses ? "選択肢がありません" : "選択肢は choice か choices の欄に書きます");
    std::set<std::string> seen;
    for (std::size_t i = 0; list && i < list->size(); ++i) key((*list)[i].key, at(place + ".choices", i), seen);
  }

  void fields() {
    std::set<std::string> seen, titles;
    need(!d_.fields.empty() && d_.fields.size() <= 120, "$.fields", "欄は1から120までです");
    for (std::size_t i = 0; i < d_.fields.size(); ++i) {
      const Field& f = d_.fields[i];
      const std::string place = at("$.fields", i);
      key(f.key, place, seen);
      need(titles.insert(f.title).second, place + ".title", "「" + f.title + "」という欄が2つあります（台帳を書き出すと、同じ見出しの列が並びます）");
      need(!kBuiltIn.contains(f.key) || f.key == "unit", place + ".key", "「" + f.key + "」は決まった列の名前なので使えません");
      need(kTypes.contains(f.type), place + ".type", "「" + f.type + "」という種類の欄はありません");
      choices(f.choices, f.type, place);
      const bool refers = f.type == "reference" || f.type == "references";
      need(refers == f.of.has_value(), place, refers ? "of に、参照する定義を書いてください" : "of は reference の欄に書きます");
      if (f.of) known_definition(*f.of, place + ".of");
      need((f.type == "checklist") == f.items.has_value(), place, "items は checklist の欄に書きます");
      need((f.type == "table") == f.columns.has_value(), place, "columns は table の欄に書きます");
      const bool indexable = f.type == "text" || f.type == "choice" || f.type == "number" || f.type == "yes_no" || f.type == "date" || f.type == "person" || f.type == "department" || f.type == "reference";
      need(!f.index.value_or(false) || (indexable && !f.visible), place + ".index", "この欄では絞り込めません");
      for (const std::string& s : f.required && f.required->states ? *f.required->states : Keys{}) known_state(s, d_.states, place + ".required");
      if (f.required_if) condition(*f.required_if, place + ".required_if");
      if (f.edit) whos(*f.edit, place + ".edit");
      if (f.visible) whos(*f.visible, place + ".visible");
      columns(f, place);
      derive(f, place);
    }
  }
  void columns(const Field& f, const std::string& place) {
    std::set<std::string> seen, items;
    for (std::size_t k = 0; f.columns && k < f.columns->size(); ++k) {
      const Column& c = (*f.columns)[k];
      key(c.key, at(place + ".columns", k), seen);
      need(kColumnTypes.contains(c.type), at(place + ".columns", k) + ".type", "「" + c.type + "」という種類の列はありません");
      choices(c.choices, c.type, at(place + ".columns", k));
      const bool known = std::any_of(std::begin(kGiven), std::end(kGiven), [&](const char* g) { return c.given == g; });
      need(!c.given || (f.rows && known), at(place + ".columns", k) + ".given", "given は rows のある表の列に、document、version、clause、label、text、before のどれかで書きます");
      need(!c.given || c.type == "text" || c.type == "long_text" || c.type == "clause", at(place + ".columns", k) + ".type", "given の列は文字の列です");
    }
    if (f.rows) rows(f, place + ".rows");
    if (f.draft) draft(f, place + ".draft");
    for (std::size_t k = 0; f.items && k < f.items->size(); ++k) key((*f.items)[k].key, at(place + ".items", k), items);
  }
  void rows(const Field& f, const std::string& place) {
    const RowsFrom& r = *f.rows;
    need(f.type == "table" && !f.derive, place, "rows は table の欄に書きます");
    need(r.from == "clauses", place + ".from", "from は clauses です");
    static const std::set<std::string_view> kModality = {"must", "must_not", "should", "may", "is"}, kKinds = {"enforce", "workflow", "register", "document", "check", "physical"};
    need(!r.actors.empty() && !r.modality.empty() && !r.kinds.empty(), place, "actors、modality、kinds に、どの条項を点検するのかを書いてください");
    for (const std::string& a : r.actors)
      need(a == "staff" || a == "body" || o_.posts.contains(a), place + ".actors", "「" + a + "」という役はありません（staff、body か、この団体にある役を書きます）");
    for (const std::string& m : r.modality) need(kModality.contains(m), place + ".modality", "「" + m + "」という義務の強さはありません");
    for (const std::string& k : r.kinds) need(kKinds.contains(k), place + ".kinds", "「" + k + "」という種類はありません");
    for (const std::string& k : r.first.value_or(Keys{})) need(kModality.contains(k) || kKinds.contains(k), place + ".first", "「" + k + "」という種類や義務の強さはありません");
    const auto column = [&](std::string_view key) -> const Column* {
      for (const Column& c : f.columns ? *f.columns : none_)
        if (c.key == key && !c.given) return &c;
      return nullptr;
    };
    const Column* const answer = column(r.answer);
    need(answer != nullptr && answer->type == "choice", place + ".answer", "answer に、答えを選ぶ列（choice）を書いてください");
    for (const auto* list : {&r.good, &r.gaps})
      for (const std::string& key : *list)
        need(answer != nullptr && answer->choices && std::any_of(answer->choices->begin(), answer->choices->end(), [&](const Choice& c) { return c.key == key; }), place, "「" + key + "」という答えはありません");
    need(!r.good.empty() && !r.gaps.empty(), place, "good と gaps に、守られている答えと守られていない答えを書いてください");
    for (const auto& [name, key] : {std::pair(".say", r.say), std::pair(".evidence", r.evidence)}) need(!key || column(*key) != nullptr, place + name, "「" + key.value_or("") + "」という列はありません");
    for (const char* needed : {"clause", "label", "text"}) need(given_column(f, needed) != nullptr, place, std::string("given: ") + needed + " の列がありません");
  }
  void draft(const Field& f, const std::string& place) {
    need((f.type == "text" || f.type == "long_text") && !f.derive, place, "draft は text か long_text の欄に書きます");
    need(n_.instructions.contains(f.draft->instruction), place + ".instruction", "「" + f.draft->instruction + "」という下書きの指示はありません");
    need(!f.draft->from.empty(), place + ".from", "下書きのもとにする欄がありません");
    for (const std::string& from : f.draft->from) {
      known_field(from, place + ".from");
      const Field* const source = d_.field(from);
      need(source == nullptr || source->type != "attachment", place + ".from", "ファイルの欄は、下書きのもとにできません");
    }
  }
  void derive(const Field& f, const std::string& place) {
    if (!f.derive) return;
    static const std::set<std::string_view> kOps = {"highest", "copy", "sum", "count", "fiscal_year"};
    need(kOps.contains(f.derive->op), place + ".derive.op", "「" + f.derive->op + "」という計算はありません");
    known_field(f.derive->of.substr(0, f.derive->of.find('.')), place + ".derive.of");
    if (f.derive->with) field_of_type(*f.derive->with, {"class"}, place + ".derive.with");
  }

  void states(const std::vector<State>& list, const std::string& place) {
    std::set<std::string> seen;
    need(list.size() >= 2, place, "状態が2つ以上要ります");
    for (std::size_t i = 0; i < list.size(); ++i) {
      key(list[i].key, at(place, i), seen);
      if (list[i].edit) whos(*list[i].edit, at(place, i) + ".edit");
      if (list[i].deadline) deadline(*list[i].deadline, at(place, i) + ".deadline");
      for (std::size_t k = 0; list[i].switches && k < list[i].switches->size(); ++k) turned((*list[i].switches)[k], at(at(place, i) + ".switches", k));
    }
  }
  void turned(const SwitchUse& use, const std::string& place) {
    const auto known = n_.switches.find(use.turn);
    if (known == n_.switches.end()) return say(place + ".turn", "「" + use.turn + "」というスイッチは登録されていません");
    const std::map<std::string, std::string> none;
    const auto& with = use.with ? *use.with : none;
    for (const auto& [name, from] : with) {
      const auto argument = std::find_if(known->second.begin(), known->second.end(), [&](const SwitchArgument& a) { return a.name == name; });
      if (argument == known->second.end()) say(place + ".with." + name, "スイッチ「" + use.turn + "」に「" + name + "」は渡せません");
      else argued(*argument, from, place + ".with." + name);
    }
    for (const SwitchArgument& a : known->second) need(!a.required || with.contains(a.name), place, "スイッチ「" + use.turn + "」には with の「" + a.name + "」が要ります");
    for (const auto& [column, values] : use.where.value_or(std::map<std::string, Keys>{})) {
      const bool there = std::any_of(with.begin(), with.end(), [&](const auto& m) { return column_of(m.second.substr(0, m.second.find('.')) + "." + column) != nullptr; });
      need(there && !values.empty(), place + ".where." + column, "「" + column + "」という列はありません");
    }
    if (use.only_if) condition(*use.only_if, place + ".if");
  }
  const Column* column_of(const std::string& path) const {
    const std::size_t dot = path.find('.');
    const Field* const table = dot == std::string::npos ? nullptr : d_.field(path.substr(0, dot));
    if (table == nullptr || table->type != "table" || !table->columns) return nullptr;
    const auto it = std::find_if(table->columns->begin(), table->columns->end(), [&](const Column& c) { return c.key == path.substr(dot + 1); });
    return it == table->columns->end() ? nullptr : &*it;
  }
  void argued(const SwitchArgument& a, const std::string& from, const std::string& place) {
    if (from == "@opener") return need(a.types.contains("@opener"), place, "開いた人は、ここでは使えません");
    if (from.find('.') != std::string::npos) {
      const Column* const column = a.types.contains("column") ? column_of(from) : nullptr;
      return need(column != nullptr && a.types.contains(column->type), place, "「" + from + "」という列は、ここで使えません");
    }
    const Field* const f = d_.field(from);
    if (f == nullptr) return known_field(from, place);
    need(a.types.contains(f->type), place, "欄「" + from + "」は、ここで使える種類ではありません");
    for (const Choice& c : f->choices.value_or(std::vector<Choice>{}))
      need(a.among.empty() || a.among.contains(c.key), place, "選択肢「" + c.key + "」は、スイッチの知らないものです");
  }
  void deadline(const Deadline& d, const std::string& place) {
    need(d.within.has_value() != d.field.has_value(), place, "within か field のどちらかを書いてください");
    if (d.within) span(*d.within, place + ".within");
    if (d.field) field_of_type(*d.field, {"date", "datetime"}, place + ".field");
    if (d.from && *d.from != "entered" && *d.from != "opened") field_of_type(*d.from, {"date", "datetime"}, place + ".from");
    for (const Remind& r : d.remind.value_or(std::vector<Remind>{})) {
      whos(r.to, place + ".remind");
      need(r.before.has_value() != r.after.has_value(), place + ".remind", "before か after のどちらかを書いてください");
      for (const auto* s : {&r.before, &r.after, &r.every})
        if (*s) span(**s, place + ".remind");
    }
    if (d.overdue && d.overdue->to) whos(*d.overdue->to, place + ".overdue");
    if (d.overdue && d.overdue->move) known_transition(*d.overdue->move, place + ".overdue.move");
  }
  void span(const Span& s, const std::string& place) {
    const int said = (s.days ? 1 : 0) + (s.hours ? 1 : 0) + (s.months ? 1 : 0) + (s.word ? 1 : 0);
    need(said == 1, place, "days、hours、months、word のどれか1つを書いてください");
    for (const auto& n : {s.days, s.hours, s.months}) need(!n || (*n >= 1 && *n <= 100'000), place, "1以上で書いてください");
  }

  void whos(const Whos& list, const std::string& place) {
    need(!list.empty(), place, "だれが動かせるのかがありません");
    for (std::size_t i = 0; i < list.size(); ++i) who(list[i], at(place, i));
  }
  void who(const Who& w, const std::string& place) {
    const int said = (w.post ? 1 : 0) + (w.power ? 1 : 0) + (w.person ? 1 : 0) + (w.field ? 1 : 0) + (w.anyone ? 1 : 0) + (w.program ? 1 : 0);
    need(said == 1, place, "post、power、person、field、anyone、program のどれか1つを書いてください");
    if (w.post) {
      const auto post = o_.posts.find(*w.post);
      need(std::find(std::begin(kPosts), std::end(kPosts), *w.post) != std::end(kPosts), place, "「" + *w.post + "」という役はありません");
      need(post != o_.posts.end() && o_.role(post->second) != nullptr, place, "この団体では、役「" + *w.post + "」に就く役職がありません");
    }
    if (w.power) {
      need(n_.powers.contains(*w.power), place, "「" + *w.power + "」という権限はありません");
      need(std::any_of(o_.roles.begin(), o_.roles.end(), [&](const RoleTrait& r) { return r.powers.contains(*w.power); }), place, "この団体では、権限「" + *w.power + "」を持つ役職がありません");
    }
    if (w.in && w.in->starts_with("field:")) field_of_type(w.in->substr(6), {"department", "departments"}, place + ".in");
    else need(!w.in || *w.in == "body" || *w.in == "unit", place + ".in", "in は body、unit、field:欄 のどれかです");
    if (w.person) relation(*w.person, place);
    if (w.field) field_of_type(*w.field, {"person", "people"}, place);
  }
  void relation(const std::string& text, const std::string& place) {
    if (text.starts_with("mover:")) return known_transition(text.substr(6), place);
    need(text == "opener" || text == "assigned" || text == "participant", place, "「" + text + "」という関わりはありません");
    need(text != "assigned" || d_.assigned || d_.duties, place, "assigned の欄が決められていません");
  }

  void transitions(const std::vector<Transition>& list, const std::vector<State>& states, const std::string& place) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Transition& t = list[i];
      const std::string here = at(place, i);
      key(t.key, here, transition_keys_);
      need(t.key != "open", here + ".key", "「open」は使えません");
      need(!t.from.empty(), here, "from がありません");
      for (const std::string& s : t.from) known_state(s, states, here + ".from");
      if (t.to) known_state(*t.to, states, here + ".to");
      whos(t.by, here + ".by");
      clauses(t.clauses, here + ".clauses");
      need(!t.joint || (*t.joint == 0 ? t.by.size() >= 2 : *t.joint >= 2 && static_cast<std::size_t>(*t.joint) <= t.by.size()), here + ".joint", "合議の人数が by の数に合いません");
      if (t.separate) separations(*t.separate, here + ".separate");
      for (std::size_t k = 0; t.guards && k < t.guards->size(); ++k) condition((*t.guards)[k].that, at(here + ".guards", k));
      for (const std::string& f : t.ask.value_or(Keys{})) known_field(f, here + ".ask");
      if (t.set) sets(*t.set, here + ".set");
      notices(t.notices, here + ".notices");
      acts(t, here);
    }
  }
  void acts(const Transition& t, const std::string& here) {
    for (std::size_t k = 0; t.effects && k < t.effects->size(); ++k) {
      const Effect& e = (*t.effects)[k];
      need(n_.hooks.contains(e.run), at(here + ".effects", k), "「" + e.run + "」という仕掛けは登録されていません");
      if (e.with)
        for (const auto& [name, field] : *e.with) known_field(field, at(here + ".effects", k) + ".with." + name);
      if (e.only_if) condition(*e.only_if, at(here + ".effects", k) + ".only_if");
    }
    for (std::size_t k = 0; t.opens && k < t.opens->size(); ++k) {
      const Opens& o = (*t.opens)[k];
      known_definition(o.definition, at(here + ".opens", k) + ".definition");
      if (o.copy)
        for (const auto& [name, field] : *o.copy) known_field(field, at(here + ".opens", k) + ".copy." + name);
      if (o.each) field_of_type(*o.each, {"department", "departments"}, at(here + ".opens", k) + ".each");
      if (o.only_if) condition(*o.only_if, at(here + ".opens", k) + ".only_if");
    }
    for (const std::string& f : t.renew.value_or(Keys{})) with_rows(f, here + ".renew");
    for (std::size_t k = 0; t.gather && k < t.gather->size(); ++k) {
      const Gather& g = (*t.gather)[k];
      const std::string there = at(here + ".gather", k);
      with_rows(g.from, there + ".from");
      field_of_type(g.into, {"table"}, there + ".into");
      need(!g.copy.empty(), there + ".copy", "どの列を写すのかがありません");
      for (const auto& [to, from] : g.copy) {
        need(column_of(g.into + "." + to) != nullptr, there + ".copy", "「" + to + "」という列はありません");
        need(column_of(g.from + "." + from) != nullptr, there + ".copy", "「" + from + "」という列はありません");
      }
    }
  }
  void with_rows(const std::string& name, const std::string& place) {
    const Field* const f = d_.field(name);
    need(f != nullptr && f->rows, place, "「" + name + "」は、rows のある表の欄ではありません");
  }
  void separations(const std::vector<Separation>& list, const std::string& place) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Separation& s = list[i];
      need(s.other_than.has_value() != s.outside.has_value(), at(place, i), "not か outside のどちらかを書いてください");
      if (s.outside) field_of_type(*s.outside, {"department", "departments"}, at(place, i));
      if (s.other_than && s.other_than->starts_with("field:")) field_of_type(s.other_than->substr(6), {"person", "people"}, at(place, i));
      else if (s.other_than) relation(*s.other_than, at(place, i));
    }
  }
  void notices(const std::optional<std::vector<NoticeRule>>& list, const std::string& place) {
    for (std::size_t i = 0; list && i < list->size(); ++i) {
      whos((*list)[i].to, at(place, i) + ".to");
      if ((*list)[i].within) span(*(*list)[i].within, at(place, i) + ".within");
      if ((*list)[i].only_if) condition(*(*list)[i].only_if, at(place, i) + ".only_if");
    }
  }
  void sets(const std::map<std::string, json::Value>& set, const std::string& place) {
    static const std::set<std::string_view> kSpecial = {"@today", "@now", "@mover", "@unit", "@fiscal_year"};
    for (const auto& [name, value] : set) {
      known_field(name, place + "." + name);
      if (value.is_string() && value.get_string().starts_with("@")) need(kSpecial.contains(std::string_view(value.get_string())), place + "." + name, "この値はありません");
    }
  }

  void condition(const Condition& c, const std::string& place) {
    const int said = (c.all ? 1 : 0) + (c.any ? 1 : 0) + (c.negate ? 1 : 0) + (c.field ? 1 : 0) + (c.region ? 1 : 0) + (c.passed ? 1 : 0) + (c.reference ? 1 : 0) + (c.linked ? 1 : 0) +
                     (c.notices ? 1 : 0) + (c.state && !c.region && !c.reference && !c.linked ? 1 : 0);
    need(said == 1, place, "条件は1つずつ書いてください");
    for (const auto* list : {&c.all, &c.any, &c.negate})
      if (*list)
        for (const Condition& inner : **list) condition(inner, place);
    if (c.field) about_field(c, place);
    if (c.region) {
      const Region* const r = d_.region(*c.region);
      need(r != nullptr, place, "「" + *c.region + "」という枝はありません");
      need(c.in && !c.in->empty(), place, "in に、枝の状態を書いてください");
      for (const json::Value& s : c.in.value_or(std::vector<json::Value>{}))
        if (r != nullptr) need(s.is_string() && find_state(r->states, std::string_view(s.get_string())) != nullptr, place, "枝「" + *c.region + "」にない状態です");
    } else if (c.state && !c.reference && !c.linked) {
      for (const std::string& s : *c.state) known_state(s, d_.states, place);
    }
    if (c.passed) known_transition(*c.passed, place);
    if (c.reference) field_of_type(*c.reference, {"reference", "references"}, place);
    if (c.linked) known_definition(*c.linked, place);
    static const std::set<std::string_view> kCounts = {"at_least_one", "every", "none"};
    need(!c.linked || (c.count && kCounts.contains(*c.count)), place, "count は at_least_one、every、none のどれかです");
    need(!c.notices || *c.notices == "seen", place, "notices は seen です");
  }
  void about_field(const Condition& c, const std::string& place) {
    const Field* const f = d_.field(*c.field);
    known_field(*c.field, place);
    const int said = (c.is ? 1 : 0) + (c.equals ? 1 : 0) + (c.not_equals ? 1 : 0) + (c.in ? 1 : 0) + (c.at_least ? 1 : 0) + (c.at_most ? 1 : 0) + (c.before ? 1 : 0) + (c.after ? 1 : 0);
    need(said >= 1, place, "欄の何を見るのかがありません");
    need(!c.is || *c.is == "filled" || *c.is == "empty" || *c.is == "checked" || *c.is == "answered", place, "is は filled、empty、checked、answered のどれかです");
    if (f == nullptr) return;
    need(!c.is || *c.is != "checked" || f->type == "checklist", place, "checked は checklist の欄で使います");
    need(!c.is || *c.is != "answered" || f->type == "table", place, "answered は table の欄で使います");
    need((!c.at_least && !c.at_most) || f->type == "number" || (f->type == "class" && (c.axis || (f->axes && f->axes->size() == 1))), place,
         "at_least と at_most は、数の欄か、軸（axis）を示した分類の欄で使います");
    for (const auto& day : {c.before, c.after})
      if (day && *day != "today") field_of_type(*day, {"date", "datetime"}, place);
    if (f->type != "choice" && f->type != "choices") return;
    const auto known = [&](const json::Value& v) { return v.is_string() && std::any_of(f->choices->begin(), f->choices->end(), [&](const Choice& k) { return k.key == std::string_view(v.get_string()); }); };
    if (c.equals && f->choices) need(known(*c.equals), place, "欄「" + f->key + "」にない選択肢です");
    for (const json::Value& v : c.in.value_or(std::vector<json::Value>{})) need(!f->choices || known(v), place, "欄「" + f->key + "」にない選択肢です");
  }

  void regions() {
    std::set<std::string> seen;
    for (std::size_t i = 0; d_.regions && i < d_.regions->size(); ++i) {
      const Region& r = (*d_.regions)[i];
      const std::string place = at("$.regions", i);
      key(r.key, place, seen);
      need(!r.live_in.empty(), place + ".live_in", "どの状態で動くのかがありません");
      for (const std::string& s : r.live_in) known_state(s, d_.states, place + ".live_in");
      states(r.states, place + ".states");
      transitions(r.transitions, r.states, place + ".transitions");
    }
  }
  void openers() {
    for (std::size_t i = 0; d_.openers && i < d_.openers->size(); ++i) {
      const Opener& o = (*d_.openers)[i];
      const std::string place = at("$.openers", i);
      need(o.alarm.has_value() != o.event.has_value(), place, "alarm か event のどちらかを書いてください");
      need(!o.alarm || n_.alarms.contains(*o.alarm), place, "「" + o.alarm.value_or("") + "」という知らせはありません");
      need(!o.event || n_.events.contains(*o.event), place, "「" + o.event.value_or("") + "」という出来事は登録されていません");
      if (o.set) sets(*o.set, place + ".set");
      if (o.detail) field_of_type(*o.detail, {"text", "long_text"}, place + ".detail");
    }
  }
  void duties() {
    static const std::set<std::string_view> kPeriods = {"fiscal_year", "half_year", "quarter", "month"};
    std::set<std::string> seen;
    for (std::size_t i = 0; d_.duties && i < d_.duties->size(); ++i) {
      const Duty& u = (*d_.duties)[i];
      const std::string place = at("$.duties", i);
      key(u.key, place, seen);
      need(u.every.word.has_value() != (u.every.period && kPeriods.contains(*u.every.period)), place + ".every", "周期が正しくありません");
      need(u.each.each_case.has_value() != (u.each.scope && (*u.each.scope == "body" || *u.each.scope == "each_unit")), place + ".each", "何ごとに1件かが正しくありません");
      if (u.each.each_case) known_definition(*u.each.each_case, place + ".each");
      if (u.each.link) field_of_type(*u.each.link, {"reference", "references"}, place + ".each.link");
      if (u.assign) whos(*u.assign, place + ".assign");
      if (u.set) sets(*u.set, place + ".set");
      clauses(u.clauses, place + ".clauses");
      for (const std::string& s : u.done.value_or(Keys{})) known_state(s, d_.states, place + ".done");
      // The program fills in what it is told to; a field that must be there from the start and is not set would keep the case from opening.
      for (const Field& f : d_.fields)
        if (f.required && f.required->always.value_or(false))
          need((u.set && u.set->contains(f.key)) || (u.each.link && *u.each.link == f.key), place, "必須の欄「" + f.key + "」の値が set にありません");
    }
  }
  void dossier(const Dossier& d, const std::string& place) {
    if (d.agenda) field_of_type(*d.agenda, {"table"}, place + ".agenda");
    if (d.from) field_of_type(*d.from, {"date"}, place + ".from");
    if (d.to) field_of_type(*d.to, {"date"}, place + ".to");
    if (d.drafts) field_of_type(*d.drafts, {"text", "long_text"}, place + ".drafts");
    for (const std::string& name : d.figures.value_or(Keys{})) known_definition(name, place + ".figures");
  }
  void output() {
    const auto column = [&](const std::string& name, const std::string& place) { need(kBuiltIn.contains(name) || d_.field(name) != nullptr, place, "「" + name + "」という列はありません"); };
    need(!d_.list.columns.empty(), "$.list.columns", "列がありません");
    for (const std::string& c : d_.list.columns) column(c, "$.list.columns");
    for (const std::string& f : d_.list.filters.value_or(Keys{})) {
      const Field* const field = d_.field(f);
      need(f == "state" || f == "unit" || f == "assigned" || f == "fiscal_year" || (field != nullptr && field->index.value_or(false)), "$.list.filters", "「" + f + "」では絞り込めません（欄に index: true が要ります）");
    }
    for (std::size_t i = 0; d_.print && i < d_.print->sections.size(); ++i)
      for (const std::string& f : d_.print->sections[i].fields.value_or(Keys{})) known_field(f, at("$.print.sections", i));
    for (std::size_t i = 0; d_.print && d_.print->seals && i < d_.print->seals->size(); ++i)
      if (const auto& t = (*d_.print->seals)[i].transition) known_transition(*t, at("$.print.seals", i));
    if (d_.print && d_.print->dossier) dossier(*d_.print->dossier, "$.print.dossier");
    for (std::size_t i = 0; d_.exchange && i < d_.exchange->columns.size(); ++i) column(d_.exchange->columns[i].field, at("$.exchange.columns", i));
    if (d_.exchange && d_.exchange->state) known_state(*d_.exchange->state, d_.states, "$.exchange.state");
    if (d_.exchange && d_.exchange->match) known_field(*d_.exchange->match, "$.exchange.match");
  }

  const Definition& d_;
  const Organisation& o_;
  const Names& n_;
  const std::map<std::string, int>& lines_;
  std::vector<Finding>& findings_;
  std::set<std::string> transition_keys_;
  const std::vector<Column> none_;
};

}  // namespace

void check(const Definition& definition, const Organisation& organisation, const Names& names, const std::map<std::string, int>& lines, std::vector<Finding>& findings) {
  Checker(definition, organisation, names, lines, findings).run();
}

}  // namespace sekisho::workflow
