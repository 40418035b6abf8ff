// Drafts of fields, made for one person, as rows (migration 0070). What is in one is as sensitive as its case, and read through it alone.
#pragma once
#include "features/office/case.h"
#include "sql/db.h"

namespace sekisho::office {

struct DraftTag;
using DraftId = Id<DraftTag>;

struct DraftRow {
  DraftId id;
  CaseId about;
  std::string field;
  std::string person;
  std::string state = "making";  // making, complete, stopped, failed
  std::string engine;            // "extractive" or the endpoint's name
  std::string model;
  std::string content;
  Timestamp made_at;
  std::optional<Timestamp> taken_at;
};

class DraftTable {
 public:
  static Status insert(sql::Tx& tx, const DraftRow& row);
  static Status close(sql::Tx& tx, const DraftRow& row);  // state, content
  static Result<std::optional<DraftRow>> find(sql::Tx& tx, const DraftId& id);
  // Of this field, made for this person and not taken over yet, with their text; newest first, at most 20.
  static Result<std::vector<DraftRow>> open_of(sql::Tx& tx, const CaseId& about, const std::string& field, const std::string& person);
  // It is in the case now: the text goes.
  static Status taken(sql::Tx& tx, const DraftId& id, Timestamp at);
  static Status forget_before(sql::Tx& tx, Timestamp at);  // texts that nobody took over
};

// Is this text, or a part of it, out of the draft? A line or sentence of ten characters or more that stands in both. Pure.
bool began_as(const std::string& text, const std::string& draft);

}  // namespace sekisho::office
