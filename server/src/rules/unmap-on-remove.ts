/** `unmap-on-remove`: a device that can be pulled out leaves its registers mapped. */
import type { CallEvent } from '../analysis/path.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Report, Rule } from './rule.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';
import { registeredIn } from './support/text/call-chains.ts';

/** Tables of buses whose devices leave while the system runs. */
const hotplug: ReadonlySet<string> = new Set(['pci_driver', 'usb_driver', 'pcmcia_driver']);
const mapping = /^(?:io_remap_\w+|remap_pfn_range|vm_iomap_memory|vmf?_insert_pfn\w*)$/;
/** What takes mappings down, or says that another file does. */
const revoking = /\b(?:unmap_mapping_\w+|zap_\w+|vb2_\w+|drm_\w+|vfio_\w+|uio_\w+|rdma_user_mmap_\w+)\b/;

export const unmapOnRemove: Rule = {
  name: 'unmap-on-remove',
  severity: 'warning',
  summary: 'The registers of a device that can be removed stay mapped after it is gone.',
  check(context) {
    const { driver } = context;
    const removed = registeredIn(driver).find(
      ({ container, slot }) => hotplug.has(container) && (slot === 'remove' || slot === 'disconnect'),
    );
    if (!removed || driver.text.mentions(revoking)) return [];
    return oncePerPlace(
      callsOnPaths(context, (name) => mapping.test(name)),
      (call): Report | undefined => {
        const { event, entry } = call;
        if (!isOwnDevice(entry.entry.slot) || !mapsRegisters(event)) return undefined;
        const message = `\`${event.name}()\` maps registers of a device that can be pulled out or unbound, and \`${removed.function}()\` does not take the mappings down: the process then reads from nothing, which is a bus error or worse. Keep the address space of the file, call unmap_mapping_range() when the device is removed, and let faults end in SIGBUS.`;
        const related = [{ file: driver.file, span: removed.span, message: 'The device is removed here.' }];
        return reportOn(call, event.nameSpan, message, { related });
      },
    );
  },
};

/** Whether what is mapped is a resource of the bus. */
function mapsRegisters({ name, arguments: args }: CallEvent): boolean {
  if (name.startsWith('io_remap_')) return true;
  return args.some(
    (value) => value.kind === 'integer' && [...symbolsOf(value.term).values()].some(({ origin }) => origin === 'pci_resource_start'),
  );
}

/** Whether user space opens the driver itself; cores of subsystems wait for their users, or revoke what they have. */
function isOwnDevice(slot: string): boolean {
  return /^(?:file_operations|vm_operations_struct)\./.test(slot);
}
