// The policy is pure: no database.
// like: policy/decide.cpp
// refused with: sql/db.h: No such file
#ifndef SK_CONTROL
#include "sql/db.h"
#endif
#include "policy/decide.h"
