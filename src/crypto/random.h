// Randomness from the kernel (getrandom), and the texts made of it. Thread-safe.
//
// init() is called once by main before anything else of this module; it picks the fast code paths of the machine. A machine whose
// random source does not work must not start, hence the Status.
#pragma once
#include <cstdint>
#include <string>

#include "core/result.h"
#include "core/secret.h"

namespace sekisho::crypto {

Status init();

std::string random_bytes(std::size_t count);
// Uniform in [0, bound), without modulo bias. bound >= 1.
std::uint32_t random_below(std::uint32_t bound);
// 32 random bytes as base64url: 43 characters, for session and API tokens. Store only their SHA-256.
Secret random_token();
// For handing over on paper: 16 characters without 0 O o 1 I l, with an upper case letter, a lower case
// letter and a digit (about 91 bits).
Secret temporary_password();

}  // namespace sekisho::crypto
