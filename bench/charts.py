"""Charts as PNG files."""

from pathlib import Path

import matplotlib

from bench.report import Chart

matplotlib.use("Agg")
from matplotlib import pyplot

SIZE = (7.5, 3.8)  # inches


def draw(chart: Chart, file: Path) -> None:
    figure, axes = pyplot.subplots(figsize=SIZE, layout="constrained")
    for name, points in chart.lines.items():
        axes.plot(*zip(*points, strict=True), marker="o", label=name)
    axes.set(title=chart.title, xlabel=chart.x, ylabel=chart.y, xscale="log", yscale="log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.grid(visible=True, which="both", alpha=0.25)
    if len(chart.lines) > 1:
        axes.legend()
    file.parent.mkdir(exist_ok=True)
    figure.savefig(file, dpi=110, metadata={"Software": ""})
    pyplot.close(figure)
