// Every store of a body's database, as a disposal sees it: what belongs to a chat, to a document or to a person, and taking it away.
//
// The one place that speaks of other features' tables, so that there is one list to check: kTreatments names each table of the schema and what a
// disposal of a person does with it, and a test compares it with the migrations. A table that is new must be named there.
// Functions of a transaction; idempotent. Counts go into `counts` by table.
#pragma once
#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "features/disposal/table.h"

namespace sekisho::disposal {

enum class Treatment {
  erased,      // rows of the person, the chat or the document go
  named_away,  // rows stay, the person's name and words in them go
  decision,    // records of decisions, signed or not to be changed: they stay, and the certificate counts those that bear the name
  pseudonym,   // rows stay: at most the person's id stands in them
  unrelated,   // nothing of a person
};
struct TableTreatment {
  std::string_view table;
  Treatment treatment;
};
std::span<const TableTreatment> treatments();

class EraseTable {
 public:
  static Result<std::vector<std::string>> chats_of(sql::Tx& tx, const std::string& person);
  static Result<std::vector<std::string>> documents_by(sql::Tx& tx, const std::string& person);
  static Result<std::vector<std::string>> documents_in(sql::Tx& tx, const std::string& collection);
  static Result<std::vector<std::string>> uploads_in(sql::Tx& tx, const std::string& collection);
  static Result<std::vector<std::string>> messages_of(sql::Tx& tx, const std::string& chat);
  // Answers that were made of the document, wherever they stand.
  static Result<std::vector<std::string>> answers_from(sql::Tx& tx, const std::string& document);

  // Is something being written that belongs to it? Then it is not the time yet.
  static Result<bool> answering(sql::Tx& tx, const std::string& chat);
  static Result<bool> using_models(sql::Tx& tx, const std::string& person);
  static Result<bool> being_read(sql::Tx& tx, const std::string& document);

  static Status remove_chat(sql::Tx& tx, const std::string& chat, Counts& counts);
  // Text, citations and sentences of the answers go; the answers stay, empty, so that the conversation keeps its order.
  static Status clear_answers(sql::Tx& tx, const std::string& document, const std::string& instead, Counts& counts);
  static Status close_person(sql::Tx& tx, const std::string& person, Counts& counts);  // no way in any more
  static Status remove_person(sql::Tx& tx, const std::string& person, const std::string& instead, Timestamp now, Counts& counts);
  // Rows of decisions that bear the person's id or name.
  static Result<std::int64_t> decisions_of(sql::Tx& tx, const std::string& person, const std::string& name);

  // Texts for the marks. `use` gets every text of one thing.
  using Use = std::function<void(const std::string& text)>;
  static Status texts_of_document(sql::Tx& tx, const std::string& document, const Use& use);
  static Status texts_of_chat(sql::Tx& tx, const std::string& chat, const Use& use);
  // Every text of documents and chats that are not among these; answers (message ids) likewise.
  static Status other_texts(sql::Tx& tx, const std::set<std::string>& documents, const std::set<std::string>& chats, const std::set<std::string>& answers, const Use& use);
  // Rows of the whole body by table, for the end of a contract.
  static Result<Counts> all_rows(sql::Tx& tx);
};

}  // namespace sekisho::disposal
