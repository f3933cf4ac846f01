"""What a finding can be: a stable name, how grave it is, and what it says.

The lifecycles themselves are not here: what may follow what is derived from their tables.
"""

from __future__ import annotations

from typing import NamedTuple

ERROR, WARNING, INFO = "error", "warning", "info"
LEVELS = (ERROR, WARNING, INFO)
"""From the gravest."""


class CheckRule(NamedTuple):
    """One row: what a finding of that name means."""

    name: str
    level: str
    """ERROR: it can't be legal. WARNING: it may be. INFO: it is, and worth knowing."""
    says: str
    spec: str
    """Where no row of a table is the source of a finding."""


# fmt: off
RULES = (
    CheckRule("not-json",               ERROR,   "a line is no JSON", "docs/check.md"),
    CheckRule("body-shape",             ERROR,   "a body lacks a field, or a field has a value that it can't have", "recsim table of the event's page"),
    CheckRule("self-contradiction",     ERROR,   "fields of one body contradict each other", "the event's page"),
    CheckRule("misplaced-field",        ERROR,   "a field that only another word of the same callback has", "the event's page"),
    CheckRule("unknown-word",           ERROR,   "a status or event that the callback does not have", "the event's page"),
    CheckRule("impossible-sequence",    ERROR,   "events that no path through the table tells together, or in that order", "recsim table"),
    CheckRule("told-twice",             ERROR,   "an event that happens once is told as two events", "recsim table"),
    CheckRule("differing-redelivery",   ERROR,   "an event is delivered again with other content", "docs receiving-webhooks"),
    CheckRule("inconsistent",           ERROR,   "events of one object contradict each other", "the event's page"),
    CheckRule("views-disagree",         ERROR,   "callback, webhook and action request contradict each other on one recording", "recsim.vendors.telnyx.agreement"),
    CheckRule("sequence-reused",        ERROR,   "two events have one SequenceNumber", "texml-call-*, texml-conference-*"),
    CheckRule("clock-backwards",        ERROR,   "an event of a later SequenceNumber has an earlier moment", "texml-call-*, texml-conference-*"),
    CheckRule("before-its-start",       ERROR,   "something happens, or ends, before it began", "the event's page"),
    CheckRule("duration-disagrees",     ERROR,   "a duration is not what lies between its moments", "the event's page"),
    CheckRule("duration-too-long",      ERROR,   "a recording is longer than the time that it had", "core property: duration is within wall time"),
    CheckRule("from-the-future",        ERROR,   "an event arrives before it happens", "docs receiving-webhooks: 300 s of tolerance"),
    CheckRule("outlives-call",          ERROR,   "a recording begins, or goes on, after its call has ended", "recsim table couplings"),
    CheckRule("after-end",              ERROR,   "somebody is told of in a conference that is over", "core property: nobody is in a conference that is over"),
    CheckRule("left-without-joining",   ERROR,   "somebody leaves a conference more often than they came", "texml-conference-join, -leave"),
    CheckRule("unsigned",               ERROR,   "a signature is missing, though a public key is given", "docs receiving-webhooks"),
    CheckRule("bad-signature",          ERROR,   "a signature does not fit body, timestamp and public key", "docs receiving-webhooks; Q 40"),
    CheckRule("stale-signature",        WARNING, "a signature is further than 300 s from the arrival", "docs receiving-webhooks"),
    CheckRule("unverified",             WARNING, "a signature can't be verified: the body is not kept as sent", "docs receiving-webhooks"),
    CheckRule("truncated",              WARNING, "the last line ends in the middle", "docs/check.md"),
    CheckRule("unknown-shape",          WARNING, "a line in which no callback can be found", "docs/check.md"),
    CheckRule("unknown-event",          WARNING, "an event that recsim has no table for", "docs/check.md"),
    CheckRule("unknown-error-code",     WARNING, "an ErrorCode that no source names", "Q 27"),
    CheckRule("hangup-cause",           WARNING, "a HangupCause that the table has not for how the call ended", "recsim.vendors.telnyx.hangups"),
    CheckRule("missing-outcome",        WARNING, "neither completed nor absent came, though what was recorded is over", "docs recording"),
    CheckRule("sequence-gap",           WARNING, "numbers between those that came are missing", "texml-call-*, texml-conference-*"),
    CheckRule("late",                   WARNING, "it arrives later than retries take, or when its link has expired", "Q 38; Q 23"),
    CheckRule("one-reading",            WARNING, "legal only under another reading of a dispute than the one in force", "recsim table readings"),
    CheckRule("accepted-yet-repeated",  WARNING, "it is delivered again, though the attempt before was answered with success", "recsim table delivery"),
    CheckRule("duplicate",              INFO,    "the same event once more, as retries and networks bring it", "docs receiving-webhooks"),
    CheckRule("out-of-order",           INFO,    "an event arrives after one that followed it", "docs receiving-webhooks: order is not guaranteed"),
    CheckRule("orphan",                 INFO,    "a recording of a call that the log has nothing else of", "docs/check.md"),
    CheckRule("unknown-field",          INFO,    "a field that recsim doesn't know; told once a name", "docs/check.md"),
)
# fmt: on

BY_NAME = {rule.name: rule for rule in RULES}
