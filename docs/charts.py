"""Bar charts as SVG: small, the same bytes every time, legible in light, in dark and without colour, each with a summary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

Published = float | tuple[float, float] | None
"""What was published: a value, the ends of a range, or nothing."""

_WIDTH, _LABEL, _VALUE = 760, 250, 120
_BAR, _GAP, _TOP, _BOTTOM = 14, 10, 64, 12
_STYLE = (
    "text{font:13px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#1f2328}"
    ".title{font-weight:600;font-size:15px}.back{fill:#fff}.made{fill:#0969da}"
    ".published{fill:none;stroke:#57606a;stroke-width:1.5}.rule{stroke:#d0d7de}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.back{fill:#0d1117}.made{fill:#58a6ff}"
    ".published{stroke:#adbac7}.rule{stroke:#373e47}}"
)


@dataclass(frozen=True)
class Bar:
    """One category: its name, the made-up value and the published one, in the chart's unit."""

    name: str
    made: float
    published: Published = None


@dataclass(frozen=True)
class Chart:
    """A chart of categories. `form` writes a value, such as `{:.1f} %`; `desc` says in a sentence what can be seen."""

    title: str
    desc: str
    bars: Sequence[Bar]
    form: str = "{:.1f} %"


def svg(chart: Chart) -> str:
    """The chart as an SVG document: filled bars are made up, outlined ones published."""
    step = 2 * _BAR + _GAP
    height = _TOP + step * len(chart.bars) + _BOTTOM
    longest = max((end for bar in chart.bars for end in (bar.made, *_ends(bar.published))), default=0.0) or 1.0
    scale = (_WIDTH - _LABEL - _VALUE) / longest
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(chart.title)}</title>',
        f'<desc id="desc">{escape(chart.desc)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="back" width="{_WIDTH}" height="{height}"/>',
        f'<text class="title" x="12" y="24">{escape(chart.title)}</text>',
        *_legend(has_published=any(bar.published is not None for bar in chart.bars)),
        f'<line class="rule" x1="{_LABEL}" x2="{_LABEL}" y1="{_TOP - 4}" y2="{height - _BOTTOM}"/>',
    ]
    for at, bar in enumerate(chart.bars):
        parts += _rows(bar, _TOP + at * step, scale, chart.form)
    return "\n".join([*parts, "</svg>", ""])


def _legend(*, has_published: bool) -> Iterator[str]:
    yield f'<rect class="made" x="{_LABEL}" y="36" width="22" height="{_BAR}"/><text x="{_LABEL + 30}" y="47">made up</text>'
    if has_published:
        yield (
            f'<rect class="published" x="{_LABEL + 110}" y="36.5" width="22" height="{_BAR - 1}"/>'
            f'<text x="{_LABEL + 140}" y="47">published or assumed, see the page</text>'
        )


def _rows(bar: Bar, top: int, scale: float, form: str) -> Iterator[str]:
    yield f'<text x="{_LABEL - 8}" y="{top + _BAR + 5}" text-anchor="end">{escape(bar.name)}</text>'
    yield f'<rect class="made" x="{_LABEL}" y="{top}" width="{bar.made * scale:.1f}" height="{_BAR}"/>'
    yield _value(bar.made * scale, top, form.format(bar.made))
    if bar.published is not None:
        low, high = _drawn(bar.published)
        start, width = _LABEL + low * scale, max((high - low) * scale, 1.0)
        yield f'<rect class="published" x="{start:.1f}" y="{top + _BAR + 1.5}" width="{width:.1f}" height="{_BAR - 2}"/>'
        yield _value(high * scale, top + _BAR, written(bar.published, form))


def _value(length: float, top: float, text: str) -> str:
    return f'<text x="{_LABEL + length + 6:.1f}" y="{top + _BAR - 1}">{escape(text)}</text>'


def _ends(published: Published) -> tuple[float, ...]:
    if published is None:
        return ()
    return published if isinstance(published, tuple) else (published,)


def _drawn(published: float | tuple[float, float]) -> tuple[float, float]:
    """From where to where: a value from nothing, a range from its lower end."""
    return published if isinstance(published, tuple) else (0.0, published)


def written(published: Published, form: str) -> str:
    """A published value as text; nothing where none was published."""
    ends = _ends(published)
    if not ends:
        return ""
    if len(ends) == 1:
        return form.format(ends[0])
    return f"{form.format(ends[0]).rstrip(' %')} to {form.format(ends[1])}"
