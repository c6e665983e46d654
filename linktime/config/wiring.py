"""Who reacts to what: the one place where events meet their subscribers."""


def connect() -> None:
    """Subscribe everybody; called once, when all apps are loaded."""
