"""What may be set about ports for metrics and about health."""

from importlib.util import find_spec

from pydantic import (
    AnyHttpUrl,
    BaseModel,
    Field,
    ValidationInfo,
    field_validator,
)

from workers.settings.kinds import Port, Seconds

LAST_PORT = 65535
_EXPORTER = "opentelemetry.exporter.otlp.proto.http"


class ServingSettings(BaseModel):
    """What an agent tells of itself."""

    metrics_host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Address for metrics; `0.0.0.0` inside a container.",
    )
    merge_metrics_port: Port = Field(
        9464, description="Port of agent `merge` for metrics; 0 takes any."
    )
    topics_metrics_port: Port = Field(
        9465, description="Port of agent `topics` for metrics; 0 takes any."
    )
    adapt_metrics_port: Port = Field(
        9466,
        description="Port of agent `adapt` of the first of `providers`, for metrics; "
        "those of the others follow it; 0 takes any.",
    )
    faust_metrics: bool = Field(
        False,
        description="Whether Faust's own metrics are told as well, as `faust_…`; "
        "its times are milliseconds.",
    )
    ready_lag_s: Seconds = Field(
        30.0,
        description="An agent with a partition further behind than this is not ready.",
    )

    trace_endpoint: AnyHttpUrl | None = Field(
        None,
        description="Where spans are sent to, by OTLP over HTTP, such as "
        "`http://collector:4318/v1/traces`; needs the extra `tracing`.",
    )
    trace_ratio: float = Field(
        1.0,
        ge=0,
        le=1,
        description="Of records without a `traceparent`, the share that begins a trace "
        "of its own, if `trace_endpoint` is set; else the producer has decided.",
    )

    @field_validator("trace_endpoint")
    @classmethod
    def _can_be_sent(cls, value: AnyHttpUrl | None) -> AnyHttpUrl | None:
        if value is not None and not _installed(_EXPORTER):
            raise ValueError("needs the extra: pip install 'caption-worker[tracing]'")
        return value

    @field_validator("topics_metrics_port")
    @classmethod
    def _port_of_its_own(cls, value: int, info: ValidationInfo) -> int:
        if value and value == info.data.get("merge_metrics_port"):
            raise ValueError("is the port of agent merge already")
        return value

    @field_validator("adapt_metrics_port")
    @classmethod
    def _ports_of_their_own(cls, value: int, info: ValidationInfo) -> int:
        ports = range(value, value + len(info.data.get("providers", ())))
        for agent in ("merge", "topics"):
            if value and info.data.get(f"{agent}_metrics_port") in ports:
                raise ValueError(f"the port of agent {agent} is one of these already")
        if ports and ports[-1] > LAST_PORT:
            raise ValueError(f"the ports of {len(ports)} agents end beyond {LAST_PORT}")
        return value


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even what it is in
        return False
