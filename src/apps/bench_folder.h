// The temporary folder that a measurement works in: under TMPDIR or /tmp unless another is named, removed with all that is in it at the end. One owner; any
// thread.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include "core/result.h"

namespace sekisho::apps {

class BenchFolder {
 public:
  // unavailable "storage.io".
  static Result<BenchFolder> make(const std::string& under = "") {
    const char* const base = std::getenv("TMPDIR");
    std::string name = (!under.empty() ? under : base == nullptr ? "/tmp" : base) + "/sekisho-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) return fail(Code::unavailable, "storage.io", name + ": no temporary folder");
    return BenchFolder(std::move(name));
  }
  BenchFolder(BenchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  BenchFolder& operator=(BenchFolder&&) = delete;
  ~BenchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  explicit BenchFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace sekisho::apps
