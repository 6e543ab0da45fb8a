// The pages' words, as the page gets them.

import { readFileSync } from "node:fs";

export function dictionaries() {
  const read = (language) => JSON.parse(readFileSync(new URL(`../../static/text/${language}.json`, import.meta.url), "utf8"));
  return { en: read("en"), es: read("es") };
}
