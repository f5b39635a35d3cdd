"""The command ``caption-worker``."""


def main() -> None:
    """Run it; Ctrl-C while it still imports its parts is no reason for a traceback."""
    try:
        from workers.cli import main as run  # noqa: PLC0415  # takes a second

        run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
