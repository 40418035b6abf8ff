// A feature does not see HTTP: the header does not even resolve.
// like: features/chat/operations.cpp
// refused with: http/site.h: No such file
#ifndef SK_CONTROL
#include "http/site.h"
#endif
#include "features/chat/operations.h"
