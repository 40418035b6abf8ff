// Key files: 32 random bytes, mode 0600, owned by the user who runs the program (or root).
//
// A file that its group or others can read, a symbolic link, or a file of another size stops the start (denied or corrupt): a key that
// may have leaked is worse than a server that is down. Creation is exclusive, so two programs starting at once agree on one key.
#pragma once
#include <string>

#include "core/result.h"
#include "core/secret.h"

namespace sekisho::crypto {

// not_found when the file does not exist.
Result<Secret> load_key(const std::string& path);
// Makes the key on first use. The folder must exist.
Result<Secret> load_or_create_key(const std::string& path);

}  // namespace sekisho::crypto
