import { request } from "node:http";

/** What a server was asked under any `Host`, which `fetch` does not let its caller set. */
export interface HostAnswer {
  status: number;
  body: string;
}

/** Asks `url` with `headers`, `host` among them. */
export function askAs(
  url: string,
  headers: Record<string, string>,
  { method = "GET", body }: { method?: string; body?: string } = {},
): Promise<HostAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HostAnswer>();
  const asked = request(url, { method, headers, agent: false }, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (part) => text += part);
    response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
  });
  asked.on("error", reject);
  asked.end(body);
  return promise;
}
