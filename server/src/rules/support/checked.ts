/** Handlers whose caller is not mmap(2) itself, and may have compared the vma with the object before it calls them. */
import type { Driver, Handler } from '../../driver/model.ts';
import type { SlotFact } from '../../kernel/fact.ts';
import { allFacts, prototypeAt, slotFact } from '../../kernel/lookup.ts';
import type { TypeName } from '../../syntax/ast.ts';

/** True when the subsystem is known to check, and when nothing is known about who calls the handler. */
export function mayBeCheckedBefore(driver: Driver, handler: Handler): boolean {
  // A slot that the driver's people state: they say that it is called like one of the kernel's own.
  if (driver.target.slots?.has(handler.slot)) return false;
  const slots = slotsOf(driver, handler);
  return slots.length === 0 || slots.some((fact) => fact.boundsCheckedByCore);
}

/** True when whoever calls the handler is known to compare the length with the object. */
export function isCheckedBefore(driver: Driver, handler: Handler): boolean {
  const slots = slotsOf(driver, handler);
  return slots.length > 0 && slots.every((fact) => fact.boundsCheckedByCore);
}

const known = new WeakMap<Handler, readonly SlotFact[]>();

/** The slot that the handler is registered in; for one that is registered in another file, those that it may be. */
export function slotsOf(driver: Driver, handler: Handler): readonly SlotFact[] {
  let slots = known.get(handler);
  if (!slots) {
    const [container = '', slot = ''] = handler.slot.split('.');
    const fact = slotFact(container, slot);
    slots = fact ? [fact] : slotsLike(driver, handler);
    known.set(handler, slots);
  }
  return slots;
}

/** The slots whose handlers take what this function takes, for one that is registered in another file. */
function slotsLike(driver: Driver, handler: Handler): readonly SlotFact[] {
  const header = driver.functions.get(handler.function);
  if (!header) return [];
  const own = header.parameters.map((parameter) => tagOf(parameter.type)).join();
  return allFacts().filter((fact): fact is SlotFact => {
    if (fact.kind !== 'slot' || fact.handlerKind !== handler.kind) return false;
    const prototype = prototypeAt(fact, driver.target.version);
    return prototype?.parameters.map(({ type }) => /struct (\w+) \*$/.exec(type)?.[1] ?? '').join() === own;
  });
}

/** The struct that a parameter points to; empty for everything else. */
function tagOf(type: TypeName): string {
  return type.kind === 'pointer' && type.to.kind === 'tagged' ? type.to.name : '';
}
