"""The gateways that are compared, each as its users would run it, in one process."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

from bench.load.wires import OURS, OURS_BINARY, PACKED, PLAIN, SOCKET_IO, Wire
from tests.support.ports import listens
from tests.support.processes import ROOT, Process, ServerProcess, free_port

PEERS = ROOT / "bench/peers"
NCHAN = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")

Environment = Mapping[str, str]


class Server(Process):
    """A process that is ready when it takes connections on its port."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Environment, port: int
    ) -> None:
        super().__init__(name, command, {**environment, "PORT": str(port)})
        self.port = port

    def ready(self) -> bool:
        return listens(self.port)


class Publisher(Process):
    """A process that passes Redis' messages to a gateway which takes them in another way."""

    def ready(self) -> bool:
        return "ready" in self.output()


@dataclass
class Gateway:
    """A server under comparison, and the wire format of its sockets.

    `process` is the one that is measured. `publisher` is another node of the same peer.
    """

    name: str
    process: Process
    port: int
    path: str = "/"
    wire: Wire = PLAIN
    publisher: Process | None = None
    _running: ExitStack = field(default_factory=ExitStack, repr=False)

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.enter_context(self.process)
            if self.publisher:
                undo.enter_context(self.publisher)
            self._running = undo.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._running.close()

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def pid(self) -> int:
        assert self.process.pid
        return self.process.pid


def pod(environment: Environment) -> Gateway:
    """`manage.py serve`, with the page's binary protocol."""
    server = ServerProcess(environment=environment)
    return Gateway("pixelsite", server, server.port, "/ws/?since=0", OURS_BINARY)


def pod_json(environment: Environment) -> Gateway:
    """The same pod, with the plain protocol."""
    server = ServerProcess(environment=environment)
    return Gateway("pixelsite, JSON", server, server.port, "/ws/?since=0", OURS)


def node(environment: Environment) -> Gateway:
    """The original architecture, without its presence.

    With it each join sends all names to all sockets, so that thousands would never be in.
    """
    port = free_port()
    script = _node_script("original", "gateway.js")
    server = Server("node", ["node", script], {**environment, "PRESENCE": "0"}, port)
    return Gateway("Node ws + redis", server, port)


def socket_io(environment: Environment) -> Gateway:
    port = free_port()
    server = Server("socketio", ["node", _node_script("socketio", "gateway.js")], environment, port)
    publisher = Publisher(
        "emitter", ["node", _node_script("socketio", "publisher.js")], environment
    )
    path = "/socket.io/?EIO=4&transport=websocket"
    return Gateway("socket.io + Redis adapter", server, port, path, SOCKET_IO, publisher)


def channels_on_daphne(environment: Environment) -> Gateway:
    port = free_port()
    command = ["daphne", "--bind=127.0.0.1", f"--port={port}", "--verbosity=0"]
    return _channels("Channels on Daphne", command, environment, port)


def channels_on_uvicorn(environment: Environment) -> Gateway:
    port = free_port()
    command = ["uvicorn", "--host=127.0.0.1", f"--port={port}", "--log-level=warning"]
    return _channels("Channels on uvicorn", command, environment, port)


def nchan(environment: Environment) -> Gateway:
    """nchan with one nginx worker, and messages in its memory: its Redis storage costs more."""
    port = free_port()
    server = Server("nchan", ["nginx"], environment, port)
    configuration = server.directory / "nginx.conf"
    template = (PEERS / "nchan/nginx.conf").read_text()
    configuration.write_text(template.format(module=NCHAN, port=port, directory=server.directory))
    server.command += ["-c", str(configuration), "-p", str(server.directory)]
    publisher = _python_publisher("bench.peers.nchan.publisher", {**environment, "PORT": str(port)})
    return Gateway("nchan", server, port, "/sub", PLAIN, publisher)


def plain_django(environment: Environment) -> Gateway:
    """A view that keeps one row for each cell; it has no sockets, and is compared by placements."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--host=127.0.0.1", f"--port={port}"]
    command += ["--log-level=warning", "bench.peers.plain_django:application"]
    return Gateway("Django REST framework", Server("plain", command, environment, port), port)


def null(environment: Environment) -> Gateway:
    """A server that hands the bytes to uvloop and does nothing else.

    It is the lower bound of the cost, and shows that the generator could take more.
    """
    port = free_port()
    command = [sys.executable, "-m", "bench.peers.null"]
    return Gateway("null server", Server("null", command, environment, port), port, "/", PACKED)


def _channels(name: str, command: list[str], environment: Environment, port: int) -> Gateway:
    application = "bench.peers.stock_channels:application"
    server = Server("channels", [sys.executable, "-m", *command, application], environment, port)
    return Gateway(
        name,
        server,
        port,
        publisher=_python_publisher("bench.peers.stock_channels", environment),
    )


def _python_publisher(module: str, environment: Environment) -> Publisher:
    return Publisher("publisher", [sys.executable, "-m", module], environment)


@cache
def _node_script(peer: str, name: str) -> str:
    """Return the path of the peer's script; install its packages if they are missing."""
    folder = PEERS / peer
    if not (folder / "node_modules").is_dir():
        command = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=folder, check=True, timeout=300)
    return str(folder / name)


GatewayFactory = Callable[[Environment], Gateway]


def start_all(
    running: ExitStack, make: GatewayFactory, count: int, environment: Environment
) -> list[Gateway]:
    """Start so many gateways side by side, since each takes a while."""
    made = [make(environment) for _ in range(count)]
    for gateway in made:
        running.callback(gateway.process.close)
        gateway.process.launch()
    for gateway in made:
        running.callback(gateway.process.ask_to_stop)
        gateway.process.wait_ready()
    return made
