// Witness types: values that exist only where the policy said yes, so that forgetting to ask does not compile.
//
//   Permit       the gate decided this action for this person; only the gate makes one (gate::PermitMaker).
//   Labelled<T>  content with its label; opens only with a Permit whose person may read that label.
//   Guarded<T>   content that the guard looked through for one endpoint; only guards::Guard makes one.
//   Released<T>  content that may go to one endpoint or way out; only release() makes one. Model clients and exports take nothing else.
//   Relabelled   a label that may take the place of another (relabel.h).
// A Permit refers to the gate's matrix: it lives no longer than the gate.
#pragma once
#include <utility>

#include "policy/decide.h"

namespace sekisho::gate {
class PermitMaker;
}
namespace sekisho::guards {
class Guard;
}

namespace sekisho::policy {

class Permit {
 public:
  const Person& person() const { return person_; }
  const std::string& action() const { return action_; }
  const std::string& clause() const { return clause_; }
  const Matrix& matrix() const { return *matrix_; }

 private:
  friend class gate::PermitMaker;
  Permit(const Matrix& matrix, Person person, std::string action, std::string clause)
      : matrix_(&matrix), person_(std::move(person)), action_(std::move(action)), clause_(std::move(clause)) {}
  const Matrix* matrix_;
  Person person_;
  std::string action_;
  std::string clause_;
};

inline Decision decide_read(const Permit& permit, const Label& label) { return decide_read(permit.matrix(), permit.person(), label); }

template <class T>
class Released;

template <class T>
class Labelled {
 public:
  Labelled(Label label, T value) : label_(std::move(label)), value_(std::move(value)) {}
  const Label& label() const { return label_; }
  // denied with the deciding clause when the permit's person may not read it.
  Result<T> open(const Permit& permit) && {
    if (const Decision d = decide_read(permit, label_); !d.allow) return fail(denial(d));
    return std::move(value_);
  }
  Result<const T*> open(const Permit& permit) const& {
    if (const Decision d = decide_read(permit, label_); !d.allow) return fail(denial(d));
    return &value_;
  }

 private:
  template <class U>
  friend Result<Released<U>> release(Labelled<U> content, const Exit& exit, const Permit& permit);
  Label label_;
  T value_;
};

// What the guard let pass, with what it had to cover already covered. Good for the endpoint that it was looked at for, and no other.
template <class T>
class Guarded {
 public:
  const Label& label() const { return label_; }

 private:
  friend class guards::Guard;
  template <class U>
  friend Result<Released<U>> release(Guarded<U> content, const Ceiling& ceiling, const Permit& permit);
  Guarded(Label label, T value, std::string endpoint_id) : label_(std::move(label)), value_(std::move(value)), endpoint_id_(std::move(endpoint_id)) {}
  Label label_;
  T value_;
  std::string endpoint_id_;
};

template <class T>
class Released {
 public:
  const T& get() const { return value_; }
  const Label& label() const { return label_; }
  const std::string& endpoint_id() const { return endpoint_id_; }  // or the way out's

 private:
  template <class U>
  friend Result<Released<U>> release(Guarded<U> content, const Ceiling& ceiling, const Permit& permit);
  template <class U>
  friend Result<Released<U>> release(Labelled<U> content, const Exit& exit, const Permit& permit);
  Released(Label label, T value, std::string endpoint_id)
      : label_(std::move(label)), value_(std::move(value)), endpoint_id_(std::move(endpoint_id)) {}
  Label label_;
  T value_;
  std::string endpoint_id_;
};

// The person must be able to read it, and the endpoint must be the one that it was guarded for and be allowed to receive it.
template <class T>
Result<Released<T>> release(Guarded<T> content, const Ceiling& ceiling, const Permit& permit) {
  if (content.endpoint_id_ != ceiling.endpoint_id) return fail(Code::internal, "policy.guarded_for_another", "guarded for another endpoint");
  if (const Decision d = decide_read(permit, content.label_); !d.allow) return fail(denial(d));
  if (const Decision d = decide_send(permit.matrix(), ceiling, content.label_); !d.allow) return fail(denial(d));
  return Released<T>(std::move(content.label_), std::move(content.value_), ceiling.endpoint_id);
}

// Out of the service.
template <class T>
Result<Released<T>> release(Labelled<T> content, const Exit& exit, const Permit& permit) {
  if (const Decision d = decide_export(permit.matrix(), permit.person(), exit, content.label_); !d.allow) return fail(denial(d));
  return Released<T>(std::move(content.label_), std::move(content.value_), exit.id);
}

}  // namespace sekisho::policy
