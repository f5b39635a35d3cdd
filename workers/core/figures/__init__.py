"""The figures of a stream: what ``StreamMetrics`` tells of each window and life.

Sums are kept, ratios are worked out when they are told: so the windows of a life add
up to the life. One module a figure; docs/EVENTS.md explains each in a line.
"""

from workers.core.figures.changes import changes_of
from workers.core.figures.counting import counted
from workers.core.figures.health import health
from workers.core.figures.state import Figures
from workers.core.figures.telling import told
from workers.core.figures.watch import listened

__all__ = ["Figures", "changes_of", "counted", "health", "listened", "told"]
