/** `ram-noncached`: memory that the kernel keeps in its cache is mapped without. */
import type { Path } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { noFix, removing, statementAround } from './support/fixes/fixes.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { cacheTypeOf, setsCacheType } from './support/memory/cache-type.ts';
import { mappedBy } from './support/memory/mapped-memory.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

/** Kinds of memory that the kernel maps cached. */
const cachedKinds: ReadonlySet<string> = new Set(['slab', 'slabOrVmalloc', 'vmalloc', 'linear', 'page']);

export const ramNoncached: Rule = {
  name: 'ram-noncached',
  severity: 'warning',
  summary: 'Ordinary memory is mapped uncached, while the kernel keeps it in its cache.',
  check(context) {
    const { driver } = context;
    const { version } = driver.target;
    return oncePerPlace(
      callsOnPaths(context, (name) => mappingCall(name) !== undefined),
      (call): Report | undefined => {
        const { path, event } = call;
        const type = cacheTypeOf(path, event, version);
        if (type !== 'uncached' && type !== 'write-combining') return undefined;
        const memory = mappedBy(driver, path, event, version);
        if (!memory || !cachedKinds.has(memory.allocator.memory) || memory.call === 'vmap') return undefined;
        return reportOn(
          call,
          event.nameSpan,
          `\`${memory.call}()\` gives memory that the kernel reaches through its cache, and this mapping is ${type}: the two see different contents until a cache line happens to be written back, and x86 overrides the request. Leave vm_page_prot as it is, or allocate with dma_alloc_coherent() and map with dma_mmap_coherent().`,
          { fixes: leavingCached(driver, path) },
        );
      },
    );
  },
};

/** Takes the one statement away that changes the cache type. */
function leavingCached(driver: Driver, { events }: Path): readonly ReportFix[] {
  const [change, ...others] = events.filter(setsCacheType);
  const at = change && statementAround(driver, change);
  if (change?.kind !== 'write' || others.length > 0 || (!at?.before && !at?.after)) return noFix;
  const title = 'Leave vm_page_prot as it is (check that the device sees what the cache holds)';
  return removing(driver, change, /^([\w.>-]+->vm_page_prot)\s*=\s*pgprot_\w+\s*\(\s*\1\s*\);$/, { title, safe: false });
}
