#include "directory/directory.h"

#include <ldap.h>
#include <sys/time.h>

#include <memory>

namespace sekisho::directory {
namespace {

constexpr std::string_view kLogin = "{login}";
constexpr std::size_t kMaxLogin = 256;

struct Unbind {
  void operator()(LDAP* handle) const { ldap_unbind_ext_s(handle, nullptr, nullptr); }
};
using Connection = std::unique_ptr<LDAP, Unbind>;

std::string hex(char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', kHex[byte >> 4], kHex[byte & 15]};
}

std::string filled(std::string_view pattern, const std::string& value) {
  std::string out(pattern);
  for (std::size_t at = out.find(kLogin); at != std::string::npos; at = out.find(kLogin, at + value.size())) out.replace(at, kLogin.size(), value);
  return out;
}

Unexpected answer(int code, const char* doing) {
  const bool down = code == LDAP_SERVER_DOWN || code == LDAP_TIMEOUT || code == LDAP_CONNECT_ERROR || code == LDAP_UNAVAILABLE || code == LDAP_BUSY || code == LDAP_LOCAL_ERROR;
  return fail(Code::unavailable, down ? "directory.down" : "directory.failed", std::string(doing) + ": " + ldap_err2string(code));
}

template <class T>
bool set(LDAP* handle, int option, const T& value) {
  return ldap_set_option(handle, option, &value) == LDAP_OPT_SUCCESS;
}

Result<Connection> connect(const Server& server) {
  LDAP* raw = nullptr;
  if (const int code = ldap_initialize(&raw, server.url.c_str()); code != LDAP_SUCCESS) return answer(code, "address");
  Connection out(raw);
  const timeval limit{server.timeout_ms / 1000, server.timeout_ms % 1000 * 1000};
  const bool fits = set(raw, LDAP_OPT_PROTOCOL_VERSION, int{LDAP_VERSION3}) && set(raw, LDAP_OPT_NETWORK_TIMEOUT, limit) && set(raw, LDAP_OPT_TIMEOUT, limit) &&
                    ldap_set_option(raw, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS && ldap_set_option(raw, LDAP_OPT_RESTART, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
                    ldap_set_option(raw, LDAP_OPT_X_TLS_CACERTFILE, server.ca_file.c_str()) == LDAP_OPT_SUCCESS &&
                    set(raw, LDAP_OPT_X_TLS_REQUIRE_CERT, int{LDAP_OPT_X_TLS_DEMAND}) && set(raw, LDAP_OPT_X_TLS_PROTOCOL_MIN, int{LDAP_OPT_X_TLS_PROTOCOL_TLS1_2}) &&
                    set(raw, LDAP_OPT_X_TLS_NEWCTX, 0);
  if (!fits) return fail(Code::unavailable, "directory.failed", "the certificate file or an option was not taken");
  if (server.start_tls)
    if (const int code = ldap_start_tls_s(raw, nullptr, nullptr); code != LDAP_SUCCESS) return answer(code, "StartTLS");
  return out;
}

Result<bool> simple_bind(LDAP* handle, const std::string& name, const Secret& password) {
  std::string bytes(password.reveal());
  berval credentials{bytes.size(), bytes.data()};
  const int code = ldap_sasl_bind_s(handle, name.c_str(), LDAP_SASL_SIMPLE, &credentials, nullptr, nullptr, nullptr);
  std::fill(bytes.begin(), bytes.end(), '\0');
  if (code == LDAP_SUCCESS) return true;
  if (code == LDAP_INVALID_CREDENTIALS || code == LDAP_NO_SUCH_OBJECT) return false;
  return answer(code, "bind");
}

Status bind_service(const Server& server, LDAP* handle) {
  if (server.service_dn.empty()) return ok();
  SK_TRY(const bool right, simple_bind(handle, server.service_dn, server.service_password));
  if (!right) return fail(Code::unavailable, "directory.failed", "the directory refuses the service's own password");
  return ok();
}

// Empty: nobody of that name.
Result<std::string> find(const Server& server, LDAP* handle, std::string_view login) {
  SK_CHECK(bind_service(server, handle));
  char none[] = LDAP_NO_ATTRS;
  char* attributes[] = {none, nullptr};
  timeval limit{server.timeout_ms / 1000, server.timeout_ms % 1000 * 1000};
  LDAPMessage* message = nullptr;
  const int code = ldap_search_ext_s(handle, server.base.c_str(), LDAP_SCOPE_SUBTREE, filled(server.filter, escape_filter(login)).c_str(), attributes, 0, nullptr, nullptr, &limit, 2, &message);
  const std::unique_ptr<LDAPMessage, int (*)(LDAPMessage*)> owned(message, ldap_msgfree);
  if (code == LDAP_NO_SUCH_OBJECT) return std::string();
  if (code != LDAP_SUCCESS && code != LDAP_SIZELIMIT_EXCEEDED) return answer(code, "search");
  const int entries = message == nullptr ? 0 : ldap_count_entries(handle, message);
  if (entries <= 0) return std::string();
  if (entries > 1) return fail(Code::unavailable, "directory.failed", "the filter fits more than one entry");
  char* const name = ldap_get_dn(handle, ldap_first_entry(handle, message));
  std::string out = name == nullptr ? "" : name;
  ldap_memfree(name);
  return out;
}

Status wrong(const char* what) { return fail(Code::invalid_argument, "directory.settings", what); }

}  // namespace

std::string escape_dn(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool edge = (c == ' ' && (i == 0 || i + 1 == value.size())) || (c == '#' && i == 0);
    out += edge || std::string_view("\"+,;<>\\=\0", 9).find(c) != std::string_view::npos || static_cast<unsigned char>(c) < 0x20 ? hex(c) : std::string(1, c);
  }
  return out;
}

std::string escape_filter(std::string_view value) {
  std::string out;
  for (const char c : value) out += std::string_view("*()\\\0", 5).find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80 ? hex(c) : std::string(1, c);
  return out;
}

Status check(const Server& server) {
  const std::string_view url = server.url;
  if (!url.starts_with(server.start_tls ? "ldap://" : "ldaps://")) return wrong("the URL begins with ldaps://, or with ldap:// and start_tls");
  const std::string_view host = url.substr(url.find("://") + 3);
  if (host.empty() || host.find_first_of("/?# ") != std::string_view::npos) return wrong("the URL names a host and perhaps a port, nothing more");
  if (server.ca_file.empty()) return wrong("the authority's certificate file is missing");
  if (server.user_dn.empty() == server.filter.empty()) return wrong("either user_dn or base and filter");
  if (!server.user_dn.empty() && server.user_dn.find(kLogin) == std::string::npos) return wrong("user_dn holds {login}");
  if (!server.filter.empty() && (server.base.empty() || server.filter.find(kLogin) == std::string::npos)) return wrong("filter holds {login} and needs a base");
  if (server.service_dn.empty() != server.service_password.empty()) return wrong("a service name goes with its password");
  if (server.timeout_ms < 100 || server.timeout_ms > 60'000) return wrong("timeout_ms from 100 to 60000");
  return ok();
}

Status reach(const Server& server) {
  SK_CHECK(check(server));
  SK_TRY(const Connection connection, connect(server));
  if (!server.service_dn.empty()) return bind_service(server, connection.get());
  // As nobody: proves that the directory speaks, and costs it nothing.
  SK_CHECK(simple_bind(connection.get(), "", Secret()));
  return ok();
}

Result<bool> right_password(const Server& server, std::string_view login, const Secret& password) {
  if (password.empty() || password.reveal().find('\0') != std::string_view::npos || login.empty() || login.size() > kMaxLogin) return false;
  SK_CHECK(check(server));
  SK_TRY(const Connection connection, connect(server));
  std::string name = filled(server.user_dn, escape_dn(login));
  if (server.user_dn.empty()) {
    SK_TRY(name, find(server, connection.get(), login));
    if (name.empty()) return false;
  }
  return simple_bind(connection.get(), name, password);
}

}  // namespace sekisho::directory
