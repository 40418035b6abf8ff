// packs/office/trace.tsv, as far as it is played: what a row asks for, where that is done, and what the play must show.
#pragma once
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace sekisho::office {

struct TraceRow {
  std::string name, what;
  std::vector<std::string> where;           // addresses in packs/office/*.yaml
  std::vector<std::string> by, told;        // posts; "staff": anybody, "program"
  std::map<std::string, std::string> with;  // values of a case that is opened for this row; "alarm": the program opens it
  std::set<std::string> shows;              // made, told, apart, joint, only, asked, unseen, duty
  std::string kind() const { return name.substr(0, name.find_first_of("#:")); }
};

inline std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

inline std::vector<TraceRow> trace_rows() {
  std::vector<TraceRow> out;
  std::istringstream lines(read_file(std::string(SK_SOURCE_DIR) + "/packs/office/trace.tsv", 1 << 20).value());
  std::string line;
  for (std::getline(lines, line); std::getline(lines, line);) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, '\t');) cells.push_back(cell);
    cells.resize(9);
    TraceRow row{cells[0], cells[1], words_of(cells[2]), words_of(cells[3]), words_of(cells[4]), {}, {}};
    for (const std::string& pair : words_of(cells[5])) row.with[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
    for (const std::string& word : words_of(cells[6])) row.shows.insert(word);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace sekisho::office
