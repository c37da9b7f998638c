/** Following a job until it has ended. */
import { poll, Problem } from "./api.js";
import { byId, pause } from "./dom.js";

const ASK_EVERY = 400;

const STAGES = { queued: "waiting for its turn", generating: "at work", ready: "done" };

/** Whether a story or book has ended without anything to show. */
export function isGivenUp({ status }) {
  return status === "failed" || status === "cancelled";
}

/**
 * Shows how far a story or book has come, and gives it back once it is ready.
 *
 * @throws {Problem} when it failed or was cancelled; then nothing was charged.
 */
export async function follow(what, path) {
  const [box, text, bar] = [byId("job"), byId("job-text"), byId("job-bar")];
  box.hidden = false;
  try {
    for (;;) {
      const answer = await poll(path);
      show(what, answer, text, bar);
      if (answer.status === "ready") return answer;
      if (isGivenUp(answer)) throw new Problem(0, { message: why(answer) });
      await pause(ASK_EVERY);
    }
  } finally {
    box.hidden = true;
  }
}

function show(what, { status, job }, text, bar) {
  const stage = status === "generating" && job.stage
    ? job.stage.replaceAll("_", " ")
    : STAGES[status] ?? status;
  const line = `${what}: ${stage}, ${job.pages_done} of ${job.pages_total} pages`;
  // The same words again would be read aloud again.
  if (text.textContent !== line) text.textContent = line;
  bar.max = job.pages_total;
  // A bar without a value moves: nobody knows yet how long it takes.
  if (job.pages_done) bar.value = job.pages_done;
  else bar.removeAttribute("value");
}

const REASONS = {
  cancelled: "It was cancelled",
  unsafe_prompt: "This is nothing for a children's story",
  model_not_configured: "There is no model here that could make it",
  unsupported_script: "This can be told and set in Latin, Greek and Cyrillic letters only",
};

function why({ error_code }) {
  const reason = REASONS[error_code] ?? "It could not be made";
  return `${reason}. Your credits are back`;
}
