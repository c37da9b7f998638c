/** What the functions need to know to use the stand-in at `url`. */
export function modelSettings(url: string): Record<string, string> {
  return {
    LLM_BASE_URL: url,
    LLM_API_KEY: "local",
    LLM_MODEL: "stand-in-writer",
    IMAGE_BASE_URL: url,
    IMAGE_API_KEY: "local",
    IMAGE_MODEL: "stand-in-painter",
  };
}
