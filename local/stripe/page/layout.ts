import { html } from "hono/html";

/** Markup whose values are escaped. */
export type Html = ReturnType<typeof html>;

/** A page of the stand-in, which says that it is one. */
export function layout(title: string, content: Html): Html {
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title} · Stripe stand-in</title>
        <link rel="stylesheet" href="style.css">
      </head>
      <body>
        <header class="notice"><strong>Stand-in for Stripe.</strong> This is a test page. No money moves.</header>
        <main>${content}</main>
      </body>
    </html>
  `;
}
