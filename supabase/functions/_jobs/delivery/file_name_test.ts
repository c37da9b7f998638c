import assert from "node:assert/strict";
import { contentDisposition } from "./file_name.ts";

const HEADER = /^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]+"; filename\*=UTF-8''[\w.!~%-]+$/;

Deno.test("a title becomes a name that any client can save", () => {
  const names: [title: string, plain: string, extended: string][] = [
    ["The Shy Dragon", "The Shy Dragon.pdf", "The%20Shy%20Dragon.pdf"],
    ["Ο δράκος", "book.pdf", "%CE%9F%20%CE%B4%CF%81%CE%AC%CE%BA%CE%BF%CF%82.pdf"],
    ["Ñandú", "Nandu.pdf", "%C3%91and%C3%BA.pdf"],
    ["../../etc/passwd", "etc passwd.pdf", "etc%20passwd.pdf"],
    ['a"; filename="evil.exe', "a filename= evil.exe.pdf", "a%20filename%3D%20evil.exe.pdf"],
    ["line\r\nSet-Cookie: x=1", "line Set-Cookie x=1.pdf", "line%20Set-Cookie%20x%3D1.pdf"],
    ["(it's)", "(it s).pdf", "%28it%20s%29.pdf"],
    ["", "book.pdf", "book.pdf"],
    ["???", "book.pdf", "book.pdf"],
  ];
  for (const [title, plain, extended] of names) {
    const header = contentDisposition(title, "pdf", "book");
    assert.equal(header, `attachment; filename="${plain}"; filename*=UTF-8''${extended}`);
  }
});

Deno.test("no title breaks out of the header", () => {
  const titles = [
    "x".repeat(500),
    "\u202egpj.exe",
    "😀".repeat(100),
    "\0\x7f\x80",
    "%22%0d%0a",
    "\\",
    "a\u2028b",
  ];
  for (const title of titles) assert.match(contentDisposition(title, "pdf", "book"), HEADER);
});
