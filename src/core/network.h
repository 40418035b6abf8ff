// Addresses and networks (CIDR) of IPv4 and IPv6. Values, no I/O.
//
// An IPv4 address is kept in its IPv6 form (::ffff:a.b.c.d), so that a dual-stack socket's peer and a list in dotted form mean the same.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace sekisho {

class Address {
 public:
  // "192.0.2.1", "2001:db8::1", "fe80::1%eth0" (the zone is dropped). No port, no brackets.
  static std::optional<Address> parse(std::string_view text);
  // As a proxy writes it: also "192.0.2.1:443", "[2001:db8::1]", "[2001:db8::1]:443".
  static std::optional<Address> parse_with_port(std::string_view text);
  std::string text() const;
  bool loopback() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  friend bool operator==(const Address&, const Address&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

class Network {
 public:
  // "10.0.0.0/8", "2001:db8::/32", or one address. Bits beyond the prefix must be zero.
  static Result<Network> parse(std::string_view text);
  bool contains(const Address& address) const;
  bool loopback() const { return base_.loopback() && bits_ >= 8; }

 private:
  Address base_;
  int bits_ = 128;
};

using Networks = std::vector<Network>;
// Separated by commas; spaces around them do not count. Empty text: no network.
Result<Networks> parse_networks(std::string_view text);
bool contains(const Networks& networks, const Address& address);

}  // namespace sekisho
