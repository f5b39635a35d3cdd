"""Whether Kafka lets this user be a member of its group, asked before it begins.

A member that may not join is not told so by aiokafka until it fetches, which it never
does: it would stand there until the watchdog ends it.
"""

from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
)

from workers.delivery.clients import Connection


async def check_group(connection: Connection, group: str) -> None:
    """Ask for the group's coordinator, as a member does first.

    Raises:
        GroupAuthorizationFailedError: the user has no right to the group; names it.
    """
    admin = connection.admin()
    await admin.start()
    try:
        await admin.find_coordinator(group)
    except GroupAuthorizationFailedError as error:
        raise GroupAuthorizationFailedError(group) from error
    except GroupCoordinatorNotAvailableError:
        pass  # the first group of all has none yet
    finally:
        await admin.close()
