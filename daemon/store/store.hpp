// Store: what survives. One writer; a commit is atomic and, when it returns, on disk.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "model/row.hpp"

namespace iwakan::store {

// What one batch of events changed. Written whole or not at all.
struct Commit {
  std::vector<std::string> records;  // journal records, in order
  std::vector<Row> rows;             // later rows win over earlier ones of the same key

  bool empty() const { return records.empty() && rows.empty(); }
};

using Hash = std::array<std::uint8_t, 32>;  // SHA-256

// The end of the journal: number of records, and the chain over them. hash(n) = SHA-256 of
// hash(n-1), the sequence as 8 big-endian bytes, and the record; hash(0) is all zero.
struct JournalHead {
  std::uint64_t sequence = 0;
  Hash hash{};
};

class Store {
 public:
  virtual ~Store() = default;

  // Blocks until on disk (synced write-ahead log). One thread at a time. A Failure is final: the
  // process must end without acknowledging anything of this commit, which may or may not be there
  // after the restart. Never retried (PostgreSQL's fsync lesson).
  virtual Result<void> commit(const Commit& commit) = 0;

  // Rows of a table in the order of their keys, until `visit` says false. Any thread.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  virtual Result<void> read(Table table, std::string_view first_key, const Visit& visit) const = 0;
  virtual Result<std::optional<std::string>> get(Table table, std::string_view key) const = 0;

  // Journal records from `first` (counted from 1), until `visit` says false. Any thread.
  using VisitRecord = std::function<bool(std::uint64_t sequence, std::string_view record)>;
  virtual Result<void> read_journal(std::uint64_t first, const VisitRecord& visit) const = 0;

  virtual JournalHead head() const = 0;
};

}  // namespace iwakan::store
