// Where a request really comes from, and through which door: the listener decides the segment, the source address whether it may come at all.
//
// Forwarding headers are what anybody can write. They count only when the peer itself is one of the listener's trusted proxies, and only the
// one header that this proxy is set up to write: a proxy passes on the others as its client sent them. Pure.
#pragma once
#include <string>

#include "core/network.h"
#include "net/http_message.h"

namespace sekisho::http {

struct Listener {
  std::string segment;  // code
  Networks sources;     // networks that may come
  Networks proxies;     // peers whose forwarding header is believed
  std::string forwarded_by = "x-forwarded-for";  // or "forwarded", "x-real-ip"
  bool tls = false;     // ends TLS itself, or a proxy in front does
};

bool known_forwarding_header(std::string_view name);

// The address that the request comes from: the peer, or for a trusted proxy the nearest hop that is none. {invalid_argument,
// "http.forwarded"}: a trusted proxy wrote what cannot be read.
Result<Address> source_of(const net::Request& request, const Listener& listener);
// The same, refused when it is not in the listener's networks: {denied, "http.source"}.
Result<Address> admitted_source(const net::Request& request, const Listener& listener);

}  // namespace sekisho::http
