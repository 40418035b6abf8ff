#include "features/papers/dossier.h"

#include <algorithm>

#include "features/bodies/dates.h"
#include "features/papers/form.h"
#include "features/papers/statistics.h"
#include "features/standard/comparing.h"
#include "features/standard/versions.h"
#include "policy/decide.h"

namespace sekisho::papers {
namespace {

using outside::Cell;
using outside::cell;
using outside::Grid;

constexpr std::size_t kMostCases = 100;
constexpr std::size_t kMostRows = 600;  // of one comparison

std::string text_of(const office::File& file, const std::optional<std::string>& key) {
  if (!key) return {};
  const auto it = file.c.fields.find(*key);
  return it == file.c.fields.end() || !it->value().is_string() ? std::string() : std::string(std::string_view(it->value().get_string()));
}

const char* word_of_state(const std::string& state) {
  if (state == "draft") return "草案";
  if (state == "opinions") return "意見を求めている案";
  if (state == "committee") return "委員会の判断を待つ案";
  if (state == "decided") return "決定済み（施行前）";
  return state == "in_force" ? "施行中" : "廃止";
}

class Dossier {
 public:
  Dossier(const office::Office& office, gate::Context& context, const office::Actor& actor) : office_(office), context_(context), actor_(actor), views_(office, context, actor) {}

  Result<Made> make(const office::CaseId& id) {
    SK_TRY(const office::File file, office_.read(context_, actor_, id));
    if (!file.d().print || !file.d().print->dossier) return fail(Code::conflict, "papers.no_dossier", file.c.definition);
    const workflow::Dossier& wanted = *file.d().print->dossier;
    SK_TRY(const office::CaseView meeting, views_.whole(id));
    made_.label = file.c.label;
    SK_TRY(const Period period, period_of(file, wanted));
    SK_CHECK(find_cases(meeting));
    SK_TRY(const auto body, bodies::Table::profile(context_.tx));
    cover(body.name, meeting, period);
    agenda(file, meeting, wanted);
    for (std::size_t n = 0; n < cases_.size(); ++n) {
      made_.report.parts.push_back(outside::new_page());
      made_.report.parts.push_back(outside::heading(2, title_of(n)));
      add_form(cases_[n].first.d(), cases_[n].second, 3, made_.report);
    }
    SK_CHECK(statistics(wanted, period));
    SK_CHECK(drafts(text_of(file, wanted.drafts)));
    made_.report.title = meeting.number + " " + meeting.subject;
    return std::move(made_);
  }

 private:
  // Also the bookmark: what it is about, not only which it is.
  std::string title_of(std::size_t n) const {
    const office::CaseView& one = cases_[n].second;
    return "資料" + std::to_string(n + 1) + "　" + (one.subject.empty() ? one.definition_title : one.subject) + "（" + one.number + "）";
  }
  Result<Period> period_of(const office::File& file, const workflow::Dossier& wanted) {
    const CivilDate today = jst_date(context_.now);
    const int first = file.organisation->fiscal_year_start;
    Period out{{fiscal_year(today, first), first, 1}, today};
    for (const auto& [key, day] : {std::pair(&wanted.from, &out.from), std::pair(&wanted.to, &out.to)})
      if (const std::string given = text_of(file, *key); !given.empty()) {
        SK_TRY(*day, bodies::parse_day(given));
      }
    if (out.to < out.from) return fail(Code::invalid_argument, "papers.period", bodies::to_iso_day(out.from) + " to " + bodies::to_iso_day(out.to));
    return out;
  }

  bool may_carry_out(const policy::Label& label) const { return policy::decide_export(context_.permit().matrix(), context_.permit().person(), {"office", {}}, label).allow; }

  // The cases that go in, in the order of their links; what does not is named by its number.
  Status find_cases(const office::CaseView& meeting) {
    for (const office::LinkView& link : meeting.links) {
      SK_TRY(auto file, office_.readable(context_, actor_, link.id));
      if (!file || file->only_step || !may_carry_out(file->c.label) || cases_.size() == kMostCases) {
        left_out_ += (left_out_.empty() ? "" : "、") + link.number;
        continue;
      }
      SK_TRY(office::CaseView one, views_.whole(link.id));
      made_.label = policy::join(made_.label, file->c.label);
      cases_.emplace_back(std::move(*file), std::move(one));
    }
    context_.about(meeting.id.str());
    return ok();
  }

  void cover(const std::string& body, const office::CaseView& meeting, const Period& period) {
    auto& parts = made_.report.parts;
    parts.push_back(outside::text(body));
    parts.push_back(outside::heading(1, meeting.subject.empty() ? meeting.definition_title : meeting.subject));
    const auto log = context_.body.writer->status();
    Grid grid{"表紙", {28, 72}, {}, {}, true};
    grid.rows.push_back({cell("番号"), cell(meeting.number)});
    grid.rows.push_back({cell("状態"), cell(meeting.state_title)});
    grid.rows.push_back({cell("統計の期間"), cell(to_wareki(period.from) + "から" + to_wareki(period.to) + "まで")});
    grid.rows.push_back({cell("作成"), cell(moment(context_.now) + "　" + actor_.name)});
    grid.rows.push_back({cell("取扱い"), cell("この資料は、作成した人が見てよいものだけで作られています。各ページの右上の分類に従って扱ってください。")});
    grid.rows.push_back({cell("記録の先頭"), cell(std::to_string(log.size) + "件　" + log.root_hex)});
    parts.push_back(outside::table(std::move(grid)));
  }

  void agenda(const office::File& file, const office::CaseView& meeting, const workflow::Dossier& wanted) {
    auto& parts = made_.report.parts;
    parts.push_back(outside::heading(2, "議題"));
    const workflow::Field* const field = wanted.agenda ? file.d().field(*wanted.agenda) : nullptr;
    const auto view = std::find_if(meeting.fields.begin(), meeting.fields.end(), [&](const office::FieldView& f) { return field != nullptr && f.key == field->key; });
    if (view == meeting.fields.end() || view->rows.empty()) {
      parts.push_back(outside::text("議題は、まだ書かれていません。"));
    } else {
      Grid grid{field->title, {}, {}, {}, false};
      for (const workflow::Column& c : *field->columns) {
        grid.head.push_back(c.title);
        grid.shares.push_back(c.type == "number" ? 0.7 : c.type == "choice" ? 1.2 : 3);
      }
      for (const auto& row : view->rows) {
        grid.rows.emplace_back();
        for (const std::string& text : row) grid.rows.back().push_back(cell(text));
      }
      parts.push_back(outside::table(std::move(grid)));
    }
    parts.push_back(outside::heading(2, "資料の一覧"));
    Grid list{"資料の一覧", {12, 22, 22, 30, 14}, {"資料", "種類", "番号", "件名", "状態"}, {}, false};
    for (std::size_t n = 0; n < cases_.size(); ++n) {
      const office::CaseView& one = cases_[n].second;
      list.rows.push_back({cell("資料" + std::to_string(n + 1)), cell(one.definition_title), cell(one.number), cell(one.subject), cell(one.state_title)});
    }
    if (list.rows.empty()) parts.push_back(outside::text("つながる案件はありません。"));
    parts.push_back(outside::table(std::move(list)));
    if (!left_out_.empty()) parts.push_back(outside::text("入っていない案件（作成した人が見られないか、ここから持ち出せないか、" + std::to_string(kMostCases) + "件を超えたもの）：" + left_out_));
  }

  Status statistics(const workflow::Dossier& wanted, const Period& period) {
    if (!wanted.figures || wanted.figures->empty()) return ok();
    made_.report.parts.push_back(outside::new_page());
    made_.report.parts.push_back(outside::heading(2, "統計"));
    made_.report.parts.push_back(outside::text(to_wareki(period.from) + "から" + to_wareki(period.to) + "まで。数えたのは、作成した人が見てよい案件だけです。"));
    for (const std::string& name : *wanted.figures) SK_CHECK(add_statistics(office_, context_, actor_, name, period, made_.report, made_.label));
    return ok();
  }

  // Each line names a version of a policy document: by its id, also within the address of its screen, or by its title.
  Status drafts(const std::string& named) {
    if (named.empty()) return ok();
    auto& parts = made_.report.parts;
    parts.push_back(outside::new_page());
    parts.push_back(outside::heading(2, "規程の案"));
    if (!policy::decide(context_.permit().matrix(), &context_.permit().person(), "policies.read").allow) {
      parts.push_back(outside::text("作成した人は、規程の案を見られません。"));
      return ok();
    }
    SK_TRY(const auto progress, standard::Versions::all(context_.tx));
    SK_TRY(const auto versions, standard::Table::versions(context_.tx));
    for (std::size_t at = 0; at < named.size();) {
      const std::size_t end = std::min(named.find('\n', at), named.size());
      const std::string line = trimmed(named.substr(at, end - at));
      at = end + 1;
      if (line.empty()) continue;
      const standard::Progress* found = nullptr;
      for (const standard::Progress& p : progress)
        if (line.find(p.version.str()) != std::string::npos) found = &p;
      for (const standard::VersionCount& v : versions) {  // newest first
        if (found != nullptr || v.version.title != line) continue;
        const auto it = std::find_if(progress.begin(), progress.end(), [&](const auto& p) { return p.version == v.version.id && p.state != "withdrawn"; });
        if (it != progress.end()) found = &*it;
      }
      if (found == nullptr) parts.push_back(outside::text("「" + line + "」という案は見つかりません。"));
      else SK_CHECK(draft(*found));
    }
    return ok();
  }

  static std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t')) text.pop_back();
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
  }

  Status draft(const standard::Progress& p) {
    auto& parts = made_.report.parts;
    SK_TRY(const auto after, standard::Table::content(context_.tx, p.version));
    if (!after) return fail(Code::corrupt, "policies.not_found", "a version of no text");
    parts.push_back(outside::heading(3, after->version.title + "（第" + std::to_string(after->version.number) + "版）"));
    Grid about{"規程の案", {28, 72}, {}, {}, true};
    about.rows.push_back({cell("進み方"), cell(word_of_state(p.state))});
    if (!p.reason.empty()) about.rows.push_back({cell("改める理由"), cell(p.reason)});
    if (p.effective_on) {
      SK_TRY(const CivilDate day, bodies::parse_day(*p.effective_on));
      about.rows.push_back({cell("施行日"), cell(to_wareki(day))});
    }
    SK_TRY(const auto in_force, standard::Versions::in_force(context_.tx, p.document));
    const std::optional<standard::VersionId> base = in_force && in_force->version != p.version ? std::optional(in_force->version) : p.base;
    parts.push_back(outside::table(std::move(about)));
    if (!base) {
      parts.push_back(outside::text("比べる前の版はありません。"));
      return ok();
    }
    SK_TRY(const auto before, standard::Table::content(context_.tx, *base));
    if (!before) return fail(Code::corrupt, "policies.not_found", "a version of no text");
    comparison(standard::comparison_of(*before, *after, std::nullopt, std::nullopt, false));
    return ok();
  }

  void comparison(const standard::ComparisonView& view) {
    auto& parts = made_.report.parts;
    parts.push_back(outside::heading(4, "新旧対照表（下線の部分は改正部分）"));
    Grid grid{"新旧対照表", {43, 43, 14}, {"改正後", "改正前", "備考"}, {}, false};
    for (const standard::RowView& row : view.rows) {
      if (grid.rows.size() == kMostRows) break;
      grid.rows.push_back({side(row.after, "（削る）"), side(row.before, "（新設）"), cell(standard::remarks_of(row))});
    }
    const bool cut = view.rows.size() > kMostRows;
    if (grid.rows.empty()) parts.push_back(outside::text("違いはありません。"));
    parts.push_back(outside::table(std::move(grid)));
    if (cut) parts.push_back(outside::text("初めの" + std::to_string(kMostRows) + "行です。残りは方針の画面の新旧対照表にあります。"));
  }
  static Cell side(const std::optional<standard::SideView>& one, const char* nothing) {
    if (!one) return cell(nothing);
    Cell out{{one->label.empty() ? one->ref : one->label, false}};
    for (const auto* pieces : {&one->title, &one->text}) {
      bool first = true;
      for (const standard::PieceView& piece : *pieces) {
        out.push_back({(first ? (pieces == &one->title ? "　" : "\n") : "") + piece.text, piece.changed});
        first = false;
      }
    }
    return out;
  }

  const office::Office& office_;
  gate::Context& context_;
  const office::Actor& actor_;
  office::Views views_;
  std::vector<std::pair<office::File, office::CaseView>> cases_;
  std::string left_out_;
  Made made_;
};

}  // namespace

Result<Made> dossier_of(const office::Office& office, gate::Context& context, const office::CaseId& id) {
  SK_TRY(const office::Actor actor, office::actor_of(context, office.directory()));
  return Dossier(office, context, actor).make(id);
}

}  // namespace sekisho::papers
