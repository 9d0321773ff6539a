/**
 * Text of a scenario to data. Each line that cannot be understood gives one problem with its place and what is allowed
 * there; the other lines are still read. Never throws.
 */
import { parseExpectation } from './expectations.ts';
import type { Scenario, ScenarioProblem, Statement } from './model.ts';
import { type StatementForm, statementForms } from './statements.ts';
import { LineProblem, Words, wordsOf } from './words.ts';

export interface ParsedScenario {
  readonly scenario: Scenario;
  readonly problems: readonly ScenarioProblem[];
}

const formsByName: ReadonlyMap<string, StatementForm> = new Map(statementForms.map((form) => [form.name, form]));

/** Reads the text of a `*.mmapsim` file; lines end with LF or CRLF. */
export function parseScenario(text: string): ParsedScenario {
  const statements: Statement[] = [];
  const problems: ScenarioProblem[] = [];
  const names = new Names();
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((line, index) => {
      try {
        const statement = parseLine(line, index + 1, names);
        if (statement) statements.push(statement);
      } catch (problem) {
        if (!(problem instanceof LineProblem)) throw problem;
        problems.push({ line: index + 1, column: problem.column + 1, length: problem.length, message: problem.message });
      }
    });
  const kernel = statements.find((statement) => statement.action.kind === 'kernel')?.action;
  return { scenario: { statements, ...(kernel?.kind === 'kernel' ? { version: kernel.version } : {}) }, problems };
}

/** The mappings and children that earlier lines named. */
class Names {
  readonly children = new Set<string>();
  readonly mappings = new Set<string>();
}

function parseLine(line: string, number: number, names: Names): Statement | undefined {
  const list = wordsOf(line);
  const last = list.at(-1);
  if (!last) return undefined;
  const words = new Words(list);
  const process = parseProcess(words, names);
  const mapping = parseMappingName(words);
  const first = words.take('A statement');
  const form = formsByName.get(first.text);
  if (!form) throw words.problem(first, unknownStatement(first.text));
  if (form.named && mapping === undefined)
    throw words.problem(first, `\`${first.text}\` needs a name for the mapping before it: a = ${first.text} ….`);
  if (!form.named && mapping !== undefined) throw words.problem(first, `\`${first.text}\` gives no mapping; leave out \`${mapping} =\`.`);
  const action = form.parse(words, mapping ?? '');
  if (action.kind === 'mmap') names.mappings.add(action.mapping);
  if (action.kind === 'fork') names.children.add(action.child);
  const expectation = action.kind !== 'expect' && words.accept('expect') ? parseExpectation(words) : undefined;
  if (words.next) throw words.problem(words.next, `\`${words.next.text}\` is not understood here. The syntax is: ${form.syntax}.`);
  checkNames(list, action, names);
  const text = line.slice(0, last.column + last.text.length).trim();
  return { line: number, text, action, ...(process === undefined ? {} : { process }), ...(expectation ? { expectation } : {}) };
}

/** `in NAME:` */
function parseProcess(words: Words, names: Names): string | undefined {
  if (words.next?.text !== 'in' || words.peek(2)?.text !== ':') return undefined;
  words.take('in');
  const word = words.take('The child');
  if (!names.children.has(word.text))
    throw words.problem(word, `There is no child \`${word.text}\` yet. Write \`fork ${word.text}\` before.`);
  words.take(':');
  return word.text;
}

/** `NAME =` */
function parseMappingName(words: Words): string | undefined {
  if (words.peek(1)?.text !== '=') return undefined;
  const name = words.name('The name of the mapping');
  words.take('=');
  return name;
}

function checkNames(list: ReturnType<typeof wordsOf>, action: Statement['action'], names: Names): void {
  for (const name of namedMappings(action)) {
    if (names.mappings.has(name)) continue;
    const word = list.find(({ text }) => text === name || text.startsWith(`${name}+`) || text.startsWith(`${name}-`)) ?? list[0];
    throw new LineProblem(`There is no mapping \`${name}\` yet. Write \`${name} = mmap …\` before.`, word?.column ?? 0, name.length);
  }
}

function namedMappings(action: Statement['action']): readonly string[] {
  const names: (string | undefined)[] = [];
  if ('address' in action) names.push(action.address.mapping);
  if ('fixedAt' in action) names.push(action.fixedAt?.mapping);
  if (action.kind === 'expect') {
    const expectation = action.expectation;
    if ('mapping' in expectation) names.push(expectation.mapping);
    if ('address' in expectation) names.push(expectation.address.mapping);
  }
  return names.filter((name) => name !== undefined);
}

function unknownStatement(name: string): string {
  const names = statementForms.map((form) => form.name).join(', ');
  return `\`${name}\` is not a statement. A line begins with one of ${names}, with \`NAME = mmap\` or with \`in CHILD:\`.`;
}
