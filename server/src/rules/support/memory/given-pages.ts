/** The memory that a path gives to user space: by the arguments of mapping calls, and as the page that a fault handler leaves in `vmf->page`. */
import type { EntryAnalysis, Path, PathEvent } from '../../../analysis/path.ts';
import type { PointerValue } from '../../../execution/value.ts';
import type { KernelVersion } from '../../../kernel/version.ts';
import type { Span } from '../../../syntax/ast.ts';
import type { Report, RuleContext } from '../../rule.ts';
import { argumentOf, mappingCall } from '../mapping-calls.ts';
import { type MappedMemory, mappedBy, memoryBehind } from './mapped-memory.ts';

export interface Given {
  readonly entry: EntryAnalysis;
  readonly path: Path;
  readonly event: PathEvent;
  /** The struct page, where it is given by one. */
  readonly page?: PointerValue;
  readonly span: Span;
  /** The call, or `vmf->page`. */
  readonly by: string;
}

const known = new WeakMap<EntryAnalysis, readonly Given[]>();

/** Everything that is given, on every path of the entry. */
function givenBy(entry: EntryAnalysis, version: KernelVersion): readonly Given[] {
  let given = known.get(entry);
  if (!given) {
    given = [...findGiven(entry, version)];
    known.set(entry, given);
  }
  return given;
}

function* findGiven(entry: EntryAnalysis, version: KernelVersion): Iterable<Given> {
  for (const path of entry.paths) {
    for (const event of path.events) {
      if (event.kind === 'call' && mappingCall(event.name)) {
        const page = argumentOf(event, 'page', version);
        const span = (page && event.argumentSpans[page.index]) ?? event.nameSpan;
        yield { entry, path, event, span, by: `${event.name}()`, ...(page?.value.kind === 'pointer' && { page: page.value }) };
      } else if (event.kind === 'write' && event.value.kind === 'pointer' && isFaultPage(entry, event.name)) {
        yield { entry, path, event, page: event.value, span: event.span, by: event.name };
      }
    }
  }
}

function isFaultPage(entry: EntryAnalysis, name: string): boolean {
  return entry.entry.handler?.kind === 'fault' && /(?:->|\.)page$/.test(name);
}

/** Calls `report` once for each place in the text that gives memory, with the first path that is accepted. */
export function oncePerGiven(context: RuleContext, report: (given: Given) => Report | undefined): readonly Report[] {
  const done = new Map<string, Report>();
  for (const entry of context.entries) {
    for (const given of givenBy(entry, context.driver.target.version)) {
      const key = `${given.event.file}:${given.span.start}`;
      if (done.has(key)) continue;
      const result = report(given);
      if (result) done.set(key, result);
    }
  }
  return [...done.values()];
}

/** The allocation behind what is given, where the files tell it. */
export function givenMemory({ driver }: RuleContext, { path, event, page }: Given): MappedMemory | undefined {
  if (page) return memoryBehind(driver, page);
  return event.kind === 'call' ? mappedBy(driver, path, event, driver.target.version) : undefined;
}
