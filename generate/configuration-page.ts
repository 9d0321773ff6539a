/** The table of docs/configuration.md, made from the settings that the programs read. */
import { projectKeys } from '../server/src/ide/project-keys.ts';
import { withSection } from './section.ts';

/** The page with its table up to date. */
export function withProjectTable(page: string): string {
  const rows = projectKeys.map(({ name, description, allowed }) => `| \`${name}\` | ${description} | ${allowed} |`);
  return withSection(page, 'settings', ['| Setting | Meaning | Takes |', '|---|---|---|', ...rows].join('\n'));
}
