// Papers of the security office: the printed form of one case, and the dossier of a committee's meeting (委員会資料), as PDF or as a page.
//
// A dossier is made of a case whose definition has `print.dossier`: its agenda, the forms of the cases linked with it, what the registers that the
// definition names counted in the period, and the drafts of policy documents named in it with 新旧対照表. It is made anew each time, for whoever asks:
// only what he may read and carry out from where he is goes in, and the rest is named by its number alone. Its label is the join of everything in it;
// that label stands on every page, goes to the log, and decides whether the file may be carried out.
// Threads: the operations are thread-safe. Failures: office.*; conflict "papers.no_dossier"; unavailable "font.missing".
#pragma once
#include "features/office/office.h"

namespace sekisho::papers {

struct PaperIn {
  office::CaseId id;
  std::optional<std::string> format;  // pdf, html; left out: pdf
};
BOOST_DESCRIBE_STRUCT(PaperIn, (), (id, format))

// office.form, office.dossier
void register_operations(gate::Registry& registry, const std::shared_ptr<office::Office>& office);

}  // namespace sekisho::papers
