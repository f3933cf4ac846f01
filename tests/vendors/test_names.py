"""The names that scenarios may use are those of the wire, all of them and no others."""

from __future__ import annotations

from recsim.vendors.telnyx import callback_models, resources
from recsim.vendors.telnyx.callbacks import PARAMETERS
from recsim.vendors.telnyx.projection import FIELDS


def wire_names(*models: type) -> set[str]:
    return {
        field.serialization_alias or field.alias or name
        for model in models
        for name, field in model.model_fields.items()
    }


def test_parameters_are_those_of_the_callback_models() -> None:
    models = (
        one
        for one in vars(callback_models).values()
        if isinstance(one, type) and issubclass(one, callback_models.CallParameters)
    )

    assert set(PARAMETERS) == wire_names(*models)
    assert len(set(PARAMETERS)) == len(PARAMETERS)


def test_fields_are_those_of_the_views_of_a_recording() -> None:
    views = (
        resources.TexmlCreateRecording,
        resources.TexmlRecording,
        resources.ConferenceRecordingItem,
        resources.V2Recording,
    )

    assert set(FIELDS) == wire_names(*views)
    assert len(set(FIELDS)) == len(FIELDS)
