/**
 * What the analysis answers when a value is not known: integers become symbols named by their access path, pointers lead
 * to assumed objects or to the allocation that the driver shows, addresses are symbols too. The same place read the same
 * way gives the same symbol on every path.
 */
import type { Driver } from '../driver/model.ts';
import { type CType, type IntegerType, int, unsignedLong } from '../execution/ctype.ts';
import { elementAt, keyOf, placeName, pointerName, trailingBytes } from '../execution/place.ts';
import { constantOf, type SymbolInfo, type Term } from '../execution/term.ts';
import { binary } from '../execution/term-build.ts';
import { sameTerm } from '../execution/term-key.ts';
import type { IntegerValue, MemoryObject, Origin, Place, Value } from '../execution/value.ts';
import type { Machine } from '../execution/world.ts';
import { PAGE_SIZE } from '../kernel/constants.ts';
import { allocatorOf } from '../services/allocators.ts';
import { indexesIn } from './indexes.ts';
import { lastField, type Provenance, provenanceOf } from './provenance.ts';
import { roleOf } from './roles.ts';
import { sizeTerm } from './size-term.ts';

/** Facts about a new symbol beyond its name and type. */
export type SymbolFacts = Partial<Omit<SymbolInfo, 'id' | 'name' | 'type'>>;

/** Memory that starts on a page, so that the low bits of its address are 0. */
const pageAligned = new Set(['vmalloc', 'dma', 'linear', 'iomem']);

export class Unknowns {
  readonly #driver: Driver;
  /** How often each place was asked for: a place that was forgotten is something new. */
  readonly #asked = new Map<string, number>();
  readonly #places = new Map<string, Place>();
  readonly #objects = new Map<string, MemoryObject>();
  /** The fields whose assignments were asked for. */
  readonly askedFields = new Set<string>();
  readonly #userMemory: { readonly object: MemoryObject; readonly key: string }[] = [];
  /** How many symbols of each name were made: what one branch asks for does not rename what comes after it. */
  readonly #fresh = new Map<string, number>();

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** The value of a cell that nobody wrote. */
  value(machine: Machine, place: Place, type: CType): Value {
    const name = placeName(place);
    switch (type.kind) {
      case 'integer':
        return this.#cell(place, name, type);
      case 'pointer':
        return { kind: 'pointer', place: { object: this.#target(machine, place, name, type.to), path: [] }, pointee: type.to };
      case 'unknown':
        return this.#cell(place, name, unsignedLong);
      default:
        return { kind: 'opaque', why: `what ${name} holds is not known` };
    }
  }

  /** A symbol that is like no other, such as the result of a call. */
  fresh(name: string, type: IntegerType, facts: SymbolFacts = {}): IntegerValue {
    const count = (this.#fresh.get(name) ?? 0) + 1;
    this.#fresh.set(name, count);
    return symbolValue(`${name}~${count}`, name, type, facts);
  }

  /** A value for something that a widened loop writes. */
  havoc(machine: Machine, place: Place, type: CType, previous: Value | undefined): Value {
    const name = placeName(place);
    if (type.kind === 'pointer' || previous?.kind === 'pointer') {
      const pointee = type.kind === 'pointer' ? type.to : previous?.kind === 'pointer' ? previous.pointee : type;
      const object = machine.allocate(name, pointee, { kind: 'assumed' });
      return { kind: 'pointer', place: { object, path: [] }, pointee };
    }
    const integer = type.kind === 'integer' ? type : previous?.kind === 'integer' ? previous.type : int;
    if (integer.bits === 1) return this.fresh(name, integer, { role: 'status' });
    // A counter that starts at a number goes up from there, or the loop would not be written so.
    const start = previous?.kind === 'integer' ? constantOf(previous.term) : undefined;
    return this.fresh(name, integer, {
      role: 'index',
      ...(start !== undefined && start >= 0n ? { min: start } : {}),
      ...(previous?.kind === 'integer' ? { before: previous.term } : {}),
    });
  }

  /** What `copy_from_user` and its like wrote: its values are the user's. */
  markUserMemory(place: Place): void {
    this.#userMemory.push({ object: place.object, key: keyOf(place) });
  }

  /** The number that a pointer to `place` is. */
  addressOf(place: Place): Term {
    const trailing = trailingBytes(place);
    const base: Place = { object: place.object, path: trailing?.base ?? place.path };
    const start = this.#addressSymbol(base);
    if (!trailing || constantOf(trailing.bytes) === 0n) return start;
    return binary('add', unsignedLong, start, trailing.bytes);
  }

  /** The place that a number points to, for addresses that were asked for and symbols used as pointers. */
  placeAt(machine: Machine, address: Term): Place | undefined {
    if (address.kind === 'symbol') return this.#placeOfSymbol(machine, address.symbol);
    if (address.kind !== 'operation' || address.operator !== 'add') return undefined;
    const [base, offset] = address.operands;
    const place = base?.kind === 'symbol' ? this.#placeOfSymbol(machine, base.symbol) : undefined;
    return place && offset && elementAt(place, offset, 1, { kind: 'unknown' });
  }

  /** An object for what a call returned a pointer to; equal ids give the same object within a run. */
  object(machine: Machine, id: string, name: string, type: CType, origin: Origin): MemoryObject {
    const known = this.#objects.get(id);
    if (known) return known;
    const made = machine.allocate(name, type, origin);
    this.#objects.set(id, made);
    return made;
  }

  #cell(place: Place, name: string, type: IntegerType): IntegerValue {
    const id = this.#idOf(place, name);
    if (this.#isUserMemory(place)) return symbolValue(id, name, type, { control: 'user', role: roleOf(lastField(place) ?? name, type) });
    const own = place.object.origin.kind === 'local';
    const provenance = own ? undefined : this.#provenanceOf(place);
    const role = roleOf(lastField(place) ?? name, type, provenance?.call);
    const page = provenance?.allocator && pageAligned.has(provenance.allocator.memory) ? { zeroBits: 0xfffn } : {};
    const indexes = indexesIn(place).filter((index) => constantOf(index) === undefined);
    return symbolValue(id, name, type, {
      role,
      ...(provenance ? { origin: provenance.call } : {}),
      ...page,
      ...(indexes.length > 0 ? { indexes } : {}),
    });
  }

  #provenanceOf(place: Place): Provenance | undefined {
    const field = lastField(place);
    if (field !== undefined) this.askedFields.add(field);
    return provenanceOf(this.#driver, place);
  }

  #idOf(place: Place, name: string): string {
    const { kind } = place.object.origin;
    const own = kind === 'local' || kind === 'allocated' ? `${name}@${place.object.id}` : name;
    const count = (this.#asked.get(own) ?? 0) + 1;
    this.#asked.set(own, count);
    return count === 1 ? own : `${own}#${count}`;
  }

  #isUserMemory(place: Place): boolean {
    const key = keyOf(place);
    return this.#userMemory.some((each) => each.object === place.object && key.startsWith(each.key));
  }

  /** What the pointer at `place` points to. */
  #target(machine: Machine, place: Place, name: string, pointee: CType): MemoryObject {
    const provenance = place.object.origin.kind === 'local' ? undefined : this.#provenanceOf(place);
    return machine.allocate(name, pointee, this.#originOf(machine, place, provenance));
  }

  #originOf(machine: Machine, place: Place, provenance: Provenance | undefined): Origin {
    if (!provenance?.allocator) return { kind: 'assumed', from: place };
    const size = sizeTerm(machine, this.#driver, place, provenance);
    const { source, allocator, call } = provenance;
    // Whatever the call did, the driver may have written the memory since: it must not read as zeros.
    return { kind: 'allocated', call: allocator.as ?? call, ...(size ? { size } : {}), arguments: [], span: source.span, zeroed: false };
  }

  #addressSymbol(base: Place): Term {
    const name = pointerName(base);
    const { origin } = base.object;
    const id = `&${origin.kind === 'assumed' || origin.kind === 'global' ? name : `${name}@${base.object.id}`}`;
    this.#places.set(id, base);
    const aligned = origin.kind === 'allocated' && base.path.length === 0 && isPageMemory(origin.call);
    const nullable = origin.kind === 'assumed' && base.path.length === 0;
    const facts: SymbolFacts = {
      role: origin.kind === 'allocated' ? 'address' : 'pointer',
      ...(aligned ? { zeroBits: 0xfffn } : {}),
      ...(nullable ? {} : { min: PAGE_SIZE }),
      ...(origin.kind === 'allocated' ? { origin: origin.call } : {}),
    };
    return symbolValue(id, name, unsignedLong, facts).term;
  }

  #placeOfSymbol(machine: Machine, symbol: SymbolInfo): Place {
    const known = this.#places.get(symbol.id);
    if (known) return known;
    const object = this.object(machine, `*${symbol.id}`, symbol.name, { kind: 'unknown' }, { kind: 'assumed' });
    const place: Place = { object, path: [] };
    this.#places.set(symbol.id, place);
    return place;
  }
}

/** Symbols that were made before: the runs of an entry ask for the same ones again and again. */
const made = new Map<string, IntegerValue & { readonly term: SymbolTerm }>();
const mostMade = 4096;

type SymbolTerm = Extract<Term, { readonly kind: 'symbol' }>;

/** An integer value that is one symbol. */
export function symbolValue(id: string, name: string, type: IntegerType, facts: SymbolFacts = {}): IntegerValue {
  const known = made.get(id);
  if (known && isSame(known.term.symbol, name, type, facts)) return known;
  const symbol: SymbolInfo = { control: 'driver', role: 'unknown', ...facts, id, name, type };
  const value = { kind: 'integer' as const, type, term: { kind: 'symbol' as const, symbol } };
  if (made.size >= mostMade) made.clear();
  made.set(id, value);
  return value;
}

function isSame(symbol: SymbolInfo, name: string, type: IntegerType, facts: SymbolFacts): boolean {
  return (
    symbol.name === name &&
    symbol.type.bits === type.bits &&
    symbol.type.signed === type.signed &&
    symbol.type.name === type.name &&
    symbol.control === (facts.control ?? 'driver') &&
    symbol.role === (facts.role ?? 'unknown') &&
    symbol.min === facts.min &&
    symbol.max === facts.max &&
    symbol.zeroBits === facts.zeroBits &&
    symbol.origin === facts.origin &&
    symbol.before === facts.before &&
    areSame(symbol.indexes, facts.indexes)
  );
}

function isPageMemory(call: string): boolean {
  const allocator = allocatorOf(call);
  return allocator !== undefined && pageAligned.has(allocator.memory);
}

function areSame(left: readonly Term[] = [], right: readonly Term[] = []): boolean {
  return left.length === right.length && left.every((term, at) => right[at] !== undefined && sameTerm(term, right[at]));
}
