"""One message on its way: attempts, what each answer means, redirects, retries, failover.

The lifecycle is the vendor's table, the verdict on an answer is the policy's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from recsim.core.commands import Outcome
from recsim.core.documents import resolve
from recsim.core.effects import Attempt
from recsim.core.entities import SENDING, CallSession, Delivered, Delivery, Message, Tried

if TYPE_CHECKING:
    from recsim.core.platform import Platform


def deliver(
    platform: Platform, session: CallSession, message: Message, method: str, url: str
) -> None:
    """Send `message`, for the first time after the policy's latency.

    Assumed: the fallback URL is asked by the same method; a URL is no failover of itself.
    """
    fallback = session.application.fallback_url if platform.policy.fails_over else ""
    begin(platform, session, message, method, url, fallback)


def begin(
    platform: Platform,
    session: CallSession,
    message: Message,
    method: str,
    url: str,
    fallback: str,
    hook: int = 0,
) -> None:
    """As `deliver`, but `fallback` is asked once `url` has failed; `hook` as a Delivery has it."""
    session.open += 1
    urls = (url, fallback) if fallback not in ("", url) else (url,)
    delivery = Delivery(platform.new_key(), session.key, message, urls, method, hook=hook)
    platform.deliveries[delivery.key] = delivery
    platform.arm(delivery.key, "send", platform.policy.callback_latency_us)


def send_due(platform: Platform, key: int) -> None:
    """The moment of the next attempt has come."""
    platform.fire(platform.deliveries[key], "send")


def sent(platform: Platform, delivery: Delivery) -> None:
    """An attempt at the URL in force goes out."""
    delivery.tries += 1
    delivery.redirects, delivery.location = 0, ""
    attempt(platform, delivery)


def redirected(platform: Platform, delivery: Delivery) -> None:
    """The answer named another place: the next attempt goes there at once.

    Assumed: the method and the body stay; a retry begins at the URL in force again.
    """
    delivery.redirects += 1
    attempt(platform, delivery)


def attempt(platform: Platform, delivery: Delivery) -> None:
    """Ask the world to send it where it stands now."""
    delivery.attempts += 1
    delivery.sent_at_us = platform.now_us
    platform.emit(
        Attempt(
            platform.cause,
            delivery.key,
            delivery.session,
            delivery.attempts,
            delivery.method,
            delivery.url,
            delivery.message,
            platform.policy.delivery_timeout_us,
            platform.now_us,
        )
    )


def retried(platform: Platform, delivery: Delivery) -> None:
    """The next attempt waits for its turn, and for as long as it was asked to."""
    wait_us = platform.policy.retries_us[delivery.tries - 1]
    if platform.policy.honours_retry_after:
        wait_us = max(wait_us, delivery.asked_us)
    platform.arm(delivery.key, "send", wait_us)


def failed_over(platform: Platform, delivery: Delivery) -> None:
    """The URL in force has failed: the next one is tried as the first was."""
    delivery.at += 1
    delivery.tries = 0
    platform.arm(delivery.key, "send", platform.policy.fail_over_us)


def settled(platform: Platform, delivery: Delivery) -> None:
    """Delivered or given up: what still comes for it is ignored."""
    del platform.deliveries[delivery.key]
    if delivery.hook:
        method, status, tried = delivery.method, delivery.status, delivery.tried
        row = Delivered(delivery.hook, delivery.message, method, status, tried)
        platform.sessions[delivery.session].delivered += (row,)
    platform.settle(delivery.session)


#: What follows a move, by its trigger.
REACTIONS: dict[str, Callable[[Platform, Delivery], None]] = {
    "send": sent,
    "redirect": redirected,
    "accept": settled,
    "retry": retried,
    "fail_over": failed_over,
    "give_up": settled,
}


def outcome(platform: Platform, command: Outcome) -> None:
    """An attempt was answered, or was not; an answer to a settled delivery is ignored."""
    delivery = platform.deliveries.get(command.ticket)
    if delivery is None or delivery.status != SENDING:
        return
    if delivery.hook:
        sent_us, now_us = delivery.sent_at_us, platform.now_us
        row = Tried(delivery.attempts, delivery.url, sent_us, now_us, command.answer)
        delivery.tried += (row,)
    policy = platform.policy
    trigger = policy.verdicts.get(command.answer.status, "give_up")
    if trigger == "retry":
        delivery.asked_us = command.answer.retry_after_us
        if delivery.tries > len(policy.retries_us):
            trigger = "give_up"
    if trigger == "redirect":
        location = resolve(delivery.url, command.answer.location)
        if location and delivery.redirects < policy.redirects_followed:
            delivery.location = location
        else:
            trigger = "give_up"
    if trigger == "give_up" and delivery.at + 1 < len(delivery.urls):
        trigger = "fail_over"
    platform.fire(delivery, trigger)
