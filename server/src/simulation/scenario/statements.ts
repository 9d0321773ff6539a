/**
 * The table of scenario statements, by topic: name, syntax, help, example, and how its words become an action. The parser, the
 * page, the grammar and the editor's completion read this table. Knows no run.
 */
import { parseExpectation } from './expectations.ts';
import { accessForms } from './forms/accesses.ts';
import { fileForms } from './forms/files.ts';
import type { StatementForm } from './forms/form.ts';
import { mappingForms } from './forms/mappings.ts';
import { processForms } from './forms/processes.ts';
import { setupForms } from './forms/setup.ts';

export type { StatementForm } from './forms/form.ts';
export { adviceNames } from './forms/mappings.ts';

const expectForm: StatementForm = {
  name: 'expect',
  syntax: 'expect …',
  help: 'fails the run when it does not hold; may also stand behind a statement',
  example: 'open rw\nexpect ok',
  parse: (words) => ({ kind: 'expect', expectation: parseExpectation(words) }),
};

/** Statements that belong together on the page. */
export interface StatementTopic {
  readonly title: string;
  readonly forms: readonly StatementForm[];
}

export const statementTopics: readonly StatementTopic[] = [
  { title: 'The run', forms: setupForms },
  { title: 'The device', forms: fileForms },
  { title: 'Mappings', forms: mappingForms },
  { title: 'Reaching memory', forms: accessForms },
  { title: 'Processes and the machine', forms: processForms },
  { title: 'Expectations', forms: [expectForm] },
];

export const statementForms: readonly StatementForm[] = statementTopics.flatMap(({ forms }) => forms);
