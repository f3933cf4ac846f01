"""`<Gather>`: what ends it, and what it takes for input."""

from __future__ import annotations

import pytest
from calls import SECOND_US, Calls, document, element, one, only

from recsim.core.commands import HungUp, Pressed, Speech
from recsim.core.effects import Cue, Fetch


class Menu(Calls):
    """A call that is asked for something, second by second."""

    def gather(self, prompts: str = "", **attributes: str):
        verb = element("Gather", prompts, **{"action": "/chosen"} | attributes)
        return self.follow(document(verb, "<Pause/>"))

    def presses(self, *keys: str, at: int = 1):
        pressed = [self.at(at * SECOND_US, Pressed(self.leg, key)) for key in keys]
        return [effect for effects in pressed for effect in effects]

    def speaks(self, at: int, *, on: bool, words: str = ""):
        return self.at(at * SECOND_US, Speech(self.leg, on, words))


def went_on(effects) -> bool:
    return [cue.word for cue in only(effects, Cue)] == ["pause"]


def asked(effects) -> str:
    return one(effects, Fetch).url


def test_finishing_key_ends_it():
    menu = Menu()
    menu.gather()

    assert only(menu.presses("4", "2"), Fetch) == []
    assert asked(menu.presses("#")) == "https://app.test/chosen"


def test_finishing_key_alone_is_no_input():
    menu = Menu()
    menu.gather()

    assert went_on(menu.presses("#"))


def test_as_many_keys_as_are_wanted_end_it():
    menu = Menu()
    menu.gather(numDigits="2")
    menu.presses("4")

    assert asked(menu.presses("2")) == "https://app.test/chosen"


def test_fewer_keys_than_needed_are_no_input():
    menu = Menu()
    menu.gather(minDigits="2")

    assert went_on(menu.presses("4", "#"))


def test_time_runs_out_after_the_prompts():
    menu = Menu()
    menu.gather("<Say>one two three four five</Say><Say>six seven eight nine ten</Say>")

    assert menu.until(9 * SECOND_US - 1) != []
    assert went_on(menu.until(9 * SECOND_US))


def test_each_key_gives_more_time():
    menu = Menu()
    menu.gather(timeout="3")
    menu.presses("4", at=2)

    assert menu.until(5 * SECOND_US - 1) == []
    assert asked(menu.until(5 * SECOND_US)) == "https://app.test/chosen"


def test_key_cuts_the_prompt_off():
    menu = Menu()
    menu.gather('<Play loop="0">https://app.test/menu.mp3</Play>')

    menu.presses("4", at=7)

    assert menu.platform.legs[menu.leg].sound == (0, 7 * SECOND_US)


@pytest.mark.parametrize(("keys", "url"), [("12#", "chosen"), ("19#", "wrong")])
def test_keys_that_do_not_count_go_elsewhere(keys, url):
    menu = Menu()
    menu.gather(validDigits="123", invalidDigitsAction="/wrong")

    assert asked(menu.presses(*keys)) == f"https://app.test/{url}"


def test_keys_mean_nothing_where_only_speech_is_heard():
    menu = Menu()
    menu.gather(input="speech")

    menu.presses("1", "#")

    assert menu.platform.legs[menu.leg].progress.digits == ""


def test_speech_ends_it_once_there_is_silence():
    menu = Menu()
    menu.gather(input="speech", speechTimeout="2")
    menu.speaks(1, on=True)
    menu.speaks(9, on=False, words="the sales department")

    assert menu.until(11 * SECOND_US - 1) == []
    assert asked(menu.until(11 * SECOND_US)) == "https://app.test/chosen"


def test_speech_means_nothing_where_only_keys_are_heard():
    menu = Menu()
    menu.gather()
    menu.speaks(1, on=True)

    assert went_on(menu.until(5 * SECOND_US))


def test_hang_up_makes_no_request():
    menu = Menu()
    menu.gather()
    menu.presses("4")

    effects = menu.at(2 * SECOND_US, HungUp(menu.leg))

    assert only(effects, Fetch) == []
    assert len(menu.platform.agenda) == 0


def test_without_action_the_document_goes_on():
    menu = Menu()
    menu.gather(action="")

    assert went_on(menu.presses("4", "#"))
