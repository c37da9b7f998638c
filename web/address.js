/**
 * What the page's address says beside where it is. Anybody can write a link to it, so nothing of it is shown, and nothing of
 * it signs anybody in but a code that this very browser asked for.
 */

const OF_AUTH = /^(code|error(_\w+)?|\w*_?token|token_type|expires_(in|at)|type|sb)$/;

const REASONS = {
  otp_expired: "Email link is invalid or has expired. Sign in, or sign up for a new link.",
  user_banned: "This account is locked.",
  signup_disabled: "Nobody can sign up at the moment.",
};
const OTHER = "This link did not work. Sign in, or sign up for a new link.";

/**
 * Takes what Auth wrote into the address out of it, and out of the history with it.
 *
 * @returns the code to sign in with, if there is one, and whether the link failed, in words.
 */
export function takeFromAddress() {
  const url = new URL(location.href);
  const fragment = new URLSearchParams(url.hash.slice(1));
  const found = new Map();
  for (const said of [fragment, url.searchParams]) {
    for (const [name, value] of [...said]) {
      if (!OF_AUTH.test(name)) continue;
      found.set(name, value);
      said.delete(name);
    }
  }
  if (found.size === 0) return {};
  history.replaceState(null, "", url.pathname + url.search);
  if (found.has("code")) return { code: found.get("code") };
  return { refusal: REASONS[found.get("error_code")] ?? OTHER };
}
