/**
 * Text of a scenario to data. Each line that cannot be understood gives one problem with its place and what is allowed
 * there; the other lines are still read. Never throws.
 */
import { folderOf, joinPath } from '../../driver/paths.ts';
import { parseExpectation } from './expectations.ts';
import type { Action, Scenario, ScenarioProblem, Statement } from './model.ts';
import { type Offer, Offers } from './offers.ts';
import { didYouMean } from './spelling.ts';
import { type StatementForm, statementForms } from './statements.ts';
import { LineProblem, type NameKind, type NameUse, type Word, Words, wordsOf } from './words.ts';

export interface ParsedScenario {
  readonly scenario: Scenario;
  readonly problems: readonly ScenarioProblem[];
  /** Paths of the scenarios that it includes, also through others. */
  readonly includes: readonly string[];
}

/** Where the text stands and how `include` reads other files; without it `include` is a problem. */
export interface ScenarioPlace {
  /** Absolute, with `/`. */
  readonly file: string;
  readFile(path: string): string | undefined;
}

const formsByName: ReadonlyMap<string, StatementForm> = new Map(statementForms.map((form) => [form.name, form]));

/** Scenarios that include each other deeper than this are a mistake. */
const deepestInclude = 16;
/** Files that one scenario includes in all. */
const mostIncludes = 200;
/** Statements of a scenario with all that it includes. */
const mostStatements = 20_000;

/** Reads the text of a `*.mmapsim` file; lines end with LF or CRLF. */
export function parseScenario(text: string, place?: ScenarioPlace): ParsedScenario {
  const reading = new Reading(place);
  reading.read(text, place ? [place.file] : [], undefined);
  const { statements, problems, includes } = reading;
  const kernel = statements.find((statement) => statement.action.kind === 'kernel')?.action;
  return { scenario: { statements, ...(kernel?.kind === 'kernel' ? { version: kernel.version } : {}) }, problems, includes: [...includes] };
}

/**
 * What may stand at the end of `line`, which follows the lines of `before`; its last word may be unfinished. Nothing where the line
 * goes wrong before its end, and in comments and quotes.
 */
export function offersAt(before: string, line: string, place?: ScenarioPlace): readonly Offer[] {
  if (/^(?:[^"#]|"[^"]*")*(?:#|"[^"]*$)/.test(line)) return [];
  const names = namesBefore(before, place);
  const offers = new Offers(names);
  try {
    parseLine(line.replace(/[^\s=:,{}"#]*$/, ''), 1, new Map(names), offers);
  } catch (problem) {
    if (!(problem instanceof LineProblem)) throw problem;
  }
  return offers.list;
}

function namesBefore(text: string, place: ScenarioPlace | undefined): ReadonlyMap<string, NameKind> {
  const reading = new Reading(place);
  reading.read(text, place ? [place.file] : [], undefined);
  return reading.names;
}

class Reading {
  readonly statements: Statement[] = [];
  readonly problems: ScenarioProblem[] = [];
  readonly includes = new Set<string>();
  #included = 0;
  readonly #place: ScenarioPlace | undefined;
  /** What earlier lines named. */
  readonly names = new Map<string, NameKind>([['program', 'process']]);

  constructor(place: ScenarioPlace | undefined) {
    this.#place = place;
  }

  /** `files`: this one and those that include it, outermost first; `outer`: the line of the outermost that includes it. */
  read(text: string, files: readonly string[], outer: number | undefined): void {
    const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
    /** Statements about the whole run that this file has made. */
    const said = new Set<string>();
    for (const [index, line] of lines.entries()) {
      const number = index + 1;
      try {
        if (this.statements.length >= mostStatements) throw new LineProblem(`A scenario has at most ${mostStatements} statements.`, 0, 1);
        const statement = parseLine(line, outer ?? number, this.names);
        if (statement) checkSaidOnce(statement.action, line, said);
        if (statement?.action.kind === 'include') this.#include(statement.action.file, line, files, outer ?? number);
        else if (statement) {
          const file = files.at(-1);
          this.statements.push(outer === undefined || file === undefined ? statement : { ...statement, source: { file, line: number } });
        }
      } catch (problem) {
        if (!(problem instanceof LineProblem)) throw problem;
        const file = files.at(-1);
        const { column, length, message } = problem;
        const included = outer === undefined || file === undefined ? {} : { file, includedAt: outer };
        this.problems.push({ line: number, column: column + 1, length, message, ...included });
        if (this.statements.length >= mostStatements) return;
      }
    }
  }

  #include(name: string, line: string, files: readonly string[], outer: number): void {
    const column = Math.max(0, line.indexOf(name));
    const problem = (message: string) => new LineProblem(message, column, name.length);
    const from = files.at(-1);
    if (!this.#place || from === undefined) throw problem('This scenario has no file, so it cannot include another one.');
    const file = name.startsWith('/') ? name : joinPath(folderOf(from), name);
    if (files.includes(file))
      throw problem(`\`${name}\` includes itself: ${[...files.slice(files.indexOf(file)), file].map(baseName).join(' includes ')}.`);
    if (files.length >= deepestInclude)
      throw problem(`Scenarios include each other ${deepestInclude} deep here; that is as far as it goes.`);
    this.#included += 1;
    if (this.#included > mostIncludes) throw problem(`A scenario includes at most ${mostIncludes} files.`);
    const text = this.#place.readFile(file);
    if (text === undefined) throw problem(`There is no scenario \`${name}\`; it is looked for at ${file}.`);
    this.includes.add(file);
    this.read(text, [...files, file], outer);
  }
}

function parseLine(line: string, number: number, names: Map<string, NameKind>, offers?: Offers): Statement | undefined {
  const list = wordsOf(line);
  const last = list.at(-1);
  if (!last && !offers) return undefined;
  const words = new Words(list, offers);
  const process = parseProcess(words);
  const nameWord = words.peek(1)?.text === '=' ? words.next : undefined;
  const name = nameWord && words.name('The name');
  if (nameWord) words.take('=');
  words.offer(statementForms.filter(({ makes }) => name === undefined || makes).map((form) => form.name));
  const first = words.take('A statement');
  const form = formsByName.get(first.text);
  if (!form) throw words.problem(first, unknownStatement(first.text));
  checkNaming(form, name, first, words);
  const action = form.parse(words, name);
  const expectation = action.kind !== 'expect' && words.accept('expect') ? parseExpectation(words) : undefined;
  if (words.next) throw words.problem(words.next, `\`${words.next.text}\` is not understood here. The syntax is: ${form.syntax}.`);
  for (const use of words.uses) checkUse(use, names, words);
  for (const [made, kind] of namesMade(form, action, name)) names.set(made, kind);
  const text = last ? line.slice(0, last.column + last.text.length).trim() : '';
  return { line: number, text, action, ...(process === undefined ? {} : { process }), ...(expectation ? { expectation } : {}) };
}

/** Throws `LineProblem` for a second `kernel` or `driver` line of a file: they hold for the whole run. */
function checkSaidOnce({ kind }: Action, line: string, said: Set<string>): void {
  if (kind !== 'kernel' && kind !== 'driver') return;
  const advice = kind === 'kernel' ? ' To compare versions, run it with --kernel 6.1,6.12.' : '';
  if (said.has(kind))
    throw new LineProblem(
      `An earlier line says the ${kind} already; it holds for the whole scenario.${advice}`,
      line.indexOf(kind),
      kind.length,
    );
  said.add(kind);
}

/** `in NAME:` */
function parseProcess(words: Words): string | undefined {
  words.offer(['in']);
  if (words.next?.text !== 'in' || words.peek(1)?.text === '=') return undefined;
  words.take('in');
  const process = words.known(['process'], 'The child');
  words.expectWord(':');
  return process;
}

function checkNaming({ name: statement, makes }: StatementForm, name: string | undefined, word: Word, words: Words): void {
  if (makes?.required && name === undefined)
    throw words.problem(word, `\`${statement}\` needs a name for the ${makes.kind} before it: a = ${statement} ….`);
  if (!makes && name !== undefined) throw words.problem(word, `\`${statement}\` gives nothing to name; leave out \`${name} =\`.`);
}

/** The names that later lines may use. */
function namesMade({ makes }: StatementForm, action: Action, name: string | undefined): readonly (readonly [string, NameKind])[] {
  if (action.kind === 'fork' || action.kind === 'thread') return [[action.child, 'process']];
  return makes && name !== undefined ? [[name, makes.kind]] : [];
}

/** What makes a name of each kind, for messages. */
const makers: Readonly<Record<NameKind, (name: string) => string>> = {
  mapping: (name) => `${name} = mmap …`,
  file: (name) => `${name} = open rw`,
  buffer: (name) => `${name} = ioctl COMMAND { … }`,
  pin: (name) => `${name} = pin ADDRESS`,
  process: (name) => `fork ${name}`,
};

function checkUse({ name, kinds, word }: NameUse, names: ReadonlyMap<string, NameKind>, words: Words): void {
  const found = names.get(name);
  if (found && kinds.includes(found)) return;
  const [kind = 'mapping'] = kinds;
  const what = kind === 'process' ? 'child' : kind;
  if (found) throw words.problem(word, `\`${name}\` is a ${found}; a ${what} stands here.`);
  const others = [...names].filter(([, each]) => kinds.includes(each)).map(([each]) => each);
  throw words.problem(word, `There is no ${what} \`${name}\` yet.${didYouMean(name, others)} Write \`${makers[kind](name)}\` before.`);
}

function unknownStatement(name: string): string {
  if (name === 'in') return '`in NAME:` stands once, at the beginning of the line.';
  const names = [...formsByName.keys()].join(', ');
  return `\`${name}\` is not a statement.${didYouMean(name, formsByName.keys())} A line begins with one of ${names}, with \`NAME = mmap\` or with \`in CHILD:\`.`;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
