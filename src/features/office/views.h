// Cases and definitions as one caller sees them.
#pragma once
#include "features/office/operations.h"
#include "features/office/words.h"
#include "files/sheet.h"

namespace sekisho::office {

class Views {
 public:
  Views(const Office& office, gate::Context& context, const Actor& actor) : office_(office), context_(context), actor_(actor), words_(context, office.directory()) {}

  Result<CaseView> whole(const CaseId& id);
  Result<ItemView> item(const File& file);
  // Whether the caller may know who opened it.
  Result<bool> opener_shown(const File& file);
  Result<ItemList> list(const ListIn& in);
  Result<ItemList> tasks(const PageIn& in);
  Result<NoticeList> notices(const PageIn& in);
  Result<DutyList> duties(const DutiesIn& in);
  Result<RegisterList> registers();
  Result<DefinitionView> definition(const DefinitionIn& in);
  Result<LedgerFileOut> ledger(const ExportIn& in);

 private:
  Result<std::string> cell(const File& file, const std::string& column);
  Status fields(const File& file, CaseView& out);
  Status actions(const File& file, CaseView& out);
  Status history(const File& file, CaseView& out);
  Status attachments(const File& file, CaseView& out);
  Status around(const File& file, CaseView& out);
  Result<NoticeView> notice(const Notice& n, const std::vector<SeenBy>& seen);
  Result<Filter> filter_of(const ListIn& in, const ReadVersion& version) const;
  Result<std::string> exported(const File& file, const std::string& key, const std::string& axis);
  Result<files::Sheet> sheet(const workflow::Definition& d, const Filter& filter);
  Result<files::Sheet> rows_of_table(const workflow::Field& table, const Filter& filter);
  Status each_exported(const Filter& filter, const std::function<Status(const File&)>& take);
  Result<std::vector<CaseId>> candidates(const Filter& filter, const std::string& after, int limit);
  Result<bool> may_open(const workflow::Definition& d, const workflow::Organisation& organisation);

  const Office& office_;
  gate::Context& context_;
  const Actor& actor_;
  Words words_;
};

}  // namespace sekisho::office
