/**
 * What is known of the very place under the cursor: the arguments of a call, the locks held, what the vma has by then, and what the driver
 * puts into its fields. Tells what the paths of the analysis show, and nothing else.
 */
import type { MmapLock } from '../analysis/path.ts';
import { constantOf } from '../execution/term.ts';
import { printTerm } from '../execution/term-print.ts';
import type { Value } from '../execution/value.ts';
import type { CallableFact, Fact, FieldFact, ParameterRole } from '../kernel/fact.ts';
import { callFact, prototypeAt } from '../kernel/lookup.ts';
import type { KernelVersion } from '../kernel/version.ts';
import { vmFlagNames } from '../kernel/vma-flags.ts';
import { mappingCall } from '../rules/support/mapping-calls.ts';
import type { PathCall } from '../rules/support/path-calls.ts';
import { flagAt, type Moment } from '../rules/support/questions.ts';
import type { SourceDocument } from './document.ts';
import { formatSize } from './format-size.ts';

/** A name in the document's text, as offsets. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What is known of the place, a sentence or a phrase each; empty when nothing is. */
export function hereOf(document: SourceDocument, fact: Fact, word: Word): readonly string[] {
  if (fact.kind === 'field') return fieldHere(document, fact, word);
  const call = callFact(word.text);
  return call ? callHere(document, call, word) : [];
}

/** The arguments of the call under the cursor as the paths know them, and what holds before it. */
function callHere(document: SourceDocument, fact: CallableFact, word: Word): readonly string[] {
  const { version } = document.target;
  const found = callsAt(document, word);
  const [first] = found;
  if (!first) return [];
  const parameters = prototypeAt(fact, version)?.parameters ?? [];
  const lines = first.event.argumentSpans.flatMap((span, index) => {
    const parameter = parameters[index];
    const written = document.text.slice(span.start, span.end);
    const texts = new Set(found.map(({ event }) => valueText(event.arguments[index], parameter?.role, version)));
    const [text, other] = texts;
    // What only repeats the text is left out, and so is what is known on some ways alone.
    if (text === undefined || texts.has(undefined) || texts.size > 2 || (texts.size === 1 && text === `\`${written}\``)) return [];
    return [`\`${parameter?.name || `argument ${index + 1}`}\` = ${other === undefined ? text : `${text} or ${other}`}`];
  });
  const locks = new Set(found.map(({ event }) => event.mmapLock));
  const [lock] = locks;
  return [
    ...lines.slice(0, 5),
    `Here ${lock === undefined || locks.size > 1 ? 'the mmap lock is held on some ways, and not on others' : lockPhrases[lock]}.`,
    ...mappedText(document, found),
    ...vmaText(found, version, 'before the call'),
  ];
}

const lockPhrases: Readonly<Record<MmapLock, string>> = {
  none: 'no mmap lock is held',
  read: 'the mmap lock is held for read',
  write: 'the mmap lock is held for write',
  unknown: 'whether the mmap lock is held is not known',
};

/** Runs through one place that are compared. */
const mostMoments = 400;

/** The call on the ways to it that the analysis has taken. */
function callsAt(document: SourceDocument, word: Word): readonly PathCall[] {
  const found: PathCall[] = [];
  for (const entry of document.entries) {
    for (const path of entry.paths) {
      for (const event of path.events) {
        if (event.kind !== 'call' || event.file !== document.file || event.nameSpan.start !== word.start) continue;
        found.push({ entry, path, event });
        if (found.length === mostMoments) return found;
      }
    }
  }
  return found;
}

/** Flags that drivers and mapping calls give a vma. */
const givenFlags = ['VM_IO', 'VM_PFNMAP', 'VM_MIXEDMAP', 'VM_DONTEXPAND', 'VM_DONTDUMP', 'VM_DONTCOPY', 'VM_RESERVED'];

/** The last call that maps into the vma before, on any of the ways. */
function mappedText(document: SourceDocument, calls: readonly PathCall[]): readonly string[] {
  for (const { path, event } of calls) {
    const before = path.events.slice(0, path.events.indexOf(event)).filter((each) => each.kind === 'call' && mappingCall(each.name));
    const last = before.at(-1);
    if (last?.kind !== 'call') continue;
    const line = document.rangeOf(last.file, last.nameSpan).start.line + 1;
    return [`\`${last.name}()\` in line ${line} may have mapped into the vma before.`];
  }
  return [];
}

/** What the driver puts into a field of the vma, and for the flags which are set there. */
function fieldHere(document: SourceDocument, fact: FieldFact, word: Word): readonly string[] {
  if (fact.container !== 'vm_area_struct') return [];
  const { driver, target } = document;
  if (fact.field === 'vm_flags') {
    const moments = momentsAt(document, word);
    const [first] = moments;
    if (!first) return [];
    // An assignment shows what it leaves, which says nothing of the places before it.
    if (first.event.kind !== 'write') return vmaText(moments, target.version, 'here');
    return first.event.span.start <= word.start ? vmaText(moments, target.version, 'after it') : [];
  }
  const sources = driver.sourcesOf(fact.container, fact.field).filter(({ struct }) => struct === fact.container);
  return sources.slice(0, mostSources).map(({ file, function: name, value }) => {
    const text = document.textOf(file).slice(value.span.start, value.span.end).replace(/\s+/g, ' ');
    return `\`${name}()\` sets it to \`${text}\`.`;
  });
}

/** Assignments that are told. */
const mostSources = 2;

/** The first thing that happens to the vma where the word stands or behind it, in the same function, on the ways to it. */
function momentsAt(document: SourceDocument, { start, end }: Word): readonly Moment[] {
  const around = [...document.driver.functions.values()].find(
    ({ file, span }) => file === document.file && span.start <= start && end <= span.end,
  );
  if (!around) return [];
  let nearest: Moment[] = [];
  for (const entry of document.entries) {
    for (const path of entry.paths) {
      const event = path.events.find(
        (each) => each.vma && each.file === document.file && each.frames.at(-1)?.function === around.name && each.span.end >= end,
      );
      const place = nearest[0]?.event.span.start ?? Number.POSITIVE_INFINITY;
      if (!event || event.span.start > place) continue;
      if (event.span.start < place) nearest = [];
      if (nearest.length < mostMoments) nearest.push({ entry, path, event });
    }
  }
  return nearest;
}

/** Kinds of flags that are told apart. */
const mostFlagTerms = 12;

/** What the vma has on every way to the place. */
function vmaText(moments: readonly Moment[], version: KernelVersion, when: string): readonly string[] {
  const byFlags = new Map<string, Moment>();
  for (const moment of moments) {
    const { vma } = moment.event;
    if (!vma) return [];
    if (!vma.known) return ['What the vma is like here is not known: it was given to a function that is not in sight.'];
    byFlags.set(printTerm(vma.flags), moment);
    if (byFlags.size > mostFlagTerms) return [];
  }
  const set = givenFlags.filter((flag) => [...byFlags.values()].every((moment) => flagAt(moment, flag, version) === 'set'));
  return set.length > 0 ? [`The vma has ${set.map((flag) => `\`${flag}\``).join(', ')} ${when}.`] : [];
}

/** Sizes in bytes and pages, flags by name, other numbers in hex, terms as C. */
function valueText(value: Value | undefined, role: ParameterRole | undefined, version: KernelVersion): string | undefined {
  if (value?.kind !== 'integer') return value?.kind === 'pointer' ? `\`${value.place.object.name}\`` : undefined;
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
