#include "http/routes.h"

#include <array>

namespace sekisho::http {
namespace {

constexpr std::array kRoutes = {
    Route{"GET", "/api/v1/bodies", "", Special::bodies},
    Route{"POST", "/api/v1/session", "session.open", Special::login},
    Route{"GET", "/api/v1/session", "session.describe"},
    Route{"DELETE", "/api/v1/session", "session.close", Special::logout},
    Route{"POST", "/api/v1/session/turn", "", Special::login_turn},
    Route{"POST", "/api/v1/session/lock", "session.lock", Special::logout},
    Route{"PUT", "/api/v1/session/password", "session.change_password"},
    Route{"POST", "/api/v1/session/password/check", "session.check_password"},
    Route{"GET", "/api/v1/sessions", "sessions.list"},
    Route{"DELETE", "/api/v1/sessions/{id}", "sessions.end"},
    Route{"POST", "/api/v1/sessions/end-others", "sessions.end_others"},
    Route{"POST", "/api/v1/session/second-factor", "session.second_factor"},
    Route{"POST", "/api/v1/session/second-factor/challenge", "session.second_factor_challenge"},
    Route{"GET", "/api/v1/factors", "factors.list"},
    Route{"POST", "/api/v1/factors/totp", "factors.begin_totp"},
    Route{"POST", "/api/v1/factors/totp/{id}", "factors.confirm_totp"},
    Route{"POST", "/api/v1/factors/keys", "factors.begin_key"},
    Route{"POST", "/api/v1/factors/keys/confirm", "factors.confirm_key"},
    Route{"POST", "/api/v1/factors/recovery-codes", "factors.recovery_codes"},
    Route{"POST", "/api/v1/factors/{id}/stop", "factors.stop"},
    Route{"POST", "/api/v1/factors/{id}/remove", "factors.remove"},

    Route{"GET", "/api/v1/privileges", "privileges.list"},
    Route{"POST", "/api/v1/elevation", "privileges.begin"},
    Route{"POST", "/api/v1/elevation/end", "privileges.end"},

    Route{"GET", "/api/v1/approval-kinds", "approvals.kinds"},
    Route{"GET", "/api/v1/approvals", "approvals.list"},
    Route{"POST", "/api/v1/approvals", "approvals.request"},
    Route{"GET", "/api/v1/approvals/{id}", "approvals.describe"},
    Route{"PATCH", "/api/v1/approvals/{id}", "approvals.edit"},
    Route{"POST", "/api/v1/approvals/{id}/submit", "approvals.submit"},
    Route{"POST", "/api/v1/approvals/{id}/grant", "approvals.grant"},
    Route{"POST", "/api/v1/approvals/{id}/refuse", "approvals.refuse"},
    Route{"POST", "/api/v1/approvals/{id}/return", "approvals.return"},
    Route{"POST", "/api/v1/approvals/{id}/revoke", "approvals.revoke"},
    Route{"POST", "/api/v1/approvals/{id}/finish", "approvals.finish"},
    Route{"POST", "/api/v1/approvals/{id}/override", "approvals.override"},
    Route{"POST", "/api/v1/approvals/{id}/see", "approvals.see"},

    Route{"GET", "/api/v1/decisions", "decisions.list"},
    Route{"GET", "/api/v1/decisions/figures", "decisions.figures"},

    Route{"GET", "/api/v1/collections", "collections.list"},
    Route{"POST", "/api/v1/collections", "collections.create"},
    Route{"DELETE", "/api/v1/collections/{id}", "collections.delete"},
    Route{"GET", "/api/v1/collections/{id}/lowering", "collections.lowering"},
    Route{"POST", "/api/v1/collections/{id}/lowering", "collections.lower"},
    Route{"POST", "/api/v1/collections/{id}/choice", "collections.choose"},
    Route{"GET", "/api/v1/collections/{collection_id}/documents", "documents.list"},
    Route{"POST", "/api/v1/collections/{collection_id}/uploads", "uploads.create"},
    Route{"GET", "/api/v1/documents/{id}", "documents.describe"},
    Route{"DELETE", "/api/v1/documents/{id}", "documents.delete"},
    Route{"GET", "/api/v1/documents/{id}/text", "documents.text"},
    Route{"GET", "/api/v1/documents/{id}/content", "documents.content", Special::document_content},
    Route{"POST", "/api/v1/documents/{id}/encoding", "documents.reread"},
    Route{"GET", "/api/v1/unruled", "documents.unruled"},
    Route{"POST", "/api/v1/documents/{id}/class", "documents.rule"},
    Route{"POST", "/api/v1/documents/{id}/choice", "documents.choose"},
    Route{"POST", "/api/v1/documents/{id}/raise", "documents.raise"},
    Route{"GET", "/api/v1/documents/{id}/lowering", "documents.lowering"},
    Route{"POST", "/api/v1/documents/{id}/lowering", "documents.lower"},
    Route{"GET", "/api/v1/uploads", "uploads.list"},
    Route{"GET", "/api/v1/uploads/{id}", "uploads.describe"},
    Route{"PUT", "/api/v1/uploads/{id}/files", "documents.upload", Special::upload_file},
    Route{"POST", "/api/v1/uploads/{id}/stop", "uploads.stop"},
    Route{"POST", "/api/v1/uploads/{id}/resume", "uploads.resume"},
    Route{"GET", "/api/v1/uploads/{id}/events", "uploads.describe", Special::upload_events},
    Route{"POST", "/api/v1/search", "search.run"},

    Route{"GET", "/api/v1/chats", "chats.list"},
    Route{"POST", "/api/v1/chats", "chats.create"},
    Route{"GET", "/api/v1/chats/{id}", "chats.read"},
    Route{"PATCH", "/api/v1/chats/{id}", "chats.update"},
    Route{"DELETE", "/api/v1/chats/{id}", "chats.delete"},
    Route{"POST", "/api/v1/chats/{id}/messages", "chats.ask", Special::ask},
    Route{"GET", "/api/v1/streams/{id}", "", Special::read_stream},
    Route{"POST", "/api/v1/streams/{id}/stop", "", Special::stop_stream},
    Route{"GET", "/api/v1/messages/{id}/export", "messages.export", Special::export_message},

    Route{"POST", "/api/v1/guards/check", "guards.check"},
    Route{"GET", "/api/v1/guards/rules", "guards.rules"},
    Route{"PUT", "/api/v1/guards/rules", "guards.update_rules"},
    Route{"GET", "/api/v1/guards/words", "guards.words"},
    Route{"PATCH", "/api/v1/guards/words", "guards.change_words"},
    Route{"PUT", "/api/v1/guards/words", "guards.import_words"},
    Route{"GET", "/api/v1/guards/words/export", "guards.export_words"},

    Route{"GET", "/api/v1/usage", "usage.read"},
    Route{"GET", "/api/v1/usage/own", "usage.own"},
    Route{"GET", "/api/v1/usage/people", "usage.people"},
    Route{"GET", "/api/v1/usage/export", "usage.export"},
    Route{"GET", "/api/v1/usage/budgets", "usage.budgets"},
    Route{"PUT", "/api/v1/usage/budgets", "usage.set_budget"},
    Route{"POST", "/api/v1/log/questions", "log.questions"},
    Route{"POST", "/api/v1/log/questions/export", "log.export_questions"},
    Route{"GET", "/api/v1/log/people", "log.people"},
    Route{"GET", "/api/v1/session/mail", "mail.own"},
    Route{"PUT", "/api/v1/session/mail", "mail.set_own"},
    Route{"GET", "/api/v1/mail", "mail.list"},
    Route{"PUT", "/api/v1/mail/boxes", "mail.set"},
    Route{"PUT", "/api/v1/mail/rule", "mail.rule"},
    Route{"GET", "/api/v1/alarms", "alarms.list"},
    Route{"POST", "/api/v1/alarms/{id}/confirm", "alarms.confirm"},
    Route{"GET", "/api/v1/reviews", "reviews.list"},
    Route{"GET", "/api/v1/reviews/{period}", "reviews.read"},
    Route{"POST", "/api/v1/reviews/{period}/entries", "reviews.entries"},
    Route{"POST", "/api/v1/reviews/{period}/conclude", "reviews.conclude"},
    Route{"GET", "/api/v1/reviews/{period}/export", "reviews.export"},
    Route{"GET", "/api/v1/retention", "retention.read"},
    Route{"PUT", "/api/v1/retention/rules", "retention.set_rule"},
    Route{"POST", "/api/v1/retention/holds", "retention.hold"},
    Route{"POST", "/api/v1/retention/holds/{id}/release", "retention.release"},
    Route{"GET", "/api/v1/backups", "backup.list"},
    Route{"GET", "/api/v1/disposals", "disposal.list"},
    Route{"POST", "/api/v1/disposals", "disposal.ask"},
    Route{"GET", "/api/v1/disposals/{id}", "disposal.describe"},
    Route{"GET", "/api/v1/disposals/{id}/certificate", "disposal.certificate"},
    Route{"GET", "/api/v1/endpoints", "endpoints.list"},
    Route{"POST", "/api/v1/endpoints", "endpoints.create"},
    Route{"PATCH", "/api/v1/endpoints/{id}", "endpoints.update"},
    Route{"DELETE", "/api/v1/endpoints/{id}", "endpoints.delete"},
    Route{"POST", "/api/v1/endpoints/{id}/test", "endpoints.test", Special::endpoint_test},
    Route{"GET", "/api/v1/office", "office.registers"},
    Route{"GET", "/api/v1/office/tasks", "office.tasks"},
    Route{"GET", "/api/v1/office/notices", "office.notices"},
    Route{"POST", "/api/v1/office/notices/{id}/see", "office.see"},
    Route{"GET", "/api/v1/office/duties", "office.duties"},
    Route{"GET", "/api/v1/office/department", "office.department"},
    Route{"GET", "/api/v1/office/figures", "office.figures"},
    Route{"GET", "/api/v1/office/cases/{id}/form", "office.form"},
    Route{"GET", "/api/v1/office/cases/{id}/dossier", "office.dossier"},
    Route{"GET", "/api/v1/office/definitions/{definition}/sheet", "office.sheet"},
    Route{"POST", "/api/v1/office/cases/{id}/drafts", "completions.draft", Special::draft},
    Route{"POST", "/api/v1/office/definitions", "office.define"},
    Route{"POST", "/api/v1/office/definitions/check", "office.check"},
    Route{"GET", "/api/v1/office/definitions/{definition}", "office.definition"},
    Route{"DELETE", "/api/v1/office/definitions/{definition}", "office.withdraw"},
    Route{"GET", "/api/v1/office/definitions/{definition}/export", "office.export"},
    Route{"POST", "/api/v1/office/definitions/{definition}/import/preview", "office.import_preview"},
    Route{"POST", "/api/v1/office/definitions/{definition}/import", "office.import"},
    Route{"GET", "/api/v1/office/definitions/{definition}/cases", "office.list"},
    Route{"POST", "/api/v1/office/definitions/{definition}/cases", "office.open"},
    Route{"GET", "/api/v1/office/cases/{id}", "office.describe"},
    Route{"PATCH", "/api/v1/office/cases/{id}", "office.edit"},
    Route{"POST", "/api/v1/office/cases/{id}/moves/{transition}", "office.move"},
    Route{"POST", "/api/v1/office/cases/{id}/comments", "office.comment"},
    Route{"POST", "/api/v1/office/cases/{id}/participants", "office.add_participant"},
    Route{"POST", "/api/v1/office/cases/{id}/links", "office.link"},
    Route{"POST", "/api/v1/office/cases/{id}/attachments", "office.attach"},
    Route{"GET", "/api/v1/office/attachments/{attachment}", "office.attachment"},
    Route{"GET", "/api/v1/policies", "policies.list"},
    Route{"POST", "/api/v1/policies", "policies.import"},
    Route{"POST", "/api/v1/policies/compare", "policies.compare"},
    Route{"POST", "/api/v1/policies/compare/file", "policies.comparison_file"},
    Route{"POST", "/api/v1/policies/oscal", "policies.oscal_import"},
    Route{"POST", "/api/v1/policies/oscal/preview", "policies.oscal_preview"},
    Route{"GET", "/api/v1/policies/guideline", "policies.guideline"},
    Route{"POST", "/api/v1/policies/guideline", "policies.decide_reference"},
    Route{"GET", "/api/v1/policies/versions/{version}", "policies.tree"},
    Route{"GET", "/api/v1/policies/versions/{version}/oscal", "policies.oscal"},
    Route{"GET", "/api/v1/policies/versions/{version}/table", "policies.table_file"},
    Route{"POST", "/api/v1/policies/versions/{version}/table", "policies.table_import"},
    Route{"POST", "/api/v1/policies/versions/{version}/table/preview", "policies.table_preview"},
    Route{"GET", "/api/v1/policies/versions/{version}/meanings", "policies.meanings"},
    Route{"POST", "/api/v1/policies/versions/{version}/meanings", "policies.decide_meanings"},
    Route{"POST", "/api/v1/policies/versions/{version}/repairs/{repair}", "policies.decide_repair"},
    Route{"PATCH", "/api/v1/policies/versions/{version}/clauses/{clause}", "policies.edit_clause"},
    Route{"POST", "/api/v1/policies/compare/amendment", "policies.amending_text"},
    Route{"POST", "/api/v1/policies/versions/{version}/clauses", "policies.add_clause"},
    Route{"DELETE", "/api/v1/policies/versions/{version}/clauses/{clause}", "policies.remove_clause"},
    Route{"POST", "/api/v1/policies/versions/{version}/clauses/{clause}/move", "policies.move_clause"},
    Route{"POST", "/api/v1/policies/versions/{version}/state", "policies.advance"},
    Route{"POST", "/api/v1/policies/versions/{version}/declare", "policies.declare"},
    Route{"GET", "/api/v1/policies/versions/{version}/opinions", "policies.opinions"},
    Route{"POST", "/api/v1/policies/versions/{version}/opinions", "policies.give_opinion"},
    Route{"POST", "/api/v1/policies/opinions/{opinion}", "policies.answer_opinion"},
    Route{"GET", "/api/v1/policies/documents/{document}/history", "policies.history"},
    Route{"POST", "/api/v1/policies/documents/{document}/amendments", "policies.begin_amendment"},
    Route{"GET", "/api/v1/policies/documents/{document}/publication", "policies.publication"},
    Route{"POST", "/api/v1/policies/documents/{document}/publication", "policies.publish"},
    Route{"DELETE", "/api/v1/policies/documents/{document}/publication", "policies.withdraw_publication"},
    Route{"POST", "/api/v1/policies/documents/{document}/withheld/{clause}", "policies.withhold"},
    Route{"DELETE", "/api/v1/policies/documents/{document}/withheld/{clause}", "policies.disclose"},
    Route{"GET", "/api/v1/policies/public", "policies.public_list"},
    Route{"GET", "/api/v1/policies/public/{document}", "policies.public_text"},
    Route{"GET", "/api/v1/policies/public/{document}/file", "policies.public_file"},
    Route{"GET", "/api/v1/policies/readings", "reading.own"},
    Route{"GET", "/api/v1/policies/readings/state", "reading.state"},
    Route{"GET", "/api/v1/policies/readings/rule", "reading.rule"},
    Route{"PUT", "/api/v1/policies/readings/rule", "reading.set_rule"},
    Route{"GET", "/api/v1/policies/readings/people", "reading.people"},
    Route{"GET", "/api/v1/policies/readings/people/file", "reading.people_file"},
    Route{"POST", "/api/v1/policies/readings/{document}", "reading.open"},
    Route{"POST", "/api/v1/policies/readings/{document}/acknowledgement", "reading.acknowledge"},
    Route{"POST", "/api/v1/policies/readings/{document}/consent", "reading.consent"},
    Route{"GET", "/api/v1/policies/readings/{document}/questions", "reading.questions"},
    Route{"POST", "/api/v1/policies/readings/{document}/questions", "reading.ask"},
    Route{"GET", "/api/v1/policies/documents/{document}/reading", "reading.shown"},
    Route{"POST", "/api/v1/policies/documents/{document}/reading", "reading.show"},
    Route{"DELETE", "/api/v1/policies/documents/{document}/reading", "reading.hide"},
    Route{"GET", "/api/v1/policies/coverage", "coverage.read"},
    Route{"GET", "/api/v1/policies/coverage/own", "coverage.own"},
    Route{"GET", "/api/v1/policies/coverage/dossier", "coverage.dossier"},
    Route{"POST", "/api/v1/policies/coverage/evidence", "coverage.record_evidence"},
    Route{"POST", "/api/v1/policies/coverage/evidence/{id}/withdraw", "coverage.withdraw_evidence"},
    Route{"POST", "/api/v1/policies/coverage/gaps", "coverage.settle"},
    Route{"POST", "/api/v1/policies/coverage/gaps/{id}/close", "coverage.close_gap"},
    Route{"GET", "/api/v1/services", "services.list"},
    Route{"POST", "/api/v1/services", "services.register"},
    Route{"POST", "/api/v1/services/{id}/end", "services.end"},
    Route{"GET", "/api/v1/switches", "switches.list"},
    Route{"PUT", "/api/v1/switches", "switches.configure"},
    Route{"GET", "/api/v1/flows", "flows.list"},
    Route{"POST", "/api/v1/flows", "flows.open"},
    Route{"POST", "/api/v1/flows/{id}/end", "flows.end"},
    Route{"GET", "/api/v1/users", "users.list"},
    Route{"POST", "/api/v1/users", "users.create"},
    Route{"PATCH", "/api/v1/users/{id}", "users.update"},
    Route{"POST", "/api/v1/users/{id}/password", "users.reset_password"},
    Route{"POST", "/api/v1/users/{id}/unlock", "users.unlock"},
    Route{"GET", "/api/v1/users/unused", "users.unused"},
    Route{"POST", "/api/v1/users/{id}/review", "users.review"},
    Route{"GET", "/api/v1/users/{id}/factors", "users.factors"},
    Route{"POST", "/api/v1/users/{id}/factors/reset", "users.reset_factors"},
    Route{"POST", "/api/v1/users/{id}/factors/{factor_id}/stop", "users.stop_factor"},
    Route{"GET", "/api/v1/departments", "departments.list"},
    Route{"GET", "/api/v1/departments/names", "departments.names"},
    Route{"GET", "/api/v1/people", "people.find"},
    Route{"GET", "/api/v1/roles", "roles.list"},
    Route{"GET", "/api/v1/profile", "profile.words"},
    Route{"GET", "/api/v1/organisation", "organisation.read"},
    Route{"POST", "/api/v1/organisation/versions", "organisation.draft"},
    Route{"GET", "/api/v1/organisation/versions/{number}", "organisation.version"},
    Route{"POST", "/api/v1/organisation/versions/{number}/confirm", "organisation.confirm"},
    Route{"POST", "/api/v1/organisation/versions/{number}/start", "organisation.start"},
    Route{"GET", "/api/v1/appointments", "appointments.list"},
    Route{"POST", "/api/v1/appointments", "appointments.create"},
    Route{"POST", "/api/v1/appointments/{id}/end", "appointments.end"},
    Route{"POST", "/api/v1/users/{id}/leave", "users.leave"},
    Route{"POST", "/api/v1/staff/preview", "users.import_preview"},
    Route{"POST", "/api/v1/staff/import", "users.import"},
    Route{"GET", "/api/v1/keys", "keys.list"},
    Route{"POST", "/api/v1/keys", "keys.create"},
    Route{"DELETE", "/api/v1/keys/{id}", "keys.revoke"},
    Route{"GET", "/api/v1/stops", "stops.list"},
    Route{"POST", "/api/v1/stops", "stops.set", Special::stop_set},
    Route{"POST", "/api/v1/stops/{id}/release", "stops.release"},
    Route{"GET", "/api/v1/log/head", "log.head"},
    Route{"GET", "/api/v1/log/proof", "log.prove"},
    Route{"GET", "/api/v1/log/continuation", "log.prove_consistency"},
    Route{"GET", "/api/v1/status", "status.read"},
};

// One segment of a path, without its slash; empty at the end.
std::string_view take_segment(std::string_view& path) {
  if (path.empty()) return {};
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::pair<std::string, std::string>>& parameters) {
  parameters.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view want = take_segment(pattern);
    const std::string_view have = take_segment(path);
    if (want.starts_with("{")) {
      if (have.empty()) return false;
      parameters.emplace_back(want.substr(1, want.size() - 2), have);
    } else if (want != have) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

Match match(std::string_view method, std::string_view path) {
  Match out;
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const Route& route : kRoutes) {
    if (!matches(route.path, path, parameters)) continue;
    out.path_known = true;
    if (route.method != method) continue;
    out.route = &route;
    out.parameters = std::move(parameters);
    return out;
  }
  return out;
}

}  // namespace sekisho::http
