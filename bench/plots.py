"""Drawing of charts into PNG files."""

from pathlib import Path

import matplotlib

from bench.section import Bars, Chart

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.figure import Figure

SIZE = (7.5, 3.8)  # inches
BAR = 0.3  # inches
OURS, THEIRS = "tab:orange", "tab:blue"


def draw(chart: Chart | Bars, file: Path) -> None:
    """Draw a chart into the file, and make its folder if it is missing."""
    figure = _bars(chart) if isinstance(chart, Bars) else _lines(chart)
    file.parent.mkdir(exist_ok=True)
    figure.savefig(file, dpi=110, metadata={"Software": ""})
    pyplot.close(figure)


def _lines(chart: Chart) -> Figure:
    figure, axes = pyplot.subplots(figsize=SIZE, layout="constrained")
    for name, points in chart.lines.items():
        axes.plot(*zip(*points, strict=True), marker="o", label=name)
    axes.set(title=chart.title, xlabel=chart.x, ylabel=chart.y, xscale="log", yscale="log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(visible=True, which="both", alpha=0.25)
    if len(chart.lines) > 1:
        axes.legend()
    return figure


def _bars(chart: Bars) -> Figure:
    """Draw each group from 0 to its own longest bar, since only ratios within it matter."""
    heights = [len(bars) + 2 for bars in chart.groups.values()]
    figure, rows = pyplot.subplots(
        len(heights),
        squeeze=False,
        figsize=(SIZE[0], BAR * (sum(heights) + 1)),
        height_ratios=heights,
        layout="constrained",
    )
    for axes, (group, bars) in zip(rows.flat, chart.groups.items(), strict=True):
        names, values = zip(*bars, strict=True)
        colors = [OURS if name.startswith(chart.ours) else THEIRS for name in names]
        axes.bar_label(axes.barh(names, values, color=colors), fmt="%.3g", padding=3)
        axes.set_title(group, loc="left", fontsize="medium")
        axes.margins(x=0.1)
        axes.invert_yaxis()
        axes.xaxis.set_visible(False)
        axes.spines[["top", "right", "bottom"]].set_visible(False)
    figure.suptitle(chart.title)
    return figure
