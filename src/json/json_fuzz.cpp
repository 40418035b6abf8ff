// The strict reader and the canonical form over arbitrary bytes: what parses must survive being written and read again.
#include <cstdint>
#include <cstdlib>

#include "json/json.h"

namespace {

struct Inner {
  std::string name;
  std::optional<std::int64_t> number;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (name, number))
struct Outer {
  std::vector<Inner> items;
  std::map<std::string, double> map;
  bool flag = false;
};
BOOST_DESCRIBE_STRUCT(Outer, (), (items, map, flag))

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = sekisho::json::parse(text);
  if (!value) return 0;
  const std::string canonical = sekisho::json::canonical(*value);
  const auto again = sekisho::json::parse(canonical);
  if (!again || sekisho::json::canonical(*again) != canonical) std::abort();
  if (const auto typed = sekisho::json::read<Outer>(*value); typed && !sekisho::json::read_text<Outer>(sekisho::json::write(*typed))) std::abort();
  return 0;
}
