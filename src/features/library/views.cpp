#include "features/library/views.h"

#include "files/reasons.h"

namespace sekisho::library {
namespace {

// What the interface calls the state. "ready" means that a search finds it, and "unruled" that a search will find it at once when it is ruled.
std::string state_of(const Document& d, const ViewContext& with, bool upload_stopped) {
  if (d.state == "waiting" && upload_stopped) return "stopped";
  if (d.state == "ready" && d.last_chunk && *d.last_chunk > with.covered) return "reading";
  if (d.state == "ready" && d.unruled) return "unruled";
  return d.state;
}

}  // namespace

Result<ViewContext> view_context(gate::Context& context, std::uint32_t covered) {
  ViewContext out;
  SK_TRY(static_cast<bodies::LabelWords&>(out), bodies::label_words(context));
  out.covered = covered;
  out.person = &context.permit().person();
  return out;
}

CollectionView view_of(const Collection& c, const ViewContext& with) {
  CollectionView out{c.id, c.name, c.description, "", c.documents, c.bytes, bodies::view_of(c.label, with), bodies::word_of(with.profile, "whole_body"), false};
  for (const auto& unit : with.units)
    if (unit.id == c.unit_id) out.department = unit.name;
  if (c.readers == "department") out.readers = out.department;
  out.can_manage = with.person->powers.contains("documents.manage") && with.person->principals.contains("unit:" + c.unit_id.str());
  return out;
}

DocumentView view_of(const Document& d, const ViewContext& with, bool upload_stopped) {
  std::optional<std::string> reason;
  if (d.reason_key) reason = std::string(files::reason_text(*d.reason_key));
  const std::int64_t chunks = d.first_chunk && d.last_chunk ? *d.last_chunk - *d.first_chunk + 1 : 0;
  return {d.id, d.collection_id, d.name, d.type, d.encoding, d.encoding_certain, state_of(d, with, upload_stopped), std::move(reason), d.reason_key,
          d.bytes, d.characters, d.pages, chunks, d.created_at, bodies::view_of(d.label, with)};
}

UploadView view_of(const Upload& u) {
  const char* state = u.stopped ? "stopped" : u.waiting > 0 ? "running" : u.received > 0 ? "done" : "open";
  return {u.id, u.collection_id, state, u.received, u.ready, u.failed, u.waiting, u.class_unknown};
}

}  // namespace sekisho::library
