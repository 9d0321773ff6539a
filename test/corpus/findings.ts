/**
 * Checks a kernel tree and holds the findings at warning and above to those that were judged: counts by rule, how many have a witness, and
 * what is new or gone against `verdicts-VERSION.md`, or reported in the handlers that it calls careful. A change needs its row there in the same commit.
 * Run by `npm run corpus -- PATH`, where PATH is a kernel tree or a folder in one, after a build. Exit 1: something is new or gone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelTreeOf } from '../../server/src/driver/target.ts';
import { fileHost } from '../../server/src/host/files.ts';
import { formatVersion } from '../../server/src/kernel/version.ts';
import { carefulHandlers, differences, gathered, judgedPlaces, type Place } from './verdicts.ts';

/** The folders of a tree that hold drivers. */
const folders = ['drivers', 'sound', 'fs', 'arch', 'net', 'kernel', 'samples'];
const here = path.dirname(fileURLToPath(import.meta.url));
const program = path.join(here, '../../server/dist/cli.cjs');

type KernelTree = NonNullable<ReturnType<typeof kernelTreeOf>>;

interface Finding {
  readonly file: string;
  readonly function: string | null;
  readonly rule: string;
  readonly severity: string;
  readonly confidence: string;
}

const start = process.argv[2];
// A file of the folder stands for it: the tree is looked for above files.
const tree = start === undefined ? undefined : kernelTreeOf(path.join(path.resolve(start), 'Makefile'), fileHost());
if (start === undefined) {
  process.stderr.write('Which kernel tree? Name it, or a folder in it.\n');
  process.exitCode = 2;
} else if (tree === undefined) {
  process.stdout.write('No kernel tree: findings are not compared.\n');
} else {
  compare(tree, path.resolve(start));
}

function compare({ folder: root, version: linux }: KernelTree, from: string): void {
  // The third number of 2.6.32 is what the second of 6.12 is.
  const version = linux.major < 3 ? formatVersion(linux) : `${linux.major}.${linux.minor}`;
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
