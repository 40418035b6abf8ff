// What the parts of lowering share (private to it): filing the request.
#pragma once
#include "features/lowering/lowering.h"

namespace sekisho::lowering {

// Hash and account of the content that a request is bound to, in the scheme of now: under another scheme the labels would say something else.
Result<std::string> bound_hash(sql::Tx& tx, const std::string& content_hash);

Result<approvals::Request> file_document(gate::Context& context, approvals::Approvals& approvals, const library::Document& document, const library::Collection& collection,
                                         const policy::Label& to, const std::string& reason);
Result<approvals::Request> file_collection(gate::Context& context, approvals::Approvals& approvals, const library::Collection& collection, const policy::Label& to,
                                           const std::string& reason);
void register_choosing(gate::Registry& registry, approvals::Approvals& approvals);

}  // namespace sekisho::lowering
