/**
 * Measures the rules and the adversary against bugs that drivers once had: found in the right function by a rule that names the bug,
 * silent about the version that was fixed. Run by `npm run precedents -- FOLDER [--rules] [--verbose] [ID…]`; the folder is not ours
 * (docs/contributing.md says how it is laid out), and without the files of a precedent that precedent is left out.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { targetFor } from '../../server/src/driver/target.ts';
import { fileHost } from '../../server/src/host/files.ts';
import { attackDocument } from '../../server/src/ide/attack.ts';
import { checkDocument } from '../../server/src/ide/check.ts';
import { SourceDocument } from '../../server/src/ide/document.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { testGrammar } from '../support/grammar.ts';
import { type Precedent, type PrecedentClass, precedents } from './precedents-table.ts';

/** What one version of a driver gave. */
interface Outcome {
  /** Rules that name the bug and report it in its function. */
  readonly named: readonly string[];
  /** What else is reported in that function. */
  readonly others: readonly string[];
  /** Problems of attacks that are likely; absent when no attack ran. */
  readonly attacks?: readonly string[];
}

interface Row {
  readonly precedent: Precedent;
  readonly bad: Outcome;
  /** Absent: no fixed version is known. */
  readonly good: Outcome | undefined;
}

/** Steps that one attack may take: enough for every program of the first rounds on each way into a handler. */
const attackBudget = 8000;

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const [folder, ...only] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const withAttacks = !options.includes('--rules');
const verbose = options.includes('--verbose');
const grammar = await testGrammar();
const host = fileHost();

if (folder === undefined) {
  console.error('Which folder? It holds bad/ID/ and good/ID/ for each precedent; see docs/contributing.md.');
  process.exitCode = 2;
} else {
  const rows: Row[] = [];
  for (const precedent of precedents) {
    if (precedent.scope === 'cross-file' || (only.length > 0 && !only.includes(precedent.id))) continue;
    const row = measure(folder, precedent);
    if (row === undefined) continue;
    rows.push(row);
    if (verbose) tell(row);
  }
  report(rows);
}

function measure(root: string, precedent: Precedent): Row | undefined {
  const bad = sourceOf(path.join(root, 'bad', precedent.id), precedent.function);
  if (bad === undefined) return undefined;
  const good = sourceOf(path.join(root, 'good', precedent.id), precedent.fixedFunction ?? precedent.function);
  const fixed = good !== undefined && readFileSync(good, 'utf8') !== readFileSync(bad, 'utf8') ? good : undefined;
  return {
    precedent,
    bad: outcome(bad, precedent, precedent.function),
    good: fixed === undefined ? undefined : outcome(fixed, precedent, precedent.fixedFunction ?? precedent.function),
  };
}

/** The C file of a folder that defines or names `name`. */
function sourceOf(directory: string, name: string): string | undefined {
  if (!existsSync(directory)) return undefined;
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.c'))
    .map((file) => path.join(path.resolve(directory), file));
  return files.find((file) => new RegExp(`\\b${name}\\s*\\(`).test(readFileSync(file, 'utf8')));
}

function outcome(file: string, precedent: Precedent, name: string): Outcome {
  const target = targetFor(file, precedent.kernel, host);
  const document = new SourceDocument({ grammar, host, target }, file, readFileSync(file, 'utf8'));
  const places = [name, ...(precedent.places ?? [])];
  const { findings } = checkDocument(document, {});
  const inPlace = [...new Set(findings.filter((finding) => places.includes(finding.function ?? '')).map(({ rule }) => rule))];
  const named = inPlace.filter((rule) => precedent.rules.includes(rule));
  const elsewhere = verbose
    ? [
        ...new Set(
          findings.filter((finding) => !places.includes(finding.function ?? '')).map((finding) => `${finding.rule}@${finding.function}`),
        ),
      ]
    : [];
  const others = [...inPlace.filter((rule) => !precedent.rules.includes(rule)), ...elsewhere];
  return { named, others, ...(withAttacks && { attacks: attacksOn(document, name) }) };
}

/** The handler that is the bug's function or leads to it, else the file's first: its likely problems. */
function attacksOn(document: SourceDocument, name: string): readonly string[] {
  const wish = { version: document.target.version, budget: attackBudget };
  const named = attackDocument(document, { ...wish, handler: name });
  const result = named.kind === 'failed' ? attackDocument(document, wish) : named;
  if (result.kind === 'failed') return [];
  return [...new Set(result.report.attacks.filter(({ confidence }) => confidence === 'likely').map(({ problem }) => problem))];
}

function tell({ precedent, bad, good }: Row): void {
  console.log(`${precedent.id} [${precedent.class}] ${precedent.kernel} ${precedent.function}: ${precedent.rules.join(', ')}`);
  console.log(`    bad   ${describe(bad)}`);
  console.log(`    fixed ${good ? describe(good) : '(not known)'}`);
}

function describe({ named, others, attacks }: Outcome): string {
  const told = attacks === undefined ? '' : `; attacks: ${attacks.join(', ') || '-'}`;
  return `${named.join(', ') || '-'}; others: ${others.join(', ') || '-'}${told}`;
}

function report(rows: readonly Row[]): void {
  const classes = [...new Set(rows.map(({ precedent }) => precedent.class))];
  console.log(line('class', 'found', 'silent on fixed', 'attack finds', 'attack silent', 'missed'));
  for (const one of classes)
    console.log(
      tally(
        one,
        rows.filter(({ precedent }) => precedent.class === one),
      ),
    );
  console.log(tally('all', rows));
  const known = new Set(rules.map(({ name }) => name));
  const absent = [...new Set(rows.flatMap(({ precedent }) => precedent.rules.filter((rule) => !known.has(rule))))];
  if (absent.length > 0) console.log(`rules of the table that are not written: ${absent.join(', ')}`);
}

function tally(title: PrecedentClass | 'all', rows: readonly Row[]): string {
  const fixed = rows.flatMap(({ good, precedent }) => (good ? [{ good, precedent }] : []));
  const found = rows.filter(({ bad }) => bad.named.length > 0);
  const silent = fixed.filter(({ good }) => good.named.length === 0);
  const attacked = rows.filter(({ bad }) => (bad.attacks ?? []).length > 0);
  const unharmed = fixed.filter(({ good }) => (good.attacks ?? []).length === 0);
  const missed = rows.filter(({ bad }) => bad.named.length === 0).map(({ precedent }) => precedent.id);
  const loud = fixed.filter(({ good }) => good.named.length > 0).map(({ precedent }) => `${precedent.id} (fixed)`);
  return line(
    title,
    share(found.length, rows.length),
    share(silent.length, fixed.length),
    withAttacks ? share(attacked.length, rows.length) : '-',
    withAttacks ? share(unharmed.length, fixed.length) : '-',
    title === 'all' ? '' : [...missed, ...loud].join(' '),
  );
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : `${part}/${whole} ${Math.round((100 * part) / whole)} %`;
}

function line(title: string, ...cells: readonly string[]): string {
  return [title.padEnd(24), ...cells.slice(0, 4).map((cell) => cell.padEnd(16)), cells[4] ?? ''].join(' ').trimEnd();
}
