"""Child processes of the tests, as pods."""

import fcntl
import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
START_SECONDS = 30  # a busy machine of two cores imports Django in three
STOP_SECONDS = 30  # longer than a pod may take to close its sockets
OWNER, POD_ROLE = "postgres", "pixelsite_pod"  # roles of PostgreSQL
PORTS = range(20_000, 32_768)
GATHERING = {
    "SECRET_KEY": "only to gather the static files of a test run, signs nothing",
    "HTTPS_ONLY": "0",
}
LOG_TAIL = 4000  # characters: what a failure message shows of the output


class ProcessError(Exception):
    """Raised when a process does not start or stop as it should; shows its last output."""


class Process:
    """A child process with a directory of its own; both end with the `with` block."""

    stop_signal = signal.SIGTERM
    root = ROOT  # the folder that it works in

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment or {})
        self._temporary = tempfile.TemporaryDirectory(prefix=f"pixelsite-{name}-")
        self.directory = Path(self._temporary.name)
        self._log = self.directory / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with ExitStack() as undo:
            undo.callback(self.close)
            self.start()
            undo.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the process, also again after a stop or a crash, and wait until it is ready."""
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start the process without waiting, so that several get ready side by side."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.launch_command(),
                cwd=self.root,
                env=os.environ | self.launch_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for pytest, which then stops us in order
            )

    def launch_command(self) -> list[str]:
        return tied(self.command)

    def launch_environment(self) -> dict[str, str]:
        return self.environment

    def ready(self) -> bool:
        """Return whether the process serves."""
        return self.running

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until the process serves; fail at once when it ends instead."""
        deadline = time.monotonic() + seconds
        while not self.ready():
            if not self.running:
                raise self.error("ended before it was ready")
            if time.monotonic() > deadline:
                raise self.error(f"was not ready within {seconds} s")
            time.sleep(0.02)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def output(self) -> str:
        """Return all that the process has printed so far."""
        return self._log.read_text(errors="replace")

    def pause(self) -> None:
        """Stop its execution, which looks like a hung server."""
        self._send(signal.SIGSTOP)

    def resume(self) -> None:
        self._send(signal.SIGCONT)

    def kill(self) -> None:
        """Kill the process, as a crash."""
        self._send(signal.SIGKILL)
        self._wait(STOP_SECONDS)

    def ask_to_stop(self) -> None:
        """Send the signal to stop without waiting, so that several end side by side."""
        self._send(self.stop_signal)

    def stop(self, seconds: float = STOP_SECONDS) -> int | None:
        """Stop the process and return its exit code, None if it never ran."""
        self.ask_to_stop()
        self.resume()
        return self.wait_stopped(seconds)

    def wait_stopped(self, seconds: float = STOP_SECONDS) -> int | None:
        """Wait until the process has ended, and return its exit code."""
        try:
            return self._wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise self.error(f"did not stop within {seconds} s") from None

    def close(self) -> None:
        """Stop the process and remove its directory."""
        try:
            self.stop()
        finally:
            self._temporary.cleanup()

    def error(self, what: str) -> ProcessError:
        return ProcessError(f"{self.name} {what}. Its last output:\n{self.output()[-LOG_TAIL:]}")

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)

    def _wait(self, seconds: float) -> int | None:
        return self._process.wait(seconds) if self._process else None


class ServerProcess(Process):
    """A pod: `manage.py serve`, or with command="runserver" the development server."""

    def __init__(
        self,
        command: str = "serve",
        environment: Mapping[str, str] | None = None,
        port: int | None = None,
        ready_path: str = "/healthz",
        root: Path = ROOT,
    ) -> None:
        """`root` is the folder of the code: of another version, perhaps."""
        self.root = root
        self.port = port or free_port()
        self._ready_path = ready_path
        arguments = {
            "runserver": [f"127.0.0.1:{self.port}", "--noreload"],
            "serve": ["--host=127.0.0.1", f"--port={self.port}"],
        }
        started = [sys.executable, str(root / "manage.py"), command, *arguments[command]]
        super().__init__(command, started, environment)

    def launch_command(self) -> list[str]:
        if self.name == "serve":
            collect_static_files(self.root)
        return super().launch_command()

    def launch_environment(self) -> dict[str, str]:
        """Give the pod its role in PostgreSQL; a test prepares the database as its owner."""
        url = self.environment.get("DATABASE_URL", "")
        is_present = self.root == ROOT  # former versions had one role
        return self.environment | ({"DATABASE_URL": as_pod(url)} if url and is_present else {})

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ws_url(self, path: str = "/ws/") -> str:
        return f"ws://127.0.0.1:{self.port}{path}"

    def ready(self) -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)) as connection:
            try:
                connection.request("GET", self._ready_path)
                return connection.getresponse().status == HTTPStatus.OK
            except (OSError, http.client.HTTPException):
                return False


def migrate(database_url: str, settings: Mapping[str, str] | None = None) -> None:
    """Migrate that database as its owner, as a deployment does, with the rights of pods."""
    role = POD_ROLE if database_url.startswith("postgres:") else ""
    environment = {"DATABASE_URL": database_url, "DATABASE_POD_ROLE": role}
    manage("migrate", environment={**(settings or {}), **environment})


def as_pod(database_url: str) -> str:
    """Return the URL of a database for a pod, which does not own it."""
    return database_url.replace(f"postgres://{OWNER}@", f"postgres://{POD_ROLE}@")


@cache
def collect_static_files(root: Path = ROOT) -> None:
    """Collect the hashed static files, which `serve` needs, if a source is newer.

    Test runs side by side share one folder, and wait for each other.
    """
    folder = root / "static-collected"
    folder.mkdir(exist_ok=True)
    stamp = folder / ".collected"
    with stamp.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sources = [root / "requirements.txt", *root.glob("*/static/**/*")]
        if stamp.stat().st_size and stamp.stat().st_mtime > max(map(_modified, sources)):
            return
        settings = {**GATHERING, **os.environ}
        manage("collectstatic", "--noinput", "--verbosity=0", environment=settings, root=root)
        lock.write(b"collected\n")


def _modified(path: Path) -> float:
    return path.stat().st_mtime


def manage(*arguments: str, environment: Mapping[str, str] | None = None, root: Path = ROOT) -> str:
    """Run `manage.py` to its end and return what it printed."""
    result = subprocess.run(
        [sys.executable, str(root / "manage.py"), *arguments],
        cwd=root,
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if result.returncode:
        raise ProcessError(f"{' '.join(arguments)} failed:\n{result.stdout[-LOG_TAIL:]}")
    return result.stdout


def free_port() -> int:
    """Return a free loopback port, below the range that the kernel gives to clients.

    A port of that range could be taken while a crashed server is to come back, even by a client
    that tries to reach the server, which then talks to itself.
    """
    while True:
        port = secrets.choice(PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def program(name: str) -> str:
    """Return the path of a program, which Debian has where only root looks for it."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        raise ProcessError(f"No {name}: scripts/system-packages installs it.")
    return found


def tied(command: Sequence[str], user: str = "", death_signal: str = "KILL") -> list[str]:
    """Return a command that runs as that user, and gets a signal when its parent dies.

    So a pytest that is killed leaves no server behind. The parent is the thread that starts the
    process, so start processes from the main thread. Without setpriv only our own clean-up ends
    them. (preexec_fn is not used, because it may deadlock in a process with threads.)
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return list(command)
    identity = [f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
    return [setpriv, *identity, f"--pdeathsig={death_signal}", "--", *command]
