// Going on with what is permitted, until it is certified.
#include "core/log.h"
#include "features/disposal/erasing.h"

namespace sekisho::disposal {
namespace {

constexpr std::int64_t kTryAgainMicros = 600LL * 1'000'000;
constexpr int kMostSteps = 20;

// The rest, whose day has come: only the log has any.
Result<Went> resume(const Site& site, const Disposal& d) {
  SK_CHECK(act(site, "disposal.resume", d.id, [](gate::Context&, Disposal& now) -> Status {
    now.state = "running";
    now.step = static_cast<int>(Step::log);
    now.rest_at.reset();
    return ok();
  }));
  return Went::on;
}

Result<Went> running(const Site& site, const Disposal& d) {
  switch (static_cast<Step>(d.step)) {
    case Step::begin: return begin(site, d);
    case Step::mark: return mark(site, d);
    case Step::rows: return remove_rows(site, d);
    case Step::blobs: return remove_blobs(site, d);
    case Step::index: return rewrite_index(site, d);
    case Step::find: return find_leaves(site, d);
    case Step::log: return erase_payloads(site, d);
    case Step::rewrite: return rewrite_database(site, d);
    case Step::finished: break;
  }
  return fail(Code::corrupt, "disposal.state", "a step that is none");
}

Result<Went> step(const Site& site, const Disposal& d) {
  if (d.state == "permitted") return begin(site, d);
  if (d.state == "running") return running(site, d);
  if (d.state == "done") return verify(site, d);
  if (d.state == "verified") return certify(site, d);
  return resume(site, d);
}

// Until it is certified, waits, or fails.
Result<Went> go_on(const Site& site, const DisposalId& id) {
  for (int steps = 0; steps < kMostSteps; ++steps) {
    std::optional<Disposal> d;
    {
      SK_TRY(auto tx, site.body.db->begin_read());
      SK_TRY(d, Table::find(*tx, id));
    }
    if (!d) return fail(Code::not_found, "disposal.not_found", "no such disposal");
    if (steps > 0 && d->state == "certified") return Went::on;
    SK_TRY(const Went went, step(site, *d));
    if (went == Went::later) return went;
  }
  return fail(Code::internal, "disposal.state", "it does not come to an end");
}

void note_trouble(const Site& site, const DisposalId& id, const Error& error) {
  const Status noted = act(site, "disposal.trouble", id, [&](gate::Context& context, Disposal& now) -> Status {
    now.trouble = error.key + (error.detail.empty() ? "" : ": " + error.detail.substr(0, 300));
    now.rest_at = Timestamp{context.now.micros + kTryAgainMicros};
    return ok();
  });
  if (!noted) log::error("disposal.trouble", noted.error());
}

}  // namespace

Result<Done> run(gate::Gate& gate, gate::Body& body, const Parts& parts) {
  const Site site{gate, body, parts};
  std::vector<Disposal> open;
  {
    SK_TRY(auto tx, body.db->begin_read());
    SK_TRY(open, Table::open(*tx, site.now()));
  }
  Done out;
  for (const Disposal& d : open) {
    const auto went = go_on(site, d.id);
    // Busy, or closed by an emergency stop: later, without a word.
    const bool busy = !went && (went.error().key == "disposal.busy" || went.error().key.starts_with("stops."));
    if (!went && !busy) {
      log::error("disposal.run", went.error());
      note_trouble(site, d.id, went.error());
    }
    if (went && *went == Went::on) ++out.certified;
    else ++out.waiting;
  }
  return out;
}

}  // namespace sekisho::disposal
