"""Extensions of ASGI that our server offers the application, by names in `scope["extensions"]`.

Under another server they are missing, and the application does without.
"""

# {"write": writes the bytes of whole frames to the connection, "watch": takes a function, and calls
# it with whether that may be done, now and whenever it changes}
FRAMES = "pixelsite.frames"
# {"abort": ends the connection of a request at once}
ABORT = "pixelsite.abort"
