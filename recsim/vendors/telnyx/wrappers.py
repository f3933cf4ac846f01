"""What v2 wraps its answers in, where the other modules of models don't say: commands, the log."""

from __future__ import annotations

from typing import Literal

from recsim.vendors.telnyx.list_resources import PaginationMeta
from recsim.vendors.telnyx.webhook_models import WebhookDelivery
from recsim.vendors.telnyx.wire import Wire


class CommandResult(Wire):
    """Nothing that names a recording. Source: call-control CommandResult."""

    result: Literal["ok"]


class CommandResponse(Wire):
    """What a command that was obeyed, or had been before, is answered."""

    data: CommandResult


class WebhookDeliveryResponse(Wire):
    """One delivery. Source: SDK WebhookDeliveryRetrieveResponse."""

    data: WebhookDelivery


class WebhookDeliveryList(Wire):
    """A page of the log. Source: SDK WebhookDeliveryListParams; assumed: as of recordings."""

    data: list[WebhookDelivery]
    meta: PaginationMeta
