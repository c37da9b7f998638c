// What `deno task deploy` refuses before it changes anything, as whoever calls it sees it.
import assert from "node:assert/strict";
import { CHECKOUT } from "../../local/checkout.ts";
import { problemsOf } from "../../tools/deploy/settings.ts";

const GOOD = {
  ALLOWED_ORIGINS: "https://talehop.com",
  API_SHARED_SECRET: "8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab91",
  SCHEDULER_SECRET: "1c383cd30b7c298ab50293adfecb7b18d56afa5b07e8c0e0",
  STRIPE_SECRET_KEY: "sk_live_51HostedHostedHosted",
  STRIPE_WEBHOOK_SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
};

async function deploy(args: string[], secrets?: Record<string, string>) {
  const file = await Deno.makeTempFile();
  if (secrets) {
    await Deno.writeTextFile(
      file,
      Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`).join(""),
    );
  } else await Deno.remove(file);
  const home = await Deno.makeTempDir();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "tools/deploy/main.ts", ...args, "--env-file", file],
    cwd: CHECKOUT,
    // Whoever runs this may be logged in, to a project of their own.
    env: {
      SUPABASE_ACCESS_TOKEN: "",
      SUPABASE_NO_KEYRING: "1",
      HOME: home,
      DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
    },
  }).output();
  return { code, said: new TextDecoder().decode(stderr) };
}

const REF = ["--project-ref", "abcdefghijklmnopqrst"];

Deno.test("OPS: a call without a project says how to call", async () => {
  const { code, said } = await deploy([], GOOD);
  assert.equal(code, 2);
  assert.match(said, /--project-ref takes the twenty letters[^]*usage: deno task deploy/);
});

Deno.test("OPS: without the file of secrets nothing is deployed", async () => {
  const { code, said } = await deploy(REF);
  assert.equal(code, 1);
  assert.match(said, /there is no \S+: write the secrets into it/);
});

Deno.test("OPS: everything that is wrong with the secrets is said at once, and none of their values", async () => {
  const wrong = {
    API_SHARED_SECRET: "weakweakweakweakweakweakweakweakweak",
    STRIPE_SECRET_KEY: "sk_test_51HostedHostedHosted",
  };
  const { code, said } = await deploy(REF, wrong);
  assert.equal(code, 1);
  assert.match(said, /nothing was deployed/);
  for (const name of Object.keys(GOOD)) assert.match(said, new RegExp(`\\n  ${name} `));
  for (const value of Object.values(wrong)) assert.ok(!said.includes(value));
});

const REFUSED: [what: string, settings: Record<string, string>, problem: RegExp][] = [
  ["a test key in a live deployment", { STRIPE_SECRET_KEY: "sk_test_51HostedHostedHosted" }, /is a test key/],
  [
    "a publishable key",
    { STRIPE_SECRET_KEY: "pk_live_51HostedHostedHosted" },
    /is no secret or restricted key/,
  ],
  ["a secret of 31 characters", { API_SHARED_SECRET: "8f14e45fceea167a5a36dedd4bea254" }, /is weak/],
  [
    "one secret for both directions",
    { SCHEDULER_SECRET: GOOD.API_SHARED_SECRET },
    /has a value of API_SHARED_SECRET's/,
  ],
  ["a short scheduler's secret", { SCHEDULER_SECRET: "1c383cd30b7c298ab50293adfecb7b1" }, /is weak/],
  ["a short secret of tokens", { JWT_SECRET: "1c383cd30b7c298ab50293adfecb7b1" }, /is weak/],
  ["a limit that is no number", { USER_REQUESTS_PER_MINUTE: "many" }, /is no whole number/],
  ["a second secret that is weak", { API_SHARED_SECRET: `${GOOD.API_SHARED_SECRET},changeme` }, /is weak/],
  [
    "a key in the webhook secret's place",
    { STRIPE_WEBHOOK_SECRET: GOOD.STRIPE_SECRET_KEY },
    /is no signing secret/,
  ],
  ["an origin with a slash", { ALLOWED_ORIGINS: "https://your.app/" }, /is no origin/],
  ["any origin", { ALLOWED_ORIGINS: "*" }, /is no origin/],
  ["no public origin", { ALLOWED_ORIGINS: "http://localhost:5173" }, /no https address/],
  ["a stand-in for Stripe", { STRIPE_API_URL: "http://127.0.0.1:54323" }, /takes no money/],
  ["what the platform sets", { SUPABASE_URL: "https://x.supabase.co" }, /is set by the platform/],
  [
    "a model on one's own machine",
    { LLM_BASE_URL: "http://127.0.0.1/v1", LLM_MODEL: "m" },
    /no public https address/,
  ],
  ["a secret that no env file can say", { LLM_API_KEY: "it's" }, /has a ' in it/],
  ["a model's address alone", { LLM_BASE_URL: "https://api.example.com/v1" }, /go together/],
];

for (const [what, settings, problem] of REFUSED) {
  Deno.test(`OPS: refused is ${what}`, () => {
    const problems = problemsOf({ ...GOOD, ...settings }, "live");
    assert.equal(problems.length, 1);
    assert.match(problems[0], problem);
  });
}

Deno.test("OPS: good settings pass, live and in test mode, and a live key does not in test mode", () => {
  assert.deepEqual(problemsOf(GOOD, "live"), []);
  const test = { ...GOOD, STRIPE_SECRET_KEY: "sk_test_51HostedHostedHosted" };
  assert.deepEqual(problemsOf(test, "test"), []);
  assert.match(problemsOf(GOOD, "test").join(), /is a live key/);
});

Deno.test("OPS: without an access token the deployment stops, and says how to get one", async () => {
  const { code, said } = await deploy(REF, GOOD);
  assert.equal(code, 1);
  assert.match(said, /supabase login/);
});
