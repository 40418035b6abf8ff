// PDF with a text layer, by poppler's pdftotext running beside the worker in the same cage. Files go through the cage's private /tmp.
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "files/extract.h"
#include "files/lines.h"
#include "files/utf8.h"

namespace sekisho::files {
namespace {

constexpr const char* kProgram = "/usr/bin/pdftotext";
constexpr std::size_t kMaxMessages = 64 * 1024;
// More than the characters that are let through can need.
constexpr std::size_t kMaxTextBytes = 3 * kMaxOutputCharacters;

class Folder {
 public:
  static Result<Folder> make() {
    char path[] = "/tmp/pdf-XXXXXX";
    if (::mkdtemp(path) == nullptr) return fail(Code::internal, "files.crashed", "no scratch folder");
    return Folder(path);
  }
  ~Folder() {
    if (path_.empty()) return;
    for (const char* name : {"in.pdf", "out.txt", "err.txt"}) ::unlink(file(name).c_str());
    ::rmdir(path_.c_str());
  }
  Folder(Folder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Folder& operator=(Folder&&) = delete;
  std::string file(const char* name) const { return path_ + "/" + name; }

 private:
  explicit Folder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

Status write_plain(const std::string& path, std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return fail(Code::internal, "files.crashed", "scratch file");
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n <= 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  ::close(fd);
  return bytes.empty() ? ok() : Status(fail(Code::too_large, "files.too_complex", "scratch space is full"));
}

// At most max_bytes from the front; `whole` says whether that was all.
std::string read_front(const std::string& path, std::size_t max_bytes, bool& whole) {
  std::string out;
  whole = true;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return out;
  struct stat info {};
  if (::fstat(fd, &info) == 0) {
    const auto size = static_cast<std::size_t>(info.st_size);
    whole = size <= max_bytes;
    out.resize(std::min(size, max_bytes));
    std::size_t done = 0;
    while (done < out.size()) {
      const ssize_t n = ::read(fd, out.data() + done, out.size() - done);
      if (n <= 0) break;
      done += static_cast<std::size_t>(n);
    }
    out.resize(done);
  }
  ::close(fd);
  return out;
}

// The exit status, or -1 when something ended it.
Result<int> run_pdftotext(const Folder& folder) {
  std::string input = folder.file("in.pdf");
  std::string output = folder.file("out.txt");
  const std::string errors = folder.file("err.txt");
  // Columns of a page lie further apart than the one full-width space between a number and its heading (第1条　目的), which is a column for the program by itself.
  std::array<std::string, 7> words = {"pdftotext", "-enc", "UTF-8", "-eol", "unix", "-colspacing", "1.6"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(input.data());
  arguments.push_back(output.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  std::string locale = "LC_ALL=C.UTF-8";
  char* environment[] = {locale.data(), nullptr};
  pid_t pid = -1;
  const int failed = ::posix_spawn(&pid, kProgram, &actions, nullptr, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) return fail(Code::internal, "files.crashed", std::string("pdftotext: ") + std::strerror(failed));
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Running heads and page numbers stand alone on many pages' first or last line; a page number is not text.
bool is_page_number(std::string_view line) {
  const std::string_view text = trim(line);
  if (text.empty() || text.size() > 24) return false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    constexpr std::u32string_view kAllowed = U"0123456789０１２３４５６７８９-－–— 　/／.ページ頁";
    if (kAllowed.find(c) == std::u32string_view::npos) return false;
  }
  return true;
}

std::string_view without_page_number(std::string_view page) {
  page = trim(page);
  const std::size_t last = page.rfind('\n');
  if (last != std::string_view::npos && is_page_number(page.substr(last + 1))) return page.substr(0, last);
  return page;
}

}  // namespace

Result<Extracted> extract_pdf(std::string_view bytes, const Options& options) {
  SK_TRY(const Folder folder, Folder::make());
  SK_CHECK(write_plain(folder.file("in.pdf"), bytes));
  SK_TRY(const int status, run_pdftotext(folder));
  bool whole = true;
  const std::string messages = read_front(folder.file("err.txt"), kMaxMessages, whole);
  std::string text = read_front(folder.file("out.txt"), kMaxTextBytes, whole);
  if (!whole) return fail(Code::too_large, "files.too_much_text", "more text than is let through");
  if (messages.find("Incorrect password") != std::string::npos) return fail(Code::invalid_argument, "files.encrypted", "needs a password");
  if (status < 0) return fail(Code::too_large, "files.too_complex", "pdftotext was ended by a limit or a fault");
  if (status == 3) return fail(Code::denied, "files.copy_forbidden", "text extraction is forbidden by the document");
  if (status != 0) return fail(Code::invalid_argument, "files.broken", "pdftotext status " + std::to_string(status));

  Extracted out;
  out.type = Type::pdf;
  if (!valid_utf8(text)) return fail(Code::invalid_argument, "files.broken", "pdftotext gave no UTF-8");
  LineBlocks lines(out.blocks, Wrapping::joined);
  bool blank_page = false;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\f');
    const std::string_view page = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (end == std::string_view::npos && trim(page).empty()) break;
    ++out.pages;
    blank_page |= trim(page).empty();
    std::string cleaned = clean(std::string(page));
    if (options.lines)
      out.blocks.push_back(Block{.page = out.pages, .text = std::move(cleaned)});
    else
      lines.add(without_page_number(cleaned), out.pages);
  }
  if (out.blocks.empty()) return fail(Code::invalid_argument, "files.no_text", std::to_string(out.pages) + " pages without text");
  if (!options.lines) promote_title(out.blocks);
  if (blank_page) out.warnings.emplace_back("files.some_pages_without_text");
  return out;
}

}  // namespace sekisho::files
