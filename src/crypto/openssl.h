// What calls to OpenSSL that cannot fail on their input have in common. Private to the module.
#pragma once
#include <stdexcept>

namespace sekisho::crypto {

// Such a call (1: done; a pointer: made) fails only where memory has run out, or a configuration of OpenSSL's takes its algorithms away. Throws
// std::runtime_error.
inline void must(int done) {
  if (done != 1) throw std::runtime_error("OpenSSL does not do its part");
}
template <class T>
T* must(T* made) {
  must(made != nullptr ? 1 : 0);
  return made;
}

}  // namespace sekisho::crypto
