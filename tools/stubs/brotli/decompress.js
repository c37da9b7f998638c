// In place of brotli, which fontkit reads WOFF2 with: it evaluates a dictionary of 120 KB whenever it is loaded, and the fonts of
// books are TrueType.
module.exports = () => {
  throw new Error("no font of a book is compressed");
};
