// What a disposal may erase of the log, and when the rest goes. Pure; time is an argument.
//
// The log's part goes by payloads. A payload stays while its month and kind are held as evidence, and until the least time that the body keeps
// that kind: its rule, or one whole calendar month where no rule is set (retention/rules.h). At the end of a contract nothing but a hold keeps it.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "features/disposal/table.h"
#include "features/retention/table.h"

namespace sekisho::disposal {

inline constexpr std::string_view kScopes[] = {"documents", "collection", "chat", "person", "contract"};
bool known_scope(std::string_view scope);

// The steps of a running disposal, in order. Each can be repeated; the one that is written down has not been finished.
enum class Step { begin = 0, mark = 1, rows = 2, blobs = 3, index = 4, find = 5, log = 6, rewrite = 7, finished = 8 };

struct Keeping {
  std::map<std::string, retention::Rule> rules;  // by kind
  std::vector<retention::Hold> holds;
};
struct Kept {
  bool stays = false;
  std::optional<Timestamp> until;  // none: as long as the hold stands
  std::string ground;              // "hold", "retention"
};
// `period`: as the log names it ("2026-11/content").
Result<Kept> kept(const Keeping& keeping, const std::string& period, Timestamp now);

// Remaining payloads of one ground and day are one line.
void add_remaining(std::vector<Remaining>& list, const std::string& store, const Kept& why, std::int64_t count);
// When something of the list can be looked at again: the earliest day, or a day from now where only a hold keeps it. None: nothing will go.
std::optional<Timestamp> look_again(const std::vector<Remaining>& list, Timestamp now);

}  // namespace sekisho::disposal
