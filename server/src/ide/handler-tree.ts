/**
 * The mapping handlers of one file with what was found on the ways that begin there, for a tree beside the code. Knows rows and findings;
 * how a file is read and addressed is told by who asks.
 */
import type { Driver } from '../driver/model.ts';
import type { Finding } from '../protocol/findings.ts';
import type { HandlerEntry, HandlerFinding } from '../protocol/handlers.ts';
import { wayTo } from '../rules/support/text/call-chains.ts';
import type { HandlerRow } from './handlers.ts';

/** What an open file knows besides its rows. */
export interface Checked {
  readonly driver: Driver;
  readonly findings: readonly Finding[];
  uriOf(file: string): string;
}

/** The handlers of `file` among the rows, each function once, in the order of the text. */
export function handlerTree(file: string, rows: readonly HandlerRow[], checked?: Checked): readonly HandlerEntry[] {
  const entries = new Map<string, HandlerEntry>();
  for (const row of rows) {
    if (row.file !== file) continue;
    const key = `${row.function} ${row.range.start.line}`;
    const known = entries.get(key);
    if (known?.slots.includes(row.slot)) continue;
    const { function: name, slot, range, compiled } = row;
    const findings = checked && compiled ? findingsFrom(name, checked) : undefined;
    entries.set(
      key,
      known
        ? { ...known, slots: [...known.slots, slot] }
        : { function: name, slots: [slot], range, compiled, ...(findings && { findings }) },
    );
  }
  return [...entries.values()].sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
}

/** What stands in the handler itself, or where calls lead from it, or what its run has shown. */
function findingsFrom(handler: string, { driver, findings, uriOf }: Checked): readonly HandlerFinding[] {
  return findings.flatMap(({ rule, severity, message, file, range, function: name, replay }): readonly HandlerFinding[] => {
    const way = wayTo(driver, handler, name);
    if (!way && replay?.handler !== handler) return [];
    return [{ rule, severity, message, uri: uriOf(file), range, way: way ?? [] }];
  });
}
