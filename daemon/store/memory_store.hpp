// MemoryStore: the promises of a store, in memory. For tests and for replaying a journal.
#pragma once

#include <map>
#include <utility>

#include "store/store.hpp"

namespace iwakan::store {

class MemoryStore : public Store {
 public:
  using Rows = std::map<std::pair<Table, std::string>, std::string>;

  Result<void> commit(const Commit& commit) override;
  Result<void> read(Table table, std::string_view first_key, const Visit& visit) const override;
  Result<std::optional<std::string>> get(Table table, std::string_view key) const override;
  Result<void> read_journal(std::uint64_t first, const VisitRecord& visit) const override;
  JournalHead head() const override { return head_; }

  const Rows& rows() const { return rows_; }

  // The commit after `commits` more ones fails, and leaves nothing behind.
  void fail_after(int commits) { fail_after_ = commits; }

 private:
  Rows rows_;
  std::vector<std::string> records_;
  JournalHead head_;
  int fail_after_ = -1;
};

}  // namespace iwakan::store
