// The end of a contract: everything of a body goes, its log too, after the log was exported.
//
// Done with the service stopped (the data folder's lock is held), in two halves. begin_contract() records what goes and signs the last head, in the
// living body; end_contract() writes <data>/ending/<id>/plan.json, from where on there is no way back. finish_contracts(), which every program runs
// before it opens bodies, then moves the body's folder to <data>/ending/<id>/body, destroys its master key, erases everything but the log's key,
// searches the whole data folder for the marks of the plan, signs the certificate, and destroys the log's key. A program that dies in between is
// followed by one that goes on. Certificates lie in <data>/certificates/ afterwards.
// Failures: disposal.* and storage keys; conflict "disposal.held" while anything is held as evidence.
#pragma once
#include "features/disposal/disposal.h"

namespace sekisho::disposal {

Result<Disposal> begin_contract(gate::Gate& gate, gate::Body& body, const Parts& parts, const DisposalId& id);
// After the export. `head`: as signed_head() gave it, the export's own.
Status end_contract(gate::Gate& gate, gate::Body& body, const Parts& parts, const Disposal& disposal, const json::Object& head);

struct Ended {
  std::string body;  // code
  std::string certificate;  // path of its file; the page lies beside it with .pdf
};
// `heads_folder`: where the body's last head is kept beside the data; `backup_folder`: the program's own backups, empty without. Both go too: the key
// of the body's backups first. A backup folder that is not there is unavailable "backup.folder": nothing is certified that was not erased.
Result<std::vector<Ended>> finish_contracts(const std::string& data_folder, const std::string& heads_folder, const std::string& backup_folder);

}  // namespace sekisho::disposal
