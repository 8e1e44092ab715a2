"""What every model that stands around another one passes on to it."""

from __future__ import annotations

from convagent.models.port import ChatModel

__all__ = ["AroundModel"]


class AroundModel:
    """Has the other model's name and eyes, gets ready and closes as it does.

    Args:
        model: The other model.
    """

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The other model's."""
        return self._model.name

    @property
    def sees_images(self) -> bool:
        """Whether the other model sees pictures."""
        return self._model.sees_images

    def warm_up(self) -> None:
        """Gets ready what the other model's first call would wait for, where it has such a thing."""
        if callable(warm_up := getattr(self._model, "warm_up", None)):
            warm_up()

    def close(self) -> None:
        """Closes the other model's connections, where it has some."""
        if callable(close := getattr(self._model, "close", None)):
            close()
