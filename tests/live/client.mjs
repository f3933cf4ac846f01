// The vendor's Node client, unmodified, against a server with a manual clock.
//
//     node client.mjs ORIGIN   (with `telnyx` installed beside it, and bench/serve/talk.yaml served)

import assert from "node:assert/strict";
import Telnyx from "telnyx";

const origin = process.argv[2];
const client = new Telnyx({ apiKey: "KEY", baseURL: `${origin}/v2`, maxRetries: 0 });

const steer = async (path, body) => {
  const answer = await fetch(`${origin}/_recsim/${path}`, body && { method: "POST", body: JSON.stringify(body) });
  return answer.json();
};

await steer("clock", { by: "5s" });
const [{ params }] = (await steer("callbacks")).filter((one) => one.params.RecordingSid);
const [account_sid, call_sid] = [params.AccountSid, params.CallSid];
const { calls, recordings } = client.texml.accounts;

const made = await calls.recordingsJson.recordingsJson(call_sid, { account_sid, PlayBeep: false });
assert.equal(made.source, "StartCallRecordingAPI");
for (const Status of ["paused", "in-progress", "stopped"]) {
  await steer("clock", { by: "2s" });
  const told = await calls.recordings.recordingSidJson(made.sid, { account_sid, call_sid, Status });
  assert.equal(told.sid, made.sid);
}
await steer("clock", { by: "2s" });

const found = await recordings.json.retrieveRecordingSidJson(made.sid, { account_sid });
assert.deepEqual([found.status, found.duration], ["completed", "4"]);
const listed = await client.recordings.list();
assert.deepEqual(listed.data.map((one) => one.id), [made.sid]);
await recordings.json.deleteRecordingSidJson(made.sid, { account_sid });
await assert.rejects(client.recordings.retrieve(made.sid), Telnyx.NotFoundError);
assert.equal((await client.recordings.list()).meta.total_results, 0);
console.log("the Node client: made, paused, resumed, stopped, fetched, listed, deleted");
