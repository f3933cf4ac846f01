"""A copy of a log that can be shown: ids and numbers under other names, links cut, secrets gone.

What stays as it is is known to be harmless: words of ours, lengths, moments, numbers that count.
Everything else is replaced. An id gets the same other id wherever it stands, so that the copy is
judged as the log itself would be; which one depends on a key that is thrown away.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Any
from urllib.parse import quote_plus, unquote

import orjson

from recsim.logs.bodies import FAMILIES, HOOKS, REQUESTS
from recsim.logs.moments import moment_us
from recsim.logs.report import WORD
from recsim.logs.shapes import form
from recsim.vendors.telnyx.hangups import HANGUPS
from recsim.vendors.telnyx.words import ERROR_CODES

UUID = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII
)
CALL = re.compile(r"v3:[\w-]{54}", re.ASCII)
SID = re.compile(r"([A-Z]{2})[0-9a-f]{32}", re.ASCII)
PHONE = re.compile(r"\+?[0-9]{6,15}", re.ASCII)
KEYS = re.compile(r"[0-9#*]{1,64}", re.ASCII)
LONG = re.compile(r"[0-9]{16,20}", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,5}(\.[0-9]{1,9})?", re.ASCII)
URL = re.compile(r"https?://", re.ASCII)
NAME = re.compile(r"@?[A-Za-z]{1,24}([-_.][A-Za-z]{1,24}){0,5}", re.ASCII)
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,18}(Z|[+-][0-9:]{4,6})", re.ASCII)
MANY = 10**5
PAIR = 2
KEPT_OF_URL = ("X-Amz-Date", "X-Amz-Expires")
FILE = re.compile(r"-([0-9]{9,11})\.(mp3|wav)$", re.ASCII)

#: Fields whose words are somebody's own: prose, names, keys that were pressed.
PRIVATE = frozenset(
    (
        *("CallerId", "From", "To", "from", "to", "FromSipUri", "ToSipUri", "FriendlyName"),
        *("ParticipantLabel", "SpeechResult", "Digits", "client_state", "caller"),
        *("host", "remote_addr", "ip"),
    )
)
PHONES = frozenset(("From", "To", "CallerId", "from", "to"))
SAFE_HEADERS = frozenset(("content-type", "user-agent", "telnyx-timestamp", "content-length"))
SAFE_NAMES = frozenset(("telnyx-signature-ed25519", "data.payload.recording_urls.mp3"))
METHODS = frozenset(("POST", "GET"))
REQUEST_LINE = 3
"""Words of the first line of a request."""


def _fields() -> frozenset[str]:
    names = {name for _, family in FAMILIES for name in family.names}
    names |= {name for shape in REQUESTS.values() for name in shape.names}
    for hook in HOOKS.values():
        names |= hook.shape.names | hook.payload.names
    return frozenset(names)


FIELDS = _fields() - PRIVATE
"""Fields of callbacks whose words and numbers are harmless."""


def _words() -> frozenset[str]:
    shapes = [shape for _, family in FAMILIES for shape in family.shapes.values()]
    shapes += REQUESTS.values()
    shapes += [shape for hook in HOOKS.values() for shape in (hook.shape, hook.payload)]
    words = {row.cause for row in HANGUPS.values()} | set(ERROR_CODES.values())
    for shape in shapes:
        words |= shape.words
    return frozenset(words)


WORDS = _words()
"""Words that are part of the reference."""

KNOWN_NAMES = FIELDS | PRIVATE | WORDS | SAFE_NAMES
"""Names that stay, however they are spelled."""

#: Of wrappers, whose words and numbers are: how something was sent, not what.
WRAPPING = frozenset(
    (
        *("kind", "method", "httpMethod", "attempt", "outcome", "cause", "status", "status_code"),
        *("statusCode", "isBase64Encoded", "encoding", "mimeType", "httpVersion", "scheme"),
    )
)


class Redactor:
    """Replaces; `key` decides by what, and must be as random as nobody is to undo it."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self._by_name: dict[str, Callable[[str], str]] = {
            "raw": self._raw,
            **dict.fromkeys(BODIES, self._body),
            **dict.fromkeys(PATHS, self._url),
        }
        """What replaces the text that stands under a name."""

    def line(self, text: bytes) -> bytes:
        """A line of a log, with its line end; what is no JSON becomes null."""
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            return b"null\n" if text.strip() else b"\n"
        return orjson.dumps(self.value(value, "")) + b"\n"

    def value(self, value: Any, name: str) -> Any:
        """A value of JSON that stands under a name."""
        if isinstance(value, dict):
            if name.lower() in HEADERS:
                return {self._name(one): self._header(one, text) for one, text in value.items()}
            return self._object(value)
        if isinstance(value, list):
            if name.lower() in HEADERS or name in PAIRS:
                return [self._pair(one, name) for one in value]
            return [self.value(one, name) for one in value]
        if isinstance(value, str):
            return self.text(value, name)
        is_count = name in FIELDS and value is not None and abs(value) < MANY
        is_harmless = isinstance(value, bool) or value is None or name in KNOWN_NUMBERS
        return value if is_harmless or is_count else 0

    def _object(self, value: Mapping[str, Any]) -> dict[str, Any]:
        is_base64 = value.get("isBase64Encoded") is True or value.get("encoding") == "base64"
        made: dict[str, Any] = {}
        for name, one in value.items():
            shown = self._name(name)
            if is_base64 and isinstance(one, str) and name in ("body", "text", "content"):
                made[shown] = self._base64(one)
            else:
                made[shown] = self.value(one, name)
        return made

    def _pair(self, one: Any, name: str) -> Any:
        """A header or a parameter as an object with name and value, or as a list of two."""
        is_header = name.lower() in HEADERS
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            said = one.get("value")
            told = self._header(one["name"], said) if is_header else self.value(said, one["name"])
            return {"name": self._name(one["name"]), "value": told}
        if isinstance(one, list) and len(one) == PAIR and isinstance(one[0], str):
            told = self._header(one[0], one[1]) if is_header else self.value(one[1], one[0])
            return [self._name(one[0]), told]
        return None

    def _header(self, name: str, value: Any) -> Any:
        is_safe = name.lower() in SAFE_HEADERS
        if isinstance(value, list):
            return [self._header(name, one) for one in value]
        return value if is_safe and isinstance(value, str) and len(value) < 80 else "redacted"

    def text(self, text: str, name: str) -> str:
        """A text that stands under a name."""
        if write := self._by_name.get(name):
            return write(text)
        if URL.match(text):
            return self._url(text)
        return self._id(text) or self._plain(text, name.rpartition(".")[2])

    def _plain(self, text: str, name: str) -> str:
        """A text that is neither an id nor made of several."""
        if name in PHONES and PHONE.fullmatch(text):
            return self._phone(text)
        if name == "Digits" and KEYS.fullmatch(text):
            return self._keys(text)
        return text if not text or is_harmless(text, name) else self._other(text)

    def _name(self, name: str) -> str:
        """A name, which may be somebody's too."""
        return name if name in KNOWN_NAMES or NAME.fullmatch(name) else self._other(name)

    def _id(self, text: str) -> str | None:
        if match := UUID.fullmatch(text):
            made = self._digest(text).hex()
            return f"{made[:8]}-{made[8:12]}-{match[1]}{made[13:16]}-a{made[17:20]}-{made[20:32]}"
        if CALL.fullmatch(text):
            return "v3:" + urlsafe_b64encode(self._digest(text, 40)).decode().rstrip("=")
        if match := SID.fullmatch(text):
            return match[1] + self._digest(text).hex()
        if LONG.fullmatch(text):
            return str(10**18 + int.from_bytes(self._digest(text, 8), "big") % (9 * 10**17))
        return None

    def _phone(self, text: str) -> str:
        number = int.from_bytes(self._digest(text.lstrip("+"), 8), "big") % 10**7
        return f"+1555{number:07d}"

    def _keys(self, text: str) -> str:
        """As many other keys."""
        return "".join(str(byte % 10) for byte in self._digest(text, min(len(text), 64)))

    def _other(self, text: str) -> str:
        return f"redacted-{self._digest(text, 5).hex()}"

    def _digest(self, text: str, size: int = 16) -> bytes:
        return blake2b(text.encode("utf-8", "replace"), digest_size=size, key=self.key).digest()

    def _body(self, text: str) -> str:
        """A form, or JSON, as text."""
        if text[:1] in ("{", "["):
            try:
                return orjson.dumps(self.value(orjson.loads(text), "")).decode()
            except orjson.JSONDecodeError:
                return self._other(text)
        return self._form(text) if "=" in text else (self._other(text) if text else "")

    def _form(self, text: str) -> str:
        return _encoded(
            (self._name(name), self.text(str(value), name)) for name, value in form(text).items()
        )

    def _base64(self, text: str) -> str:
        try:
            plain = b64decode(text, validate=True).decode()
        except ValueError:
            return self._other(text)
        return b64encode(self._body(plain).encode()).decode()

    def _raw(self, text: str) -> str:
        """A request as it went over the wire, in base64: its first line and its body."""
        try:
            plain = b64decode(text, validate=True).decode()
        except ValueError:
            return self._other(text)
        head, _, body = plain.partition("\r\n\r\n")
        words = head.partition("\r\n")[0].split(" ")
        if len(words) != REQUEST_LINE or words[0] not in METHODS or "HTTP/" not in words[2]:
            return self._other(text)
        first = f"{words[0]} {self._url(words[1])} HTTP/1.1"
        return b64encode(f"{first}\r\n\r\n{self._body(body)}".encode()).decode()

    def _url(self, text: str) -> str:
        """A URL, its query cut to how long it works, or to the parameters of a callback."""
        front, _, query = text.partition("?")
        made = "/".join(self._part(part) for part in front.split("/"))
        if not query:
            return made
        params = form(query)
        if any(name in params for name in KEPT_OF_URL):
            kept = [(name, params[name]) for name in KEPT_OF_URL if _is_plain(params.get(name))]
            return f"{made}?{_encoded(kept)}" if kept else made
        return f"{made}?{self._form(query)}"

    def _part(self, part: str) -> str:
        """A part of a path."""
        if (pseudonym := self._id(unquote(part))) is not None:
            return pseudonym
        if match := FILE.search(part):
            name = part[: match.start()]
            return (self._id(name) or self._other(name)) + match[0]
        if part in ("", "http:", "https:") or moment_us(f"{part}T00:00:00Z") is not None:
            return part
        return self._other(part)


def is_harmless(text: str, name: str) -> bool:
    """Whether a text may stay: a word of the reference, a small number, a moment."""
    if name in FIELDS or name in WRAPPING:
        if NUMBER.fullmatch(text) or text in WORDS:
            return True
        if name in WRAPPING and WORD.fullmatch(text):
            return True
    return text in METHODS or (name == "Digits" and text in WORDS) or bool(MOMENT.fullmatch(text))


def _is_plain(text: Any) -> bool:
    return isinstance(text, str) and re.fullmatch(r"[0-9TZ]{1,20}", text, re.ASCII) is not None


def _encoded(params: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{name}={quote_plus(value)}" for name, value in params)


HEADERS = frozenset(("headers", "multivalueheaders", "header"))
PAIRS = frozenset(("params", "queryString"))
BODIES = frozenset(("body", "rawBody", "raw_body", "text", "content", "rawQueryString", "message"))
PATHS = frozenset(("path", "rawPath", "uri", "url", "pretty_url", "delivered_to"))
KNOWN_NUMBERS = WRAPPING | {
    *("at", "received_at", "receivedAt", "timestamp", "time", "ts", "date", "start"),
    *("timestamp_start", "created_at", "timeEpoch", "requestTimeEpoch", "@timestamp"),
}
"""Where numbers of a wrapper stay."""
