// From rows to what clients see.
#pragma once
#include "features/library/operations.h"

namespace sekisho::library {

// What every view of one request shares, read once.
struct ViewContext : bodies::LabelWords {
  std::uint32_t covered = 0;  // the index's last durable chunk: a document is ready when it can be found
  const policy::Person* person = nullptr;
};
Result<ViewContext> view_context(gate::Context& context, std::uint32_t covered);

CollectionView view_of(const Collection& collection, const ViewContext& with);
DocumentView view_of(const Document& document, const ViewContext& with, bool upload_stopped);
UploadView view_of(const Upload& upload);

}  // namespace sekisho::library
