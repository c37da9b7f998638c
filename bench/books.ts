/**
 * `deno task bench books`: what a book takes of a hosted function, from the start of its instance on: evaluation of its
 * modules, fonts and pictures included. On the Deno of hosted functions, from the bundle that is deployed.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readApp } from "../local/app.ts";
import { bundleFunctions } from "../local/functions/bundle.ts";
import { HOSTED_CACHE, hostedDeno } from "../local/functions/hosted_deno.ts";
import { paint } from "../local/model/picture.ts";
import { tell } from "../local/model/tale.ts";
import { removeFolder } from "../local/processes/remove.ts";

/** Starts of each; the fastest counts, as whatever else the machine does only adds. */
const ROUNDS = 3;
/** The most characters of sixty pages that a book holds. */
const LONGEST = "The little dragon walked over the hill and looked at the quiet sea. ".repeat(20).slice(
  0,
  1_280,
);

const book = (pages: number, with_images: boolean, text?: string) => {
  const told = tell({ prompt: "a shy dragon who learns to whistle", age: 6, pages, language: "en" });
  const story = { ...told, pages: told.pages.map((page) => ({ ...page, text: text ?? page.text })) };
  return {
    job_id: "b",
    attempt: 1,
    with_images,
    story: { ...story, language: "en", age_min: 5, age_max: 7 },
  };
};

const CASES: Record<string, unknown[]> = {
  "the modules alone": [],
  "12 pages": [book(12, false)],
  "12 pages with pictures": [book(12, true)],
  "60 pages": [book(60, false)],
  "60 pages with pictures": [book(60, true)],
  "60 pages, as long as a book may be": [book(60, false, LONGEST)],
  "two of 60 pages with pictures at once": [book(60, true), book(60, true)],
};

interface Made {
  made: { status: number; pages: string | null; bytes: number }[];
  seconds: number;
  megabytes: number;
}

/** A model that paints the same PNG each time: what it takes to paint is not measured. */
async function painter() {
  const picture = (await paint("dragon, kite, hill, sea, morning", 1024, 896)).toBase64();
  const answer = () => Response.json({ data: [{ b64_json: picture }] });
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
}

/** Makes the books of each case in a process of its own, and gives back the table. */
export async function benchBooks(): Promise<string> {
  await using all = new AsyncDisposableStack();
  const dir = all.adopt(await Deno.makeTempDir(), removeFolder);
  const { addr } = all.adopt(await painter(), (server) => server.shutdown());
  await bundleFunctions(await readApp(), dir);
  const module = join(dir, "generation-backend", "index.js");
  const env = {
    DENO_DIR: HOSTED_CACHE,
    API_SHARED_SECRET: "k".repeat(40),
    IMAGE_BASE_URL: `http://127.0.0.1:${addr.port}`,
    IMAGE_MODEL: "m",
  };
  const alone = await fastest("", [], env);
  const rows: string[] = [];
  for (const [name, books] of Object.entries(CASES)) {
    const { made, seconds, megabytes } = await fastest(module, books, env);
    const pdf = made.map(({ status, pages, bytes }) =>
      status === 200 ? `${pages} pages, ${Math.round(bytes / 1024)} KiB` : status
    );
    rows.push(
      `| ${name} | ${(seconds - alone.seconds).toFixed(2)} | ${megabytes.toFixed(0)} | ${pdf.join("; ")} |`,
    );
  }
  return [
    `Seconds of the isolate's thread above Deno alone, evaluation included, the best of ${ROUNDS}; the most memory of the`,
    `process in MB (Deno alone: ${alone.megabytes.toFixed(0)}).`,
    "",
    "| | seconds | MB | PDF |",
    "| --- | ---: | ---: | --- |",
    ...rows,
  ].join("\n");
}

async function fastest(module: string, books: unknown[], env: Record<string, string>): Promise<Made> {
  const runs: Made[] = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await once(module, books, env));
  return runs.reduce((best, run) => run.seconds < best.seconds ? run : best);
}

async function once(module: string, books: unknown[], env: Record<string, string>): Promise<Made> {
  const runner = fileURLToPath(import.meta.resolve("./book_process.js"));
  const command = new Deno.Command(await hostedDeno(), {
    args: ["run", "-A", "--quiet", "--no-config", "--no-lock", "--no-code-cache", runner, module],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(books)));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  // What the function logs comes before.
  return JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "");
}
