/**
 * The functions of a driver that something outside calls, with the mmap lock that is held then: mapping handlers, and
 * every other registered function from which a call of interest can be reached. Works on names in the text; static
 * helpers are met from their callers.
 */
import type { Driver, DriverFunction, Handler, HandlerKind } from '../driver/model.ts';
import { callFact, slotFact } from '../kernel/lookup.ts';
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

/** Calls that make an entry worth running, beside those that the facts say need the mmap lock. */
const interesting =
  /^(?:find_(?:exact_|extend_)?vma\w*|vma_lookup|vm_flags_\w+|io_remap_\w+|remap_\w+|vmf?_insert_\w+|vm_map_pages\w*|vm_iomap_memory|dma_mmap_\w+|zap_\w+|unmap_mapping_\w+|follow_pfn\w*|get_user_pages\w*|pin_user_pages\w*|dma_common_mmap)$/;
const mentionsVma = /\b(?:vma|vm_area_struct|vm_fault|vm_area_desc|remap_\w+|find_vma|vma_lookup|mmap\w*)\b/;

/** Every entry worth running, handlers of a mapping first. */
export function entriesOf(driver: Driver): readonly Entry[] {
  if (driver.handlers.length === 0 && !mentionsVma.test(driver.files.get(driver.file) ?? '')) return [];
  const found = new Map<string, Entry>();
  for (const handler of driver.handlers) {
    const entry = entryOf(driver, handler);
    if (entry) found.set(`${entry.function} ${entry.slot}`, entry);
  }
  const known = new Set([...found.values()].map((entry) => entry.function));
  const graph = new CallGraph(driver);
  const reached = graph.reachedFrom(known);
  for (const [name, slot] of registeredOthers(driver)) {
    if (known.has(name) || !graph.reachesInterest(name)) continue;
    known.add(name);
    for (const each of graph.reachedFrom(new Set([name]))) reached.add(each);
    const header = driver.functions.get(name);
    if (header) found.set(`${name} ${slot}`, { function: name, file: header.file, slot, mmapLock: 'none' });
  }
  for (const header of driver.functions.values()) {
    const own = header.file === driver.file && !header.isStatic && takesMapping(header);
    if (!own || known.has(header.name) || reached.has(header.name) || !graph.reachesInterest(header.name)) continue;
    found.set(header.name, { function: header.name, file: header.file, slot: 'extern', mmapLock: 'unknown' });
  }
  return [...found.values()];
}

/** Whether a parameter is a vma or what a handler is told of one: of other functions, nothing holds on entry. */
function takesMapping({ parameters }: DriverFunction): boolean {
  return parameters.some(
    ({ type }) => type.kind === 'pointer' && type.to.kind === 'tagged' && /^vm_(area_struct|fault|area_desc)$/.test(type.to.name),
  );
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
    for (const { slot, function: name } of table.entries) if (driver.functions.has(name)) found.set(name, `${table.container}.${slot}`);
  }
  const text = driver.files.get(driver.file) ?? '';
  for (const [, taker = '', args = ''] of text.matchAll(callbackTakers)) {
    for (const [word] of args.matchAll(/\b[A-Za-z_]\w*\b/g)) if (driver.functions.has(word) && !found.has(word)) found.set(word, taker);
  }
  return found;
}

/** Who names whom in its body. */
class CallGraph {
  readonly #driver: Driver;
  readonly #names = new Map<string, { readonly functions: readonly string[]; readonly interest: boolean }>();

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** All functions of the driver that can run when one of `starts` does, these included. */
  reachedFrom(starts: ReadonlySet<string>): Set<string> {
    const reached = new Set<string>();
    const waiting = [...starts];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      waiting.push(...this.#mentioned(name).functions);
    }
    return reached;
  }

  reachesInterest(name: string): boolean {
    for (const each of this.reachedFrom(new Set([name]))) if (this.#mentioned(each).interest) return true;
    return false;
  }

  #mentioned(name: string): { readonly functions: readonly string[]; readonly interest: boolean } {
    const known = this.#names.get(name);
    if (known) return known;
    const header = this.#driver.functions.get(name);
    const mentioned = header ? this.#namesIn(header) : { functions: [], interest: false };
    this.#names.set(name, mentioned);
    return mentioned;
  }

  #namesIn(header: DriverFunction): { readonly functions: readonly string[]; readonly interest: boolean } {
    const body = (this.#driver.files.get(header.file) ?? '').slice(header.bodySpan.start, header.bodySpan.end);
    const functions = new Set<string>();
    let interest = false;
    for (const [word] of body.matchAll(/[A-Za-z_]\w*/g)) {
      if (word === header.name) continue;
      if (this.#driver.functions.has(word)) functions.add(word);
      else interest ||= isInteresting(word);
    }
    return { functions: [...functions], interest };
  }
}

function isInteresting(name: string): boolean {
  if (interesting.test(name)) return true;
  const fact = callFact(name);
  return fact?.kind === 'call' && (fact.lock === 'read' || fact.lock === 'write');
}
