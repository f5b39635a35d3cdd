"""The channels of a stream, by name."""

from workers.core.merging.state import Channel


def channel_named(channels: tuple[Channel, ...], name: str | None) -> Channel | None:
    """Return the channel of a name, None where there is none yet."""
    for channel in channels:
        if channel.name == name:
            return channel
    return None


def with_channel(
    channels: tuple[Channel, ...], channel: Channel
) -> tuple[Channel, ...]:
    """Put a channel in the place of its older self, or at the end."""
    for place, other in enumerate(channels):
        if other.name == channel.name:
            return (*channels[:place], channel, *channels[place + 1 :])
    return (*channels, channel)
