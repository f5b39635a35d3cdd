"""What recognisers send of a talk that we know: the ground truth of merging.

`speech` makes up what is said, word by word; `streaming` and `committing` make what a
kind of recogniser sends of it, `sounds` what it hears beside, `faults` what happens on
the way; `kinds` names them all. `viewing` drives the rules and checks the display
contract; `measuring` compares what viewers have with what was said. All by seed.
"""

from workers.bench.simulator.kinds import KINDS, Kind
from workers.bench.simulator.measuring import Score, scored
from workers.bench.simulator.viewing import Viewed, viewed

__all__ = ["KINDS", "Kind", "Score", "Viewed", "scored", "viewed"]
