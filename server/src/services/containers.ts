/**
 * The kernel's own `to_…` macros: from an embedded `struct device` or `kobject` to the structure around it. Where the
 * part was reached without its container, one is made up whose member is the object at hand; asked again for the same
 * part, it is the same one.
 */
import type { CType } from '../execution/ctype.ts';
import { rangeOf } from '../execution/key.ts';
import { keyOf, pointerName } from '../execution/place.ts';
import type { MemoryObject, Place } from '../execution/value.ts';
import type { Machine } from '../execution/world.ts';
import { pointerArgument, type Service, type ServiceTable } from './service.ts';

const madeUp = new WeakMap<MemoryObject, Map<string, MemoryObject>>();

/** The struct `tag` whose member `member` the argument points to. */
function containerOf(tag: string, member: string): Service {
  const type: CType = { kind: 'struct', tag: 'struct', name: tag };
  return (machine, call) => {
    const part = pointerArgument(machine, call, 0);
    if (!part) return undefined;
    const last = part.place.path.at(-1);
    if (last?.kind === 'field' && last.name === member) {
      return { kind: 'pointer', place: { object: part.place.object, path: part.place.path.slice(0, -1) }, pointee: type };
    }
    return { kind: 'pointer', place: { object: containerFor(machine, part.place, type, tag, member), path: [] }, pointee: type };
  };
}

function containerFor(machine: Machine, part: Place, type: CType, tag: string, member: string): MemoryObject {
  const known = madeUp.get(part.object) ?? new Map<string, MemoryObject>();
  madeUp.set(part.object, known);
  const id = `${tag}.${member} ${keyOf(part)}`;
  const container = known.get(id) ?? machine.allocate(`to_${tag}(${pointerName(part)})`, type, { kind: 'assumed', from: part });
  container.link ??= { ...rangeOf(`.${member}`, undefined), at: part };
  known.set(id, container);
  return container;
}

export const containerServices: ServiceTable = {
  to_platform_device: containerOf('platform_device', 'dev'),
  to_pci_dev: containerOf('pci_dev', 'dev'),
  to_usb_device: containerOf('usb_device', 'dev'),
  to_usb_interface: containerOf('usb_interface', 'dev'),
  to_i2c_client: containerOf('i2c_client', 'dev'),
  to_spi_device: containerOf('spi_device', 'dev'),
  to_amba_device: containerOf('amba_device', 'dev'),
  to_drm_gem_shmem_obj: containerOf('drm_gem_shmem_object', 'base'),
  to_drm_gem_dma_obj: containerOf('drm_gem_dma_object', 'base'),
  to_vb2_v4l2_buffer: containerOf('vb2_v4l2_buffer', 'vb2_buf'),
  kobj_to_dev: containerOf('device', 'kobj'),
  to_delayed_work: containerOf('delayed_work', 'work'),
};
