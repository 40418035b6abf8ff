#include "features/library/permitted.h"

#include <gtest/gtest.h>

#include "features/library/test_shelf.h"
#include "policy/random_world.h"

namespace sekisho::library {
namespace {

using policy::Random;
using policy::chance;
using policy::pick;

// What must be in the set, decided document by document.
search::Bitmap expected(const std::vector<Document>& documents, const policy::Permit& permit, const std::vector<CollectionId>& collections) {
  search::Bitmap out;
  for (const Document& d : documents) {
    const bool wanted = collections.empty() || std::find(collections.begin(), collections.end(), d.collection_id) != collections.end();
    if (wanted && policy::decide_read(permit, d.label).allow) out.set_range(static_cast<std::uint32_t>(*d.first_chunk), static_cast<std::uint32_t>(*d.last_chunk));
  }
  return out;
}

bool same(const search::Bitmap& a, const search::Bitmap& b) { return a.count() == b.count() && a.count() == a.count_common(b); }

class Permitted : public ::testing::Test {
 protected:
  search::Bitmap at_once(const policy::Permit& permit, const std::vector<CollectionId>& collections = {}) {
    auto tx = shelf_.db->begin_read().value();
    return *sets_.of(*tx, permit, collections).value();
  }
  template <class Change>
  void commit(Change change) {
    auto tx = shelf_.db->begin_write().value();
    change(*tx);
    TestShelf::must(tx->commit());
  }
  policy::Permit reader(std::set<policy::Principal> principals, policy::Rank clearance, policy::SegmentSet origins = 7) {
    policy::Reader out;
    out.principals = std::move(principals);
    out.clearance = clearance;
    out.accepted_origins = origins;
    return shelf_.permit(out);
  }

  TestShelf shelf_;
  policy::LabelBook book_;
  PermittedSets sets_{book_};
};

// Every change of a person, a label or a document is in the very next set, however many sets were kept before.
TEST_F(Permitted, EveryChangeIsSeenAtTheNextRead) {
  Random random(policy::run_seed());
  std::vector<CollectionId> collections;
  std::vector<Document> documents;
  commit([&](sql::Tx& tx) {
    for (int n = 0; n < 4; ++n) collections.push_back(shelf_.add_collection(tx, known_label(1)));
  });
  std::vector<policy::Person> people;
  for (int n = 0; n < 6; ++n) people.push_back(policy::random_person(random));
  for (int step = 0; step < 1500; ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    const auto some = [&]() -> Document& { return documents[static_cast<std::size_t>(pick(random, static_cast<int>(documents.size())))]; };
    switch (documents.empty() ? 0 : pick(random, 6)) {
      case 0:
        commit([&](sql::Tx& tx) {
          for (int n = 1 + pick(random, 3); n > 0; --n)
            documents.push_back(shelf_.add_document(tx, collections[static_cast<std::size_t>(pick(random, 4))], policy::random_label(random), 1 + pick(random, 5)));
        });
        break;
      case 1:
        commit([&](sql::Tx& tx) {
          Document& d = some();
          TestShelf::must(Table::delete_document(tx, d.id));
          TestShelf::must(Table::changed(tx, d.first_chunk));
          documents.erase(documents.begin() + (&d - documents.data()));
        });
        break;
      case 2:
        commit([&](sql::Tx& tx) {
          Document& d = some();
          const auto raised = policy::raise(d.label, policy::random_label(random));
          TestShelf::must(Table::relabel(tx, d, raised));
          d.label = raised.label();
        });
        break;
      case 3:
        commit([&](sql::Tx& tx) {
          Document& d = some();
          policy::Label to = policy::random_label(random);
          to.state = policy::State::known;
          auto approved = policy::approve(shelf_.matrix, {d.id.str(), d.sha256, d.label, to, "asker"}, {{"boss", {}, true}}).value();
          TestShelf::must(Table::relabel(tx, d, policy::declassify(shelf_.matrix, std::move(approved), d.id.str(), d.sha256, d.label).value()));
          d.label = to;
        });
        break;
      default: people[static_cast<std::size_t>(pick(random, 6))] = policy::random_person(random);
    }
    if (chance(random, 50)) commit([&](sql::Tx& tx) { TestShelf::must(Table::changed_anything(tx)); });
    for (const policy::Person& p : people) {
      const policy::Permit permit = shelf_.permit(p);
      const std::vector<CollectionId> wanted = chance(random, 2) ? std::vector<CollectionId>() : std::vector<CollectionId>{collections[0], collections[2]};
      ASSERT_TRUE(same(at_once(permit, wanted), expected(documents, permit, wanted)));
      ASSERT_TRUE(same(at_once(permit, wanted), expected(documents, permit, wanted)));  // as kept
    }
  }
}

TEST_F(Permitted, WhatIsNotCommittedIsSeenByItsTransactionAloneAndLeavesNothing) {
  const policy::Permit two = reader({"unit:a"}, 2);
  CollectionId collection;
  commit([&](sql::Tx& tx) { collection = shelf_.add_collection(tx, known_label(1)); });
  EXPECT_EQ(at_once(two).count(), 0u);
  {
    auto tx = shelf_.db->begin_write().value();
    shelf_.add_document(*tx, collection, known_label(2), 3);  // a label with a new number
    EXPECT_EQ(sets_.of(*tx, two, {}).value()->count(), 3u);
  }  // undone
  EXPECT_EQ(at_once(two).count(), 0u);
  // The same number of revision, chunk and label now stands for something that is not hers.
  commit([&](sql::Tx& tx) { shelf_.add_document(tx, collection, known_label(2, {{"unit:b"}}), 3); });
  EXPECT_EQ(at_once(two).count(), 0u);
  EXPECT_EQ(at_once(reader({"unit:b"}, 2)).count(), 3u);
}

TEST_F(Permitted, AnOlderSnapshotIsAnsweredAsOfItself) {
  const policy::Permit two = reader({}, 2);
  CollectionId collection;
  Document d;
  commit([&](sql::Tx& tx) {
    collection = shelf_.add_collection(tx, known_label(1));
    d = shelf_.add_document(tx, collection, known_label(2), 2);
  });
  auto before = shelf_.db->begin_read().value();
  EXPECT_EQ(Table::revision(*before).value(), 1);
  commit([&](sql::Tx& tx) { TestShelf::must(Table::relabel(tx, d, policy::raise(d.label, known_label(3)))); });
  EXPECT_EQ(at_once(two).count(), 0u);
  EXPECT_EQ(sets_.of(*before, two, {}).value()->count(), 2u);
  EXPECT_EQ(at_once(two).count(), 0u);
}

TEST_F(Permitted, EveryAttributeOfTheReaderCounts) {
  commit([&](sql::Tx& tx) {
    const auto c = shelf_.add_collection(tx, known_label(1));
    shelf_.add_document(tx, c, known_label(2, {{"unit:a"}}, 2), 4);
  });
  EXPECT_EQ(at_once(reader({"unit:a"}, 2, 2)).count(), 4u);
  EXPECT_EQ(at_once(reader({"unit:b"}, 2, 2)).count(), 0u);
  EXPECT_EQ(at_once(reader({"unit:a"}, 1, 2)).count(), 0u);
  EXPECT_EQ(at_once(reader({"unit:a"}, 2, 5)).count(), 0u);
  policy::Reader program;
  program.program = true;
  EXPECT_EQ(at_once(shelf_.permit(program)).count(), 4u);
  EXPECT_EQ(at_once(reader({"unit:a"}, 2, 2)).count(), 4u);
}

// Lists are filtered by the same rule: what they show and count is what may be read.
TEST_F(Permitted, ListsShowAndCountWhatMayBeRead) {
  CollectionId open, closed;
  commit([&](sql::Tx& tx) {
    open = shelf_.add_collection(tx, known_label(1));
    closed = shelf_.add_collection(tx, known_label(1, {{"unit:b"}}));
    shelf_.add_document(tx, open, known_label(1), 1);
    shelf_.add_document(tx, open, known_label(3), 1);
    shelf_.add_document(tx, closed, known_label(1, {{"unit:b"}}), 1);
  });
  auto tx = shelf_.db->begin_read().value();
  const auto list = [&](const policy::Permit& permit) { return gate::LabelTable::readable(*tx, book_, permit).value(); };
  const policy::Permit one = reader({"unit:a"}, 1), all = reader({"unit:b"}, 3);
  auto seen = Table::collections(*tx, list(one)).value();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(std::move(seen[0]).open(one)->documents, 1);
  EXPECT_EQ(Table::collections(*tx, list(all)).value().size(), 2u);
  EXPECT_EQ(Table::documents(*tx, open, list(one), "", 10).value().size(), 1u);
  EXPECT_EQ(Table::documents(*tx, open, list(all), "", 10).value().size(), 2u);
  EXPECT_EQ(Table::documents(*tx, closed, list(one), "", 10).value().size(), 0u);
  EXPECT_EQ(Table::uploads(*tx, open, list(one), "x").value().at(0).received, 1);
  EXPECT_EQ(Table::uploads(*tx, closed, list(one), "x").value().size(), 0u);
  EXPECT_EQ(Table::uploads(*tx, closed, list(one), "u").value().at(0).received, 1);  // one's own
}

}  // namespace
}  // namespace sekisho::library
