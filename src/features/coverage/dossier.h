// The auditors' dossier as a report, which a page (HTML) and a document (PDF) are made of alike: counts, gaps, the matrix, evidence with its hashes, and
// the log's proofs of who recorded it.
//
// A proof is a C2SP tlog-proof as `sekisho log prove` writes it: its text alone is checked with the log's verifier key.
#pragma once
#include "features/coverage/coverage.h"
#include "outside/report.h"

namespace sekisho::coverage {

// Of the transaction's snapshot.
Result<outside::Report> dossier_of(const Coverage& coverage, gate::Body& body, sql::Tx& tx);

}  // namespace sekisho::coverage
