"""One HTTP connection that takes as little of the processor as it can, for there is one machine for all."""

import socket


class Connection:
    """A kept connection to a server on loopback; opened again when the server has closed it."""

    def __init__(self, port, always=None, timeout=300):
        """`always` are headers of all requests."""
        self.port, self.always, self.timeout = port, always or {}, timeout
        self.socket = self.input = None

    def close(self):
        if self.socket:
            self.input.close()
            self.socket.close()
            self.socket = None

    def send(self, method, path, headers, body):
        """Status and body of the answer."""
        fields = {"Host": f"127.0.0.1:{self.port}", **self.always, **headers, "Content-Length": len(body or b"")}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        request = "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")
        for attempt in range(2):
            fresh = self.socket is None
            try:
                if fresh:
                    self.socket = socket.create_connection(("127.0.0.1", self.port), self.timeout)
                    self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.input = self.socket.makefile("rb", buffering=1 << 16)
                self.socket.sendall(request)
                status = self.input.readline()
                if status:
                    return self.answer(int(status.split()[1]), status.startswith(b"HTTP/1.0"))
            except (BrokenPipeError, ConnectionResetError):
                pass
            self.close()
            if fresh or attempt:
                break
        raise ConnectionError(f"{method} {path}: closed without an answer")

    def answer(self, status, closes):
        length, chunked = None, False
        while (line := self.input.readline()) not in (b"\r\n", b"\n", b""):
            name, _, value = line.partition(b":")
            name, value = name.lower(), value.strip().lower()
            if name == b"content-length":
                length = int(value)
            elif name == b"transfer-encoding":
                chunked = value == b"chunked"
            elif name == b"connection":
                closes = value == b"close"
        if status == 204 or length == 0:
            body = b""
        elif chunked:
            body = b"".join(self.chunks())
        else:
            body = self.input.read(length)
        if closes:
            self.close()
        return status, body

    def chunks(self):
        while size := int(self.input.readline().split(b";")[0], 16):
            yield self.input.read(size)
            self.input.readline()
        self.input.readline()
