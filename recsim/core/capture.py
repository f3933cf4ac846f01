"""What a recording holds: arithmetic on stretches of time.

All of it works on half-open intervals of integers (µs), in order and without overlap.
"""

from __future__ import annotations

from itertools import chain

from recsim.core.entities import NEVER, CallLeg, Intervals, Recording


def total(intervals: Intervals) -> int:
    """Sum of the lengths, in µs."""
    sum_us = 0
    for start, end in intervals:
        sum_us += end - start
    return sum_us


def between(edges: tuple[int, ...], until_us: int) -> Intervals:
    """The stretches that begin and end at alternate `edges`; an open one lasts `until_us`."""
    if len(edges) % 2:
        edges = (*edges, max(until_us, edges[-1]))
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def common(left: Intervals, right: Intervals) -> Intervals:
    """The stretches that lie in both."""
    return tuple(
        (start, end) for a, b in left for c, d in right if (start := max(a, c)) < (end := min(b, d))
    )


def joined(*those: Intervals) -> Intervals:
    """The stretches that lie in any of them."""
    some = [intervals for intervals in those if intervals]
    if len(some) <= 1:
        return some[0] if some else ()
    merged: list[tuple[int, int]] = []
    for start, end in sorted(chain.from_iterable(some)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def without(whole: Intervals, those: Intervals) -> Intervals:
    """The stretches of `whole` that lie in none of `those`."""
    begins = (0, *(end for _, end in those))
    ends = (*(start for start, _ in those), NEVER)
    return common(whole, tuple(zip(begins, ends, strict=True)))


def spoken(leg: CallLeg, from_us: int, until_us: int) -> Intervals:
    """When the party of a leg spoke between two moments."""
    return tuple(
        (max(start, from_us), min(end, until_us))
        for start, end in between(leg.speech, until_us)
        if max(start, from_us) < min(end, until_us)
    )


def audible(leg: CallLeg, others: Intervals, track: str, until_us: int) -> Intervals:
    """When something is heard on `track` of a leg: inbound is its party, outbound all else.

    `others` is when those whom it hears spoke.
    """
    sound: Intervals = between(leg.speech, until_us) if track != "outbound" else ()
    if track != "inbound":
        sound = joined(sound, between(leg.sound, until_us))
        sound = joined(sound, others)
    return sound


def judge(
    recording: Recording,
    sound: Intervals,
    *,
    minimum_us: int,
    discards_silent: bool,
    pause_is_filled: bool,
) -> tuple[Intervals, str]:
    """What of an ended recording is kept, and why that is not usable (empty when it is).

    Trim removes leading and trailing silence only. Source: conferences/record_start, `trim`;
    too short and silent: Twilio's reasons, assumed for Telnyx.
    """
    whole = recording.captured
    if pause_is_filled:
        whole = joined(whole, recording.paused)
    if total(whole) < minimum_us:
        return (), "short"
    kept, heard = whole, common(recording.captured, sound)
    if recording.settings.is_trimmed:
        kept = common(whole, ((heard[0][0], heard[-1][1]),)) if heard else ()
    if not heard and (discards_silent or recording.settings.is_trimmed):
        return (), "silent"
    return (kept, "") if total(kept) >= minimum_us else ((), "short")
