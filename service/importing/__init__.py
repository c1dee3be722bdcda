"""A platform's own past into the history: a mapping as data, sources read as streams, rows refused rather than guessed.

Which moment an event is given as *recorded* decides who sees it. Two rules, chosen by whoever runs the import:

``source``: the source's own word, the moment it last wrote the row or a stated delay after the event; never before the
event, never in the future. Past decisions and training see exactly what the platform knew then. Because a decided case
must be decided the same again, an event recorded before the latest ``as_of`` of the platform's cases is refused: this
is for the import before the platform's first claim.

``import``: recorded as the import writes it. What was decided so far stays as it is, what is decided from then on sees
the whole past: windows run over the moment things happened.
"""

from __future__ import annotations
