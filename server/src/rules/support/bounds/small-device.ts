/**
 * Bounds that a path checks in the wrong unit or by the wrong number: the device is taken to be so small that nothing that
 * it holds is larger than a few pages, and what still passes by far more than that is not bounded by the device. Numbers
 * of which nobody knows whether they count bytes or pages are small as both. Knows terms, no rules.
 */
import * as query from '../../../analysis/query.ts';
import { constant, constantOf, type SymbolInfo, type Term } from '../../../execution/term.ts';
import { constantsOf, symbolsOf } from '../../../execution/term-evaluate.ts';
import { termKey } from '../../../execution/term-key.ts';
import { PAGE_SHIFT } from '../../../kernel/constants.ts';

/** Bytes of everything that is surely counted in bytes: 16 pages. */
const smallBytes = 1n << 16n;
/** What counts pages, and what is divided by the size of a page. */
const smallPages = 16n;
/** What may count bytes or pages. */
const smallEither = 1n << 8n;
/** Where memory of such a device lies at most, in bytes and in pages. */
const lastByte = 0xe0000000n + smallBytes;
const lastPage = lastByte >> BigInt(PAGE_SHIFT);
/** Bytes. No product of the device's numbers reaches it, and 64 Ki pages are far more. */
const farBytes = 1n << 26n;
/** Pages, likewise. */
const farPages = 1n << 15n;
/** Larger constants are masks of a type, not sizes. */
const largestSize = 1n << 40n;

/** More bytes than the conditions could let through on purpose. */
export function farLength(conditions: readonly Term[], bytes: Term): bigint {
  return larger(farBytes, largestConstant([...conditions, bytes]) << BigInt(PAGE_SHIFT));
}

/** A pfn further behind the memory of the device than the conditions could let through on purpose. */
export function farTarget(conditions: readonly Term[], pfn: Term): bigint {
  const most = largestConstant([...conditions, pfn]);
  return larger(lastPage, baseOf(pfn)) + larger(farPages, most << 1n) * larger(1n, factorIn(pfn));
}

/**
 * What must hold for the device to be small, of everything that takes part with the user's numbers in the terms.
 * `undefined` where that cannot be said: a loop has changed them, or an address takes part in what is compared.
 */
export function smallDevice(terms: readonly Term[]): readonly query.Goal[] | undefined {
  const own = new Map<Term, readonly query.Goal[]>();
  for (const term of terms) {
    const parts = smallParts(term);
    if (parts === 'unknown') return undefined;
    for (const [part, goals] of parts) own.set(part, goals);
  }
  return [...own.values()].flat();
}

type SmallParts = readonly (readonly [Term, readonly query.Goal[]])[] | 'unknown';

/** Conditions are shared by paths, and asked about for each. */
const known = new WeakMap<Term, SmallParts>();

/** The device's parts of one term, each with what holds for it when the device is small. */
function smallParts(term: Term): SmallParts {
  let parts = known.get(term);
  if (!parts) {
    parts = findSmallParts(term);
    known.set(term, parts);
  }
  return parts;
}

function findSmallParts(term: Term): SmallParts {
  const symbols = [...symbolsOf(term).values()];
  if (symbols.some(({ before }) => before !== undefined)) return 'unknown';
  const parts = symbols.some(isUsers) ? deviceParts(term) : [];
  // Where memory lies says nothing about how much there is.
  if (term.kind === 'operation' && term.comparand && parts.some(isSomewhere)) return 'unknown';
  // What bytes of the user are compared with counts bytes: as a number of pages it would let nothing through.
  const unit = term.kind === 'operation' && term.comparand && isInBytes(term, wholly) ? smallBytes : smallEither;
  return parts.map((part) => {
    const limit = limitOf(part);
    const most = query.lessThan(part, constant((limit === smallEither ? unit : limit) + 1n));
    return [part, [query.really(most), query.really(query.lessThan(constant(-1n), part))]];
  });
}

/**
 * The numbers of the device that conditions compare with the offset and with the length, each in bytes (`shift` 12) or in
 * pages (0).
 */
export function limitsOnBoth(
  conditions: readonly Term[],
  pgoff: Term,
  pages: Term,
): readonly { readonly limit: Term; readonly shift: number }[] {
  const found = new Map<string, { limit: Term; shift: number; byOffset: boolean; byLength: boolean; below: boolean }>();
  for (const condition of conditions) {
    if (condition.kind !== 'operation' || (condition.operator !== 'lt' && condition.operator !== 'le')) continue;
    const [less, more] = condition.operands;
    if (!less || !more) continue;
    const isLimited = (symbol: Term): boolean => uses(condition, symbol) && growsWith(symbol, less) && growsWith(symbol, more, -1);
    const shift = isInBytes(condition) ? Number(PAGE_SHIFT) : 0;
    const parts = deviceParts(condition);
    for (const limit of parts) {
      const key = `${shift} ${termKey(limit)}`;
      const known = found.get(key) ?? { limit, shift, byOffset: false, byLength: false, below: false };
      found.set(key, {
        ...known,
        // What is left of the offset behind another number of the device is not the offset.
        byOffset: known.byOffset || (parts.length === 1 && isLimited(pgoff)),
        byLength: known.byLength || isLimited(pages),
        // An offset behind the limit is meant for something else.
        below: known.below || (uses(more, pgoff) && growsWith(pgoff, more) && !uses(condition, pages)),
      });
    }
  }
  const both = [...found.values()].filter(({ byOffset, byLength, below }) => byOffset && byLength && !below);
  return [...both, ...windowsOf(conditions, pgoff, pages)];
}

/**
 * The ends of windows that are told in numbers: the offset lies between two of them, and the length is compared with how far they are
 * apart.
 */
function windowsOf(conditions: readonly Term[], pgoff: Term, pages: Term): readonly { readonly limit: Term; readonly shift: number }[] {
  const bounds = conditions.flatMap((condition) => {
    if (condition.kind !== 'operation' || (condition.operator !== 'lt' && condition.operator !== 'le')) return [];
    const [less, more] = condition.operands;
    const least = less && constantOf(less);
    const most = more && constantOf(more);
    const term = least === undefined ? less : more;
    if (!term || (least === undefined) === (most === undefined)) return [];
    const of = uses(term, pgoff) ? (uses(term, pages) ? undefined : 'offset') : uses(term, pages) ? 'length' : undefined;
    if (!of || !growsWith(of === 'offset' ? pgoff : pages, term)) return [];
    return [{ of, least, most, shift: isInBytes(term) ? Number(PAGE_SHIFT) : 0 }];
  });
  return bounds.flatMap(({ of, most, shift }) => {
    if (of !== 'offset' || most === undefined) return [];
    const isApart = (width: bigint | undefined): boolean =>
      bounds.some(
        (each) =>
          each.of === 'offset' && each.shift === shift && each.least !== undefined && each.least > 0n && most - each.least === width,
      );
    const isWindow = bounds.some((each) => each.of === 'length' && each.shift === shift && isApart(each.most));
    return isWindow ? [{ limit: constant(most), shift }] : [];
  });
}

function uses(term: Term, symbol: Term): boolean {
  const own = symbolsOf(term);
  return [...symbolsOf(symbol).keys()].some((id) => own.has(id));
}

/** Whether a term grows with the symbol as a whole, which is added and turned into bytes, and not cut into parts. */
export function growsWith(symbol: Term, term: Term, sign: 1 | -1 = 1): boolean {
  const [id] = symbolsOf(symbol).keys();
  if (id === undefined || !symbolsOf(term).has(id)) return true;
  if (term.kind !== 'operation') return sign === 1;
  const [left, right] = term.operands;
  if (!left) return false;
  if (term.operator === 'cast' || isShiftedBy(term, 'shl')) return growsWith(symbol, left, sign);
  if (!right || (term.operator !== 'add' && term.operator !== 'sub')) return false;
  return growsWith(symbol, left, sign) && growsWith(symbol, right, term.operator === 'add' ? sign : sign === 1 ? -1 : 1);
}

/** What leaves bytes bytes: a sum, and a comparison of it. */
const wholly: ReadonlySet<string> = new Set(['add', 'sub', 'cast', 'lt', 'le']);

/** Whether the user's numbers are shifted to bytes in it, and no other operation than these is done to them then. */
function isInBytes(term: Term, operators?: ReadonlySet<string>): boolean {
  if (term.kind !== 'operation') return false;
  const [left] = term.operands;
  if (isShiftedBy(term, 'shl') && left && [...symbolsOf(left).values()].some(isUsers)) return true;
  if (operators?.has(term.operator) === false) return false;
  return term.operands.some((each) => isInBytes(each, operators));
}

function isUsers(symbol: SymbolInfo): boolean {
  return symbol.control === 'user';
}

/** The largest parts of a term that are made of the device's numbers alone. */
function deviceParts(term: Term): readonly Term[] {
  if (term.kind === 'constant') return [];
  const symbols = [...symbolsOf(term).values()];
  if (symbols.every((symbol) => symbol.role === 'status' || symbol.role === 'flags' || symbol.type.bits === 1)) return [];
  if (!symbols.some(isUsers)) return [term];
  return term.kind === 'operation' ? term.operands.flatMap(deviceParts) : [];
}

function limitOf(part: Term): bigint {
  const symbols = [...symbolsOf(part).values()];
  if (isSomewhere(part)) return isShiftedBy(part, 'shr') || symbols.some(({ role }) => role === 'pfn') ? lastPage : lastByte;
  if (isShiftedBy(part, 'shr')) return smallPages;
  if (isDifference(part)) return smallBytes;
  if (symbols.every(({ role }) => role === 'count')) return smallPages;
  return symbols.some(isBytes) ? smallBytes : smallEither;
}

function isAddress({ role }: SymbolInfo): boolean {
  return role === 'physicalAddress' || role === 'address' || role === 'pointer' || role === 'pfn';
}

/** An address, and not how far two of them are apart. */
function isSomewhere(part: Term): boolean {
  return [...symbolsOf(part).values()].some(isAddress) && !isDifference(part);
}

/** Types of the kernel that count bytes, whatever they are called. */
const byteTypes: ReadonlySet<string> = new Set(['size_t', 'loff_t', 'resource_size_t', 'phys_addr_t', 'dma_addr_t']);

/** Its origin, its type or its name says that it counts bytes. */
function isBytes({ origin, name, role, type }: SymbolInfo): boolean {
  if (role !== 'length') return false;
  return /^(?:pci_resource_len|resource_size|PAGE_ALIGN)$/.test(origin ?? '') || byteTypes.has(type.name ?? '') || /bytes$/.test(name);
}

/** `end - start + 1` of a resource, rounded or not. */
function isDifference(term: Term): boolean {
  if (term.kind !== 'operation') return false;
  const [left, right] = term.operands;
  if (term.operator === 'sub' && left && right) return [left, right].every((each) => [...symbolsOf(each).values()].some(isAddress));
  return term.operands.some((each) => constantOf(each) === undefined && isDifference(each));
}

function isShiftedBy(term: Term, operator: 'shl' | 'shr'): boolean {
  const count = term.kind === 'operation' && term.operator === operator ? term.operands[1] : undefined;
  return count !== undefined && constantOf(count) === BigInt(PAGE_SHIFT);
}

/** What the addresses in a term come to at most, in its unit. */
function baseOf(term: Term): bigint {
  if (![...symbolsOf(term).values()].some(isUsers)) return isSomewhere(term) ? limitOf(term) : 0n;
  if (term.kind !== 'operation') return 0n;
  const [left, right] = term.operands;
  const by = right && constantOf(right);
  if (term.operator === 'shr' && left && by !== undefined) return baseOf(left) >> by;
  return term.operands.reduce((sum, each) => sum + baseOf(each), 0n);
}

/** What a constant multiplies the user's number by on the way to a pfn. */
function factorIn(term: Term): bigint {
  if (term.kind !== 'operation') return 1n;
  const [left, right] = term.operands;
  const by = right && constantOf(right);
  const inner = term.operands.reduce((most, each) => larger(most, factorIn(each)), 1n);
  if (by === undefined || !left || ![...symbolsOf(left).values()].some(isUsers)) return inner;
  if (term.operator === 'mul') return inner * by;
  return term.operator === 'shl' && !isShiftedBy(term, 'shl') && by < 64n ? inner << by : inner;
}

function largestConstant(terms: readonly Term[]): bigint {
  return terms.reduce((most, term) => larger(most, largestIn(term)), 0n);
}

const largest = new WeakMap<Term, bigint>();

function largestIn(term: Term): bigint {
  let most = largest.get(term);
  if (most === undefined) {
    most = [...constantsOf(unmasked(term))].reduce((before, value) => (value < largestSize ? larger(before, value) : before), 0n);
    largest.set(term, most);
  }
  return most;
}

/** The term without the masks that cut low bits out of the user's numbers: how many bits an offset has says nothing about the device. */
function unmasked(term: Term): Term {
  if (term.kind !== 'operation' || ![...symbolsOf(term).values()].some(isUsers)) return term;
  const [left, right] = term.operands;
  const mask = term.operator === 'and' && right ? constantOf(right) : undefined;
  if (left && mask !== undefined && (mask & (mask + 1n)) === 0n) return unmasked(left);
  return { ...term, operands: term.operands.map(unmasked) };
}

function larger(a: bigint, b: bigint): bigint {
  return a < b ? b : a;
}
