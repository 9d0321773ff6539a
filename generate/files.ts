/** What is made from tables: the files, their paths from the root, and how each comes from its old text. */
import { projectSchema } from '../server/src/ide/project-keys.ts';
import { withSettingTables } from './configuration-page.ts';
import { injectionGrammar } from './injection-grammar.ts';
import { withSettings } from './manifest.ts';
import { ruleIndex } from './rule-index.ts';
import { scenarioGrammar } from './scenario-grammar.ts';
import { withScenarioTables } from './scenario-page.ts';

export interface GeneratedFile {
  readonly file: string;
  /** The text that the file should have; `old` is what it has, for pages that are only partly made. */
  readonly textFrom: (old: string) => string;
}

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

export const generatedFiles: readonly GeneratedFile[] = [
  { file: 'syntaxes/driver-mmap.injection.tmLanguage.json', textFrom: () => json(injectionGrammar()) },
  { file: 'syntaxes/mmapsim.tmLanguage.json', textFrom: () => json(scenarioGrammar()) },
  { file: 'schemas/driver-mmap.schema.json', textFrom: () => json(projectSchema()) },
  { file: 'package.json', textFrom: withSettings },
  { file: 'docs/configuration.md', textFrom: withSettingTables },
  { file: 'docs/scenarios.md', textFrom: withScenarioTables },
  { file: 'docs/rules/README.md', textFrom: ruleIndex },
];
