// An export takes only what the policy released.
// like: features/chat/operations.cpp
// refused with: invalid initialization of reference|could not convert|no matching function
#include "features/chat/export.h"

using namespace sekisho;

Result<chat::ExportedFile> take_out(policy::Labelled<chat::Message> content, const chat::Message& message, const policy::Permit& permit) {
#ifdef SK_CONTROL
  static_cast<void>(message);
  SK_TRY(const auto released, policy::release(std::move(content), policy::Exit{"file", {}}, permit));
  return chat::export_as("txt", released, "機密性1", Timestamp{});
#else
  return chat::export_as("txt", message, "機密性1", Timestamp{});
#endif
}
