/** Drift checks over the tables of facts: what must hold for every row, whoever adds it. */
import { describe, expect, test } from 'vitest';
import type { Fact, Prototype, Ranged } from '../../server/src/kernel/fact.ts';
import { allFacts, factsNamed, isAvailable, isCallable, subjectIndex } from '../../server/src/kernel/lookup.ts';
import { compareVersions, type KernelVersion, newestKernel, oldestKernel } from '../../server/src/kernel/version.ts';

const facts = allFacts();
const prototypesOf = (fact: Fact): readonly Prototype[] => ('prototypes' in fact ? fact.prototypes : []);
const namesOf = (found: readonly Fact[]): readonly string[] => found.map((fact) => fact.name);

const namesOfLinux = new Set(['fn', 'fork', 'mmap', 'mprotect', 'mremap', 'munmap', 'pfn', 'pgoff', 'size', 'userfaultfd']);

describe('names', () => {
  test('are unique, aliases included', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const fact of facts) {
      for (const name of [fact.name, ...fact.aliases]) {
        if (seen.has(name)) twice.push(`${name}: ${seen.get(name)}, ${fact.name}`);
        seen.set(name, fact.name);
      }
    }
    expect(twice).toEqual([]);
  });

  test('that take the place of others are facts', () => {
    const lost = facts.filter((fact) => fact.replacement !== undefined && factsNamed(fact.replacement).length === 0);
    expect(namesOf(lost)).toEqual([]);
  });
});

describe('versions', () => {
  test('lie within what is described, and boundaries are in order', () => {
    const wrong = facts.filter((fact) => {
      const boundaries = [fact.introducedEarliest, fact.introduced, fact.removedEarliest, fact.removed].filter(isVersion);
      return (
        boundaries.some((version, index) => compareVersions(version, boundaries[index + 1] ?? version) > 0) ||
        boundaries.some((version) => compareVersions(version, newestKernel) > 0)
      );
    });
    expect(namesOf(wrong)).toEqual([]);
  });

  test('of prototypes, flags and values follow each other without a gap', () => {
    const wrong = facts.flatMap((fact) => {
      const lists: readonly (readonly Ranged<unknown>[])[] = [
        prototypesOf(fact).map((prototype) => ({ range: prototype.range, value: prototype.text })),
        ...(fact.kind === 'call' ? [fact.setsFlags] : []),
        ...(fact.kind === 'flag' ? [fact.mask] : []),
      ];
      return lists.every((list) => isInOrder(list)) ? [] : [fact.name];
    });
    expect(wrong).toEqual([]);
  });

  test('of the first prototype are those of the fact', () => {
    const wrong = facts.filter((fact) => {
      const first = prototypesOf(fact)[0]?.range.since;
      const since = fact.introducedEarliest ?? fact.introduced ?? oldestKernel;
      return first !== undefined && compareVersions(first, since) !== 0;
    });
    expect(namesOf(wrong)).toEqual([]);
  });

  test('of what is gone make it unavailable', () => {
    const gone = facts.filter((fact) => fact.removed !== undefined);
    expect(gone.length).toBeGreaterThan(60);
    expect(gone.every((fact) => isAvailable(fact, newestKernel) === 'removed')).toBe(true);
  });
});

describe('prototypes', () => {
  test('name their vma, vmf or vm_area_desc', () => {
    const wrong = facts.flatMap((fact) =>
      prototypesOf(fact)
        .filter((prototype) => prototype.result !== undefined && fact.kind !== 'type')
        .filter(({ text }) => /\((?:.*, )?(?:const )?struct (?:vm_area_struct|vm_fault|vm_area_desc) \*\w/.test(text))
        .filter((prototype) => subjectIndex(prototype) === undefined)
        .map(({ text }) => `${fact.name}: ${text}`),
    );
    expect(wrong).toEqual([]);
  });

  test('of calls with a vma give the fact its vma argument', () => {
    const calls = facts.filter(isCallable).filter((fact) => fact.prototypes.at(-1)?.vma !== undefined);
    expect(calls.length).toBeGreaterThan(60);
    expect(calls.filter((fact) => fact.vmaArgument !== fact.prototypes.at(-1)?.vma)).toEqual([]);
  });

  test('of calls and slots name every parameter', () => {
    const wrong = facts.flatMap((fact) =>
      isCallable(fact) || fact.kind === 'slot'
        ? fact.prototypes.flatMap((prototype) =>
            prototype.parameters.filter(({ name }) => name === '').map(() => `${fact.name}: ${prototype.text}`),
          )
        : [],
    );
    expect(wrong).toEqual([]);
  });

  test('of calls carry the name of the call', () => {
    const wrong = facts.filter(
      (fact) => isCallable(fact) && fact.prototypes.some(({ result, text }) => result !== undefined && !text.includes(`${fact.name}(`)),
    );
    expect(namesOf(wrong)).toEqual([]);
  });

  test('of slots carry the name of the slot', () => {
    const wrong = facts.filter(
      (fact) =>
        fact.kind === 'slot' && fact.prototypes.some(({ result, text }) => result !== undefined && !text.includes(`(*${fact.slot})(`)),
    );
    expect(namesOf(wrong)).toEqual([]);
  });
});

describe('locks', () => {
  test('are known for every call that takes a vma', () => {
    const wrong = facts.filter((fact) => isCallable(fact) && fact.vmaArgument !== undefined && fact.lock === undefined);
    expect(namesOf(wrong)).toEqual([]);
  });
});

describe('flags', () => {
  const flags = facts.filter((fact) => fact.kind === 'flag');

  test('of vmas are single bits, masks are made of known flags', () => {
    const wrong = flags.filter(
      (fact) =>
        (fact.family === 'vma' && fact.values.some(({ value }) => value === 0n || (value & (value - 1n)) !== 0n)) ||
        fact.mask.some(({ value }) => value.some((name) => !flags.some((flag) => flag.name === name))),
    );
    expect(namesOf(wrong)).toEqual([]);
  });
});

describe('texts', () => {
  const sentences = facts.flatMap((fact) => [...fact.does, ...fact.notes].map((text) => ({ name: fact.name, text })));

  test('are whole sentences', () => {
    const wrong = sentences.filter(({ text }) => !/[.)]$/.test(text) || /!|\s{2}|\.\./.test(text) || !beginsWell(text));
    expect(wrong).toEqual([]);
  });

  test('say something about every fact, and where it comes from', () => {
    const silent = facts.filter((fact) => fact.does.length === 0 || fact.source.length === 0 || fact.source.some((text) => text === ''));
    expect(namesOf(silent)).toEqual([]);
  });

  test('speak of Linux alone', () => {
    const wrong = facts.filter((fact) =>
      /\b(?:grid|seeds?|unverified)\b/.test(JSON.stringify(fact, (_, value) => (typeof value === 'bigint' ? 0 : value))),
    );
    expect(namesOf(wrong)).toEqual([]);
  });

  test('give every result a reason', () => {
    const wrong = facts.filter(
      (fact) => fact.returns.some(({ value, when }) => value === '' || when === '') || fact.asserts.some(({ when }) => when === ''),
    );
    expect(namesOf(wrong)).toEqual([]);
  });
});

/** With a capital letter, or with a name of Linux. */
function beginsWell(text: string): boolean {
  const [first = ''] = text.split(/[ ,:;]/);
  return !/^[a-z]+$/.test(first) || namesOfLinux.has(first);
}

function isVersion(version: KernelVersion | undefined): version is KernelVersion {
  return version !== undefined;
}

/** Each range ends where the next begins, and begins before it ends. */
function isInOrder(list: readonly Ranged<unknown>[]): boolean {
  return list.every(({ range }, index) => {
    const next = list[index + 1]?.range.since;
    const meets = next === undefined || (range.until !== undefined && compareVersions(range.until, next) === 0);
    const runs = !range.since || !range.until || compareVersions(range.since, range.until) < 0 || list.length === 1;
    return meets && runs;
  });
}
