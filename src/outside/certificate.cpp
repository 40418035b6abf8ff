#include "outside/certificate.h"

#include "outside/report.h"

namespace sekisho::outside {

static Part rows_of(const std::string& title, const std::vector<std::pair<std::string, std::string>>& rows) {
  Grid grid{title, {25, 75}, {}, {}, true};
  for (const auto& [name, value] : rows) grid.rows.push_back({cell(name), cell(value)});
  return table(std::move(grid));
}

Result<std::string> certificate_pdf(const CertificatePage& page) {
  Report report;
  report.title = report.foot = page.title;
  report.parts.push_back(heading(1, page.title));
  for (const std::string& words : page.lead) report.parts.push_back(text(words));
  for (const auto& section : page.sections) {
    report.parts.push_back(heading(2, section.title));
    report.parts.push_back(rows_of(section.title, section.rows));
  }
  report.parts.push_back(heading(2, "署名"));
  report.parts.push_back(rows_of("署名", {{"Ed25519", page.signature}}));
  report.parts.push_back(heading(2, "記録の先頭"));
  report.parts.push_back(file("checkpoint.txt", page.checkpoint));
  SK_TRY(Part printed, code("記録の先頭のQRコード", page.checkpoint));
  report.parts.push_back(std::move(printed));
  return report_pdf(report);
}

}  // namespace sekisho::outside
