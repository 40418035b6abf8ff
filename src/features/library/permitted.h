// Which chunks a person may read: the bitmap that every search takes. Generated from the read rule by way of the label table.
//
// Three things are kept: where documents lie and which label they have (brought up to date from the change table, revision by revision), the
// labels (LabelBook), and finished bitmaps. A bitmap is kept under everything it depends on: the reader as a value (policy::Reader is all that
// a read is decided on), the library's revision and the collections asked for (from which the caller leaves out what is stopped). A change of
// person, label, document or stop therefore gives another key: nothing has to be told to the cache, and nothing old can be found in it.
// A write transaction may see what is never committed: it is answered from its own rows and leaves nothing behind.
// Threads: thread-safe.
#pragma once
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "features/library/table.h"
#include "gate/label_table.h"
#include "search/bitmap.h"

namespace sekisho::library {

class PermittedSets {
 public:
  explicit PermittedSets(policy::LabelBook& labels) : labels_(labels) {}

  // What the permit's person may read and, unless empty, lies in these collections. Exact for the transaction.
  Result<std::shared_ptr<const search::Bitmap>> of(sql::Tx& tx, const policy::Permit& permit, std::vector<CollectionId> collections);
  // Every chunk of a document that can be found.
  Result<search::Bitmap> alive(sql::Tx& tx);

 private:
  struct Range {
    std::uint32_t first, last, label, collection;
  };
  struct Shelved {  // all documents at one revision
    std::int64_t revision = -1;
    std::vector<Range> ranges;  // by first
    std::vector<std::string> collections;
    std::unordered_map<std::string, std::uint32_t> collection_numbers;
  };
  struct Key {
    policy::Reader reader;
    std::int64_t revision;
    std::vector<std::string> collections;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Kept {
    std::shared_ptr<const search::Bitmap> bitmap;
    std::list<const Key*>::iterator age;
  };

  Result<std::shared_ptr<const Shelved>> shelved(sql::Tx& tx, std::int64_t revision);
  Result<std::shared_ptr<Shelved>> load(sql::Tx& tx, std::int64_t revision) const;
  static void place(Shelved& all, const RangeRow& row);
  void keep(Key key, std::shared_ptr<const search::Bitmap> bitmap);

  policy::LabelBook& labels_;
  std::mutex mutex_;  // of the cache; short
  std::unordered_map<Key, Kept, KeyHash> kept_;
  std::list<const Key*> ages_;  // last used first
  std::mutex shelved_mutex_;    // held while rows are read, so that a change is read once
  std::shared_ptr<const Shelved> shelved_;
};

}  // namespace sekisho::library
