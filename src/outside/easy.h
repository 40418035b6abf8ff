// One transfer of libcurl, and what every connection of ours sets: no proxy, nothing from the environment, TLS 1.2 or later, verified. Private to the module.
#pragma once
#include <curl/curl.h>

#include <chrono>
#include <string>

namespace sekisho::outside {

struct Easy {
  CURL* handle = curl_easy_init();
  curl_slist* list = nullptr;  // of headers, or of recipients
  Easy() = default;
  Easy(const Easy&) = delete;
  Easy& operator=(const Easy&) = delete;
  ~Easy() {
    if (handle != nullptr) curl_easy_cleanup(handle);
    curl_slist_free_all(list);
  }
};

// protocols: as CURLOPT_PROTOCOLS_STR. ca_file: PEM; empty: the system's. false: an option was refused, or there is no handle.
bool set_closed(CURL* curl, const std::string& url, const char* protocols, const std::string& ca_file, std::chrono::milliseconds deadline);

}  // namespace sekisho::outside
