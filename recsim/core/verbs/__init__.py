"""One module per verb; here is which row behaves how."""

from __future__ import annotations

from typing import Any

from recsim.core.documents import Row
from recsim.core.verbs.base import Verb
from recsim.core.verbs.conference import DIAL_CONFERENCE, DialConference
from recsim.core.verbs.connect import CONNECT, Connect
from recsim.core.verbs.dial import DIAL, Dial
from recsim.core.verbs.gather import GATHER, Gather
from recsim.core.verbs.hangup import HANGUP, Hangup
from recsim.core.verbs.pause import PAUSE, Pause
from recsim.core.verbs.play import PLAY, Play
from recsim.core.verbs.queue import DIAL_QUEUE, ENQUEUE, LEAVE, DialQueue, Enqueue, Leave
from recsim.core.verbs.record import RECORD, Record
from recsim.core.verbs.redirect import REDIRECT, Redirect
from recsim.core.verbs.refer import REFER, Refer
from recsim.core.verbs.reject import REJECT, Reject
from recsim.core.verbs.say import SAY, Say
from recsim.core.verbs.start import START, Start

VERBS: dict[type[Any], Verb] = {
    Connect: CONNECT,
    Dial: DIAL,
    DialConference: DIAL_CONFERENCE,
    DialQueue: DIAL_QUEUE,
    Enqueue: ENQUEUE,
    Gather: GATHER,
    Hangup: HANGUP,
    Leave: LEAVE,
    Pause: PAUSE,
    Play: PLAY,
    Record: RECORD,
    Redirect: REDIRECT,
    Refer: REFER,
    Reject: REJECT,
    Say: SAY,
    Start: START,
}


def of(verb: Row) -> Verb:
    """How this row behaves."""
    return VERBS[type(verb)]
