#include "features/disposal/erase_table.h"

#include <array>

#include "features/library/table.h"

namespace sekisho::disposal {
namespace {

constexpr std::array kTreatments = {
    TableTreatment{"account", Treatment::named_away},
    TableTreatment{"account_review", Treatment::erased},
    TableTreatment{"alarm", Treatment::decision},
    TableTreatment{"api_key", Treatment::erased},
    TableTreatment{"appointment", Treatment::named_away},
    TableTreatment{"approval", Treatment::named_away},
    TableTreatment{"approval_event", Treatment::named_away},
    TableTreatment{"approval_exception", Treatment::decision},
    TableTreatment{"approval_notice", Treatment::pseudonym},
    TableTreatment{"approval_party", Treatment::pseudonym},
    TableTreatment{"approval_ruling", Treatment::decision},
    TableTreatment{"approval_seen", Treatment::named_away},
    TableTreatment{"backup_alarm", Treatment::unrelated},
    TableTreatment{"backup_set", Treatment::unrelated},
    TableTreatment{"body_profile", Treatment::unrelated},
    TableTreatment{"chat", Treatment::erased},
    TableTreatment{"chunk", Treatment::erased},
    TableTreatment{"chunk_sequence", Treatment::unrelated},
    TableTreatment{"collection", Treatment::pseudonym},
    TableTreatment{"coverage_evidence", Treatment::decision},
    TableTreatment{"coverage_gap", Treatment::decision},
    TableTreatment{"coverage_state", Treatment::unrelated},
    TableTreatment{"directory", Treatment::unrelated},
    TableTreatment{"directory_account", Treatment::erased},
    TableTreatment{"disposal", Treatment::pseudonym},
    TableTreatment{"disposal_blob", Treatment::unrelated},
    TableTreatment{"disposal_certificate", Treatment::decision},
    TableTreatment{"disposal_work", Treatment::pseudonym},
    TableTreatment{"document", Treatment::erased},
    TableTreatment{"document_text", Treatment::erased},
    TableTreatment{"elevation", Treatment::named_away},
    TableTreatment{"endpoint", Treatment::unrelated},
    TableTreatment{"factor", Treatment::erased},
    TableTreatment{"factor_account", Treatment::erased},
    TableTreatment{"factor_challenge", Treatment::erased},
    TableTreatment{"factor_proof", Treatment::erased},
    TableTreatment{"factor_recovery", Treatment::erased},
    TableTreatment{"flow", Treatment::decision},
    TableTreatment{"guard_rule", Treatment::unrelated},
    TableTreatment{"guard_state", Treatment::unrelated},
    TableTreatment{"label", Treatment::unrelated},
    TableTreatment{"label_move", Treatment::unrelated},
    TableTreatment{"library_change", Treatment::unrelated},
    TableTreatment{"library_revision", Treatment::unrelated},
    TableTreatment{"log_checkpoint", Treatment::unrelated},
    TableTreatment{"log_cosignature", Treatment::unrelated},
    TableTreatment{"log_disposal", Treatment::unrelated},
    TableTreatment{"log_erasure", Treatment::unrelated},
    TableTreatment{"log_head", Treatment::unrelated},
    TableTreatment{"log_key", Treatment::unrelated},
    TableTreatment{"log_leaf", Treatment::pseudonym},
    TableTreatment{"log_payload", Treatment::erased},
    TableTreatment{"log_tile", Treatment::unrelated},
    TableTreatment{"login_failure", Treatment::erased},
    TableTreatment{"login_guard", Treatment::unrelated},  // keyed hashes; they go by themselves
    TableTreatment{"mail_box", Treatment::erased},
    TableTreatment{"mail_letter", Treatment::erased},
    TableTreatment{"mail_queue", Treatment::unrelated},
    TableTreatment{"mail_rule", Treatment::unrelated},
    TableTreatment{"message", Treatment::erased},
    TableTreatment{"message_source", Treatment::erased},
    TableTreatment{"ng_word", Treatment::unrelated},
    TableTreatment{"office_access", Treatment::pseudonym},
    TableTreatment{"office_apart", Treatment::unrelated},
    TableTreatment{"office_attachment", Treatment::decision},
    TableTreatment{"office_case", Treatment::decision},
    TableTreatment{"office_definition", Treatment::decision},
    TableTreatment{"office_draft", Treatment::erased},
    TableTreatment{"office_duty", Treatment::pseudonym},
    TableTreatment{"office_event", Treatment::decision},
    TableTreatment{"office_exception", Treatment::decision},
    TableTreatment{"office_gram", Treatment::decision},
    TableTreatment{"office_kept", Treatment::decision},
    TableTreatment{"office_link", Treatment::unrelated},
    TableTreatment{"office_notice", Treatment::decision},
    TableTreatment{"office_notice_to", Treatment::pseudonym},
    TableTreatment{"office_number", Treatment::unrelated},
    TableTreatment{"office_participant", Treatment::decision},
    TableTreatment{"office_seen", Treatment::named_away},
    TableTreatment{"office_signature", Treatment::decision},
    TableTreatment{"office_task", Treatment::pseudonym},
    TableTreatment{"office_text", Treatment::decision},
    TableTreatment{"office_text_block", Treatment::unrelated},
    TableTreatment{"office_text_state", Treatment::unrelated},
    TableTreatment{"office_timer", Treatment::unrelated},
    TableTreatment{"policy_acknowledgement", Treatment::pseudonym},
    TableTreatment{"policy_clause", Treatment::decision},
    TableTreatment{"policy_column", Treatment::decision},
    TableTreatment{"policy_document", Treatment::decision},
    TableTreatment{"policy_meaning", Treatment::decision},
    TableTreatment{"policy_opinion", Treatment::decision},
    TableTreatment{"policy_origin", Treatment::decision},
    TableTreatment{"policy_publication", Treatment::decision},
    TableTreatment{"policy_question", Treatment::pseudonym},
    TableTreatment{"policy_reading", Treatment::decision},
    TableTreatment{"policy_reading_rule", Treatment::decision},
    TableTreatment{"policy_reference", Treatment::decision},
    TableTreatment{"policy_repair", Treatment::decision},
    TableTreatment{"policy_state", Treatment::decision},
    TableTreatment{"policy_version", Treatment::decision},
    TableTreatment{"policy_withheld", Treatment::decision},
    TableTreatment{"privilege_deputy", Treatment::pseudonym},
    TableTreatment{"profile_version", Treatment::decision},
    TableTreatment{"restore_test", Treatment::unrelated},
    TableTreatment{"retention_hold", Treatment::decision},
    TableTreatment{"retention_rule", Treatment::decision},
    TableTreatment{"review", Treatment::decision},
    TableTreatment{"role", Treatment::unrelated},
    TableTreatment{"scheme_change", Treatment::unrelated},
    TableTreatment{"section", Treatment::erased},
    TableTreatment{"segment_trait", Treatment::unrelated},
    TableTreatment{"service", Treatment::decision},
    TableTreatment{"session", Treatment::erased},
    TableTreatment{"staff", Treatment::erased},
    TableTreatment{"stop_record", Treatment::decision},
    TableTreatment{"storage_total", Treatment::unrelated},
    TableTreatment{"switch_standing", Treatment::decision},
    TableTreatment{"switch_wish", Treatment::unrelated},
    TableTreatment{"unit", Treatment::unrelated},
    TableTreatment{"upload", Treatment::pseudonym},
    TableTreatment{"usage_budget", Treatment::erased},
    TableTreatment{"usage_event", Treatment::pseudonym},
};

constexpr const char* kChatsOf = "SELECT id FROM chat WHERE owner_id = :id ORDER BY id";
constexpr const char* kDocumentsBy = "SELECT id FROM document WHERE created_by = :id ORDER BY id";
constexpr const char* kDocumentsIn = "SELECT id FROM document WHERE collection_id = :id ORDER BY id";
constexpr const char* kUploadsIn = "SELECT id FROM upload WHERE collection_id = :id ORDER BY id";
constexpr const char* kMessagesOf = "SELECT id FROM message WHERE chat_id = :id ORDER BY id";
constexpr const char* kAnswersFrom = "SELECT message_id FROM message_source WHERE document_id = :id ORDER BY message_id";
constexpr const char* kAnswering = "SELECT id FROM message WHERE chat_id = :id AND state = 'streaming' ORDER BY id LIMIT 1";
constexpr const char* kUsingModels =
    "SELECT e.id FROM usage_event e WHERE e.person_id = :id AND e.step = 0 AND NOT EXISTS (SELECT 1 FROM usage_event s WHERE s.id = e.id AND s.step = 1) ORDER BY e.id LIMIT 1";
constexpr const char* kBeingRead = "SELECT id FROM document WHERE id = :id AND state = 'reading'";

constexpr const char* kChatSources = "DELETE FROM message_source WHERE message_id IN (SELECT id FROM message WHERE chat_id = :id)";
constexpr const char* kChatMessages = "DELETE FROM message WHERE chat_id = :id";
constexpr const char* kChat = "DELETE FROM chat WHERE id = :id";
constexpr const char* kClearAnswers =
    "UPDATE message SET text = :instead, citations = '[]', sentences = '[]' WHERE text <> :instead2 AND id IN (SELECT message_id FROM message_source WHERE document_id = :id)";
constexpr const char* kDocumentSources = "DELETE FROM message_source WHERE document_id = :id";

struct Deletion {
  const char* table;
  const char* text;
};
// In an order that the foreign keys allow. The first ones close every way in.
constexpr std::array kClosing = {
    Deletion{"factor_challenge", "DELETE FROM factor_challenge WHERE token_hash IN (SELECT token_hash FROM session WHERE account_id = :id)"},
    Deletion{"factor_proof", "DELETE FROM factor_proof WHERE account_id = :id"},
    Deletion{"session", "DELETE FROM session WHERE account_id = :id"},
    Deletion{"api_key", "DELETE FROM api_key WHERE account_id = :id"},
};
constexpr std::array kPersonal = {
    Deletion{"factor", "DELETE FROM factor WHERE account_id = :id"},
    Deletion{"factor_recovery", "DELETE FROM factor_recovery WHERE account_id = :id"},
    Deletion{"factor_account", "DELETE FROM factor_account WHERE account_id = :id"},
    Deletion{"directory_account", "DELETE FROM directory_account WHERE account_id = :id"},
    Deletion{"staff", "DELETE FROM staff WHERE account_id = :id"},
    Deletion{"login_failure", "DELETE FROM login_failure WHERE account_id = :id"},
    Deletion{"account_review", "DELETE FROM account_review WHERE account_id = :id"},
    Deletion{"mail_letter", "DELETE FROM mail_letter WHERE account = :id"},
    Deletion{"mail_box", "DELETE FROM mail_box WHERE account = :id"},
    Deletion{"office_draft", "DELETE FROM office_draft WHERE person = :id"},
    Deletion{"usage_budget", "DELETE FROM usage_budget WHERE scope = 'person' AND target = :id"},
};
constexpr const char* kDisable = "UPDATE account SET enabled = 0, password = '!' WHERE id = :id";
constexpr const char* kEndAppointments = "UPDATE appointment SET to_at = :now WHERE account_id = :id AND (to_at IS NULL OR to_at > :now2)";
constexpr const char* kName = "SELECT name FROM account WHERE id = :id";
constexpr const char* kUnnameEvents =
    "UPDATE approval_event SET name = :instead WHERE name = :name AND approval_id IN (SELECT approval_id FROM approval_party WHERE person = :id)";
constexpr std::array kUnnaming = {
    Deletion{"appointment", "UPDATE appointment SET basis = :instead WHERE account_id = :id AND basis <> :instead2"},
    Deletion{"approval", "UPDATE approval SET requester_name = :instead WHERE requester_account = :id AND requester_name <> :instead2"},
    Deletion{"approval_seen", "UPDATE approval_seen SET name = :instead WHERE account_id = :id AND name <> :instead2"},
    Deletion{"office_seen", "UPDATE office_seen SET name = :instead WHERE account = :id AND name <> :instead2"},
    Deletion{"elevation", "UPDATE elevation SET name = :instead, reason = :instead3 WHERE account_id = :id AND name <> :instead2"},
};
constexpr const char* kUnnameAccount =
    "UPDATE account SET login = 'disposed-' || id, name = :instead, password = '!', enabled = 0, last_login_at = NULL, last_logout_at = NULL, provisional_until = NULL, "
    "provisional_used_at = NULL, password_set_at = NULL, reviewed_at = NULL WHERE id = :id AND name <> :instead2";

constexpr std::array kDecisions = {
    "SELECT COUNT(*) FROM approval_ruling WHERE account_id = :id OR name = :name",
    "SELECT COUNT(*) FROM alarm WHERE :id <> '' AND confirmed_by = :name",
    "SELECT COUNT(*) FROM approval_exception WHERE person = :id OR name = :name",
    "SELECT COUNT(*) FROM coverage_evidence WHERE :id <> '' AND (recorded_by = :name OR withdrawn_by = :name2)",
    "SELECT COUNT(*) FROM coverage_gap WHERE :id <> '' AND closed_by = :name",
    "SELECT COUNT(*) FROM flow WHERE :id <> '' AND (opened_by = :name OR ended_by = :name2 OR permitted_by = :name3)",
    "SELECT COUNT(*) FROM profile_version WHERE :id <> '' AND (drafted_by = :name OR confirmed_by = :name2 OR started_by = :name3)",
    "SELECT COUNT(*) FROM office_event WHERE person = :id OR name = :name",
    "SELECT COUNT(*) FROM retention_hold WHERE :id <> '' AND (set_by = :name OR released_by = :name2)",
    "SELECT COUNT(*) FROM retention_rule WHERE :id <> '' AND set_by = :name",
    "SELECT COUNT(*) FROM review WHERE :id <> '' AND concluded_by = :name",
    "SELECT COUNT(*) FROM service WHERE :id <> '' AND (registered_by = :name OR ended_by = :name2 OR approved_by = :name3)",
    "SELECT COUNT(*) FROM stop_record WHERE :id <> '' AND (set_by = :name OR released_by = :name2)",
};

constexpr const char* kDocumentTexts =
    "SELECT name FROM document WHERE id = :id UNION ALL SELECT heading FROM section WHERE document_id = :id2";
constexpr const char* kChatTexts = "SELECT text FROM message WHERE chat_id = :id UNION ALL SELECT title FROM chat WHERE id = :id2";
constexpr const char* kOtherDocuments =
    "SELECT d.id, d.name, COALESCE(t.text, '') FROM document d LEFT JOIN document_text t ON t.document_id = d.id WHERE d.id > :after ORDER BY d.id LIMIT 20";
constexpr const char* kOtherChunks = "SELECT id, document_id, text FROM chunk WHERE id > :after ORDER BY id LIMIT 1000";
constexpr const char* kOtherMessages = "SELECT id, chat_id, text, citations FROM message WHERE id > :after ORDER BY id LIMIT 500";
constexpr const char* kOtherChats = "SELECT id, title FROM chat WHERE id > :after ORDER BY id LIMIT 1000";

Result<std::vector<std::string>> ids(sql::Tx& tx, const char* text, const std::string& id) {
  SK_TRY(const auto rows, tx.query(text).bind("id", id).all<std::string>());
  std::vector<std::string> out;
  for (const auto& [found] : rows) out.push_back(found);
  return out;
}

Result<bool> any(sql::Tx& tx, const char* text, const std::string& id) {
  SK_TRY(const auto found, ids(tx, text, id));
  return !found.empty();
}

// Every row of a statement that gives the next ones behind a key, which is its first column.
template <class Key, class... Columns, class OnRow>
Status each_row(sql::Tx& tx, const char* text, OnRow on_row) {
  for (Key after{};;) {
    SK_TRY(const auto rows, tx.query(text).bind("after", after).template all<Key, Columns...>());
    if (rows.empty()) return ok();
    for (const auto& row : rows) std::apply(on_row, row);
    after = std::get<0>(rows.back());
  }
}

Status count(Counts& counts, const char* table, const Result<std::int64_t>& rows) {
  if (!rows) return Unexpected(rows.error());
  if (*rows > 0) counts[table] += *rows;
  return ok();
}

}  // namespace

std::span<const TableTreatment> treatments() { return kTreatments; }

Result<std::vector<std::string>> EraseTable::chats_of(sql::Tx& tx, const std::string& person) { return ids(tx, kChatsOf, person); }
Result<std::vector<std::string>> EraseTable::documents_by(sql::Tx& tx, const std::string& person) { return ids(tx, kDocumentsBy, person); }
Result<std::vector<std::string>> EraseTable::documents_in(sql::Tx& tx, const std::string& collection) { return ids(tx, kDocumentsIn, collection); }
Result<std::vector<std::string>> EraseTable::uploads_in(sql::Tx& tx, const std::string& collection) { return ids(tx, kUploadsIn, collection); }
Result<std::vector<std::string>> EraseTable::messages_of(sql::Tx& tx, const std::string& chat) { return ids(tx, kMessagesOf, chat); }
Result<std::vector<std::string>> EraseTable::answers_from(sql::Tx& tx, const std::string& document) { return ids(tx, kAnswersFrom, document); }
Result<bool> EraseTable::answering(sql::Tx& tx, const std::string& chat) { return any(tx, kAnswering, chat); }
Result<bool> EraseTable::using_models(sql::Tx& tx, const std::string& person) { return any(tx, kUsingModels, person); }
Result<bool> EraseTable::being_read(sql::Tx& tx, const std::string& document) { return any(tx, kBeingRead, document); }

Status EraseTable::remove_chat(sql::Tx& tx, const std::string& chat, Counts& counts) {
  SK_CHECK(count(counts, "message_source", tx.query(kChatSources).bind("id", chat).run()));
  SK_CHECK(count(counts, "message", tx.query(kChatMessages).bind("id", chat).run()));
  return count(counts, "chat", tx.query(kChat).bind("id", chat).run());
}

Status EraseTable::clear_answers(sql::Tx& tx, const std::string& document, const std::string& instead, Counts& counts) {
  SK_CHECK(count(counts, "answer_text", tx.query(kClearAnswers).bind("instead", instead).bind("instead2", instead).bind("id", document).run()));
  return count(counts, "message_source", tx.query(kDocumentSources).bind("id", document).run());
}

Status EraseTable::close_person(sql::Tx& tx, const std::string& person, Counts& counts) {
  for (const Deletion& d : kClosing) SK_CHECK(count(counts, d.table, tx.query(d.text).bind("id", person).run()));
  SK_CHECK(tx.query(kDisable).bind("id", person).run());
  return ok();
}

Status EraseTable::remove_person(sql::Tx& tx, const std::string& person, const std::string& instead, Timestamp now, Counts& counts) {
  SK_CHECK(close_person(tx, person, counts));
  for (const Deletion& d : kPersonal) SK_CHECK(count(counts, d.table, tx.query(d.text).bind("id", person).run()));
  SK_CHECK(tx.query(kEndAppointments).bind("now", now).bind("now2", now).bind("id", person).run());
  SK_TRY(const auto name, tx.query(kName).bind("id", person).maybe_one<std::string>());
  if (name && std::get<0>(*name) != instead)
    SK_CHECK(count(counts, "approval_event", tx.query(kUnnameEvents).bind("instead", instead).bind("name", std::get<0>(*name)).bind("id", person).run()));
  for (const Deletion& d : kUnnaming) {
    sql::Query query = tx.query(d.text);
    query.bind("instead", instead).bind("id", person).bind("instead2", instead);
    if (std::string_view(d.table) == "elevation") query.bind("instead3", instead);
    SK_CHECK(count(counts, d.table, query.run()));
  }
  return count(counts, "account", tx.query(kUnnameAccount).bind("instead", instead).bind("id", person).bind("instead2", instead).run());
}

Result<std::int64_t> EraseTable::decisions_of(sql::Tx& tx, const std::string& person, const std::string& name) {
  std::int64_t out = 0;
  for (const char* text : kDecisions) {
    sql::Query query = tx.query(text);
    query.bind("id", person).bind("name", name);
    for (const char* more : {"name2", "name3"})
      if (std::string_view(text).find(std::string(":") + more) != std::string_view::npos) query.bind(more, name);
    SK_TRY(const auto row, query.one<std::int64_t>());
    out += std::get<0>(row);
  }
  return out;
}

Status EraseTable::texts_of_document(sql::Tx& tx, const std::string& document, const Use& use) {
  SK_TRY(const auto rows, tx.query(kDocumentTexts).bind("id", document).bind("id2", document).all<std::string>());
  SK_TRY(const std::string whole, library::Table::text(tx, library::DocumentId::trusted(document)));
  use(whole);
  for (const auto& [text] : rows) use(text);
  return ok();
}

Status EraseTable::texts_of_chat(sql::Tx& tx, const std::string& chat, const Use& use) {
  SK_TRY(const auto rows, tx.query(kChatTexts).bind("id", chat).bind("id2", chat).all<std::string>());
  for (const auto& [text] : rows) use(text);
  return ok();
}

Status EraseTable::other_texts(sql::Tx& tx, const std::set<std::string>& documents, const std::set<std::string>& chats, const std::set<std::string>& answers, const Use& use) {
  using Text = std::string;
  SK_CHECK((each_row<Text, Text, Text>(tx, kOtherDocuments, [&](const Text& id, const Text& name, const Text& text) {
    if (documents.contains(id)) return;
    use(name);
    use(text);
  })));
  SK_CHECK((each_row<std::int64_t, Text, Text>(tx, kOtherChunks, [&](std::int64_t, const Text& document, const Text& text) {
    if (!documents.contains(document)) use(text);
  })));
  SK_CHECK((each_row<Text, Text, Text, Text>(tx, kOtherMessages, [&](const Text& id, const Text& chat, const Text& text, const Text& citations) {
    if (chats.contains(chat) || answers.contains(id)) return;
    use(text);
    use(citations);
  })));
  return each_row<Text, Text>(tx, kOtherChats, [&](const Text& id, const Text& title) {
    if (!chats.contains(id)) use(title);
  });
}

Result<Counts> EraseTable::all_rows(sql::Tx& tx) {
  Counts out;
  for (const TableTreatment& t : kTreatments) {
    const std::string text = "SELECT COUNT(*) FROM " + std::string(t.table);  // a constant of this file
    SK_TRY(const auto row, tx.query(text).one<std::int64_t>());
    if (std::get<0>(row) > 0) out[std::string(t.table)] = std::get<0>(row);
  }
  return out;
}

}  // namespace sekisho::disposal
