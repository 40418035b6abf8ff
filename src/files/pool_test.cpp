#include "files/pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "core/bytes.h"
#include "files/protocol.h"
#include "files/reasons.h"

namespace sekisho::files {
namespace {

ExtractorSettings settings() {
  ExtractorSettings out;
  out.worker_path = SK_BINARY_DIR "/bin/sekisho-worker";
  return out;
}

TEST(Extractor, ReadsManyFilesFromManyThreads) {
  auto extractor = Extractor::create(settings());
  ASSERT_TRUE(extractor.has_value()) << to_string(extractor.error());
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const std::string word = "文" + std::to_string(t * 100 + i);
        const auto out = (*extractor)->extract(i % 5 == 0 ? "a.html" : "a.txt", word, {});
        if (out && out->blocks.size() == 1 && out->blocks[0].text == word) ++good;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 100);
}

TEST(Extractor, OneBadFileHarmsNoOther) {
  ExtractorSettings tight = settings();
  tight.file_timeout = std::chrono::milliseconds(1500);
  auto extractor = Extractor::create(tight);
  ASSERT_TRUE(extractor.has_value()) << to_string(extractor.error());
  EXPECT_EQ((*extractor)->extract("a.txt", "\xFF\xFD\x80", {}).error().key, "files.invalid_encoding");
  EXPECT_TRUE((*extractor)->extract("a.txt", "よい", {}).has_value());
  EXPECT_EQ((*extractor)->extract("a.docx", "PK\x03\x04xxx", {}).error().key, "files.broken");
  EXPECT_TRUE((*extractor)->extract("b.txt", "よい", {}).has_value());
}

// A worker that says hello and then misbehaves, as a taken-over one could.
ExtractorSettings hostile(const std::string& deed) {
  const std::string path = SK_BINARY_DIR "/hostile_worker.py";
  EXPECT_TRUE(write_file(path,
                         "#!/usr/bin/python3 -ISs\nimport os,struct,sys,time\n"
                         "def say(b): os.write(1, struct.pack('>I', len(b)) + b)\n"
                         "say(b'sekisho-worker 1')\nos.read(0, 1)\n" +
                             deed + "\n")
                  .has_value());
  std::filesystem::permissions(path, std::filesystem::perms::owner_all | std::filesystem::perms::group_exec |
                                         std::filesystem::perms::group_read | std::filesystem::perms::others_exec |
                                         std::filesystem::perms::others_read);
  ExtractorSettings out = settings();
  out.worker_path = path;
  out.file_timeout = std::chrono::milliseconds(2000);
  return out;
}

std::string outcome(const ExtractorSettings& with, std::string_view bytes = "文") {
  auto extractor = Extractor::create(with);
  if (!extractor) return extractor.error().key;
  const auto out = (*extractor)->extract("a.txt", bytes, {});
  return out ? "read" : out.error().key;
}

TEST(Extractor, AMisbehavingWorkerCostsOneFileOnly) {
  EXPECT_EQ(outcome(hostile("os.kill(os.getpid(), 11)")), "files.crashed");
  EXPECT_EQ(outcome(hostile("say(b'garbage')")), "files.crashed");
  // A length that lies ends at once, whether it comes after the file was sent or while it is being sent (longer than a pipe holds).
  for (const std::size_t bytes : {std::size_t{3}, std::size_t{1} << 20}) {
    ExtractorSettings lying = hostile("os.write(1, b'\\xff\\xff\\xff\\xff')\nwhile os.read(0, 65536): pass");
    lying.file_timeout = std::chrono::milliseconds(30'000);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(outcome(lying, std::string(bytes, 'x')), "files.too_much_text");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, lying.file_timeout);
  }
  EXPECT_EQ(outcome(hostile("time.sleep(60)")), "files.timeout");
  EXPECT_EQ(outcome(hostile("say(b'\\1\\0' + b'\\x05\\0\\0\\0../x' + b'\\0\\0\\0\\0')")), "files.crashed");
}

TEST(Extractor, MemoryAndProcessorTimeOfAFileAreBounded) {
  std::string text;
  while (text.size() < (40U << 20)) text += "潮見野市の窓口では、住民票の写しを交付しています。\n";
  ExtractorSettings little_memory = settings();
  little_memory.memory_bytes = 120U << 20;
  ExtractorSettings little_time = settings();
  little_time.file_timeout = std::chrono::milliseconds(20);
  EXPECT_EQ(outcome(little_time, text), "files.timeout");
#if !defined(__SANITIZE_ADDRESS__)
  EXPECT_EQ(outcome(little_memory, text), "files.too_complex");
#endif
  EXPECT_EQ(outcome(hostile("while True: pass"), "x"), "files.timeout");
  ExtractorSettings busy = hostile("while True: pass");
  busy.cpu_seconds = 1;
  busy.file_timeout = std::chrono::milliseconds(20'000);
  EXPECT_EQ(outcome(busy), "files.too_complex");
}

TEST(Extractor, FailsClosedWithoutAWorkerProgram) {
  ExtractorSettings bad = settings();
  bad.worker_path = "/nonexistent/worker";
  const auto extractor = Extractor::create(bad);
  ASSERT_FALSE(extractor.has_value());
  EXPECT_EQ(extractor.error().key, "sandbox.unavailable");
  EXPECT_EQ(extractor.error().code, Code::unavailable);
}

TEST(Extractor, RefusesAProgramThatIsNoWorker) {
  ExtractorSettings bad = settings();
  bad.worker_path = "/usr/bin/true";
  EXPECT_EQ(Extractor::create(bad).error().key, "sandbox.unavailable");
}

TEST(Extractor, ReadsOfficeAndPdfInsideTheCage) {
  const std::string folder = SK_BINARY_DIR "/files_pool_fixtures";
  std::filesystem::create_directories(folder);
  ASSERT_EQ(std::system(("/usr/bin/python3 " SK_SOURCE_DIR "/tests/corpus/files/make.py " + folder).c_str()), 0);
  auto extractor = Extractor::create(settings());
  ASSERT_TRUE(extractor.has_value()) << to_string(extractor.error());
  for (const char* name : {"rule.docx", "budget.xlsx", "briefing.pptx", "rule.pdf"}) {
    const auto bytes = read_file(folder + "/" + name, 1U << 20);
    ASSERT_TRUE(bytes.has_value());
    const auto out = (*extractor)->extract(name, *bytes, {});
    ASSERT_TRUE(out.has_value()) << name << " " << to_string(out.error());
    EXPECT_EQ(*out, *extract_bytes(name, *bytes, {})) << name;
  }
}

TEST(Protocol, CarriesExtractedAndErrorsUnchanged) {
  Extracted e;
  e.type = Type::pptx;
  e.encoding = "CP932";
  e.encoding_certain = false;
  e.title = "題";
  e.pages = 3;
  e.warnings = {"files.replaced_characters"};
  e.blocks = {{Kind::table_row, 2, 3, "本文", "第1条", "見出し"}, {}};
  const auto back = decode_answer(encode_answer(e));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(*back, e);
  const auto error = decode_answer(encode_answer(fail(Code::timeout, "files.timeout", "slow\x01")));
  EXPECT_EQ(error.error().key, "files.timeout");
  EXPECT_EQ(error.error().detail, "slow?");
}

TEST(Protocol, RefusesEveryTruncationAndTail) {
  Extracted e;
  e.blocks = {{Kind::heading, 1, 0, "あ", "い", "う"}};
  const std::string whole = encode_answer(e);
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_EQ(decode_answer(whole.substr(0, n)).error().key, "files.crashed") << n;
  EXPECT_EQ(decode_answer(whole + "x").error().key, "files.crashed");
}

TEST(Reasons, AreOneSentencePerKeyInOrder) {
  std::string_view before;
  for (const Reason& reason : reasons()) {
    EXPECT_LT(before, reason.key);
    EXPECT_TRUE(reason.text.ends_with("。")) << reason.key;
    before = reason.key;
  }
}

}  // namespace
}  // namespace sekisho::files
