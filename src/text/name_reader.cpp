#include "text/name_reader.h"

#include <mecab.h>

#include <array>

#include "text/normalise.h"
#include "text/romaji.h"

namespace sekisho::text {
namespace {

constexpr int kReading = 7;

// One field of a comma separated feature line; empty where it has fewer.
std::string_view field(std::string_view feature, int index) {
  for (; index > 0 && !feature.empty(); --index) {
    const std::size_t comma = feature.find(',');
    feature = comma == std::string_view::npos ? std::string_view() : feature.substr(comma + 1);
  }
  return feature.substr(0, feature.find(','));
}

}  // namespace

struct NameReader::Shared {
  std::unique_ptr<MeCab::Model> model;
  std::unique_ptr<MeCab::Tagger> tagger;
};

NameReader::NameReader(std::unique_ptr<Shared> shared) : shared_(std::move(shared)) {}
NameReader::~NameReader() = default;

Result<std::unique_ptr<const NameReader>> NameReader::create(const std::string& dictionary) {
  auto shared = std::make_unique<Shared>();
  // The resource file is named so that no system-wide mecabrc can switch the dictionary.
  std::array<std::string, 5> words = {"mecab", "-r", "/dev/null", "-d", dictionary};
  std::array<char*, 5> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  shared->model.reset(MeCab::Model::create(static_cast<int>(arguments.size()), arguments.data()));
  if (shared->model) shared->tagger.reset(shared->model->createTagger());
  if (!shared->tagger) return fail(Code::unavailable, "text.dictionary_missing", dictionary + " is not a MeCab dictionary: " + MeCab::getLastError());
  return std::unique_ptr<const NameReader>(new NameReader(std::move(shared)));
}

std::vector<std::string> NameReader::read(std::string_view utf8) const {
  std::vector<std::string> out;
  std::string whole;
  const auto add = [&out](const std::string& latin) {
    const std::string shorter = short_vowels(latin);
    for (const std::string& spelling : {latin, shorter, official_spelling(latin), official_spelling(shorter)})
      if (!spelling.empty()) out.push_back(spelling);
  };
  const std::string text = normalise(utf8);
  const std::unique_ptr<MeCab::Lattice> lattice(shared_->model->createLattice());
  lattice->set_sentence(text.data(), text.size());
  if (!shared_->tagger->parse(lattice.get())) return out;
  for (const MeCab::Node* node = lattice->bos_node(); node; node = node->next) {
    if (node->stat == MECAB_BOS_NODE || node->stat == MECAB_EOS_NODE) continue;
    const std::string_view reading = field(node->feature, kReading);
    const std::string latin = romanise(reading.empty() || reading == "*" ? std::string_view(node->surface, node->length) : reading);
    add(latin);
    whole += latin;
  }
  add(whole);
  return out;
}

}  // namespace sekisho::text
