"""A name for this machine, for programs that take `localhost` for a special case."""

import socket
from contextlib import contextmanager

NAME = "dav.example.org"


@contextmanager
def named_loopback():
    """Makes `dav.example.org` the name of 127.0.0.1 within this process."""
    resolve = socket.getaddrinfo

    def resolve_here(host, *arguments, **options):
        if host in (NAME, NAME.encode()):
            host = "127.0.0.1"
        return resolve(host, *arguments, **options)

    socket.getaddrinfo = resolve_here
    try:
        yield NAME
    finally:
        socket.getaddrinfo = resolve
