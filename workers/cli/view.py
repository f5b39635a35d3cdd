"""``view``: the live page and its API, in a process of its own."""

import asyncio
import os
import socket
from importlib.util import find_spec
from threading import Thread
from typing import Annotated

import typer

from workers.cli.errors import CommandError, check_port
from workers.cli.main import app
from workers.cli.options import Broker, Prefix, WithParent
from workers.cli.output import notes
from workers.cli.supervise import stop_with_parent
from workers.logs import configure_logging
from workers.settings import Settings, load_settings, variable

NEEDED = ("starlette", "sse_starlette", "uvicorn")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # told from others, not used


@app.command()
def view(
    *,
    broker: Broker = None,
    prefix: Prefix = None,
    host: Annotated[
        str | None,
        typer.Option(
            help="Address to listen on; else the setting `view_host`.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Port to listen on, 0 for any; else the setting `view_http_port`.",
            show_default=False,
        ),
    ] = None,
    with_parent: WithParent = False,
) -> None:
    """Show captions and topics on a live page, and give them to players as files.

    It reads what the worker writes, and changes nothing on Kafka. The address of the
    page is the one line on standard output.

    Examples:
        caption-worker view --broker kafka:9092

        caption-worker view --port 0
    """
    if not installed():
        raise CommandError(
            "the view needs packages that are not installed: "
            "pip install 'caption-worker[view]'"
        )
    settings = load_settings(
        broker=broker, prefix=prefix, view_host=host, view_http_port=port
    )
    check_port(
        settings.view_host,
        settings.view_http_port,
        "the view",
        variable("view_http_port"),
    )
    if with_parent:
        Thread(target=stop_with_parent, daemon=True).start()
    # Who looks at a page must not make captions late for all others.
    os.nice(settings.view_nice)
    asyncio.run(_view(settings))


def installed() -> bool:
    """Tell whether the packages are there that only the view needs."""
    return all(find_spec(name) is not None for name in NEEDED)


async def _view(settings: Settings) -> None:
    from workers.app import connection, kafka_topics, profile_named  # noqa: PLC0415  # slow to import
    from workers.delivery.kafka_topics import check_topics  # noqa: PLC0415
    from workers.view.guards import Access  # noqa: PLC0415  # needs the extra `view`
    from workers.view.positions import READ  # noqa: PLC0415
    from workers.view.server import Served, serve  # noqa: PLC0415

    link = connection(settings)
    await check_topics(link, kafka_topics(settings, READ))
    # Only now, since what clients log of a Kafka that is not there is told in a line.
    configure_logging(
        log_format=settings.log_format,
        level=settings.log_level,
        log_text=settings.log_text,
    )
    token = settings.view_token
    if token is None and settings.view_host in EVERYWHERE:
        notes.print(
            "everybody who reaches this machine can read along; "
            f"{variable('view_token')} asks for a token",
            soft_wrap=True,
        )
    with _listener(settings.view_host, settings.view_http_port) as listener:
        served = Served(
            prefix=settings.prefix,
            profiles={
                name: profile_named(settings, name) for name in settings.profiles
            },
            access=Access(
                token=None if token is None else token.get_secret_value(),
                hosts=(*settings.view_hosts, settings.view_host),
                origins=settings.view_origins,
            ),
            max_clients=settings.view_max_clients,
            max_bytes=settings.view_memory_mib * 1024 * 1024,
            history_s=settings.view_history_hours * 3600,
        )
        await serve(link, listener, served, lambda: typer.echo(_address(listener)))


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CommandError(
            f"cannot listen at {host}: {error.strerror}; set another address with "
            f"{variable('view_host')}"
        ) from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if host in EVERYWHERE:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
