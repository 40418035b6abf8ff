// Multi (private to llm): libcurl's multi interface on one Asio loop.
//
// curl's sockets sit in an epoll set of our own, and that set is the one descriptor Asio watches: one wake-up handles every socket that
// is ready, and curl may open and close sockets as it likes without an Asio object being tied to any of them.
// Reentrancy: curl forbids calls from inside its callbacks. Transfers touch no curl function there; they set their state and an Event.
#pragma once
#include <curl/curl.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <set>
#include <vector>

#include "net/asio.h"

namespace sekisho::llm {

class Transfer;

class Multi : public std::enable_shared_from_this<Multi> {
 public:
  static Result<std::shared_ptr<Multi>> create(net::Executor executor);
  explicit Multi(net::Executor executor);
  ~Multi();

  // An easy handle with every option at its default, used before if possible.
  CURL* take_easy();
  void give_back(CURL* easy);
  Status start(std::shared_ptr<Transfer> transfer, CURL* easy);
  // Takes the transfer out; its connection closes unless it had completed. From within one of curl's callbacks: as soon as curl has returned.
  void remove(Transfer& transfer, CURL* easy);
  void resume(CURL* easy);
  // Ends every transfer; after this only destruction.
  void close();

 private:
  Status open();
  void watch();
  void on_ready();
  void act_on(curl_socket_t socket, int mask);
  void collect_finished();
  void take_out(Transfer& transfer, CURL* easy);
  void set_timer(long timeout_ms);
  void drive_timeout();
  void sweep();
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* socket_data);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);

  net::Executor executor_;
  CURLM* multi_ = nullptr;
  net::asio::posix::stream_descriptor set_;
  net::asio::steady_timer timer_;
  net::asio::steady_timer sweeper_;
  bool sweeping_ = false;
  bool closed_ = false;
  int inside_ = 0;  // curl is running
  bool starting_ = false;  // start() drives it next
  curl_socket_t connecting_ = CURL_SOCKET_BAD;  // the last that curl wants to write to
  std::set<std::shared_ptr<Transfer>> transfers_;
  std::vector<std::pair<std::shared_ptr<Transfer>, CURL*>> leaving_;  // when curl returns
  std::vector<CURL*> idle_;
};

}  // namespace sekisho::llm
