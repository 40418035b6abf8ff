#include "features/decisions/decisions.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "text/shorten.h"

namespace sekisho::decisions {
namespace {

using gate::Access;
using gate::Context;

constexpr std::size_t kMost = 300;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kMaxWhat = 600;  // bytes

Result<List> list(Context& context, const std::vector<Source>& sources) {
  List out;
  const policy::Permit& permit = context.permit();
  for (const Source& source : sources) {
    if (!may_do(permit.matrix(), permit.person(), source.actions)) continue;
    SK_TRY(auto some, source.look(context));
    for (Waiting& one : some) {
      one.source = source.name;
      one.overdue = one.due_at && *one.due_at < context.now;
      out.overdue += one.overdue ? 1 : 0;
      one.what = text::shortened(one.what, kMaxWhat);
      out.items.push_back(std::move(one));
    }
  }
  std::stable_sort(out.items.begin(), out.items.end(), before);
  out.more = out.items.size() > kMost;
  if (out.more) out.items.resize(kMost);
  return out;
}

Result<Figures> figures(Context& context, const std::vector<FigureSource>& sources) {
  Figures out;
  const policy::Permit& permit = context.permit();
  for (const FigureSource& source : sources) {
    if (!may_do(permit.matrix(), permit.person(), source.actions)) continue;
    SK_TRY(auto some, source.look(context));
    std::move(some.begin(), some.end(), std::back_inserter(out.items));
  }
  return out;
}

}  // namespace

bool may_do(const policy::Matrix& matrix, const policy::Person& person, const std::vector<std::string>& actions) {
  return std::all_of(actions.begin(), actions.end(), [&](const std::string& action) {
    const policy::Decision d = policy::decide(matrix, &person, action);
    return d.allow || d.key == policy::key_of(policy::Axis::not_elevated);
  });
}

bool before(const Waiting& a, const Waiting& b) {
  const auto place = [](const Waiting& w) {
    return std::tuple(!w.overdue, w.overdue || w.severity < kActsNow, w.due_at ? w.due_at->micros : kNever, -w.severity, w.since ? w.since->micros : kNever);
  };
  return place(a) < place(b);
}

void register_operations(gate::Registry& registry, std::vector<Source> sources, std::vector<FigureSource> figure_sources) {
  registry.add(gate::Operation<bodies::WholeListIn, List>{"decisions.list", "自分の判断を待つもの", "decisions.read", Access::read, 1024, gate::no_preparation<bodies::WholeListIn>(),
                                                          [sources = std::move(sources)](Context& context, bodies::WholeListIn&) { return list(context, sources); }});
  registry.add(gate::Operation<bodies::WholeListIn, Figures>{"decisions.figures", "判断する人のための件数", "decisions.read", Access::read, 1024, gate::no_preparation<bodies::WholeListIn>(),
                                                             [all = std::move(figure_sources)](Context& context, bodies::WholeListIn&) { return figures(context, all); }});
}

}  // namespace sekisho::decisions
