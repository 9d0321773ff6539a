/**
 * Loops that map a piece in each round: what ends them, and what they map. Told from one round of the path, from the call to
 * the same call again.
 */
import type { CallEvent, Path } from '../../../analysis/path.ts';
import { isMadeOn } from '../../../analysis/query.ts';
import type { SymbolInfo, Term } from '../../../execution/term.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import type { MemoryObject } from '../../../execution/value.ts';
import type { KernelVersion } from '../../../kernel/version.ts';
import { argumentOf } from '../mapping-calls.ts';
import type { PathCall } from '../path-calls.ts';

/**
 * Whether the rounds are counted by the length of the vma, and nothing of the driver's own takes part in what decides
 * between one call and the next: no number of pages, no list, no element that could be missing.
 */
export function isBoundedByVmaAlone({ entry, path, event }: PathCall): boolean {
  const first = event.iteration === 'some' ? firstRound(path, event) : undefined;
  const pages = entry.symbols.pages;
  if (!first || !pages) return false;
  const length = symbolsOf(pages.term);
  // A loop before this one that counted the same length down, along a list say, may have been the check.
  const before = path.conditions.slice(0, first.after);
  if (
    before.some(({ term }) =>
      [...symbolsOf(term).values()].some((symbol) => symbol.before && originsOf(symbol.before).some(({ id }) => length.has(id))),
    )
  )
    return false;
  let byVma = false;
  for (const { term } of path.conditions.slice(first.after, event.after)) {
    for (const symbol of originsOf(term)) {
      if (length.has(symbol.id)) byVma = true;
      else if (symbol.control === 'driver' && !isResult(symbol)) return false;
    }
  }
  return byVma;
}

/** Whether the length is compared as it is in what decides between one call and the next, and not cut off to fewer bits. */
export function isCountedInFull({ entry, path, event }: PathCall): boolean {
  const first = event.iteration === 'some' ? firstRound(path, event) : undefined;
  const { pages } = entry.symbols;
  if (!first || !pages) return false;
  const length = symbolsOf(pages.term);
  const cuts = (term: Term): boolean =>
    term.kind === 'operation' &&
    ((term.operator === 'cast' && term.type.bits < pages.type.bits && [...symbolsOf(term).keys()].some((id) => length.has(id))) ||
      term.operands.some(cuts));
  return path.conditions.slice(first.after, event.after).every(({ term }) => !cuts(term));
}

/** Whether what is mapped was there before: not a page that the handler has just allocated, nor one that somebody unknown found. */
export function isOfFixedBuffer({ path, event }: PathCall, version: KernelVersion): boolean {
  const page = argumentOf(event, 'page', version)?.value;
  if (page?.kind === 'pointer') return !isMadeOn(path, page.place.object);
  const pfn = argumentOf(event, 'pfn', version)?.value;
  if (pfn?.kind !== 'integer') return false;
  const symbols = symbolsOf(pfn.term);
  return ![...symbols.values()].some(isResult) && !pagesBehind(path, symbols).some((each) => isMadeInRound(path, each));
}

/** Calls that find what is kept under a number, and nothing where there is nothing. */
const lookingUp = /^(?:radix_tree_lookup|xa_load|idr_find|find_(?:get|lock)_page|filemap_(?:get|lock)_folio)$/;

/** Whether each round of the loop allocates the object, or looks it up. */
function isMadeInRound(path: Path, object: MemoryObject): boolean {
  const made = path.events.find(
    (each): each is CallEvent =>
      each.kind === 'call' && each.iteration !== undefined && each.result.kind === 'pointer' && each.result.place.object === object,
  );
  return made !== undefined && (lookingUp.test(made.name) || isMadeOn(path, object));
}

/** The pages that a pfn was asked for: what calls were given whose result is a part of it. */
function pagesBehind({ events }: Path, symbols: ReadonlyMap<string, SymbolInfo>): readonly MemoryObject[] {
  return events.flatMap((each) => {
    if (each.kind !== 'call' || each.result.kind !== 'integer') return [];
    const isPart = [...symbolsOf(each.result.term).keys()].some((id) => symbols.has(id));
    return isPart ? each.arguments.flatMap((value) => (value.kind === 'pointer' ? [value.place.object] : [])) : [];
  });
}

function firstRound(path: Path, event: CallEvent): CallEvent | undefined {
  for (const each of path.events) {
    if (each === event) break;
    if (each.kind === 'call' && each.nameSpan.start === event.nameSpan.start && each.file === event.file) return each;
  }
  return undefined;
}

/** The symbols of a term; for what a loop changes, those of its value before too. */
function originsOf(term: Term): readonly SymbolInfo[] {
  const found = new Map<string, SymbolInfo>();
  const waiting = [term];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const [id, symbol] of symbolsOf(next)) {
      if (found.has(id)) continue;
      found.set(id, symbol);
      if (symbol.before) waiting.push(symbol.before);
    }
  }
  return [...found.values()].filter((symbol) => !symbol.before);
}

/** What a call said of itself; a truth value may be the end of a list. */
function isResult(symbol: SymbolInfo): boolean {
  return symbol.role === 'status' && symbol.type.bits > 1;
}
