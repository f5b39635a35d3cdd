"""Weights trained anew, and whether they are better than those of the worker."""

from collections.abc import Callable, Collection, Mapping, Sequence

from workers.bench.table import Table
from workers.bench.topics.results import Result, measure
from workers.bench.topics.tables import means
from workers.bench.topics.talks import TrueTalk
from workers.bench.topics.training import (
    Trained,
    learn_only,
    leave_one_set_out,
    train,
)
from workers.bench.topics.training.holding import check_names
from workers.bench.topics.training.rows import Rows, rows
from workers.core.topics import TopicModel, TopicSettings
from workers.language.load import load_topic_model, load_weights, load_wording
from workers.language.wordllama_language import WordLlamaLanguage


def judged_weights(
    sets: Mapping[str, Sequence[TrueTalk]],
    sentences_per_topic: int,
    *,
    language: str | None = None,
    judge: bool = True,
    only: Collection[str] = (),
    done: Callable[[], None] = lambda: None,
) -> tuple[Trained, dict[str, Table]]:
    """Train on all sets; judge such weights on each set by training on the others.

    Args:
        sets: Talk with its true changes.
        sentences_per_topic: How often changes are decided.
        language: Of the talk.
        judge: Whether to judge them.
        only: Features to be learned; all others stay as the worker has them. All are
            learned if none is named.
        done: Called after each talk.

    Returns:
        The weights, and a table of those of the worker beside those trained without
        the set; none with one set only. Those of the worker may have been trained on
        the very sets: ``PROVENANCE.md`` beside them tells.

    Raises:
        ValueError: There is too little to train on.
    """
    settings = TopicSettings(sentences_per_topic=sentences_per_topic)
    words = WordLlamaLanguage()
    own = load_topic_model(settings, words)
    held = Trained(load_weights(8), load_weights(16), load_wording())
    check_names(only, held)
    talks: dict[str, list[Rows]] = {name: [] for name in sets}
    for name, each in sets.items():
        for talk in each:
            talks[name].append(rows(name, talk, own, language))
            done()

    def trainer(heard: Sequence[Rows]) -> Trained:
        if only:
            return learn_only(only, held, heard, sentences_per_topic)
        return train(heard, sentences_per_topic)

    trained = trainer([one for each in talks.values() for one in each])
    if not judge or len(sets) == 1:
        return trained, {}

    def model_of(other: Trained) -> TopicModel:
        return TopicModel(words, other.quick, other.sure, other.wording, settings)

    left_out = leave_one_set_out(talks, model_of, trainer, language=language)
    shipped = measure(sets, own, language=language)
    return trained, {
        "left_out": _titled("Trained without the set", left_out),
        "shipped": _titled("Weights of this worker", shipped),
    }


def _titled(title: str, results: Mapping[str, Sequence[Result]]) -> Table:
    table = means(results)
    return Table(f"{title}: {table.title}", table.columns, table.rows)
