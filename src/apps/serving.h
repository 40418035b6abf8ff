// The server as one object: event loops, model client, streams, site and listeners, started in this order and ended in reverse.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "apps/clockwork.h"
#include "apps/engine.h"
#include "http/site.h"
#include "net/http_server.h"

namespace sekisho::apps {

class Serving {
 public:
  // Answers at every listener when this returns, and at none before all of them are there. The engine must outlive it.
  static Result<std::unique_ptr<Serving>> start(Engine& engine);
  ~Serving();
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  struct Place {
    std::string url;
    std::string segment;
  };
  std::uint16_t port() const { return servers_.front()->port(); }  // of the first listener
  const std::vector<Place>& places() const { return places_; }
  net::Runtime& runtime() { return *runtime_; }

 private:
  explicit Serving(Engine& engine);
  Status build();
  Status listen();

  Engine& engine_;
  std::unique_ptr<net::Runtime> runtime_;
  std::unique_ptr<llm::Client> client_;
  std::unique_ptr<gate::Streams> streams_;
  std::unique_ptr<http::Site> site_;
  std::vector<std::unique_ptr<net::HttpServer>> servers_;
  std::vector<Place> places_;
  std::unique_ptr<Clockwork> ends_;
};

}  // namespace sekisho::apps
