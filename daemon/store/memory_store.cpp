#include "store/memory_store.hpp"

#include <algorithm>

#include "store/journal_chain.hpp"

namespace iwakan::store {

Result<void> MemoryStore::commit(const Commit& commit) {
  if (fail_after_ == 0) return Failure{Reason::io, "the disk refused to write (as a test told it to)", {}};
  if (fail_after_ > 0) --fail_after_;
  for (const std::string& record : commit.records) {
    head_.hash = chained(head_.hash, ++head_.sequence, record);
    records_.push_back(record);
  }
  for (const Row& row : commit.rows) {
    if (row.value) {
      rows_[{row.table, row.key}] = *row.value;
    } else {
      rows_.erase({row.table, row.key});
    }
  }
  return {};
}

Result<void> MemoryStore::read(Table table, std::string_view first_key, const Visit& visit) const {
  for (auto row = rows_.lower_bound({table, std::string(first_key)}); row != rows_.end(); ++row) {
    if (row->first.first != table || !visit(row->first.second, row->second)) break;
  }
  return {};
}

Result<std::optional<std::string>> MemoryStore::get(Table table, std::string_view key) const {
  const auto found = rows_.find({table, std::string(key)});
  if (found == rows_.end()) return std::optional<std::string>{};
  return std::optional(found->second);
}

Result<void> MemoryStore::read_journal(std::uint64_t first, const VisitRecord& visit) const {
  for (std::uint64_t sequence = std::max<std::uint64_t>(first, 1); sequence <= records_.size(); ++sequence) {
    if (!visit(sequence, records_[sequence - 1])) break;
  }
  return {};
}

}  // namespace iwakan::store
