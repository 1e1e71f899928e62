// Certificates: those of SNS, by URL: pinned ones from files, others fetched once and kept while valid.
//
// Owned by the source; runs on the io thread. What the URLs are was checked before (topic.hpp). A URL that
// failed is left alone for a while, so that forged messages cannot make us hammer AWS.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/result.hpp"
#include "model/time.hpp"
#include "sinks/http_client.hpp"
#include "sources/source.hpp"

namespace iwakan::sources::cloudwatch {

struct PinnedCertificate {
  std::string url;
  std::string file;
};

class Certificates {
 public:
  using Done = std::function<void(Result<std::string>)>;  // PEM; failures are `unavailable`: worth sending again

  Certificates(std::vector<PinnedCertificate> pinned, const Surroundings& surroundings);

  void get(const std::string& url, TimePoint now, Done done);

 private:
  struct Kept {
    std::string pem;
    TimePoint until{};
  };

  Result<std::string> read_pinned(const std::string& file);
  void fetched(const std::string& url, TimePoint now, const sinks::HttpOutcome& outcome);

  std::map<std::string, std::string> pinned_;  // URL to file
  sinks::HttpClient& http_;
  Post post_;
  std::map<std::string, Kept> kept_;
  std::map<std::string, TimePoint> failed_;           // until when they are left alone
  std::map<std::string, std::vector<Done>> waiting_;  // for a fetch under way: one at a time for each URL
};

}  // namespace iwakan::sources::cloudwatch
