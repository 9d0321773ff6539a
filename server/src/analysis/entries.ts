/**
 * The functions of a driver that something outside calls, with the mmap lock that is held then: mapping handlers, and
 * every other registered function from which a call of interest can be reached. Works on names in the text; static
 * helpers are met from their callers.
 */
import type { Driver, DriverFunction, Handler, HandlerKind } from '../driver/model.ts';
import { mappingStruct } from '../driver/registration.ts';
import { slotFact } from '../kernel/lookup.ts';
import type { CallGraph } from './call-graph.ts';
import type { Entry, MmapLock } from './path.ts';

/** Where the facts do not tell. */
const lockByKind: Readonly<Partial<Record<HandlerKind, MmapLock>>> = {
  mmap: 'write',
  mmap_prepare: 'write',
  open: 'write',
  close: 'write',
  may_split: 'write',
  mremap: 'write',
  mprotect: 'write',
  mapped: 'write',
  get_unmapped_area: 'write',
  fault: 'read',
  huge_fault: 'read',
  map_pages: 'read',
  page_mkwrite: 'read',
  pfn_mkwrite: 'read',
  access: 'read',
  nopage: 'read',
  nopfn: 'read',
  populate: 'read',
};

/** Macros and functions that take a callback which later runs on its own, without any lock of the caller. */
const callbackTakers =
  /\b(INIT_(?:DELAYED_)?WORK(?:_ONSTACK)?|DECLARE_(?:DELAYED_)?WORK|kthread_(?:run|create)|kernel_thread|timer_setup|setup_timer|DEFINE_TIMER|tasklet_(?:init|setup)|(?:devm_)?request_(?:threaded_)?irq|hrtimer_(?:init|setup)|register_\w*notifier\w*|proc_create\w*|module_init|module_exit)\s*\(([^;{}]*)\)/g;

const mentionsVma = /\b(?:vma|vm_area_struct|vm_fault|vm_area_desc|remap_\w+|find_vma|vma_lookup|mmap\w*)\b/;

/** Every entry worth running, handlers of a mapping first. */
export function entriesOf(driver: Driver, graph: CallGraph): readonly Entry[] {
  if (driver.handlers.length === 0 && !mentionsVma.test(driver.ownText)) return [];
  const found = new Map<string, Entry>();
  for (const handler of driver.handlers) {
    const entry = entryOf(driver, handler);
    if (entry) found.set(`${entry.function} ${entry.slot}`, entry);
  }
  const known = new Set([...found.values()].map((entry) => entry.function));
  for (const [name, slot] of registeredOthers(driver)) {
    if (known.has(name) || !graph.reachesInterest(name)) continue;
    known.add(name);
    const header = driver.functions.get(name);
    if (header) found.set(`${name} ${slot}`, { function: name, file: header.file, slot, mmapLock: 'none' });
  }
  let reached: ReadonlySet<string> | undefined;
  for (const header of driver.functions.values()) {
    const own = header.file === driver.file && !header.isStatic && takesMapping(header);
    if (!own || known.has(header.name) || !graph.reachesInterest(header.name)) continue;
    reached ??= graph.reachedFrom(known);
    if (reached.has(header.name)) continue;
    found.set(header.name, { function: header.name, file: header.file, slot: 'extern', mmapLock: 'unknown' });
  }
  return [...found.values()];
}

/** Whether a parameter is a vma or what a handler is told of one: of other functions, nothing holds on entry. */
export function takesMapping({ parameters }: DriverFunction): boolean {
  return parameters.some(({ type }) => mappingStruct(type) !== undefined);
}

function entryOf(driver: Driver, handler: Handler): Entry | undefined {
  const header = driver.functions.get(handler.function);
  if (!header || handler.kind === 'mmap_capabilities' || handler.kind === 'other') return undefined;
  return { function: handler.function, file: header.file, handler, slot: handler.slot, mmapLock: lockOf(handler) };
}

function lockOf(handler: Handler): MmapLock {
  const [container = '', slot = ''] = handler.slot.split('.');
  switch (slotFact(container, slot)?.entryLock) {
    case 'mmap-write':
      return 'write';
    case 'mmap-read':
      return 'read';
    case 'none':
      return 'none';
    default:
      return lockByKind[handler.kind] ?? 'unknown';
  }
}

/** Functions registered in tables, or passed to something that calls them later, with the place where. */
function registeredOthers(driver: Driver): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const table of driver.tables) {
    if (table.file !== driver.file) continue;
    for (const { slot, function: name } of table.entries) if (driver.functions.has(name)) found.set(name, `${table.container}.${slot}`);
  }
  const text = driver.ownText;
  for (const [, taker = '', args = ''] of text.matchAll(callbackTakers)) {
    for (const [word] of args.matchAll(/\b[A-Za-z_]\w*\b/g)) if (driver.functions.has(word) && !found.has(word)) found.set(word, taker);
  }
  return found;
}
