"""Whether the four views of one recording say the same, each in its own words.

Made to find faults: a view is taken as it is answered, and nothing here is told how it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from recsim.core.entities import (
    ABSENT,
    COMPLETED,
    DELETED,
    IN_PROGRESS,
    PAUSED,
    STOPPED,
    CallLeg,
    CallSession,
    Recording,
)
from recsim.vendors.telnyx import projection
from recsim.vendors.telnyx.words import Words

View = projection.View
Views = Mapping[str, View | None]
"""By the names of `projection.VIEWS`; None: not shown there."""

Reader = Callable[[View], Any]
"""What a view says, in terms that all have in common."""

CREATE, TEXML, ITEM, V2 = "texml_create", "texml", "conference_item", "v2"

#: What each view says of a status of ours. Source: Q 3, Q 51; None: it isn't shown.
STATUSES: dict[str, dict[str, tuple[str | None, ...]]] = {
    TEXML: {
        IN_PROGRESS: (IN_PROGRESS,),
        PAUSED: (PAUSED,),
        STOPPED: (STOPPED,),
        COMPLETED: (COMPLETED,),
        ABSENT: (STOPPED, ABSENT),
        DELETED: (None,),
    },
    ITEM: {
        IN_PROGRESS: ("processing",),
        PAUSED: ("processing",),
        STOPPED: ("processing",),
        COMPLETED: (COMPLETED,),
        ABSENT: (ABSENT,),
        DELETED: (DELETED,),
    },
    V2: {
        IN_PROGRESS: (None,),
        PAUSED: (None,),
        STOPPED: (None,),
        COMPLETED: (COMPLETED,),
        ABSENT: (None,),
        DELETED: (None,),
    },
}


def same(name: str) -> Reader:
    """A field as it is."""
    return lambda view: view.get(name)


def second(name: str) -> Reader:
    """A date in either form, cut off to the second."""

    def read(view: View) -> datetime | None:
        text = view.get(name)
        if text is None:
            return None
        is_iso = text[:1].isdigit()
        date = datetime.fromisoformat(text) if is_iso else parsedate_to_datetime(text)
        return date.astimezone(UTC).replace(microsecond=0)

    return read


def texml_key(view: View) -> str | None:
    """Which file `media_url` leads to; None: to none."""
    url = view.get("media_url")
    return urlsplit(url).path if url else None


def v2_key(view: View) -> str | None:
    """Which file `download_urls` leads to; None: to none."""
    urls = list(view["download_urls"].values())
    return urlsplit(urls[0]).path if len(urls) == 1 else None


def texml(name: str, read: Callable[[str], Reader] = same) -> dict[str, Reader]:
    """A field that all three TeXML views have."""
    return dict.fromkeys((CREATE, TEXML, ITEM), read(name))


#: What is compared, and how each view says it.
CLAIMS: dict[str, dict[str, Reader]] = {
    "account": texml("account_sid"),
    "id": {**texml("sid"), V2: same("id")},
    "call": {**texml("call_sid"), V2: same("call_control_id")},
    "conference": {**texml("conference_sid"), V2: same("conference_id")},
    "channels": {
        **texml("channels"),
        V2: lambda view: {"single": 1, "dual": 2}.get(view["channels"]),
    },
    "source": {**texml("source"), V2: same("initiated_by")},
    "error code": texml("error_code"),
    "created": {**texml("date_created", second), V2: second("created_at")},
    "updated": {**texml("date_updated", second), V2: second("updated_at")},
    "started": {**texml("start_time", second), V2: second("recording_started_at")},
    "duration": {CREATE: same("duration"), TEXML: same("duration")},
    "file": {TEXML: texml_key, ITEM: texml_key, V2: v2_key},
    "uri": {TEXML: same("uri"), ITEM: same("uri")},
}


def views(
    words: Words,
    session: CallSession,
    leg: CallLeg,
    recording: Recording,
    at_us: int,
    absent_word: str,
) -> Views:
    """A recording as each endpoint would answer it at `at_us`."""
    return {
        CREATE: projection.texml_create(words, session, leg, recording),
        TEXML: projection.texml(words, session, leg, recording, at_us, absent_word),
        ITEM: projection.conference_item(words, session, leg, recording, at_us),
        V2: projection.v2(words, session, leg, recording, at_us),
    }


def disagreement(words: Words, seen: Views, status: str) -> str:
    """What contradicts in the views of one recording, whose status is ours; empty: they agree.

    What v2 shows by a reading alone has the shape of no schema, and is not compared (Q 3).
    """
    shown = {name: view for name, view in seen.items() if view is not None}
    if not words.v2_only_completed and status != COMPLETED:
        shown.pop(V2, None)
    for claim, readers in CLAIMS.items():
        said = {name: readers[name](view) for name, view in shown.items() if name in readers}
        if len(set(said.values())) > 1:
            return f"{claim}: " + ", ".join(f"{name} says {one}" for name, one in said.items())
    for check in (_shown, _status, _file, _money, _length, _v2):
        if text := check(words, shown, status):
            return text
    return ""


Shown = Mapping[str, View]


def _shown(_: Words, shown: Shown, status: str) -> str:
    """Whether each view is there when it should be."""
    first = next(iter(shown.values()), {})
    wanted = {
        CREATE: status != DELETED,
        TEXML: status != DELETED,
        ITEM: bool(first.get("conference_sid")),
        V2: status == COMPLETED,
    }
    if not shown:  # deleted, and of no conference
        return "" if status == DELETED else f"{status} is not shown at all"
    for name, is_wanted in wanted.items():
        if (name in shown) != is_wanted:
            return f"{status}: {name} is {'shown' if name in shown else 'not shown'}"
    return ""


def _status(_: Words, shown: Shown, status: str) -> str:
    """Whether each says the status as it should."""
    for name, by_status in STATUSES.items():
        said = shown[name]["status"] if name in shown else None
        if name in shown and said not in by_status[status]:
            return f"{status}: {name} says {said}"
    return ""


def _file(_: Words, shown: Shown, status: str) -> str:
    """Whether there is a file exactly when it is completed, and an error only when absent."""
    for name, view in shown.items():
        if name in CLAIMS["file"]:
            has_file = CLAIMS["file"][name](view) is not None
            if has_file != (status == COMPLETED):
                return f"{status}: {name} has {'a' if has_file else 'no'} file"
        if view.get("error_code") is not None and status not in (ABSENT, DELETED):
            return f"{status}: {name} has an error code"
    return ""


def _money(words: Words, shown: Shown, status: str) -> str:
    """Whether what is completed has a price, by its length, and nothing else has."""
    view = shown.get(CREATE)
    if view is None:
        return ""
    if (view["price"] is None) != (status != COMPLETED) or (
        (view["price_unit"] is None) != (view["price"] is None)
    ):
        return f"{status}: the price is {view['price']} {view['price_unit']}"
    if V2 in shown:
        usd = shown[V2]["duration_millis"] / 60_000 * words.usd_per_minute
        if abs(usd - float(view["price"])) > CENT_OF_A_CENT:
            return f"price: {view['price']}, yet v2 lasts for {usd}"
    return ""


CENT_OF_A_CENT = 0.0001


def _length(words: Words, shown: Shown, status: str) -> str:
    """Whether lengths are the same one: whole seconds as text and number, and milliseconds."""
    said = next((shown[name]["duration"] for name in (CREATE, TEXML) if name in shown), None)
    if ITEM in shown and said is not None:
        item, is_final = shown[ITEM]["duration"], status in (COMPLETED, ABSENT, DELETED)
        if str(item) != (said if is_final else "0"):
            return f"duration: texml says {said}, {ITEM} says {item}, while {status}"
    if V2 in shown:
        millis = shown[V2]["duration_millis"]
        if said not in {words.seconds(millis * 1000 + rest_us) for rest_us in (0, 999)}:
            return f"duration: texml says {said}, v2 says {millis} ms"
    return ""


def _v2(_: Words, shown: Shown, status: str) -> str:
    """Whether the v2 view agrees with itself, and says what kind of thing is recorded."""
    view = shown.get(V2)
    if view is None:
        return ""
    wanted = "conference" if view.get("conference_id") else "call"
    if view["source"] != wanted:
        return f"source: v2 says {view['source']}, not {wanted}"
    started, ended = (
        datetime.fromisoformat(view[name])
        for name in ("recording_started_at", "recording_ended_at")
    )
    millis = (ended - started).total_seconds() * 1000
    if view["duration_millis"] > millis + 1:
        return f"duration: {view['duration_millis']} ms, within {millis} ms"
    return ""
