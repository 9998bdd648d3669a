"""The settings: what they are, where they come from, and how they are checked."""

from holdfast.config.definition import Setting
from holdfast.config.load import Loaded, SettingsError, load, load_settings
from holdfast.config.settings import SETTINGS, Registration, Settings
from holdfast.config.values import Limit, Network, SmtpServer

__all__ = [
    "SETTINGS",
    "Limit",
    "Loaded",
    "Network",
    "Registration",
    "Setting",
    "Settings",
    "SettingsError",
    "SmtpServer",
    "load",
    "load_settings",
]
