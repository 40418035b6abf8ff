#include "features/papers/papers.h"

#include "core/bytes.h"
#include "crypto/hash.h"
#include "features/bodies/label_view.h"
#include "features/papers/dossier.h"
#include "features/papers/form.h"
#include "features/standard/operations.h"

namespace sekisho::papers {
namespace {

using gate::Access;
using gate::Context;

constexpr std::size_t kMaxIn = 1024;

// A name that every file system takes.
std::string file_name(std::string name) {
  for (char& c : name)
    if (std::string_view("/\\:*?\"<>|\n\r").find(c) != std::string_view::npos) c = '_';
  return name;
}

// Labels it, asks whether it may be carried out, and writes it in the form that was asked for. What was handed out is in the record by its hash.
Result<standard::FileOut> handed_out(Context& context, Made made, const std::string& format, const std::string& number) {
  context.label(made.label);
  if (const auto allowed = policy::decide_export(context.permit().matrix(), context.permit().person(), {"office", {}}, made.label); !allowed.allow) return fail(policy::denial(allowed));
  SK_TRY(const bodies::LabelWords words, bodies::label_words(context));
  made.report.label = bodies::view_of(made.label, words).text;
  made.report.foot = moment(context.now) + "作成　" + made.report.title;  // what is cut off is the end
  std::string bytes;
  if (format == "html") {
    bytes = outside::report_html(made.report);
  } else {
    SK_TRY(bytes, outside::report_pdf(made.report));
  }
  context.note("sha256", json::Value(to_hex(crypto::sha256(bytes))));
  return standard::FileOut{file_name(number) + "." + format, format == "html" ? "text/html; charset=utf-8" : "application/pdf", to_base64(bytes)};
}

Result<std::string> format_of(const PaperIn& in) {
  const std::string out = in.format.value_or("pdf");
  if (out != "pdf" && out != "html") return fail(Code::invalid_argument, "papers.format", "pdf or html");
  return out;
}

Result<standard::FileOut> form(const office::Office& office, Context& context, const PaperIn& in) {
  SK_TRY(const std::string format, format_of(in));
  SK_TRY(const office::Actor actor, office::actor_of(context, office.directory()));
  SK_TRY(const office::File file, office.read(context, actor, in.id));
  SK_TRY(const office::CaseView one, office::Views(office, context, actor).whole(in.id));
  Made made;
  made.label = file.c.label;
  made.report.title = one.number + " " + (file.d().print && file.d().print->title ? *file.d().print->title : one.definition_title);
  add_form(file.d(), one, 1, made.report);
  return handed_out(context, std::move(made), format, one.number);
}

Result<standard::FileOut> dossier(const office::Office& office, Context& context, const PaperIn& in) {
  SK_TRY(const std::string format, format_of(in));
  SK_TRY(Made made, dossier_of(office, context, in.id));
  const std::string name = made.report.title;
  return handed_out(context, std::move(made), format, name);
}

}  // namespace

void register_operations(gate::Registry& registry, const std::shared_ptr<office::Office>& office) {
  registry.add(gate::Operation<PaperIn, standard::FileOut>{"office.form", "案件の印刷の形（PDF、HTML）", "office.export", Access::read, kMaxIn, gate::no_preparation<PaperIn>(),
                                                           [office](Context& context, PaperIn& in) { return form(*office, context, in); }});
  registry.add(gate::Operation<PaperIn, standard::FileOut>{"office.dossier", "委員会資料（PDF、HTML）", "office.export", Access::read, kMaxIn, gate::no_preparation<PaperIn>(),
                                                           [office](Context& context, PaperIn& in) { return dossier(*office, context, in); }});
}

}  // namespace sekisho::papers
