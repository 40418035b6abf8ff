// The printed form of a case as its definition describes it: boxes of approval, the sections with their fields, the history, the clauses. Pure.
#pragma once
#include "features/office/operations.h"
#include "outside/report.h"

namespace sekisho::papers {

// `level`: of its title among the headings. Only what the view holds is written: the caller's own view, so nothing that he may not see.
void add_form(const workflow::Definition& definition, const office::CaseView& one, int level, outside::Report& out);

// "令和8年4月1日 09:05", in Japan.
std::string moment(Timestamp at);

}  // namespace sekisho::papers
