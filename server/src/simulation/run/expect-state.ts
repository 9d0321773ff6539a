/** Expectations about what mappings, pages and the driver are like now. Reads the run's state, changes nothing. */
import { vmFlagNames, vmFlags } from '../../kernel/vma-flags.ts';
import { referenceCount } from '../../mm/physical/counts.ts';
import { pageOf } from '../../mm/units.ts';
import { mapsLine, smaps } from '../../mm/views/proc.ts';
import type { Vma } from '../../mm/vma.ts';
import { formatExpectation } from '../scenario/expectation-text.ts';
import type { Expectation } from '../scenario/model.ts';

import type { ExpectationContext } from './expect.ts';
import { look, numberIn } from './look.ts';

/** Forms that look at the state, not at the result of a statement. */
export type StateExpectation = Extract<
  Expectation,
  {
    kind: 'memory' | 'vmflags' | 'flags' | 'rss' | 'offset' | 'dumped' | 'vmas' | 'perms' | 'count' | 'refcount' | 'mapcount' | 'present';
  }
>;

/** What is the case instead; `undefined` when the expectation holds. */
export function stateFailure(expectation: StateExpectation, context: ExpectationContext): string | undefined {
  switch (expectation.kind) {
    case 'memory': {
      const address = context.addressOf(expectation.load.address);
      const bytes = address === undefined ? undefined : look(context.mm, address, expectation.load.bytes);
      if (!bytes) return 'no page there';
      const value = numberIn(bytes);
      const wanted = BigInt.asUintN(8 * expectation.load.bytes, expectation.value);
      return value === wanted ? undefined : formatExpectation({ ...expectation, value });
    }
    case 'vmflags':
      return vmflagsFailure(expectation, context);
    case 'flags':
      return inVma(expectation.mapping, context, (vma) => {
        const { version } = vma.vm_mm.system;
        const bits = vmFlags(version);
        const isSet = (name: string) => bits[name] !== undefined && (vma.vm_flags & bits[name]) === bits[name];
        const wrong = expectation.names.filter((name) => isSet(name) !== (expectation.relation === 'has'));
        return wrong.length === 0 ? undefined : differences(expectation.relation, wrong, vmFlagNames(vma.vm_flags, version));
      });
    case 'rss': {
      const bytes = sumOverVmas(expectation.mapping, context, (vma) => BigInt(smaps(vma).rss) * 1024n);
      return bytes === expectation.bytes ? undefined : saysBytes(expectation, bytes, `no mapping ${expectation.mapping}`);
    }
    case 'vmas': {
      const count = BigInt(vmasOf(expectation.mapping, context).length);
      return count === expectation.count ? undefined : formatExpectation({ ...expectation, count });
    }
    case 'offset':
      return inVma(expectation.mapping, context, (vma) => {
        const offset = BigInt(`0x${mapsLine(vma).split(' ')[2] ?? '0'}`);
        return offset === expectation.bytes ? undefined : formatExpectation({ ...expectation, bytes: offset });
      });
    case 'perms':
      return inVma(expectation.mapping, context, (vma) => {
        const perms = mapsLine(vma).split(' ')[1] ?? '';
        return perms === expectation.perms ? undefined : formatExpectation({ ...expectation, perms });
      });
    case 'dumped': {
      const bytes = dumpedBytes(expectation.mapping, context);
      return bytes === expectation.bytes ? undefined : saysBytes(expectation, bytes, 'no core dump');
    }
    case 'count': {
      const count = BigInt(context.counts.get(expectation.slot) ?? 0);
      return count === expectation.count ? undefined : formatExpectation({ ...expectation, count });
    }
    case 'refcount':
    case 'mapcount': {
      const count = pageCount(expectation, context);
      if (count === expectation.count) return undefined;
      return count === undefined ? 'no page there' : formatExpectation({ ...expectation, count });
    }
    case 'present': {
      const address = context.addressOf(expectation.address);
      const present = address !== undefined && context.mm.table.get(pageOf(address)) !== undefined;
      return present === expectation.present ? undefined : formatExpectation({ ...expectation, present });
    }
  }
}

/** The vmas that lie in the range of a mapping, lowest first. */
function vmasOf(mapping: string, { mm, processes }: ExpectationContext): readonly Vma[] {
  const place = processes.mapping(mm, mapping);
  return place ? mm.overlapping(place.start, place.start + place.length) : [];
}

/** Looks at the vma at the mapping's start. */
function inVma(mapping: string, context: ExpectationContext, failure: (vma: Vma) => string | undefined): string | undefined {
  const place = context.processes.mapping(context.mm, mapping);
  const vma = place && context.mm.lookup(place.start);
  return vma ? failure(vma) : `no mapping ${mapping}`;
}

function sumOverVmas(mapping: string, context: ExpectationContext, bytesOf: (vma: Vma) => bigint): bigint | undefined {
  const vmas = vmasOf(mapping, context);
  return vmas.length === 0 ? undefined : vmas.reduce((sum, vma) => sum + bytesOf(vma), 0n);
}

function dumpedBytes(mapping: string, { mm, processes }: ExpectationContext): bigint | undefined {
  const place = processes.mapping(mm, mapping);
  const ranges = processes.dumps.get(mm.id);
  if (!place || !ranges) return undefined;
  const inside = ranges.filter(({ start, end }) => start < place.start + place.length && end > place.start);
  return inside.reduce((sum, { dumped }) => sum + dumped, 0n);
}

/** What would hold instead. */
function saysBytes(expectation: Extract<Expectation, { bytes: bigint }>, bytes: bigint | undefined, otherwise: string): string {
  return bytes === undefined ? otherwise : formatExpectation({ ...expectation, bytes });
}

/** Flags that are missing or too many, then all that are there: `rd wr sh (without ex; more: io pf)`. */
function vmflagsFailure(expectation: Extract<Expectation, { kind: 'vmflags' }>, context: ExpectationContext): string | undefined {
  return inVma(expectation.mapping, context, (vma) => {
    const { vmFlags } = smaps(vma);
    const { codes, relation } = expectation;
    if (relation) {
      const wrong = codes.filter((code) => vmFlags.includes(code) !== (relation === 'has'));
      return wrong.length === 0 ? undefined : differences(relation, wrong, vmFlags);
    }
    const missing = codes.filter((code) => !vmFlags.includes(code));
    const added = vmFlags.filter((code) => !codes.includes(code));
    if (missing.length === 0 && added.length === 0) return undefined;
    const parts = [
      ...(missing.length > 0 ? [`without ${missing.join(' ')}`] : []),
      ...(added.length > 0 ? [`with ${added.join(' ')}`] : []),
    ];
    return `${formatExpectation({ ...expectation, codes: vmFlags })} (${parts.join(', ')})`;
  });
}

function differences(relation: 'has' | 'lacks', wrong: readonly string[], all: readonly string[]): string {
  return `${relation === 'has' ? 'no' : 'also'} ${wrong.join(' ')} in ${all.join(' ')}`;
}

function pageCount(
  expectation: Extract<Expectation, { kind: 'refcount' | 'mapcount' }>,
  { mm, addressOf }: ExpectationContext,
): bigint | undefined {
  const address = addressOf(expectation.address);
  const pte = address === undefined ? undefined : mm.table.get(pageOf(address));
  if (!pte) return undefined;
  return BigInt(expectation.kind === 'refcount' ? referenceCount(mm.system, pte.pfn) : (mm.system.memory.page(pte.pfn)?.mapcount ?? 0));
}
