/** The manifest of the extension and the code agree: commands, settings, languages, files. */
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../server/src/lsp/settings.ts';
import { simulateCommand } from '../server/src/protocol/requests.ts';
import { projectFiles, readProjectFile } from './support/sources.ts';

interface Manifest {
  readonly main: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly languages: readonly { readonly id: string; readonly configuration: string }[];
    readonly grammars: readonly { readonly path: string; readonly scopeName: string }[];
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly default: unknown; readonly pattern?: string; readonly scope: string }>>;
    };
  };
}

const manifest: Manifest = JSON.parse(readProjectFile('package.json'));
const client = projectFiles('client/src').map(readProjectFile).join('\n');

describe('the manifest', () => {
  it('contributes exactly the commands that the client registers', () => {
    const registered = [...client.matchAll(/registerCommand\(\s*('[^']+'|simulateCommand)/g)].map(([, name]) =>
      name === 'simulateCommand' ? simulateCommand : name?.slice(1, -1),
    );
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(registered.sort());
  });

  it('wakes up for C and scenario files, and never for everything', () => {
    expect([...manifest.activationEvents].sort()).toEqual(['onLanguage:c', 'onLanguage:cpp', 'onLanguage:mmapsim']);
  });

  it('offers settings that the server reads, with the same defaults', () => {
    for (const [name, { default: value }] of Object.entries(manifest.contributes.configuration.properties)) {
      expect({ ...defaultSettings }, name).toHaveProperty(name.replace('driverMmap.', ''), value);
    }
  });

  it('accepts the versions that users write, and no others', () => {
    const pattern = new RegExp(manifest.contributes.configuration.properties['driverMmap.kernelVersion']?.pattern ?? '');
    for (const good of ['auto', '6.12', 'v6.1', '2.6.15', '6.1.0-44-amd64']) expect(pattern.test(good), good).toBe(true);
    for (const bad of ['', 'six', '6', '6.12x', 'auto ']) expect(pattern.test(bad), bad).toBe(false);
  });

  it('names files that exist', () => {
    const files = projectFiles();
    const named = [
      ...manifest.contributes.grammars.map(({ path }) => path),
      ...manifest.contributes.languages.map(({ configuration }) => configuration),
    ];
    for (const name of named) expect(files).toContain(name.replace('./', ''));
  });
});
