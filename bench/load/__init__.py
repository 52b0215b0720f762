"""The load generator: one process with raw sockets and epoll, which checks every message."""
