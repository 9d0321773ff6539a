/** `access-no-bounds`: an access hook copies as many bytes as a debugger asks for, and compares the start alone. */
import type { CallEvent, Path, PathEvent } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import type { Term } from '../execution/term.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Value } from '../execution/value.ts';
import type { Report, Rule } from './rule.ts';
import { indexesOf } from './support/bounds/indexes.ts';
import { reportOn } from './support/reports.ts';

/** Calls that copy, and the argument that is the number of bytes. */
const copying: ReadonlyMap<string, number> = new Map([
  ['memcpy', 2],
  ['memmove', 2],
  ['__memcpy', 2],
  ['memcpy_fromio', 2],
  ['memcpy_toio', 2],
  ['memcpy_from_page', 3],
  ['memcpy_to_page', 2],
]);

export const accessNoBounds: Rule = {
  name: 'access-no-bounds',
  severity: 'error',
  summary: 'An access hook copies the length that a debugger asks for, and nothing compares where that ends.',
  versions: { since: { major: 2, minor: 6, patch: 27 } },
  byEntry: true,
  check({ driver, entries }) {
    return entries.flatMap((entry): readonly Report[] => {
      const { handler } = entry.entry;
      if (handler?.kind !== 'access' || !handler.defined) return [];
      const asked = askedOf(driver, handler.function);
      if (!asked) return [];
      for (const path of entry.paths) {
        const event = path.events.find((each): each is CallEvent => isUnbounded(path, each, asked));
        if (!event) continue;
        const size = event.argumentSpans[copying.get(event.name) ?? 0] ?? event.nameSpan;
        const message = `\`${event.name}()\` copies \`${asked.length}\` bytes from the address on, and only the address is compared with the buffer: /proc/PID/mem and ptrace(2) ask for any length, and the copy ends behind the buffer. Compare \`${asked.length}\` with what is left behind the address, or copy no more than that.`;
        return [reportOn({ entry, event }, size, message)];
      }
      return [];
    });
  },
};

/** What `access(vma, addr, buf, len, write)` is asked for, by the names of its parameters, which are those of their symbols. */
interface Asked {
  readonly address: string;
  readonly length: string;
}

function askedOf(driver: Driver, name: string): Asked | undefined {
  const [, address, , length] = driver.functions.get(name)?.parameters.map((each) => each.name) ?? [];
  return address === undefined || length === undefined ? undefined : { address, length };
}

/** A copy of the length that was asked for, to or from memory that the address chooses, with no condition on the length before. */
function isUnbounded(path: Path, event: PathEvent, asked: Asked): boolean {
  const size = event.kind === 'call' ? event.arguments[copying.get(event.name) ?? -1] : undefined;
  if (event.kind !== 'call' || size?.kind !== 'integer' || !depends(size.term, asked.length)) return false;
  if (depends(size.term, asked.address) || !event.arguments.some((each) => isChosenBy(each, asked.address))) return false;
  const mayCheck = path.doubts.some((doubt) => doubt.after <= event.after && (doubt.asked?.includes(asked.length) ?? true));
  return !mayCheck && !path.conditions.slice(0, event.after).some(({ term }) => depends(term, asked.length));
}

function isChosenBy(value: Value, address: string): boolean {
  const terms = value.kind === 'address' || value.kind === 'integer' ? [value.term] : indexesOf(value);
  return terms.some((term) => depends(term, address));
}

function depends(term: Term, symbol: string): boolean {
  return symbolsOf(term).has(symbol);
}
