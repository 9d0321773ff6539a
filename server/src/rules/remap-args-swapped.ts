/** `remap-args-swapped`: a call that takes a pfn is given bytes, or the other way round. */

import type { Driver } from '../driver/model.ts';
import { constantOf, type SymbolInfo, type Term } from '../execution/term.ts';
import { sameTerm } from '../execution/term-key.ts';
import { knownBits } from '../execution/term-range.ts';
import { PAGE_SHIFT } from '../kernel/constants.ts';
import type { Place, Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing, textAt } from './support/fixes/fixes.ts';
import { argumentOf, termOf } from './support/mapping-calls.ts';
import { callsOnPaths, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

const takingPfn: ReadonlySet<string> = new Set([
  'remap_pfn_range',
  'io_remap_pfn_range',
  'vmf_insert_pfn',
  'vmf_insert_pfn_prot',
  'vm_insert_pfn',
]);
const takingBytes: ReadonlySet<string> = new Set(['vm_iomap_memory', 'remap_page_range', 'io_remap_page_range']);
/** Calls that return a physical address, in bytes. */
const inBytes: ReadonlySet<string> = new Set(['virt_to_phys', '__pa', 'page_to_phys', 'virt_to_bus', 'pci_resource_start', '__pa_symbol']);
/** Calls that return a pfn. */
const inPages: ReadonlySet<string> = new Set(['page_to_pfn', 'vmalloc_to_pfn', 'virt_to_pfn']);

export const remapArgsSwapped: Rule = {
  name: 'remap-args-swapped',
  severity: 'error',
  summary: 'A mapping call is given a physical address where it takes a pfn, or a pfn where it takes an address.',
  provedBy: ['foreign-memory'],
  check(context) {
    const { driver } = context;
    const { version } = driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => takingPfn.has(name) || takingBytes.has(name)),
      (call): Report | undefined => {
        const { event } = call;
        const pfn = takingPfn.has(event.name) ? argumentOf(event, 'pfn', version) : undefined;
        const bytes = takingBytes.has(event.name) ? argumentOf(event, 'physical-address', version) : undefined;
        const given = termOf((pfn ?? bytes)?.value);
        if (!given) return undefined;
        const offset = call.entry.symbols.pgoff?.term;
        if (pfn && offset && addsInBytes(given, offset))
          return report(
            driver,
            call,
            pfn.index,
            undefined,
            `\`${event.name}()\` takes a pfn, and the offset of the mapping is added to it in bytes: each page of it counts as 4096. Add vma->vm_pgoff, or shift the whole address right by PAGE_SHIFT.`,
          );
        const address = pfn && addressIn(given);
        if (pfn && address)
          return report(
            driver,
            call,
            pfn.index,
            '>>',
            `\`${event.name}()\` takes a pfn, and \`${address.name}\` is a ${address.type.name}, an address in bytes: what is mapped lies 4096 times as far. Shift it right by PAGE_SHIFT.`,
          );
        if (pfn && isCutToPages(given))
          return report(
            driver,
            call,
            pfn.index,
            '>>',
            `\`${event.name}()\` takes a pfn, and this number is cut to whole pages with PAGE_MASK, as an address in bytes is: what is mapped lies 4096 times as far. Shift it right by PAGE_SHIFT.`,
          );
        const source = sourceOf(given);
        if (source === undefined) return undefined;
        if (pfn && inBytes.has(source))
          return report(
            driver,
            call,
            pfn.index,
            '>>',
            `\`${event.name}()\` takes a pfn, and ${source}() gives an address in bytes: what is mapped lies 4096 times as far. Shift it right by PAGE_SHIFT.`,
          );
        if (bytes && inPages.has(source))
          return report(
            driver,
            call,
            bytes.index,
            '<<',
            `\`${event.name}()\` takes an address in bytes, and ${source}() gives a pfn: what is mapped is low memory. Shift it left by PAGE_SHIFT.`,
          );
        return undefined;
      },
    );
  },
};

function report(driver: Driver, call: PathCall, index: number, shift: '<<' | '>>' | undefined, message: string): Report {
  const { file, argumentSpans, nameSpan } = call.event;
  const span = argumentSpans[index];
  return reportOn(call, span ?? nameSpan, message, { fixes: span && shift ? shifting(driver, { file, span }, shift) : noFix });
}

/** A pfn is made as wide as an address before it is shifted. */
function shifting(driver: Driver, place: Place, shift: '<<' | '>>'): readonly ReportFix[] {
  const text = textAt(driver, place);
  const whole = /^\w+(?:(?:->|\.)\w+)*(?:\([^()]*\))?$/.test(text) ? text : `(${text})`;
  const cast = shift === '<<' ? '(phys_addr_t)' : '';
  const title = `Shift ${shift === '<<' ? 'left' : 'right'} by PAGE_SHIFT`;
  return replacing(place, `${cast}${whole} ${shift} PAGE_SHIFT`, { title });
}

/** Types that say that a number is an address in bytes. */
const addressTypes: ReadonlySet<string> = new Set(['phys_addr_t', 'resource_size_t', 'dma_addr_t']);

/** The driver's own address that a value is, when nothing but offsets were added to it; not one whose name says that it counts pages. */
function addressIn(term: Term): SymbolInfo | undefined {
  const given = leadingIn(term);
  if (given?.kind !== 'symbol') return undefined;
  const { symbol } = given;
  const isAddress = symbol.type.name !== undefined && addressTypes.has(symbol.type.name);
  return isAddress && symbol.control === 'driver' && symbol.origin === undefined && !/pfn|page|frame/i.test(symbol.name)
    ? symbol
    : undefined;
}

/** Whether the offset of the mapping takes part in a sum as `pgoff << PAGE_SHIFT`. */
function addsInBytes(term: Term, offset: Term): boolean {
  if (term.kind !== 'operation') return false;
  const [left, right] = term.operands;
  if (!left) return false;
  if (term.operator === 'cast') return addsInBytes(left, offset);
  if (term.operator === 'add' && right) return addsInBytes(left, offset) || addsInBytes(right, offset);
  return term.operator === 'shl' && right !== undefined && constantOf(right) === BigInt(PAGE_SHIFT) && sameTerm(withoutCast(left), offset);
}

function withoutCast(term: Term): Term {
  const [inner] = term.kind === 'operation' && term.operator === 'cast' ? term.operands : [];
  return inner ? withoutCast(inner) : term;
}

const pageMask = (1n << BigInt(PAGE_SHIFT)) - 1n;

/** Whether a mask has cleared exactly the bits below a page; of a pfn, one of a huge page clears more or fewer. */
function isCutToPages(term: Term): boolean {
  const given = leadingIn(term);
  if (given?.kind !== 'operation' || given.operator !== 'and') return false;
  const { zeros } = knownBits(given);
  return (zeros & pageMask) === pageMask && (zeros & (pageMask + 1n)) === 0n;
}

/** The call that a value comes from, when nothing but offsets were added to it. */
function sourceOf(term: Term): string | undefined {
  const given = leadingIn(term);
  if (given?.kind === 'symbol') return isResourceStart(given.symbol) ? 'pci_resource_start' : given.symbol.origin;
  return given?.kind === 'operation' && given.operator === 'apply' ? given.name : undefined;
}

/** What a value is, without casts and what was added to it. */
function leadingIn(term: Term): Term | undefined {
  if (term.kind !== 'operation') return term;
  const [first, second] = term.operands;
  if (term.operator === 'cast' && first) return leadingIn(first);
  if (term.operator === 'add' && first && second) return leadingIn(constantOf(first) === undefined ? first : second);
  return term;
}

/** `pci_resource_start()` is a macro that reads this field. */
function isResourceStart({ role, name }: SymbolInfo): boolean {
  return role === 'physicalAddress' && /\bresource\[\w+\]\.start$/.test(name);
}
