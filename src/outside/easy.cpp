#include "outside/easy.h"

namespace sekisho::outside {

bool set_closed(CURL* curl, const std::string& url, const char* protocols, const std::string& ca_file, std::chrono::milliseconds deadline) {
  bool good = curl != nullptr;
  const auto set = [&](CURLoption option, auto value) { good = good && curl_easy_setopt(curl, option, value) == CURLE_OK; };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, protocols);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(deadline.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(deadline.count()));
  if (!ca_file.empty()) set(CURLOPT_CAINFO, ca_file.c_str());
  return good;
}

}  // namespace sekisho::outside
