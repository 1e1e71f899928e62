#include "sources/cloudwatch/topic.hpp"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <vector>

namespace iwakan::sources::cloudwatch {
namespace {

struct Partition {
  std::string_view name;
  std::string_view suffix;
};
constexpr std::array<Partition, 4> kPartitions{{{"aws", "amazonaws.com"},
                                                {"aws-cn", "amazonaws.com.cn"},
                                                {"aws-eusc", "amazonaws.eu"},
                                                {"aws-us-gov", "amazonaws.com"}}};

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter_or_digit(char c) {
  return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z');
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// ^[a-z]{2,4}(-[a-z]+)+-\d+$
bool is_region(std::string_view text) {
  const auto parts = split(text, '-');
  if (parts.size() < 3 || parts[0].size() < 2 || parts[0].size() > 4) return false;
  const auto all = [](std::string_view part, auto is) {
    return !part.empty() && std::all_of(part.begin(), part.end(), is);
  };
  const bool words =
      std::all_of(parts.begin(), parts.end() - 1, [&](std::string_view part) { return all(part, is_lower); });
  return words && all(parts.back(), is_digit);
}

}  // namespace

std::string Topic::host() const {
  for (const Partition& known : kPartitions) {
    if (known.name == partition) return "sns." + region + "." + std::string(known.suffix);
  }
  return {};
}

Result<Topic> parse_topic(std::string_view arn) {
  const Failure bad{
      Reason::malformed, "not the ARN of an SNS topic; it reads like arn:aws:sns:ap-northeast-1:111122223333:name", {}};
  const auto parts = split(arn, ':');
  if (parts.size() != 6 || parts[0] != "arn" || parts[2] != "sns") return bad;
  const bool partition = std::any_of(kPartitions.begin(), kPartitions.end(),
                                     [&](const Partition& known) { return known.name == parts[1]; });
  const bool account = parts[4].size() == 12 && std::all_of(parts[4].begin(), parts[4].end(), is_digit);
  const bool name = !parts[5].empty() && parts[5].size() <= 256 &&
                    std::all_of(parts[5].begin(), parts[5].end(),
                                [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; });
  if (!partition || !account || !name || !is_region(parts[3])) return bad;
  return Topic{std::string(arn), std::string(parts[1]), std::string(parts[3]), std::string(parts[4]),
               std::string(parts[5])};
}

Result<void> check_certificate_url(std::string_view text, const Topic& topic) {
  const auto refuse = [](std::string why) {
    return Failure{Reason::forbidden, "not where SNS keeps its certificates: " + std::move(why), "/SigningCertURL"};
  };
  const auto url = boost::urls::parse_uri(boost::core::string_view(text.data(), text.size()));
  if (!url) return refuse("not a URL");
  if (url->scheme() != "https") return refuse("not https");
  if (url->has_userinfo() || url->has_port() || url->has_query() || url->has_fragment()) {
    return refuse("it has more than a host and a path");
  }
  // Both as written: an escaped or upper-case host is another text, and not one that SNS sends.
  if (std::string_view(url->encoded_host()) != topic.host()) return refuse("the host is not " + topic.host());
  constexpr std::string_view kBefore = "/SimpleNotificationService-";
  constexpr std::string_view kAfter = ".pem";
  std::string_view path(url->encoded_path());
  if (!path.starts_with(kBefore) || !path.ends_with(kAfter) || path.size() <= kBefore.size() + kAfter.size()) {
    return refuse("the path is another");
  }
  path = path.substr(kBefore.size(), path.size() - kBefore.size() - kAfter.size());
  if (!std::all_of(path.begin(), path.end(), is_letter_or_digit)) return refuse("the path is another");
  return {};
}

std::string confirmation_url(const Topic& topic, std::string_view token) {
  boost::urls::url url("https://" + topic.host() + "/");
  url.params().append({"Action", "ConfirmSubscription"});
  url.params().append({"TopicArn", topic.arn});
  url.params().append({"Token", boost::core::string_view(token.data(), token.size())});
  return std::string(url.buffer());
}

}  // namespace iwakan::sources::cloudwatch
