#include "features/approvals/state.h"

#include <array>

#include <boost/mp11/algorithm.hpp>

namespace sekisho::approvals {
namespace {

struct Row {
  State from;
  Move move;
  State to;
};
constexpr std::array kMoves = {
    Row{State::draft, Move::edit, State::draft},
    Row{State::draft, Move::submit, State::submitted},
    Row{State::draft, Move::withdraw, State::withdrawn},
    Row{State::submitted, Move::edit, State::draft},
    Row{State::submitted, Move::withdraw, State::withdrawn},
    Row{State::submitted, Move::sign, State::submitted},
    Row{State::submitted, Move::grant, State::granted},
    Row{State::submitted, Move::give_back, State::returned},
    Row{State::submitted, Move::refuse, State::refused},
    Row{State::submitted, Move::expire, State::expired},
    Row{State::returned, Move::edit, State::draft},
    Row{State::returned, Move::submit, State::submitted},
    Row{State::returned, Move::withdraw, State::withdrawn},
    Row{State::granted, Move::begin, State::in_force},
    Row{State::granted, Move::expire, State::expired},
    Row{State::granted, Move::finish, State::finished},
    Row{State::granted, Move::revoke, State::revoked},
    Row{State::in_force, Move::use, State::finished},
    Row{State::in_force, Move::finish, State::finished},
    Row{State::in_force, Move::expire, State::expired},
    Row{State::in_force, Move::revoke, State::revoked},
};

template <class Enum>
std::string_view described_name(Enum value) {
  return boost::describe::enum_to_string(value, "");
}

}  // namespace

std::optional<State> next(State state, Move move) {
  for (const Row& row : kMoves)
    if (row.from == state && row.move == move) return row.to;
  return std::nullopt;
}

bool is_final(State state) {
  for (const Row& row : kMoves)
    if (row.from == state) return false;
  return true;
}

std::string_view name_of(State state) { return described_name(state); }
std::string_view name_of(Move move) { return described_name(move); }

std::optional<State> state_of(std::string_view name) {
  std::optional<State> out;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<State>>([&](auto d) {
    if (name == d.name) out = d.value;
  });
  return out;
}

}  // namespace sekisho::approvals
