/** Pages that are partly made: the text between two marks. */

/** `page` with the text between `<!-- name -->` and `<!-- /name -->` replaced. */
export function withSection(page: string, name: string, text: string): string {
  const begin = `<!-- ${name} -->\n`;
  const end = `<!-- /${name} -->`;
  const start = page.indexOf(begin);
  const stop = page.indexOf(end, start);
  if (start < 0 || stop < 0) throw new Error(`The page has no place for ${name}.`);
  return `${page.slice(0, start + begin.length)}${text}\n${page.slice(stop)}`;
}
