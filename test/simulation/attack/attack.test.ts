/** The adversary on pairs of drivers of our own: it finds a way to a problem in each buggy one, and none in what was mended. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileHost } from '../../../server/src/host/files.ts';
import { attackDocument } from '../../../server/src/ide/attack.ts';
import { SourceDocument } from '../../../server/src/ide/document.ts';
import { parseVersion } from '../../../server/src/kernel/version.ts';
import type { Attack } from '../../../server/src/protocol/attack.ts';
import { simulate } from '../../../server/src/simulation/simulate.ts';
import { testGrammar } from '../../support/grammar.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const grammar = await testGrammar();
const version = parseVersion('6.12');
if (!version) throw new Error('no version');

function open(name: string): SourceDocument {
  const file = path.join(here, name);
  const target = { version: version ?? { major: 6, minor: 12, patch: 0 }, config: new Map<string, string>(), longBits: 64 as const };
  return new SourceDocument({ grammar, host: fileHost(), target }, file, readFileSync(file, 'utf8'));
}

/** The ways to a problem that no assumption decides. */
function likely(document: SourceDocument): readonly Attack[] {
  const result = attackDocument(document, { version, budget: 3000 });
  if (result.kind === 'failed') throw new Error(result.message);
  return result.report.attacks.filter(({ confidence }) => confidence === 'likely');
}

const pairs = readdirSync(here).flatMap((name) => /^(.*)\.buggy\.c$/.exec(name)?.[1] ?? []);

describe('the adversary', () => {
  it.each(pairs)('finds %s', (name) => {
    const document = open(`${name}.buggy.c`);
    const attacks = likely(document);
    expect(attacks).not.toEqual([]);
    // What is reported can be run again, and shows the same.
    const handler = document.driver.handlers.find(({ kind }) => kind === 'mmap');
    for (const { problem, scenario } of attacks) {
      const replay = handler && simulate({ driver: document.driver, handler, scenario });
      const shown = replay?.kind === 'trace' ? replay.trace.steps.flatMap(({ problems }) => problems.map(({ kind }) => kind)) : [];
      expect(shown, scenario).toContain(problem);
    }
  });

  it.each(pairs)('finds nothing where %s is mended', (name) => {
    const document = open(`${name}.fixed.c`);
    expect(likely(document)).toEqual([]);
  });

  it('tells of a lock that is taken in both orders', () => {
    const document = open('lock-order.buggy.c');
    expect(likely(document).map(({ problem }) => problem)).toContain('deadlock');
  });

  it('gives the same attacks each time', () => {
    const runs = [1, 2].map(() => {
      const document = open('off-by-one.buggy.c');
      const attacks = likely(document);
      return attacks;
    });
    expect(runs[0]).toEqual(runs[1]);
  });
});
