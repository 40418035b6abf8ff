#include "features/disposal/erasing.h"

#include <algorithm>

#include "crypto/random.h"
#include "features/accounts/table.h"
#include "features/disposal/erase_table.h"
#include "features/library/table.h"

namespace sekisho::disposal {
namespace {

constexpr std::size_t kMostPlaces = 3'000;    // that are looked for, of one disposal
constexpr std::size_t kMostOfOne = 60;        // of one document or chat
constexpr std::size_t kMostTerms = 1'000;
constexpr std::size_t kAtOnce = 50;           // documents or chats in one act

// What there still is of what was listed.
struct Targets {
  std::vector<std::string> documents;
  std::vector<std::string> chats;
  std::string person;
  std::string collection;
};

Result<Targets> targets_of(sql::Tx& tx, const Disposal& d) {
  Targets out;
  for (const Item& item : d.items) {
    if (item.kind == "person") {
      out.person = item.id;
      SK_TRY(out.chats, EraseTable::chats_of(tx, item.id));
    } else if (item.kind == "collection") {
      out.collection = item.id;
    } else if (item.kind == "chat") {
      out.chats.push_back(item.id);
    } else if (item.kind == "document") {
      SK_TRY(const auto there, library::Table::document_to_relabel(tx, library::DocumentId::trusted(item.id)));
      if (there) out.documents.push_back(item.id);
    }
  }
  return out;
}

Result<bool> busy(sql::Tx& tx, const Targets& t) {
  for (const std::string& chat : t.chats) {
    SK_TRY(const bool answering, EraseTable::answering(tx, chat));
    if (answering) return true;
  }
  for (const std::string& document : t.documents) {
    SK_TRY(const bool reading, EraseTable::being_read(tx, document));
    if (reading) return true;
  }
  if (t.person.empty()) return false;
  return EraseTable::using_models(tx, t.person);
}

void spread(std::vector<std::string>& to, std::vector<std::string> more) { to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())); }

// The ids under which the log speaks of it.
Result<Objects> objects_of(sql::Tx& tx, const Targets& t) {
  Objects out;
  out.person = t.person;
  out.ids = t.documents;
  for (const std::string& document : t.documents) {
    SK_TRY(auto answers, EraseTable::answers_from(tx, document));
    spread(out.answers, std::move(answers));
  }
  for (const std::string& chat : t.chats) {
    out.ids.push_back(chat);
    SK_TRY(auto messages, EraseTable::messages_of(tx, chat));
    spread(out.ids, std::move(messages));
  }
  if (!t.collection.empty()) {
    out.ids.push_back(t.collection);
    SK_TRY(auto uploads, EraseTable::uploads_in(tx, t.collection));
    spread(out.ids, std::move(uploads));
  }
  return out;
}

Result<search::Bitmap> chunks_of(sql::Tx& tx, const Targets& t, Marks& marks) {
  search::Bitmap out;
  for (const std::string& document : t.documents) {
    SK_TRY(const auto d, library::Table::document_to_relabel(tx, library::DocumentId::trusted(document)));
    if (!d || !d->first_chunk || !d->last_chunk) continue;
    marks.chunks.push_back({*d->first_chunk, *d->last_chunk});
    out.set_range(static_cast<std::uint32_t>(*d->first_chunk), static_cast<std::uint32_t>(*d->last_chunk));
  }
  return out;
}

// What also stands in what stays proves nothing, and is left out.
Status leave_out_shared(sql::Tx& tx, const Targets& t, const Objects& objects, Marks& marks) {
  Scanner scanner(marks);
  std::set<std::size_t> shared;
  std::set<std::string> answers(objects.answers.begin(), objects.answers.end());
  SK_CHECK(EraseTable::other_texts(tx, {t.documents.begin(), t.documents.end()}, {t.chats.begin(), t.chats.end()}, answers, [&](const std::string& text) {
    scanner.begin();
    scanner.feed(text, [&](std::size_t place) { shared.insert(place); });
  }));
  marks.drop(shared);
  return ok();
}

Result<Marks> marks_of(const Site& site, sql::Tx& tx, const Targets& t, const Objects& objects) {
  const std::string random = crypto::random_bytes(8);
  std::uint64_t key = 0;
  for (const char c : random) key = key << 8 | static_cast<unsigned char>(c);
  Marks out = Marks::with_key(key);
  const std::size_t things = std::max<std::size_t>(1, t.documents.size() + t.chats.size());
  const std::size_t each = std::clamp<std::size_t>(kMostPlaces / things, 1, kMostOfOne);
  const auto use = [&](const std::string& text) {
    if (out.places() < kMostPlaces) out.add_text(text, each);
  };
  for (const std::string& document : t.documents) SK_CHECK(EraseTable::texts_of_document(tx, document, use));
  for (const std::string& chat : t.chats) SK_CHECK(EraseTable::texts_of_chat(tx, chat, use));
  SK_CHECK(leave_out_shared(tx, t, objects, out));
  SK_CHECK(leave_out_other_bodies(site.parts, out));
  SK_TRY(const search::Bitmap chunks, chunks_of(tx, t, out));
  if (!out.chunks.empty())
    for (const std::uint64_t term : site.parts.library.terms_only_of(site.body, chunks, kMostTerms)) out.terms.push_back(static_cast<std::int64_t>(term));
  SK_TRY(out.last_chunk, library::Table::last_chunk(tx));
  return out;
}

Status remove_document(gate::Context& context, Disposal& d, const std::string& id) {
  SK_TRY(const auto found, library::Table::document_to_relabel(context.tx, library::DocumentId::trusted(id)));
  if (!found) return ok();
  SK_CHECK(Table::put_blob(context.tx, d.id, found->blob_id));
  SK_CHECK(EraseTable::clear_answers(context.tx, id, kInsteadOfAnswer, d.counts));
  SK_CHECK(library::Table::delete_document(context.tx, found->id));
  SK_CHECK(library::Table::changed(context.tx, found->first_chunk));
  ++d.counts["document"];
  d.counts["document_bytes"] += found->bytes;
  if (found->first_chunk && found->last_chunk) d.counts["chunk"] += *found->last_chunk - *found->first_chunk + 1;
  return ok();
}

// The last of the rows: what is empty then, and the person.
Status remove_rest(gate::Context& context, Disposal& d, const Targets& t) {
  if (!t.collection.empty()) {
    SK_TRY(const auto left, EraseTable::documents_in(context.tx, t.collection));
    if (left.empty()) {
      SK_CHECK(library::Table::delete_collection(context.tx, library::CollectionId::trusted(t.collection)));
      ++d.counts["collection"];
    } else {
      d.remaining.push_back({"collection", static_cast<std::int64_t>(left.size()), std::nullopt, "changed"});
    }
  }
  if (!t.person.empty()) {
    SK_TRY(const auto account, accounts::Table::find(context.tx, accounts::AccountId::trusted(t.person)));
    if (account) {
      SK_TRY(const std::int64_t decisions, EraseTable::decisions_of(context.tx, t.person, account->name));
      if (decisions > 0 && account->name != kInsteadOfName) d.remaining.push_back({"decision", decisions, std::nullopt, "decision_record"});
      SK_CHECK(EraseTable::remove_person(context.tx, t.person, kInsteadOfName, context.now, d.counts));
    }
  }
  d.step = static_cast<int>(Step::blobs);
  return ok();
}

}  // namespace

Status leave_out_other_bodies(const Parts& parts, Marks& marks) {
  Scanner scanner(marks);
  std::set<std::size_t> shared;
  for (gate::Body* const other : parts.others) {
    SK_TRY(auto tx, other->db->begin_read());
    SK_CHECK(EraseTable::other_texts(*tx, {}, {}, {}, [&](const std::string& text) {
      scanner.begin();
      scanner.feed(text, [&](std::size_t place) { shared.insert(place); });
    }));
  }
  marks.drop(shared);
  return ok();
}

Status act(const Site& site, const char* name, const DisposalId& id, const Change& change, const std::string& object) {
  const gate::Operation<DisposalIdIn, bodies::Nothing> operation{name, "廃棄を進める", "disposal.run", gate::Access::write, 0, gate::no_preparation<DisposalIdIn>(),
                                                                 [&](gate::Context& context, DisposalIdIn& in) -> Result<bodies::Nothing> {
                                                                   context.about(object.empty() ? in.id.str() : object);
                                                                   SK_TRY(auto d, Table::find(context.tx, in.id));
                                                                   if (!d) return fail(Code::not_found, "disposal.not_found", "no such disposal");
                                                                   d->trouble.clear();
                                                                   SK_CHECK(change(context, *d));
                                                                   SK_CHECK(Table::update(context.tx, *d));
                                                                   return bodies::Nothing{};
                                                                 }};
  const gate::Caller program{&site.body, gate::Program{}, 0, "disposal", "program", ""};
  SK_CHECK(site.gate.run(operation, program, DisposalIdIn{id}));
  return ok();
}

Result<Went> begin(const Site& site, const Disposal& d) {
  SK_CHECK(act(site, "disposal.begin", d.id, [](gate::Context& context, Disposal& now) -> Status {
    for (const Item& item : now.items)
      if (item.kind == "person") SK_CHECK(EraseTable::close_person(context.tx, item.id, now.counts));
    now.state = "running";
    now.step = static_cast<int>(Step::mark);
    now.begun_at = context.now;
    return ok();
  }));
  return Went::on;
}

Result<Went> mark(const Site& site, const Disposal& d) {
  Work work;
  {
    SK_TRY(auto tx, site.body.db->begin_read());
    SK_TRY(const Targets targets, targets_of(*tx, d));
    SK_TRY(const bool wait, busy(*tx, targets));
    if (wait) return Went::later;
    SK_TRY(work.objects, objects_of(*tx, targets));
    SK_TRY(const Marks marks, marks_of(site, *tx, targets, work.objects));
    work.marks = json::write(marks);
  }
  SK_CHECK(act(site, "disposal.mark", d.id, [&](gate::Context& context, Disposal& now) -> Status {
    SK_CHECK(Table::put_work(context.tx, now.id, work));
    now.step = static_cast<int>(Step::rows);
    return ok();
  }));
  return Went::on;
}

Result<Went> remove_rows(const Site& site, const Disposal& d) {
  for (bool more = true; more;) {
    Targets targets;
    {
      SK_TRY(auto tx, site.body.db->begin_read());
      SK_TRY(targets, targets_of(*tx, d));
      SK_TRY(const bool wait, busy(*tx, targets));
      if (wait) return Went::later;
    }
    more = targets.documents.size() + targets.chats.size() > kAtOnce;
    targets.documents.resize(std::min(targets.documents.size(), kAtOnce));
    targets.chats.resize(std::min(targets.chats.size(), kAtOnce - targets.documents.size()));
    SK_CHECK(act(site, "disposal.remove", d.id, [&](gate::Context& context, Disposal& now) -> Status {
      // What began between the look and now is waited for.
      SK_TRY(const bool wait, busy(context.tx, targets));
      if (wait) return fail(Code::conflict, "disposal.busy", "something of it is being written");
      for (const std::string& document : targets.documents) SK_CHECK(remove_document(context, now, document));
      for (const std::string& chat : targets.chats) SK_CHECK(EraseTable::remove_chat(context.tx, chat, now.counts));
      context.note("counts", json::to_value(now.counts));
      return more ? ok() : remove_rest(context, now, targets);
    }));
  }
  return Went::on;
}

Result<Went> remove_blobs(const Site& site, const Disposal& d) {
  std::vector<std::string> blobs;
  {
    SK_TRY(auto tx, site.body.db->begin_read());
    SK_TRY(blobs, Table::blobs(*tx, d.id));
  }
  for (const std::string& blob : blobs) SK_CHECK(site.body.blobs->remove(blob));
  SK_CHECK(act(site, "disposal.blobs", d.id, [&](gate::Context& context, Disposal& now) -> Status {
    if (!blobs.empty()) now.counts["blob"] += static_cast<std::int64_t>(blobs.size());
    now.step = static_cast<int>(Step::index);
    return Table::drop_blobs(context.tx, now.id);
  }));
  return Went::on;
}

Result<Went> rewrite_index(const Site& site, const Disposal& d) {
  Marks marks;
  {
    SK_TRY(auto tx, site.body.db->begin_read());
    SK_TRY(const auto work, Table::work(*tx, d.id));
    if (work && !work->marks.empty()) {
      SK_TRY(marks, json::read_text<Marks>(work->marks));
    }
  }
  std::int64_t chunks = 0;
  for (const ChunkRange& r : marks.chunks) chunks += r.last - r.first + 1;
  if (chunks > 0) SK_CHECK(site.parts.library.forget(site.body));
  SK_CHECK(act(site, "disposal.index", d.id, [&](gate::Context&, Disposal& now) -> Status {
    if (chunks > 0) now.counts["index_chunk"] = chunks;
    now.step = static_cast<int>(Step::find);
    return ok();
  }));
  return Went::on;
}

}  // namespace sekisho::disposal
