/** `lock-inversion`: a handler takes a lock under the mmap lock, and another function touches user memory under that lock. */
import { lockNamed } from '../analysis/known-calls.ts';
import type { Driver, Handler, HandlerKind } from '../driver/model.ts';
import type { Place, Report, Rule } from './rule.ts';
import { type HeldCall, HeldLocks } from './support/locks/held-locks.ts';
import { lockingUserMemory, touchingUserMemory } from './support/locks/user-memory.ts';
import { isOwnName } from './support/text/uses.ts';

const userMemory = [...touchingUserMemory, ...lockingUserMemory];

/** Handlers that run under the mmap lock of the process whose memory the driver touches elsewhere. */
const underMmapLock: ReadonlySet<HandlerKind> = new Set([
  'mmap', 'mmap_prepare', 'fault', 'huge_fault', 'map_pages', 'page_mkwrite', 'pfn_mkwrite', 'open', 'close', 'mremap', 'may_split',
  'mapped', 'nopage', 'nopfn', 'populate',
]); // biome-ignore format: a table

interface Taken extends Place {
  readonly handler: Handler;
  readonly function: string;
}

export const lockInversion: Rule = {
  name: 'lock-inversion',
  severity: 'error',
  summary: 'A lock is taken under the mmap lock, and held around an access to user memory elsewhere.',
  check({ driver }) {
    if (!driver.handlers.some(({ kind, defined }) => defined && underMmapLock.has(kind))) return [];
    const touching = driver.text.functionsReaching(userMemory);
    if (touching.size === 0) return [];
    const locks = new HeldLocks(driver);
    const taken = takenByHandlers(driver, locks);
    if (taken.size === 0) return [];
    // Whoever holds one of them names it, or calls who does.
    const naming = driver.text.functionsReaching([...taken.keys()].map((lock) => lock.slice(lock.indexOf('.') + 1)));
    const reports: Report[] = [];
    for (const [name, access] of accessesUnder(
      driver,
      locks,
      new Set(taken.keys()),
      new Set([...touching].filter((name) => naming.has(name))),
    )) {
      const place = taken.get(name);
      const lock = access.held.get(name);
      if (!place || !lock) continue;
      const what = `\`${shownAs(name)}\``;
      const message = `\`${place.handler.function}()\` takes ${what} under the mmap lock, and \`${access.uses.function.name}()\` ${whatHappens(access)} while it holds ${what}, which waits for the mmap lock: two threads wait for each other for ever. ${repair(access)}`;
      reports.push({
        file: place.file,
        span: place.span,
        function: place.function,
        handler: place.handler,
        message,
        related: [
          { ...lock, message: `${what} is taken here for the other order.` },
          {
            file: access.uses.file,
            span: access.call.span,
            message: lockingUserMemory.has(access.name)
              ? 'The mmap lock is taken here, under that lock.'
              : 'User memory is touched here, under that lock.',
          },
        ],
        fixes: [],
      });
    }
    return reports;
  },
};

function repair({ name }: HeldCall): string {
  return lockingUserMemory.has(name)
    ? 'Take the mmap lock first, or another lock for one of the two.'
    : 'Copy to or from a local buffer, and take the lock around the rest.';
}

function shownAs(lock: string): string {
  return lock.replace('.', '->');
}

function whatHappens({ name }: HeldCall): string {
  if (touchingUserMemory.has(name)) return `calls \`${name}()\``;
  return lockingUserMemory.has(name) ? `calls \`${name}()\`` : `touches user memory in \`${name}()\``;
}

/** The locks that handlers of a mapping take, themselves or in functions that they call. */
function takenByHandlers(driver: Driver, locks: HeldLocks): ReadonlyMap<string, Taken> {
  const taken = new Map<string, Taken>();
  // What mmap takes is known best: it comes first.
  const handlers = [...driver.handlers].sort((left, right) => Number(right.kind === 'mmap') - Number(left.kind === 'mmap'));
  for (const handler of handlers) {
    if (!underMmapLock.has(handler.kind) || !handler.defined) continue;
    const seen = new Set([handler.function]);
    for (const name of seen) {
      for (const { call, lock, uses } of locks.locksIn(name))
        if (!taken.has(lock)) taken.set(lock, { file: uses.file, span: call.callee.span, handler, function: uses.function.name });
      for (const { name: callee } of locks.callsIn(name)) if (driver.functions.has(callee)) seen.add(callee);
    }
  }
  return taken;
}

/** For each of the locks: the first call under it in one of `functions` that touches user memory, by itself or in what it calls. */
function accessesUnder(
  driver: Driver,
  locks: HeldLocks,
  wanted: ReadonlySet<string>,
  functions: ReadonlySet<string>,
): ReadonlyMap<string, HeldCall> {
  const found = new Map<string, HeldCall>();
  const touches = new Map<string, boolean>();
  for (const { name } of driver.functions.values()) {
    if (!functions.has(name)) continue;
    for (const call of locks.callsIn(name)) {
      if (call.held.size === 0 || !mayTouch(driver, locks, call.name, touches)) continue;
      const isDropped = locks.dropsIn(call.name);
      for (const lock of call.held.keys()) if (wanted.has(lock) && !found.has(lock) && !isDropped.has(lock)) found.set(lock, call);
    }
  }
  return found;
}

/** Whether a call of `name` touches user memory in any case: a function of the driver may do so under no condition of this caller. */
function mayTouch(driver: Driver, locks: HeldLocks, name: string, known: Map<string, boolean>): boolean {
  if (!isOwnName(driver, name) && (touchingUserMemory.has(name) || lockingUserMemory.has(name))) return true;
  if (!driver.functions.has(name)) return false;
  const before = known.get(name);
  if (before !== undefined) return before;
  known.set(name, false);
  const result = locks.callsIn(name).some((call) => lockNamed(call.name) === undefined && mayTouch(driver, locks, call.name, known));
  known.set(name, result);
  return result;
}
