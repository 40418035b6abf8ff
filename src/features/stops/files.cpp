#include "features/stops/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/bytes.h"
#include "core/descriptor.h"

namespace sekisho::stops {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReserve = "/.reserve";
constexpr std::size_t kReserveBytes = 64 * 1024;
constexpr std::size_t kMaxFile = 256 * 1024;
constexpr std::string_view kRelease = ".release";
constexpr std::string_view kTemporary = ".tmp";  // write_file's

std::string file_name(const StopFile& file) {
  return file.id + "." + std::string(gate::name_of(file.stop.kind)) + "." + (file.stop.target.empty() ? "-" : file.stop.target);
}

// <id>.<kind>.<target>; anything else closes everything that the folder reaches.
StopFile from_name(const std::string& name, const std::string& body) {
  StopFile out;
  out.id = name;
  out.stop = {body.empty() ? gate::StopKind::service : gate::StopKind::body, body, ""};
  const std::size_t first = name.find('.');
  const std::size_t second = first == std::string::npos ? first : name.find('.', first + 1);
  if (second == std::string::npos) return out;
  const auto kind = gate::stop_kind(std::string_view(name).substr(first + 1, second - first - 1));
  const std::string target = name.substr(second + 1);
  if (!kind || gate::has_target(*kind) != (target != "-")) return out;
  out.id = name.substr(0, first);
  out.stop = {*kind, body, target == "-" ? "" : target};
  return out;
}

Unexpected io(const std::string& what, const std::string& path) {
  const int error = errno;
  return fail(Code::unavailable, error == ENOSPC || error == EDQUOT ? "storage.full" : "storage.io", what + " " + path + ": " + std::strerror(error));
}

Status sync_folder(const std::string& folder) {
  const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open.get() < 0 || ::fsync(open.get()) != 0) return io("cannot sync", folder);
  return ok();
}

Status write_whole(const std::string& folder, const std::string& name, const std::string& content) {
  Status written = write_file(folder + "/" + name, content);
  if (!written) ::unlink((folder + "/" + name + std::string(kTemporary)).c_str());
  return written;
}

Status make_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return io("cannot create", folder);
  return ok();
}

}  // namespace

Result<std::vector<StopFile>> read_folder(const std::string& folder, const std::string& body) {
  std::vector<StopFile> out;
  std::vector<std::string> releases;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error == std::errc::no_such_file_or_directory) return out;
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (name.starts_with(".") || name.ends_with(kTemporary)) continue;
    if (name.ends_with(kRelease)) {
      releases.push_back(name);
      continue;
    }
    StopFile file = from_name(name, body);
    file.path = entries->path().string();
    // Unreadable content never opens what the name closes.
    if (auto text = read_file(file.path, kMaxFile); text && !text->empty())
      if (auto details = json::read_text<Details>(*text)) file.details = std::move(*details);
    out.push_back(std::move(file));
  }
  if (error) return fail(Code::unavailable, "storage.io", "cannot read " + folder + ": " + error.message());
  for (const std::string& name : releases) {
    const auto text = read_file(folder + "/" + name, kMaxFile);
    auto wish = text ? json::read_text<ReleaseWish>(*text) : Result<ReleaseWish>(Unexpected(text.error()));
    if (!wish) continue;  // what nobody can read releases nothing
    for (StopFile& file : out)
      if (file.id + std::string(kRelease) == name) file.release = *wish;
  }
  std::sort(out.begin(), out.end(), [](const StopFile& a, const StopFile& b) { return a.id < b.id; });
  return out;
}

Status write_stop(const std::string& folder, StopFile& file) {
  SK_CHECK(make_folder(folder));
  const std::string name = file_name(file);
  const std::string content = json::write(file.details);
  Status written = write_whole(folder, name, content);
  if (!written) {
    ::unlink((folder + kReserve).c_str());
    written = write_whole(folder, name, content);
  }
  // The name alone closes: it takes no block of a full disk.
  if (!written) written = write_whole(folder, name, "");
  if (!written) return written;
  file.path = folder + "/" + name;
  return ok();
}

Status write_release(const std::string& folder, const std::string& id, const ReleaseWish& wish) {
  return write_whole(folder, id + std::string(kRelease), json::write(wish));
}

Status remove_stop(const std::string& folder, const StopFile& file) {
  if (!file.path.empty() && ::unlink(file.path.c_str()) != 0 && errno != ENOENT) return io("cannot remove", file.path);
  const std::string wish = folder + "/" + file.id + std::string(kRelease);
  if (::unlink(wish.c_str()) != 0 && errno != ENOENT) return io("cannot remove", wish);
  return sync_folder(folder);
}

void keep_reserve(const std::string& folder) {
  const std::string path = folder + kReserve;
  std::error_code error;
  if (fs::exists(path, error) || !make_folder(folder)) return;
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() >= 0 && ::posix_fallocate(file.get(), 0, kReserveBytes) != 0) ::unlink(path.c_str());
}

}  // namespace sekisho::stops
