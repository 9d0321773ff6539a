/**
 * What others do with the vma: a subsystem before it calls a driver's mapping handler, where that is more than passing it on, with one
 * row for each kind of slot; and a handler of another file.
 */
import type { Handler } from '../../driver/model.ts';
import { unknownType, unsignedLong } from '../../execution/ctype.ts';
import type { Value } from '../../execution/value.ts';
import { PAGE_SHIFT, pageAlign } from '../../mm/units.ts';
import type { VmOps } from '../../mm/vm-ops.ts';
import { assignVmaField, type Vma, vma_pages } from '../../mm/vma.ts';
import { gemHelper } from '../gem-helper.ts';
import { structType } from '../world/objects.ts';
import { numberOf, placeOf } from '../world/values.ts';
import type { Session } from './session.ts';

type Preparation = (session: Session, handler: Handler, vma: Vma, args: readonly Value[]) => void;

/** `drm_gem_mmap_obj` (drivers/gpu/drm/drm_gem.c): the object and its `vm_ops` are in place when the object's mmap runs. */
const drmObject: Preparation = (session, handler, vma, args) => {
  const [object] = args;
  if (object) assignVmaField(vma, 'vm_private_data', object);
  const table = handler.registeredAt?.table;
  const variable = table === undefined ? undefined : session.driver.variables.get(table);
  const text = variable && session.driver.files.get(variable.file)?.slice(variable.span.start, variable.span.end);
  if (table === undefined || !text?.includes('.vm_ops')) return;
  const place = placeOf(session.fileLevel.addressOf(table));
  if (!place) return;
  const field = { object: place.object, path: [{ kind: 'field' as const, name: 'vm_ops' }] };
  const ops = session.machine.read(field, { kind: 'pointer', to: structType('vm_operations_struct') });
  assignVmaField(vma, 'vm_ops', session.tables.opsAt(ops));
};

/**
 * A helper that gets the object itself, behind some object's mmap: the same preparation. Its `vm_ops` are those of the file's only
 * vm_operations_struct, when none of its functions installs that.
 */
const objectHelper: Preparation = (session, handler, vma, args) => {
  const [object] = args;
  const place = placeOf(object);
  const helper = place && gemHelper(session.driver, handler.function);
  if (!place || !helper) return;
  const base = { object: place.object, path: [...place.path, { kind: 'field' as const, name: 'base' }] };
  assignVmaField(vma, 'vm_private_data', helper.isBase ? object : { kind: 'pointer', place: base, pointee: structType('drm_gem_object') });
  assignVmaField(vma, 'vm_ops', session.tables.opsAt(session.fileLevel.addressOf(helper.table)));
  session.assumptions.note({
    name: 'vma->vm_ops',
    value: `&${helper.table}`,
    reason: 'DRM installs the vm_ops of the object before its mmap runs',
  });
};

/** How much the object of a handler holds, as its subsystem knows it. */
interface Extent {
  /** The fields on the way from the handler's first argument to the number of bytes. */
  readonly size: readonly string[];
  /** Whether the offset of the mapping is one into the object. */
  readonly fromOffset: boolean;
}

/**
 * Subsystems that refuse what their object does not hold before the driver is asked: `dma_buf_mmap_internal`, `drm_gem_mmap_obj`,
 * `snd_pcm_mmap_data`.
 */
const extents: Readonly<Record<string, Extent>> = {
  'dma_buf_ops.mmap': { size: ['size'], fromOffset: true },
  'drm_gem_object_funcs.mmap': { size: ['size'], fromOffset: false },
  'snd_pcm_ops.mmap': { size: ['runtime', 'dma_bytes'], fromOffset: true },
};

/** Whether the subsystem of the handler's slot refuses the mapping (-EINVAL), so that the driver never sees it. */
export function isRefused({ machine }: Session, handler: Handler, vma: Vma, [object]: readonly Value[]): boolean {
  const extent = Object.hasOwn(extents, handler.slot) ? extents[handler.slot] : undefined;
  let place = placeOf(object);
  if (!extent || !place) return false;
  for (const name of extent.size.slice(0, -1)) {
    const next = machine.read(
      { object: place.object, path: [...place.path, { kind: 'field', name }] },
      { kind: 'pointer', to: unknownType },
    );
    place = placeOf(next);
    if (!place) return false;
  }
  const name = extent.size.at(-1) ?? '';
  const bytes = numberOf(machine.read({ object: place.object, path: [...place.path, { kind: 'field', name }] }, unsignedLong));
  if (bytes === undefined) return false;
  const pages = vma_pages(vma) + (extent.fromOffset ? vma.vm_pgoff : 0n);
  return pages > pageAlign(bytes) >> PAGE_SHIFT;
}

const preparations: Readonly<Record<string, Preparation>> = { 'drm_gem_object_funcs.mmap': drmObject };

/** Does what the subsystem of the handler's slot does first. */
export function prepareVma(session: Session, handler: Handler, vma: Vma, args: readonly Value[]): void {
  (preparations[handler.slot] ?? objectHelper)(session, handler, vma, args);
}

/** The driver's table of this name. */
export function tableOps(session: Session, table: string): VmOps | undefined {
  return session.tables.opsAt(session.fileLevel.addressOf(table));
}

/** What an mmap handler of another file would do: the table, and the flags that its fault handler needs. */
export function installOps(session: Session, vma: Vma, ops: VmOps | undefined, flags: bigint): void {
  assignVmaField(vma, 'vm_ops', ops);
  assignVmaField(vma, 'vm_flags', vma.vm_flags | flags);
  const object = session.machine.allocate('vma->vm_private_data', { kind: 'void' }, { kind: 'assumed' });
  assignVmaField(vma, 'vm_private_data', { kind: 'pointer', place: { object, path: [] }, pointee: object.type });
}
