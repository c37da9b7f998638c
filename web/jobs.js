/** Following a job until it has ended. */
import { call, Problem } from "./api.js";
import { byId, pause } from "./dom.js";

const ASK_EVERY = 400;

const STAGES = { queued: "waiting for its turn", generating: "at work", ready: "done" };

/**
 * Shows how far a story or book has come, and gives it back once it is ready.
 *
 * @throws {Problem} when it failed; then nothing was charged.
 */
export async function follow(what, path) {
  const [box, text, bar] = [byId("job"), byId("job-text"), byId("job-bar")];
  box.hidden = false;
  try {
    for (;;) {
      const answer = await call(path);
      show(what, answer, text, bar);
      if (answer.status === "ready") return answer;
      if (answer.status === "failed" || answer.status === "cancelled") {
        throw new Problem(0, { message: why(answer) });
      }
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
  unsafe_prompt: "This is nothing for a children's story",
  unsupported_language: "Stories in this language are not offered here",
  unsupported_script: "A book cannot be set in this script",
};

function why({ error_code }) {
  const reason = REASONS[error_code] ?? "It could not be made";
  return `${reason}. Your credits are back`;
}
