"""Live scoring: what is known of a question's subjects, held ready, so that an event re-scores its own at once."""

from sightline.kernel.predict.live.book import Asked, Book, Moved

__all__ = ["Asked", "Book", "Moved"]
