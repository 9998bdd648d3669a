"""The settings: what they are, where they come from, and how they are checked."""

from holdfast.config.load import Loaded, SettingsError, load, load_settings
from holdfast.config.settings import SETTINGS, Registration, Setting, Settings
from holdfast.config.values import Limit, Network, SmtpUrl

__all__ = [
    "SETTINGS",
    "Limit",
    "Loaded",
    "Network",
    "Registration",
    "Setting",
    "Settings",
    "SettingsError",
    "SmtpUrl",
    "load",
    "load_settings",
]
