"""The timeline in letters: what stands where, within the columns of a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

import recsim
from recsim.show.picture.labels import cut
from recsim.show.picture.letters import Letters

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def lanes(name: str, width: int = 80) -> list[str]:
    """The picture of a scenario."""
    return recsim.run(SCENARIOS / f"{name}.yaml").lanes(width).splitlines()


def test_a_life_from_beep_to_callback() -> None:
    assert lanes("voicemail-finish-on-key") == [
        "                 0 s                5 s                 10 s",
        "  application    ▲ /answer                                      ▲ action /done",
        "  caller         ├<Say>───├─━━━━━━━━━━━━━━━━━━━━━━━━━━━━─────────┤",
        "    recording 1           ┄┄████████████████████████████████████···▸completed",
        "  receiver                 ▲ in-progress                            ▲ completed",
    ]


def test_a_pause_is_seen_in_the_recording_and_a_deletion_after_it() -> None:
    *_, recording, _ = lanes("pause-and-resume")
    assert "█┄┄┄┄┄┄┄┄█" in recording

    *_, recording, _ = lanes("delete-completed")
    assert recording.endswith("▸completed ▸deleted")


def test_what_went_wrong_is_marked_and_says_how() -> None:
    *_, receiver = lanes("receiver-down-failover")
    assert receiver.count("\N{MULTIPLICATION SIGN}") == 3
    assert "500" in receiver

    assert any(line.split()[-1] == "busy" for line in lanes("outbound-busy"))


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_no_line_is_too_long_and_no_name_is_written_over(path) -> None:
    run = recsim.run(path)
    for width in (40, 57, 80, 120):
        letters = Letters(run, width)
        known = {"application", "client", "receiver", ""}
        known |= {cut(lane.name, letters.left - 4) for lane in letters.scene.lanes.values()}
        lines = [line.plain for line in letters.lines() if "A sample" not in line.plain]
        assert all(len(line) <= width for line in lines)
        names = {line[: letters.left].strip() for line in lines}
        assert {name for name in names if not name.startswith("recording ")} <= known


def test_who_has_left_the_line_is_not_drawn_as_speaking() -> None:
    caller = next(line for line in lanes("action-fails") if line.startswith("  caller"))

    assert caller.endswith("━┤")


def test_a_narrow_terminal_gets_as_few_columns_as_can_be_read() -> None:
    run = recsim.run(SCENARIOS / "voicemail-finish-on-key.yaml")

    assert run.lanes(3) == run.lanes(40)


def test_where_only_ascii_can_be_written_it_is_ascii() -> None:
    run = recsim.run(SCENARIOS / "receiver-down-failover.yaml")

    lines = [line.plain for line in Letters(run, is_ascii=True).lines()]
    assert [len(line) for line in lines] == [len(line.plain) for line in Letters(run).lines()]
    assert all(line.isascii() for line in lines)
