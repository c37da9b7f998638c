/** A model that paints, or does not, as a test says. */
import { encode } from "fast-png";

/** A running one. */
export interface Painter extends AsyncDisposable {
  /** Base address, as `IMAGE_BASE_URL` has it. */
  url: string;
  /** What it was asked for. */
  prompts: string[];
  /** Says with which status a request is answered. */
  onPrompt: (prompt: string) => number | Promise<number>;
}

/** Starts one that paints everything. */
export function startPainter(): Painter {
  const picture = encode({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) }).toBase64();
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(options, async (request) => {
    const { prompt } = await request.json();
    painter.prompts.push(prompt);
    const status = await painter.onPrompt(prompt);
    return Response.json(status === 200 ? { data: [{ b64_json: picture }] } : {}, { status });
  });
  const painter: Painter = {
    url: `http://127.0.0.1:${server.addr.port}`,
    prompts: [],
    onPrompt: () => 200,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return painter;
}
