"""What may be set: ``CAPTION_*`` variables over a TOML file over defaults.

Each setting is one field, in the module of its subject; its row in docs/SETTINGS.md is
made from it.
"""

from workers.settings.captions import NO_PROVIDERS
from workers.settings.every import Settings, metrics_port, metrics_setting, variable
from workers.settings.loading import SettingsError, load_settings

__all__ = [
    "NO_PROVIDERS",
    "Settings",
    "SettingsError",
    "load_settings",
    "metrics_port",
    "metrics_setting",
    "variable",
]
