/**
 * From the values that a search found to values of the driver's own state, by the names that a C author would write: what the
 * simulator has to assume to go the same way. Reads conditions; runs nothing.
 */
import type { Role, SymbolInfo } from '../execution/term.ts';
import { type Model, symbolsOf } from '../execution/term-evaluate.ts';
import type { Condition, EntrySymbols } from './path.ts';

/** Numbers that are addresses of kernel memory: they mean nothing without what lies there. */
const addresses: ReadonlySet<Role> = new Set(['address', 'pointer']);
/** Numbers that tell where the device lies. */
const places: ReadonlySet<Role> = new Set(['pfn', 'physicalAddress']);

/**
 * What `model` says of the driver's state where these conditions hold: fields, variables, results of calls; of pointers only that
 * they are NULL. `own` are the symbols that the system call decides: they are no state.
 */
export function driverValues(conditions: readonly Condition[], own: EntrySymbols, model: Model): ReadonlyMap<string, bigint> {
  const values = new Map<string, bigint>();
  const ofCall = new Set(Object.values(own).flatMap(({ term }) => [...symbolsOf(term).keys()]));
  for (const symbol of symbolsOf(...conditions.map(({ term }) => term)).values()) {
    const value = model.get(symbol.id);
    if (value === undefined || ofCall.has(symbol.id) || values.has(symbol.name)) continue;
    if (tells(symbol, value)) values.set(symbol.name, value);
  }
  return values;
}

/** Whether others know the symbol by its name, and the number says it all. */
function tells({ id, name, control, role }: SymbolInfo, value: bigint): boolean {
  // Read again after it was forgotten: the name means what was read first.
  if (control !== 'driver' || id.includes('#')) return false;
  if (addresses.has(role)) return value === 0n && role === 'pointer' && !id.includes('@');
  if (id.startsWith('&')) return false;
  if (places.has(role)) return value !== 0n && !id.includes('~');
  // The result of a call is known by the call; what a loop changes is known to nobody.
  return !id.includes('~') || (name.endsWith(')') && !/addr|phys|pfn|base|start/i.test(name));
}
