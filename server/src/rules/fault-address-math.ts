/** `fault-address-math`: a hook of the vma counts from its start, and leaves the vma's offset out. */

import { indexesOf } from '../analysis/indexes.ts';
import type { EntryAnalysis, PathEvent } from '../analysis/path.ts';
import type { Driver, Handler } from '../driver/model.ts';
import type { Term } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { IntegerValue } from '../execution/value.ts';
import type { KernelVersion } from '../kernel/version.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing } from './support/fixes/fixes.ts';
import { argumentOf, targetOf } from './support/mapping-calls.ts';
import { functionOf } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';
import { usesOf } from './support/text/uses.ts';

export const faultAddressMath: Rule = {
  name: 'fault-address-math',
  severity: 'warning',
  summary: 'A hook of the vma finds its page by the distance from the start of the vma, and ignores the offset of the vma.',
  provedBy: ['expected'],
  byEntry: true,
  check({ driver, entries }) {
    return entries.flatMap((entry): Report[] => {
      const { handler } = entry.entry;
      const askFor = handler && distanceOf(driver, handler);
      if (!askFor || neverSplits(driver, handler.registeredAt?.table)) return [];
      const chosen = entry.paths.flatMap(({ events }) => events.filter((event) => isChosenByDistance(entry, events, event, askFor)));
      // The handler itself is the place to mend, where it shows there.
      const found = chosen.find((event) => functionOf(event) === handler.function) ?? chosen[0];
      if (!found) return [];
      const span = found.kind === 'call' ? found.nameSpan : found.span;
      const isAccess = handler.kind === 'access';
      const what = isAccess ? 'The bytes are' : 'The page is';
      const remedy = isAccess ? 'Add vma->vm_pgoff, which grows with vm_start.' : 'Count with vmf->pgoff, which stays right.';
      const message = `${what} found by the distance from \`vm_start\`: after munmap or mremap of the first part of the mapping the rest starts later, and is given the pages of the start. ${remedy}`;
      return [
        reportOn(
          { entry, event: found },
          span,
          message,
          /fault$|^nopage$/.test(handler.kind) ? { witness: behindTheFirst, fixes: countingByOffset(driver, handler) } : {},
        ),
      ];
    });
  },
};

/** Where a file of the driver's own is mapped, whose offsets count from 0: takes the page from the offset of the fault. */
function countingByOffset(driver: Driver, handler: Handler): readonly ReportFix[] {
  const uses = usesOf(driver, handler.function);
  const table = handler.registeredAt?.table;
  const isOfFile = driver.handlers.some(
    ({ slot, function: name }) =>
      slot === 'file_operations.mmap' && table !== undefined && driver.text.functionsNaming([table]).includes(name),
  );
  const distances = (uses?.expressions ?? []).flatMap((each) => {
    const vmf = each.kind === 'binary' && each.operator === '>>' ? vmfOfDistance(each.left) : undefined;
    return vmf === undefined ? [] : [{ span: each.span, vmf }];
  });
  const [distance, ...others] = distances;
  if (!uses || !isOfFile || !distance || others.length > 0) return noFix;
  const title = 'Count with vmf->pgoff (check that offset 0 is the start of the buffer)';
  return replacing({ file: uses.file, span: distance.span }, `${distance.vmf}->pgoff`, { title, safe: false });
}

/** The vmf of `vmf->address - vma->vm_start`. */
function vmfOfDistance(each: Expression): string | undefined {
  if (each.kind !== 'binary' || each.operator !== '-' || each.right.kind !== 'member' || each.right.field !== 'vm_start') return undefined;
  const address = each.left.kind === 'cast' ? each.left.operand : each.left;
  if (address.kind !== 'member' || !/^(?:virtual_)?address$/.test(address.field)) return undefined;
  return address.object.kind === 'name' ? address.object.name : undefined;
}

/** Once the first page is unmapped, the third one is read as the second, which is another page than the first. */
const behindTheFirst = `open rw
a = mmap len 3p off 0p prot rw shared
write a 0x1111
write a+1p 0x2222
read a expect value 0x1111
munmap a len 1p
read a+2p expect value 0x2222
`;

/** Nothing can give a part of the vma another start. */
function neverSplits(driver: Driver, table: string | undefined): boolean {
  return driver.tables.some(({ name, entries }) => name === table && entries.some(({ slot }) => slot === 'may_split' || slot === 'split'));
}

/** How a hook of some kind counts from the start of the vma. */
interface Distance {
  /** The numbers that choose what the event works on. */
  readonly terms: (events: readonly PathEvent[], event: PathEvent) => readonly Term[];
  /** Whether a number counts from the start of the vma, by its symbols. */
  readonly isIn: (entry: EntryAnalysis, symbols: ReadonlySet<string>) => boolean;
}

/** What to look for in this handler; `undefined` where no page is looked for. */
function distanceOf(driver: Driver, { kind, function: name }: Handler): Distance | undefined {
  const { version } = driver.target;
  switch (kind) {
    case 'fault':
    case 'huge_fault':
    case 'nopage':
      return { terms: (events, event) => termsOf(events, event, version), isIn: hasPage };
    case 'page_mkwrite':
    case 'pfn_mkwrite':
      // The page is given; what is noted of it is found.
      return {
        terms: (_events, event) => usedTerms(event),
        isIn: (entry, symbols) => hasPage(entry, symbols) && !hasAny(entry.symbols.start, symbols),
      };
    case 'access': {
      const address = driver.functions.get(name)?.parameters[1]?.name;
      if (address === undefined) return undefined;
      return {
        terms: (_events, event) => (event.kind === 'call' ? usedTerms(event) : []),
        // What is left up to the end of the vma is no distance from its start.
        isIn: (entry, symbols) => symbols.has(address) && hasAny(entry.symbols.start, symbols) && !hasAny(entry.symbols.pages, symbols),
      };
    }
    default:
      return undefined;
  }
}

/** Whether memory is chosen here by the page in the vma alone, and neither by the offset of the vma nor by what the driver noted of it. */
function isChosenByDistance(entry: EntryAnalysis, events: readonly PathEvent[], event: PathEvent, { terms, isIn }: Distance): boolean {
  return terms(events, event).some((term) => {
    const own = new Set(symbolsOf(term).keys());
    return isIn(entry, own) && !hasAny(entry.symbols.pgoff, own);
  });
}

/** Whether the number of the page in the vma is among the symbols. */
function hasPage({ symbols: { faultPgoff, pgoff } }: EntryAnalysis, symbols: ReadonlySet<string>): boolean {
  if (!faultPgoff || !pgoff) return false;
  const offset = symbolsOf(pgoff.term);
  return [...symbolsOf(faultPgoff.term).keys()].some((id) => !offset.has(id) && symbols.has(id));
}

function hasAny(value: IntegerValue | undefined, symbols: ReadonlySet<string>): boolean {
  return value !== undefined && [...symbolsOf(value.term).keys()].some((id) => symbols.has(id));
}

/** Calls that tell of a number and do nothing by it. */
const telling = /(?:^|_)(?:printk|pr|dbg|debug|err|warn|info|notice|trace|log)(?:_|$)|^dev_|^trace_/;

/** The numbers that a call is given, or that are written. */
function usedTerms(event: PathEvent): readonly Term[] {
  if (event.kind === 'write') return indexesOf(event.value);
  return event.kind === 'call' && !telling.test(event.name) ? event.arguments.flatMap(indexesOf) : [];
}

/** The numbers that choose what the event maps. */
function termsOf(events: readonly PathEvent[], event: PathEvent, version: KernelVersion): readonly Term[] {
  if (event.kind === 'write') return /(?:->|\.)page$/.test(event.name) ? indexesOf(event.value) : [];
  if (event.kind !== 'call') return [];
  const target = targetOf(event, version);
  if (target) return [target.pfn, ...indexesOfPage(events, target.pfn)];
  const page = argumentOf(event, 'page', version)?.value;
  if (page) return indexesOf(page);
  const [address] = event.arguments;
  return address && /^vmalloc_to_(?:page|pfn)$/.test(event.name) ? indexesOf(address) : [];
}

/** For the number of a page that was looked up before: the indexes of the look-up. */
function indexesOfPage(events: readonly PathEvent[], pfn: Term): readonly Term[] {
  const own = symbolsOf(pfn);
  return events.flatMap((event) => {
    if (event.kind !== 'call' || !/^page_to_(?:pfn|phys)$/.test(event.name) || event.result.kind !== 'integer') return [];
    const [page] = event.arguments;
    return page && [...symbolsOf(event.result.term).keys()].some((id) => own.has(id)) ? indexesOf(page) : [];
  });
}
