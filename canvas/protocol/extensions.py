"""What our server offers the application beyond ASGI, by names in `scope["extensions"]`.

Under another server they are missing, and the application does without.
"""

FRAMES = "pixelsite.frames"  # {"write": writes whole WebSocket frames, or returns False}
ABORT = "pixelsite.abort"  # {"abort": ends the connection of a request at once}
