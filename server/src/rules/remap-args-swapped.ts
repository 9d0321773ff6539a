/** `remap-args-swapped`: a call that takes a pfn is given bytes, or the other way round. */

import type { Driver } from '../driver/model.ts';
import { constantOf, type SymbolInfo, type Term } from '../execution/term.ts';
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
        const source = given && sourceOf(given);
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

function report(driver: Driver, call: PathCall, index: number, shift: '<<' | '>>', message: string): Report {
  const { file, argumentSpans, nameSpan } = call.event;
  const span = argumentSpans[index];
  return reportOn(call, span ?? nameSpan, message, { fixes: span ? shifting(driver, { file, span }, shift) : noFix });
}

/** A pfn is made as wide as an address before it is shifted. */
function shifting(driver: Driver, place: Place, shift: '<<' | '>>'): readonly ReportFix[] {
  const text = textAt(driver, place);
  const whole = /^\w+(?:(?:->|\.)\w+)*(?:\([^()]*\))?$/.test(text) ? text : `(${text})`;
  const cast = shift === '<<' ? '(phys_addr_t)' : '';
  const title = `Shift ${shift === '<<' ? 'left' : 'right'} by PAGE_SHIFT`;
  return replacing(place, `${cast}${whole} ${shift} PAGE_SHIFT`, { title });
}

/** The call that a value comes from, when nothing but offsets were added to it. */
function sourceOf(term: Term): string | undefined {
  if (term.kind === 'symbol') return isResourceStart(term.symbol) ? 'pci_resource_start' : term.symbol.origin;
  if (term.kind !== 'operation') return undefined;
  if (term.operator === 'apply') return term.name;
  const [first, second] = term.operands;
  if (term.operator === 'cast' && first) return sourceOf(first);
  if (term.operator === 'add' && first && second) return sourceOf(constantOf(first) === undefined ? first : second);
  return undefined;
}

/** `pci_resource_start()` is a macro that reads this field. */
function isResourceStart({ role, name }: SymbolInfo): boolean {
  return role === 'physicalAddress' && /\bresource\[\w+\]\.start$/.test(name);
}
