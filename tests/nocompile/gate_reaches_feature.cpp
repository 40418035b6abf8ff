// The gate knows no feature.
// like: gate/run.cpp
// refused with: features/chat/operations.h: No such file
#ifndef SK_CONTROL
#include "features/chat/operations.h"
#endif
#include "gate/run.h"
