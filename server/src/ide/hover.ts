/** What the word under the cursor means to Linux, and what is known of it at this place. */
import type { Fact } from '../kernel/fact.ts';
import { factsNamed, slotFact } from '../kernel/lookup.ts';
import { formatVersion } from '../kernel/version.ts';
import type { SourceDocument } from './document.ts';
import { hoverOf } from './hover-fact.ts';
import { hereOf, type Word } from './hover-here.ts';
import type { HoverInfo } from './hover-info.ts';

export type { HoverInfo } from './hover-info.ts';

/** The hover at an offset; `undefined` where there is nothing to say: in comments and strings, on names of the driver. */
export function hoverAt(document: SourceDocument, offset: number): HoverInfo | undefined {
  const word = wordAt(document.text, offset);
  if (!word) return undefined;
  if (document.isQuiet(word.start)) return inactiveHover(document, word);
  const fact = factOf(document, word);
  if (!fact) return undefined;
  const hover = hoverOf(fact, word.text, document.target.version);
  return { ...hover, here: hereOf(document, fact, word), range: document.rangeOf(document.file, word) };
}

/** In a branch that is not compiled the name alone says what is meant; comments and strings there say nothing. */
function inactiveHover(document: SourceDocument, word: Word): HoverInfo | undefined {
  const { text, target } = document;
  if (!document.inactive.some(({ start, end }) => start <= word.start && word.end <= end)) return undefined;
  const before = text.slice(text.lastIndexOf('\n', word.start) + 1, word.start);
  if (/\/[/*]|"|^\s*\*/.test(before)) return undefined;
  const isMember = /(?:\.|->)\s*$/.test(before);
  const fact = factsNamed(word.text).find(({ kind }) => (kind === 'slot' || kind === 'field') === isMember);
  if (!fact) return undefined;
  const here = [`This branch is not compiled for Linux ${formatVersion(target.version)}.`];
  return { ...hoverOf(fact, word.text, target.version), here, range: document.rangeOf(document.file, word) };
}

function wordAt(text: string, offset: number): Word | undefined {
  let start = offset;
  let end = offset;
  while (start > 0 && /\w/.test(text[start - 1] ?? '')) start--;
  while (end < text.length && /\w/.test(text[end] ?? '')) end++;
  const found = text.slice(start, end);
  return found === '' || /^\d/.test(found) ? undefined : { text: found, start, end };
}

/** A slot where the word stands as one (`.mmap = f`), else whatever Linux means by the name, unless the driver defines it. */
function factOf(document: SourceDocument, word: Word): Fact | undefined {
  const { driver } = document;
  for (const table of driver.tables) {
    const entry = table.entries.find((each) => each.span.start <= word.start && word.end <= each.span.end && each.slot === word.text);
    const fact = entry && table.file === document.file ? slotFact(table.container, entry.slot) : undefined;
    if (fact) return fact;
  }
  const handlers = driver.handlers.filter((handler) => handler.function === word.text && handler.file === document.file);
  for (const handler of handlers) {
    const [container = '', slot = ''] = handler.slot.split('.');
    const fact = slotFact(container, slot);
    if (fact) return fact;
  }
  if (driver.functions.has(word.text) || driver.macros.has(word.text)) return undefined;
  const isMember = /(\.|->)\s*$/.test(document.text.slice(Math.max(0, word.start - 4), word.start));
  const facts = factsNamed(word.text);
  return facts.find((fact) => (fact.kind === 'field') === isMember) ?? (isMember ? undefined : facts[0]);
}
