/**
 * Physical addresses that a driver's files know by themselves, such as `#define CAM_BASE 0x15000000`: on the machine that the driver is
 * written for, its memory lies there. Reads texts; knows no run.
 */
import type { Driver } from '../../driver/model.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../../mm/units.ts';

export interface NamedWindow {
  readonly name: string;
  /** Physical address of a page. */
  readonly start: bigint;
  /** Where the files give it a size of the same name: `CAM_SIZE`. */
  readonly bytes?: bigint;
}

/** `#define NAME 0x…` and `name = 0x…`, with a cast, parentheses and a suffix. */
const literals = /(?:#[ \t]*define[ \t]+(\w+)[ \t]+|\b(\w+)[ \t]*=[ \t]*)\(*(?:[ \t]*\(\w+\))?[ \t]*(0[xX][0-9a-fA-F]{3,16})[uUlL]*\b/g;

const addressName = /(^|_)(\w*base|\w*addr|address|phys|start|pa|regs?|mem|window|aperture)(_|$)/i;
const sizeName = /(^|_)(size|len|length|range)(_|$)/i;
const otherName = /mask|size|len|length|range|end|max|limit|flag|offset|shift|magic|virt/i;
const pfnName = /pfn/i;

/** Below lies nothing that a driver would call its own; above no machine has anything. */
const lowest = 0x10_0000n;
const highest = 1n << 46n;

const known = new WeakMap<Driver, readonly NamedWindow[]>();

/** The windows that the files name, in ascending order. */
export function namedWindows(driver: Driver): readonly NamedWindow[] {
  const found = known.get(driver) ?? read([...driver.files.values()]);
  known.set(driver, found);
  return found;
}

function read(texts: readonly string[]): readonly NamedWindow[] {
  const numbers = new Map<string, bigint>();
  for (const text of texts) {
    for (const [, macro, variable, digits = '0'] of text.matchAll(literals)) {
      const name = macro ?? variable ?? '';
      if (!numbers.has(name)) numbers.set(name, BigInt(digits));
    }
  }
  const windows = [...numbers].flatMap(([name, number]): NamedWindow[] => {
    const isPfn = pfnName.test(name);
    if ((!isPfn && !addressName.test(name)) || otherName.test(name)) return [];
    const start = isPfn ? number << PAGE_SHIFT : number & ~(PAGE_SIZE - 1n);
    if (start < lowest || start >= highest) return [];
    const bytes = sizeOf(name, numbers);
    return [{ name, start, ...(bytes === undefined ? {} : { bytes }) }];
  });
  return windows.toSorted((left, right) => (left.start < right.start ? -1 : 1));
}

/** `CAM_SIZE` of `CAM_BASE`. */
function sizeOf(name: string, numbers: ReadonlyMap<string, bigint>): bigint | undefined {
  const prefix = name.replace(/_?(base|addr|address|phys|start|pfn|pa)(_.*)?$/i, '');
  if (prefix === '') return undefined;
  return [...numbers].find(([other, value]) => value > 0n && other.startsWith(prefix) && sizeName.test(other.slice(prefix.length)))?.[1];
}
