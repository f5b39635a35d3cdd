"""A Faust app whose one agent reads turns, and how it is run."""

import gc
from typing import Any, Final, Generic, NoReturn, TypeVar, cast

import faust
from faust.app.base import BootStrategy
from faust.tables.manager import TableManager

from workers.delivery.clients import Connection
from workers.delivery.consumer import TurnConsumer
from workers.delivery.end_once import end_once
from workers.delivery.exits import Exit, die
from workers.delivery.lifecycle import Lifecycle
from workers.delivery.observer import Observer, Unobserved
from workers.delivery.rules import Rules
from workers.delivery.settings import TurnSettings
from workers.delivery.turn import Turn
from workers.delivery.versions import check_versions, hurry_transactions

_COLLECT_AFTER: Final = 20_000
"""New objects until Python looks for cycles among them: a turn makes thousands, and
nothing in them is a cycle. By default it is 700."""

S = TypeVar("S")


class TurnBoot(BootStrategy):
    """What of Faust is started: not its web server, not its own producer."""

    enable_web = False  # it listens on all interfaces and asks nobody who they are
    enable_kafka_producer = False


class NoTables(TableManager):
    """Where Faust keeps Tables: none here."""

    async def on_start(self) -> None:
        """Begin at once; Faust's own gives Tables a second to be made."""
        if not self.should_stop:
            await self._update_channels()
            await self.recovery.start()


class TurnApp(faust.App, Generic[S]):
    """A Faust app for one agent; ``@app.agent(app.turns)`` makes it.

    Args:
        rules: The agent's.
        settings: The agent's.
        connection: To Kafka.
        observer: Metrics.
    """

    BootStrategy = TurnBoot

    def __init__(
        self,
        rules: Rules[S],
        settings: TurnSettings,
        connection: Connection,
        observer: Observer,
    ) -> None:
        self.settings = settings
        self.connection = connection
        super().__init__(
            settings.group,
            broker=[f"kafka://{server}" for server in connection.servers],
            env={},  # else stray environment variables override all of this
            store="memory://",
            TableManager=NoTables,
            key_serializer="raw",
            value_serializer="raw",
            topic_allow_declare=False,
            topic_disable_leader=True,
            table_standby_replicas=0,
            autodiscover=False,
            broker_request_timeout=30.0,
            broker_session_timeout=settings.session_timeout_s,
            broker_heartbeat_interval=settings.session_timeout_s / 4,
            broker_rebalance_timeout=settings.rebalance_timeout_s,
            broker_commit_interval=60.0,  # there is nothing for it to commit
            stream_wait_empty=False,
        )
        self.turns: Any = self.channel()
        self.lifecycle: Lifecycle[S] = Lifecycle(
            rules, settings, connection, observer, self._hand_over, self._is_stopping
        )
        for name in settings.input_topics:
            self.topics.add(self.topic(name, key_type=bytes, value_type=bytes))
        self.on_rebalance_complete.connect(self._on_rebalance_complete)

    def _new_transport(self) -> Any:
        transport = super()._new_transport()
        transport.Consumer = TurnConsumer  # type: ignore[misc]  # a class variable, set for this app's own transport
        return transport

    def _create_directories(self) -> None:
        """Create none: nothing is kept on disk."""

    async def _on_agent_error(self, agent: Any, exc: BaseException) -> None:  # noqa: ARG002  # Faust's signature
        die(exc)  # Faust would restart the agent and forget the turn

    async def _on_rebalance_complete(self, *_: Any, **__: Any) -> None:
        consumer = cast("TurnConsumer", self.consumer)
        await self.lifecycle.on_assigned(consumer.numbers(), consumer)

    async def _hand_over(self, turn: Turn[S]) -> None:
        await self.turns.put(turn)

    def _is_stopping(self) -> bool:
        return bool(self.should_stop)


def make_app(
    rules: Rules[S],
    settings: TurnSettings,
    connection: Connection,
    observer: Observer | None = None,
) -> TurnApp[S]:
    """Return an app; give it one agent over ``app.turns``, then `run_agent`.

    Raises:
        WrongVersionError: Faust or aiokafka is not the version this was made for.
    """
    check_versions()
    hurry_transactions()
    end_once()
    return TurnApp(rules, settings, connection, observer or Unobserved())


def run_agent(app: TurnApp[Any]) -> NoReturn:
    """Run until SIGTERM or SIGINT, in the foreground; then exit 0.

    Logging, standard output and the working directory are left as they are. Each other
    end has its own code, see `workers.delivery.exits`.
    """
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    worker = faust.Worker(app, quiet=True, override_logging=False)
    worker.spinner = None
    app.lifecycle.watchdog.start()
    try:
        worker.execute_from_commandline()
    except SystemExit as ended:
        crash = worker.crash_reason or app.crash_reason
        if crash is not None:
            die(crash)
        if ended.code:
            die(RuntimeError(f"Faust ended with {ended.code} and no reason"))
        raise
    finally:
        app.lifecycle.watchdog.end()
    raise SystemExit(Exit.OK)
