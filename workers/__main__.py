"""The command ``caption-worker``."""

from workers.cli import main

if __name__ == "__main__":
    main()
