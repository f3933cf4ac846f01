"""The slow way: every path to its end, nothing merged; states told apart by a text of their own.

Shares nothing with `recsim.orders.keys`: entities are written out field by field.
"""

from __future__ import annotations

import re
from typing import Any

from recsim.core.entities import NEVER
from recsim.core.platform import Final, Platform
from recsim.core.story import Party
from recsim.orders.choices import Rules
from recsim.orders.situation import Situation
from recsim.scenario.load import loads
from recsim.scenario.run import stage

MOST = 200_000
"""Steps, lest a scenario turns out not to be small."""

#: Fields that only number or order things, or lead to what is written out anyway.
SKIPPED = {"key", "fetch", "members", "inside"}


def situation(text: str, faults: int = 0) -> Situation:
    """The start of a scenario."""
    return Situation(stage(loads(text)), (), faults)


class Outcomes:
    """What became of calls: of each as it is forgotten, without when or how long."""

    def __init__(self, monkeypatch: Any) -> None:
        self.seen: set[str] = set()
        retire = Platform.retire

        def noted(platform: Platform, key: int) -> Final:
            final = retire(platform, key)
            self.seen.add(self.told(final))
            return final

        monkeypatch.setattr(Platform, "retire", noted)

    def told(self, final: Final) -> str:
        """A call that is over."""
        recordings = [(one.source, one.status, one.lacks) for one in final.recordings]
        legs = [(one.to, one.status, one.ended_by) for one in final.legs]
        rooms = [(one.room, one.status, one.ended_by) for one in final.conferences]
        return str((sorted(recordings), sorted(legs), sorted(rooms)))

    def taken(self) -> set[str]:
        """All since this was asked last."""
        seen, self.seen = self.seen, set()
        return seen


class Naive:
    """Walks every path."""

    def __init__(self, start: Situation, rules: Rules) -> None:
        self.rules, self.steps = rules, 0
        self.states: set[str] = set()
        self.walk(start)

    def walk(self, at: Situation) -> None:
        self.states.add(told(at))
        choices = self.rules.choices(at)
        if not choices:
            at.finish()
        for choice in choices:
            self.steps += 1
            assert self.steps < MOST
            after = at.fork()
            self.rules.take(after, choice)
            self.walk(after)


def told(at: Situation) -> str:
    """A situation as text: moments as seen from now, entities by what they are called."""
    platform = at.platform
    names: dict[int, str] = {0: "-"}
    for session in platform.sessions.values():
        names[session.key] = f"<{session.title}>"
    for kind in ("legs", "conferences", "recordings"):
        for one in getattr(platform, kind).values():
            names[one.key] = f"<{kind} {one.n} of {names[one.session]}>"
    for fetch in platform.fetches.values():
        current = platform.legs[fetch.leg].fetch == fetch.key
        names[fetch.key] = f"<fetch of {names[fetch.leg]} {current}>"
    now_us = platform.now_us
    for one in platform.deliveries.values():
        names[one.key] = f"<delivery {value(one.message, '', now_us, names)}>"
    lines = [f"{at.faults} {at.is_fresh} {at.after_timer} {at.world.to_come()}"]
    for table in ("sessions", "legs", "conferences", "recordings", "deliveries", "fetches"):
        lines += sorted(
            f"{names[key]} {value(one, '', now_us, names)}"
            for key, one in getattr(platform, table).items()
        )
    lines += sorted(
        f"{timer.due_us - now_us} {timer.name} {names[timer.entity]}"
        for timer in platform.agenda.armed()
    )
    lines += sorted(item_told(item, now_us, names) for item in at.items)
    lines += sorted(
        f"{ticket.kind} {names[ticket.key]} "
        f"{'' if ticket.deadline_us == NEVER else ticket.deadline_us - now_us}"
        for ticket in at.tickets
    )
    lines += sorted(
        f"{names[leg]} {party.story[party.at :]} {party.has_set_out}"
        for leg, party in at.world.parties().items()
    )
    lines.append(str(sorted(at.world.waiting())))
    lines += sorted(value(one, "", now_us, names) for one in at.watch.subscribed.owed)
    return "\n".join(lines)


def item_told(item: Any, now_us: int, names: dict[int, str]) -> str:
    who = item.turn
    after_us: Any = item.at_us - now_us
    if isinstance(who, Party):
        if who.story[who.at].any_time:
            after_us = "open"
        return f"{after_us} {names[who.leg]}"
    ticket = getattr(item.command, "ticket", None)
    if ticket is not None:
        return f"{after_us} answer to {names[ticket]}"
    return f"{after_us} {item.command} {who}"


def value(one: Any, field: str, now_us: int, names: dict[int, str]) -> str:
    """A value of a field as text."""
    if hasattr(type(one), "__slots__") and not isinstance(one, tuple):
        slots = [slot for slot in type(one).__slots__ if slot not in SKIPPED]
        return ", ".join(
            f"{slot}={value(getattr(one, slot), slot, now_us, names)}" for slot in slots
        )
    if isinstance(one, tuple):
        fields = getattr(one, "_fields", (field,) * len(one))
        if type(one).__name__ == "Document":
            return repr(one)
        parts = (value(part, name, now_us, names) for name, part in zip(fields, one, strict=True))
        return f"{type(one).__name__}({', '.join(parts)})"
    if type(one) is not int:
        return repr(one)
    is_moment = re.search(r"_at_us$|(^|_)(since|from|until)_us$|^now_us$", field)
    if is_moment or field in ("speech", "sound", "captured", "paused", "kept", "heard", "spoke"):
        return "never" if one == NEVER else f"{one - now_us:+}"
    of_entity = re.fullmatch(
        r"(session|leg|parent|peer|conference|recording)s?|dialed|moved_by|coaches|answered|taken_by",
        field,
    )
    return names.get(one, "gone") if of_entity else str(one)
