/** Turns the rows of the tables into facts: versions parsed, prototypes read, what was left out filled in. */
import type { Fact, Prototype, Ranged } from './fact.ts';
import { readPrototype } from './prototype.ts';
import type { Boundary, FactRow, Since } from './row.ts';
import { type KernelVersion, parseVersion, type VersionRange } from './version.ts';

/** A row as a fact. Throws on a malformed version: the tables are ours, and a test loads them all. */
export function loadFact(row: FactRow): Fact {
  const life = readLife(row);
  const base = {
    aliases: row.aliases ?? [],
    ...life,
    ...(row.replacedBy && { replacedBy: row.replacedBy }),
    ...(row.replacement && { replacement: row.replacement }),
    obsolete: row.obsolete ?? false,
    ...(row.header && { header: row.header }),
    requires: row.requires ?? {},
    does: row.does ?? [],
    returns: (row.returns ?? []).map(([value, when]) => ({ value, when })),
    asserts: (row.asserts ?? []).map(([macro, when]) => ({ macro, when })),
    notes: row.notes ?? [],
    source: row.source,
    confidence: row.confidence ?? 'verified',
  };
  switch (row.kind) {
    case 'call':
      return {
        ...base,
        ...readCallable(row, life),
        kind: 'call',
        ...(row.argsUnit && { argsUnit: row.argsUnit }),
        setsFlags: row.setsFlags ? readSince<readonly string[]>(row.setsFlags, life) : [],
        ...(row.boundsChecked !== undefined && { boundsChecked: row.boundsChecked }),
        ...(row.refcounts !== undefined && { refcounts: row.refcounts }),
        ...(row.takesReference !== undefined && { takesReference: row.takesReference }),
        returnsVmFault: row.returnsVmFault ?? false,
        isHandler: row.isHandler ?? false,
      };
    case 'allocator':
      return { ...base, ...readCallable(row, life), kind: 'allocator', memory: row.memory };
    case 'lock': {
      const { of, effect, side, takenWhen = 'always' } = row;
      return { ...base, ...readCallable(row, life), kind: 'lock', of, effect, ...(side && { side }), takenWhen };
    }
    case 'pgprot':
      return { ...base, ...readCallable(row, life), kind: 'pgprot' };
    case 'flag':
      return {
        ...base,
        kind: 'flag',
        name: row.name,
        family: row.family,
        values:
          row.values === undefined
            ? []
            : readSince(row.values, life).flatMap(({ range, value }) => (value === undefined ? [] : [{ range, value }])),
        mask: row.mask ? readSince<readonly string[]>(row.mask, life) : [],
        ...(row.smaps && { smaps: row.smaps }),
        ...(row.smapsSince && { smapsSince: readVersion(row.smapsSince) }),
        setBy: row.setBy ?? [],
      };
    case 'slot': {
      const prototypes = readPrototypes(row.prototypes, life);
      const newest = prototypes.at(-1);
      const parameter = newest?.desc ?? newest?.vmf ?? newest?.vma;
      return {
        ...base,
        kind: 'slot',
        name: `${row.container}.${row.slot}`,
        container: row.container,
        slot: row.slot,
        handlerKind: row.handlerKind,
        prototypes,
        ...(parameter !== undefined && { parameter }),
        entryLock: row.entryLock,
        boundsCheckedByCore: row.boundsCheckedByCore ?? false,
        mayFlagsCleared: row.mayFlagsCleared ?? [],
      };
    }
    case 'field':
      return {
        ...base,
        kind: 'field',
        name: `${row.container}.${row.field}`,
        container: row.container,
        field: row.field,
        prototypes: readPrototypes(row.prototypes, life),
        ...(row.pointsTo && { pointsTo: row.pointsTo }),
      };
    case 'type':
      return { ...base, kind: 'type', name: row.name, prototypes: readPrototypes(row.prototypes, life) };
  }
}

type Life = Pick<Fact, 'introduced' | 'introducedEarliest' | 'removed' | 'removedEarliest'>;
type CallableRow = Extract<FactRow, { readonly kind: 'call' | 'allocator' | 'lock' | 'pgprot' }>;

function readCallable(row: CallableRow, life: Life) {
  const prototypes = readPrototypes(row.prototypes, life);
  const vmaArgument = prototypes.at(-1)?.vma;
  return {
    name: row.name,
    form: row.form ?? ('function' as const),
    prototypes,
    ...(row.lock && { lock: row.lock }),
    ...(row.readLockWithFlag && { readLockWithFlag: row.readLockWithFlag }),
    ...(vmaArgument !== undefined && { vmaArgument }),
    ...(row.exported && { exported: row.exported }),
  };
}

function readPrototypes(prototypes: Since<string>, life: Life): readonly Prototype[] {
  return readSince(prototypes, life).map(({ range, value }) => readPrototype(value, range));
}

function readLife(row: FactRow): Life {
  const since = row.since === undefined ? undefined : readBoundary(row.since);
  const removed = row.removed === undefined ? undefined : readBoundary(row.removed);
  return {
    ...(since && { introduced: since.version }),
    ...(since?.earliest && { introducedEarliest: since.earliest }),
    ...(removed && { removed: removed.version }),
    ...(removed?.earliest && { removedEarliest: removed.earliest }),
  };
}

/** `6.19`, or `2.6.13~2.6.18`. */
function readBoundary(text: Boundary): { readonly version: KernelVersion; readonly earliest?: KernelVersion } {
  const [first = '', second] = text.split('~');
  return second === undefined ? { version: readVersion(first) } : { version: readVersion(second), earliest: readVersion(first) };
}

function readVersion(text: string): KernelVersion {
  const version = parseVersion(text);
  if (!version) throw new Error(`The facts hold "${text}" where a version belongs.`);
  return version;
}

/** Values by the version from which they hold; a single value holds for the whole life, which is all versions by default. */
export function readSince<Value>(since: Since<Value>, life: Life = {}): readonly Ranged<Value>[] {
  const first = life.introducedEarliest ?? life.introduced;
  if (!isBySince(since)) return [{ range: rangeOf(first, life.removed), value: since }];
  const entries = Object.entries(since).map(([key, value]) => ({ version: readVersion(key), value }));
  return entries.map(({ version, value }, index) => ({ range: rangeOf(version, entries[index + 1]?.version ?? life.removed), value }));
}

function isBySince<Value>(since: Since<Value>): since is Readonly<Record<string, Value>> {
  return typeof since === 'object' && since !== null && !Array.isArray(since);
}

function rangeOf(since: KernelVersion | undefined, until: KernelVersion | undefined): VersionRange {
  return { ...(since && { since }), ...(until && { until }) };
}
