/** Draws a hover as Markdown, or as plain text for clients and terminals without it. Long parts are cut at a sentence. */
import type { HoverInfo } from './hover-info.ts';

/** Lines of a drawn hover, and characters of one of its phrases. */
const limits = { lines: 20, phrase: 240, sentences: 4 } as const;

export function renderMarkdown(hover: HoverInfo): string {
  const blocks = [`**\`${hover.title}\`** · ${hover.what}`];
  if (hover.signature) blocks.push(`\`\`\`c\n${hover.signature}\n\`\`\``);
  if (hover.here.length > 0) blocks.push(hover.here.map((line) => `- ${line}`).join('\n'));
  if (hover.facts.length > 0) blocks.push(hover.facts.map((fact) => `- **${fact.label}**: ${shorten(fact.text)}`).join('\n'));
  const does = prose(hover);
  if (does !== '') blocks.push('---', does);
  // The way to more has its place, whatever has to be left out before it.
  const links = hover.links.map(({ title, target }) => `[${title}](${target})`);
  const body = cut(blocks.join('\n\n'), links.length > 0 ? limits.lines - 2 : limits.lines);
  return links.length > 0 ? `${body}\n\n${links.join(' · ')}` : body;
}

export function renderText(hover: HoverInfo): string {
  const width = Math.max(0, ...hover.facts.map((fact) => fact.label.length));
  const blocks = [`${hover.title} (${hover.what})`];
  if (hover.signature) blocks.push(hover.signature);
  if (hover.here.length > 0) blocks.push(hover.here.map(plain).join('\n'));
  if (hover.facts.length > 0)
    blocks.push(hover.facts.map((fact) => `${fact.label.padEnd(width)}  ${plain(shorten(fact.text))}`).join('\n'));
  const does = prose(hover);
  if (does !== '') blocks.push(plain(does));
  return cut(blocks.join('\n\n'), limits.lines);
}

function prose(hover: HoverInfo): string {
  return hover.does
    .slice(0, limits.sentences)
    .map((sentence) => (/[.:]$/.test(sentence) ? sentence : `${sentence}.`))
    .join(' ');
}

function shorten(text: string): string {
  if (text.length <= limits.phrase) return text;
  const end = Math.max(text.lastIndexOf('; ', limits.phrase), text.lastIndexOf(', ', limits.phrase), text.lastIndexOf(' ', limits.phrase));
  return `${text.slice(0, end)} …`;
}

function plain(text: string): string {
  return text.replace(/`/g, '');
}

/** Blank lines count: what does not fit is left out from the end. */
function cut(text: string, most: number): string {
  const lines = text.split('\n');
  return lines.length <= most ? text : lines.slice(0, most).join('\n').trimEnd();
}
