// 改め文, as a draft: what one version became in another, said in the sentences of an amending rule. Pure and deterministic.
//
//   第3条第2項中「内部部局」を「市長部局」に改める。      3(1)アを削り、3(1)イを3(1)アとする。      第4条の次に次の1条を加える。
// Every number is the one before the amendment. Words come first, in order of the old version; then, list by list, what goes, what is renumbered
// (繰上げ, 繰下げ) and what comes. A change of words that is the same in several places is said once. 目次 and 改版履歴 are left out.
// A document of which not a third of the clauses stays as it is, is said anew as a whole (全部改正): 「…の全部を次のように改正する。」
// A person must read it: it knows neither what the body's own rules of drafting ask for nor words that cite a number that has moved.
// Source: the customs of 法制執務 (改め文, 「改め」「削り」「加え」「とし」).
#pragma once
#include <string>
#include <vector>

#include "clauses/align.h"
#include "clauses/model.h"

namespace sekisho::clauses {

struct Provision {
  std::string rule;                // one sentence
  std::vector<std::string> words;  // what it brings in, line by line
  friend bool operator==(const Provision&, const Provision&) = default;
};

// Both documents bear their references (give_refs). Empty: nothing changed that a rule could say.
std::vector<Provision> amending_text(const Document& before, const Document& after, const Alignment& alignment);

}  // namespace sekisho::clauses
