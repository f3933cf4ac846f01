"""A run as a Mermaid sequence diagram."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsim.scenario.load import loads
from recsim.scenario.run import run
from recsim.show.sequence import LONGEST, MOST, Arrow, escaped, label, sequence

NOTE = re.compile(r"    Note over p\d+: [^;]+")
ARROW = re.compile(r"    p\d+(->>|-->>|-x|--x)p\d+: .+")
WHO = re.compile(r"    (actor|participant) p\d+ as .+")
ENTITY = re.compile(r"#(\d+|lt|gt|amp);")

TEXT = """\
recsim: 1
title: A receiver that loses, refuses and is slow
application: {voice_url: https://app.test/answer}
documents:
  https://app.test/answer: |
    <Response>
      <Record recordingStatusCallback="/recording" finishOnKey="#"
              recordingStatusCallbackEvent="in-progress completed"/>
    </Response>
receiver:
  answers: [timeout, 503, 200]
calls:
  receiver: {from: +15550001, to: +15550002, story: [wait: beep, speak: 2s, press: "#"]}
"""


def test_every_scenario_is_drawn_in_lines_of_four_forms(played):
    first, *lines = sequence(played).splitlines()

    assert first == "sequenceDiagram"
    assert len(lines) <= MOST + 20
    for line in lines:
        assert WHO.fullmatch(line) or NOTE.fullmatch(ENTITY.sub("", line)) or ARROW.fullmatch(line)


def test_answers_are_drawn_where_they_are_not_well():
    text = run(loads(TEXT)).sequence()

    assert "    actor p1 as receiver\n    participant p2 as Telnyx\n" in text
    assert "participant p4 as receiver" in text
    assert "p2->>p4: 0.200 callback in-progress: POST /recording\n" in text
    assert "p4--xp2: 2.200 timeout\n" in text
    assert "p4-->>p2: 3.250 503\n" in text
    assert "callback in-progress, attempt 3: POST /recording\n" in text
    assert "-->>p2: 5" not in text


def test_what_arrives_late_stands_where_it_arrives(scenarios):
    [file] = [file for file in scenarios if file.stem == "callbacks-reordered"]
    text = sequence(run(file))

    completed, in_progress = text.index("callback completed"), text.index("callback in-progress")
    assert completed < in_progress
    assert "2.100 callback in-progress: POST /recording, sent 0.200" in text


def test_what_a_program_asks_has_room(scenarios):
    [file] = [file for file in scenarios if file.stem == "rest-stop"]
    text = sequence(run(file))

    assert re.search(r"6\.100 POST /Calls/v3:\w+\.\.\./Recordings/\w+\.\.\. Status: stopped", text)


def test_what_is_lost_ends_in_a_cross_and_nobody_answers(scenarios):
    [file] = [file for file in scenarios if file.stem == "callbacks-lost"]
    text = sequence(run(file))

    assert "p2-xp4: 7.420 callback completed: POST /recording, lost" in text
    assert "timeout" not in text


def test_a_long_run_is_cut_and_says_so(scenarios):
    [file] = [file for file in scenarios if file.stem == "voicemail-finish-on-key"]
    whole, short = sequence(run(file)), sequence(run(file), most=6)
    arrows = [line for line in whole.splitlines()[1:] if ":" in line]
    kept = [line for line in short.splitlines()[1:] if ":" in line]

    assert f"... {len(arrows) - 6} more are left out ..." in short
    assert len(kept) == 7
    assert kept[-1].partition(": ")[2] == arrows[-1].partition(": ")[2]


@pytest.mark.parametrize("text", ["style a:b#c;", "classDef x:y#z;", "%%{init}%%", "a\nb\u2028c"])
def test_words_that_mean_something_to_mermaid_are_escaped(text):
    told = escaped(text)

    assert "\n" not in told
    assert not re.search(r"style|classDef|%|\u2028", told)


@given(st.text(max_size=200))
def test_any_text_makes_one_short_label(text):
    told = label(Arrow(1_500_000, "a", "", "a", text))

    assert told.startswith("1.500 ")
    assert not re.search(r"[#;<>&%$\n\r]", ENTITY.sub("", told))
    assert len(ENTITY.sub("x", told)) <= len("1.500 ") + LONGEST
