"""The load generator: one process, raw sockets and epoll, which checks all that it is sent."""
