/** `mmap-unaligned-phys`: what is mapped begins inside of a page, and the mapping begins with the page. */
import { constantOf, type Term } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import { termKey } from '../execution/term-key.ts';
import { printTerm } from '../execution/term-print.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../kernel/constants.ts';
import type { Report, Rule } from './rule.ts';
import { argumentOf, mappingCall, termOf } from './support/mapping-calls.ts';
import { callsOnPaths, oncePerPlace, type PathCall } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

const pageMask = PAGE_SIZE - 1n;

export const mmapUnalignedPhys: Rule = {
  name: 'mmap-unaligned-phys',
  severity: 'warning',
  summary: 'An address inside of a page is mapped, and the program gets the page from its start.',
  provedBy: ['warning'],
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => mappingCall(name) !== undefined),
      (call): Report | undefined => {
        const { event } = call;
        const address = argumentOf(event, 'address', version);
        const place = termOf(address?.value);
        if (address && place && oddBytes(place) !== undefined)
          return reportOn(
            call,
            event.argumentSpans[address.index] ?? event.nameSpan,
            `Mappings begin at page boundaries, and this address of the program lies ${oddBytes(place)} bytes behind one: \`${event.name}()\` refuses it or maps the page around it. Pass an address that is a multiple of PAGE_SIZE.`,
          );
        const pfn = argumentOf(event, 'pfn', version);
        const physical = argumentOf(event, 'physical-address', version) ?? pfn;
        const target = termOf(physical?.value);
        const bytes = target && physical === pfn ? shifted(target) : target;
        const odd = bytes && oddBytes(bytes);
        if (!physical || !bytes) return undefined;
        if (odd === undefined)
          return isTakenForOdd(call, bytes)
            ? reportOn(
                call,
                event.argumentSpans[physical.index] ?? event.nameSpan,
                `The length is compared with \`${printTerm(bytes)}\` rounded to whole pages on both sides, so that the address may lie inside of a page: the program gets what lies before it and behind its end in these pages too. Refuse what is not aligned, and compare the length with the size itself.`,
              )
            : undefined;
        return reportOn(
          call,
          event.argumentSpans[physical.index] ?? event.nameSpan,
          `\`${printTerm(bytes)}\` lies inside of a page: the shift drops the last 12 bits, so the program gets the registers before it too, and finds its own ${odd} bytes further on. Refuse what is not aligned, or tell the program the offset in the page.`,
        );
      },
    );
  },
};

/** The address in bytes that a pfn is computed from. */
function shifted(pfn: Term): Term | undefined {
  if (pfn.kind !== 'operation') return undefined;
  const [value, by] = pfn.operands;
  if (pfn.operator === 'cast') return value && shifted(value);
  return pfn.operator === 'shr' && by && constantOf(by) === PAGE_SHIFT ? value : undefined;
}

/** A condition adds the offset in the page of `address` to a size, and none asks for 0: the code knows that the address may be odd. */
function isTakenForOdd({ path, event }: PathCall, address: Term): boolean {
  const key = termKey(address);
  const conditions = path.conditions.slice(0, event.after).map((condition) => condition.term);
  const refuses = (term: Term): boolean =>
    term.kind === 'operation' && term.operator === 'eq' && term.operands[0] !== undefined && isOffsetInPage(term.operands[0], key);
  return conditions.some((term) => addsOffset(term, key)) && !conditions.some(refuses) && !isTold(address);
}

/** Programs read where a frame buffer lies with FBIOGET_FSCREENINFO, and find it in its first page. */
function isTold(address: Term): boolean {
  return [...symbolsOf(address).values()].some(({ name }) => /\b(?:smem_start|mmio_start)$/.test(name));
}

function addsOffset(term: Term, key: string): boolean {
  if (term.kind !== 'operation') return false;
  return term.operands.some((each) => (term.operator === 'add' && isOffsetInPage(each, key)) || addsOffset(each, key));
}

/** `address & ~PAGE_MASK`. */
function isOffsetInPage(term: Term, key: string): boolean {
  if (term.kind !== 'operation') return false;
  const [value, mask] = term.operands;
  if (term.operator === 'cast') return value !== undefined && isOffsetInPage(value, key);
  return term.operator === 'and' && value !== undefined && termKey(value) === key && mask !== undefined && constantOf(mask) === pageMask;
}

/** How far behind a page boundary a sum lies by the constant in it; not for one that rounds up. */
function oddBytes(term: Term): bigint | undefined {
  if (term.kind !== 'operation' || term.operator !== 'add') return undefined;
  const [, right] = term.operands;
  const number = right && constantOf(right);
  const odd = number === undefined ? 0n : number & pageMask;
  return odd === 0n || odd === pageMask ? undefined : odd;
}
