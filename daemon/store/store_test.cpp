// Goal: a commit that returned survives kill -9, whole; damage is refused, never silently dropped.
// Method: one contract for both stores; a child process killed at random moments; copies of a small
// store with bytes flipped and files cut.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include "store/journal_chain.hpp"
#include "store/memory_store.hpp"
#include "store/rocks_store.hpp"

namespace iwakan::store {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "iwakan-store-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path(const char* name = "store") const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

std::unique_ptr<RocksStore> open_or_fail(const std::string& path) {
  RocksStore::Params params;
  params.path = path;
  auto store = RocksStore::open(std::move(params));
  if (!store) ADD_FAILURE() << to_string(store.error());
  return store ? *std::move(store) : nullptr;
}

Result<std::unique_ptr<RocksStore>> try_open(const std::string& path) {
  RocksStore::Params params;
  params.path = path;
  return RocksStore::open(std::move(params));
}

Commit commit_of(int number) {
  const std::string text = "record " + std::to_string(number);
  return {{text, text + " b"},
          {{Table::alerts, big_endian(static_cast<std::uint64_t>(number)), text}, {Table::meta, "last", text}}};
}

std::vector<std::string> keys(const Store& store, Table table, std::string_view first = {}) {
  std::vector<std::string> found;
  EXPECT_TRUE(store.read(table, first, [&](std::string_view key, std::string_view) {
    found.emplace_back(key);
    return true;
  }));
  return found;
}

std::vector<std::string> journal(const Store& store, std::uint64_t first = 1) {
  std::vector<std::string> records;
  EXPECT_TRUE(store.read_journal(first, [&](std::uint64_t sequence, std::string_view record) {
    EXPECT_EQ(sequence, first + records.size());
    records.emplace_back(record);
    return true;
  }));
  return records;
}

void keeps_the_contract(Store& store) {
  EXPECT_EQ(store.head().sequence, 0U);
  ASSERT_TRUE(
      store.commit({{"one", "two"}, {{Table::alerts, "b", "1"}, {Table::alerts, "a", "2"}, {Table::rules, "a", "3"}}}));
  ASSERT_TRUE(store.commit({{"three"}, {{Table::alerts, "c", "4"}, {Table::alerts, "b", std::nullopt}}}));
  EXPECT_THAT(keys(store, Table::alerts), ElementsAre("a", "c"));
  EXPECT_THAT(keys(store, Table::alerts, "b"), ElementsAre("c"));
  EXPECT_THAT(keys(store, Table::rules), ElementsAre("a"));
  EXPECT_THAT(keys(store, Table::outbox), ElementsAre());
  EXPECT_EQ(*store.get(Table::alerts, "c"), "4");
  EXPECT_EQ(*store.get(Table::alerts, "b"), std::nullopt);
  EXPECT_THAT(journal(store), ElementsAre("one", "two", "three"));
  EXPECT_THAT(journal(store, 3), ElementsAre("three"));
  const Hash two = chained(chained({}, 1, "one"), 2, "two");
  EXPECT_EQ(store.head().sequence, 3U);
  EXPECT_EQ(store.head().hash, chained(two, 3, "three"));
  // Of one key, the later row of a commit wins.
  ASSERT_TRUE(store.commit({{}, {{Table::meta, "k", "old"}, {Table::meta, "k", "new"}}}));
  EXPECT_EQ(*store.get(Table::meta, "k"), "new");
}

TEST(MemoryStore, KeepsTheContract) {
  MemoryStore store;
  keeps_the_contract(store);
  store.fail_after(1);
  EXPECT_TRUE(store.commit({{"four"}, {}}));
  EXPECT_FALSE(store.commit({{"five"}, {}}));
  EXPECT_EQ(store.head().sequence, 4U);
}

TEST(RocksStore, KeepsTheContractAlsoAcrossOpenings) {
  const Folder folder;
  JournalHead head;
  {
    auto store = open_or_fail(folder.path());
    ASSERT_TRUE(store);
    keeps_the_contract(*store);
    head = store->head();
  }
  auto store = open_or_fail(folder.path());
  ASSERT_TRUE(store);
  EXPECT_EQ(store->head().hash, head.hash);
  EXPECT_THAT(journal(*store), ElementsAre("one", "two", "three"));
  EXPECT_THAT(keys(*store, Table::alerts), ElementsAre("a", "c"));
  EXPECT_EQ(fs::status(folder.path()).permissions() & fs::perms::all, fs::perms::owner_all);
}

TEST(RocksStore, IsForOneProcessOnly) {
  const Folder folder;
  auto first = open_or_fail(folder.path());
  const auto second = try_open(folder.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::conflict);
  EXPECT_THAT(second.error().detail, HasSubstr("another iwakand"));
}

TEST(RocksStore, TrimsAndStillVerifies) {
  const Folder folder;
  {
    auto store = open_or_fail(folder.path());
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(store->commit(commit_of(i)));
    ASSERT_TRUE(store->trim(15));
    EXPECT_EQ(store->first_sequence(), 15U);
    ASSERT_TRUE(store->commit(commit_of(10)));
  }
  auto store = open_or_fail(folder.path());
  ASSERT_TRUE(store);
  EXPECT_EQ(store->head().sequence, 22U);
  EXPECT_EQ(journal(*store, 15).size(), 8U);
  EXPECT_EQ(journal(*store, 15).front(), "record 7");
}

TEST(RocksStore, AFolderThatCannotBeMadeIsNamed) {
  const auto store = try_open("/proc/nowhere/store");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().reason, Reason::io);
  EXPECT_EQ(store.error().path, "/proc/nowhere/store");
}

// --- kill -9

// The child, this program anew: commits from number `first` until it is killed, or `count` times, and says each
// number once its commit returned.
int commit_as_child(const std::string& path, int first, int count, int pipe) {
  auto store = open_or_fail(path);
  for (int number = first; store && number < first + count; ++number) {
    if (!store->commit(commit_of(number))) return 1;
    if (write(pipe, &number, sizeof number) != sizeof number) return 1;
  }
  // No calm end: what is on disk is what the commits put there.
  _exit(store ? 0 : 1);
}

struct Child {
  pid_t id = -1;
  int said = -1;  // to be read
};

Child start_child(const std::string& path, int first, int count) {
  std::array<int, 2> pipes{};
  EXPECT_EQ(pipe(pipes.data()), 0);
  Child child{fork(), pipes[0]};
  if (child.id == 0) {
    const std::array<std::string, 4> words{path, std::to_string(first), std::to_string(count),
                                           std::to_string(pipes[1])};
    execl("/proc/self/exe", "store_test", "--commit", words[0].c_str(), words[1].c_str(), words[2].c_str(),
          words[3].c_str(), nullptr);
    _exit(127);
  }
  close(pipes[1]);
  return child;
}

TEST(RocksStore, LosesNothingAcknowledgedToKillNine) {
  const Folder folder;
  std::mt19937 random(20310514);
  int next = 0;
  for (int round = 0; round < 30; ++round) {
    const Child child = start_child(folder.path(), next, 1'000'000);
    const int wanted = 1 + static_cast<int>(random() % 40);
    int last = next - 1;
    int number = 0;
    for (int i = 0; i < wanted && read(child.said, &number, sizeof number) == sizeof number; ++i) last = number;
    kill(child.id, SIGKILL);
    while (read(child.said, &number, sizeof number) == sizeof number) last = number;
    close(child.said);
    int status = 0;
    ASSERT_EQ(waitpid(child.id, &status, 0), child.id);
    ASSERT_TRUE(WIFSIGNALED(status));

    auto store = open_or_fail(folder.path());
    ASSERT_TRUE(store) << "round " << round;
    const auto rows = keys(*store, Table::alerts);
    ASSERT_GE(rows.size(), static_cast<std::size_t>(last + 1));
    ASSERT_LE(rows.size(), static_cast<std::size_t>(last + 2));  // the one under way may be there
    ASSERT_EQ(store->head().sequence, 2 * rows.size());          // a commit is whole or not there
    next = static_cast<int>(rows.size());
  }
}

// --- damage

// Closed without a flush, so that the log holds everything.
std::string small_store(const Folder& folder) {
  std::string path = folder.path("original");
  const Child child = start_child(path, 0, 40);
  int status = 0;
  EXPECT_EQ(waitpid(child.id, &status, 0), child.id);
  close(child.said);
  EXPECT_EQ(status, 0);
  return path;
}

fs::path largest_log(const std::string& path) {
  fs::path found;
  std::uintmax_t most = 0;
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == ".log" && entry.file_size() >= most) {
      found = entry.path();
      most = entry.file_size();
    }
  }
  return found;
}

TEST(RocksStore, ALogDamagedAnywhereIsNeverTakenForWhole) {
  const Folder folder;
  const std::string original = small_store(folder);
  const auto size = fs::file_size(largest_log(original));
  ASSERT_GT(size, 4'000U);
  int refused = 0;
  for (std::uintmax_t at = 50; at < size; at += size / 60) {
    const std::string copy = folder.path("copy");
    fs::remove_all(copy);
    fs::copy(original, copy);
    {
      std::fstream log(largest_log(copy), std::ios::in | std::ios::out | std::ios::binary);
      log.seekg(static_cast<std::streamoff>(at));
      const char byte = static_cast<char>(log.get() ^ 0x10);
      log.seekp(static_cast<std::streamoff>(at));
      log.put(byte);
    }
    const auto store = try_open(copy);
    if (store) {
      EXPECT_EQ((*store)->head().sequence, 80U) << "byte " << at << ": records were dropped in silence";
    } else {
      ++refused;
      EXPECT_TRUE(store.error().reason == Reason::corrupted || store.error().reason == Reason::io);
    }
  }
  EXPECT_GT(refused, 40);
}

TEST(RocksStore, ALogCutShortIsNoticedBySecondWitness) {
  const Folder folder;
  const std::string original = small_store(folder);
  const auto size = fs::file_size(largest_log(original));
  for (const std::uintmax_t cut : {std::uintmax_t{5}, std::uintmax_t{200}, size / 2}) {
    const std::string copy = folder.path("copy");
    fs::remove_all(copy);
    fs::copy(original, copy);
    fs::resize_file(largest_log(copy), size - cut);
    const auto store = try_open(copy);
    ASSERT_FALSE(store) << "cut by " << cut;
    EXPECT_EQ(store.error().reason, Reason::corrupted);
    EXPECT_THAT(store.error().detail, HasSubstr("acknowledged"));
    // The operator may decide to go on without them.
    fs::remove(copy + "/journal.head");
    EXPECT_TRUE(try_open(copy));
  }
}

TEST(RocksStore, OfADrillIsNotOfTheDay) {
  const Folder folder;
  const auto open_for = [&](const char* name, bool drill) {
    RocksStore::Params params;
    params.path = folder.path(name);
    params.drill = drill;
    return RocksStore::open(std::move(params));
  };
  for (const bool drill : {true, false}) {
    const char* name = drill ? "practised" : "happened";
    {
      auto made = open_for(name, drill);
      ASSERT_TRUE(made) << to_string(made.error());
      ASSERT_TRUE((*made)->commit(commit_of(1)));
    }
    EXPECT_TRUE(open_for(name, drill));
    const auto other = open_for(name, !drill);
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().reason, Reason::conflict);
    EXPECT_THAT(other.error().detail, HasSubstr(drill ? "store of a drill" : "really happened"));
    EXPECT_TRUE(try_open(folder.path(name))) << "whoever only looks opens either";
  }
}

}  // namespace
}  // namespace iwakan::store

int main(int argc, char** argv) {
  if (argc == 6 && std::string_view(argv[1]) == "--commit") {
    return iwakan::store::commit_as_child(argv[2], std::stoi(argv[3]), std::stoi(argv[4]), std::stoi(argv[5]));
  }
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
