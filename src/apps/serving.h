// The server as one object: event loops, model client, streams, site and listener, started in this order and ended in reverse.
#pragma once
#include <memory>

#include "apps/engine.h"
#include "http/site.h"
#include "net/http_server.h"

namespace sekisho::apps {

class EndOfRights;

class Serving {
 public:
  // Listens when this returns. The engine must outlive it.
  static Result<std::unique_ptr<Serving>> start(Engine& engine);
  ~Serving();
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  std::uint16_t port() const { return server_->port(); }
  net::Runtime& runtime() { return *runtime_; }

 private:
  explicit Serving(Engine& engine);
  Status build();

  Engine& engine_;
  std::unique_ptr<net::Runtime> runtime_;
  std::unique_ptr<llm::Client> client_;
  std::unique_ptr<gate::Streams> streams_;
  std::unique_ptr<http::Site> site_;
  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<EndOfRights> ends_;
};

}  // namespace sekisho::apps
