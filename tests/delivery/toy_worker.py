"""A worker process with the toy rules, as an agent would write it."""

import logging
import sys
from typing import Any

import msgspec

from tests.delivery.toy import INPUTS, ToyRules
from workers.delivery.app import make_app, run_agent
from workers.delivery.chances import decide_beside_others
from workers.delivery.clients import Connection
from workers.delivery.settings import TurnSettings


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    prefix, bootstrap, options = sys.argv[1:]
    given = msgspec.json.decode(options)
    version = given.pop("state_version", 2)
    settings = msgspec.convert(
        {
            "group": f"{prefix}-toy",
            "input_topics": [f"{prefix}.{name}" for name in INPUTS],
            "state_topic": f"{prefix}.state",
            **given,
        },
        TurnSettings,
    )
    rules = ToyRules(f"{prefix}.out", f"{prefix}.rejected", version)
    app = make_app(rules, settings, Connection(bootstrap=bootstrap))

    @app.agent(app.turns, name="toy")
    async def toy(stream: Any) -> None:
        async for turn in stream:
            turn.commit(
                [(work, await decide_beside_others(rules, work)) for work in turn]
            )

    run_agent(app)


main()
