// The narrow door to Boost.Asio: the headers every coroutine of net, llm and http needs, and our names for them.
//
// A coroutine is Task<T>. Each event loop has one thread (Runtime), so code on one loop needs no lock; what crosses loops or comes
// from the worker pool goes through Event, BoundedQueue or offload. Asio itself is compiled once, in asio_impl.cpp.
//
// gcc 12: in a statement with co_await no braced temporary and no lambda capturing by value as an argument; name them first.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "core/result.h"

namespace sekisho::net {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Executor = asio::any_io_executor;
template <class T = void>
using Task = asio::awaitable<T>;
using Duration = std::chrono::steady_clock::duration;
using TimePoint = std::chrono::steady_clock::time_point;

}  // namespace sekisho::net
