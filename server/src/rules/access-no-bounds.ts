/** `access-no-bounds`: an access hook copies as many bytes as a debugger asks for, and compares the start alone, or the end with something else. */

import { indexesOf } from '../analysis/indexes.ts';
import type { CallEvent, EntryAnalysis, Path, PathEvent } from '../analysis/path.ts';
import * as query from '../analysis/query.ts';
import type { Driver } from '../driver/model.ts';
import { unsignedLong } from '../execution/ctype.ts';
import { constant, type Term } from '../execution/term.ts';
import { binary } from '../execution/term-build.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Value } from '../execution/value.ts';
import { PAGE_SHIFT } from '../kernel/constants.ts';
import type { Report, Rule } from './rule.ts';
import { limitingFirst } from './support/fixes/head-fixes.ts';
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
        const event = path.events.find((each): each is CallEvent => isUnbounded(entry, path, each, asked));
        if (!event) continue;
        const size = event.argumentSpans[copying.get(event.name) ?? 0] ?? event.nameSpan;
        const lack =
          comparisons(path, event, asked).length > 0
            ? 'what is compared lets the end lie behind the vma'
            : 'only the address is compared with the buffer';
        const message = `\`${event.name}()\` copies \`${asked.length}\` bytes from the address on, and ${lack}: /proc/PID/mem and ptrace(2) ask for any length, and the copy ends behind the buffer. Compare \`${asked.length}\` with what is left behind the address, or copy no more than that.`;
        return [reportOn({ entry, event }, size, message, { fixes: limitingFirst(driver, handler.function, asked.length, asked.address) })];
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

/** A copy of the length that was asked for, to or from memory that the address chooses, with nothing before that bounds its end. */
function isUnbounded(entry: EntryAnalysis, path: Path, event: PathEvent, asked: Asked): boolean {
  const size = event.kind === 'call' ? event.arguments[copying.get(event.name) ?? -1] : undefined;
  if (event.kind !== 'call' || size?.kind !== 'integer' || !depends(size.term, asked.length)) return false;
  if (depends(size.term, asked.address) || !event.arguments.some((each) => isChosenBy(each, asked.address))) return false;
  if (path.doubts.some((doubt) => doubt.after <= event.after && (doubt.asked?.includes(asked.length) ?? true))) return false;
  const compared = comparisons(path, event, asked);
  return compared.length === 0 || endsBehindVma(entry, path, event, { size: size.term, compared, asked });
}

/** The conditions on the length that were decided before the event. */
function comparisons(path: Path, event: PathEvent, { length }: Asked): readonly Term[] {
  return path.conditions.slice(0, event.after).flatMap(({ term }) => (depends(term, length) ? [term] : []));
}

/** Whether the length is compared with nothing but the vma, and in a way that lets a copy from within the vma end behind it. */
function endsBehindVma(
  entry: EntryAnalysis,
  path: Path,
  event: CallEvent,
  { size, compared, asked }: { readonly size: Term; readonly compared: readonly Term[]; readonly asked: Asked },
): boolean {
  const { start, pages } = entry.symbols;
  const address = event.arguments
    .flatMap(choicesOf)
    .flatMap((term) => symbolsOf(term).get(asked.address) ?? [])
    .at(0);
  if (!start || !pages || !address) return false;
  const bounds = [start, pages].flatMap(({ term }) => [...symbolsOf(term).keys()]);
  const known = new Set([...bounds, asked.address, asked.length]);
  if (!compared.every((term) => [...symbolsOf(term).keys()].every((id) => known.has(id)))) return false;
  if (!compared.some((term) => bounds.some((id) => depends(term, id)))) return false;
  const end = binary('add', unsignedLong, start.term, binary('shl', unsignedLong, pages.term, constant(PAGE_SHIFT)));
  const from: Term = { kind: 'symbol', symbol: address };
  const goals = [
    query.really(query.lessThan(constant(0), size)),
    query.really(query.negationOf(query.lessThan(from, start.term))),
    query.really(query.lessThan(from, end)),
    query.really(query.lessThan(end, binary('add', unsignedLong, from, size))),
  ];
  return typeof query.findModel(entry, path, event.after, goals) !== 'string';
}

function isChosenBy(value: Value, address: string): boolean {
  return choicesOf(value).some((term) => depends(term, address));
}

/** The numbers that choose what the value points to. */
function choicesOf(value: Value): readonly Term[] {
  return value.kind === 'address' || value.kind === 'integer' ? [value.term] : indexesOf(value);
}

function depends(term: Term, symbol: string): boolean {
  return symbolsOf(term).has(symbol);
}
