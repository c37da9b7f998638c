// The built-in backend against each kind of server that the stand-in plays.
import assert from "node:assert/strict";
import { startModelStandIn } from "../../../../local/model/mod.ts";
import { SERVERS } from "../../../../local/model/servers.ts";
import { withVariables } from "../../../../tests/support/model_endpoint.ts";
import { ApiError } from "../../_shared/http/errors.ts";
import { Usage } from "../usage.ts";
import { writeStory } from "./story.ts";

const order = { job_id: "j", attempt: 1, age_min: 4, age_max: 6, pages: 3, language: "en" };

for (const name of Object.keys(SERVERS)) {
  for (const stream of ["false", "true"]) {
    Deno.test(`a server as ${name} has it, stream: ${stream}, writes in one call and refuses in one`, async () => {
      const model = startModelStandIn();
      const write = async (prompt: string) => {
        const usage = new Usage();
        const story = await writeStory({ ...order, prompt }, { signal: new AbortController().signal, usage })
          .catch((error) => error);
        return { story, calls: usage.modelCalls };
      };
      const settings = {
        LLM_BASE_URL: model.url.replace("/v1", `/as/${name}/v1`),
        LLM_MODEL: `${name} ${stream}`,
        LLM_STREAM: stream,
      };
      try {
        await withVariables(settings, async () => {
          const { story, calls } = await write("a fox who waits");
          assert.deepEqual([story.pages?.length, calls], [3, 1], String(story));
          const unsafe = await write("a clown who murders people");
          assert.ok(unsafe.story instanceof ApiError);
          assert.equal(unsafe.story.code, "unsafe_prompt");
          assert.ok(unsafe.calls <= 1);
        });
      } finally {
        await model.close();
      }
    });
  }
}
