/** What the word under the cursor means to Linux, and what is known of it at this place. */
import { constantOf } from '../execution/term.ts';
import { printTerm } from '../execution/term-print.ts';
import type { Value } from '../execution/value.ts';
import type { Fact, ParameterRole } from '../kernel/fact.ts';
import { callFact, factsNamed, prototypeAt, slotFact } from '../kernel/lookup.ts';
import type { KernelVersion } from '../kernel/version.ts';
import { vmFlagNames } from '../kernel/vma-flags.ts';
import type { PathCall } from '../rules/support/path-calls.ts';
import { flagAt } from '../rules/support/questions.ts';
import type { SourceDocument } from './document.ts';
import { formatSize } from './format-size.ts';
import { hoverOf } from './hover-fact.ts';
import type { HoverInfo } from './hover-info.ts';

export type { HoverInfo } from './hover-info.ts';

/** The hover at an offset; `undefined` where there is nothing to say: in comments and strings, on names of the driver. */
export function hoverAt(document: SourceDocument, offset: number): HoverInfo | undefined {
  const word = wordAt(document.text, offset);
  if (!word || document.isQuiet(word.start)) return undefined;
  const fact = factOf(document, word);
  if (!fact) return undefined;
  const hover = hoverOf(fact, word.text, document.target.version);
  return { ...hover, here: hereOf(document, word), range: document.rangeOf(document.file, word) };
}

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
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

/** The arguments of the call under the cursor as the paths know them. */
function hereOf(document: SourceDocument, word: Word): readonly string[] {
  const fact = callFact(word.text);
  if (!fact) return [];
  const found = callAt(document, word);
  if (!found) return [];
  const { event } = found;
  const parameters = prototypeAt(fact, document.target.version)?.parameters ?? [];
  const lines = event.arguments.flatMap((value, index) => {
    const parameter = parameters[index];
    const span = event.argumentSpans[index];
    const written = span && document.text.slice(span.start, span.end);
    const text = valueText(value, parameter?.role, document.target.version);
    // What only repeats the text is left out.
    return text === undefined || text === `\`${written}\`` ? [] : [`\`${parameter?.name || `argument ${index + 1}`}\` = ${text}`];
  });
  const lock = {
    none: 'no mmap lock is held',
    read: 'the mmap lock is held for read',
    write: 'the mmap lock is held for write',
    unknown: 'whether the mmap lock is held is not known',
  };
  return [...lines.slice(0, 5), `Here ${lock[event.mmapLock]}.`, ...vmaText(found, document.target.version)];
}

function callAt(document: SourceDocument, word: Word): PathCall | undefined {
  for (const entry of document.entries) {
    for (const path of entry.paths) {
      for (const event of path.events) {
        if (event.kind === 'call' && event.file === document.file && event.nameSpan.start === word.start) return { entry, path, event };
      }
    }
  }
  return undefined;
}

/** Flags that drivers and mapping calls give a vma. */
const givenFlags = ['VM_IO', 'VM_PFNMAP', 'VM_MIXEDMAP', 'VM_DONTEXPAND', 'VM_DONTDUMP', 'VM_DONTCOPY', 'VM_RESERVED'];

/** What the vma certainly has before the call on the first way to it. */
function vmaText(call: PathCall, version: KernelVersion): readonly string[] {
  const { vma } = call.event;
  if (!vma) return [];
  if (!vma.known) return ['What the vma is like here is not known: it was given to a function that is not in sight.'];
  const set = givenFlags.filter((flag) => flagAt(call, flag, version) === 'set');
  return set.length > 0 ? [`The vma has ${set.map((flag) => `\`${flag}\``).join(', ')} before the call.`] : [];
}

/** Sizes in bytes and pages, flags by name, other numbers in hex, terms as C. */
function valueText(value: Value, role: ParameterRole | undefined, version: KernelVersion): string | undefined {
  if (value.kind !== 'integer') return value.kind === 'pointer' ? `\`${value.place.object.name}\`` : undefined;
  const number = constantOf(value.term);
  if (number === undefined) return `\`${printTerm(value.term)}\``;
  if (role === 'size') return formatSize(number);
  return (role === 'flags' && flagNames(number, version)) || `0x${number.toString(16)}`;
}

/** The vma flags that a number is made of; `undefined` when a bit has no name. */
function flagNames(bits: bigint, version: KernelVersion): string | undefined {
  const names = vmFlagNames(bits, version);
  return names.length > 0 && names.every((name) => name.startsWith('VM_')) ? names.join(' | ') : undefined;
}
