/** The tables of docs/configuration.md, made from the settings that the programs read. */
import { projectKeys } from '../server/src/ide/project-keys.ts';
import { settingProperties } from '../server/src/ide/setting-keys.ts';
import { withSection } from './section.ts';

/** The page with its tables up to date. */
export function withSettingTables(page: string): string {
  const project = projectKeys.map(({ name, description, allowed }) => `| \`${name}\` | ${description} | ${allowed} |`);
  const editor = Object.entries(settingProperties()).map(([name, property]) => {
    const { default: value, markdownDescription: description, enum: words } = property as Property;
    const values = words ? words.map((word) => `\`${word}\``).join(', ') : '';
    return `| \`${name}\` | ${description}${values && ` One of ${values}.`} | \`${JSON.stringify(value)}\` |`;
  });
  const withProject = withSection(page, 'settings', ['| Setting | Meaning | Takes |', '|---|---|---|', ...project].join('\n'));
  return withSection(withProject, 'editor', ['| Setting | Meaning | Default |', '|---|---|---|', ...editor].join('\n'));
}

interface Property {
  readonly default: unknown;
  readonly markdownDescription: string;
  readonly enum?: readonly string[];
}
