/** What the tables know of a name of Linux, as a hover. The same for the editor and for `explain`. */
import type { Fact, FlagFact } from '../kernel/fact.ts';
import { kernelDocs } from '../kernel/kernel-docs.ts';
import { isAvailable, prototypeAt, setsFlagsAt, valueAt } from '../kernel/lookup.ts';
import { formatVersion, type KernelVersion } from '../kernel/version.ts';
import type { HoverFact, HoverInfo } from './hover-info.ts';

/** What each kind of fact is called. */
export const factKinds: Readonly<Record<Fact['kind'], string>> = {
  call: 'kernel call',
  lock: 'lock',
  allocator: 'allocator',
  flag: 'flag',
  slot: 'handler slot',
  field: 'field',
  type: 'type',
  pgprot: 'page protection',
};

/** The hover of one fact under the name by which code says it. */
export function hoverOf(fact: Fact, name: string, version: KernelVersion): HoverInfo {
  const facts: HoverFact[] = [];
  const add = (label: string, text: string | undefined) => {
    if (text !== undefined && text !== '') facts.push({ label, text });
  };
  add(`In ${formatVersion(version)}`, unavailable(fact, version));
  if (fact.kind === 'flag') add('Value', flagText(fact, version));
  add('Kernels', versionsText(fact));
  if (fact.kind === 'slot') add('Table', fact.container);
  add('Lock', fact.requires.lock);
  add('Needs', [fact.requires.vma, fact.requires.page, fact.requires.range].filter(Boolean).join('; '));
  if (fact.kind === 'call') add('Sets', setsFlagsAt(fact, version).join(' | '));
  if (fact.kind === 'flag') add('Set by', fact.setBy.join(', '));
  if (fact.kind === 'allocator') {
    add('Cleared', fact.memory.zeroed ? 'yes' : 'no');
    add('Map it with', fact.memory.mapWith.join('; '));
  }
  add('Returns', fact.returns.map((row) => `${row.value}: ${row.when}`).join('; '));
  const stops = fact.asserts.filter((row) => /^(VM_)?BUG/.test(row.macro));
  add('Stops the kernel', stops.map((row) => row.when).join('; '));
  add(
    'Warns',
    fact.asserts
      .filter((row) => !stops.includes(row))
      .map((row) => row.when)
      .join('; '),
  );
  add('Instead', fact.replacedBy);
  const docs = kernelDocs(fact);
  return {
    title: name,
    what: factKinds[fact.kind],
    signature: 'prototypes' in fact ? (prototypeAt(fact, version) ?? fact.prototypes.at(-1))?.text : undefined,
    facts,
    does: fact.does.length > 0 ? fact.does : fact.notes.slice(0, 2),
    here: [],
    more: fact.name,
    links: docs === undefined ? [] : [{ title: 'Kernel documentation', target: docs }],
  };
}

function unavailable(fact: Fact, version: KernelVersion): string | undefined {
  switch (isAvailable(fact, version)) {
    case 'yes':
      return undefined;
    case 'not-yet':
      return 'not there yet';
    case 'removed':
      return fact.replacedBy ? `gone; use ${fact.replacedBy}` : 'gone';
    case 'unknown-boundary':
      return 'came or went about this version';
  }
}

/** `since 3.7, gone in 4.20`; empty for what always was and still is. */
export function versionsText(fact: Fact): string {
  const since = fact.introduced ? `since ${formatVersion(fact.introduced)}` : '';
  const until = fact.removed ? `gone in ${formatVersion(fact.removed)}` : '';
  return [since, until].filter(Boolean).join(', ');
}

function flagText(fact: FlagFact, version: KernelVersion): string {
  const value = valueAt(fact.values, version);
  const members = valueAt(fact.mask, version);
  const number = members ? members.join(' | ') : value === undefined ? 'not defined' : `0x${value.toString(16)}`;
  return fact.smaps ? `${number}, \`${fact.smaps}\` in /proc/PID/smaps` : number;
}
