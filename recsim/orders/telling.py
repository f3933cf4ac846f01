"""The steps of a search taken once more: in words, and as a script of what was chosen."""

from __future__ import annotations

from collections.abc import Iterable

from recsim.core.commands import Answer, Invite, Request
from recsim.core.story import Party, Step, Story
from recsim.core.units import format_duration
from recsim.orders.choices import ANSWER, HANG_UP, ITEM, LOSE, TIMER, Choice, Rules
from recsim.orders.script import Played, Reply, Script
from recsim.orders.situation import ATTEMPT, FETCH, STORE, Situation, Ticket
from recsim.scenario.requests import Asked
from recsim.world.world import Client

MARGIN_US = 1_000_000
"""So long after the end an answer comes that had not come by then."""


class Teller:
    """Takes the steps of a search once more, and writes down what they do."""

    def __init__(self, at: Situation, rules: Rules) -> None:
        self.at, self.rules = at, rules
        self.tickets: dict[int, Ticket] = {}
        """By seq, in the order in which they were asked."""
        self.answers: dict[int, tuple[int, Answer]] = {}
        """When and what they were answered, by seq."""
        self.parties: dict[int, tuple[str, bool, int]] = {}
        """Who is on a leg: a call or a number, whether they called, and when that began."""
        self.done: dict[int, list[tuple[int, Step]]] = {}
        """Steps that were taken, by leg, each with its moment."""
        self.cut: set[int] = set()
        """Legs whose party hung up of their own accord."""
        self.stories: dict[int, Story] = {}
        self.lines: list[str] = []
        self._look()

    def take(self, choice: Choice) -> None:
        """Take a step. Raises what it breaks."""
        self.lines.append(f"{format_duration(choice.at_us):>12}  {self._says(choice)}")
        self._notes(choice)
        try:
            self.rules.take(self.at, choice)
        finally:
            self._look()

    def script(self) -> Script:
        """What was written down."""
        end_us = self.at.platform.now_us
        replies = []
        for seq, ticket in self.tickets.items():
            at_us, answer = self.answers.get(seq, (end_us + MARGIN_US, ticket.answer))
            given = None if answer == ticket.answer else answer
            replies.append(Reply(ticket.kind, at_us - ticket.asked_at_us, given))
        played = [
            Played(leg, who, is_caller, self._story(leg, since_us))
            for leg, (who, is_caller, since_us) in self.parties.items()
        ]
        return Script(replies, played, self.lines)

    def _story(self, leg: int, since_us: int) -> Story:
        """What a party did and, if the run goes on, what it was going to do."""
        done = self.done.get(leg, [])
        steps: list[Step] = []
        for at_us, step in done:
            after_us = step.after_us if step.cue else at_us - since_us
            steps.append(step._replace(after_us=after_us, any_time=False))
            since_us = at_us
        if leg not in self.cut:
            for step in self.stories[leg][len(done) :]:
                if step.any_time:
                    break
                steps.append(step)
        return tuple(steps)

    def _notes(self, choice: Choice) -> None:
        """Write down who is about to do what."""
        if choice.kind == ITEM:
            party = self.at.items[choice.which].turn
            if isinstance(party, Party) and party is self.at.world.parties().get(party.leg):
                step = party.story[party.at]
                self.done.setdefault(party.leg, []).append((choice.at_us, step))
        elif choice.kind == HANG_UP:
            self.cut.add(choice.which)
            step = Step("", 0, "hang_up")
            self.done.setdefault(choice.which, []).append((choice.at_us, step))
        elif choice.kind == ANSWER:
            ticket = self.at.tickets[choice.which]
            self.answers[ticket.seq] = (choice.at_us, choice.answer)
        elif choice.kind == LOSE:
            ticket = self.at.tickets[choice.which]
            lost = Answer(0, failure="timeout")
            self.answers[ticket.seq] = (ticket.deadline_us, lost)

    def _look(self) -> None:
        """See who is there and what is asked by now."""
        for ticket in self.at.tickets:
            self.tickets.setdefault(ticket.seq, ticket)
        for leg, party in self.at.world.parties().items():
            if leg not in self.parties:
                entity = self.at.platform.legs[leg]
                call = self.at.platform.sessions[entity.session].title
                is_caller = entity.direction == "inbound"
                who = call if is_caller else entity.to
                self.parties[leg] = (who, is_caller, entity.initiated_at_us)
                self.stories[leg] = party.story

    def _says(self, choice: Choice) -> str:
        """A step in words."""
        at = self.at
        if choice.kind == TIMER:
            timer = at.platform.agenda.first()
            assert timer is not None
            return f"timer: {timer.name} of {self._entity(timer.entity)}"
        if choice.kind == HANG_UP:
            return f"{self._leg(choice.which)} hangs up"
        if choice.kind == ITEM:
            return self._comes(choice)
        ticket = at.tickets[choice.which]
        about = f"{WORDS[ticket.kind]} {ticket.about}"
        if choice.kind == LOSE:
            return f"{about} is not going to be answered"
        answer = choice.answer
        if ticket.kind == STORE:
            return f"{about}: {answer.failure or 'done'}"
        return f"{about} -> {answer.failure or answer.status}"

    def _comes(self, choice: Choice) -> str:
        item = self.at.items[choice.which]
        who, command = item.turn, item.command
        if isinstance(who, Party):
            step = who.story[who.at]
            text = step.do if step.arg is None else f"{step.do} {step.arg}"
            return f"{self._leg(who.leg)}: {text.replace('_', ' ')}"
        if isinstance(who, Client):
            asked = self.at.stage.loaded.scenario.requests[who.n]
            return f"request {asked.method} {asked.path}{with_body(asked)}"
        if isinstance(command, Invite):
            return f"{command.session} calls {command.to}"
        if isinstance(command, Request):
            return f"request {command.method} {command.path}"
        return "an answer is overdue"

    def _leg(self, key: int) -> str:
        if key in self.parties:
            who, _, _ = self.parties[key]
            return self.at.stage.known.get(who, who)
        return f"leg {key}"

    def _entity(self, key: int) -> str:
        """A leg, recording, conference or delivery, in words."""
        platform = self.at.platform
        if key in platform.legs:
            return f"the call of {self._leg(key)}"
        if key in platform.recordings:
            recording = platform.recordings[key]
            return f"recording {recording.n} of {platform.sessions[recording.session].title}"
        if key in platform.conferences:
            return f"conference {platform.conferences[key].room}"
        if key in platform.deliveries:
            delivery = platform.deliveries[key]
            return f"{delivery.message.kind} to {delivery.url}"
        return "what is over"


def with_body(asked: Asked) -> str:
    """The body of a request, behind its path."""
    body = asked.form or asked.json_
    return f" {body}" if body else ""


#: What each kind of question is called.
WORDS = {FETCH: "instructions", ATTEMPT: "callback", STORE: "storage of"}


def retold(at: Situation, rules: Rules, steps: Iterable[Choice]) -> Teller:
    """Take steps once more; the last of them may break something, as may the end."""
    teller = Teller(at, rules)
    for choice in steps:
        try:
            teller.take(choice)
        except Exception:  # noqa: BLE001 - it is what was found
            break
    return teller
