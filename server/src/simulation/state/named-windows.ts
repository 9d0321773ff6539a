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
const sizeName = /(?:^|_)(?:size|len|length|range)(?=_|$)/gi;
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
  const sizes = sizesByPrefix(numbers);
  const windows = [...numbers].flatMap(([name, number]): NamedWindow[] => {
    const isPfn = pfnName.test(name);
    if ((!isPfn && !addressName.test(name)) || otherName.test(name)) return [];
    const start = isPfn ? number << PAGE_SHIFT : number & ~(PAGE_SIZE - 1n);
    if (start < lowest || start >= highest) return [];
    const bytes = sizes.get(name.replace(/_?(base|addr|address|phys|start|pfn|pa)(_.*)?$/i, ''));
    return [{ name, start, ...(bytes === undefined ? {} : { bytes }) }];
  });
  return windows.toSorted((left, right) => (left.start < right.start ? -1 : 1));
}

/** The first size of each beginning of a name: `CAM_SIZE` of all up to `CAM_`. */
function sizesByPrefix(numbers: ReadonlyMap<string, bigint>): ReadonlyMap<string, bigint> {
  const sizes = new Map<string, bigint>();
  for (const [name, value] of numbers) {
    const word = [...name.matchAll(sizeName)].at(-1);
    if (!word || value === 0n) continue;
    const longest = word.index + (word[0].startsWith('_') ? 1 : 0);
    for (let length = 1; length <= longest; length++) {
      const prefix = name.slice(0, length);
      if (!sizes.has(prefix)) sizes.set(prefix, value);
    }
  }
  return sizes;
}
