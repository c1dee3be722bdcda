"""A simulated platform with known truth, a year of it, day by day. Only this package may read the truth it writes.

No public table of refund abuse with true outcomes exists, so this is where the default data comes from. It is a
simulation: what it says of a model holds for its assumptions (parameters.yaml, each with a source or a reason) and for
nothing else. ``randomised`` moves those assumptions, and its worlds tell how much of a result they carry.

What takes part: buyers (``population``), sellers, suppliers and goods (``market``), outages and seasons (``outages``,
``calendar``), orders and their fulfilment (``orders``), intentions and claims (``intentions``, ``claiming``), the
platform's logs (``records``), pages and how they read (``evidence``, ``hiding``, ``pages``; the checks are the
service's own), who decides (``operation``, ``reviewing``), what comes to light (``outcomes``) and what cheats learn
(``adapting``). ``year`` runs it, ``tables`` and ``world`` write it down.

Switches, all plain parameters for ``Parameters.with_values``:
``signal.strength`` 0: a world in which nothing observable tells what is due. ``accounts.kinds.novel.share`` above 0:
abuse by a mechanism nothing was tuned on. ``operation.mode`` live: selective labels. ``adapting.on`` False: cheats who
learn nothing.

Not in it: several currencies, offers and partial grants by agreement, evidence left over from withdrawn requests,
pages other than order, payment, prompt and chat; what the reader makes of a page is drawn at measured rates, and so is
whether the look-up finds a re-used page.
"""
