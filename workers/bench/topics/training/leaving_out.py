"""What weights are worth on kinds of talk that they were not trained on."""

from collections.abc import Callable, Mapping, Sequence

from workers.bench.topics.results import Result, measure
from workers.bench.topics.training.rows import Rows
from workers.bench.topics.training.train import Trained
from workers.core.topics import TopicModel


def leave_one_set_out(
    talks: Mapping[str, Sequence[Rows]],
    model_of: Callable[[Trained], TopicModel],
    trainer: Callable[[Sequence[Rows]], Trained],
    *,
    language: str | None = None,
    done: Callable[[], None] = lambda: None,
) -> dict[str, list[Result]]:
    """Judge each set by weights that were trained on all the others.

    Args:
        talks: By set; two sets at least.
        model_of: Makes a model with these weights.
        trainer: Trains on the others.
        language: Of the talk.
        done: Called after each set.
    """
    results: dict[str, list[Result]] = {}
    for name, own in talks.items():
        others = [one for other, each in talks.items() if other != name for one in each]
        model = model_of(trainer(others))
        results |= measure({name: [one.talk for one in own]}, model, language=language)
        done()
    return results
