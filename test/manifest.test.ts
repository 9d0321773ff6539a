/** The manifest of the extension and the code agree: commands, settings, languages, files. */
import { describe, expect, it } from 'vitest';
import {
  checkWorkspaceCommand,
  copyFalseAlarmCommand,
  explainNameCommand,
  explainRuleCommand,
  runOnKernelsCommand,
  runScenarioCommand,
  showPlacesCommand,
  simulateCommand,
} from '../server/src/protocol/requests.ts';
import { projectFiles, readProjectFile } from './support/sources.ts';

interface Manifest {
  readonly main: string;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly languages: readonly { readonly id: string; readonly configuration: string }[];
    readonly grammars: readonly { readonly path: string; readonly scopeName: string }[];
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly when: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly markdown: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          { readonly default: unknown; readonly pattern?: string; readonly scope: string; readonly markdownDescription: string }
        >
      >;
    };
  };
}

const manifest: Manifest = JSON.parse(readProjectFile('package.json'));
const client = projectFiles('client/src').map(readProjectFile).join('\n');

describe('the manifest', () => {
  it('contributes exactly the commands that the client registers', () => {
    const constants: Readonly<Record<string, string>> = {
      simulateCommand,
      runScenarioCommand,
      runOnKernelsCommand,
      checkWorkspaceCommand,
      explainNameCommand,
      explainRuleCommand,
      showPlacesCommand,
      copyFalseAlarmCommand,
    };
    const registered = [...client.matchAll(/registerCommand\(\s*('[^']+'|\w+)/g)].map(
      ([, name = '']) => constants[name] ?? name.slice(1, -1),
    );
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(registered.sort());
  });

  it('wakes up for C and scenario files and for pages of simulations, and never for everything', () => {
    expect([...manifest.activationEvents].sort()).toEqual([
      'onLanguage:c',
      'onLanguage:cpp',
      'onLanguage:mmapsim',
      'onWebviewPanel:driverMmap.simulation',
    ]);
  });

  it('offers settings that the server or the client library reads, each described with its effect', () => {
    for (const [name, { markdownDescription, scope }] of Object.entries(manifest.contributes.configuration.properties)) {
      expect(name).toMatch(/^driverMmap\.[a-z][A-Za-z]*(\.[a-z][A-Za-z]*)*$/);
      expect(markdownDescription, name).toMatch(/^[A-Z].*\.$/s);
      expect(['resource', 'window'], name).toContain(scope);
    }
    expect(Object.keys(manifest.contributes.configuration.properties)).toContain('driverMmap.trace.server');
  });

  it('accepts the versions that users write, and no others', () => {
    const pattern = new RegExp(manifest.contributes.configuration.properties['driverMmap.kernelVersion']?.pattern ?? '');
    for (const good of ['auto', '6.12', 'v6.1', '2.6.15', '6.1.0-44-amd64']) expect(pattern.test(good), good).toBe(true);
    for (const bad of ['', 'six', '6', '6.12x', 'auto ']) expect(pattern.test(bad), bad).toBe(false);
  });

  it('leads from the walkthrough to commands of its own or of the editor', () => {
    const own = manifest.contributes.commands.map(({ command }) => command);
    const steps = manifest.contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    expect(steps.length).toBeGreaterThan(3);
    for (const { description, completionEvents } of steps) {
      const linked = [...description.matchAll(/\(command:([\w.]+)/g)].map(([, name]) => name);
      const awaited = completionEvents.map((event) => event.replace('onCommand:', ''));
      for (const name of [...linked, ...awaited]) {
        if (name?.startsWith('driverMmap.')) expect(own).toContain(name);
        else expect(name).toMatch(/^(workbench|editor)\.action/);
      }
      for (const name of awaited) expect(linked).toContain(name);
    }
  });

  it('has views and menus that the client fills, and a welcome that leads to commands of its own', () => {
    const own = manifest.contributes.commands.map(({ command }) => command);
    for (const { id, when } of Object.values(manifest.contributes.views).flat()) {
      expect(client).toContain(`'${id}'`);
      expect(client).toContain(`'setContext', '${when}'`);
      expect(manifest.contributes.viewsWelcome.map(({ view }) => view)).toContain(id);
    }
    for (const { contents } of manifest.contributes.viewsWelcome) {
      const linked = [...contents.matchAll(/\(command:([\w.]+)\)/g)].map(([, name]) => name);
      expect(linked.length).toBeGreaterThan(0);
      for (const name of linked) expect(own).toContain(name);
    }
    for (const { command, when = '' } of Object.values(manifest.contributes.menus).flat()) {
      expect(own).toContain(command);
      for (const [, item] of when.matchAll(/viewItem == (\w+)/g)) expect(client).toContain(`'${item}'`);
    }
  });

  it('names files that exist', () => {
    const files = projectFiles();
    const named = [
      ...manifest.contributes.grammars.map(({ path }) => path),
      ...manifest.contributes.languages.map(({ configuration }) => configuration),
      ...manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
    ];
    for (const name of named) expect(files).toContain(name.replace('./', ''));
  });
});
