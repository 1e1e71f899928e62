// Column families: one for each Table by its name; "journal"; "store"; and RocksDB's own "default", empty.
//
//   journal   key = sequence, 8 bytes big-endian, from 1
//             value = hash (32 bytes) record
//   store     "format" = "4"
//             "drill" = "" in the store of a drill
//             "head", "anchor" = sequence (8 bytes big-endian) hash (32 bytes)
//
// The head is written in the batch of the records it stands for; the anchor is the record before the first
// one kept (sequence 0 and a hash of zeros, until something was trimmed).
//
// A log cut short takes its newest head along, so the head stands in a second place as well: the file
// "journal.head" (sequence, hash, and the SHA-256 of both), written after each commit, not synced. It may
// lag behind the journal; when it is ahead, acknowledged records are gone.
#include "store/rocks_store.hpp"

#include <fcntl.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "model/assert.hpp"
#include "store/journal_chain.hpp"

namespace iwakan::store {
namespace {

constexpr std::string_view kFormat = "4";
constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kDrillKey = "drill";
constexpr std::string_view kHeadKey = "head";
constexpr std::string_view kAnchorKey = "anchor";
constexpr std::size_t kHeadBytes = 8 + 32;
constexpr std::string_view kHeadFile = "/journal.head";

// Memory is what our users have little of beside the services they run: all write buffers together stay
// at 16 MiB, and so does what a flush or a log preallocates (fallocate takes the last blocks of a small
// disk, after which it cannot be opened again).
constexpr std::size_t kWriteBufferBytes = std::size_t{4} << 20U;
constexpr std::size_t kAllWriteBuffersBytes = std::size_t{16} << 20U;
constexpr std::size_t kBlockCacheBytes = std::size_t{8} << 20U;
constexpr std::uint64_t kProgressEvery = 500'000;  // records: about a second's worth
constexpr int kOpenFilesMax = 256;

// RocksDB's complaints, to where the daemon's log is. Never a file on the disk that may be full.
class Complainer : public rocksdb::Logger {
 public:
  explicit Complainer(std::function<void(std::string_view)> warn)
      : rocksdb::Logger(rocksdb::WARN_LEVEL), warn_(std::move(warn)) {}

  using rocksdb::Logger::Logv;
  [[gnu::format(printf, 2, 0)]] void Logv(const char* format, va_list arguments) override {
    std::array<char, 1024> line{};
    std::vsnprintf(line.data(), line.size(), format, arguments);
    warn_(line.data());
  }

 private:
  std::function<void(std::string_view)> warn_;
};

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}
std::string_view view(const rocksdb::Slice& bytes) {
  return {bytes.data(), bytes.size()};
}

Failure failure_of(const rocksdb::Status& status, const std::string& path) {
  const std::string text = status.ToString();
  if (status.IsIOError() && text.find("lock") != std::string::npos) {
    return {Reason::conflict, "another iwakand uses this folder; end it, or give this one a store of its own", path};
  }
  if (status.IsCorruption()) {
    return {Reason::corrupted,
            "RocksDB finds its files damaged (" + text +
                "); restore a backup, or move the folder aside "
                "and start afresh",
            path};
  }
  return {Reason::io, "the store cannot be used: " + text, path};
}

std::string encode_head(const JournalHead& head) {
  std::string bytes = big_endian(head.sequence);
  bytes.append(head.hash.begin(), head.hash.end());
  return bytes;
}

rocksdb::Options options_for(const RocksStore::Params& params) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.info_log = std::make_shared<Complainer>(params.warn);
  options.write_buffer_size = kWriteBufferBytes;
  options.max_write_buffer_number = 2;
  options.db_write_buffer_size = kAllWriteBuffersBytes;
  options.max_total_wal_size = 4 * kAllWriteBuffersBytes;
  options.allow_fallocate = false;
  options.max_background_jobs = 2;
  options.max_open_files = kOpenFilesMax;
  options.keep_log_file_num = 1;
  // A torn tail, as a power cut leaves it, is dropped: nobody was told of that write. A log damaged in the
  // middle is refused; the default mode would drop its later half in silence.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = false;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kLZ4Compression;
  return options;
}

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(path, error);
  if (error) {
    return Failure{Reason::io, "the folder cannot be made: " + error.message() + "; make it, or change store.path",
                   path};
  }
  if (made && chmod(path.c_str(), S_IRWXU) != 0) {
    return Failure{Reason::io, std::string("the folder cannot be made private: ") + std::strerror(errno), path};
  }
  return {};
}

Failure chain_broken(std::uint64_t sequence, const std::string& what) {
  return {Reason::corrupted,
          "the journal is not what was written: " + what + " at record " + std::to_string(sequence) +
              "; restore a backup, or move the folder aside and start afresh",
          "journal"};
}

}  // namespace

Result<std::unique_ptr<RocksStore>> RocksStore::open(Params params) {
  if (const auto made = make_folder(params.path); !made) return made.error();
  const rocksdb::Options options = options_for(params);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.reserve(kTables.size() + 3);
  for (const Table table : kTables) descriptors.emplace_back(std::string(name(table)), options);
  descriptors.emplace_back("journal", options);
  descriptors.emplace_back("store", options);
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, options);

  std::unique_ptr<RocksStore> store(new RocksStore);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, params.path, descriptors, &store->families_, &db);
  store->db_.reset(db);
  if (!status.ok()) return failure_of(status, params.path);
  store->journal_ = store->families_[kTables.size()];
  store->own_ = store->families_[kTables.size() + 1];
  if (const auto good = store->check_format(); !good) return good.error();
  if (const auto good = store->check_chain(params); !good) return good.error();
  if (params.drill) {
    if (const auto good = store->check_purpose(*params.drill); !good) return good.error();
  }
  return store;
}

RocksStore::~RocksStore() {
  if (head_file_ >= 0) ::close(head_file_);
  if (!db_) return;
  for (rocksdb::ColumnFamilyHandle* handle : families_) db_->DestroyColumnFamilyHandle(handle);
  // What a failed close could lose is in the log still: nothing to be done about it here.
  static_cast<void>(db_->Close());
}

Result<void> RocksStore::check_format() {
  std::string format;
  const rocksdb::Status status = db_->Get({}, own_, slice(kFormatKey), &format);
  if (status.IsNotFound()) {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    const rocksdb::Status written = db_->Put(synced, own_, slice(kFormatKey), slice(kFormat));
    if (!written.ok()) return failure_of(written, db_->GetName());
    return {};
  }
  if (!status.ok()) return failure_of(status, db_->GetName());
  if (format == kFormat) return {};
  return Failure{Reason::unsupported,
                 "the store has format " + format.substr(0, 16) + ", this iwakand knows " + std::string(kFormat) +
                     "; use the newer iwakand that wrote it",
                 db_->GetName()};
}

// What is practised never mixes with what happened.
Result<void> RocksStore::check_purpose(bool drill) {
  std::string mark;
  const rocksdb::Status status = db_->Get({}, own_, slice(kDrillKey), &mark);
  if (!status.ok() && !status.IsNotFound()) return failure_of(status, db_->GetName());
  if (status.ok() == drill) return {};
  if (status.ok()) {
    return Failure{Reason::conflict,
                   "this is the store of a drill, and what is in it did not happen; name another folder (store.path)",
                   db_->GetName()};
  }
  if (head_.sequence > 0) {
    return Failure{Reason::conflict, "this store holds what really happened; a drill wants a folder of its own",
                   db_->GetName()};
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const rocksdb::Status written = db_->Put(synced, own_, slice(kDrillKey), {});
  if (!written.ok()) return failure_of(written, db_->GetName());
  return {};
}

Result<Secret> RocksStore::secret(std::string_view name, const std::function<std::string()>& make) {
  const std::string key = "secret/" + std::string(name);
  std::string bytes;
  const rocksdb::Status status = db_->Get({}, own_, slice(key), &bytes);
  if (status.ok()) return Secret(std::move(bytes));
  if (!status.IsNotFound()) return failure_of(status, db_->GetName());
  bytes = make();
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const rocksdb::Status written = db_->Put(synced, own_, slice(key), slice(bytes));
  if (!written.ok()) return failure_of(written, db_->GetName());
  return Secret(std::move(bytes));
}

Result<JournalHead> RocksStore::stored_head(std::string_view key) const {
  std::string bytes;
  const rocksdb::Status status = db_->Get({}, own_, slice(key), &bytes);
  if (status.IsNotFound()) return JournalHead{};
  if (!status.ok()) return failure_of(status, db_->GetName());
  if (bytes.size() != kHeadBytes) return chain_broken(0, "the stored " + std::string(key) + " is damaged");
  JournalHead head{from_big_endian(std::string_view(bytes).substr(0, 8)), {}};
  std::memcpy(head.hash.data(), bytes.data() + 8, head.hash.size());
  return head;
}

Result<void> RocksStore::check_chain(const Params& params) {
  const auto anchor = stored_head(kAnchorKey);
  if (!anchor) return anchor.error();
  const auto head = stored_head(kHeadKey);
  if (!head) return head.error();
  anchor_ = *anchor;

  JournalHead at = anchor_;
  std::optional<Failure> broken;
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> record(db_->NewIterator(options, journal_));
  for (record->SeekToFirst(); record->Valid(); record->Next()) {
    const std::uint64_t sequence = record->key().size() == 8 ? from_big_endian(view(record->key())) : 0;
    const std::string_view value = view(record->value());
    if (sequence != at.sequence + 1) return chain_broken(at.sequence + 1, "a record is missing");
    if (value.size() < at.hash.size()) return chain_broken(sequence, "a record was cut short");
    at.hash = chained(at.hash, sequence, value.substr(at.hash.size()));
    at.sequence = sequence;
    if (std::memcmp(at.hash.data(), value.data(), at.hash.size()) != 0) {
      return chain_broken(sequence, "the hash chain breaks");
    }
    if (sequence % kProgressEvery == 0) params.progress(sequence - anchor_.sequence, head->sequence - anchor_.sequence);
  }
  if (!record->status().ok()) return failure_of(record->status(), params.path);
  if (at.sequence != head->sequence || at.hash != head->hash) {
    return chain_broken(at.sequence + 1, "its end does not fit the stored head");
  }
  head_ = *head;
  return check_head_file();
}

Result<void> RocksStore::check_head_file() {
  const std::string path = db_->GetName() + std::string(kHeadFile);
  head_file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (head_file_ < 0) return Failure{Reason::io, std::string("cannot be opened: ") + std::strerror(errno), path};
  std::string bytes(kHeadBytes + sizeof(Hash), '\0');
  const ssize_t got = ::pread(head_file_, bytes.data(), bytes.size(), 0);
  const std::string_view head = std::string_view(bytes).substr(0, kHeadBytes);
  const Hash sum = chained({}, 0, head);
  const bool whole =
      got == static_cast<ssize_t>(bytes.size()) && std::memcmp(sum.data(), bytes.data() + kHeadBytes, sum.size()) == 0;
  // New, or torn by a power cut: it says nothing.
  if (!whole) return {};
  const std::uint64_t sequence = from_big_endian(head.substr(0, 8));
  if (sequence > head_.sequence) {
    return Failure{Reason::corrupted,
                   "the journal ends at record " + std::to_string(head_.sequence) + ", but " +
                       std::to_string(sequence - head_.sequence) +
                       " more were acknowledged; restore a backup, or remove this file to go on without them",
                   path};
  }
  return {};
}

void RocksStore::write_head_file(const JournalHead& head) const {
  std::string bytes = encode_head(head);
  const Hash sum = chained({}, 0, bytes);
  bytes.append(sum.begin(), sum.end());
  // A second witness: losing it costs nothing but the witness.
  static_cast<void>(::pwrite(head_file_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
}

Result<void> RocksStore::commit(const Commit& commit) {
  rocksdb::WriteBatch batch;
  JournalHead next = head();
  std::string value;
  for (const std::string& record : commit.records) {
    next.hash = chained(next.hash, ++next.sequence, record);
    value.assign(next.hash.begin(), next.hash.end());
    value += record;
    batch.Put(journal_, big_endian(next.sequence), value);
  }
  if (!commit.records.empty()) batch.Put(own_, slice(kHeadKey), encode_head(next));
  for (const Row& row : commit.rows) {
    if (row.value) {
      batch.Put(family(row.table), row.key, *row.value);
    } else {
      batch.Delete(family(row.table), row.key);
    }
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const rocksdb::Status status = db_->Write(synced, &batch);
  if (!status.ok()) return failure_of(status, db_->GetName());
  if (!commit.records.empty()) write_head_file(next);
  const std::lock_guard lock(head_mutex_);
  head_ = next;
  return {};
}

Result<void> RocksStore::read(Table table, std::string_view first_key, const Visit& visit) const {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(options, family(table)));
  for (row->Seek(slice(first_key)); row->Valid(); row->Next()) {
    if (!visit(view(row->key()), view(row->value()))) return {};
  }
  if (!row->status().ok()) return failure_of(row->status(), db_->GetName());
  return {};
}

Result<std::optional<std::string>> RocksStore::get(Table table, std::string_view key) const {
  std::string value;
  const rocksdb::Status status = db_->Get({}, family(table), slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return failure_of(status, db_->GetName());
  return std::optional(std::move(value));
}

Result<void> RocksStore::read_journal(std::uint64_t first, const VisitRecord& visit) const {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> record(db_->NewIterator(options, journal_));
  for (record->Seek(big_endian(first)); record->Valid(); record->Next()) {
    const std::string_view value = view(record->value());
    if (!visit(from_big_endian(view(record->key())), value.substr(sizeof(Hash)))) return {};
  }
  if (!record->status().ok()) return failure_of(record->status(), db_->GetName());
  return {};
}

JournalHead RocksStore::head() const {
  const std::lock_guard lock(head_mutex_);
  return head_;
}

Result<void> RocksStore::trim(std::uint64_t first_kept) {
  if (first_kept <= anchor_.sequence + 1) return {};
  IWAKAN_ASSERT(first_kept <= head().sequence + 1);
  std::string value;
  const rocksdb::Status found = db_->Get({}, journal_, big_endian(first_kept - 1), &value);
  if (!found.ok() || value.size() < sizeof(Hash)) return failure_of(found, db_->GetName());
  JournalHead anchor{first_kept - 1, {}};
  std::memcpy(anchor.hash.data(), value.data(), anchor.hash.size());
  rocksdb::WriteBatch batch;
  batch.DeleteRange(journal_, big_endian(0), big_endian(first_kept));
  batch.Put(own_, slice(kAnchorKey), encode_head(anchor));
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const rocksdb::Status status = db_->Write(synced, &batch);
  if (!status.ok()) return failure_of(status, db_->GetName());
  anchor_ = anchor;
  return {};
}

}  // namespace iwakan::store
