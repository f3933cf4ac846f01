"""A well-written receiver gets full marks; each planted fault costs its own check, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import receivers
from receivers import Receiver, listening
from voicemail import Remembering, Voicemail

from recsim.live.grade.checks import CHECKS
from recsim.live.grade.grading import grade, public_key
from recsim.live.grade.parts import GradeError, Report, Settings

QUICK = {"timeout_s": 0.6, "settle_s": 0.12}


def graded(kind: type[Receiver], *, probe: bool = True, voice: bool = False, **more) -> Report:
    with listening(kind(public_key(0))) as url:
        base = url.removesuffix("/recordings")
        more |= {"probe_url": f"{base}/state"} if probe else {}
        more |= {"voice_url": f"{base}/voice"} if voice else {}
        return grade(Settings(url, **QUICK, **more))


def failed(report: Report) -> list[str]:
    return [one.name for one in report.results if one.outcome == "failed"]


def test_there_are_a_hundred_points() -> None:
    assert sum(check.points for check in CHECKS) == 100
    assert len({check.name for check in CHECKS}) == len(CHECKS) >= 12


def test_a_well_written_application_gets_full_marks() -> None:
    report = graded(Remembering, voice=True)

    assert failed(report) == []
    assert (report.points, report.judged, report.is_full) == (100, 100, True)


#: Planted receivers: the check that each fails, and the shortest order that shows it.
PLANTED = {
    "KeepsDuplicatesTwice": ("duplicate-once", ("in-progress", "in-progress")),
    "RefusesDuplicates": ("duplicate-answer", ("in-progress", "in-progress")),
    "LetsInProgressUndoTheEnd": ("late-in-progress", ("completed", "in-progress")),
    "IgnoresAbsent": ("absent", ("in-progress", "absent")),
    "BreaksOnTheUnknown": ("unknown", ()),
    "BelievesAnySignature": ("signature", ()),
    "BelievesAnyTime": ("stale", ()),
    "DownloadsBeforeItAnswers": ("in-time", ()),
    "TakesPostAlone": ("other-method", ()),
    "KeepsTheLink": ("download", ()),
    "NeedsTheLink": ("no-link", ()),
    "NeedsInProgress": ("completed-first", ("completed",)),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_costs_its_own_check_and_no_other(name: str) -> None:
    check, order = PLANTED[name]

    report = graded(getattr(receivers, name))

    assert failed(report) == [check]
    [found] = [one for one in report.results if one.name == check]
    assert found.finding.order == order
    assert found.finding.steps
    assert report.points == report.judged - found.points == 95 - found.points


def test_an_application_that_forgets_the_call_at_hang_up_is_caught_by_the_shortest_order() -> None:
    report = graded(Voicemail, voice=True)

    assert failed(report) == ["hang-up"]
    found = report.results[-1].finding
    assert found.order == ("call completed", "completed")
    assert found.fault == "completed was answered 404; without the end of the call it is kept"
    assert [step.answered for step in found.steps] == ["200", "404"]
    assert (report.points, report.judged) == (95, 100)


def test_an_application_that_records_nothing_is_not_judged() -> None:
    report = graded(Receiver, voice=True, only=("hang-up",))

    [found] = report.unjudged
    assert found.finding.unjudged.endswith("/voice: no recording was completed")
    assert not report.is_full


class DiesAtTheUnknown(Receiver):
    """Whoever serves it is gone from then on."""

    is_dead = False

    def unknown(self, params):
        self.is_dead = True
        return 500

    def take(self, *args):
        if self.is_dead:
            raise ConnectionAbortedError
        return super().take(*args)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_receiver_that_dies_is_graded_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    report = graded(DiesAtTheUnknown, only=("natural", "unknown", "delayed"))

    assert failed(report) == ["unknown", "delayed"]
    assert report.results[-1].finding.fault == "in-progress met a broken connection"


def test_without_a_probe_the_points_are_out_of_what_the_answers_tell() -> None:
    report = graded(Receiver, probe=False)

    lacking = [one.name for one in report.unjudged]
    assert lacking == ["late-in-progress", "duplicate-once", "cut-off", "hang-up"]
    assert report.points == report.judged == 100 - 8 - 8 - 4 - 5


def test_without_a_probe_links_that_nobody_asked_for_are_not_judged() -> None:
    report = graded(receivers.KeepsTheLink, probe=False, only=("download",))

    assert [one.name for one in report.unjudged] == ["download"]
    assert not report.is_full


def test_a_receiver_that_takes_gets_is_graded_by_them() -> None:
    report = graded(Receiver, method="GET")

    assert failed(report) == []
    assert report.points == 95


def test_recordings_are_new_each_time() -> None:
    with listening(Receiver(public_key(0))) as url:
        probe = url.replace("recordings", "state")
        settings = Settings(url, probe, only=("duplicate-once",), **QUICK)

        assert [grade(settings).points for _ in range(2)] == [8, 8]


def test_the_wrong_key_loses_every_recording() -> None:
    report = graded(Receiver, seed=1, only=("natural", "signature"))

    assert failed(report) == ["natural"]
    assert report.results[0].finding.fault == "in-progress was answered 403"


def test_a_probe_may_be_a_command(tmp_path: Path) -> None:
    script = tmp_path / "kept.py"
    with listening(Receiver(public_key(0))) as url:
        state = url.replace("recordings", "state")
        script.write_text(
            f"import urllib.request\nprint(urllib.request.urlopen({state!r}).read().decode())\n"
        )
        settings = Settings(
            url, probe_command=f"python {script}", only=("natural",), timeout_s=0.4, settle_s=0.5
        )

        report = grade(settings)

    assert report.results[0].finding.steps[-1].kept
    assert report.is_full


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (Settings("http://127.0.0.1:1/x"), "no connection; is the receiver running"),
        (Settings("http://203.0.113.7/x"), "203.0.113.7 is not on this machine; allow it with"),
        (Settings("file:///etc/passwd"), "expected http or https, got file"),
        (Settings("http://127.0.0.1/a b"), "expected a URL without blanks"),
        (Settings("http://127.0.0.1:1/x", only=("natrual",)), "did you mean natural?"),
    ],
)
def test_what_cannot_be_graded_says_why(settings: Settings, text: str) -> None:
    with pytest.raises(GradeError, match=re.escape(text)):
        grade(settings)


@pytest.mark.parametrize(
    ("probe", "text"),
    [
        ({"probe_command": "no-such-program-here"}, "could not be run"),
        ({"probe_command": "python -c 'raise SystemExit(3)'"}, "exit status 3"),
        ({"probe_command": "echo hello"}, 'expected {"recordings": {SID:'),
        ({"probe_url": "http://127.0.0.1:1/state"}, "no answer"),
    ],
)
def test_a_probe_that_tells_nothing_says_why(probe: dict[str, str], text: str) -> None:
    with pytest.raises(GradeError, match=re.escape(text)):
        graded(Receiver, probe=False, **probe)
