"""Progress of the bench, on the terminal."""

import time

_started = time.monotonic()


def log(message: str) -> None:
    """Print the message after the time since the start, as minutes and seconds."""
    minutes, seconds = divmod(int(time.monotonic() - _started), 60)
    print(f"{minutes:3d}:{seconds:02d}  {message}", flush=True)
