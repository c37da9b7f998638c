/** A rule of `deno lint`: text that readers wrote has more letters than ASCII. */

const READERS_TEXT = /supabase\/functions\/(?:generation-backend|story-api|book-api)\/|local\/model\//;
const ASCII_CLASS = /(?<!\\)(?:\\\\)*\\[bBwW]/;

const plugin: Deno.lint.Plugin = {
  name: "letters",
  rules: {
    "no-ascii-class": {
      create: (context) => ({
        Literal(node) {
          const { regex } = node as { regex?: { pattern: string } };
          const isChecked = READERS_TEXT.test(context.filename) && !context.filename.endsWith("_test.ts");
          if (!isChecked || !regex || !ASCII_CLASS.test(regex.pattern)) return;
          context.report({
            node,
            message: "\\b and \\w know the letters of ASCII alone",
            hint: "(?<!\\p{L}), (?!\\p{L}) and \\p{L} with the flag u know all",
          });
        },
      }),
    },
  },
};

export default plugin;
