// The states of a request and the moves between them, as one table. Pure.
//
//   draft -> submitted -> (returned) -> granted | refused -> in_force -> finished | expired | revoked;  withdrawn before a grant
//
// Invariants: from every state that is not final the requester has a move; no move leaves a final state; what was granted is never edited.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string_view>

namespace sekisho::approvals {

enum class State { draft, submitted, returned, granted, in_force, refused, finished, expired, revoked, withdrawn };
BOOST_DESCRIBE_ENUM(State, draft, submitted, returned, granted, in_force, refused, finished, expired, revoked, withdrawn)

// sign: one place of several; grant: the last one. begin and expire are the clock's, use is a feature's.
enum class Move { edit, submit, withdraw, sign, grant, give_back, refuse, revoke, finish, begin, expire, use };
BOOST_DESCRIBE_ENUM(Move, edit, submit, withdraw, sign, grant, give_back, refuse, revoke, finish, begin, expire, use)

// nullopt: the state does not know the move.
std::optional<State> next(State state, Move move);
bool is_final(State state);
std::string_view name_of(State state);
std::string_view name_of(Move move);
std::optional<State> state_of(std::string_view name);

}  // namespace sekisho::approvals
