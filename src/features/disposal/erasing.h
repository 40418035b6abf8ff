// The steps of a running disposal (private to the feature). Each reads where it stands, does its part and writes down that it is done; a step that
// was cut short is done again.
#pragma once
#include "features/disposal/disposal.h"
#include "features/disposal/marks.h"

namespace sekisho::disposal {

inline constexpr const char* kInsteadOfAnswer = "（元の資料が廃棄されたため、この回答は消去されました）";
inline constexpr const char* kInsteadOfName = "（廃棄済み）";

struct Site {
  gate::Gate& gate;
  gate::Body& body;
  const Parts& parts;
  Timestamp now() const { return gate.clock().now(); }
};

// An act of the program on one disposal: read, changed, written, recorded under this name, in one transaction. `object`, when given, is what the
// record names instead of the disposal.
using Change = std::function<Status(gate::Context&, Disposal&)>;
Status act(const Site& site, const char* name, const DisposalId& id, const Change& change, const std::string& object = {});

enum class Went { on, later };  // later: something of it is being written
Result<Went> begin(const Site& site, const Disposal& d);
Result<Went> mark(const Site& site, const Disposal& d);
Result<Went> remove_rows(const Site& site, const Disposal& d);
Result<Went> remove_blobs(const Site& site, const Disposal& d);
Result<Went> rewrite_index(const Site& site, const Disposal& d);
// erasing_log.cpp
Result<Went> find_leaves(const Site& site, const Disposal& d);
Result<Went> erase_payloads(const Site& site, const Disposal& d);
Result<Went> rewrite_database(const Site& site, const Disposal& d);
Result<Went> verify(const Site& site, const Disposal& d);
// certifying.cpp
Result<Went> certify(const Site& site, const Disposal& d);

// What stands in another body of the same data folder as well proves nothing.
Status leave_out_other_bodies(const Parts& parts, Marks& marks);
std::string requester_of(sql::Tx& tx, const Disposal& d);  // the name now

// The certificate as it is signed, and the file and the page of one.
// `own_backups`: [{"place", "until"}], the program's own copies of what was erased; until: the day by which they are gone, "" when they are erased.
json::Value certificate_of(const std::string& body_code, const std::string& body_name, const Disposal& d, const std::string& requester, std::int64_t number, Timestamp now,
                           const json::Object& head, json::Array own_backups);
std::string signed_certificate(const json::Value& certificate, const crypto::SigningKey& key);  // base64
std::string certificate_file(const Certificate& certificate);
Result<std::string> certificate_page(const Certificate& certificate);
Result<json::Object> signed_head(gate::Body& body, Timestamp now);

}  // namespace sekisho::disposal
