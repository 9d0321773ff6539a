/** Scenario files as tests: which are run on what, what counts as passed, and the three reports. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { formatJunit } from '../../server/src/cli/format-junit.ts';
import { formatTap } from '../../server/src/cli/format-tap.ts';
import { inputScenarios } from '../../server/src/cli/inputs.ts';
import { runScenarioTests } from '../../server/src/cli/test-scenarios.ts';
import { testGrammar } from '../support/grammar.ts';
import { readProjectFile } from '../support/sources.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'driver-mmap-scenarios-'));
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

const map = 'a = mmap len 2p prot rw shared\n';
put('demo.c', readProjectFile('test/simulation/support/demo.c'));
put('demo.mmapsim', `include "lib/open.mmapsim"\n${map}read a\n`);
put(
  'demo.wrong.mmapsim',
  `open rw\n${map}read a expect SIGBUS\nread a expect value "7" & <8>\n`.replace(' expect value "7" & <8>', ' expect "7 & <8>"'),
);
put('lib/open.mmapsim', 'kernel 6.1\nopen rw\n');
put('lib/named.mmapsim', `driver "../demo.c":demo_mmap\nopen rw\n${map}expect a ok\n`);
put('alone.mmapsim', 'open rw\n');
put('broken.mmapsim', 'driver demo.c\nopne rw\n');

async function run(names: readonly string[], kernels: readonly string[] = []) {
  const files = names.map((name) => path.join(folder, name));
  return runScenarioTests(files, kernels, await testGrammar(), () => undefined);
}

const short = (tests: Awaited<ReturnType<typeof run>>) =>
  tests.map(({ file, kernel, outcome }) => `${path.relative(folder, file)} ${kernel ?? '-'} ${outcome.kind}`);

describe('runScenarioTests', () => {
  test('finds the driver beside the scenario or by its name, and the kernel in it', async () => {
    expect(short(await run(['demo.mmapsim', 'lib/named.mmapsim'], []))).toEqual([
      'demo.mmapsim 6.1 passed',
      expect.stringMatching(/^lib\/named.mmapsim \S+ passed$/),
    ]);
  });

  test('runs each on every kernel that is asked for', async () => {
    expect(short(await run(['demo.mmapsim'], ['6.12', '5.4']))).toEqual(['demo.mmapsim 6.12 passed', 'demo.mmapsim 5.4 passed']);
  });

  test('takes the kernel that the project of the driver names', async () => {
    put('settled/demo.c', readProjectFile('test/simulation/support/demo.c'));
    put('settled/demo.mmapsim', `open rw\n${map}`);
    put('settled/.driver-mmap.json', '{ "kernel": "5.4" }');
    expect(short(await run(['settled/demo.mmapsim']))).toEqual(['settled/demo.mmapsim 5.4 passed']);
    rmSync(path.join(folder, 'settled'), { recursive: true });
  });

  test('leaves out what others include and what has no driver', async () => {
    const files = inputScenarios([folder]);
    expect(files.map((file) => path.relative(folder, file))).toContain('lib/open.mmapsim');
    const all = short(runScenarioTests(files, ['6.12'], await testGrammar(), () => undefined));
    expect(all).toEqual([
      'alone.mmapsim - error',
      'broken.mmapsim - error',
      'demo.mmapsim 6.12 passed',
      'demo.wrong.mmapsim 6.12 failed',
      'lib/named.mmapsim 6.12 passed',
    ]);
  });

  test('notes what a scenario states for nothing', async () => {
    put('demo.idle.mmapsim', `assume demo->size = 4p\nfail alloc_page\nfail kmalloc 2\nopen rw\n${map}`);
    const [idle] = await run(['demo.idle.mmapsim']);
    rmSync(path.join(folder, 'demo.idle.mmapsim'));
    expect(idle).toMatchObject({
      outcome: { kind: 'passed' },
      notes: [
        '`demo->size` is not used: the scenario sets it, but the driver never asks for it.',
        '`fail alloc_page` is not used: the driver makes no such call, or not so many, behind it.',
        '`fail kmalloc` is not used: the driver makes no such call, or not so many, behind it.',
      ],
    });
    expect((await run(['demo.mmapsim']))[0]).toMatchObject({ notes: [] });
  });

  test('says what is wrong', async () => {
    const [alone, broken, wrong] = await run(['alone.mmapsim', 'broken.mmapsim', 'demo.wrong.mmapsim']);
    expect(alone?.outcome).toMatchObject({ message: 'It has no driver: there is no alone.c beside it, and no `driver FILE` in it.' });
    expect(broken?.outcome).toMatchObject({ message: expect.stringMatching(/^Line 2, column 1: `opne`.*Did you mean `open`/) });
    expect(wrong?.outcome).toMatchObject({
      reasons: ['line 3: expected SIGBUS, but got ok', 'line 4: expected "7 & <8>", but got "\\x00\\x00\\x00\\x00"'],
    });
  });
});

describe('the reports', () => {
  test('TAP', async () => {
    const text = formatTap(await run(['demo.mmapsim', 'demo.wrong.mmapsim'], ['6.12']));
    expect(text.split('\n')).toEqual([
      'TAP version 14',
      '1..2',
      expect.stringMatching(/^ok 1 - .*demo\.mmapsim on 6\.12$/),
      expect.stringMatching(/^not ok 2 - .*demo\.wrong\.mmapsim on 6\.12$/),
      '  ---',
      '  severity: fail',
      '  reasons:',
      '    - "line 3: expected SIGBUS, but got ok"',
      expect.stringContaining('line 4'),
      '  ...',
      '',
    ]);
  });

  test('JUnit', async () => {
    const text = formatJunit(await run(['demo.mmapsim', 'demo.wrong.mmapsim', 'alone.mmapsim'], ['6.12']));
    expect(text).toContain('<testsuites name="driver-mmap" tests="3" failures="1" errors="1">');
    expect(text.match(/<testcase /g)).toHaveLength(3);
    expect(text).toMatch(/<testcase name="[^"]*demo\.mmapsim on 6\.12" classname="[^"]*" file="[^"]*demo\.mmapsim"\/>/);
    expect(text).toContain('<failure message="line 3: expected SIGBUS, but got ok">');
    expect(text).toContain('expected &quot;7 &amp; &lt;8&gt;&quot;');
    expect(text).toContain('<error message="It has no driver');
    expect(text.match(/<(testcase|testsuite|testsuites|failure|error)\b(?![^>]*\/>)/g)?.length).toBe(
      text.match(/<\/(testcase|testsuite|testsuites|failure|error)>/g)?.length,
    );
  });
});
