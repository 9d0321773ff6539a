/**
 * Buffers that the driver exports itself: their file, whose end is the driver's release function, and the calls that go to the driver's
 * own operations. Those that somebody else exports are assumed elsewhere.
 */
import type { MemoryObject } from '../../execution/value.ts';
import { dmaBufs } from '../library/dma-bufs.ts';
import type { KernelCall, KernelCallTable } from './call-context.ts';
import { placeOf } from './values.ts';

const exported = new WeakSet<MemoryObject>();

/** `dma_buf_getfile(buffer)`: whoever gives up the last reference has the driver's release run on the way back to user space. */
const makeFile: KernelCall = (context) => {
  const buffer = context.argument(0);
  const place = placeOf(buffer);
  if (!buffer || !place) return undefined;
  const { deferred, objects } = context.environment;
  exported.add(place.object);
  const release = () => deferred.add({ kind: 'work', place, function: 'own_dma_buf_ended', argument: buffer, due: deferred.clock.now });
  const file = context.system.openFile({ name: 'dma_buf', ops: { table: 'dma_buf_fops', release }, read: true, write: true });
  file.descriptors = 0;
  return objects.file(file);
};

/** What the library does for a buffer of the driver's own. */
function own(name: string): KernelCall {
  return (context) => {
    const place = placeOf(context.argument(0));
    return place && exported.has(place.object) ? context.machine.invoke(name, context.call.arguments) : undefined;
  };
}

const names = [...dmaBufs.matchAll(/\bown_(\w+)\([^;{]*\)\n\{/g)].map(([, name = '']) => name);

export const dmaBufCalls: KernelCallTable = {
  dma_buf_getfile: makeFile,
  ...Object.fromEntries(names.map((name) => [name, own(`own_${name}`)])),
  dma_buf_vmap_unlocked: own('own_dma_buf_vmap'),
  dma_buf_vunmap_unlocked: own('own_dma_buf_vunmap'),
};
