// A body's directory (LDAP version 3): is this the person's password there? The only user of libldap. Sources: RFC 4511, 4513, 4514, 4515.
//
// Every question is a connection of its own, encrypted (ldaps, or StartTLS before anything is said) and to a server whose certificate
// the given authority signed for the name in the URL; there is no unencrypted form. An empty password is answered "no" without asking: the
// protocol would take it as a bind by nobody and say yes (RFC 4513 section 5.1.2). Blocks up to twice the time-out; call it on a worker, in no transaction.
// Thread-safe. Failures: unavailable "directory.down" (cannot be reached, does not answer, is not who it should be) and
// "directory.failed" (it refuses to be asked); a password is never called wrong because of them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/secret.h"

namespace sekisho::directory {

// Either `user_dn`, a name with {login} in it; or `base` and `filter` with {login}, looked for as `service_dn` (or as nobody).
struct Server {
  std::string url;  // ldaps://host[:port], or ldap://host[:port] with start_tls
  bool start_tls = false;
  std::string ca_file;  // PEM of the authority
  std::string user_dn;
  std::string base;
  std::string filter;
  std::string service_dn;
  Secret service_password;
  int timeout_ms = 5000;
};

// Whether the parts fit together; invalid_argument "directory.settings".
Status check(const Server& server);

// false: a wrong password, or nobody of that name.
Result<bool> right_password(const Server& server, std::string_view login, const Secret& password);
// Connects and, where a service name is given, binds as it: for the operator's test.
Status reach(const Server& server);

// A value inside a distinguished name, and inside a filter.
std::string escape_dn(std::string_view value);
std::string escape_filter(std::string_view value);

}  // namespace sekisho::directory
