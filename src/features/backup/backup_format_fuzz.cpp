// What parses as a part of a backup must print to the same bytes, and never names a file outside the folder that it is restored into.
#include <cstdint>
#include <cstdlib>

#include "features/backup/format.h"

using namespace sekisho::backup;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto manifest = read_manifest(bytes); manifest.has_value())
    for (const FileEntry& file : manifest->files)
      if (!safe_path(file.path)) std::abort();
  if (const auto ids = decode_ids(bytes); ids.has_value() && encode_ids(*ids) != bytes) std::abort();
  if (const auto group = decode_group(bytes); group.has_value()) {
    const auto again = decode_group(encode_group(*group));
    if (!again.has_value() || again->size() != group->size()) std::abort();
  }
  if (const auto name = parse_set_name(bytes); name.has_value() && set_name(name->at, name->kind) != bytes) std::abort();
  if (const auto key = parse_key_text(bytes); key.has_value() && parse_key_text(key_text(*key)).value() != *key) std::abort();
  static_cast<void>(parse_moment(bytes));
  return 0;
}
