"""Makes the weights of the topic score anew from talk with true changes."""

from workers.bench.topics.training.holding import learn_only
from workers.bench.topics.training.leaving_out import leave_one_set_out
from workers.bench.topics.training.train import Trained, train
from workers.bench.topics.training.writing import write

__all__ = ["Trained", "learn_only", "leave_one_set_out", "train", "write"]
