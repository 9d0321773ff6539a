/** `free-before-unmap`: memory is freed while user space can still reach it through a mapping that holds no reference. */

import { freedArgument } from '../analysis/known-calls.ts';
import type { CallEvent, EntryAnalysis, Path } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { MemoryObject, Value } from '../execution/value.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { freeSites, namesOfFrees } from './support/lifetime/free-sites.ts';
import { isCleanUp, isGuarded, notedFields, unmapping } from './support/lifetime/freed-buffers.ts';
import { reportIn, reportOn } from './support/reports.ts';
import { mayFail } from './support/results/outcomes.ts';
import { chainsTo, isRunning, mayRun } from './support/text/call-chains.ts';

/** Calls that map page frames and take no reference on what lies there. */
const uncounted = /^(?:io_)?remap_pfn_range\w*$|^remap_page_range$|^vmf?_insert_pfn\w*$|^dma_mmap_\w+$|^dma_common_mmap$|^vm_iomap_memory$/;

export const freeBeforeUnmap: Rule = {
  name: 'free-before-unmap',
  severity: 'error',
  summary: 'Memory is freed while it is still mapped by page frame numbers.',
  check({ driver, entries }) {
    return [...freedByHandler(entries), ...freedElsewhere(driver, entries)];
  },
};

// ---- by the failing handler itself -----------------------------------------------------------------------------------

/** A handler that maps what it has allocated, then fails, and frees it before the core has taken the entries down. */
function freedByHandler(entries: readonly EntryAnalysis[]): readonly Report[] {
  const reports = new Map<string, Report>();
  for (const entry of entries) {
    if (entry.entry.handler?.kind !== 'mmap') continue;
    for (const path of entry.paths) {
      const found = freedAfterMapping(path);
      const key = found && `${found.freed.file}:${found.freed.nameSpan.start}`;
      if (!found || key === undefined || reports.has(key) || !mayFail(entry, path)) continue;
      const { freed, mapped } = found;
      const message = `\`${freed.name}()\` frees memory that \`${mapped.name}()\` has mapped: the entries stay until the core unmaps after the handler has returned its error, and another thread can use them until then. Take them down with zap_vma_ptes() first, or leave the memory to release.`;
      const related = [{ file: mapped.file, span: mapped.nameSpan, message: 'It is mapped here.' }];
      reports.set(key, reportOn({ entry, event: freed }, freed.nameSpan, message, { related }));
    }
  }
  return [...reports.values()];
}

function freedAfterMapping({ events }: Path): { readonly freed: CallEvent; readonly mapped: CallEvent } | undefined {
  const calls = events.filter((event): event is CallEvent => event.kind === 'call');
  for (const [index, freed] of calls.entries()) {
    const argument = freedArgument(freed.name);
    const value = argument === undefined ? undefined : freed.arguments[argument];
    if (!value) continue;
    const before = calls.slice(0, index);
    // The last mapping call is the one that failed: only what came before it is mapped.
    const mapped = before
      .filter(({ name }) => uncounted.test(name))
      .slice(0, -1)
      .find((call) => maps(call, value, before));
    if (mapped && !before.slice(before.indexOf(mapped)).some(({ name }) => unmapping.test(name))) return { freed, mapped };
  }
  return undefined;
}

/** Whether a mapping call is given the memory that is freed: its address, or a number that follows from it. */
function maps(call: CallEvent, freed: Value, before: readonly CallEvent[]): boolean {
  const own = addressesOf(freed);
  const is = (value: Value): boolean => addressesOf(value).some((id) => own.includes(id));
  if (call.arguments.some(is)) return true;
  const numbers = new Set(call.arguments.flatMap((value) => (value.kind === 'integer' ? [...symbolsOf(value.term).keys()] : [])));
  return before.some(
    ({ arguments: args, result }) =>
      result.kind === 'integer' && args.some(is) && [...symbolsOf(result.term).keys()].some((id) => numbers.has(id)),
  );
}

/** The objects whose addresses a value is, or is computed from. */
function addressesOf(value: Value): readonly string[] {
  if (value.kind === 'pointer') return [`@${value.place.object.id}`];
  return value.kind === 'integer' ? [...symbolsOf(value.term).keys()].flatMap((id) => /^&.*(@\d+)$/.exec(id)?.[1] ?? []) : [];
}

// ---- by other functions ----------------------------------------------------------------------------------------------

/** A buffer that handlers map, and that another function frees although it may be mapped. */
function freedElsewhere(driver: Driver, entries: readonly EntryAnalysis[]): readonly Report[] {
  const mapped = mappedFields(driver, entries);
  const sites = mapped.size === 0 || !mayRun(driver, namesOfFrees(driver)) ? [] : freeSites(driver);
  if (sites.length === 0) return [];
  const noted = notedFields(driver);
  const done = new Set<string>();
  return sites.flatMap((site): Report[] => {
    const { field } = site;
    const call = field === undefined ? undefined : mapped.get(field);
    const name = site.uses.function.name;
    if (!call || field === undefined || done.has(`${name} ${field}`)) return [];
    const chain = chainsTo(driver, name, isRunning).find((each) => !isGuarded(driver, each, noted) && !isCleanUp(driver, each, field));
    if (!chain) return [];
    done.add(`${name} ${field}`);
    const message = `\`${site.call}()\` frees \`${field}\`, which \`${call.name}()\` maps by page frame numbers, and ${chain.slot} can get here while it is mapped: user space keeps the freed pages. Refuse while a count of mappings is not 0, or take them down with unmap_mapping_range() first.`;
    return [
      reportIn(site.uses, site.span, message, {
        related: [{ file: call.file, span: call.nameSpan, message: 'It is mapped here, without a reference.' }],
      }),
    ];
  });
}

/** The fields whose memory handlers map without references, each with the call that does. */
function mappedFields(driver: Driver, entries: readonly EntryAnalysis[]): ReadonlyMap<string, CallEvent> {
  const found = new Map<string, CallEvent>();
  for (const { entry, paths } of entries) {
    if (entry.handler?.kind !== 'mmap' && entry.handler?.kind !== 'fault') continue;
    for (const { events } of paths) {
      const calls = events.filter((event): event is CallEvent => event.kind === 'call');
      for (const call of calls.filter(({ name, file }) => uncounted.test(name) && file === driver.file))
        for (const own of fieldsBehind(call, calls))
          for (const field of aliasesOf(driver, own)) if (!found.has(field)) found.set(field, call);
    }
  }
  return found;
}

/** A field and the others that one function sets to the same thing: a buffer has its address in several places. */
function aliasesOf(driver: Driver, field: string): ReadonlySet<string> {
  const aliases = new Set([field]);
  for (const source of driver.sourcesOf(undefined, field)) {
    const value = nameOf(source.value);
    if (value === undefined) continue;
    for (const other of driver.sourcesIn(source.function)) if (nameOf(other.value) === value) aliases.add(other.field);
  }
  return aliases;
}

function nameOf(value: Expression): string | undefined {
  return value.kind === 'cast' ? nameOf(value.operand) : value.kind === 'name' && !/^[A-Z]/.test(value.name) ? value.name : undefined;
}

/** The last fields of the names of what a call is given, itself or through the calls that computed it. */
function fieldsBehind(call: CallEvent, calls: readonly CallEvent[]): readonly string[] {
  const values = call.arguments.filter((value) => !(value.kind === 'pointer' && isVma(value.place.object)));
  const numbers = new Set(values.flatMap((value) => (value.kind === 'integer' ? [...symbolsOf(value.term).keys()] : [])));
  const inner = calls.filter(
    ({ result, name }) =>
      /^(?:vmalloc_to_\w+|virt_to_\w+|__pa|page_to_\w+)$/.test(name) &&
      result.kind === 'integer' &&
      [...symbolsOf(result.term).keys()].some((id) => numbers.has(id)),
  );
  const all = [...values, ...inner.flatMap((each) => each.arguments)];
  return all.flatMap(namesOf).flatMap((name) => /(?:->|\.)(\w+)(?:\[[^\]]*\])*$/.exec(name)?.[1] ?? []);
}

function isVma({ type }: MemoryObject): boolean {
  return type.kind === 'struct' && type.name === 'vm_area_struct';
}

function namesOf(value: Value): readonly string[] {
  if (value.kind === 'pointer') return [value.place.object.name];
  return value.kind === 'integer'
    ? [...symbolsOf(value.term).values()].filter(({ role }) => role === 'address').map(({ name }) => name)
    : [];
}
