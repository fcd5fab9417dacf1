"""One connection of the load generator: at most one request under way."""

import socket

_PATIENCE = 10.0


class Caller:
    """Asks, and tells when the answer is whole."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.since = 0.0
        """When the request under way was due."""
        self.connect()

    def connect(self) -> None:
        """Begin anew on a fresh connection."""
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._received = b""
        self._usual = (0, b"")

    def fileno(self) -> int:
        """For `select`."""
        return self._socket.fileno()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def ask(self, asked: bytes, since: float) -> None:
        """Send a request that was due at an instant."""
        self.since = since
        self._socket.sendall(asked)

    def answered(self) -> int:
        """The status once an answer is whole, else 0. Raises when the connection broke."""
        data = self._socket.recv(262_144)
        if not data:
            raise ConnectionResetError
        if not self._received and (len(data), data[:12]) == self._usual:
            return int(data[9:12])  # just like the one before, which was read in full
        self._received += data
        if not is_whole(self._received):
            return 0
        data, self._received = self._received, b""
        self._usual = (len(data), data[:12])
        return int(data[9:12])


def is_whole(answer: bytes) -> bool:
    """Whether an answer has come to its end."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    head = head.lower()
    _, declared, rest = head.partition(b"\r\ncontent-length:")
    if declared:
        return len(body) >= int(rest.partition(b"\r\n")[0])
    if b"\r\ntransfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    return True
