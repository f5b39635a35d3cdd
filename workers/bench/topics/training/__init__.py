"""Makes the weights of the topic score anew from talk with true changes."""

from workers.bench.topics.training.leaving_out import leave_one_set_out
from workers.bench.topics.training.train import Trained, train
from workers.bench.topics.training.writing import write

__all__ = ["Trained", "leave_one_set_out", "train", "write"]
