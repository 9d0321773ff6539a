/**
 * Checks a kernel tree and holds the findings at warning and above to those that were judged: counts by rule, how many have a witness, and
 * what is new or gone against `verdicts-VERSION.md`, or reported in the handlers that it calls careful. A change needs its row there in the same commit.
 * Run by `npm run corpus -- PATH`, where PATH is a kernel tree or a folder in one, after a build. Exit 1: something is new or gone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { carefulHandlers, differences, gathered, judgedPlaces, type Place } from './verdicts.ts';

/** The folders of a tree that hold drivers. */
const folders = ['drivers', 'sound', 'fs', 'arch', 'net', 'kernel', 'samples'];
const here = path.dirname(fileURLToPath(import.meta.url));
const program = path.join(here, '../../server/dist/cli.cjs');

interface Finding {
  readonly file: string;
  readonly function: string | null;
  readonly rule: string;
  readonly severity: string;
  readonly confidence: string;
}

const start = process.argv[2];
const tree = start === undefined ? undefined : treeAbove(path.resolve(start));
if (start === undefined) {
  process.stderr.write('Which kernel tree? Name it, or a folder in it.\n');
  process.exitCode = 2;
} else if (tree === undefined) {
  process.stdout.write('No kernel tree: findings are not compared.\n');
} else {
  compare(tree, path.resolve(start));
}

/** The tree that a folder lies in, by the Makefile at its root. */
function treeAbove(folder: string): { readonly root: string; readonly version: string } | undefined {
  const makefile = path.join(folder, 'Makefile');
  const text = existsSync(makefile) ? readFileSync(makefile, 'utf8') : '';
  const [, major, minor] = /^VERSION = (\d+)\nPATCHLEVEL = (\d+)$/m.exec(text) ?? [];
  if (major !== undefined && minor !== undefined) return { root: folder, version: `${major}.${minor}` };
  const above = path.dirname(folder);
  return above === folder ? undefined : treeAbove(above);
}

function compare({ root, version }: { readonly root: string; readonly version: string }, from: string): void {
  const paths = from === root ? folders : [path.relative(root, from)];
  const everything = findingsIn(root, version, paths);
  const findings = everything.filter(({ severity }) => severity === 'warning' || severity === 'error');
  const placeOf = (finding: Finding): Place => ({
    file: path.relative(root, finding.file),
    function: finding.function ?? '',
    rule: finding.rule,
    count: 1,
  });
  const file = path.join(here, `../../test/corpus/verdicts-${version}.md`);
  const page = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const inPaths = ({ file }: Place) => paths.some((each) => file === each || file.startsWith(`${each}/`));
  const judged = page === undefined ? undefined : judgedPlaces(page).filter(inPaths);
  process.stdout.write(`Linux ${version}, ${paths.join(' ')}: ${findings.length} findings at warning and above\n`);
  process.stdout.write(`${'rule'.padEnd(32)}  found  judged  proved\n`);
  const rules = [...new Set([...findings, ...(judged ?? [])].map(({ rule }) => rule))].sort();
  for (const rule of rules) {
    const found = findings.filter((finding) => finding.rule === rule);
    const proved = found.filter(({ confidence }) => confidence === 'proved').length;
    const before = judged?.filter((place) => place.rule === rule).reduce((sum, { count }) => sum + count, 0) ?? '-';
    process.stdout.write(`${rule.padEnd(32)} ${`${found.length}`.padStart(6)} ${`${before}`.padStart(7)} ${`${proved}`.padStart(7)}\n`);
  }
  if (page === undefined || judged === undefined) {
    process.stdout.write(`No findings of ${version} are judged, so there is nothing to compare with.\n`);
    return;
  }
  const { added, lost } = differences(gathered(findings.map(placeOf)), judged);
  for (const name of added) process.stdout.write(`new: ${name}\n`);
  for (const name of lost) process.stdout.write(`gone: ${name}\n`);
  const careful = carefulHandlers(page);
  const amiss = everything.map(placeOf).filter(({ file: own, function: inside }) => careful.has(`${own} ${inside}`));
  for (const { file: own, function: inside, rule } of amiss) process.stdout.write(`in a careful handler: ${own} ${inside} ${rule}\n`);
  if (added.length + lost.length + amiss.length === 0) process.stdout.write('As judged.\n');
  else process.exitCode = 1;
}

function findingsIn(root: string, version: string, paths: readonly string[]): readonly Finding[] {
  const args = [program, 'check', '--kernel', version, '--format', 'json', ...paths];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0 && status !== 1) throw new Error(`check ended with ${status}: ${stderr}`);
  const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(stdout);
  return findings;
}
