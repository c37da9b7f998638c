import type { JobSite } from "./job_site.ts";
import { type Order, pdfOf, storyOf } from "./scripted_backend.ts";

/** Hands in what was ordered, as a backend does that promised it with 202. */
export function handIn(site: JobSite, order: Order): Promise<Response> {
  const { type, job_id, attempt } = order;
  const path = `${type}-api/jobs/${job_id}/complete`;
  if (type === "story") return site.call("POST", path, "backend", { attempt, ...storyOf(order) });
  const pdf = new Blob([pdfOf(order)], { type: "application/pdf" });
  return site.call("POST", `${path}?attempt=${attempt}&page_count=1`, "backend", pdf);
}
