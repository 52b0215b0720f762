"""The OpenAPI document, with all codes that an error may have."""

from typing import Any

from runtime.errors import refusals


def list_error_codes(result: Any, **_: object) -> Any:
    """Describe the codes of errors; a hook of drf-spectacular."""
    codes = ", ".join(kind.code for kind in refusals())
    code = result["components"]["schemas"]["Error"]["properties"]["code"]
    code["description"] = (
        f"stable, for programs: {codes}, or the field that was wrong and its fault, as "
        "`x_out_of_range`; docs/protocol.md lists them all"
    )
    return result
