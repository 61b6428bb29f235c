"""What can be had from this machine: a process that answers each request with one file, by sendfile alone."""

import os
import socket
import sys


def serve(path: str, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)) as listening:
        while True:
            connection, _ = listening.accept()
            with connection:
                _answer(connection, path)


def _answer(connection: socket.socket, path: str) -> None:
    asked = b""
    while piece := connection.recv(65536):
        asked += piece
        if asked.endswith(b"\r\n\r\n"):
            asked = b""
            with open(path, "rb") as file:  # noqa: PTH123 - as bare as it can be
                size = os.fstat(file.fileno()).st_size
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
                connection.sendfile(file)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
