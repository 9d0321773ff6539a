/**
 * What a subsystem does with the vma before it calls a driver's mapping handler, where that is more than passing it on.
 * One row for each kind of slot.
 */
import type { Handler } from '../../driver/model.ts';
import type { Value } from '../../execution/value.ts';
import { assignVmaField, type Vma } from '../../mm/vma.ts';
import { structType } from '../world/objects.ts';
import { placeOf } from '../world/values.ts';
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
  const place = placeOf(session.addressOfVariable(table));
  if (!place) return;
  const field = { object: place.object, path: [{ kind: 'field' as const, name: 'vm_ops' }] };
  const ops = session.machine.read(field, { kind: 'pointer', to: structType('vm_operations_struct') });
  assignVmaField(vma, 'vm_ops', session.tables.opsAt(ops));
};

const preparations: Readonly<Record<string, Preparation>> = { 'drm_gem_object_funcs.mmap': drmObject };

/** Does what the subsystem of the handler's slot does first. */
export function prepareVma(session: Session, handler: Handler, vma: Vma, args: readonly Value[]): void {
  preparations[handler.slot]?.(session, handler, vma, args);
}
