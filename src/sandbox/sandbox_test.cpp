// The cage holds: tried from inside by small Python programs.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

#include "sandbox/child.h"
#include "sandbox/frame.h"

namespace sekisho::sandbox {
namespace {

Deadline in_ms(int ms) { return std::chrono::steady_clock::now() + std::chrono::milliseconds(ms); }

// Runs Python code that calls say("...") to answer one frame.
Spec python(const std::string& code) {
  Spec spec;
  spec.program = "/usr/bin/python3";
  const std::string head =
      "import os,sys,struct\n"
      "def say(s):\n b=str(s).encode(); os.write(1, struct.pack('>I', len(b))+b)\n"
      "def hear():\n n=struct.unpack('>I', sys.stdin.buffer.read(4))[0]; return sys.stdin.buffer.read(n)\n";
  spec.arguments = {"-I", "-S", "-c", head + code};
  spec.limits.address_space_bytes = 1ULL << 30;
  spec.limits.file_bytes = 1 << 20;
  spec.limits.scratch_bytes = 4 << 20;
  return spec;
}

std::string answer_of(const std::string& code, Spec spec = {}) {
  const Spec wanted = spec.program.empty() ? python(code) : spec;
  auto child = Child::start(wanted);
  if (!child) return to_string(child.error());
  const auto out = (*child)->read_message(in_ms(20'000), 1 << 16);
  return out ? *out : to_string(out.error());
}

TEST(Sandbox, CannotReachTheHostsLoopback) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string port = std::to_string(ntohs(address.sin_port));
  EXPECT_EQ(answer_of("import socket\ntry:\n socket.create_connection(('127.0.0.1'," + port +
                      "),2); say('connected')\nexcept OSError as e: say('refused')"),
            "refused");
  ::close(listener);
}

TEST(Sandbox, HasNoSocketsOfAnyFamily) {
  EXPECT_EQ(answer_of("import socket\nr=[]\nfor f in (socket.AF_INET,socket.AF_INET6,socket.AF_UNIX,socket.AF_NETLINK,socket.AF_PACKET):\n"
                      " try:\n  socket.socket(f, socket.SOCK_RAW if f in (socket.AF_NETLINK,socket.AF_PACKET) else socket.SOCK_STREAM); "
                      "r.append('open')\n"
                      " except OSError as e: r.append(e.errno)\nsay(r)"),
            "[1, 1, 1, 1, 1]");
}

TEST(Sandbox, SeesNoSecretsNoHomeNoDataAndNoOtherProcess) {
  const std::string secret = SK_BINARY_DIR "/sandbox_secret.txt";
  std::ofstream(secret) << "secret";
  EXPECT_EQ(answer_of("r=[]\nfor p in ('/etc/shadow','/etc/passwd','/root','/home','/var','/proc/1/environ','/sys','" + secret +
                      "'):\n r.append(os.path.exists(p))\nsay(r)"),
            "[False, False, False, False, False, False, False, False]");
  EXPECT_EQ(answer_of("say(sorted(os.environ.keys() - {'LC_CTYPE', 'PWD'}))"), "[]");
  EXPECT_EQ(answer_of("say((os.getuid(), os.getpid() < 10))"), "(65534, True)");
}

TEST(Sandbox, WritesOnlyItsOwnScratchAndOnlySoMuch) {
  EXPECT_EQ(answer_of("r=[]\nfor p in ('/x','/usr/x','/usr/lib/x','/dev/x','/etc/x'):\n try:\n  open(p,'w'); r.append('written')\n"
                      " except OSError as e: r.append('no')\nsay(r)"),
            "['no', 'no', 'no', 'no', 'no']");
  EXPECT_EQ(
      answer_of("import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nopen('/tmp/a','w').write('x')\n"
                "try:\n f=open('/tmp/b','wb'); f.write(b'x'*(2<<20)); f.flush(); say('written')\nexcept OSError as e: say('too large')"),
      "too large");
}

TEST(Sandbox, RefusesDangerousCalls) {
  EXPECT_EQ(answer_of("import ctypes\nl=ctypes.CDLL(None,use_errno=True)\nr=[]\n"
                      "for n in (101,165,250,272,298,308,321,323,425,435):\n"
                      " ctypes.set_errno(0); l.syscall(n,0,0,0,0,0,0); r.append(ctypes.get_errno())\nsay(r)"),
            "[1, 1, 1, 1, 1, 1, 1, 1, 1, 38]");
}

TEST(Sandbox, MemoryAndProcessorTimeAreBounded) {
  EXPECT_EQ(answer_of("try:\n b=bytearray(3<<30); say('got it')\nexcept MemoryError: say('no memory')"), "no memory");
  Spec spin = python("while True: pass");
  spin.limits.cpu_seconds = 1;
  const std::string out = answer_of("", spin);
  EXPECT_NE(out.find("status 137"), std::string::npos) << out;
}

TEST(Sandbox, DeadlineEndsTheWholeTree) {
  const auto begin = std::chrono::steady_clock::now();
  auto child = Child::start(python("say('up')\nos.fork()\nos.fork()\nimport time\ntime.sleep(600)"));
  ASSERT_TRUE(child.has_value());
  ASSERT_TRUE((*child)->read_message(in_ms(20'000), 100).has_value());
  const auto out = (*child)->read_message(in_ms(200), 100);
  ASSERT_FALSE(out.has_value());
  EXPECT_EQ(out.error().key, "sandbox.timeout");
  EXPECT_FALSE((*child)->running());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
}

TEST(Sandbox, LargeMessagesPassBothWaysWithoutDeadlock) {
  auto child = Child::start(python("b=hear()\nos.write(1, struct.pack('>I', len(b)))\nsys.stdout.buffer.write(b)\nsys.stdout.flush()"));
  ASSERT_TRUE(child.has_value());
  const std::string big(9'000'000, 'x');
  ASSERT_TRUE((*child)->write_message({"head", big}, in_ms(20'000)).has_value());
  const auto out = (*child)->read_message(in_ms(20'000), 10'000'000);
  ASSERT_TRUE(out.has_value()) << to_string(out.error());
  EXPECT_EQ(*out, "head" + big);
}

TEST(Sandbox, ChildThatAnswersWithoutReadingCannotStallUs) {
  auto child = Child::start(python("while True: os.write(1, b'\\0\\0\\0\\1x'*1000)"));
  ASSERT_TRUE(child.has_value());
  const std::string big(4 << 20, 'x');
  EXPECT_EQ((*child)->write_message({big}, in_ms(700)).error().key, "sandbox.timeout");
}

TEST(Sandbox, OversizedFramesAreRefusedUnread) {
  auto child = Child::start(python("os.write(1, b'\\xff\\xff\\xff\\xff'); import time; time.sleep(60)"));
  ASSERT_TRUE(child.has_value());
  EXPECT_EQ((*child)->read_message(in_ms(20'000), 1000).error().key, "sandbox.too_large");
}

TEST(Sandbox, DeathIsReportedWithItsStatus) {
  EXPECT_NE(answer_of("sys.exit(7)").find("status 7"), std::string::npos);
  auto child = Child::start(python("say('up')\nos.kill(os.getpid(), 11)"));
  ASSERT_TRUE(child.has_value());
  ASSERT_TRUE((*child)->read_message(in_ms(20'000), 100).has_value());
  const auto out = (*child)->read_message(in_ms(20'000), 100);
  EXPECT_EQ(out.error().key, "sandbox.exited");
  EXPECT_NE(out.error().detail.find("status 139"), std::string::npos) << out.error().detail;
  // Writing to a dead child is an error, not a signal.
  EXPECT_FALSE((*child)->write_message({"x"}, in_ms(100)).has_value());
}

TEST(Sandbox, ACageThatCannotBeBuiltIsUnavailable) {
  Spec spec = python("say(1)");
  spec.mounts = {{"/does/not/exist", "/x"}};
  auto child = Child::start(spec);
  ASSERT_TRUE(child.has_value());
  const auto out = (*child)->read_message(in_ms(20'000), 100);
  EXPECT_EQ(out.error().key, "sandbox.unavailable");
  EXPECT_EQ(out.error().code, Code::unavailable);
}

}  // namespace
}  // namespace sekisho::sandbox
