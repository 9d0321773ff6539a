/**
 * Functions that drivers of DRM have as the `mmap` of their objects and that get the object itself: DRM installs the vm_ops of the
 * object before (`drm_gem_mmap_obj`, drivers/gpu/drm/drm_gem.c). Reads the driver model; runs nothing.
 */
import type { Driver } from '../driver/model.ts';
import { textOf } from './state/uses.ts';

export interface GemHelper {
  /** The file's only vm_operations_struct. */
  readonly table: string;
  /** Whether the object is a `drm_gem_object`, not a struct that begins with one. */
  readonly isBase: boolean;
}

/** What DRM has installed when the function runs; `undefined` for a function of another kind, and where the files install the table. */
export function gemHelper(driver: Driver, name: string): GemHelper | undefined {
  const parameter = driver.functions.get(name)?.parameters[0]?.type;
  const tag = parameter?.kind === 'pointer' && parameter.to.kind === 'tagged' ? (parameter.to.name ?? '') : '';
  if (!/(^|_)gem(_\w+)?_object$/.test(tag)) return undefined;
  const [table, ...others] = driver.tables.filter(({ container }) => container === 'vm_operations_struct');
  if (!table || others.length > 0) return undefined;
  const isInstalled = new RegExp(`\\b${table.name}\\b`);
  if ([...driver.functions.values()].some((each) => isInstalled.test(textOf(driver, each)))) return undefined;
  return { table: table.name, isBase: tag === 'drm_gem_object' };
}
