"""The portal's texts, so that one test can walk through it in any language."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "portal" / "src" / "languages"


class Texts:
    """What the portal says in one language: `say("remove.title", count=2)`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text())

    def __call__(self, key: str, **values: str | int) -> str:
        if "count" in values:
            key += "_one" if values["count"] == 1 else "_other"
        text = self._texts[key]
        for name, value in values.items():
            text = text.replace(f"{{{{{name}}}}}", str(value))
        return text
