"""Kafka topics that are not as they must be: a line for each kind, and what to do."""

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from workers.delivery.kafka_topics import Fault

REPEATED = ("--broker", "--prefix")
"""Options without which the command we advise would go somewhere else."""
FEW = 3
"""So many names are listed where nobody has to alter each."""

_PROVIDER = re.compile(r"\.provider\.([^.]+)\.v1$")
_ALTER = "in Kafka (its kafka-configs --alter)"
_ADVICE = {
    "policy": f"alter cleanup.policy {_ALTER}",
    "retention": f"raise retention.ms {_ALTER}, or set CAPTION_RETENTION_DAYS or "
    "CAPTION_TOPIC_RETENTION_DAYS to what you want",
}


def told(faults: Sequence[Fault], arguments: Sequence[str]) -> Iterator[str]:
    """Tell what is wrong, equal things once.

    Args:
        faults: Of any kinds.
        arguments: Of our own command line, for the command that is advised.
    """
    create = shlex.join(["caption-worker", "topics", *_repeated(arguments)])
    for (kind, what), names in _grouped(faults).items():
        count = f"{len(names)} Kafka topic{'s' if len(names) != 1 else ''}"
        have = "has" if len(names) == 1 else "have"
        listed = ", ".join(names)
        few = listed if len(names) <= FEW else f"{names[0]}, …"
        match kind:
            case "missing":
                are, them = ("is", "it") if len(names) == 1 else ("are", "them")
                see = f", or let this user see {them} (`caption-worker acls`)"
                yield (
                    f"{count} {are} missing ({few}): create {them} with "
                    f"`{_providers(names)}{create}`{see if what else ''}"
                )
            case "uneven":
                yield (
                    f"the numbers of partitions differ ({what}), and must not: delete "
                    f"what is wrong, then create it with `{create} --partitions …`"
                )
            case "copies":
                yield (
                    f"{count} cannot be created ({few}): set "
                    "CAPTION_REPLICATION_FACTOR to the number of brokers at most; "
                    f"Kafka says: {what.rstrip('.')}"
                )
            case "partitions":
                yield (
                    f"{count} {have} {what} ({few}): leave --partitions out to keep "
                    "them so, or delete them first"
                )
            case "refused":
                yield f"Kafka refuses {count} ({listed}): {what}"
            case _:
                yield f"{count} {have} {what} ({listed}): {_ADVICE[kind]}"


def _grouped(faults: Sequence[Fault]) -> Mapping[tuple[str, str], list[str]]:
    """Return the names of the Kafka topics with which the same is wrong."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    counts: dict[str, list[str]] = defaultdict(list)
    for fault in faults:
        if fault.kind == "uneven":
            counts[fault.what.partition(" ")[0]].append(fault.topic)
        else:
            groups[fault.kind, fault.what].append(fault.topic)
    if counts:
        what = "; ".join(f"{count}: {', '.join(of)}" for count, of in counts.items())
        groups["uneven", what] = []
    return groups


def _providers(names: Sequence[str]) -> str:
    """Return the setting without which providers' Kafka topics are not created."""
    found = [one[1] for one in map(_PROVIDER.search, names) if one is not None]
    return f"CAPTION_PROVIDERS={','.join(found)} " if found else ""


def _repeated(arguments: Sequence[str]) -> Iterator[str]:
    """Find options and their values, written with or without an equals sign."""
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in REPEATED:
            following = arguments[place + 1 : place + 2]
            yield from (name, *((value,) if equals else following))
