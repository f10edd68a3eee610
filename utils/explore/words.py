"""Words in the place of a picture, where there is none."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Words:
    """What an explorer shows when there is nothing to draw.

    Attributes
    ----------
    text : str
        Why not, and what to do about it.
    """

    text: str
    spots = ()  # words have nothing to choose from

    @property
    def live_html(self):
        """Return the words as one HTML element."""
        return self.html

    @property
    def html(self):
        """Return the words as one HTML element."""
        return (
            f'<div role="status" style="max-width:620px;padding:10px 12px;border-left:4px solid;line-height:1.5">{escape(self.text)}</div>'
        )

    def __repr__(self):
        return self.text
