"""A variable of the process."""

from runtime.process_var import ProcessVar


def test_it_has_its_default_until_it_is_set_and_again_after_a_reset() -> None:
    variable: ProcessVar[str | None] = ProcessVar(None)
    assert variable.get() is None
    variable.set("installed")
    assert variable.get() == "installed"
    variable.reset()
    assert variable.get() is None
