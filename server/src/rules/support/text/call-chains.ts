/**
 * Who can run a function of the driver: the registered functions from which calls lead to it, with the functions on the
 * way. Works on the names of calls in bodies; a function that is handed on as a callback is not called here.
 */
import { perDriver } from '../../../driver/asked-driver.ts';
import type { Driver } from '../../../driver/model.ts';
import type { Initializer, Span, TypeName } from '../../../syntax/ast.ts';
import { type FunctionUses, usesOf } from './uses.ts';

export interface Chain {
  /** `file_operations.unlocked_ioctl`. */
  readonly slot: string;
  /** From the registered function to the one that was asked for. */
  readonly functions: readonly string[];
}

/** Slots that user space reaches while a mapping lives: system calls on files, settings of frame buffers, sound and video. */
const running =
  /^(?:file_operations|proc_ops|v4l2_file_operations)\.(?!open$|release$|mmap|flush$|get_unmapped_area$)|^(?:v4l2_ioctl_ops|fb_ops|drm_ioctl_desc|snd_pcm_ops|kernel_param_ops|device_attribute|bin_attribute|miscdevice)\.(?!.*(?:open|close|release|destroy|mmap)$)/;
/** Slots by which a device goes away, whatever user space does with it; vfio waits for its files before `mdev_parent_ops.remove`. */
const removal = /^(?!mdev_parent_ops\.).*\.(?:remove|disconnect|remove_new|unbind|detach)$/;

export function isRunning({ slot }: Pick<Chain, 'slot'>): boolean {
  return running.test(slot);
}

/** Whether user space may come to one of `names` while a mapping lives, as far as the texts tell. */
export function mayRun(driver: Driver, names: Iterable<string>): boolean {
  const near = driver.text.functionsReaching(names);
  return (
    near.size > 0 &&
    registeredIn(driver).some(({ container, slot, function: name }) => near.has(name) && running.test(`${container}.${slot}`))
  );
}

export function isRemoval({ slot }: Pick<Chain, 'slot'>): boolean {
  return removal.test(slot);
}

/** The functions of the driver that a function calls, by name. */
export function calleesOf(driver: Driver, name: string): readonly string[] {
  return (usesOf(driver, name)?.called ?? []).filter((callee) => driver.functions.has(callee));
}

/** A function in a field of one of the file's tables, of whatever struct. */
export interface Registered {
  readonly container: string;
  readonly slot: string;
  readonly function: string;
  readonly span: Span;
}

/** Every function that the file puts into a table: the kernel's tables of handlers, and those of buses and subsystems. */
export const registeredIn = perDriver((driver): readonly Registered[] => {
  const known = driver.tables.flatMap(({ container, entries }) => entries.map((entry) => ({ container, ...entry })));
  const others = [...driver.variables.values()].flatMap(({ type, initializer, file }) =>
    file === driver.file && initializer ? entriesOf(driver, tagOf(type), initializer) : [],
  );
  const names = new Set(known.map((each) => `${each.container}.${each.slot} ${each.function}`));
  return [...known, ...others.filter((each) => !names.has(`${each.container}.${each.slot} ${each.function}`))];
});

function tagOf(type: TypeName): string | undefined {
  return type.kind === 'tagged' ? type.name : type.kind === 'array' ? tagOf(type.of) : undefined;
}

/** The functions among the designated fields of one initializer. */
function entriesOf(driver: Driver, container: string | undefined, initializer: Initializer): readonly Registered[] {
  if (container === undefined || initializer.kind !== 'list') return [];
  return initializer.entries.flatMap(({ designators, value }): Registered[] => {
    const field = designators.at(-1);
    if (field?.kind !== 'field' || value.kind !== 'expression') return [];
    const { expression } = value;
    const inner = expression.kind === 'addressOf' ? expression.operand : expression;
    const name = inner.kind === 'name' && driver.functions.has(inner.name) ? inner.name : undefined;
    return name === undefined ? [] : [{ container, slot: field.name, function: name, span: value.span }];
  });
}

/** The shortest chain that leads to `target` from each registered function of the file whose slot is wanted. */
export function chainsTo(driver: Driver, target: string, isWanted: (end: Pick<Chain, 'slot'>) => boolean): readonly Chain[] {
  const near = driver.text.functionsReaching([target]);
  return registeredIn(driver).flatMap(({ container, slot: field, function: start }): Chain[] => {
    const slot = `${container}.${field}`;
    const functions = near.has(start) && isWanted({ slot }) ? wayTo(driver, start, target, near) : undefined;
    return functions ? [{ slot, functions }] : [];
  });
}

/** The shortest chain of calls from one function of the driver to another, both included. */
export function wayTo(
  driver: Driver,
  start: string,
  target: string,
  near: ReadonlySet<string> = driver.text.functionsReaching([target]),
): readonly string[] | undefined {
  const before = new Map<string, string | undefined>([[start, undefined]]);
  for (const name of before.keys()) {
    if (name === target) return backFrom(before, name);
    for (const callee of calleesOf(driver, name)) if (near.has(callee) && !before.has(callee)) before.set(callee, name);
  }
  return undefined;
}

function backFrom(before: ReadonlyMap<string, string | undefined>, end: string): readonly string[] {
  const way: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = before.get(at)) way.unshift(at);
  return way;
}

/** The functions of a chain, each with its expressions. */
export function usesOfChain(driver: Driver, { functions }: Chain): readonly FunctionUses[] {
  return functions.flatMap((name) => usesOf(driver, name) ?? []);
}
