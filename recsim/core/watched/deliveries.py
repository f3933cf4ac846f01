"""Deliveries: each is accepted or given up within the bound of the policy."""

from __future__ import annotations

from recsim.core.effects import Attempt
from recsim.core.entities import SENDING, Delivery
from recsim.core.vendor import Policy
from recsim.core.watched.part import Part, hold


def most_attempts(policy: Policy, urls: int) -> int:
    """So many times a message is sent at most, to all of its URLs."""
    return urls * (1 + len(policy.retries_us)) * (1 + policy.redirects_followed)


def longest_us(policy: Policy, urls: int) -> int:
    """From a change to the moment at which its delivery is settled at the latest.

    Where answers are asked how long to wait, that comes on top of it.
    """
    waits_us = urls * sum(policy.retries_us) + (urls - 1) * policy.fail_over_us
    in_flight_us = most_attempts(policy, urls) * policy.delivery_timeout_us
    return policy.callback_latency_us + waits_us + in_flight_us


class Delivering(Part):
    """Looks at what is on its way."""

    def sent(self, attempt: Attempt) -> None:
        """An attempt goes out: the policy allows so many."""
        delivery = self.platform.deliveries[attempt.ticket]
        most = most_attempts(self.platform.policy, len(delivery.urls))
        text = f"{delivery.name}: attempt {attempt.n} of {most}"
        hold(attempt.n <= most, "a delivery is settled within its bound", text)

    def stepped(self, delivery: Delivery) -> None:
        """What isn't with its receiver is going to be sent, no later than the policy says."""
        if delivery.status != SENDING:
            due_us = self.platform.agenda.due_us(delivery.key, "send")
            policy, now_us = self.platform.policy, self.platform.now_us
            longest = max(
                (policy.callback_latency_us, policy.fail_over_us, *policy.retries_us),
            )
            longest = max(longest, delivery.asked_us * policy.honours_retry_after)
            text = f"{delivery.name} is {delivery.status}, to be sent at {due_us}"
            is_soon = due_us <= now_us + longest
            hold(is_soon, "a delivery is settled within its bound", text)
