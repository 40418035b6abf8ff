// A leaf as a syslog message. RFC 5424, octet-counted as RFC 5425 frames it. Pure; thread-safe.
//
//   <109>1 2026-11-21T05:11:17.978377Z host sekisho - log [meta sequenceId="61"][origin software="sekisho"] BOM{"act":…}
//
// PRI is facility 13 (log audit) with severity 5 (notice), or 4 (warning) for what was refused or failed. `sequenceId` is the leaf's number
// plus one, from 1 to 2147483647 and round again (RFC 5424 section 7.3.1): a receiver sees a gap in it. The leaf itself says `seq` as well, and
// is sent whole, so that the receiver's file can be compared with an export later (sekisho-verify --received).
#pragma once
#include <string>
#include <string_view>

#include "tlog/leaf.h"

namespace sekisho::outside {

// `leaf` are the bytes that decode to `decoded`; `host` is sent as far as RFC 5424 allows its characters, "-" when nothing is left.
std::string syslog_message(const tlog::Leaf& decoded, std::string_view leaf, std::string_view host);
// "LENGTH message" (RFC 5425 section 4.3).
std::string framed(std::string_view message);

}  // namespace sekisho::outside
