// One Japanese line for what can go wrong with an answer; stored with the message it belongs to. Pure.
#pragma once
#include <string>
#include <string_view>

namespace sekisho::chat {

std::string problem_title(std::string_view key);

}  // namespace sekisho::chat
