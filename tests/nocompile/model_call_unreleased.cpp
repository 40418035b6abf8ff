// A model client takes only what the policy released.
// like: gate/stream.cpp
// refused with: could not convert|no matching function|no known conversion|cannot convert
#include "gate/plan.h"

using namespace sekisho;

gate::ModelCall make(llm::Endpoint endpoint, policy::Released<llm::ChatRequest> released, llm::ChatRequest unreleased) {
#ifdef SK_CONTROL
  return gate::ModelCall{std::move(endpoint), std::move(released)};
#else
  return gate::ModelCall{std::move(endpoint), std::move(unreleased)};
#endif
}
