"""A mail server on the loopback for tests: it keeps what it is sent, or refuses."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Talk(socketserver.StreamRequestHandler):
    """As little SMTP as a client asks for."""

    def handle(self) -> None:
        box: MailServer = self.server  # type: ignore[assignment]
        self.wfile.write(b"220 test\r\n")
        for line in self.rfile:
            word = line[:4].upper().strip()
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            if word == b"DATA":
                self.wfile.write(b"354 go\r\n")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                box.letters.append(letter.decode())
            refused = word == b"RCPT" and box.refuses
            self.wfile.write(b"452 full\r\n" if refused else b"250 ok\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    """Letters as they came; `refuses` lets it take none."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.letters: list[str] = []
        self.refuses = False


@contextmanager
def a_mail_server() -> Iterator[MailServer]:
    """A server that runs while it is needed."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
