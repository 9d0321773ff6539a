/** `fault-address-math`: a fault handler counts pages from the start of the vma, and leaves the vma's offset out. */
import type { EntryAnalysis, PathEvent } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import type { Term } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { KernelVersion } from '../kernel/version.ts';
import type { Report, Rule } from './rule.ts';
import { indexesOf } from './support/bounds/indexes.ts';
import { argumentOf, targetOf } from './support/mapping-calls.ts';
import { functionOf } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

export const faultAddressMath: Rule = {
  name: 'fault-address-math',
  severity: 'warning',
  summary: 'A fault handler finds its page by the distance from the start of the vma, and ignores the offset of the vma.',
  provedBy: ['expected'],
  byEntry: true,
  check({ driver, entries }) {
    return entries.flatMap((entry): Report[] => {
      const { handler } = entry.entry;
      if (handler?.kind !== 'fault' && handler?.kind !== 'huge_fault' && handler?.kind !== 'nopage') return [];
      if (neverSplits(driver, handler.registeredAt?.table)) return [];
      const chosen = entry.paths.flatMap(({ events }) =>
        events.filter((event) => isChosenByDistance(entry, events, event, driver.target.version)),
      );
      // The handler itself is the place to mend, where it shows there.
      const found = chosen.find((event) => functionOf(event) === handler.function) ?? chosen[0];
      if (!found) return [];
      const span = found.kind === 'call' ? found.nameSpan : found.span;
      const message = `The page is found by the distance from \`vm_start\`: after munmap or mremap of the first part of the mapping the rest starts later, and is given the pages of the start. Count with vmf->pgoff, which stays right.`;
      return [reportOn({ entry, event: found }, span, message, { witness: behindTheFirst })];
    });
  },
};

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

/** Whether memory is chosen here by the page in the vma alone, and neither by the offset of the vma nor by what the driver noted of it. */
function isChosenByDistance(entry: EntryAnalysis, events: readonly PathEvent[], event: PathEvent, version: KernelVersion): boolean {
  const { faultPgoff, pgoff } = entry.symbols;
  if (!faultPgoff || !pgoff) return false;
  const offset = new Set(symbolsOf(pgoff.term).keys());
  const page = [...symbolsOf(faultPgoff.term).keys()].filter((id) => !offset.has(id));
  return termsOf(events, event, version).some((term) => {
    const own = symbolsOf(term);
    return page.some((id) => own.has(id)) && ![...own.keys()].some((id) => offset.has(id));
  });
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
