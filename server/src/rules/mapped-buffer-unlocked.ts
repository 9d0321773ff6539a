/** `mapped-buffer-unlocked`: a handler maps a buffer without the lock under which another function frees and replaces it. */
import { perDriver } from '../driver/asked-driver.ts';
import type { Driver, FieldSource, Handler } from '../driver/model.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Place, Report, Rule } from './rule.ts';
import { freeSites, namesOfFrees } from './support/lifetime/free-sites.ts';
import { isCleanUp, isGuarded, notedFields } from './support/lifetime/freed-buffers.ts';
import { locksIn, someLock, withCallees } from './support/locks/lock-classes.ts';
import { reportIn } from './support/reports.ts';
import { type Chain, calleesOf, chainsTo, isRunning, mayRun } from './support/text/call-chains.ts';
import { anyWord, type FunctionUses, structOf, usesIn, usesOf } from './support/text/uses.ts';

/** Handlers that map, or find what is mapped. */
const mapping = /^(?:mmap|fault|huge_fault|nopage|nopfn|pfn_mkwrite|page_mkwrite|access)$/;

export const mappedBufferUnlocked: Rule = {
  name: 'mapped-buffer-unlocked',
  severity: 'warning',
  summary: 'A handler maps a buffer without the lock that would keep another thread from freeing it meanwhile.',
  check({ driver }) {
    const handlers = handlersIn(driver);
    if (handlers.length === 0 || !mayRun(driver, [...namesOfFrees(driver), ...Object.keys(replacing)])) return [];
    const reports = new Map<string, Report>();
    for (const site of replacedBuffers(driver)) {
      for (const handler of handlers) {
        // The pointer to a buffer and the length of it go together.
        const key = `${handler.function} ${site.struct} ${site.function}`;
        const report = reports.has(key) ? undefined : reportFor(driver, site, handler);
        if (report) reports.set(key, report);
      }
    }
    return [...reports.values()];
  },
};

/** Calls of the kernel that free the buffer of a struct and give it another, with the fields that tell of it. */
const replacing: Readonly<Record<string, { readonly struct: string; readonly fields: readonly string[] }>> = {
  snd_pcm_lib_malloc_pages: { struct: 'snd_pcm_runtime', fields: ['dma_area', 'dma_addr', 'dma_bytes'] },
  snd_pcm_lib_free_pages: { struct: 'snd_pcm_runtime', fields: ['dma_area', 'dma_addr', 'dma_bytes'] },
};

interface Replaced extends Place {
  readonly field: string;
  readonly struct: string;
  readonly call: string;
  /** The function that frees it. */
  readonly function: string;
  readonly chain: Chain;
}

/** Buffers that a system call on the open file frees while their owner lives on, and only when it has made sure that nothing is mapped. */
const replacedBuffers = perDriver(
  (driver): readonly Replaced[] => {
    const sites = replacements(driver).filter(({ field }) => mayRead(driver, field));
    const noted = sites.length > 0 ? notedFields(driver) : new Set<string>();
    return sites.flatMap((site): Replaced[] => {
      const chain = chainsTo(driver, site.function, isRunning).find(
        (each) => isGuarded(driver, each, noted) && !isCleanUp(driver, each, site.field),
      );
      return chain ? [{ ...site, chain }] : [];
    });
  },
  (buffers, move) => buffers.map(move),
);

function handlersIn(driver: Driver): readonly Handler[] {
  // Whoever calls a function that is known by its parameters alone may hold a lock.
  return driver.handlers.filter(({ kind, defined, slot }) => defined && mapping.test(kind) && !slot.startsWith('signature.'));
}

/** Whether a handler may come to the field, as far as the texts tell. */
function mayRead(driver: Driver, field: string): boolean {
  const near = driver.text.functionsReaching([field]);
  return handlersIn(driver).some((handler) => near.has(handler.function));
}

/** Where a buffer is freed and replaced, by the driver's own code or by a call that does both. */
function replacements(driver: Driver): readonly Omit<Replaced, 'chain'>[] {
  const owners = freedOwners(driver);
  const setBy = new Map<string, ReadonlyMap<string, number>>();
  const own = freeSites(driver).flatMap((site) => {
    const { field, struct, call, file, span, uses } = site;
    const { name } = uses.function;
    const set = setBy.get(name) ?? firstMade(driver.sourcesIn(name));
    setBy.set(name, set);
    // The function goes on with the owner: it sets the field to something else. What it has made itself, it takes back when something fails.
    const isReplaced = field !== undefined && (set.get(field) ?? 0) > span.start && !owners.has(`${name} ${struct}`);
    const isTold = field !== undefined && struct !== undefined && isReplaced;
    return isTold ? [{ field, struct, call, file, span, function: name }] : [];
  });
  const calls = usesIn(driver, anyWord(Object.keys(replacing))).flatMap((uses) =>
    uses.expressions.flatMap((each) => {
      const call = each.kind === 'call' && each.callee.kind === 'name' ? each.callee.name : undefined;
      const { struct, fields } = (call === undefined ? undefined : replacing[call]) ?? { struct: '', fields: [] };
      return fields.map((field) => ({ field, struct, call: call ?? '', file: uses.file, span: each.span, function: uses.function.name }));
    }),
  );
  return [...own, ...calls];
}

/** The structs that a function frees, each as `function struct`: it does not go on with those. */
function freedOwners(driver: Driver): ReadonlySet<string> {
  return new Set(freeSites(driver).flatMap(({ freed, uses }) => (freed === undefined ? [] : [`${uses.function.name} ${freed}`])));
}

/** The fields that a function sets, each with where it first puts in what a call has made: infinity for a field without such a value. */
function firstMade(sources: readonly FieldSource[]): ReadonlyMap<string, number> {
  const made = new Map<string, number>();
  for (const { field, value, span } of sources) {
    const start = value.kind === 'call' ? span.start : Number.POSITIVE_INFINITY;
    made.set(field, Math.min(start, made.get(field) ?? start));
  }
  return made;
}

function reportFor(driver: Driver, buffer: Replaced, handler: Handler): Report | undefined {
  const functions = withCallees(driver, handler.function);
  const read = readIn(driver, functions, buffer);
  if (!read || buffer.chain.functions.some((name) => functions.has(name))) return undefined;
  const held = locksIn(driver, functions);
  const other = locksIn(driver, [...buffer.chain.functions, ...buffer.chain.functions.flatMap((name) => lockersIn(driver, name))]);
  if (held.has(someLock) || [...held].some((lock) => other.has(lock))) return undefined;
  // Where mappings keep it from being freed, a fault comes too early for no harm; mmap itself is not yet counted.
  const isHarmless = handler.kind !== 'mmap';
  const lock = [...other].find((each) => each !== someLock)?.replace('.', '->');
  const where = lock === undefined ? 'no lock is held on either side' : `the lock that is taken there, \`${lock}\`, is not taken here`;
  const message = isHarmless
    ? `\`${read.text}\` is read here without a lock, and ${buffer.chain.slot} frees and replaces it: only the count of mappings keeps the two apart. ${lock === undefined ? 'Take a lock around both' : `Take \`${lock}\` here too`}, so that they stay so.`
    : `\`${read.text}\` is read here, and ${buffer.chain.slot} frees it with \`${buffer.call}()\` while nothing is mapped: ${where}, and this mapping is not yet there to be seen, so that it can map what is free. Take ${lock === undefined ? 'one lock' : 'it'} around both.`;
  return reportIn(read.uses, read.each.span, message, {
    handler,
    ...(isHarmless ? { severity: 'info' } : {}),
    related: [{ file: buffer.file, span: buffer.span, message: 'It is freed here.' }],
  });
}

/** The functions that `name` calls to lock for it, by their names. */
function lockersIn(driver: Driver, name: string): readonly string[] {
  return calleesOf(driver, name).filter((callee) => /(?:^|_)(?:lock|acquire|begin|enter)(?:_|$)/.test(callee));
}

/** Where the handler reads the pointer to the buffer, to compute what it maps. */
function readIn(
  driver: Driver,
  functions: Iterable<string>,
  { field, struct }: Replaced,
): { readonly uses: FunctionUses; readonly each: Expression; readonly text: string } | undefined {
  for (const name of functions) {
    const uses = usesOf(driver, name);
    for (const each of uses?.expressions ?? []) {
      if (!uses || each.kind !== 'member' || each.field !== field || structOf(uses, driver, each.object) !== struct) continue;
      const text = driver.text.slice({ file: uses.file, span: each.span });
      return { uses, each, text };
    }
  }
  return undefined;
}
