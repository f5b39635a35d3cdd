"""What pydantic and Typer say of a value, without their own words around it."""


def plain(message: str) -> str:
    """Return what a value should be, such as ``should be a valid integer``."""
    message = message.removeprefix("Value error, ").removeprefix("Input ")
    return message.partition(", unable to parse")[0].rstrip(".")
