// The verifier reads exported files alone: nothing of the server can slip into it.
// like: verify/export.cpp
// refused with: sql/db.h: No such file
#ifndef SK_CONTROL
#include "sql/db.h"
#endif
#include "verify/export.h"
