// An operation has no default action: forgetting it does not fall back to anything that allows.
// like: features/chat/operations.cpp
// refused with: could not convert|no matching function|cannot convert|no known conversion|missing initializer
#include "gate/operation.h"

using namespace sekisho;

struct In {};
BOOST_DESCRIBE_STRUCT(In, (), ())
struct Out {};
BOOST_DESCRIBE_STRUCT(Out, (), ())

Result<Out> act(gate::Context&, In&) { return Out{}; }

void add(gate::Registry& registry) {
#ifdef SK_CONTROL
  registry.add(gate::Operation<In, Out>{"things.do", "何かをする", "things.do", gate::Access::write, 1024, gate::no_preparation<In>(), act});
#else
  registry.add(gate::Operation<In, Out>{"things.do", "何かをする", gate::Access::write, 1024, gate::no_preparation<In>(), act});
#endif
}
