#include "policy/filter.h"

#include <mutex>

namespace sekisho::policy {

std::string Readable::as_list() const {
  std::string out = "|";
  for (std::size_t n = 0; n < bits_.size(); ++n)
    if (bits_[n]) out += std::to_string(n) + "|";
  return out;
}

void LabelBook::learn(std::uint32_t number, std::string_view encoded) {
  auto label = decode(encoded);
  const std::unique_lock lock(mutex_);
  if (number >= labels_.size()) labels_.resize(number + 1);
  if (label) labels_[number] = std::make_unique<const Label>(std::move(*label));
}

std::uint32_t LabelBook::last() const {
  const std::shared_lock lock(mutex_);
  return labels_.empty() ? 0 : static_cast<std::uint32_t>(labels_.size() - 1);
}

Readable LabelBook::readable(const Matrix& matrix, const Reader& reader) const {
  const std::shared_lock lock(mutex_);
  Readable out;
  out.bits_.resize(labels_.size());
  for (std::size_t n = 0; n < labels_.size(); ++n) out.bits_[n] = labels_[n] && decide_read(matrix, reader, *labels_[n]).allow;
  return out;
}

}  // namespace sekisho::policy
