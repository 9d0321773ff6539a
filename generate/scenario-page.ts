/** The reference of docs/scenarios.md, made from the tables that the parser of scenarios reads: each form with its example. */
import { accessWayForms } from '../server/src/simulation/scenario/access-ways.ts';
import { expectationForms, traceProblems } from '../server/src/simulation/scenario/expectations.ts';
import { type StatementTopic, statementTopics } from '../server/src/simulation/scenario/statements.ts';

interface Form {
  readonly syntax: string;
  readonly help: string;
  readonly example: string;
}

/** `### mmap`, syntax, meaning, example. */
const entry = ({ syntax, help, example }: Form): string =>
  [`\`${syntax}\`\n`, `${sentence(help)}\n`, '```mmapsim', example, '```'].join('\n');

function sentence(help: string): string {
  return `${help.charAt(0).toUpperCase()}${help.slice(1)}.`;
}

const topic = ({ title, forms }: StatementTopic): string =>
  [`### ${title}\n`, ...forms.filter(({ name }) => name !== 'expect').map((form) => `${entry(form)}\n`)].join('\n');

const statements = (): string =>
  statementTopics
    .filter(({ title }) => title !== 'Expectations')
    .map(topic)
    .join('\n')
    .trimEnd();

const expectations = (): string =>
  expectationForms
    .map((form) => `${entry(form)}\n`)
    .join('\n')
    .trimEnd();

const ways = (): string =>
  ['| `by` | Who reaches the memory |', '|---|---|', ...accessWayForms.map(({ way, help }) => `| \`${way}\` | ${help} |`)].join('\n');

const problems = (): string =>
  ['| Kind | What it is |', '|---|---|', ...Object.entries(traceProblems).map(([kind, help]) => `| \`${kind}\` | ${help} |`)].join('\n');

/** `page` with the text between `<!-- name -->` and `<!-- /name -->` replaced. */
function withSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const start = page.indexOf(begin);
  const stop = page.indexOf(end, start);
  if (start < 0 || stop < 0) throw new Error(`The page has no place for ${name}.`);
  return page.slice(0, start + begin.length) + text + page.slice(stop);
}

/** The page with all its tables up to date. */
export function withScenarioTables(page: string): string {
  const sections: Readonly<Record<string, string>> = {
    statements: statements(),
    ways: ways(),
    expectations: expectations(),
    problems: problems(),
  };
  return Object.entries(sections).reduce((made, [name, text]) => withSection(made, name, text), page);
}
