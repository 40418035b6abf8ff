#include "llm/openai.h"

#include <gtest/gtest.h>

namespace sekisho::llm {
namespace {

std::string text_of(std::string_view json) {
  const auto chunk = read_openai_chunk(json);
  return chunk ? chunk->text : chunk.error().key;
}
std::string content(std::string_view text) { return R"({"choices":[{"delta":{"content":")" + std::string(text) + R"("}}]})"; }

TEST(OpenAiChunk, ReadsTextReasonAndUsage) {
  const auto chunk = read_openai_chunk(
      R"({"id":"x","choices":[{"index":0,"delta":{"role":"assistant","content":"こん"},"logprobs":null,"finish_reason":"stop"}],)"
      R"("usage":{"prompt_tokens":3,"completion_tokens":-5}})");
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk->text, "こん");
  EXPECT_EQ(chunk->finish_reason, "stop");
  EXPECT_EQ(chunk->usage->prompt_tokens, 3);
  EXPECT_EQ(chunk->usage->completion_tokens, 0) << "a negative count is not believed";
}

TEST(OpenAiChunk, TextIsAlwaysValidUtf8) {
  EXPECT_EQ(text_of(content(R"(\ud83d\ude00)")), "😀");
  EXPECT_EQ(text_of(content(R"(a\ud83d)")), "a\xEF\xBF\xBD");
  EXPECT_EQ(text_of(content(R"(\ude00b\\ud83d)")),
            "\xEF\xBF\xBD"
            "b\\ud83d");
  EXPECT_EQ(text_of(content("a\xFF\xE3\x81z")), "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(text_of(content(R"(\u0000\"\\\n)")), std::string("\0\"\\\n", 4));
}

TEST(OpenAiChunk, ToleratesMissingPartsAndRefusesWhatIsNotAChunk) {
  EXPECT_EQ(text_of(R"({"choices":[]})"), "");
  EXPECT_EQ(text_of(R"({"choices":[{"delta":{"content":null}}]})"), "");
  EXPECT_EQ(text_of(R"({"choices":[{"delta":{"content":5},"finish_reason":null}]})"), "");
  EXPECT_EQ(text_of(R"({"choices":null})"), "llm.garbage");
  EXPECT_EQ(text_of(R"({"choices":[7]})"), "llm.garbage");
  EXPECT_EQ(text_of(""), "llm.garbage");
  EXPECT_EQ(text_of("{}{}"), "llm.garbage");
  EXPECT_EQ(text_of(std::string(100'000, '[')), "llm.garbage");
  EXPECT_EQ(text_of(R"({"error":"down"})"), "llm.refused");
}

TEST(OpenAiRequest, IsValidJsonWhateverTheTextHolds) {
  ChatRequest request;
  request.model = "m\"1";
  request.messages = {{"system", std::string("a\x01\t\r\n\\\"\0", 8)}, {"user", "壊れた\xFF"}};
  request.max_tokens = 5;
  request.temperature = 0.25;
  EXPECT_EQ(write_openai_request(request, Streaming::no),
            "{\"model\":\"m\\\"1\",\"messages\":[{\"role\":\"system\",\"content\":\"a\\u0001\\u0009\\u000d\\n\\\\\\\"\\u0000\"},"
            "{\"role\":\"user\",\"content\":\"壊れた\xEF\xBF\xBD\"}],\"max_tokens\":5,\"temperature\":2.5E-1}");
}

}  // namespace
}  // namespace sekisho::llm
