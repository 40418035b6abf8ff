// The program's log: one JSON object a line on stderr (RFC 8259), for operators. It is not the tamper-evident log.
//
// Only whitelisted types can be logged: numbers, booleans, Timestamp, Id, Code and `Word` (a string literal). A std::string does not
// convert, so nothing a person typed can slip in; `Safe` is the visible way round for values that are not personal (paths, versions).
// error = a person must act; warn = worth a look; info is rare; debug is for developers. Thread-safe.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/id.h"
#include "core/time.h"

namespace sekisho::log {

struct Word {
  template <std::size_t N>
  constexpr Word(const char (&literal)[N]) : text(literal, N - 1) {}
  std::string_view text;
};

struct Safe {
  explicit Safe(std::string value) : text(std::move(value)) {}
  std::string text;
};

class Value {
 public:
  Value(bool v) : json_(v ? "true" : "false") {}
  Value(int v) : json_(std::to_string(v)) {}
  Value(long v) : json_(std::to_string(v)) {}
  Value(long long v) : json_(std::to_string(v)) {}
  Value(unsigned v) : json_(std::to_string(v)) {}
  Value(unsigned long v) : json_(std::to_string(v)) {}
  Value(double v) : json_(std::to_string(v)) {}
  Value(Timestamp v);
  Value(Code v);
  Value(Word v);
  Value(const Safe& v);
  template <class Tag>
  Value(const Id<Tag>& id) : Value(Safe(id.str())) {}
  const std::string& json() const { return json_; }

 private:
  std::string json_;
};

struct Field {
  Word name;
  Value value;
};

enum class Level { debug, info, warn, error };
void set_level(Level level);

void write(Level level, Word event, std::initializer_list<Field> fields);
inline void debug(Word event, std::initializer_list<Field> fields = {}) { write(Level::debug, event, fields); }
inline void info(Word event, std::initializer_list<Field> fields = {}) { write(Level::info, event, fields); }
inline void warn(Word event, std::initializer_list<Field> fields = {}) { write(Level::warn, event, fields); }
inline void error(Word event, std::initializer_list<Field> fields = {}) { write(Level::error, event, fields); }
// An Error's detail is written by ourselves, in English, from values that are safe to log.
void error(Word event, const Error& failure);

}  // namespace sekisho::log
