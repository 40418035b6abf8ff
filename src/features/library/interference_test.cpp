// Two worlds that differ only in what a reader may not read are one world to that reader: hits, scores, order, lists and counts.
#include <gtest/gtest.h>
#include <unistd.h>

#include "features/library/permitted.h"
#include "features/library/test_shelf.h"
#include "policy/random_world.h"
#include "search/index.h"

namespace sekisho::library {
namespace {

using policy::Random;
using policy::chance;
using policy::pick;

constexpr int kWorlds = 60;
constexpr const char* kWords[] = {"税", "届出", "保育", "道路", "予算", "避難所", "申請書", "手数料", "窓口", "契約", "職員", "会議", "公園", "水道", "福祉", "戸籍"};

std::string sentence(Random& random) {
  std::string out;
  for (int n = 3 + pick(random, 8); n > 0; --n) out += std::string(kWords[pick(random, 16)]) + "の";
  return out + "手引である。";
}

struct Given {
  bool visible = false;
  int collection = 0;
  policy::Label label;
  std::vector<std::string> chunks;
};

const text::Analyzer& analyzer() {
  static const auto instance = text::Analyzer::create({}).value();
  return *instance;
}

// One world, built from a list of documents; what the reader is shown of it comes out as text.
class World {
 public:
  World(const std::vector<Given>& given, const policy::Reader& reader) : permit_(shelf_.permit(reader)) {
    folder_ = "/tmp/sekisho-interference-" + std::to_string(::getpid()) + "-" + std::to_string(++made_);
    std::filesystem::create_directories(folder_);
    index_ = search::Index::open(folder_, analyzer()).value();
    auto tx = shelf_.db->begin_write().value();
    collections_.push_back(shelf_.add_collection(*tx, known_label(1)));
    collections_.push_back(shelf_.add_collection(*tx, known_label(1, {{"unit:own"}})));
    collections_.push_back(shelf_.add_collection(*tx, known_label(1, {{"unit:other"}})));
    int visible = 0;
    for (const Given& g : given) {
      const Document d = shelf_.add_document(*tx, collections_[static_cast<std::size_t>(g.collection)], g.label, static_cast<std::int64_t>(g.chunks.size()));
      std::vector<search::Passage> passages;
      for (std::size_t n = 0; n < g.chunks.size(); ++n) {
        const auto chunk = static_cast<std::uint32_t>(*d.first_chunk + static_cast<std::int64_t>(n));
        names_[chunk] = g.visible ? std::to_string(visible) + "." + std::to_string(n) : "hidden";
        passages.push_back({chunk, "d.txt", "", g.chunks[n]});
      }
      numbers_[d.id.str()] = g.visible ? std::to_string(visible) : "hidden";
      visible += g.visible;
      TestShelf::must(index_->add(passages));
      if (names_.size() % 5 == 0) TestShelf::must(index_->flush());
    }
    TestShelf::must(tx->commit());
    TestShelf::must(index_->flush());
  }
  ~World() {
    index_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string shown(const std::vector<std::string>& questions) {
    auto tx = shelf_.db->begin_read().value();
    std::string out;
    char score[64];
    for (const std::vector<CollectionId>& wanted : {std::vector<CollectionId>(), std::vector<CollectionId>{collections_[0]}, std::vector<CollectionId>{collections_[2]}}) {
      const auto set = sets_.of(*tx, permit_, wanted).value();
      for (const std::string& q : questions) {
        const auto hits = index_->search(q, *set, 5).value();
        for (const search::Hit& hit : hits) {
          std::snprintf(score, sizeof score, "%a", hit.score);
          out += q + " " + names_[hit.chunk] + " " + score + "\n";
        }
      }
    }
    const policy::Readable readable = gate::LabelTable::readable(*tx, book_, permit_).value();
    auto collections = Table::collections(*tx, readable).value();
    for (auto& labelled : collections) {
      const Collection c = std::move(labelled).open(permit_).value();
      out += "collection " + std::to_string(c.documents) + "\n";
      for (std::string after;;) {
        auto page = Table::documents(*tx, c.id, readable, after, 2).value();
        if (page.empty()) break;
        for (auto& document : page) {
          const Document d = std::move(document).open(permit_).value();
          after = d.id.str();
          out += "document " + numbers_[after] + "\n";
        }
        out += "page\n";
      }
      const auto uploads = Table::uploads(*tx, c.id, readable, "me").value();
      for (const Upload& u : uploads) out += "upload " + std::to_string(u.received) + "\n";
    }
    return out;
  }

 private:
  TestShelf shelf_;
  const policy::Permit permit_;
  policy::LabelBook book_;
  PermittedSets sets_{book_};
  std::string folder_;
  std::unique_ptr<search::Index> index_;
  std::vector<CollectionId> collections_;
  std::map<std::uint32_t, std::string> names_;
  std::map<std::string, std::string> numbers_;
  inline static int made_ = 0;
};

Given draw(Random& random, bool visible) {
  Given g;
  g.visible = visible;
  g.collection = visible ? pick(random, 2) : pick(random, 3);
  if (visible) {
    g.label = chance(random, 2) ? known_label(1 + pick(random, 2)) : known_label(2, {{"unit:own", "unit:x"}}, 2);
  } else {
    switch (pick(random, 4)) {
      case 0: g.label = known_label(3); break;
      case 1: g.label = known_label(1, {{"unit:other"}}); break;
      case 2: g.label = known_label(1, {}, 1); break;
      default: g.label = policy::Label{};
    }
  }
  for (int n = 1 + pick(random, 3); n > 0; --n) g.chunks.push_back(sentence(random));
  return g;
}

// The visible documents in their order, with others between them.
std::vector<Given> with_hidden(Random& random, const std::vector<Given>& visible) {
  std::vector<Given> out;
  for (const Given& g : visible) {
    for (int n = pick(random, 4); n > 0; --n) out.push_back(draw(random, false));
    out.push_back(g);
  }
  for (int n = pick(random, 3); n > 0; --n) out.push_back(draw(random, false));
  return out;
}

TEST(Interference, WhatIsHiddenChangesNothingThatIsShown) {
  policy::Reader reader;
  reader.principals = {"user:me", "unit:own"};
  reader.clearance = 2;
  reader.accepted_origins = 6;
  int shown_lines = 0;
  for (int n = 0; n < kWorlds; ++n) {
    const std::uint64_t seed = policy::run_seed() + static_cast<std::uint64_t>(n);
    Random random(seed);
    std::vector<Given> visible;
    for (int k = 2 + pick(random, 5); k > 0; --k) visible.push_back(draw(random, true));
    std::vector<std::string> questions;
    for (int k = 0; k < 4; ++k) questions.push_back(std::string(kWords[pick(random, 16)]) + "の" + kWords[pick(random, 16)]);
    World one(with_hidden(random, visible), reader), two(with_hidden(random, visible), reader);
    const std::string told = one.shown(questions);
    ASSERT_EQ(told, two.shown(questions)) << "seed " << seed;
    ASSERT_EQ(told.find("hidden"), std::string::npos) << "seed " << seed;
    shown_lines += static_cast<int>(std::count(told.begin(), told.end(), '\n'));
  }
  EXPECT_GT(shown_lines, kWorlds * 10);
}

}  // namespace
}  // namespace sekisho::library
