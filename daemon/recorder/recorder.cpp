#include "recorder/recorder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace iwakan::recorder {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kWaitingBytesMax = std::uint64_t{32} * 1024 * 1024;
constexpr int kNamesTried = 1000;

// "20311114T020500Z-001.jsonl": the order of names is the order of time.
std::string name_of(TimePoint at, int number) {
  std::string text = format_time(std::chrono::floor<std::chrono::seconds>(at)).substr(0, 19);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  std::string padded = std::to_string(number);
  padded.insert(0, 3 - std::min<std::size_t>(3, padded.size()), '0');
  return text + "Z-" + padded + ".jsonl";
}

bool is_ours(const std::string& name) {
  return name.size() == 26 && name[8] == 'T' && name.ends_with(".jsonl") && name.substr(15, 2) == "Z-";
}

// When a file began, as its name says.
TimePoint began(const std::string& name) {
  const std::string text = name.substr(0, 4) + "-" + name.substr(4, 2) + "-" + name.substr(6, 5) + ":" +
                           name.substr(11, 2) + ":" + name.substr(13, 2) + "Z";
  const auto time = parse_time(text);
  return time ? *time : TimePoint::max();
}

// A crash may leave half a line at the end.
void mend(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t end = text.rfind('\n');
  const std::size_t whole = end == std::string::npos ? 0 : end + 1;
  std::error_code ignored;
  if (whole < text.size()) fs::resize_file(path, whole, ignored);
}

}  // namespace

Result<void> prepare(const Settings& settings) {
  std::error_code error;
  fs::create_directories(settings.folder, error);
  if (error) return Failure{Reason::io, "cannot be made: " + error.message(), settings.folder};
  fs::permissions(settings.folder, fs::perms::owner_all, error);
  if (::access(settings.folder.c_str(), W_OK | X_OK) != 0) {
    return Failure{Reason::io, std::string("nothing can be written there: ") + std::strerror(errno), settings.folder};
  }
  return {};
}

Recorder::Recorder(Params params) : params_(std::move(params)) {}

Recorder::~Recorder() {
  writer_.join();
  end_file();
}

Result<void> Recorder::open() {
  if (auto prepared = prepare(params_.settings); !prepared) return prepared;
  if (const auto files = kept(); !files.empty()) mend(files.back().path);
  forget(params_.clock.now());
  return {};
}

void Recorder::record(const Request& request) {
  std::string line = line_of(request, params_.secrets);
  const std::uint64_t bytes = line.size();
  if (bytes > params_.settings.file_bytes_max) return fail("a request is longer than record.file_bytes_max");
  if (waiting_bytes_.fetch_add(bytes) + bytes > kWaitingBytesMax) {
    waiting_bytes_.fetch_sub(bytes);
    return fail("too much is waiting to be written");
  }
  boost::asio::post(writer_, [this, line = std::move(line), at = request.at] {
    write(line, at);
    waiting_bytes_.fetch_sub(line.size());
  });
}

// --- on the writer's thread

void Recorder::write(const std::string& line, TimePoint at) {
  const bool full = file_bytes_ + line.size() > params_.settings.file_bytes_max;
  if (file_ >= 0 && (full || at >= file_began_ + params_.settings.file_for)) end_file();
  if (file_ < 0 && !begin_file(at)) return;
  std::size_t done = 0;
  while (done < line.size()) {
    const ssize_t wrote = ::write(file_, line.data() + done, line.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) break;
    done += static_cast<std::size_t>(wrote);
  }
  if (done == line.size()) {
    file_bytes_ += line.size();
    return params_.telemetry.report(telemetry::RequestRecorded{line.size()});
  }
  const std::string why = std::strerror(errno);
  const bool whole_again = ::ftruncate(file_, static_cast<off_t>(file_bytes_)) == 0;
  end_file();
  if (!whole_again) mend(path_);
  fail(why);
}

bool Recorder::begin_file(TimePoint at) {
  forget(at);
  for (int number = 1; number < kNamesTried; ++number) {
    path_ = fs::path(params_.settings.folder) / name_of(at, number);
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (file_ >= 0 || errno != EEXIST) break;
  }
  if (file_ < 0) {
    fail(std::strerror(errno));
    return false;
  }
  file_bytes_ = 0;
  file_began_ = at;
  return true;
}

void Recorder::end_file() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

// Room for one more file, and nothing older than people want it.
void Recorder::forget(TimePoint now) {
  std::vector<Kept> files = kept();
  std::uint64_t bytes = 0;
  for (const Kept& file : files) bytes += file.bytes;
  for (const Kept& file : files) {
    const bool old = began(file.path.filename().string()) + params_.settings.keep_for < now;
    if (!old && bytes + params_.settings.file_bytes_max <= params_.settings.bytes_max) break;
    std::error_code error;
    if (fs::remove(file.path, error)) bytes -= file.bytes;
  }
}

// Oldest first. Only what this has written.
std::vector<Recorder::Kept> Recorder::kept() const {
  std::vector<Kept> files;
  std::error_code error;
  for (fs::directory_iterator entry(params_.settings.folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code unknown;
    if (!is_ours(entry->path().filename().string())) continue;
    const std::uint64_t bytes = entry->file_size(unknown);
    if (!unknown) files.push_back({entry->path(), bytes});
  }
  std::sort(files.begin(), files.end(), [](const Kept& a, const Kept& b) { return a.path < b.path; });
  return files;
}

void Recorder::fail(const std::string& what) {
  params_.telemetry.report(telemetry::RecordingFailed{what, params_.settings.folder});
}

}  // namespace iwakan::recorder
