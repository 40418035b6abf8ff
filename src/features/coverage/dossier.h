// The auditors' dossier, as parts that a page (HTML) and a document (PDF) are made of alike (dossier_files.cpp): counts, gaps, the matrix, evidence with
// its hashes, and the log's proofs of who recorded it. Files to be printed or kept: nothing from elsewhere, no scripts.
//
// A proof is a C2SP tlog-proof as `sekisho log prove` writes it: its text alone is checked with the log's verifier key. In the PDF it is a file that
// lies in the document, too, since a line that a page breaks is no longer the proof.
#pragma once
#include <string>
#include <vector>

#include "features/coverage/coverage.h"

namespace sekisho::coverage {

struct DossierColumn {
  std::string name;
  double share = 1;  // of the width of a page
};
struct DossierPart {
  enum class Kind { chapter, section, words, table, proof };
  Kind kind = Kind::words;
  std::string text;
  std::string file;  // of a proof: its name
  std::vector<DossierColumn> columns;
  std::vector<std::vector<std::string>> rows;
};
struct Dossier {
  std::string title;
  std::vector<DossierPart> parts;
};

// Of the transaction's snapshot.
Result<Dossier> dossier_of(const Coverage& coverage, gate::Body& body, sql::Tx& tx);
std::string dossier_html(const Dossier& dossier);
// unavailable "font.missing".
Result<std::string> dossier_pdf(const Dossier& dossier);

}  // namespace sekisho::coverage
