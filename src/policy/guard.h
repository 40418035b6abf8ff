// Guard rules: what happens to what detectors found in content on its way to a model. Pure, total, deny by default.
//
// Rules are data (packs/policy/guards.json and the body's own before them); the first one that fits decides; where none fits, it is blocked.
// Kinds and segments are opaque words: the detectors' and the body's.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "policy/label.h"

namespace sekisho::policy {

enum class GuardAction { allow, warn, mask, block };
// Who wrote the text: a person (question, earlier turns, a tool's instructions) or a document.
enum class GuardPart { typed, source };

struct GuardRule {
  std::set<std::string> kinds;      // "*": every kind
  std::set<GuardPart> parts;        // empty: every part
  std::set<std::string> segments;   // the session is in one of them; empty: anywhere
  std::set<std::string> accepts;    // the endpoint accepts all of them; empty: whatever it accepts
  std::string endpoint;             // this endpoint alone; empty: any
  Rank class_from = 1;              // of the content so far
  Rank class_to = kTopRank;
  int least = 1;                    // confidence in percent
  GuardAction action = GuardAction::block;
  Rank raise_to = 0;                // the content is at least of this class then; 0: as it is
  std::string clause;
  std::string who_can_permit;
};

struct GuardPlace {
  std::set<std::string> session_segments;
  std::string endpoint;                     // id; that of the built-in engine is "extractive"
  std::set<std::string> endpoint_segments;  // what it accepts
  Rank c = 1;
};

struct GuardDecision {
  GuardAction action = GuardAction::block;
  Rank raise_to = 0;
  std::string clause;
  std::string who_can_permit;
};

GuardDecision decide_guard(const std::vector<GuardRule>& rules, const std::string& kind, int confidence, GuardPart part, const GuardPlace& place);

// Guarding can only raise: c is the higher of the two.
Label raised(Label label, Rank to);

}  // namespace sekisho::policy
