/** The packaged command line as a process: output, exit codes, one line for bad input. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from 'sarif';
import { afterAll, describe, expect, it } from 'vitest';
import { root, run, runWith } from './run-cli.ts';

const buggy = path.join(root, 'examples/framebuffer-card.c');
const clean = path.join(root, 'examples/ring-buffer.c');
const scratch = mkdtempSync(path.join(tmpdir(), 'driver-mmap-cli-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function file(name: string, text: string): string {
  const full = path.join(scratch, name);
  writeFileSync(full, text);
  return full;
}

describe('driver-mmap check', () => {
  it('prints the finding with its line and carets, and exits with 1', () => {
    const { status, stdout } = run('check', buggy);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^examples\/framebuffer-card\.c:\d+:\d+: error: .* \[mixed-pfnmap-insert-page\]$/m);
    expect(stdout).toMatch(/^ {2}proved by: open rw; a = mmap len \d+p off 0p prot rw shared$/m);
    expect(stdout).toMatch(/^ +\d+ \| \treturn vm_insert_page\(.*\n +\| \t {7}\^{14}$/m);
  });

  it('exits with 0 on a clean file, and with --fail-on as asked', () => {
    expect(run('check', clean)).toMatchObject({ status: 0, stdout: '' });
  });

  it('prints the JSON of the contract', () => {
    const { status, stdout } = run('check', buggy, '--format', 'json', '--kernel', '6.12');
    const report = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(Object.keys(report)).toEqual(['version', 'kernel', 'files', 'findings', 'problems']);
    expect(report).toMatchObject({ kernel: '6.12', files: 1, problems: [] });
    const finding = report.findings.find((each: { rule: string }) => each.rule === 'mixed-pfnmap-insert-page');
    expect(finding).toMatchObject({
      severity: 'error',
      file: buggy,
      function: 'glint_mmap',
      handler: { kind: 'mmap', slot: 'file_operations.mmap' },
    });
    expect(finding).toHaveProperty('witness');
    expect(finding.range.start.line).toBeGreaterThan(0);
  });

  it('prints SARIF with the rule, its page, the way and a fingerprint', () => {
    const { status, stdout } = run('check', buggy, '--format', 'sarif');
    expect(status).toBe(1);
    const log: Log = JSON.parse(stdout);
    const [only] = log.runs;
    const result = only?.results?.find((each) => each.ruleId === 'mixed-pfnmap-insert-page');
    expect(log.version).toBe('2.1.0');
    expect(result?.level).toBe('error');
    const rule = only?.tool.driver.rules?.[result?.ruleIndex ?? -1];
    expect(rule?.id).toBe('mixed-pfnmap-insert-page');
    expect(rule?.help?.markdown).toContain('## Why it matters');
    expect(result?.locations?.[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'examples/framebuffer-card.c', uriBaseId: '%SRCROOT%' },
    });
    expect(result?.codeFlows?.[0]?.threadFlows[0]?.locations.at(-1)?.location?.message?.text).toBe(result?.message.text);
    expect(result?.partialFingerprints?.['driverMmap/v1']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('leaves out what a baseline lists, and reports what is new, though lines have moved', () => {
    const old = file('old.c', readFileSync(buggy, 'utf8'));
    const baseline = path.join(scratch, 'baseline.json');
    expect(run('check', old, '--write-baseline', baseline)).toMatchObject({ status: 0, stdout: '' });
    file('old.c', `/* a line more */\n\n${readFileSync(buggy, 'utf8')}`);
    expect(run('check', old, '--baseline', baseline)).toMatchObject({ status: 0, stdout: '' });
    file('old.c', readFileSync(buggy, 'utf8').replaceAll('glint_mmap', 'other_mmap'));
    expect(run('check', old, '--baseline', baseline).status).toBe(1);
  });

  it('says in one line that a baseline cannot be read', () => {
    const { status, stderr } = run('check', buggy, '--baseline', path.join(scratch, 'none.json'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/^.*Cannot read the baseline .*none\.json: no such file or folder\. Make one with --write-baseline .*\n$/);
    expect(run('check', buggy, '--baseline', file('odd.json', '[]')).stderr).toMatch(/is no baseline/);
  });

  it('does not take a file for checked that it cannot read', () => {
    const { status, stdout, stderr } = run('check', file('wide.c', 'int x;\0'));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /wide\.c: The file cannot be read: it holds NUL bytes, so it is no text in UTF-8\.\nNo findings; 0 files checked\.\n$/,
    );
  });

  it('says that there is nothing to find in a file without mapping code', () => {
    expect(run('check', file('nothing.c', 'int x;')).stderr).toBe('No findings; 1 file checked, and no code in it that maps memory.\n');
    expect(run('check', clean).stderr).toBe('No findings; 1 file checked.\n');
  });

  it('says that a kernel is newer or older than what is known', () => {
    const told = 'Linux 9.9 is newer than 7.1, the newest that driver-mmap knows: it is judged by what holds in 7.1.';
    expect(run('check', clean, '--kernel', '9.9').stderr).toContain(told);
    expect(run('check', clean, '--kernel', '7.1.4').stderr).not.toContain('newer');
    expect(run('check', clean, '--kernel', '2.2').stderr).toContain('Linux 2.2 is older than 2.4, the oldest that driver-mmap knows');
  });

  it('prints annotations for GitHub', () => {
    const { stdout } = run('check', buggy, '--format', 'github', '--select', 'mixed-pfnmap-insert-page');
    expect(stdout).toMatch(
      /^::error file=examples\/framebuffer-card\.c,line=\d+,endLine=\d+,col=\d+,endColumn=\d+,title=mixed-pfnmap-insert-page::/,
    );
  });

  it('applies safe fixes', () => {
    const source = file('flags.c', readFileSync(path.join(root, 'test/fixtures/rules/vm-flags-direct-write/assigned.c'), 'utf8'));
    expect(run('check', source, '--kernel', '6.12', '--fix', '--select', 'vm-flags-direct-write').stderr).toContain(
      '2 fixes applied in 1 file.',
    );
    expect(readFileSync(source, 'utf8')).toContain('vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);');
    expect(readFileSync(source, 'utf8')).toContain('vm_flags_clear(vma, VM_MAYEXEC);');
  });

  it('gives the same findings with one job and with two', () => {
    const folder = path.join(root, 'test/fixtures/precedents');
    expect(run('check', folder, '--jobs', '2').stdout).toBe(run('check', folder, '--jobs', '1').stdout);
  });
});

describe('driver-mmap handlers', () => {
  it('prints the JSON of the contract', () => {
    const { status, stdout } = run('handlers', buggy, '--format', 'json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).handlers).toContainEqual({
      function: 'glint_mmap',
      slot: 'file_operations.mmap',
      kind: 'mmap',
      file: buggy,
      line: expect.any(Number),
      registeredAt: { file: buggy, line: expect.any(Number) },
    });
  });

  it('says that there are none', () => {
    expect(run('handlers', file('none.c', 'int x;'))).toEqual({ status: 0, stdout: '', stderr: 'No mapping handlers in this file.\n' });
  });
});

describe('driver-mmap simulate', () => {
  it('tells the story of a handler', () => {
    const { status, stdout } = run('simulate', `${buggy}:glint_mmap`);
    expect(status).toBe(0);
    expect(stdout).toContain('glint_mmap');
    expect(stdout).toMatch(/BUG/);
  });

  it('prints the trace as JSON', () => {
    const { stdout } = run('simulate', buggy, '--kernel', '6.12', '--format', 'json');
    const trace = JSON.parse(stdout);
    expect(trace).toMatchObject({ kernel: '6.12', handler: { function: 'glint_mmap' }, verdict: { outcome: 'problem' } });
    expect(trace.steps.length).toBeGreaterThan(3);
  });

  it('says nothing beside the story, on old kernels too', () => {
    for (const kernel of ['2.6.10', '4.4', '6.1']) {
      const { status, stdout, stderr } = run('simulate', clean, '--kernel', kernel);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain(`Linux ${kernel}`);
    }
  });

  it.each(['check', 'handlers', 'simulate', 'test'])('%s does its work with settings that cannot be used, and exits with 2', (command) => {
    const folder = mkdtempSync(path.join(scratch, 'project-'));
    const settings = (text: string) => writeFileSync(path.join(folder, '.driver-mmap.json'), text);
    writeFileSync(path.join(folder, 'driver.c'), readFileSync(clean));
    writeFileSync(path.join(folder, 'driver.mmapsim'), 'open rw\n');
    const operand = path.join(folder, command === 'test' ? 'driver.mmapsim' : 'driver.c');
    const sound = run(command, operand);
    expect(sound).toMatchObject({ status: 0 });
    settings('{ "colour": "red" }');
    const wrong = run(command, operand);
    expect(wrong).toMatchObject({ status: 2, stdout: sound.stdout });
    expect(wrong.stderr).toContain('There is no setting "colour"');
    settings('kernel:\n6.1\n');
    const unread = run(command, operand);
    expect(unread.status).toBe(2);
    expect(unread.stderr).toMatch(/\.driver-mmap\.json: The file is no JSON, so nothing of it counts: [^\n]+\n/);
  });

  it('config tells which settings hold, and where each came from', () => {
    const folder = mkdtempSync(path.join(scratch, 'config-'));
    expect(run('config', folder)).toEqual({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^kernel {2,}7\.1 {2,}\(the newest version that is modelled\)\nrules /),
    });
    const settings = path.join(folder, '.driver-mmap.json');
    writeFileSync(settings, '{ "kernel": "5.4", "rules": { "missing-owner": "off" }, "boundsChecks": "all" }');
    const { status, stdout, stderr } = run('config', folder, '--format', 'json');
    expect(status).toBe(2);
    expect(stderr).toContain('boundsChecks: "all" is not allowed here');
    expect(JSON.parse(stdout)).toMatchObject({
      file: settings,
      settings: [
        { name: 'kernel', value: '5.4', from: settings },
        { name: 'rules', value: 'missing-owner: off', from: settings },
        { name: 'config', value: 'none' },
        { name: 'boundsChecks', value: 'none' },
        { name: 'handlerSlots' },
        { name: 'allocators' },
      ],
    });
    expect(run('config', folder, '--kernel', '6.1').stdout).toMatch(/^kernel {2,}6\.1 {2,}\(--kernel\)\n/);
    expect(run('config', '/no/such/folder')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'driver-mmap: Cannot read /no/such/folder: no such file or folder.\n',
    });
  });

  it('takes a scenario from standard input', () => {
    const { status, stdout } = runWith('open rw\nopen ro expect EPERM\n', 'simulate', clean, '--scenario', '-');
    expect(status).toBe(1);
    expect(stdout).toContain('expected EPERM');
    expect(runWith('opne rw\n', 'simulate', clean, '--scenario', '-').stderr).toMatch(/line 1[^\n]*Did you mean `open`/);
  });

  it('exits with 1 when an expectation fails, and says what happened instead', () => {
    const scenario = file('wrong.mmapsim', 'open rw\na = mmap len 1p off 0 prot rw shared expect EPERM\n');
    const { status, stdout } = run('simulate', clean, '--scenario', scenario);
    expect(status).toBe(1);
    expect(stdout).toMatch(/EPERM/);
  });
});

describe('driver-mmap test', () => {
  it('runs the scenarios of a folder', () => {
    const { status, stdout, stderr } = run('test', 'examples/ring-buffer.mmapsim', '--kernel', '6.12,7.1');
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'ok     examples/ring-buffer.mmapsim on 6.12\nok     examples/ring-buffer.mmapsim on 7.1\n',
    });
    expect(stderr).toBe('2 scenarios: 2 passed.\n');
  });

  it('exits with 1 when one fails, and with 2 when one cannot be run', () => {
    const failing = file('failing.mmapsim', `driver "${clean}"\nopen rw expect EPERM\n`);
    const failed = run('test', failing);
    expect(failed.status).toBe(1);
    expect(failed.stdout).toContain('line 2: expected EPERM, but got ok');
    const lost = file('lost.mmapsim', 'driver "no.c"\nopen rw\n');
    const report = run('test', failing, lost, '--format', 'json');
    expect(report.status).toBe(2);
    expect(JSON.parse(report.stdout).tests.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['failed', 'error']);
  });

  it('wants scenarios', () => {
    expect(run('test', 'docs')).toMatchObject({ status: 2, stderr: 'driver-mmap: There are no scenarios (*.mmapsim) in docs.\n' });
  });
});

describe('bad input', () => {
  const empty = mkdtempSync(path.join(scratch, 'empty-'));
  it.each([
    [['check', '/no/such/folder'], 'Cannot read /no/such/folder: no such file or folder.'],
    [['check', empty], `There are no C files (*.c, *.h) in ${empty}.`],
    [['check', '--speed'], "Unknown option '--speed'. See driver-mmap check --help."],
    [
      ['check', '--select', 'mmap-no-size-chek', buggy],
      'There is no rule mmap-no-size-chek; driver-mmap rules lists them. Did you mean `mmap-no-size-check`?',
    ],
    [
      ['check', 'examples/ring-buffer.mmapsim'],
      'is a scenario, where C is needed. Run it with driver-mmap test examples/ring-buffer.mmapsim.',
    ],
    [['check', file('driver.rs', 'fn main() {}')], 'driver.rs is Rust; driver-mmap reads drivers in C alone.'],
    [
      ['test', 'examples/ring-buffer.c'],
      'is C, where a scenario (*.mmapsim) is needed. Run its handler with driver-mmap simulate examples/ring-buffer.c.',
    ],
    [['simulate', file('binary.c', 'int x;\0')], 'it holds NUL bytes, so it is no text in UTF-8.'],
    [
      ['simulate', file('plain.c', 'int x;')],
      'There is no handler to run: no table in plain.c, such as a file_operations, names an mmap or fault handler.',
    ],
    [
      ['simulate', file('lent.c', 'static const struct fb_ops lent_ops = { .fb_mmap = fb_io_mmap };')],
      'There is no handler to run: fb_ops.fb_mmap is fb_io_mmap here, which is defined in another file than lent.c. Simulate that file.',
    ],
    [['simulate', buggy, '--seed', '2'], '--seed goes with --attack alone; add it, or leave out --seed.'],
    [['rules', 'fault-errno'], 'rules takes options alone, not fault-errno.'],
    [['check', '--jobs', 'many', buggy], '--jobs takes a whole number from 1, not many.'],
    [['simulate', '/no/such/file.c'], 'Cannot read /no/such/file.c: no such file or folder.'],
    [['simulate', `${buggy}:glint_nothing`], 'glint_nothing is no mapping handler of this file; there are: glint_mmap'],
    [['explain', 'vm_remap_everything'], 'vm_remap_everything is no rule, and no call, flag or slot that driver-mmap knows'],
    [['explain', 'VM_PFNMAPP'], 'Did you mean `VM_PFNMAP`?'],
    [['lsp'], 'The language server talks over standard input and output only: driver-mmap lsp --stdio.'],
  ])('%j is answered with one line and exit 2', (words, message) => {
    const { status, stdout, stderr } = run(...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^driver-mmap: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });

  it('names line and column of a malformed scenario', () => {
    const scenario = file('bad.mmapsim', 'open rw\nmunmop a\n');
    const { status, stderr } = run('simulate', clean, '--scenario', scenario);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^driver-mmap: [^\n]*line 2[^\n]*munmop[^\n]*\n$/);
  });

  it('finds what it can in a file with syntax errors, and lives through rubbish', () => {
    const broken = file('broken.c', `${readFileSync(buggy, 'utf8')}\nint broken( { ]] ;\n`);
    expect(run('check', broken).stdout).toContain('[mixed-pfnmap-insert-page]');
    const rubbish = file('rubbish.c', `static int x_mmap(struct file *f, struct vm_area_struct *vma)\n${'{'.repeat(300_000)}`);
    const { status, stderr } = run('check', rubbish);
    expect([0, 1]).toContain(status);
    expect(stderr).not.toMatch(/Internal error/);
  });
});
