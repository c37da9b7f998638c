import type { EmailDriver, EmailMessage } from "@supabase/lite";
import { Hono } from "hono";
import { html } from "hono/html";
import { NONCE } from "hono/secure-headers";
import { pageHeaders } from "../http/own_site.ts";

/** An e-mail that Auth wanted to send, with what a person would click on or type in already picked out. */
interface CaughtEmail extends EmailMessage {
  sent_at: string;
  /** The confirmation link. */
  link?: string;
  /** The six digits that confirm as well as the link does. */
  code?: string;
}

const KEPT = 500;

/** Catches every e-mail of the stack instead of sending it. */
export class Inbox implements EmailDriver {
  #emails: CaughtEmail[] = [];

  /** Keeps an e-mail; the newest come first. */
  send(message: EmailMessage): Promise<void> {
    const link = message.text?.match(/https?:\/\/\S+/)?.[0];
    const code = message.text?.match(/\b\d{6}\b/)?.[0];
    this.#emails = [{ ...message, sent_at: new Date().toISOString(), link, code }, ...this.#emails].slice(
      0,
      KEPT,
    );
    return Promise.resolve();
  }

  /** `GET /inbox` as a page for people, `GET /inbox?to=someone@example.com` as JSON for tools. */
  routes(): Hono {
    return new Hono().use("/inbox", pageHeaders({ styleSrc: [NONCE] })).get("/inbox", (context) => {
      const to = context.req.query("to");
      if (to === undefined) return context.html(page(this.#emails, context.get("secureHeadersNonce")));
      return context.json(this.#emails.filter((email) => email.to.toLowerCase() === to.toLowerCase()));
    });
  }
}

function page(emails: CaughtEmail[], nonce = "") {
  const rows = emails.map((email) =>
    html`
      <tr>
        <td>${email.sent_at.slice(11, 19)}</td>
        <td class="wraps">${email.to}<br><small>${email.subject}</small></td>
        <td>${email.code ?? ""}</td>
        <td>${email.link ? html`<a href="${email.link}">confirm</a>` : ""}</td>
      </tr>
    `
  );
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="refresh" content="5">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Inbox</title>
        <style nonce="${nonce}">
              :root { color-scheme: light dark }
              body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
              table { border-collapse: collapse; width: 100% }
              th, td { border-bottom: 1px solid #8884; padding: .4rem; text-align: left }
              /* On a phone too the link is in sight; a table that scrolled would be back at its start every 5 seconds. */
              .wraps { overflow-wrap: anywhere; width: 100% }
            </style>
      </head>
      <body>
        <h1>Inbox</h1>
        <p>Every e-mail of the local stack ends up here; nothing is sent.</p>
        <table>
          <thead>
            <tr>
              <th>Time (UTC)</th>
              <th>To and subject</th>
              <th>Code</th>
              <th>Link</th>
            </tr>
          </thead>
          <tbody>${rows.length ? rows : html`
            <tr>
              <td colspan="4">No e-mail yet.</td>
            </tr>
          `}</tbody>
        </table>
      </body>
    </html>
  `;
}
