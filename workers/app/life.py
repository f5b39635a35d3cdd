"""The life of an agent's process: made of its parts, run until told to stop."""

from collections.abc import Sequence
from typing import Any, NoReturn

from faust.sensors.prometheus import FaustMetrics, PrometheusMonitor
from prometheus_client import REGISTRY

from workers import counting, metrics, rejections
from workers.agents.shell import work
from workers.app.deciding import rules_of
from workers.app.kafka import connection, turn_settings
from workers.delivery.app import TurnApp, make_app, run_agent
from workers.delivery.decide import Decided, Work
from workers.health import Health
from workers.loop_stalls import measure_stalls
from workers.readiness import tell_readiness
from workers.serving import serve
from workers.settings import Settings, metrics_port
from workers.tracing.queue import SpanQueue
from workers.tracing.spans import Tracing


def make_agent(
    settings: Settings, agent: str, tracing: Tracing | None = None
) -> TurnApp[Any]:
    """Return the Faust app of one agent, which tells its spans to *tracing*."""
    rules = rules_of(settings, agent)
    app: TurnApp[Any] = make_app(
        rules,
        turn_settings(settings, agent),
        connection(settings),
        metrics.TurnMetrics(),
    )

    def committed(turn: Sequence[tuple[Work[Any], Decided[Any]]]) -> None:
        counting.observe((work.partition, decided) for work, decided in turn)
        rejections.warn(decided for _, decided in turn)
        if tracing is not None:
            tracing.tell(turn, rules.skip)

    work(app, rules, agent, committed)
    app.task(measure_stalls)
    if settings.faust_metrics:
        app.monitor = PrometheusMonitor(FaustMetrics.create(REGISTRY, "faust"))
    return app


def tracing_of(settings: Settings, agent: str) -> Tracing | None:
    """Return what tells an agent's spans, if that is set; its thread runs already."""
    if settings.trace_endpoint is None:
        return None
    from workers.tracing.otlp import Collector  # noqa: PLC0415  # of an extra

    group = turn_settings(settings, agent).group
    collector = Collector(
        str(settings.trace_endpoint), agent, group, settings.group_instance_id
    )
    return Tracing(agent, settings.trace_ratio, SpanQueue(collector))


def run(settings: Settings, agent: str) -> NoReturn:
    """Run one agent in the foreground until it is told to stop.

    Raises:
        OSError: The port for metrics is taken.
    """
    health = Health(settings.ready_lag_s)
    server = serve(agent, settings.metrics_host, metrics_port(settings, agent), health)
    tracing = tracing_of(settings, agent)
    app = make_agent(settings, agent, tracing)
    health.watchdog = app.lifecycle.watchdog

    async def tell() -> None:
        host = settings.metrics_host
        where = f"[{host}]" if ":" in host else host
        await tell_readiness(health, f"http://{where}:{server.server_port}/metrics")

    app.task(tell)
    try:
        run_agent(app)
    finally:
        if tracing is not None:
            tracing.close()
