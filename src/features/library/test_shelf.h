// For the library's tests and measurements: a database with the product's schema in a folder of its own, documents in it, and permits.
#pragma once
#include <cstdlib>
#include <filesystem>

#include "core/bytes.h"
#include "features/library/table.h"
#include "gate/run.h"
#include "policy/test_support.h"
#include "sql/test_migrations.h"

namespace sekisho::library {

class TestShelf {
 public:
  TestShelf() {
    static const Migrated migrated{make_migrated()};  // once a run: every shelf starts as a copy
    folder_ = temporary();
    std::filesystem::copy_file(migrated.folder + "/body.db", folder_ + "/body.db");
    db = std::move(sql::Db::open_sqlite(folder_ + "/body.db", {4}).value());
    unit = id<bodies::UnitTag>();
    auto tx = db->begin_write().value();
    must(bodies::Table::put_unit(*tx, {{unit, "u", "課", std::nullopt, "ka"}}));
    must(tx->commit());
  }
  ~TestShelf() {
    db.reset();
    std::filesystem::remove_all(folder_);
  }

  template <class Tag>
  Id<Tag> id() {
    return Id<Tag>::make({static_cast<std::int64_t>(++count_) * 1000}, std::string(10, 'a'));
  }
  static void must(const Status& status) {
    if (!status) throw std::runtime_error(status.error().key + ": " + status.error().detail);
  }

  CollectionId add_collection(sql::Tx& tx, const policy::Label& label) {
    Collection c;
    c.id = id<CollectionTag>();
    c.name = "c";
    c.unit_id = unit;
    c.readers = "all";
    c.label = label;
    must(Table::insert_collection(tx, c, "u"));
    Upload u;
    u.id = id<UploadTag>();
    u.collection_id = c.id;
    u.created_by = "u";
    must(Table::insert_upload(tx, u, {0}));
    uploads_[c.id.str()] = u.id;
    return c.id;
  }
  // A document that can be found, of so many chunks.
  Document add_document(sql::Tx& tx, const CollectionId& collection, const policy::Label& label, std::int64_t chunks) {
    Document d;
    d.id = id<DocumentTag>();
    d.collection_id = collection;
    d.upload_id = uploads_.at(collection.str());
    d.name = "d.txt";
    d.sha256 = d.blob_id = "x";
    d.state = "waiting";
    d.label = label;
    d.created_by = "u";
    must(Table::insert_document(tx, d));
    d.first_chunk = Table::take_chunk_ids(tx, chunks).value();
    d.last_chunk = *d.first_chunk + chunks - 1;
    d.state = "ready";
    must(Table::store_result(tx, d));
    must(Table::changed(tx, d.first_chunk));
    return d;
  }

  policy::Permit permit(const policy::Reader& reader) const {
    policy::Person person;
    static_cast<policy::Reader&>(person) = reader;
    return gate::PermitMaker::make(matrix, std::move(person), "search.run", "7(2)エ(イ)");
  }

  const policy::Matrix matrix = policy::test_matrix();
  std::unique_ptr<sql::Db> db;
  bodies::UnitId unit;

 private:
  struct Migrated {
    std::string folder;
    ~Migrated() { std::filesystem::remove_all(folder); }
  };
  static std::string temporary() {
    char name[] = "/tmp/sekisho-library-XXXXXX";
    return ::mkdtemp(name);
  }
  static std::string make_migrated() {
    const std::string folder = temporary();
    auto made = std::move(sql::Db::open_sqlite(folder + "/body.db", {1}).value());
    must(made->migrate(sql::all_migrations()));
    must(made->checkpoint());
    return folder;
  }

  std::string folder_;
  std::map<std::string, UploadId> uploads_;
  int count_ = 0;
};

inline policy::Label known_label(policy::Rank c, std::vector<policy::Clause> readers = {}, policy::SegmentSet segments = 0) {
  policy::Label out;
  out.c = c;
  out.i = out.a = 1;
  out.readers = policy::Readers::all_of(std::move(readers));
  out.segments = segments;
  out.trust = policy::Trust::uploaded;
  out.state = policy::State::known;
  return out;
}

}  // namespace sekisho::library
