"""The end of the server: whoever asks for it, however early, gets an orderly one."""
import socket
import time

from sekisho import Server
from shiken import set_up


def wait_for_port(server):
    """At once when it opens: what the server does after that is still to come."""
    until = time.monotonic() + 30
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                return
        assert time.monotonic() < until, server.log_tail()


def test_stopping_as_soon_as_the_port_is_open_is_orderly(tmp_path):
    server = set_up(Server(tmp_path / "data"))
    for _ in range(3):
        server.launch()
        wait_for_port(server)
        assert server.stop() == 0, server.log_tail()
        assert not (server.data / "control.sock").exists()
