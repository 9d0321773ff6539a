/** The tables of docs/scenarios.md, made from the tables that the parser of scenarios reads. */
import { expectationForms } from '../server/src/simulation/scenario/expectations.ts';
import { statementForms } from '../server/src/simulation/scenario/statements.ts';

interface Form {
  readonly syntax: string;
  readonly help: string;
}

const row = ({ syntax, help }: Form): string => `| \`${syntax.replaceAll('|', '\\|')}\` | ${help} |`;

const table = (forms: readonly Form[]): string => ['| Write | Meaning |', '|---|---|', ...forms.map(row)].join('\n');

/** `page` with the text between `<!-- name -->` and `<!-- /name -->` replaced. */
function withSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const start = page.indexOf(begin);
  const stop = page.indexOf(end, start);
  if (start < 0 || stop < 0) throw new Error(`The page has no place for ${name}.`);
  return page.slice(0, start + begin.length) + text + page.slice(stop);
}

/** The page with both tables up to date. */
export function withScenarioTables(page: string): string {
  return withSection(withSection(page, 'statements', table(statementForms)), 'expectations', table(expectationForms));
}
