#include "crypto/uuid.h"

#include <gtest/gtest.h>

#include "core/bytes.h"

namespace sekisho::crypto {

// RFC 9562 appendix A.4: the namespace of DNS names and "www.example.com".
TEST(Uuid, Version5AsInTheRfc) {
  EXPECT_EQ(uuid_v5(from_hex("6ba7b8109dad11d180b400c04fd430c8").value(), "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

}  // namespace sekisho::crypto
