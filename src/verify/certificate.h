// Checks a certificate of disposal from its file and a trust policy alone: the signature of the log's key over its canonical JSON, and the signed
// head of the log that it names. Whether that head is one of a given export is verify_folder()'s to say (Options::earlier).
// Pure; thread-safe. Failures: corrupt "certificate.malformed", "certificate.unknown_log", "certificate.unverified", "certificate.head".
#pragma once
#include <cstdint>
#include <string>

#include "tlog/policy.h"
#include "verify/export.h"

namespace sekisho::verify {

struct Certified {
  std::string id;      // of the disposal
  std::int64_t number = 0;
  std::string body;    // its name
  std::string scope;
  std::int64_t found = 0;      // of what was looked for, afterwards
  std::int64_t remaining = 0;  // kinds of things that stay, by the certificate's own list
  Head head;
};
// `file`: {"certificate":{…},"signature":"base64"} and nothing else.
Result<Certified> check_certificate(const std::string& file, const tlog::TrustPolicy& trust);

}  // namespace sekisho::verify
