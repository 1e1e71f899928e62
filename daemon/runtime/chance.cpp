#include "runtime/chance.hpp"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <system_error>

namespace iwakan::runtime {

std::string unguessable(std::size_t bytes) {
  std::string made(bytes, '\0');
  // Up to 256 bytes come whole.
  if (bytes > 256 || ::getrandom(made.data(), bytes, 0) != static_cast<ssize_t>(bytes)) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return made;
}

Chance::Chance() : engine_(std::random_device{}()) {}

double Chance::next() {
  return std::generate_canonical<double, 53>(engine_);
}

std::string Chance::uuid() {
  std::random_device device;
  const auto word = [&device] { return (std::uint64_t{device()} << 32U) | device(); };
  const std::uint64_t high = (word() & ~std::uint64_t{0xF000}) | 0x4000U;
  const std::uint64_t low = (word() & ~(std::uint64_t{0b11} << 62U)) | (std::uint64_t{0b10} << 62U);
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32U),
                static_cast<unsigned>((high >> 16U) & 0xFFFFU), static_cast<unsigned>(high & 0xFFFFU),
                static_cast<unsigned>(low >> 48U), static_cast<unsigned long long>(low & 0xFFFF'FFFF'FFFFU));
  return text.data();
}

}  // namespace iwakan::runtime
