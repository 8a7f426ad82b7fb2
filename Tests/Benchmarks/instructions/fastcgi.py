"""A web server's side of FastCGI: one request a connection, as nginx sends it."""

import socket
import struct


def record(kind, content):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def pair(name, value):
    """FastCGI §3.4: lengths up to 127 take one byte."""
    sizes = b"".join(struct.pack(">B" if len(part) < 128 else ">I", len(part) | (len(part) > 127) << 31)
                     for part in (name, value))
    return sizes + name + value


def stream(kind, content):
    parts = [record(kind, content[start:start + 65528]) for start in range(0, len(content), 65528)]
    return b"".join(parts) + record(kind, b"")


def request(path, method, target, headers, body):
    """Status and body of the answer of the worker that listens at `path`."""
    body = body or b""
    variables = {"REQUEST_METHOD": method, "REQUEST_URI": target, "SCRIPT_NAME": "", "SERVER_PROTOCOL": "HTTP/1.1",
                 "SERVER_NAME": "localhost", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", "REMOTE_USER": "",
                 "CONTENT_LENGTH": str(len(body))}
    for name, value in headers.items():
        name = name.upper().replace("-", "_")
        variables[name if name == "CONTENT_TYPE" else f"HTTP_{name}"] = value
    parameters = b"".join(pair(name.encode(), value.encode()) for name, value in variables.items())
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(120)
        connection.connect(str(path))
        connection.sendall(record(1, struct.pack(">HB5x", 1, 0)) + stream(4, parameters) + stream(5, body))
        return answer(connection.makefile("rb"))


def answer(source):
    output = bytearray()
    while head := source.read(8):
        _, kind, _, length, padding = struct.unpack(">BBHHBx", head)
        content = source.read(length)
        source.read(padding)
        if kind == 6:
            output += content
        elif kind == 3:
            break
    fields, _, body = bytes(output).partition(b"\r\n\r\n")
    status = next((line for line in fields.split(b"\r\n") if line.lower().startswith(b"status:")), b"Status: 200")
    return int(status.split()[1]), body
