"""``acls``: the rights that each user of Kafka needs, as commands that grant them."""

import typer

from schemas.kafka_topics import AGENTS, adapt_agent
from workers.cli.main import app
from workers.cli.options import Json, Prefix
from workers.cli.output import as_json
from workers.settings import load_settings


@app.command()
def acls(*, prefix: Prefix = None, json: Json = False) -> None:
    """Print what Kafka has to allow each agent, and those around the worker: no more.

    The lines are for Kafka's own `kafka-acls`; put your broker for HOST:PORT. Users are
    named as the agents are, such as `User:caption-merge`; with certificates, that is
    what your brokers make of their subject.

    Examples:
        caption-worker acls

        caption-worker acls --prefix staging --json
    """
    from workers.rights import (  # noqa: PLC0415  # slow to import
        rights_of_agent,
        rights_of_others,
    )

    settings = load_settings(prefix=prefix)
    agents = (*AGENTS, *map(adapt_agent, settings.providers))
    wanted = {agent: rights_of_agent(settings, agent) for agent in agents}
    wanted |= rights_of_others(settings)
    if json:
        as_json({who: [right._asdict() for right in of] for who, of in wanted.items()})
        return
    for who, rights in wanted.items():
        typer.echo(f"# {who}")
        for right in rights:
            typer.echo(right.command(f"User:caption-{who}"))
