"""The refusals that concern blueprints."""

from runtime.errors import Refused


class UnknownBlueprint(Refused):
    """A blueprint that there is not, or that is not shown: no answer tells which."""

    status = 404
    code = "blueprint_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such blueprint, or it is not shown.", field="id")


class UnknownPicture(Refused):
    status = 404
    code = "picture_unknown"

    def __init__(self) -> None:
        super().__init__("No blueprint that is shown has this image.", field="sha256")


class OutdatedBlueprint(Refused):
    """A version that was made from one which is not the present one any more."""

    status = 409
    code = "blueprint_outdated"

    def __init__(self, by: str, version: int) -> None:
        detail = f"{by} was quicker and has saved version {version}; look at it, and save again."
        super().__init__(detail, field="version")


class NotYours(Refused):
    status = 403
    code = "not_yours"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)


class BlueprintHidden(Refused):
    """A blueprint that moderation has hidden: its people may look at it and delete it."""

    status = 409
    code = "blueprint_hidden"

    def __init__(self) -> None:
        super().__init__("A moderator has hidden this blueprint; it cannot be changed.")


class TooMuchStored(Refused):
    """More bytes of images, in all versions of a person's blueprints, than one may have."""

    status = 409
    code = "blueprints_too_large"

    def __init__(self, most: int) -> None:
        detail = f"The images of a person's blueprints have at most {most // 2**20} MiB together."
        super().__init__(f"{detail} Delete one first.", field="image")


class TooManyBlueprints(Refused):
    status = 409
    code = "too_many_blueprints"

    def __init__(self, most: int) -> None:
        super().__init__(f"A person can own {most} blueprints; delete one first.")
