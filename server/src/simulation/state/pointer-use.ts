/**
 * Whether a cell of unknown type holds a pointer: told by what the driver does with it. Reads the driver model; chooses
 * no values.
 */
import type { Driver } from '../../driver/model.ts';
import type { Subject } from './subject.ts';
import { type Use, usesOf } from './uses.ts';

/** Uses that are looked at. */
const looked = 12;

/** What the cell holds: a function, the address of something, or nothing that the uses tell. */
export function pointerUse(driver: Driver, subject: Subject): 'function' | 'object' | undefined {
  const uses = usesOf(driver, subject).slice(0, looked);
  if (uses.some(isCalled)) return 'function';
  return uses.some((use) => isFollowed(use) || isGivenAsObject(use)) ? 'object' : undefined;
}

function isCalled({ expression, around: [outer] }: Use): boolean {
  return outer?.kind === 'call' && outer.callee === expression;
}

/** `name->x`, `*name`, `name[i]`. */
function isFollowed({ expression, around: [outer] }: Use): boolean {
  if (outer?.kind === 'member') return outer.arrow && outer.object === expression;
  return outer?.kind === 'dereference' || (outer?.kind === 'index' && outer.object === expression);
}

/** Calls whose first argument is an object: a device, a lock, a part of a larger struct. */
const objectFirst =
  /^(dmam?_(mmap|alloc|free|map|unmap|sync|resv)_|pci_resource_|to_\w+$|kobj_to_dev$|(dev|pci|platform)_get_drvdata$|(get|put)_device$|kref_|mutex_|spin_|kfree$)/;

/** The cell itself is the object that a call is about. */
function isGivenAsObject({ expression, around: [outer] }: Use): boolean {
  return outer?.kind === 'call' && outer.arguments[0] === expression && outer.callee.kind === 'name' && objectFirst.test(outer.callee.name);
}
