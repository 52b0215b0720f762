"""What the bench is doing, on the terminal."""

import time

_started = time.monotonic()


def say(what: str) -> None:
    minutes, seconds = divmod(int(time.monotonic() - _started), 60)
    print(f"{minutes:3d}:{seconds:02d}  {what}", flush=True)
