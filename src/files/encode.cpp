#include "files/encode.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/unistr.h>

#include <memory>

namespace sekisho::files {

Result<std::string> encode_cp932(std::string_view utf8) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter(ucnv_open("ibm-943_P15A-2003", &error), &ucnv_close);
  if (U_SUCCESS(error)) ucnv_setFromUCallBack(converter.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  if (U_FAILURE(error)) return fail(Code::unavailable, "files.converter", "no converter for CP932");
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
  std::string out(static_cast<std::size_t>(text.length()) * 2 + 8, '\0');
  const int32_t bytes = ucnv_fromUChars(converter.get(), out.data(), static_cast<int32_t>(out.size()), text.getBuffer(), text.length(), &error);
  if (U_FAILURE(error)) return fail(Code::invalid_argument, "files.not_in_cp932", "a character that CP932 does not have");
  out.resize(static_cast<std::size_t>(bytes));
  return out;
}

}  // namespace sekisho::files
