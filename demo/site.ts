/** Which stack the demo runs against: the one named, the one of this checkout, or a new one. */
import { z } from "zod";
import { messageOf, StackError } from "../local/errors.ts";
import { isLocked, readState } from "../local/stack/lock.ts";
import { LOCAL } from "../local/data_folder.ts";
import { startStack } from "../local/stack/stack.ts";
import { removeFolder } from "../local/processes/remove.ts";

/** What the demo needs to know about a stack. */
export interface Site {
  apiUrl: string;
  publishableKey: string;
  /** For `verify_credits()` alone; everything else is done with the visitor's own rights. */
  secretKey: string;
  inboxUrl: string;
  stripeUrl: string;
}

/** The stack to use, and how to leave it: a new one is stopped and forgotten, any other runs on. */
export interface FoundSite {
  site: Site;
  /** Whether the demo started it. */
  isOwn: boolean;
  leave(): Promise<void>;
}

const PageConfig = z.object({
  api_url: z.url(),
  publishable_key: z.string(),
  inbox_url: z.url(),
  stripe_url: z.url(),
});

/** @throws {StackError} when nothing answers at `url`, or its secret key is not known. */
export async function findSite(
  url: string | undefined,
  onStep: (title: string, work: Promise<unknown>) => void,
): Promise<FoundSite> {
  const here = LOCAL;
  const running = await isLocked(here) ? (await readState(here))?.env : undefined;
  if (url !== undefined) {
    const secretKey = running?.API_URL === url ? running.SECRET_KEY : Deno.env.get("SECRET_KEY");
    return { site: await describe(url, secretKey), isOwn: false, leave: async () => {} };
  }
  const site = running && await describe(running.API_URL, running.SECRET_KEY).catch(() => undefined);
  return site ? { site, isOwn: false, leave: async () => {} } : await startOwn(onStep);
}

/** Asks a stack what a browser may know about it. */
async function describe(url: string, secretKey: string | undefined): Promise<Site> {
  const config = await fetch(`${url}/config.json`, { signal: AbortSignal.timeout(5_000) })
    .then((response) => response.json()).then(PageConfig.parse)
    .catch((error) => {
      const reason = error instanceof z.ZodError ? "what answers is no local stack" : messageOf(error);
      throw new StackError(`no stack at ${url} (${reason}): start one with \`deno task start\``);
    });
  if (!secretKey) {
    throw new StackError(
      `--url ${url} is not the stack of this checkout: set SECRET_KEY to its secret key, see \`deno task status -o env\``,
    );
  }
  return {
    apiUrl: config.api_url,
    publishableKey: config.publishable_key,
    secretKey,
    inboxUrl: config.inbox_url,
    stripeUrl: config.stripe_url,
  };
}

/** Starts a stack in a folder of its own, so that several demos can do so at the same time. */
async function startOwn(onStep: (title: string, work: Promise<unknown>) => void): Promise<FoundSite> {
  await using undo = new AsyncDisposableStack();
  const dir = await Deno.makeTempDir({ prefix: "credits-demo-" });
  undo.defer(() => removeFolder(dir));
  // Postgres may run as a user of its own, who has to get through this folder to its data.
  await Deno.chmod(dir, 0o711);
  const stack = undo.adopt(await startStack({ port: 0, dir, onStep }), (stack) => stack.stop());
  const site = await describe(stack.apiUrl, stack.env.SECRET_KEY);
  const own = undo.move();
  return { site, isOwn: true, leave: () => own.disposeAsync() };
}
