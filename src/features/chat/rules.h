// The rules of answering: what a model is told, and how its answer is checked against the passages that it was given. Pure.
//
// Citations are computed, not asked for: a marker [n] counts only when passage n was really given; a sentence counts as supported only
// when a given passage carries its words and all of its numbers. What the model claims about its sources decides nothing.
#pragma once
#include <string>
#include <vector>

#include "features/chat/views.h"
#include "llm/chat.h"
#include "text/analyse.h"

namespace sekisho::chat {

// Of a longer chat a model is sent the last turns alone.
inline constexpr std::size_t kHistoryTurns = 12;

struct Turn {
  std::string role;
  std::string text;
};

// The request for one endpoint: instructions, the numbered passages (marked as data, not instructions), the last turns, the question.
// fence: random, new for each request: no document can hold the mark that ends its own passage.
llm::ChatRequest compose_request(const std::string& model, const std::vector<Turn>& history, const std::string& question, const std::vector<Citation>& sources,
                                 const std::string& fence);

struct Judged {
  std::string text;                     // markers that name no passage are gone; supported sentences carry theirs
  std::vector<Citation> citations;      // the passages that are referred to, with their numbers unchanged
  std::vector<SentenceView> sentences;  // code points of `text`
};
Judged judge(const std::string& answer, const std::vector<Citation>& sources, const text::Analyzer& analyzer);

// The first line of a question, at most 30 characters: a new chat's title.
std::string title_of(const std::string& question);

}  // namespace sekisho::chat
