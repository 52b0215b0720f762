"""Names of the cases of a test."""

LENGTH = 60


def plain(value: object) -> str:
    """Return the name of a case in ASCII, without a backslash.

    pytest escapes the names that a function makes once more with each collection of one process, so
    that mutmut, which collects twice, does not find a test by a name with a backslash.
    """
    return ascii(value)[:LENGTH].replace("\\", "/")
