#include "files/zip.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

namespace sekisho::files {
namespace {

la_ssize_t append(archive*, void* to, const void* bytes, std::size_t count) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), count);
  return static_cast<la_ssize_t>(count);
}

bool add(archive* writer, const std::string& name, const std::string& bytes) {
  const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  return archive_write_header(writer, entry.get()) == ARCHIVE_OK && archive_write_data(writer, bytes.data(), bytes.size()) == static_cast<la_ssize_t>(bytes.size());
}

}  // namespace

Result<std::string> zip(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string out;
  const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(), archive_write_free);
  bool good = archive_write_set_format_zip(writer.get()) == ARCHIVE_OK && archive_write_set_bytes_in_last_block(writer.get(), 1) == ARCHIVE_OK &&
              archive_write_open(writer.get(), &out, nullptr, append, nullptr) == ARCHIVE_OK;
  for (const auto& [name, bytes] : files) good = good && add(writer.get(), name, bytes);
  good = good && archive_write_close(writer.get()) == ARCHIVE_OK;
  if (!good) return fail(Code::internal, "files.zip", "cannot pack");
  return out;
}

}  // namespace sekisho::files
