// Shared by the tests and fuzz targets of this folder.
#pragma once
#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "search/bitmap.h"
#include "text/analyse.h"

namespace sekisho::search {

// One analyser for a whole program: the dictionary takes a moment to load.
inline const text::Analyzer& test_analyzer() {
  static const std::unique_ptr<const text::Analyzer> analyzer = [] {
    auto made = text::Analyzer::create({});
    if (!made) std::abort();
    return std::move(*made);
  }();
  return *analyzer;
}

inline Bitmap all_up_to(std::uint32_t last) {
  Bitmap out;
  out.set_range(1, last);
  return out;
}

class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "sekisho-search-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~TestFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace sekisho::search
