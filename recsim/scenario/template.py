"""What `recsim init` writes: a commented scenario to start from."""

TEMPLATE = """\
# A scenario of recsim: who calls, what your application answers, what you expect of it.
# Play it with: recsim run FILE
# Every key, explained: docs/scenarios.md; for your editor: recsim schema
recsim: 1
title: A caller leaves a message and presses pound
seed: 1                            # ids, and whatever is drawn; --seed takes its place
starts_at: 2026-01-05T09:00:00Z

application:                       # what the vendor has on file for the number called
  voice_url: https://app.test/answer

documents:                         # what your application answers, by URL
  https://app.test/answer: |
    <Response>
      <Say>Leave a message after the beep.</Say>
      <Record action="/done" maxLength="60" finishOnKey="#"
              recordingStatusCallback="/recording"
              recordingStatusCallbackEvent="in-progress completed"/>
    </Response>
  https://app.test/done: <Response><Hangup/></Response>

calls:
  caller:
    from: +15550001
    to: +15550002
    story:                         # what the caller does, one thing after another
      - wait: beep                 # until the beep has ended
      - speak: 7s                  # or drawn: {uniform: [2s, 9s]}
      - silent: 2s
      - press: "#"

# callees:                         # whom <Dial>, or a request, can call
#   agent:
#     number: +15550100
#     answers_after: 4s            # or refuses: busy; without either it rings out
#     story: [wait: bridge, speak: 5s, hang_up]

# requests:                        # what your program asks of the REST API meanwhile
#   - at: 3s after beep
#     post: /v2/texml/Accounts/{account}/Calls/{caller}/Recordings/{caller.recording}.json
#     form: {Status: paused}
#     answer: {status: 200}

# receiver:                        # whoever takes your callbacks
#   latency: 50ms
#   answers: [500, 200]            # to the first, second ... attempt of each
# readings:                        # where the documents are silent: recsim table readings
#   pause_behavior: silence

expect:                            # by the wire's own names; without a number: at least once
  - recording: {source: RecordVerb, status: completed, duration: 9, channels: 2}
  - callback: {RecordingStatus: in-progress}
    exactly: 1
  - callback: {RecordingStatus: completed, RecordingDuration: 9}
    within: 1s after press
  - never: {callback: {RecordingStatus: absent}}
"""
