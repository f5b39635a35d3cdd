"""Kinds of panels, so that a dashboard is a list of questions and queries.

Every query asks for ``$job``, which a viewer chooses; `RATE` spans four scrapes.
"""

from typing import Any, NamedTuple

from grafana_foundation_sdk.builders import (
    common,
    dashboard,
    heatmap,
    prometheus,
    stat,
    timeseries,
)
from grafana_foundation_sdk.models import common as kinds
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    Threshold,
    ThresholdsConfig,
    ThresholdsMode,
    VariableRefresh,
)
from grafana_foundation_sdk.models.heatmap import (
    HeatmapColorMode,
    HeatmapColorScale,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

RATE = "$__rate_interval"
OURS = 'job=~"$job"'
SOURCE = DataSourceRef("prometheus", "${datasource}")
HEIGHT = 8


class Query(NamedTuple):
    """One line, or several, of a panel."""

    expr: str
    name: str = "{{job}}"


def rate(metric: str, by: str, more: str = "") -> str:
    """Return the rate of a counter, summed by labels."""
    return f"sum by ({by}) (rate({metric}{{{OURS}{more}}}[{RATE}]))"


def quantile(share: float, metric: str, by: str = "job") -> str:
    """Return a quantile of a histogram by labels."""
    return f"histogram_quantile({share}, {rate(f'{metric}_bucket', f'{by}, le')})"


def mean(metric: str, by: str = "job") -> str:
    """Return the mean of what a histogram observed by labels."""
    return f"{rate(f'{metric}_sum', by)} / ({rate(f'{metric}_count', by)} > 0)"


def quantiles(metric: str) -> list[Query]:
    """Return the middle, and the slowest twentieth and hundredth."""
    return [
        Query(quantile(share, metric), f"{{{{job}}}} {name}")
        for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
    ]


def lines(
    title: str,
    about: str,
    queries: list[Query],
    unit: str,
    *,
    width: int = 8,
    limits: dict[float, str] | None = None,
    stacked: bool = False,
) -> timeseries.Panel:
    """Make a panel of lines over time; *limits* are drawn in their colours."""
    panel = (
        timeseries.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .unit(unit)
        .min(0)
        .height(HEIGHT)
        .span(width)
        .fill_opacity(30 if stacked else 8)
        .legend(
            common.VizLegendOptions()
            .show_legend(True)
            .display_mode(kinds.LegendDisplayMode.LIST)
            .placement(kinds.LegendPlacement.BOTTOM)
        )
        .tooltip(common.VizTooltipOptions().mode(kinds.TooltipDisplayMode.MULTI))
    )
    if stacked:
        panel.stacking(common.StackingConfig().mode(kinds.StackingMode.NORMAL))
    if limits:
        panel.thresholds(_steps(limits)).thresholds_style(
            common.GraphThresholdsStyleConfig().mode(
                kinds.GraphTresholdsStyleMode.DASHED
            )
        )
    return _asked(panel, queries)


def number(
    title: str,
    about: str,
    query: str,
    unit: str,
    limits: dict[float, str],
    *,
    width: int = 4,
) -> stat.Panel:
    """Make a panel of one number, coloured by *limits*; the base is green."""
    panel = (
        stat.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .unit(unit)
        .height(4)
        .span(width)
        .thresholds(_steps(limits))
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    )
    return _asked(panel, [Query(query)])


def streams(
    title: str, about: str, metric: str, unit: str, *, width: int = 12
) -> heatmap.Panel:
    """Make a panel that shows how streams are spread: windows of streams by bucket."""
    panel = (
        heatmap.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .height(HEIGHT)
        .span(width)
        .calculate(False)
        .color(
            heatmap.HeatmapColorOptions()
            .mode(HeatmapColorMode.SCHEME)
            .scheme("Oranges")
            .fill("dark-orange")
            .scale(HeatmapColorScale.EXPONENTIAL)
            .exponent(0.5)
            .steps(32)
        )
        .y_axis(heatmap.YAxisConfig().unit(unit))
        .show_tooltip()
        .show_legend()
    )
    expr = f"sum by (le) (increase({metric}_bucket{{{OURS}}}[{RATE}]))"
    target = (
        prometheus.Dataquery()
        .expr(expr)
        .format(PromQueryFormat.HEATMAP)
        .legend_format("{{le}}")
        .range()
        .datasource(SOURCE)
        .ref_id("A")
    )
    return panel.with_target(target)


def board(
    uid: str, title: str, about: str, rows: dict[str, list[Any]]
) -> dict[str, Any]:
    """Return a dashboard as Grafana's JSON: rows of panels under their names."""
    made = (
        dashboard.Dashboard(title)
        .uid(uid)
        .description(about)
        .tags(["captions"])
        .refresh("10s")
        .time("now-1h", "now")
        .timezone("browser")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .readonly()
        .with_variable(
            dashboard.DatasourceVariable("datasource")
            .label("Prometheus")
            .type("prometheus")
        )
        .with_variable(
            dashboard.QueryVariable("job")
            .label("Agent")
            .datasource(SOURCE)
            .query("label_values(captions_build_info, job)")
            .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
            .multi(True)
            .include_all(True)
            .all_value(".+")
        )
    )
    for name, panels in rows.items():
        made.with_row(dashboard.Row(name))
        for panel in panels:
            made.with_panel(panel)
    built = made.build()
    for place, panel in enumerate(built.panels or (), start=1):
        panel.id_val = place
    return built.to_json()


def _asked(panel: Any, queries: list[Query]) -> Any:
    for number_, query in enumerate(queries):
        panel.with_target(
            prometheus.Dataquery()
            .expr(query.expr)
            .legend_format(query.name)
            .range()
            .datasource(SOURCE)
            .ref_id(chr(ord("A") + number_))
        )
    return panel


def _steps(limits: dict[float, str]) -> Any:
    steps = [Threshold(value=None, color="green")]
    steps += [Threshold(value=value, color=color) for value, color in limits.items()]
    return _Built(ThresholdsConfig(mode=ThresholdsMode.ABSOLUTE, steps=steps))


class _Built:
    """What is made already, where the library asks for a builder."""

    def __init__(self, made: Any) -> None:
        self._made = made

    def build(self) -> Any:
        return self._made
