// RocksStore: the store on disk. RocksDB with a column family for each table and one for the journal;
// a commit is one batch in the write-ahead log, synced before it returns.
//
// What was learned about RocksDB the hard way stands in reference trust, section 2: its own log file can
// abort the process on a full disk (so it gets a Logger of ours), its default recovery drops the later
// half of a damaged log in silence (so the journal has a hash chain of its own, checked here at opening),
// and after a failed sync the write may or may not be there (so a failed commit is final).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "model/secret.hpp"
#include "store/store.hpp"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
}  // namespace rocksdb

namespace iwakan::store {

class RocksStore : public Store {
 public:
  struct Params {
    std::string path;                // a folder of its own; made when missing, readable by its owner only
    std::optional<bool> drill = {};  // for a drill, or for the day: the other's store is refused. Nothing: either
    std::function<void(std::string_view)> warn = [](std::string_view) {};  // what RocksDB complains of; any thread
    // While a long chain is checked, about once a second: records checked, of how many.
    std::function<void(std::uint64_t, std::uint64_t)> progress = [](std::uint64_t, std::uint64_t) {};
  };

  // Failures: `conflict`, another iwakand uses the folder, or it is of a drill and not of the day, or the other way
  // round; `unsupported`, a newer iwakan wrote it; `corrupted`, the journal is not what was written, with the first
  // sequence that is wrong; `io`.
  static Result<std::unique_ptr<RocksStore>> open(Params params);

  ~RocksStore() override;

  Result<void> commit(const Commit& commit) override;
  Result<void> read(Table table, std::string_view first_key, const Visit& visit) const override;
  Result<std::optional<std::string>> get(Table table, std::string_view key) const override;
  Result<void> read_journal(std::uint64_t first, const VisitRecord& visit) const override;
  JournalHead head() const override;

  // A secret of this store: the same each time, under this name. `make` gives one the first time; it is synced before
  // it is used.
  Result<Secret> secret(std::string_view name, const std::function<std::string()>& make);

  // Forgets the records before `first_kept`. The chain goes on from a remembered hash.
  Result<void> trim(std::uint64_t first_kept);
  std::uint64_t first_sequence() const { return anchor_.sequence + 1; }

 private:
  RocksStore() = default;

  Result<void> check_format();
  Result<void> check_chain(const Params& params);
  Result<void> check_purpose(bool drill);
  rocksdb::ColumnFamilyHandle* family(Table table) const { return families_[static_cast<std::size_t>(table)]; }
  Result<void> check_head_file();
  void write_head_file(const JournalHead& head) const;
  Result<JournalHead> stored_head(std::string_view key) const;

  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;  // by Table, then journal, then store
  rocksdb::ColumnFamilyHandle* journal_ = nullptr;
  rocksdb::ColumnFamilyHandle* own_ = nullptr;
  int head_file_ = -1;
  JournalHead anchor_;  // the record before the first kept
  mutable std::mutex head_mutex_;
  JournalHead head_;  // protected by head_mutex_
};

}  // namespace iwakan::store
