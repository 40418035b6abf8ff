// The built-in engine: the most relevant sentences of the given passages, each with its number. It never makes a sentence of its own.
#pragma once
#include <string>
#include <vector>

#include "features/chat/views.h"
#include "text/analyse.h"

namespace sekisho::chat {

std::string extract_answer(const std::string& question, const std::vector<Citation>& sources, const text::Analyzer& analyzer);

}  // namespace sekisho::chat
