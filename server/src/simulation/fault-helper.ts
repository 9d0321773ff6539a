/**
 * Functions that do a fault handler's work for handlers in other files: they get the vma and the vm_fault, and answer with a pointer that
 * may be an error. Reads the driver model; runs nothing.
 */
import type { Driver, DriverFunction } from '../driver/model.ts';
import type { TypeName } from '../syntax/ast.ts';
import { reaches } from './state/reach.ts';

/** The helper that fault handlers of other files call, and that leads to the function `name`; the function itself where they can call that. */
export function faultHelper(driver: Driver, name: string): string | undefined {
  const own = driver.functions.get(name);
  if (!own || !servesFaults(own)) return undefined;
  if (!own.isStatic) return name;
  return [...driver.functions.values()].find((each) => !each.isStatic && servesFaults(each) && reaches(driver, each.name, [name]))?.name;
}

function servesFaults({ parameters, returns }: DriverFunction): boolean {
  const gets = (struct: string) => parameters.some(({ type }) => isPointerTo(type, struct));
  return returns.kind === 'pointer' && gets('vm_area_struct') && gets('vm_fault');
}

function isPointerTo(type: TypeName, struct: string): boolean {
  return type.kind === 'pointer' && type.to.kind === 'tagged' && type.to.name === struct;
}
