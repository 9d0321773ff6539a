/**
 * The system calls on the device file that a driver has functions for: the ioctl commands that its code tells apart, those first that
 * work on what the mmap handler works on, and read(2) and write(2). Reads the driver model; runs nothing.
 */
import type { Driver } from '../../driver/model.ts';
import { PAGE_SIZE } from '../../mm/units.ts';
import { Device, type Entry } from '../run/device.ts';
import type { Action } from '../scenario/model.ts';
import { textOf } from '../state/uses.ts';

/** A read and a write of one page at the beginning of the file, as far as the driver has functions for them. */
export function transfersOf(driver: Driver, entry: Entry): readonly Action[] {
  if (entry.kind === 'table') return [];
  const has = (call: 'read' | 'write') => Device.functionIn(driver, entry.handler, call) !== undefined;
  const read: Action = { kind: 'pread', length: PAGE_SIZE, offset: 0n };
  const write: Action = { kind: 'pwrite', data: [{ kind: 'zero', length: PAGE_SIZE }], offset: 0n };
  return [...(has('read') ? [read] : []), ...(has('write') ? [write] : [])];
}

/** An attack tries so many. */
const mostCommands = 12;
/** How far calls are followed from the ioctl function. */
const maximumDepth = 2;

/** Names after `case` in the driver's ioctl function and what it calls. */
export function commandsOf(driver: Driver, entry: Entry): readonly string[] {
  if (entry.kind === 'table') return [];
  const first = Device.functionIn(driver, entry.handler, 'ioctl');
  const mapped = fieldsIn(driver, entry.handler.function, new Set());
  /** By command, how many fields its code shares with the mmap handler. */
  const commands = new Map<string, number>();
  const add = (command: string, code: string) => {
    const shared = [...fieldsOf(driver, code, new Set(), 0)].filter((field) => mapped.has(field)).length;
    commands.set(command, Math.max(commands.get(command) ?? 0, shared));
  };
  const seen = new Set<string>();
  let level = first === undefined ? [] : [first];
  for (let depth = 0; depth <= maximumDepth; depth++) {
    const next: string[] = [];
    for (const name of level) {
      const header = driver.functions.get(name);
      if (!header || seen.has(name)) continue;
      seen.add(name);
      const text = textOf(driver, header);
      for (const { 1: command = '', index } of text.matchAll(/\bcase\s+([A-Z_][A-Z0-9_]*)\s*:/g)) add(command, codeAfter(text, index));
      for (const { 1: command = '', index } of text.matchAll(/\b(?:cmd|command)\s*[!=]=\s*([A-Z_][A-Z0-9_]*)\b/g))
        add(command, codeAfter(text, index));
      for (const [word] of text.matchAll(/[a-z_]\w*ioctl\w*/g)) if (driver.functions.has(word)) next.push(word);
    }
    level = next;
  }
  return [...commands]
    .toSorted(([, left], [, right]) => right - left)
    .map(([command]) => command)
    .slice(0, mostCommands);
}

/** The code of one case: up to the next one that is told apart. Characters. */
const longestCase = 2_000;

function codeAfter(text: string, index: number): string {
  const code = text.slice(index, index + longestCase);
  const end = /\b(?:break|return\b[^;]*)\s*;\s*(?:case\b|default\b|\})/.exec(code);
  return end ? code.slice(0, end.index + end[0].length) : code;
}

/** The fields that a function of the driver works on, with the functions that it calls. */
function fieldsIn(driver: Driver, name: string, seen: Set<string>, depth = 0): ReadonlySet<string> {
  const header = driver.functions.get(name);
  if (!header || seen.has(name)) return new Set();
  seen.add(name);
  return fieldsOf(driver, textOf(driver, header), seen, depth);
}

function fieldsOf(driver: Driver, code: string, seen: Set<string>, depth: number): Set<string> {
  const fields = new Set<string>();
  for (const { 1: field = '' } of code.matchAll(/(?:->|\.)\s*([A-Za-z_]\w*)/g)) if (!everywhere.test(field)) fields.add(field);
  if (depth >= maximumDepth) return fields;
  for (const { 1: called = '' } of code.matchAll(/\b([a-z_]\w*)\s*\(/g))
    for (const field of fieldsIn(driver, called, seen, depth + 1)) fields.add(field);
  return fields;
}

/** Fields of the kernel's own structs, and such as every function uses. */
const everywhere = /^(vm_\w+|private_data|f_\w+|dev|lock|mutex|\w+_(lock|mutex)|name|owner|parent)$/;
