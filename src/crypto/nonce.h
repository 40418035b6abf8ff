// Random bytes that are no keys: nonces, and salts that are stored beside what they salt.
// Asking the kernel costs a microsecond or two each time, and every record needs two of them; so they are drawn in blocks. Keys, tokens and
// passwords are not: those come straight from the kernel (random.h), and nothing keeps them before they are needed.
//
// Each thread has a block of its own, and a forked child draws a new one. Each byte is given out once and wiped from the block. Any thread.
#pragma once
#include <cstddef>
#include <string>

namespace sekisho::crypto {

std::string nonce_bytes(std::size_t count);

}  // namespace sekisho::crypto
