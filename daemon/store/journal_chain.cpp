#include "store/journal_chain.hpp"

#include <openssl/evp.h>

#include <memory>

#include "model/assert.hpp"

namespace iwakan::store {

Hash chained(const Hash& before, std::uint64_t sequence, std::string_view record) {
  static thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                            &EVP_MD_CTX_free);
  const std::string number = big_endian(sequence);
  Hash hash{};
  unsigned length = 0;
  const bool good = EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), before.data(), before.size()) == 1 &&
                    EVP_DigestUpdate(context.get(), number.data(), number.size()) == 1 &&
                    EVP_DigestUpdate(context.get(), record.data(), record.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), hash.data(), &length) == 1;
  IWAKAN_ASSERT(good);
  return hash;
}

std::string big_endian(std::uint64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((number >> shift) & 0xFFU));
  return bytes;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = (number << 8U) | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace iwakan::store
